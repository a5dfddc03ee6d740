"""The landmarks of a function: its kinks, zeros, extrema, inflections, flat stretches and limits.

Found numerically, with the reference in ball arithmetic, on a grid that is dense near 0 and reaches to
1e4; a pair of landmarks nearer than 1/32 to each other may be missed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from nonlin.derivation.calculus import derivative
from nonlin.derivation.reference import enclose, evaluator
from nonlin.vocabulary import Definition, kinks, switches, switching_place, x

Function = Callable[[float], float]
Interval = tuple[float, float]

_FAR = [10.0**k for k in (1.5, 2, 2.5, 3, 4)]
_HALF = [k / 32 for k in range(1, 32 * 12)] + [12 + k / 2 for k in range(16)]


@dataclass(frozen=True)
class Landmarks:
    """Where something happens, in ascending order; found numerically.

    Attributes
    ----------
    kinks : tuple of float
        Where a formula switches branches, so that some derivative may jump.
    zeros, minima, maxima, inflections : tuple of float
        Isolated ones; an extremum or an inflection may be at a kink.
    flats : tuple of (float, float)
        Stretches on which the slope is exactly 0, ends included; an end may be infinite.
    limits, slope_limits : (float, float)
        Of the value and of the slope, at minus and at plus infinity; NaN where there is none.
    """

    kinks: tuple[float, ...]
    zeros: tuple[float, ...]
    minima: tuple[float, ...]
    maxima: tuple[float, ...]
    inflections: tuple[float, ...]
    flats: tuple[Interval, ...]
    limits: tuple[float, float]
    slope_limits: tuple[float, float]


@dataclass(frozen=True)
class Sampled:
    """A definition as functions from float to float, with its grid."""

    value: Function
    slope: Function
    bend: Function
    kinks: tuple[float, ...]
    grid: tuple[float, ...]


@cache
def sampled(definition: Definition) -> Sampled:
    """Return value, slope and second derivative at the default parameters, and the grid to look at."""
    defaults = {p: p.default for p in definition.parameters}
    stated = {float(k.subs(defaults)) for k in kinks(definition.formula)}
    even = {0.0, *(s * t for t in (*_HALF, *_FAR) for s in (-1, 1))}
    places = sorted(stated | _met(definition.formula, defaults, sorted(even)))
    near = (k + d for k in places for d in (-1e-3, 1e-3))
    grid = {*even, *places, *near}
    value, slope, bend = (cache(_finite(derivative(definition, n), defaults)) for n in range(3))
    return Sampled(value, slope, bend, tuple(places), tuple(sorted(grid)))


def _met(formula: Any, defaults: Mapping[Any, float], grid: Sequence[float]) -> set[float]:
    """Return where a condition switches that is not linear in x, as far as the grid shows it."""
    curved = (s for s in switches(formula) if s.has(x) and switching_place(s) is None)
    return {place for s in curved for place in crossings(evaluator(s, defaults), grid)}


def _finite(formula: Any, defaults: Mapping[Any, float]) -> Function:
    """Return the formula's evaluator, NaN where the formula has no finite value."""
    value = evaluator(formula, defaults)

    def finite(at: float) -> float:
        found = value(at)
        if found == 0 and not enclose(formula, {**defaults, x: at}, 512).is_finite():
            return math.nan
        return found

    return finite


@cache
def landmarks(definition: Definition) -> Landmarks:
    """Return the landmarks of an elementwise definition at its default parameters."""
    f = sampled(definition)
    flats = tuple(_flats(f))
    return Landmarks(
        kinks=f.kinks,
        zeros=tuple(_outside(crossings(f.value, f.grid), flats)),
        minima=tuple(_outside(crossings(f.slope, f.grid, rising=True), flats)),
        maxima=tuple(_outside(crossings(f.slope, f.grid, rising=False), flats)),
        inflections=tuple(_outside(crossings(f.bend, f.grid), flats)),
        flats=flats,
        limits=(limit(f.value, -1), limit(f.value, 1)),
        slope_limits=(limit(f.slope, -1), limit(f.slope, 1)),
    )


def crossings(function: Function, grid: Sequence[float], rising: bool | None = None) -> Iterable[float]:
    """Yield where a function changes sign: from below if `rising`, from above if not, either if None."""
    before, sign_before = grid[0], 0.0
    for at in grid:
        value = function(at)
        if value != 0:
            sign = math.copysign(1.0, value)
            if sign_before * sign < 0 and rising in (None, sign > 0):
                yield root(function, before, at)
            before, sign_before = at, sign


def root(function: Function, low: float, high: float) -> float:
    """Return where the sign changes between two points of opposite sign, to the last bit or nearly."""
    sign = math.copysign(1.0, function(low))
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return 0.0 if abs(middle) < 1e-300 else middle
        value = function(middle)
        if value == 0:
            return middle
        low, high = (middle, high) if value * sign > 0 else (low, middle)


def limit(function: Function, side: int) -> float:
    """Return the limit at plus (side 1) or minus (side -1) infinity; NaN if the function does not settle."""
    a, b, c = (function(side * 10.0**k) for k in (100, 200, 300))
    if abs(c) < 1e-50:
        return 0.0
    if math.isinf(c) and a * c > 0:
        return c
    if abs(c - b) <= 1e-12 * abs(c):
        return c
    between = [function(side * 10.0**k) for k in (50, 100, 125, 150, 175, 200, 225, 250, 275, 300)]
    grows = all(
        abs(v) < abs(w) and v * w > 0 for v, w in pairwise(between)
    )  # a sine by chance does once in 3 million
    return math.copysign(math.inf, c) if grows else math.nan


def _flats(f: Sampled) -> Iterable[Interval]:
    """Yield the stretches of slope 0, which end at kinks or at infinity."""
    ends = [-math.inf, *f.kinks, math.inf]
    start: float | None = None
    for low, high in pairwise(ends):
        inside = [f.slope(t) for t in f.grid if low < t < high]
        if inside and not any(inside):
            start = low if start is None else start
        elif start is not None:
            yield (start, low)
            start = None
    if start is not None:
        yield (start, math.inf)


def _outside(points: Iterable[float], flats: Sequence[Interval]) -> list[float]:
    return [p for p in points if not any(low < p < high for low, high in flats)]
