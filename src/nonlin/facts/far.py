"""A whole formula far out, word by word, and what it weighs beyond under the normal density."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb

from nonlin.derivation.arithmetic import Arithmetic, compiled
from nonlin.derivation.reference import enclose
from nonlin.facts.exactly import vanishes
from nonlin.facts.intervals import IN_INTERVALS
from nonlin.facts.intervals import WORDS as INTERVAL_WORDS
from nonlin.facts.pieces import NotProved
from nonlin.facts.tails import (
    BITS,
    ONE,
    ORDER,
    Coefficient,
    Scale,
    Tail,
    collected,
    constant_ball,
    fraction,
    number_tail,
    positive,
    wavering,
)
from nonlin.vocabulary import WORDS, x


def tail(formula: Any, side: int, start: float, values: Mapping[Any, Any] | None = None) -> Tail:
    """Return a smooth formula for x = side t, t >= start.

    Parameters
    ----------
    formula : expression
        Without `where`, `abs`, `sign`.
    side : -1 or 1
    start : float
        At least 3.
    values : mapping of symbol to ball, optional
        For symbols other than x.

    Raises
    ------
    NotProved
        If the first terms do not lead from `start` on, or it has no such form.
    """
    at = arb(start)
    far = Tail(at, ((Scale(Fraction(1)), Coefficient(arb(side), sp.Integer(side))),))

    def constant(e: Any, known: Mapping[Any, Any], bits: int) -> Tail:
        number = sp.sympify(e)
        return number_tail(at, number, enclose(number, known, bits))

    arithmetic = Arithmetic(constant, FAR, lambda u: u ** sp.Rational(1, 2), _no_choice, {})
    found: Tail = compiled(formula, values or {}, arithmetic, BITS)(far)
    return found if isinstance(found, Tail) else constant(formula, values or {}, BITS)


def weight_beyond(far: Tail) -> Any:
    """Return a ball that bounds the integral of |f(t)| times the normal density over t >= start.

    With |f| a sum of terms, each term times exp(t - start) times the density falls, so that its integral is at
    most its value at the start; infinite if a term of certain sign does not fall at all.
    """
    faster = Scale(decay=((Fraction(1), sp.Integer(-1)), (Fraction(2), sp.Rational(1, 2))))
    density = Scale(decay=((Fraction(2), sp.Rational(1, 2)),))
    total = arb(0)
    for k, (scale, c) in enumerate(far.terms):
        if not scale.times(faster).falls_from(far.start):
            endless = scale.times(density).growth >= 0 and k == 0 and not c.ball.contains(0)
            if endless:
                return arb("inf")
            raise NotProved("a tail may outweigh the normal density")
        total += abs(c.ball) * scale.at(far.start)
    return total * (-(far.start**2) / 2).exp() / (2 * arb.pi()).sqrt()


# --- Words ------------------------------------------------------------------------------------------------


def _exp(u: Tail) -> Tail:
    grows, constant, rest = u.parts()
    if grows and grows[0][0].decay and grows[0][1].ball < 0:
        return _exp_of_exp(u)
    scale, factor = ONE, Coefficient(arb(1), sp.Integer(1))
    for s, c in grows:
        if c.exact is None or s.decay or (s.logs and (s.power or s.logs != 1)):
            raise NotProved("the exponential of an inexact tail")
        if s.logs:
            scale = scale.times(Scale(power=fraction(c.exact)))
        else:
            scale = scale.times(Scale(decay=((s.power, -c.exact),)))
    if constant is not None:
        exact = None if constant.exact is None else WORDS["exp"](constant.exact)
        factor = Coefficient(constant.ball.exp(), exact)
    series = [sp.Rational(1, math.factorial(j)) for j in range(ORDER)]
    remainder = rest.hull().exp() / math.factorial(ORDER)
    return collected(u.start, [(scale, factor)]) * rest.series(series, remainder)


def _exp_of_exp(u: Tail) -> Tail:
    """Return exp(u) for a u that falls faster than -t^2: at most exp(-c t^2), with c from where u starts."""
    scale, first, rest = u.factored()
    ahead = scale.times(Scale(power=Fraction(-2)))
    share = 1 + rest.ball()
    if not share > 0 or not ahead.to_the(Fraction(-1)).falls_from(u.start):
        raise NotProved("the exponential of a tail that does not yet fall")
    least = (-first.ball * share * ahead.at(u.start)).lower()
    rate = sp.Integer(int(min(float(least), 2.0**30)))
    if rate < 1:
        raise NotProved("the exponential of a tail that does not yet fall")
    return collected(u.start, [(Scale(decay=((Fraction(2), rate),)), Coefficient(arb(0).union(arb(1))))])


def _log1p_small(r: Tail) -> Tail:
    series = [0, *(sp.Rational((-1) ** (j + 1), j) for j in range(1, ORDER))]
    return r.series(series, positive(r.hull() + 1) ** -ORDER * arb((-1) ** (ORDER + 1)) / ORDER)


def _log(u: Tail) -> Tail:
    scale, first, rest = u.factored()
    if scale.logs or not first.ball > 0:
        raise NotProved("the logarithm of a tail that is not certainly positive")
    exact = None if first.exact is None else WORDS["log"](first.exact)
    terms = [(Scale(power=j), Coefficient(-constant_ball(c), -c)) for j, c in scale.decay]
    if scale.power:
        power = sp.Rational(scale.power.numerator, scale.power.denominator)
        terms.append((Scale(logs=Fraction(1)), Coefficient(constant_ball(power), power)))
    if vanishes(exact if exact is not None else 1) is not True:
        terms.append((ONE, Coefficient(first.ball.log(), exact)))
    return collected(u.start, terms) + _log1p_small(rest)


def _log1p(u: Tail) -> Tail:
    return _log1p_small(u) if u.growth < 0 else _log(u.plus(sp.Integer(1)))


def _rises(u: Tail) -> bool:
    """Tell whether it tends to plus infinity, or is bounded and starts with a positive number."""
    return bool(u.terms) and u.terms[0][1].ball > 0


def _sigmoid(u: Tail) -> Tail:
    if _rises(u):
        return _exp(-u).plus(sp.Integer(1)) ** -1
    e = _exp(u)
    return e * e.plus(sp.Integer(1)) ** -1


def _softplus(u: Tail) -> Tail:
    return u + _log1p(_exp(-u)) if u.growth > 0 and _rises(u) else _log1p(_exp(u))


def _tanh(u: Tail) -> Tail:
    if u.growth > 0 and not _rises(u):
        return -_tanh(-u)
    e = _exp(u.scaled(sp.Integer(-2)))
    return (-e).plus(sp.Integer(1)) * e.plus(sp.Integer(1)) ** -1


def _sech2(u: Tail) -> Tail:
    e = _exp((u if _rises(u) else -u).scaled(sp.Integer(-2)))
    return e.scaled(sp.Integer(4)) * e.plus(sp.Integer(1)) ** -2


def _normal_pdf(u: Tail) -> Tail:
    return _exp((u * u).scaled(sp.Rational(-1, 2))).scaled(1 / sp.sqrt(2 * sp.pi))


def _normal_cdf(u: Tail) -> Tail:
    if u.growth <= 0:
        return _near("normal_cdf", u)
    if _rises(u):
        return (-_normal_cdf(-u)).plus(sp.Integer(1))
    v = -u
    ratio = v**-1 - v**-3 + (v**-5).scaled(sp.Integer(3)) * wavering(u.start, arb(0).union(arb(1)))
    return _normal_pdf(u) * ratio  # Mills' ratio lies between the partial sums of its series


def _erf(u: Tail) -> Tail:
    if u.growth <= 0:
        return _near("erf", u)
    return _normal_cdf(u.scaled(sp.sqrt(2))).scaled(sp.Integer(2)).plus(sp.Integer(-1))


def _sin(u: Tail) -> Tail:
    return _near("sin", u) if u.growth <= 0 else wavering(u.start, arb(0, 1))


def _cos(u: Tail) -> Tail:
    return _near("cos", u) if u.growth <= 0 else wavering(u.start, arb(0, 1))


def _near(name: str, u: Tail) -> Tail:
    """Return a word of a bounded tail: its value at the limit, plus the rest times a ball of its slope."""
    _, constant, rest = u.parts()
    centre = Coefficient(arb(0), sp.Integer(0)) if constant is None else constant
    exact = None if centre.exact is None else WORDS[name](centre.exact)
    slope = WORDS[name](x).diff(x)
    steep = compiled(slope, {}, IN_INTERVALS, BITS)(centre.ball + rest.hull())
    terms = (
        []
        if exact is not None and vanishes(exact)
        else [(ONE, Coefficient(INTERVAL_WORDS[name](centre.ball), exact))]
    )
    return collected(u.start, [*terms, *((s, c.times(Coefficient(steep))) for s, c in rest.terms)])


FAR: Mapping[str, Any] = {
    "exp": _exp,
    "expm1": lambda u: _exp(u).plus(sp.Integer(-1)),
    "expm1_rest": lambda u: _exp(u).plus(sp.Integer(-1)) - u,
    "log": _log,
    "log1p": _log1p,
    "tanh": _tanh,
    "tanh_rest": lambda u: u - _tanh(u),
    "sech2": _sech2,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "erf": _erf,
    "normal_cdf": _normal_cdf,
    "normal_pdf": _normal_pdf,
    "sin": _sin,
    "cos": _cos,
    "hypot": lambda u, v: (u * u + v * v) ** sp.Rational(1, 2),
}
"""Each word of a tail; the others do not stand in a piece."""


def _no_choice(*given: Any) -> Any:
    raise NotProved("a condition stands in a piece")
