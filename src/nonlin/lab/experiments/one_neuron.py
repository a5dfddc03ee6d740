"""How much does one neuron learn from its error when it is saturated?

One neuron, a = f(z) with z = w x + b, loss (a - y)^2 / 2, x = w = y = 1; b decides where z lies. Then
dL/dw = (a - y) f'(z) x: where f is flat the error may be large, and the weight is told nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.lab.progress import Progress
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, Table, curve
from nonlin.workbench import Elementwise

LITTLE, CLOSE, STEP = 1e-3, 1e-5, 1e-6
CRITERION = (
    f"It saturates if |dL/dw| at the far z is below {LITTLE:g} of that just above 0; else it keeps "
    "learning. Asserted: "
    f"dL/dw along the line is what differences of the loss say, within {CLOSE:g} of the largest, but at kinks."
)


@dataclass(frozen=True)
class Settings:
    """What the neuron is made of."""

    activation: Elementwise = option("sigmoid", "The neuron's activation.")
    beside: Elementwise = option("relu", "Another one, for comparison.")
    far: float = option(-10.0, "The z at which it is judged.")
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return dL/dw at places and along a line, for both activations."""
    places = np.array([0.0, np.nextafter(0, 1), settings.far, -settings.far])
    line = np.linspace(-abs(settings.far), abs(settings.far), 201)
    found = {
        f.name: {
            "value": f(places),
            "dL/dw": weight_gradient(f, places),
            "line": weight_gradient(f, line),
            "off by": difference_from_loss(f, line),
        }
        for f in (settings.activation, settings.beside)
    }
    return {"activation": settings.activation.name, "z": places, "line": line, "of": found}


def weight_gradient(f: Elementwise, z: Any, x: float = 1.0, y: float = 1.0) -> Any:
    """Return dL/dw of the loss (f(z) - y)^2 / 2."""
    return f.vjp(z, f(z) - y) * x


def difference_from_loss(f: Elementwise, z: Any) -> float:
    """Return the greatest difference to the loss's own differences, as a share of the largest gradient.

    Half a step beside every z, so that a kink at a round number is not stepped over.
    """
    z = z + 0.5 * (z[1] - z[0]) * 0.98
    loss = (f(z + STEP) - 1) ** 2 / 2 - (f(z - STEP) - 1) ** 2 / 2
    exact = weight_gradient(f, z)
    return float(np.max(np.abs(loss / (2 * STEP) - exact)) / max(np.max(np.abs(exact)), 1e-300))


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare the gradient far away with the one just above 0."""
    name = numbers["activation"]
    _, near, far, _ = (float(g) for g in numbers["of"][name]["dL/dw"])
    off = numbers["of"][name]["off by"]
    answer = "saturates" if abs(far) < LITTLE * abs(near) else "keeps learning"
    return Verdict(
        answer,
        f"A {name} neuron {answer}: dL/dw is {near:.4g} just above z = 0 and {far:.3g} "
        f"at z = {numbers['z'][2]:g}; differences of the loss agree within {off:.1g} of the largest.",
        holds=off <= CLOSE,
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw dL/dw over z."""
    rows = tuple(
        (name, *(cell for pair in zip(one["value"], one["dL/dw"], strict=True) for cell in map(float, pair)))
        for name, one in numbers["of"].items()
    )
    words = ("0", "just above 0", f"{numbers['z'][2]:g}", f"{numbers['z'][3]:g}")
    heads = tuple(head for word in words for head in (f"a at {word}", f"dL/dw at {word}"))
    return (
        Chart(
            "What the weight is told of the error",
            "dL/dw where the answer wanted is 1; a line at 0 means that nothing is learnt.",
            tuple(curve(name, numbers["line"], one["line"]) for name, one in numbers["of"].items()),
            Axis("z"),
            Axis("dL/dw"),
        ),
        Chart(
            "Its size",
            "On a logarithmic scale; where a line ends, the gradient is exactly 0.",
            tuple(curve(name, numbers["line"], sizes(one["line"])) for name, one in numbers["of"].items()),
            Axis("z"),
            Axis("|dL/dw|", log=True),
        ),
        Table("In numbers", ("activation", *heads), rows),
    )


def sizes(values: Any) -> list[float | None]:
    return [abs(float(v)) if v != 0 else None for v in values]
