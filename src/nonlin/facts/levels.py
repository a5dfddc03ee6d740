"""The least and greatest value of a function or its slope: every candidate, and which of them leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb

from nonlin.derivation.reference import enclose
from nonlin.facts.analysis import Analysis, number, same
from nonlin.facts.intervals import BITS
from nonlin.facts.pieces import NotProved
from nonlin.facts.proof import is_infinite, nearest
from nonlin.facts.signs import Root
from nonlin.vocabulary import x

BESIDE = 2.0**-100  # a ball around exactly 0 has no whole power in Arb; a wider one, not around it, has


@dataclass(frozen=True)
class Level:
    """A value that a function takes, or only approaches."""

    value: Any  # a ball, or an exact expression, plus and minus infinity included
    attained: bool

    @property
    def ball(self) -> Any:
        return arb(nearest(self.value)) if is_infinite(self.value) else number(self.value)


def levels(a: Analysis, order: int) -> Iterator[Level]:
    """Yield every value that can be the least or greatest of a derivative."""
    charts, last = a.signs(order + 1), len(a.smooth) - 1
    for i, (smooth, chart, piece) in enumerate(zip(a.smooth, charts, a.whole.pieces, strict=True)):
        if chart.period is not None and a.signs(order)[0].period is None:  # a line plus a wave: all numbers
            yield from (Level(a.limit(side, order), False) for side in (-1, 1))
            continue
        if chart.signs == (0,):
            inner = sp.Integer(0) if piece.low is None and piece.high is None else piece.low
            place = piece.high if inner is None else inner
            yield Level(smooth.formula(order).xreplace({x: place}), True)
            continue
        for root in chart.roots:
            yield Level(value_at_root(smooth, root, order), True)
        if chart.period is None:
            yield from (Level(a.limit(-1, order), False) for _ in [0] if i == 0 and piece.low is None)
            yield from (Level(a.limit(1, order), False) for _ in [0] if i == last and piece.high is None)
    for joint in range(len(a.whole.joints)):
        yield from (Level(a.beside(joint, side, order), False) for side in (-1, 1))
        if order == 0:
            yield Level(a.whole.joints[joint][1], True)


def value_at_root(smooth: Any, root: Root, order: int = 0) -> Any:
    if root.exact is not None:
        value = smooth.formula(order).xreplace({x: root.exact})
        if enclose(value, {}, BITS).is_finite():
            return value
        return smooth.over(root.ball.union(root.ball.upper() + BESIDE), order)
    return smooth.over(root.ball, order)


def extreme(found: list[Level], side: int) -> Level:
    """Return the highest (side 1) or lowest level; attained if one of those that are equal is."""
    best = found[0]
    for level in found[1:]:
        ahead = (level.ball - best.ball) * side
        if level.value == best.value or ahead.is_zero():
            best = Level(best.value, best.attained or level.attained)
        elif ahead > 0:
            best = level
        elif not ahead < 0:
            best = _merged(best, level)
    return best


def _merged(a: Level, b: Level) -> Level:
    """Return what is known of the better of two levels whose balls overlap."""
    if a.attained == b.attained:
        return Level(a.ball.union(b.ball), a.attained)
    if hasattr(a.value, "free_symbols") and hasattr(b.value, "free_symbols") and same(a.value, b.value):
        return Level(a.value, True)
    raise NotProved("whether a bound is attained or only approached is not decided")


def steepest(a: Analysis) -> Any:
    """Return the least upper bound of |f'|, exactly or as a ball."""
    slopes = [Level(v.value if v.ball >= 0 else -v.value, True) for v in levels(a, 1)]
    return extreme(slopes, 1).value
