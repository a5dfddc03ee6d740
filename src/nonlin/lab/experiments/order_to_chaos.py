"""Where does a deep network pass from order to chaos?

Two inputs that differ grow alike in some deep networks (order) and apart in others (chaos); on the edge between
them, where chi = w^2 E f'(u)^2 is 1, both signals and gradients go deepest. Theory iterates two Gaussian
integrals: variance and correlation before each layer, for weights of variance w^2 / inputs and biases of variance
b^2. Networks are measured beside it, in order, on the edge and in chaos.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from nonlin.lab.moments import Layers, fixed_point
from nonlin.lab.network import Array
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Field, Shown, curve, table
from nonlin.workbench import Elementwise

OFF, SCATTER = 0.05, 2.5
CRITERION = (
    f"Asserted: at three weights, below, on and above the edge, the correlation of two inputs is within {OFF:g} + "
    f"{SCATTER:g} sqrt(depth / width / networks) of theory's after every layer, and so is the "
    "logarithm of the variance."
)


@dataclass(frozen=True)
class Settings:
    """The map, and the networks."""

    activation: Elementwise = option("tanh", "The layers' activation.")
    bias: float = option(0.3, "b of the networks that are measured.", 0, 100)
    depth: int = option(30, "Layers.", 2, 1000)
    width: int = option(400, "Units a layer.", 2, 4096)
    networks: int = option(6, "Networks a place; means over them.", 1, 1000)
    correlation: float = option(0.6, "Of the two inputs.", -0.99, 0.99)
    greatest_weight: float = option(4.0, "The map's right end.", 0.1, 100)
    greatest_bias: float = option(1.0, "The map's upper end.", 0.01, 100)
    columns: int = option(28, "Of the map.", 3, 1000)
    rows: int = option(12, "Of the map.", 3, 1000)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return chi over the map, the edge, and theory beside networks at three places."""
    f = settings.activation
    weights = np.linspace(
        settings.greatest_weight / settings.columns, settings.greatest_weight, settings.columns
    )
    biases = np.linspace(0, settings.greatest_bias, settings.rows)
    edge = edge_of(f, settings)
    middle = edge or settings.greatest_weight / 2
    places = {"below": 0.6 * middle, "on" if edge else "between": middle, "above": 1.6 * middle}
    bar = watched(range(settings.rows + len(places)), progress)
    chis = [
        [settled_chi(Layers(f, float(w), float(b))) for w in weights]
        for b, _ in zip(biases, bar, strict=False)
    ]
    return {
        "activation": f.name,
        "edge": edge,
        "scatter": OFF + SCATTER * sqrt(settings.depth / settings.width / settings.networks),
        "weights": weights,
        "biases": biases,
        "chi": chis,
        "of": {
            f"{name}, w = {w:.3g}": beside(Layers(f, w, settings.bias), settings)
            for (name, w), _ in zip(places.items(), bar, strict=False)
        },
    }


def settled_chi(layers: Layers) -> float:
    """Return chi where the variance settles; where it shrinks or grows without end, very far on its way."""
    return layers.chi(min(max(fixed_point(layers), 1e-12), 1e8))


def edge_of(f: Elementwise, settings: Settings) -> float | None:
    """Return the least weight on the map at which chi is 1, with the bias of the measured networks."""
    tried = np.linspace(settings.greatest_weight / 40, settings.greatest_weight, 40)
    above = [w for w in tried if settled_chi(Layers(f, float(w), settings.bias)) >= 1]
    if not above or above[0] == tried[0]:
        return None
    low, high = float(above[0] - (tried[1] - tried[0])), float(above[0])
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if settled_chi(Layers(f, middle, settings.bias)) >= 1 else (middle, high)
    return (low + high) / 2


def beside(layers: Layers, settings: Settings) -> dict[str, Any]:
    """Return variance and correlation before each layer's activation, in theory and in networks."""
    c = settings.correlation
    q = layers.weight**2 + layers.bias**2
    in_theory = [(q, (layers.weight**2 * c + layers.bias**2) / q)]
    for _ in range(settings.depth - 1):
        q, c = in_theory[-1]
        in_theory.append((layers.variance(q), layers.correlation(c, q)))
    runs = np.array([one_network(layers, settings, n) for n in range(settings.networks)])
    return {
        "chi": layers.chi(in_theory[-1][0]),
        "variance in theory": [q for q, _ in in_theory],
        "correlation in theory": [c for _, c in in_theory],
        "variance": np.exp(np.mean(np.log(runs[:, :, 0]), axis=0)),
        "correlation": runs[:, :, 1].mean(axis=0),
    }


def one_network(layers: Layers, settings: Settings, number: int) -> list[tuple[float, float]]:
    random = np.random.default_rng((settings.seed, number))
    n, c = settings.width, settings.correlation
    first, second = exactly_correlated(random.standard_normal((2, n)), c)
    x, found = np.stack([first, second]), []
    for _ in range(settings.depth):
        w = random.standard_normal((n, n)) * layers.weight / sqrt(n)
        z = x @ w + layers.bias * random.standard_normal(n)
        square = np.mean(z**2, axis=1)
        found.append((float(np.mean(square)), float(np.mean(z[0] * z[1]) / sqrt(square[0] * square[1]))))
        x = np.asarray(layers.activation(z))
    return found


def exactly_correlated(rows: Array, c: float) -> Array:
    """Return two rows of mean square 1 whose mean product is c."""
    one = rows[0] / np.sqrt(np.mean(rows[0] ** 2))
    rest = rows[1] - np.mean(one * rows[1]) * one
    rest = rest / np.sqrt(np.mean(rest**2))
    return np.stack([one, c * one + sqrt(1 - c * c) * rest])


def furthest(one: dict[str, Any]) -> tuple[float, float]:
    """Return how far correlation and logarithm of variance are from theory, at worst.

    Beyond the range of numbers there is nothing left to compare.
    """
    inside = (
        np.isfinite(one["variance"])
        & np.isfinite(one["variance in theory"])
        & (np.array(one["variance"]) > 1e-200)
    )
    logs = np.log(np.array(one["variance"])[inside] / np.array(one["variance in theory"])[inside])
    apart = np.abs(np.array(one["correlation"]) - np.array(one["correlation in theory"]))[inside]
    return float(apart.max()), float(np.abs(logs).max())


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare networks with theory."""
    off = [furthest(one) for one in numbers["of"].values()]
    agree = all(max(pair) <= numbers["scatter"] for pair in off)
    edge = numbers["edge"]
    where = f"passes the edge at w = {edge:.3f}" if edge else "has no edge on this map"
    told = "; ".join(
        f"{name}: chi {one['chi']:.2g}, correlation at the end {one['correlation'][-1]:.3f} "
        f"({one['correlation in theory'][-1]:.3f} in theory)"
        for name, one in numbers["of"].items()
    )
    return Verdict(
        "as in theory" if agree else "not as in theory",
        f"{numbers['activation']} {where}. {told}. Networks are within {max(a for a, _ in off):.2g} "
        "of theory's correlation "
        f"and {max(b for _, b in off):.2g} of the logarithm of its variance.",
        holds=agree,
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the map, and correlation and variance by layer."""
    of = numbers["of"]
    layers = range(1, len(next(iter(of.values()))["variance"]) + 1)
    field = Field(
        "chi", tuple(map(float, numbers["weights"])), tuple(map(float, numbers["biases"])),
        tuple(tuple(chi if np.isfinite(chi) else None for chi in row) for row in numbers["chi"]),
        log=True, middle=1.0, level=1.0,
    )  # fmt: skip
    return (
        Chart(
            "Order and chaos",
            "chi where the variance settles. Below 1 (blue) inputs grow alike and gradients vanish, "
            "above 1 (orange) they "
            "part and explode; the black line is the edge.",
            (field,), Axis("w, spread of the weights"), Axis("b, spread of the biases"),
        ),
        Chart(
            "Correlation of two inputs by layer", "Solid: measured, dashed: theory.", pairs(of, layers, "correlation"),
            Axis("layer"), Axis("correlation"),
        ),
        Chart(
            "Variance by layer", "Before the activation. Solid: measured, dashed: theory.",
            pairs(of, layers, "variance"),
            Axis("layer"), Axis("variance", log=True),
        ),
        table(
            "At the last layer", ("place", "chi", "correlation", "in theory", "variance", "in theory"),
            [(name, one["chi"], one["correlation"][-1], one["correlation in theory"][-1], one["variance"][-1],
              one["variance in theory"][-1]) for name, one in of.items()],
        ),
    )  # fmt: skip


def pairs(of: dict[str, Any], layers: range, what: str) -> Any:
    measured = (curve(name, layers, drawable(one[what])) for name, one in of.items())
    in_theory = (
        curve(name, layers, drawable(one[f"{what} in theory"]), "theory") for name, one in of.items()
    )
    return (*measured, *in_theory)


def drawable(values: Any) -> list[float | None]:
    return [float(v) if np.isfinite(v) and abs(v) > 1e-300 else None for v in values]
