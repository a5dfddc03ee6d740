"""A smooth formula far out: sums of t^k log(t)^l exp(-P(t)), t = |x|, with coefficients proved for all t >= start.

A coefficient is exact (a number) or a ball that holds it for every t; each function is its series with the
remainder in a ball. So signs, bounds and limits hold for the whole unbounded side, not for samples of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, cmp_to_key, lru_cache
from typing import Any

import sympy as sp
from flint import arb

from nonlin.derivation.reference import enclose
from nonlin.facts.exactly import vanishes
from nonlin.facts.pieces import NotProved

TERMS = 12  # smaller terms go into the last coefficient
ORDER = 4  # of each series before its remainder
BITS = 128


Decay = tuple[tuple[Fraction, Any], ...]


@dataclass(frozen=True)
class Scale:
    """A comparison function t^power log(t)^logs exp(-sum of c t^j)."""

    power: Fraction = Fraction(0)
    logs: Fraction = Fraction(0)
    decay: Decay = ()

    def times(self, other: Scale) -> Scale:
        """Return the product."""
        decay = _sum(self.decay, other.decay) if self.decay and other.decay else self.decay or other.decay
        return Scale(self.power + other.power, self.logs + other.logs, decay)

    def to_the(self, exponent: Fraction) -> Scale:
        """Return a power of it."""
        decay = _multiple(self.decay, exponent) if self.decay else ()
        return Scale(self.power * exponent, self.logs * exponent, decay)

    @cached_property
    def growth(self) -> int:
        """1 if it tends to infinity, -1 if to 0, 0 if it is 1."""
        if self.decay:
            return -_sign(self.decay[-1][1])
        return (self.power > 0) - (self.power < 0) or (self.logs > 0) - (self.logs < 0)

    def at(self, t: Any) -> Any:
        """Return its value as a ball."""
        value = t ** arb(self.power.numerator) if self.power.denominator == 1 else t ** _ratio(self.power)
        if self.logs:
            value *= t.log() ** _ratio(self.logs)
        total = sum((constant_ball(c) * t ** _ratio(j) for j, c in self.decay), arb(0))
        return value * (-total).exp() if self.decay else value

    def falls_from(self, start: Any) -> bool:
        """Tell whether it is proved to fall from `start` on: k + l / log t - sum j c t^j <= 0."""
        constant = _ratio(self.power) + (_ratio(self.logs) / start.log() if self.logs > 0 else 0)
        if not self.decay:
            return bool(constant <= 0)
        highest, first = self.decay[-1]
        margin = _ratio(highest) * constant_ball(first)
        for j, c in self.decay[:-1]:
            size = _ratio(j) * constant_ball(c)
            margin -= arb(0).max(-size) * start ** _ratio(j - highest)
        margin -= arb(0).max(constant) * start ** _ratio(-highest)
        return bool(margin >= 0)


@lru_cache(4096)
def _sum(a: Decay, b: Decay) -> Decay:
    decay = dict(a)
    for j, c in b:
        decay[j] = sp.expand(decay.get(j, 0) + c)
    return tuple(sorted((j, c) for j, c in decay.items() if vanishes(c) is not True))


@lru_cache(4096)
def _multiple(a: Decay, times: Fraction) -> Decay:
    n = sp.Rational(times.numerator, times.denominator)
    return tuple((j, sp.expand(c * n)) for j, c in a) if times else ()


ONE = Scale()


@dataclass(frozen=True)
class Coefficient:
    """A ball that holds a factor for every t; `exact` if it is one number."""

    ball: Any
    exact: Any = None

    def plus(self, other: Coefficient) -> Coefficient | None:
        """Return the sum; None if it is exactly 0."""
        if self.exact is None or other.exact is None:
            return Coefficient(self.ball + other.ball)
        total = sp.expand(self.exact + other.exact)
        zero = vanishes(total) if not total.free_symbols else False
        if zero is True:
            return None
        return Coefficient(self.ball + other.ball, total if zero is False else None)

    def times(self, other: Coefficient) -> Coefficient:
        """Return the product."""
        both = self.exact is not None and other.exact is not None
        return Coefficient(self.ball * other.ball, self.exact * other.exact if both else None)


@dataclass(frozen=True, eq=False)
class Tail:
    """A function of t >= start as terms in falling order of growth."""

    start: Any
    terms: tuple[tuple[Scale, Coefficient], ...] = ()

    # --- what it tells -----------------------------------------------------------------------------------

    def factored(self) -> tuple[Scale, Coefficient, Tail]:
        """Return its first term, and the whole divided by it, less 1.

        Raises
        ------
        NotProved
            If the first coefficient may be 0.
        """
        if not self.terms:
            raise NotProved("a tail is 0")
        scale, first = self.terms[0]
        if first.ball.contains(0):
            raise NotProved("far out its leading term has no certain sign")
        inverse = Coefficient(1 / first.ball, None if first.exact is None else 1 / first.exact)
        under = scale.to_the(Fraction(-1))
        rest = [(s.times(under), c.times(inverse)) for s, c in self.terms[1:]]
        return scale, first, collected(self.start, rest)

    def sign(self) -> int:
        """Return the sign that the function has for all t >= start, 0 if it is 0 there."""
        if not self.terms:
            return 0
        _, first, rest = self.factored()
        if not 1 + rest.ball() > 0:
            raise NotProved("its leading term leads only farther out")
        return 1 if first.ball > 0 else -1

    def ball(self) -> Any:
        """Return a ball that holds the function for all t >= start."""
        return sum((c.ball * self._whole(s) for s, c in self.terms), arb(0))

    def _whole(self, scale: Scale) -> Any:
        if scale == ONE:
            return arb(1)
        if scale.growth >= 0:
            raise NotProved("a tail is unbounded")
        return arb(0).union(self._top(scale))

    def _top(self, scale: Scale) -> Any:
        if not scale.falls_from(self.start):
            raise NotProved("a term falls only farther out")
        return scale.at(self.start)

    @property
    def growth(self) -> int:
        """1 if its first term grows, 0 if it is constant, -1 if it falls or there is none."""
        return self.terms[0][0].growth if self.terms else -1

    def limit(self) -> Any:
        """Return the limit: an exact expression, or SymPy's infinity with a sign.

        Raises
        ------
        NotProved
            If it wavers.
        """
        if self.growth < 0:
            return sp.Integer(0)
        _, first = self.terms[0]
        if self.growth > 0 and not first.ball.contains(0):
            return sp.oo if first.ball > 0 else -sp.oo
        if self.growth == 0 and first.exact is not None:
            return first.exact
        raise NotProved("it may waver without end")

    # --- arithmetic --------------------------------------------------------------------------------------

    def __add__(self, other: Tail) -> Tail:
        return collected(self.start, [*self.terms, *other.terms])

    def __mul__(self, other: Tail) -> Tail:
        return collected(
            self.start, [(s.times(p), c.times(d)) for s, c in self.terms for p, d in other.terms]
        )

    def __neg__(self) -> Tail:
        return self.scaled(sp.Integer(-1))

    def __sub__(self, other: Tail) -> Tail:
        return self + -other

    def scaled(self, number: Any) -> Tail:
        """Return it times an exact number."""
        if number == 0:
            return Tail(self.start)
        factor = Coefficient(constant_ball(number), number)
        return collected(self.start, [(s, c.times(factor)) for s, c in self.terms])

    def plus(self, number: Any) -> Tail:
        """Return it plus an exact number."""
        return self + number_tail(self.start, number)

    def __pow__(self, exponent: Any) -> Tail:
        if isinstance(exponent, Tail):
            exponent = exponent._as_number()
        if isinstance(exponent, int) and 0 <= exponent <= 8:
            return math.prod([self] * exponent, start=number_tail(self.start, sp.Integer(1)))
        return self._to_the(fraction(sp.sympify(exponent)))

    def _to_the(self, a: Fraction) -> Tail:
        scale, first, rest = self.factored()
        if a.denominator != 1 and not first.ball > 0:
            raise NotProved("a root of a tail that may be negative")
        exponent = sp.Rational(a.numerator, a.denominator)
        ball = first.ball**a.numerator if a.denominator == 1 else first.ball ** _ratio(a)
        lead = Coefficient(ball, None if first.exact is None else first.exact**exponent)
        series = [sp.binomial(exponent, j) for j in range(ORDER)]
        far = rest.hull() + 1
        last = constant_ball(sp.binomial(exponent, ORDER)) * positive(far) ** _ratio(a - ORDER)
        return collected(self.start, [(scale.to_the(a), lead)]) * rest.series(series, last)

    def series(self, coefficients: list[Any], last: Any) -> Tail:
        """Return sum of c_j r^j of this falling r, plus r^n times a ball."""
        total, power = Tail(self.start), number_tail(self.start, sp.Integer(1))
        for c in coefficients:
            total, power = total + power.scaled(sp.sympify(c)), power * self
        return total + collected(self.start, [(s, c.times(Coefficient(last))) for s, c in power.terms])

    def hull(self) -> Any:
        """Return a ball that holds everything between 0 and the function."""
        return arb(0).union(self.ball())

    def parts(self) -> tuple[list[tuple[Scale, Coefficient]], Coefficient | None, Tail]:
        """Return the terms that grow, the constant, and what falls."""
        grows = [(s, c) for s, c in self.terms if s.growth > 0]
        constant = next((c for s, c in self.terms if s.growth == 0), None)
        return grows, constant, collected(self.start, [(s, c) for s, c in self.terms if s.growth < 0])

    def _as_number(self) -> Any:
        if len(self.terms) == 1 and self.terms[0][0] == ONE and self.terms[0][1].exact is not None:
            return self.terms[0][1].exact
        raise NotProved("an exponent that depends on x")


# --- Parts ------------------------------------------------------------------------------------------------


def collected(start: Any, terms: Any) -> Tail:
    """Collect equal scales, sort by growth, and put what is too small into the last coefficient."""
    found: dict[Scale, Coefficient] = {}
    for scale, c in terms:
        total: Coefficient | None = c
        if scale in found:
            total = found.pop(scale).plus(c)
        if total is not None:
            found[scale] = total
    order = sorted(found, key=cmp_to_key(_compare))
    kept = [(s, found[s]) for s in order[:TERMS]]
    small = Tail(start)
    for s in order[TERMS:]:
        under = s.times(kept[-1][0].to_the(Fraction(-1)))
        last = kept[-1][1].ball + found[s].ball * small._whole(under)
        kept[-1] = (kept[-1][0], Coefficient(last))
    return Tail(start, tuple(kept))


def _compare(a: Scale, b: Scale) -> int:
    if a.decay == b.decay:
        ahead = (a.power, a.logs) > (b.power, b.logs)
        return -1 if ahead else int((a.power, a.logs) < (b.power, b.logs))
    return _faster(a.decay, b.decay)


@lru_cache(4096)
def _faster(a: Decay, b: Decay) -> int:
    """Return -1 if the first falls more slowly than the second, whatever their powers."""
    return -Scale(decay=_sum(a, _multiple(b, Fraction(-1)))).growth


def number_tail(start: Any, number: Any, ball: Any = None) -> Tail:
    if number == 0:
        return Tail(start)
    return Tail(start, ((ONE, Coefficient(constant_ball(number) if ball is None else ball, number)),))


def wavering(start: Any, ball: Any) -> Tail:
    return Tail(start, ((ONE, Coefficient(ball)),))


def positive(ball: Any) -> Any:
    if not ball > 0:
        raise NotProved("a series of a tail does not yet converge")
    return ball


def _sign(number: Any) -> int:
    ball = constant_ball(number)
    if ball.contains(0):
        raise NotProved(f"the sign of {number} is not decided")
    return 1 if ball > 0 else -1


@lru_cache(4096)
def constant_ball(number: Any) -> Any:
    return enclose(number, {}, BITS)


def fraction(number: Any) -> Fraction:
    if not number.is_Rational:
        raise NotProved(f"the exponent {number} is no fraction")
    return Fraction(int(number.p), int(number.q))


def _ratio(number: Fraction) -> Any:
    return arb(number.numerator) / arb(number.denominator)
