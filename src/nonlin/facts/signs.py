"""Where a smooth function is positive, negative or 0 on a whole piece: every root isolated, none missed.

An interval on which a ball excludes 0 has no root; one on which the slope's ball excludes 0 has one root or none,
by the signs at its ends; others are halved. Far out the leading term of a tail decides, at an end of the piece or
at a multiple root the first derivative that does not vanish there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy as sp
from flint import arb

from nonlin.derivation.reference import enclose
from nonlin.facts.exactly import is_identity, vanishes
from nonlin.facts.far import tail
from nonlin.facts.intervals import BITS, Smooth
from nonlin.facts.pieces import NotProved
from nonlin.vocabulary import cos, sin, x

STEPS = 3000  # intervals looked at before giving up
MULTIPLICITY = 6
NARROW, NARROWEST = 2.0**-4, 2.0**-30
STARTS = tuple(2.0**k for k in range(3, 13))  # where a tail may begin to lead
SMALL = 2.0**-12  # of the values at both ends: a point whose value is smaller lies too near a root
SPLITS = (0.5, 0.4375, 0.5625, 0.40625, 0.46875)


@dataclass(frozen=True)
class Root:
    """A place where a function is 0: a ball that holds it and no other, and its exact form if that is known."""

    ball: Any
    exact: Any = None

    @property
    def expression(self) -> Any:
        """The place as it can be put into a formula."""
        return self.ball if self.exact is None else self.exact


@dataclass(frozen=True)
class Signs:
    """The sign chart of a function on an open piece.

    Attributes
    ----------
    roots : tuple of Root
        Inside the piece, in ascending order; of one period if there is one.
    signs : tuple of int
        Before, between and after the roots; a single 0 if the function is 0 all over.
    period : expression or None
    """

    roots: tuple[Root, ...]
    signs: tuple[int, ...]
    period: Any = None


def signs(function: Smooth, low: Any, high: Any) -> Signs:
    """Return the sign chart of a smooth function between two exact places, None for no end.

    Raises
    ------
    NotProved
        If a sign is not decided.
    """
    formula = function.formula()
    if not formula.has(x):
        return Signs((), (_sign(function.plainly(arb(0))),)) if formula != 0 else Signs((), (0,))
    if _vanishes_all_over(function, low, high):
        return Signs((), (0,))
    wave = period(formula) if low is None and high is None else None
    return _of_a_wave(function, wave) if wave is not None else _Search(function).between(low, high)


def period(formula: Any) -> Any | None:
    """Return the period of a formula in which x stands in sines and cosines only; None if it has none."""
    angles = {w.args[0] for w in formula.atoms(sin, cos)}
    rates = {sp.expand(a).coeff(x, 1) for a in angles}
    linear = all(sp.expand(a - sp.expand(a).coeff(x, 1) * x).has(x) is False for a in angles)
    if not angles or not linear or any(r == 0 for r in rates):
        return None
    if formula.xreplace({w: sp.Dummy() for w in formula.atoms(sin, cos)}).has(x):
        return None
    first = next(iter(rates))
    ratios = [sp.nsimplify(r / first) if (r / first).is_Rational else None for r in rates]
    if any(r is None for r in ratios):
        return None
    common = reduce(sp.gcd, ratios)
    return abs(2 * sp.pi / (first * common))


def _of_a_wave(function: Smooth, wave: Any) -> Signs:
    length = enclose(wave, {}, BITS)
    for offset in (0.0, 0.3, 0.7, 0.1):
        low = -length.mid() / 2 + length.mid() * arb(offset) / 7
        first = function.plainly(low.mid())
        if not first.contains(0):
            search = _Search(function, wave)
            found = search.inside(low.mid(), _sign(first), (low.mid() + length).upper(), _sign(first))
            return Signs(found.roots, found.signs, wave)
    raise NotProved("no sign is certain on a period")


def _vanishes_all_over(function: Smooth, low: Any, high: Any) -> bool:
    samples = [arb(t) / 7 for t in (-19, 5, 31)]
    balls = [function.plainly(t) for t in samples]
    return all(b.contains(0) for b in balls) and is_identity(function.formula())


class _Search:
    """Isolates the roots of one function; counts its steps."""

    def __init__(self, function: Smooth, wave: Any = None) -> None:
        self.function, self.wave, self.steps = function, wave, 0
        self.found: list[tuple[Root, int]] = []  # with the sign after it

    def between(self, low: Any, high: Any) -> Signs:
        reach = max((abs(float(end)) for end in (low, high) if end is not None), default=0.0)
        a, sign_a = self._far(-1, reach) if low is None else self._beside(low, 1)
        b, sign_b = self._far(1, reach) if high is None else self._beside(high, -1)
        return self.inside(a, sign_a, b, sign_b)

    def inside(self, a: Any, sign_a: int, b: Any, sign_b: int) -> Signs:
        if a < b:
            self._look(a, sign_a, b, sign_b)
        elif sign_a != sign_b:
            raise NotProved("both ends of a short piece have multiple roots")
        return Signs(tuple(r for r, _ in self.found), (sign_a, *(s for _, s in self.found)))

    def _far(self, side: int, reach: float) -> tuple[Any, int]:
        reason = "a tail begins too far out"
        for start in (s for s in STARTS if s > reach):
            try:
                return arb(side * start), tail(
                    self.function.formula(), side, start, self.function.values
                ).sign()
            except NotProved as why:
                reason = str(why)
        raise NotProved(reason)

    def _beside(self, place: Any, side: int) -> tuple[Any, int]:
        """Return a point on that side of a place, and the sign from the place up to it."""
        ball = enclose(place, {}, BITS)
        value = self.function.plainly(ball)
        if value.is_finite() and not value.contains(0):
            return (ball.lower() if side > 0 else ball.upper()), _sign(value)
        order = self._order_at(place)
        for step in (2.0**-k for k in range(20)):
            point = (ball + side * arb(step)).mid()
            first = self.function.over(ball.union(point), order)
            if first.is_finite() and not first.contains(0):
                return point, _sign(first) * side**order
        raise NotProved(f"the sign beside {place} is not decided")

    def _order_at(self, place: Any) -> int:
        """Return how many times the function vanishes at an exact place."""
        for order in range(MULTIPLICITY):
            if not self._vanishes(place, order):
                return order
        raise NotProved(f"too many derivatives vanish at {place}")

    def _vanishes(self, place: Any, order: int = 0) -> bool:
        value = self.function.formula(order).xreplace({x: place})
        if value.has(sp.zoo, sp.nan, sp.oo):
            raise NotProved(f"it, or a derivative of it, is infinite at {place}")
        told = vanishes(value) if not value.free_symbols else None
        if told is None:
            ball = self.function.plainly(enclose(place, {}, BITS), order)
            if not ball.is_finite() or ball.contains(0):
                raise NotProved(f"whether a derivative vanishes at {place} is not decided")
            return False
        return told

    def _look(self, a: Any, sign_a: int, b: Any, sign_b: int) -> None:
        self.steps += 1
        if self.steps > STEPS:
            raise NotProved(f"{STEPS} intervals were not enough")
        whole = a.union(b)
        value = self.function.over(whole)
        if value.is_finite() and not value.contains(0):
            if not sign_a == sign_b == _sign(value):
                raise NotProved("the signs at the ends of an interval contradict it")
            return
        slope = self.function.over(whole, 1)
        if slope.is_finite() and not slope.contains(0):
            if sign_a != sign_b:
                self.found.append((self._sharpened(whole, sign_b), sign_b))
            return
        if float(whole.rad()) < NARROW and self._multiple(a, sign_a, b, sign_b):
            return
        if float(whole.rad()) < NARROWEST:
            raise NotProved(f"two roots near {float(whole.mid()):.9g} cannot be told apart")
        middle, sign = self._middle(a, b)
        self._look(a, sign_a, middle, sign)
        self._look(middle, sign, b, sign_b)

    def _middle(self, a: Any, b: Any) -> tuple[Any, int]:
        """Return a point between, well away from roots, and the sign there."""
        size = self.function.plainly(a).abs_upper().max(self.function.plainly(b).abs_upper())
        best, largest = None, arb(0)
        for part in SPLITS:
            point = (a + (b - a) * arb(part)).mid()
            value = self.function.plainly(point)
            if value.is_finite() and abs(value) > largest:
                best, largest = (point, _sign(value)), value.abs_lower()
            if largest > size * SMALL:
                break
        if best is None:
            raise NotProved(f"no sign is certain near {float(a):.9g}")
        return best

    def _multiple(self, a: Any, sign_a: int, b: Any, sign_b: int) -> bool:
        """Tell whether there is one root, at a simple place where several derivatives vanish."""
        whole = a.union(b)
        for place in _simple(whole, self.wave):
            ball = enclose(place, {}, BITS)
            if not a < ball < b or not self.function.plainly(ball).contains(0) or not self._vanishes(place):
                continue
            order = self._order_at(place)
            first = self.function.over(whole, order)
            if first.is_finite() and not first.contains(0):
                self.found.append((Root(ball, place), sign_b))
                return bool(sign_a * sign_b == (-1) ** order)
        return False

    def _sharpened(self, whole: Any, sign_after: int) -> Root:
        """Return the one root of an interval on which the slope has one sign: Newton steps, else halves."""
        while True:
            middle = (whole.mid() + whole.rad() / 8).mid()  # off the centre, where a simple root often is
            value = self.function.plainly(middle)
            nearer = whole.intersection(middle - value / self.function.over(whole, 1))
            if not (nearer.is_finite() and float(nearer.rad()) < float(whole.rad()) / 2):
                if not value.is_finite() or value.contains(0) or not float(whole.rad()) > NARROWEST:
                    break
                nearer = (whole.lower() if _sign(value) == sign_after else whole.upper()).union(middle)
            whole = nearer
        for place in _simple(whole, self.wave):
            if not self.function.values and vanishes(self.function.formula().xreplace({x: place})) is True:
                return Root(enclose(place, {}, BITS), place)
        return Root(whole)


def _simple(whole: Any, wave: Any) -> Iterator[Any]:
    """Yield the simplest fraction in an interval, and for a wave the simplest fraction of its period."""
    yield from _fractions(whole, sp.Integer(1))
    if wave is not None:
        yield from _fractions(whole, wave)


def _fractions(whole: Any, unit: Any) -> Iterator[Any]:
    scaled = whole / enclose(unit, {}, BITS)
    middle = float(scaled.mid())
    if not math.isfinite(middle):
        return
    for most in (1, 2, 12, 1000):
        near = Fraction(middle).limit_denominator(most)
        place = sp.Rational(near.numerator, near.denominator) * unit
        if whole.overlaps(enclose(place, {}, BITS)):
            yield place
            return


def _sign(ball: Any) -> int:
    if not ball.is_finite() or ball.contains(0):
        raise NotProved("a sign is not decided")
    return 1 if ball > 0 else -1
