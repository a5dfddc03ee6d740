"""From where on a slope stays small, proved: between two roots of f'' it only rises or falls."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import sympy as sp
from flint import arb

from nonlin.facts.analysis import Analysis, number, same
from nonlin.facts.levels import steepest
from nonlin.facts.pieces import NotProved
from nonlin.facts.proof import Proof, is_infinite, nearest, proof_of

SATURATED = sp.Rational(1, 100)
NEAR = 2.0**-70
FARTHEST = 2.0**60


def saturation(a: Analysis) -> Proof:
    """From where on, outward, |f'| stays under 1 % of its largest value; None where it never does."""
    top = steepest(a)
    if is_infinite(top) or number(top).is_zero() or not all(a.meets(j) for j in range(len(a.whole.joints))):
        return Proof((None, None), because="1 % of the largest slope is 0, or infinite")
    if any(c.period is not None for c in a.signs(1)):
        return Proof((None, None), because="the slope repeats for ever")
    ends = [_last_steep(a, side, _share(top)) for side in (-1, 1)]
    value = tuple(None if e is None else nearest(e) for e in ends)
    return proof_of(
        value,
        *(e for e in ends if e is not None),
        because="between roots of f'' the slope meets 1 % once or not at all",
    )


def _share(top: Any) -> Any:
    """Return 1 % of a slope, exactly if the slope is known so: a slope of just 1 % is not under it."""
    return top * SATURATED if hasattr(top, "free_symbols") else top * number(SATURATED)


def _last_steep(a: Analysis, side: int, level: Any) -> Any | None:
    """Return where |f'| is last at the level, seen from within; None if it is never under it far out.

    Between two roots of f'' the slope only rises or falls, so that it meets the level once or not at all.
    """
    for i in range(len(a.smooth))[::-side]:
        marks = [_inner_end(a, i, -1), *(r.ball for r in a.signs(2)[i].roots), _inner_end(a, i, 1)][::side]
        slopes = [
            _end_slope(a, i, -side),
            *(a.smooth[i].over(r.ball, 1) for r in a.signs(2)[i].roots[::side]),
        ]
        slopes.append(_end_slope(a, i, side))
        for inner, outer in reversed(list(pairwise(zip(marks, slopes, strict=True)))):
            if not _is_under(outer[1], level):
                return outer[0]
            if not _is_under(inner[1], level):
                return _meeting(a.smooth[i], inner, outer[0], side, level)
    raise NotProved("the slope is small everywhere")


def _inner_end(a: Analysis, piece: int, side: int) -> Any | None:
    place = a.whole.pieces[piece].high if side > 0 else a.whole.pieces[piece].low
    return None if place is None else number(place)


def _end_slope(a: Analysis, piece: int, side: int) -> Any:
    """Return the slope's limit at an end of a piece: at a joint from within, or at an infinity."""
    outermost = piece == (len(a.smooth) - 1 if side > 0 else 0)
    return a.limit(side, 1) if outermost else a.beside(piece if side > 0 else piece - 1, -side, 1)


def _is_under(slope: Any, level: Any) -> bool:
    """Tell whether |slope| < level."""
    if is_infinite(slope):
        return False
    exact = hasattr(slope, "free_symbols") and hasattr(level, "free_symbols")
    if exact and (same(slope, level) or same(slope, -level)):
        return False
    size = abs(number(slope))
    if size < number(level):
        return True
    if size > number(level):
        return False
    raise NotProved("whether a slope is under 1 % of the largest is not decided")


def _meeting(smooth: Any, inner: tuple[Any, Any], outer: Any, side: int, level: Any) -> Any:
    """Return a ball around the one place of a monotone stretch at which |f'| is the level."""
    start = next((m for m in (inner[0], outer) if m is not None), arb(0)).mid()
    steep, small = (start if m is None else m for m in (inner[0], outer))
    reach = arb(1)
    while inner[0] is None and _is_under(smooth.plainly(steep.mid(), 1), level):
        steep, reach = start - side * reach, _doubled(reach)
    while outer is None and not _is_under(smooth.plainly(small.mid(), 1), level):
        small, reach = start + side * reach, _doubled(reach)
    steep, small = steep.mid(), small.mid()
    while True:
        middle = ((steep + small) / 2).mid()
        gap = abs(smooth.plainly(middle, 1)) - number(level)
        if gap.contains(0) or middle in (steep, small):
            return _around(smooth, middle, level)
        steep, small = (middle, small) if gap > 0 else (steep, middle)


def _doubled(reach: Any) -> Any:
    if reach > FARTHEST:
        raise NotProved(f"the slope meets 1 % of the largest beyond {FARTHEST:g}, if at all")
    return 2 * reach


def _around(smooth: Any, place: Any, level: Any) -> Any:
    """Return a small ball at whose ends |f'| is proved to be on both sides of the level."""
    reach = (abs(place) + 1) * NEAR
    ends = [(place + side * reach).mid() for side in (-1, 1)]
    gaps = [abs(smooth.plainly(end, 1)) - number(level) for end in ends]
    if not gaps[0] * gaps[1] < 0:
        raise NotProved("where the slope meets 1 % of the largest is not decided")
    return ends[0].union(ends[1])
