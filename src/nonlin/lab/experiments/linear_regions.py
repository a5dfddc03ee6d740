"""Into how many linear regions does a network cut a plane?

A network of straight pieces is straight on each of many polygons. They are counted exactly, by cutting polygons
layer by layer in whole numbers, on a square of the plane (through more inputs, on a random slice). Beside random
networks stands one that folds the square onto itself: with each layer of 4 units it has four times as many
regions.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import nonlin
from nonlin.lab.network import Array, Layer
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.regions import (
    Cell,
    area,
    general_position,
    most,
    outline,
    patterns,
    pieces_of,
    regions,
    rounded,
)
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Mosaic, Shown, curve, table
from nonlin.workbench import Elementwise

FAR = 1e6  # half the side of a square that holds every crossing of a few random lines
CRITERION = (
    "Asserted: one layer of n units with k kinks, seen from afar, makes 1 + n k + n (n - 1) / 2 k^2 "
    "regions, as lines in "
    "general position do; no network makes more than the product of that over its layers; the areas sum to the "
    "square's, exactly; every pattern that is met at points of a grid is among the regions; and L "
    "folding layers make 4^L."
)


@dataclass(frozen=True)
class Settings:
    """The networks."""

    activation: Elementwise = option("relu", "Of straight pieces.")
    widths: tuple[int, ...] = option((2, 4, 8, 16), "Units a layer.", 1, 256)
    depths: tuple[int, ...] = option((1, 2, 3), "Hidden layers.", 1, 16)
    inputs: int = option(2, "Inputs; of more than two a random slice is seen.", 2, 4096)
    reach: float = option(2.0, "The square goes from minus this to this.", 1e-3, 1e3)
    bias: float = option(0.5, "Spread of the biases.", 0, 100)
    folds: int = option(4, "Layers of the network that folds.", 1, 6)
    grid: int = option(150, "Points a side at which patterns are looked for.", 2, 3000)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the counts by width and depth, and the regions of the largest network."""
    f = settings.activation
    kinks = len(pieces_of(f).kinks)
    cases = [(w, d) for d in sorted(set(settings.depths)) for w in sorted(set(settings.widths))]
    found = {case: of_one(*case, settings, kinks) for case in watched(cases, progress)}
    largest = max(cases, key=lambda case: found[case]["regions"])
    layers, plane = network(*largest, settings)
    cells = regions(layers, -settings.reach, settings.reach, plane)
    return {
        "activation": f.name,
        "kinks": kinks,
        "reach": settings.reach,
        "of": {f"{d} x {w}": found[w, d] for w, d in cases},
        "lines": {w: from_afar(w, settings) for w in sorted(set(settings.widths))},
        "folded": {d: len(regions(folding(d), 0, 1)) for d in range(1, settings.folds + 1)},
        "drawn": "{1} x {0}".format(*largest),
        "polygons": [outline(cell) for cell in cells],
        "values": shades(cells, settings.seed),
    }


def network(width: int, depth: int, settings: Settings) -> tuple[list[Layer], Array | None]:
    """Return random hidden layers, and the plane on which they are seen."""
    random = np.random.default_rng((settings.seed, width, depth))
    sizes = [settings.inputs, *[width] * depth]
    gain = settings.activation.facts.gain
    layers = [
        Layer(
            random.standard_normal((n, m)) * gain / np.sqrt(n),
            settings.bias * random.standard_normal(m),
            settings.activation,
        )
        for n, m in itertools.pairwise(sizes)
    ]
    if settings.inputs == 2:
        return layers, None
    axes, _ = np.linalg.qr(random.standard_normal((settings.inputs, 2)))
    return layers, np.vstack([axes.T, np.zeros(settings.inputs)])


def of_one(width: int, depth: int, settings: Settings, kinks: int) -> dict[str, Any]:
    layers, plane = network(width, depth, settings)
    cells = regions(layers, -settings.reach, settings.reach, plane)
    side = np.linspace(-settings.reach, settings.reach, settings.grid + 2)[1:-1]
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    seen = patterns(layers, points if plane is None else points @ rounded(plane[:2]))
    return {
        "units": width * depth,
        "regions": len(cells),
        "at most": most([width] * depth, kinks),
        "met on the grid": len(seen),
        "met but not counted": len(seen - {cell.pattern for cell in cells}),
        "area is exact": sum(map(area, cells)) == area(regions([], -settings.reach, settings.reach)[0]),
    }


def from_afar(width: int, settings: Settings) -> int:
    """Return how many regions a first layer of two inputs makes on a very large square."""
    random = np.random.default_rng((settings.seed, width))
    layer = Layer(random.standard_normal((2, width)), random.standard_normal(width), settings.activation)
    return len(regions([layer], -FAR, FAR))


def folding(depth: int) -> list[Layer]:
    """Return ReLU layers that fold the unit square onto itself, twice along each side a layer.

    The tent 2 relu(t) - 4 relu(t - 1/2) maps [0, 1] twice onto [0, 1].
    """
    bias = np.array([0.0, -0.5, 0.0, -0.5])
    first = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]])
    tent = np.kron(np.eye(2), np.array([[2.0, 2.0], [-4.0, -4.0]]))
    return [Layer(first if place == 0 else tent, bias, nonlin.relu) for place in range(depth)]


def shades(cells: Sequence[Cell], seed: int) -> list[float]:
    """Return a random sum of the last layer's outputs in the middle of each cell, as a share of the largest."""
    weights = np.random.default_rng((seed, 2)).standard_normal(len(cells[0].maps))
    values = [float(np.dot(weights, said_at(cell, *np.mean(outline(cell), axis=0)))) for cell in cells]
    return [value / (max(map(abs, values)) or 1.0) for value in values]


def said_at(cell: Cell, x: float, y: float) -> list[float]:
    unit = float(max((abs(n) for line in cell.maps for n in line), default=1)) or 1.0
    return [(a / unit) * x + (b / unit) * y + c / unit for a, b, c in cell.maps]


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare the counts with what is known."""
    of, kinks = numbers["of"], numbers["kinks"]
    lines = all(count == general_position(w, kinks) for w, count in numbers["lines"].items())
    folds = all(count == 4**depth for depth, count in numbers["folded"].items())
    sound = all(
        one["regions"] <= one["at most"] and not one["met but not counted"] and one["area is exact"]
        for one in of.values()
    )
    wide, depth = max(numbers["lines"]), max(numbers["folded"])
    drawn = of[numbers["drawn"]]
    return Verdict(
        "as is known" if lines and folds and sound else "not as is known",
        f"{numbers['drawn']} {numbers['activation']} units cut the square into {drawn['regions']:,} regions "
        f"({drawn['met on the grid']:,} of them met on a grid); one layer of {wide}, seen from afar, makes "
        f"{numbers['lines'][wide]:,}, lines in general position {general_position(wide, kinks):,}; "
        f"{depth} folding layers of 4 make {numbers['folded'][depth]:,}.",
        holds=lines and folds and sound,
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the regions, and the counts by the number of units."""
    of, folded = numbers["of"], numbers["folded"]
    depths = dict.fromkeys(name.split(" x ")[0] for name in of)
    counts = tuple(
        curve(
            f"{d} layers" if d != "1" else "1 layer",
            [one["units"] for name, one in of.items() if name.startswith(f"{d} x ")],
            [one["regions"] for name, one in of.items() if name.startswith(f"{d} x ")],
        )
        for d in depths
    )
    return (
        Chart(
            f"The regions of {numbers['drawn']} units",
            "On each polygon the network is one straight function; shades tell what it says there.",
            (Mosaic("output, as a share of the largest", tuple(numbers["polygons"]), tuple(numbers["values"])),),
            Axis("x"), Axis("y"),
        ),
        Chart(
            "Regions by number of units", "Random networks make about as many whether deep or wide; "
            "folding ones do not.",
            (*counts, curve("folding", [4 * d for d in folded], folded.values())),
            Axis("hidden units", log=True), Axis("regions", log=True),
        ),
        table(
            "Counts", ("layers x units", "regions", "no network exceeds", "met on the grid"),
            [(name, one["regions"], one["at most"], one["met on the grid"]) for name, one in of.items()],
        ),
    )  # fmt: skip
