"""How far two activations are apart: the largest difference of their values or slopes, where it is, and far out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nonlin.errors import InvalidInput
from nonlin.facts.fact import Line
from nonlin.workbench.elementwise import Elementwise

Quantity = Literal["value", "slope"]
POINTS = 20_001
HALVINGS = 80
GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Difference:
    """The largest difference between two activations.

    Attributes
    ----------
    of : (str, str)
        Their names.
    quantity : "value" or "slope"
    low, high : float
        The stretch of inputs that was searched, at 20,001 points.
    largest : float
        The largest |f - g| there, refined between the points beside it; at a jump, its higher side's.
    at : float
        Where.
    far_left, far_right : float or None
        What |f - g| tends to at minus and plus infinity; None where that is not known.
    """

    of: tuple[str, str]
    quantity: Quantity
    low: float
    high: float
    largest: float
    at: float
    far_left: float | None
    far_right: float | None


def difference(f: Elementwise, g: Elementwise, quantity: Quantity, low: float, high: float) -> Difference:
    """Return the largest difference of the values or slopes of two activations.

    Raises
    ------
    InvalidInput
        If `low` is not below `high`, or one of them is infinite.

    Examples
    --------
    >>> import nonlin as nl
    >>> found = difference(nl.relu, nl.softplus, "value", -5, 5)
    >>> found.at, round(found.largest, 6), found.far_right
    (0.0, 0.693147, 0.0)
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise InvalidInput(
            f"the inputs from {low:g} to {high:g} are no stretch; the first must be below the second"
        )
    apart = _apart(f, g, quantity)
    x = np.linspace(low, high, POINTS)
    at, largest = _refined(apart, x, int(np.nanargmax(apart(x))))
    left, right = (_far(f, g, quantity, end) for end in (0, 1))
    return Difference((f.name, g.name), quantity, float(low), float(high), largest, at, left, right)


def _apart(
    f: Elementwise, g: Elementwise, quantity: Quantity
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    if quantity == "value":
        return lambda x: np.abs(f(x) - g(x))
    return lambda x: np.abs(f.grad(x) - g.grad(x))


def _refined(
    apart: Callable[[NDArray[np.float64]], NDArray[np.float64]], x: NDArray[np.float64], i: int
) -> tuple[float, float]:
    """Return place and size of the greatest value beside a point, by golden sections; at a jump, its higher side."""
    best = float(apart(x[i : i + 1])[0])
    a, b = x[max(i - 1, 0)], x[min(i + 1, len(x) - 1)]
    for _ in range(HALVINGS):
        inner = np.array([b - GOLDEN * (b - a), a + GOLDEN * (b - a)])
        left, right = apart(inner)
        a, b = (a, inner[1]) if left >= right else (inner[0], b)
    sizes = apart(np.array([a, b]))
    place, size = max(zip((a, b), sizes, strict=True), key=lambda found: found[1])
    return (float(place), float(size)) if size > best else (float(x[i]), best)


def _far(f: Elementwise, g: Elementwise, quantity: Quantity, end: int) -> float | None:
    """Return what the difference tends to at one end of the line."""
    if quantity == "slope":
        return _between(f.facts.slope_limits[end], g.facts.slope_limits[end])
    lines: tuple[Line | None, Line | None] = (f.facts.asymptotes[end], g.facts.asymptotes[end])
    if lines[0] and lines[1]:
        return abs(lines[0].offset - lines[1].offset) if lines[0].slope == lines[1].slope else math.inf
    return _between(f.facts.limits[end], g.facts.limits[end])


def _between(a: float, b: float) -> float | None:
    """Return the distance of two limits; two equal infinities say nothing of it."""
    apart = abs(a - b)
    return None if math.isnan(apart) else apart
