"""Shades for numbers: one scale from dark to light, and one of two hues around a middle, for every kind of sight."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, log10
from typing import TypeAlias

from nonlin.report.page import Field

Stops: TypeAlias = tuple[tuple[float, str], ...]

ONE_WAY: Stops = (
    (0.0, "#0b2455"),
    (0.25, "#34568b"),
    (0.5, "#7a7b8a"),
    (0.75, "#c0a964"),
    (1.0, "#fbe56b"),
)
"""From dark blue to yellow, lighter at every step: it can be read in grey, and with any colour blindness."""

TWO_WAYS: Stops = (
    (0.0, "#1f4e9c"),
    (0.25, "#86aede"),
    (0.5, "#f6f4f0"),
    (0.75, "#eda06b"),
    (1.0, "#a8430b"),
)
"""Blue below the middle, orange above it."""


def scale_of(field: Field) -> tuple[Stops, float, float]:
    """Return the shades of a field and the numbers at their ends, logarithms where the scale is one."""
    known = [height(z, field.log) for row in field.z for z in row]
    heights = [z for z in known if z is not None] or [0.0]
    low, high = min(heights), max(heights)
    middle = None if field.middle is None else height(field.middle, field.log)
    if middle is None:
        return ONE_WAY, low, high if high > low else low + 1
    near, far = sorted((high - middle, middle - low))
    reach = min(far, 2 * near) if near > 0 else far or 1.0  # beyond it shades stay as they are
    return TWO_WAYS, middle - reach, middle + reach


def height(z: float | None, log: bool) -> float | None:
    """Return a number as the scale has it; None if it has no place there."""
    if z is None or not isfinite(z) or (log and z <= 0):
        return None
    return log10(z) if log else z


def shade(share: float, stops: Stops = ONE_WAY) -> str:
    """Return the colour at a share of the scale.

    Examples
    --------
    >>> shade(0.0), shade(1.0)
    ('#0b2455', '#fbe56b')
    """
    for (left, dark), (right, light) in pairwise(stops):
        if share <= right:
            return mixed(dark, light, (share - left) / (right - left))
    return stops[-1][1]


def mixed(one: str, other: str, share: float) -> str:
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * min(max(share, 0.0), 1.0)):02x}" for a, b in pairs)


def ticks(low: float, high: float, log: bool) -> list[float]:
    """Return up to six round places between the ends of a scale, as the scale has them."""
    if log and high - low >= 1:
        step = max(1, round((high - low) / 6))
        powers = [float(at) for at in range(round(low), round(high) + 1, step) if low <= at <= high]
        if len(powers) > 2:
            return powers
    return [low + (high - low) * i / 4 for i in range(5)]


def tick_words(places: Sequence[float], log: bool) -> list[str]:
    return [f"{10**at if log else at:.3g}" for at in places]
