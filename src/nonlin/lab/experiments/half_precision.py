"""What does half precision do to gradients on their way down?

float16 holds nothing smaller than 2^-24: a gradient below half of that becomes 0, and its layers learn nothing.
Scaling the loss by a power of two lifts gradients into its range; bfloat16 has float32's range and three digits
fewer. The same network goes forward and back in each, products summed in float32 and every result rounded, as
hardware does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np

from nonlin.lab.network import Array, Layer, backward, dense, forward
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, curve, positive, table
from nonlin.workbench import Elementwise

ABOUT = 0.1
LEAST = {"float16": 2.0**-24, "bfloat16": 2.0**-133}
ROOM = 2.0**12  # the largest scaled gradient: float16 ends at 65504
CRITERION = (
    "A layer's gradients are lost where they are 0 though float64's are not. Float16 loses them if "
    "more than half of the "
    f"first layer's are. Asserted: each dtype loses a share of the first layer's that is within {ABOUT:g} of the "
    "share of float64's, "
    "scaled alike, that are below half of the smallest number it has."
)


@dataclass(frozen=True)
class Settings:
    """The network."""

    activation: Elementwise = option("sigmoid", "The hidden layers' activation.")
    depth: int = option(16, "Hidden layers.", 2, 1000)
    width: int = option(64, "Units a layer.", 1, 4096)
    inputs: int = option(256, "Random inputs; the loss is a mean over them.", 1, 100_000)
    gain: float = option(0.0, "Of the weights; 0 means the activation's own.", 0)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return each dtype's lost share and error by layer."""
    f = settings.activation
    random = np.random.default_rng(settings.seed)
    layers = dense([settings.width] * (settings.depth + 1) + [1], f, random, settings.gain or f.facts.gain)
    x = random.standard_normal((settings.inputs, settings.width))
    upstream = np.full((settings.inputs, 1), 1 / settings.inputs)
    exact = backward(layers, forward(layers, x), upstream).before[:-1]
    scale = power_of_two(ROOM / (max(float(np.max(np.abs(g))) for g in exact) or ROOM))
    ways = {
        "float16": (np.dtype(np.float16), 1.0),
        "float16, loss scaled": (np.dtype(np.float16), scale),
        "bfloat16": (np.dtype(ml_dtypes.bfloat16), 1.0),
    }
    return {
        "activation": f.name,
        "depth": settings.depth,
        "scale": scale,
        "exact": [float(np.sqrt(np.mean(g**2))) for g in exact],
        "of": {
            name: compared(layers, x, upstream, exact, *ways[name]) for name in watched(list(ways), progress)
        },
    }


def power_of_two(number: float) -> float:
    return float(2.0 ** np.floor(np.log2(number))) if 0 < number < 1e300 else 1.0


def compared(
    layers: list[Layer], x: Array, upstream: Array, exact: list[Array], dtype: Any, scale: float
) -> dict[str, Any]:
    found = [g / scale for g in halved(layers, x, scale * upstream, dtype)]
    smallest = LEAST[dtype.name] / 2
    pairs = list(zip(found, exact, strict=True))
    return {
        "lost": [float(np.mean((g == 0)[e != 0])) if np.any(e) else 0.0 for g, e in pairs],
        "foretold": [
            float(np.mean(np.abs(scale * e)[e != 0] < smallest)) if np.any(e) else 0.0 for e in exact
        ],
        "error": [float(np.sqrt(np.sum((g - e) ** 2) / max(np.sum(e**2), 1e-300))) for g, e in pairs],
        "size": [float(np.sqrt(np.mean(g**2))) for g in found],
    }


def halved(layers: list[Layer], x: Array, upstream: Array, dtype: Any) -> list[Array]:
    """Return each hidden layer's gradients with every array in `dtype`, as float64."""

    def product(a: Any, b: Any) -> Any:
        return (a.astype(np.float32) @ b.astype(np.float32)).astype(dtype)

    weights = [one.weights.astype(dtype) for one in layers]
    before, a = [], x.astype(dtype)
    for layer, w in zip(layers, weights, strict=True):
        z = product(a, w)
        before.append(z)
        a = z if layer.activation is None else layer.activation(z)
    g, found = upstream.astype(dtype), []
    for layer, w, z in zip(reversed(layers), reversed(weights), reversed(before), strict=True):
        g = g if layer.activation is None else layer.activation.vjp(z, g)
        found.append(np.asarray(g, dtype=np.float64))
        g = product(g, w.T)
    return found[:0:-1]


def judge(numbers: dict[str, Any]) -> Verdict:
    """Look what is lost, and whether it was foretold."""
    of = numbers["of"]
    lost = of["float16"]["lost"][0]
    answer = "float16 loses them" if lost > 0.5 else "float16 keeps them"
    foretold = all(abs(one["lost"][0] - one["foretold"][0]) <= ABOUT for one in of.values())
    scaled, brain = of["float16, loss scaled"], of["bfloat16"]
    return Verdict(
        answer,
        f"In the first of {numbers['depth']} {numbers['activation']} layers {lost:.0%} of the "
        "gradients are lost in float16 "
        f"({of['float16']['foretold'][0]:.0%} foretold; their size is {numbers['exact'][0]:.2g}); "
        "with the loss scaled by "
        f"{numbers['scale']:.3g} {scaled['lost'][0]:.0%} (error {scaled['error'][0]:.2g}), in "
        f"bfloat16 {brain['lost'][0]:.0%} "
        f"(error {brain['error'][0]:.2g}).",
        holds=foretold,
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw lost shares, errors and sizes by layer."""
    of, layers = numbers["of"], range(1, numbers["depth"] + 1)
    return (
        Chart(
            "Gradients lost, by layer", "Share that is 0 though float64's is not; the loss stands at the right.",
            tuple(curve(name, layers, one["lost"]) for name, one in of.items()),
            Axis("hidden layer"), Axis("share lost"),
        ),
        Chart(
            "Error of the gradients, by layer", "Length of the difference to float64, as a share of its length.",
            tuple(curve(name, layers, positive(one["error"])) for name, one in of.items()),
            Axis("hidden layer"), Axis("relative error", log=True),
        ),
        Chart(
            "Size of the gradients, by layer", "Root mean square; where a line ends, nothing is left.",
            (
                curve("float64", layers, positive(numbers["exact"])),
                *(curve(name, layers, positive(one["size"])) for name, one in of.items()),
            ),
            Axis("hidden layer"), Axis("size of the gradient", log=True),
        ),
        table(
            "In the first layer", ("dtype", "share lost", "foretold", "relative error"),
            [(name, one["lost"][0], one["foretold"][0], one["error"][0]) for name, one in of.items()],
        ),
    )  # fmt: skip
