"""What does depth bring without an activation?

y = x^2 + noise is fitted by three networks: two layers with an activation, two layers without, and ten layers
without. Beside them stands the best straight line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.errors import InvalidInput
from nonlin.lab.network import Array, Layer, dense, forward, train
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, Table, curve, dots
from nonlin.workbench import Elementwise

MORE, GOOD = 0.01, 0.8
DEEP = (1, 4, 16, 32, 64, 128, 64, 32, 16, 4, 1)
CRITERION = (
    f"Depth without activation is a line if neither network without one explains {MORE:g} more of the variance "
    f"(R2) than the best line, while the one with an activation explains {GOOD:g} of it or more. That is asserted."
)


@dataclass(frozen=True)
class Settings:
    """The data and the networks."""

    activation: Elementwise = option("relu", "Of the one network that has any.")
    points: int = option(200, "Points on [-2, 2].", 3, 1_000_000)
    noise: float = option(0.25, "Spread of the noise.", 0)
    units: int = option(32, "Hidden units of the networks of two layers.", 1, 4096)
    sizes: tuple[int, ...] = option(DEEP, "The deep one's inputs, units and outputs.", 1, 4096)
    steps: int = option(600, "Steps of Adam.", 1, 1_000_000)
    rate: float = option(0.01, "Its rate.", 0)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return each network's fit, how much it explains, and how far it is from a line."""
    if len(settings.sizes) < 2 or settings.sizes[0] != 1 or settings.sizes[-1] != 1:
        sizes = ",".join(map(str, settings.sizes))
        raise InvalidInput(f"--sizes {sizes}: begin and end with 1, for one number goes in and one comes out")
    random = np.random.default_rng(settings.seed)
    x = np.sort(random.uniform(-2, 2, (settings.points, 1)), axis=0)
    y = x**2 + settings.noise * random.standard_normal(x.shape)
    f, two = settings.activation, (1, settings.units, 1)
    networks = {
        f"2 layers, {f.name}": dense(two, f, random, f.facts.gain),
        "2 layers, none": dense(two, None, random),
        f"{len(settings.sizes) - 1} layers, none": dense(settings.sizes, None, random),
    }
    fits = {name: fitted(networks[name], x, y, settings) for name in watched(list(networks), progress)}
    line = straight(x, y)
    return {"x": x[:, 0], "y": y[:, 0], "of": fits, "line": {"fit": line[:, 0], "R2": explained(line, y)}}


def fitted(layers: list[Layer], x: Array, y: Array, settings: Settings) -> dict[str, Any]:
    trained, losses = train(layers, x, y, settings.steps, settings.rate)
    output = forward(trained, x).output
    bend = float(np.max(np.abs(output - straight(x, output))))
    return {"fit": output[:, 0], "R2": explained(output, y), "bend": bend, "loss": losses}


def straight(x: Array, y: Array) -> Array:
    """Return the least-squares line through the points, at the points."""
    basis = np.hstack([np.ones_like(x), x])
    return np.asarray(basis @ np.linalg.lstsq(basis, y, rcond=None)[0])


def explained(fit: Array, y: Array) -> float:
    """Return R2: the share of the variance of y that a fit explains."""
    return float(1 - np.sum((y - fit) ** 2) / np.sum((y - y.mean()) ** 2))


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare what each explains with what the line does."""
    line = numbers["line"]["R2"]
    with_one, *without = numbers["of"]
    best = max(numbers["of"][name]["R2"] for name in without)
    bend = max(numbers["of"][name]["bend"] for name in without)
    reached = numbers["of"][with_one]["R2"]
    if best > line + MORE:
        answer, word = "more than a line", "depth alone is more than a line"
    elif reached < GOOD:
        answer, word = "not shown", "nothing is shown: the network with an activation does not fit either"
    else:
        answer, word = "a line", "depth alone is a line"
    return Verdict(
        answer,
        f"Without an activation {word}: R2 {best:.3f} at best (the best line: {line:.3f}), bent by {bend:.1g}; "
        f"{with_one}: {reached:.3f}.",
        holds=answer == "a line",
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the fits over the points."""
    fits = tuple(curve(name, numbers["x"], one["fit"]) for name, one in numbers["of"].items())
    rows = tuple((name, one["R2"], one["bend"]) for name, one in numbers["of"].items())
    return (
        Chart(
            "The fits",
            "Both networks without an activation lie on one line.",
            (dots("data", numbers["x"], numbers["y"]), *fits),
            Axis("x"),
            Axis("y"),
        ),
        Table(
            "What each explains",
            ("network", "R2", "greatest distance from a line"),
            (*rows, ("the best line", numbers["line"]["R2"], 0.0)),
        ),
    )
