"""The linear regions of a network of straight pieces on a plane, counted exactly: polygons are cut layer by layer.

All numbers of the network are rounded to multiples of 2^-24 once; from then on everything is whole numbers. A line
is (a, b, c), where a x + b y + c is 0; a corner is (X, Y, W) with W > 0, the point (X / W, Y / W). Which side of a
line a corner lies on is the sign of a whole number, so no polygon is cut or kept by rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import comb, gcd, prod
from typing import Any, TypeAlias

import numpy as np

from nonlin.errors import InvalidInput
from nonlin.lab.network import Array, Layer
from nonlin.workbench import Elementwise

BITS = 24
ONE = 1 << BITS
STRAIGHT = 1e-9  # of f's size: what its pieces may be off a straight line

Line: TypeAlias = tuple[int, int, int]
Corner: TypeAlias = tuple[int, int, int]
Pattern: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Pieces:
    """A function of straight pieces: slope u + height on each, from left to right, in units of 2^-24."""

    kinks: tuple[int, ...]
    slopes: tuple[int, ...]
    heights: tuple[int, ...]

    def of(self, u: int) -> int:
        """Return which piece a number, in units of 2^-24, lies on; at a kink the left one."""
        return sum(u > kink for kink in self.kinks)


@dataclass(frozen=True)
class Cell:
    """A convex polygon on which every unit stays on one piece.

    Attributes
    ----------
    edges, corners : tuple
        Edge i goes from corner i to the next one.
    pattern : tuple of tuple of int
        For every layer, which piece each unit is on.
    maps : tuple of Line
        What the last layer so far says, unit by unit: (a x + b y + c) / scale.
    """

    edges: tuple[Line, ...]
    corners: tuple[Corner, ...]
    pattern: Pattern
    maps: tuple[Line, ...]


def pieces_of(f: Elementwise) -> Pieces:
    """Return the pieces of an activation.

    Raises
    ------
    InvalidInput
        If it bends between its kinks.
    """
    kinks = sorted(float(k) for k in f.facts.kinks if np.isfinite(k))
    ends = [min(kinks, default=0.0) - 8, *kinks, max(kinks, default=0.0) + 8]
    lines = [straight(f, left, right) for left, right in pairwise(ends)]
    return Pieces(
        tuple(map(whole, kinks)), tuple(whole(s) for s, _ in lines), tuple(whole(h) for _, h in lines)
    )


def straight(f: Elementwise, left: float, right: float) -> tuple[float, float]:
    """Return slope and height at 0 of the line that f is between two places."""
    at = np.linspace(left, right, 11)[1:-1]
    slope = float(f.grad(at[4]))
    height = float(f(at[4]) - slope * at[4])
    off = float(np.max(np.abs(f(at) - (slope * at + height))))
    if not off <= STRAIGHT * (1 + float(np.max(np.abs(f(at))))):
        raise InvalidInput(
            f"{f.name} is not of straight pieces; give one that is, such as relu, leaky_relu or hard_tanh"
        )
    return slope, height


def whole(number: float) -> int:
    return round(number * ONE)


def square(low: float, high: float) -> Cell:
    """Return the square from (low, low) to (high, high)."""
    a, b = whole(low), whole(high)
    edges = ((0, ONE, -a), (-ONE, 0, b), (0, -ONE, b), (ONE, 0, -a))
    corners = ((a, a, ONE), (b, a, ONE), (b, b, ONE), (a, b, ONE))
    return Cell(edges, corners, (), ())


def regions(layers: Sequence[Layer], low: float, high: float, plane: Array | None = None) -> list[Cell]:
    """Return the regions of a network's hidden layers on a square, each of one pattern of pieces.

    Parameters
    ----------
    layers : sequence of Layer
        Those without an activation are straight and cut nothing.
    low, high : float
        The square's ends, along and up.
    plane : ndarray, shape (3, inputs), optional
        The point (x, y) of the square is the input x plane[0] + y plane[1] + plane[2]; of two inputs, (x, y) itself.

    Examples
    --------
    >>> import nonlin
    >>> fold = Layer(np.eye(2), np.zeros(2), nonlin.relu)
    >>> len(regions([fold], -1, 1))
    4
    """
    plane = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]) if plane is None else plane
    begun = square(low, high)
    inputs = tuple((whole(a), whole(b), whole(c)) for a, b, c in plane.T)
    cells, scale = [Cell(begun.edges, begun.corners, (), inputs)], ONE
    for layer in layers:
        weights = [[whole(w) for w in column] for column in layer.weights.T]
        biases = [whole(b) * scale for b in layer.bias]
        scale *= ONE
        cells = [through(cell, weights, biases) for cell in cells]
        if layer.activation is not None:
            pieces, level = pieces_of(layer.activation), scale // ONE
            cells = [part for cell in cells for part in bent(cell, pieces, level)]
            scale *= ONE
    return cells


def through(cell: Cell, weights: Sequence[Sequence[int]], biases: Sequence[int]) -> Cell:
    """Return the cell with what a layer's units are given, instead of what they receive."""
    a, b, c = zip(*cell.maps, strict=True)
    maps = tuple(
        (dot(column, a), dot(column, b), dot(column, c) + bias)
        for column, bias in zip(weights, biases, strict=True)
    )
    return Cell(cell.edges, cell.corners, cell.pattern, maps)


def dot(first: Sequence[int], second: Sequence[int]) -> int:
    return sum(map(int.__mul__, first, second))


def bent(cell: Cell, pieces: Pieces, level: int) -> list[Cell]:
    """Return the parts of a cell on which every unit stays on one piece, with what the units then say.

    `level` times a number in units of 2^-24 is that number in units of the maps.
    """
    parts: list[tuple[Cell, tuple[int, ...]]] = [(cell, ())]
    for a, b, c in cell.maps:
        cuts = [(a, b, c - kink * level) for kink in pieces.kinks]
        parts = [(half, (*on, piece)) for part, on in parts for half, piece in divided(part, cuts)]
    return [said(part, on, pieces, level) for part, on in parts]


def divided(cell: Cell, cuts: Sequence[Line]) -> list[tuple[Cell, int]]:
    """Return the parts of a cell between parallel lines, each with the number of those below it."""
    parts = [(cell, 0)]
    for line in cuts:
        parts = [(half, below + above) for part, below in parts for half, above in cut(part, line)]
    return parts


def cut(cell: Cell, line: Line) -> list[tuple[Cell, int]]:
    """Return the parts of a cell on the negative side of a line, 0, and on the positive one, 1."""
    a, b, c = line
    sides = [a * x + b * y + c * w for x, y, w in cell.corners]
    above, below = any(s > 0 for s in sides), any(s < 0 for s in sides)
    if not (above and below):
        return [(cell, int(above))]
    shared = gcd(a, b, c)
    line = (a // shared, b // shared, c // shared)
    return [(half(cell, line, [-s for s in sides]), 0), (half(cell, line, sides), 1)]


def half(cell: Cell, line: Line, sides: Sequence[int]) -> Cell:
    """Return the part of a cell where `sides` is not negative, with the line as a new edge."""
    edges: list[Line] = []
    corners: list[Corner] = []
    count = len(sides)
    for i, (corner, edge, side) in enumerate(zip(cell.corners, cell.edges, sides, strict=True)):
        after = sides[(i + 1) % count]
        if side > 0 or (side == 0 and after >= 0):
            corners.append(corner)
            edges.append(edge)
        elif side == 0:
            corners.append(corner)
            edges.append(line)
        if side > 0 > after:
            corners.append(crossing(edge, line))
            edges.append(line)
        elif side < 0 < after:
            corners.append(crossing(edge, line))
            edges.append(edge)
    return Cell(tuple(edges), tuple(corners), cell.pattern, cell.maps)


def crossing(one: Line, other: Line) -> Corner:
    (a, b, c), (d, e, f) = one, other
    x, y, w = b * f - c * e, c * d - a * f, a * e - b * d
    return (x, y, w) if w > 0 else (-x, -y, -w)


def said(cell: Cell, on: tuple[int, ...], pieces: Pieces, level: int) -> Cell:
    """Return the cell with what its units say on the pieces that they are on."""
    maps = []
    for (a, b, c), piece in zip(cell.maps, on, strict=True):
        slope, height = pieces.slopes[piece], pieces.heights[piece] * level * ONE
        maps.append((slope * a, slope * b, slope * c + height))
    return Cell(cell.edges, cell.corners, (*cell.pattern, on), tuple(maps))


def outline(cell: Cell) -> tuple[tuple[float, float], ...]:
    """Return the corners as floats, in order."""
    return tuple((x / w, y / w) for x, y, w in cell.corners)


def area(cell: Cell) -> Fraction:
    """Return a cell's area, exactly."""
    points = [(Fraction(x, w), Fraction(y, w)) for x, y, w in cell.corners]
    turned = [*points[1:], points[0]]
    return abs(sum((x * v - u * y for (x, y), (u, v) in zip(points, turned, strict=True)), Fraction(0))) / 2


def general_position(units: int, kinks: int = 1) -> int:
    """Return into how many parts `units` groups of `kinks` parallel lines in general position cut the plane.

    Examples
    --------
    >>> [general_position(n) for n in range(5)]
    [1, 2, 4, 7, 11]
    """
    return 1 + units * kinks + comb(units, 2) * kinks**2


def most(widths: Sequence[int], kinks: int = 1) -> int:
    """Return what no network of these widths exceeds on a plane: each layer cuts each region anew."""
    return prod(general_position(n, kinks) for n in widths)


def patterns(layers: Sequence[Layer], points: Array) -> set[Pattern]:
    """Return the patterns seen at points, shape (n, inputs), of the network with rounded numbers, in float64."""
    x, seen = points, []
    for layer in layers:
        z = x @ rounded(layer.weights) + rounded(layer.bias)
        if layer.activation is None:
            x = z
            continue
        pieces = pieces_of(layer.activation)
        on = np.searchsorted(np.array(pieces.kinks) / ONE, z, side="left")
        seen.append(on)
        x = np.array(pieces.slopes)[on] / ONE * z + np.array(pieces.heights)[on] / ONE
    return set(rows_of(seen))


def rows_of(seen: Sequence[Any]) -> Iterator[Pattern]:
    columns = np.unique(np.hstack(seen), axis=0)
    ends = np.cumsum([0, *(on.shape[1] for on in seen)])
    for row in columns.tolist():
        yield tuple(tuple(row[left:right]) for left, right in pairwise(ends))


def rounded(numbers: Array) -> Array:
    return np.asarray(np.round(numbers * ONE) / ONE)
