"""What becomes of the gradient on its way down a deep network?

Backpropagation multiplies the gradient by W^T and f'(z) once a layer. Where f' is small on average the product
of many is next to nothing: the first layers are not told what the last ones got wrong. Weights are drawn
with variance gain^2 / inputs.
Beside what is measured stands what holds for infinitely wide layers: each multiplies the mean square of the gradient
by chi = gain^2 E f'(u)^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, prod, sqrt
from typing import Any

import numpy as np

from nonlin.lab.moments import Layers
from nonlin.lab.network import Array, backward, dense, forward
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, BarChart, Chart, Shown, Table, curve, positive
from nonlin.workbench import Elementwise

LITTLE, MUCH = 1e-3, 1e3
SCATTER = 6.0  # a layer of n ReLU units scatters the logarithm of a squared length by about sqrt(5 / n)
CRITERION = (
    f"It vanishes if the gradient's size (root mean square) at the first layer is below {LITTLE:g} of that at the "
    f"last hidden layer, and explodes if it is above {MUCH:g} times that; else it arrives. "
    "Asserted: the logarithm of "
    f"that ratio is within 0.5 + {SCATTER:g} sqrt(depth / width) of what infinitely wide layers do."
)
PLACES = (0.0, 2.0, 5.0)


@dataclass(frozen=True)
class Settings:
    """The network."""

    activation: Elementwise = option("sigmoid", "The hidden layers' activation.")
    beside: Elementwise = option("relu", "Another one, for comparison.")
    depth: int = option(10, "Hidden layers.", 2, 1000)
    width: int = option(64, "Units a layer.", 1, 4096)
    inputs: int = option(1000, "Random inputs.", 2, 1_000_000)
    gain: float = option(0.0, "Of the weights; 0 means each activation's own.", 0)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the slopes of f(f(f(x))), and the gradients in a deep and in a three-layer network."""
    pair = dict.fromkeys((settings.activation, settings.beside))
    return {
        "activation": settings.activation.name,
        "depth": settings.depth,
        "scatter": 0.5 + SCATTER * sqrt(settings.depth / settings.width),
        "places": PLACES,
        "of": {f.name: of_one(f, settings) for f in watched(list(pair), progress)},
    }


def of_one(f: Elementwise, settings: Settings) -> dict[str, Any]:
    deep = gradients(f, settings.depth, settings)
    landscape = gradients(f, 3, settings)
    sizes = [size(g) for g in deep[:-1]]
    return {
        "slope of f(f(f(x)))": [composed_slope(f, x) for x in PLACES],
        "greatest slope": f.facts.lipschitz,
        "greatest product of slopes": f.facts.lipschitz**settings.depth,
        "gradient by layer": sizes,
        "in theory": [sizes[-1] * share for share in in_theory(f, settings)],
        "ratio": sizes[0] / sizes[-1] if sizes[-1] else 0.0,
        "landscape": np.linalg.norm(landscape[0], axis=1),
    }


def in_theory(f: Elementwise, settings: Settings) -> list[float]:
    """Return the gradient's size by layer, that of the last hidden one being 1, in infinitely wide layers."""
    layers = Layers(f, settings.gain or f.facts.gain)
    variances = layers.variances(layers.weight**2, settings.depth)
    factors = [layers.backward(q) for q in variances[:-1]]
    return [sqrt(prod(factors[place:])) for place in range(settings.depth)]


def composed_slope(f: Elementwise, x: float, times: int = 3) -> float:
    """Return the slope of f(f(...f(x))) by the chain rule."""
    slope = 1.0
    for _ in range(times):
        slope *= float(f.grad(x))
        x = float(f(x))
    return slope


def gradients(f: Elementwise, depth: int, settings: Settings) -> list[Array]:
    """Return, for each layer, each input's gradient with respect to what the activation is given."""
    random = np.random.default_rng(settings.seed)
    gain = settings.gain or f.facts.gain
    layers = dense([settings.width] * (depth + 1) + [1], f, random, gain)
    passed = forward(layers, random.standard_normal((settings.inputs, settings.width)))
    return backward(layers, passed, np.ones((settings.inputs, 1))).before


def size(gradient: Array) -> float:
    return float(np.sqrt(np.mean(gradient**2)))


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare the first layer's gradient with the last one's."""
    name = numbers["activation"]
    one = numbers["of"][name]
    answer = fate(one["ratio"])
    first = one["gradient by layer"][0]
    foreseen = one["in theory"][0] / one["in theory"][-1] if one["in theory"][-1] else 0.0
    beside = [
        f"; with {other}, {of['ratio']:.3g} times" for other, of in numbers["of"].items() if other != name
    ]
    return Verdict(
        answer,
        f"With {name} the gradient {answer}: {numbers['depth'] - 1} layers down it is {one['ratio']:.3g} times "
        f"as large ({first:.3g}), where infinitely wide layers make it {foreseen:.3g}{''.join(beside)}.",
        holds=agree(one["ratio"], foreseen, numbers["scatter"]),
    )


def agree(measured: float, foreseen: float, scatter: float) -> bool:
    """Return whether two ratios are alike, or both beyond the range of numbers."""
    if 1e-290 < measured < 1e290 and 1e-290 < foreseen < 1e290:
        return abs(log(measured / foreseen)) <= scatter
    return fate(measured) == fate(foreseen)


def fate(ratio: float) -> str:
    if not np.isfinite(ratio):
        return "explodes"
    return "vanishes" if ratio < LITTLE else "explodes" if ratio > MUCH else "arrives"


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the gradient by layer, and how it is spread over inputs in a network of three layers."""
    of, layers = numbers["of"], range(1, numbers["depth"] + 1)
    rows = tuple(
        (name, *one["slope of f(f(f(x)))"], one["greatest slope"], one["greatest product of slopes"])
        for name, one in of.items()
    )
    heads = (*(f"at {x:g}" for x in numbers["places"]), "greatest f'", "to the power of the depth")
    return (
        Chart(
            "The gradient's size by layer",
            "Root mean square over inputs and units; the loss stands beyond the right end. Dashed: theory.",
            (
                *(curve(name, layers, positive(one["gradient by layer"])) for name, one in of.items()),
                *(curve(name, layers, positive(one["in theory"]), "theory") for name, one in of.items()),
            ),
            Axis("hidden layer"),
            Axis("size of the gradient", log=True),
        ),
        Table(
            "Slope of f(f(f(x))), and the most that a product of slopes can be", ("activation", *heads), rows
        ),
        Chart(
            "First-layer gradients of a network of three hidden layers",
            "One value an input, in ascending order; a flat low line is an input that teaches nothing.",
            tuple(curve(name, shares(one), positive(np.sort(one["landscape"]))) for name, one in of.items()),
            Axis("share of the inputs"),
            Axis("norm of the gradient", log=True),
        ),
        BarChart(
            "Median of these",
            "Of the norms of the gradient, over the inputs.",
            tuple(of),
            tuple(float(np.median(one["landscape"])) for one in of.values()),
            Axis("norm of the gradient"),
        ),
    )


def shares(one: dict[str, Any]) -> Array:
    return np.linspace(0, 1, len(one["landscape"]))
