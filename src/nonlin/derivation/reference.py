"""The truth: a formula in ball arithmetic, which proves how near its answer is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from flint import arb, ctx, fmpq

from nonlin.errors import InvalidDefinition
from nonlin.vocabulary import Word, x

Balls = Callable[..., Any]


def _sigmoid(u: Any) -> Any:
    if u < 0:  # exp(-u) could overflow to no number at all
        e = u.exp()
        return e / (1 + e)
    return 1 / (1 + (-u).exp())


def _softplus(u: Any) -> Any:
    return u + (-u).exp().log1p() if u > 0 else u.exp().log1p()


def _sech2(u: Any) -> Any:
    e = (-2 * abs(u)).exp()
    return 4 * e / (1 + e) ** 2


def _hypot(u: Any, v: Any) -> Any:
    return (u * u + v * v).sqrt()


def _before_cancelling(word: Callable[[Any], Any], digits: int) -> Callable[[Any], Any]:
    """Return the word with more working precision near 0, where `digits` times as many leading bits cancel."""

    def with_all_digits(u: Any) -> Any:
        mantissa, exponent = abs(u).mid().man_exp()
        small = max(0, -int(exponent) - int(mantissa).bit_length())
        with ctx.workprec(ctx.prec + digits * min(small, 1200)):
            return word(u)

    return with_all_digits


def _normal_cdf(u: Any) -> Any:
    return (-u / arb(2).sqrt()).erfc() / 2


def _normal_pdf(u: Any) -> Any:
    return (-u * u / 2).exp() / (2 * arb.pi()).sqrt()


def _sign(u: Any) -> Any:
    return arb(1) if u > 0 else arb(-1) if u < 0 else arb(0) if u == 0 else arb(0, 1)


BALLS: Mapping[str, Balls] = {
    "exp": lambda u: u.exp(),
    "expm1": lambda u: u.expm1(),
    "expm1_rest": _before_cancelling(lambda u: u.expm1() - u, 1),
    "log": lambda u: u.log(),
    "log1p": lambda u: u.log1p(),
    "tanh": lambda u: u.tanh(),
    "tanh_rest": _before_cancelling(lambda u: u - u.tanh(), 2),
    "sech2": _sech2,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "erf": lambda u: u.erf(),
    "normal_cdf": _normal_cdf,
    "normal_pdf": _normal_pdf,
    "sin": lambda u: u.sin(),
    "cos": lambda u: u.cos(),
    "hypot": _hypot,
    "abs": abs,
    "sign": _sign,
}
"""Each word but `where` in ball arithmetic."""


def enclose(formula: Any, values: Mapping[Any, Any], bits: int = 128) -> Any:
    """Return a ball that is proved to hold the formula's value.

    Parameters
    ----------
    formula : expression
        In the words of the vocabulary.
    values : mapping of symbol to number or ball
        A value for `x` and for each parameter; floats are taken exactly.
    bits : int
        Working precision; the ball's radius follows from it.

    Returns
    -------
    flint.arb
    """
    before, ctx.prec = ctx.prec, bits
    try:
        balls = {symbol: _ball(value) for symbol, value in values.items()}
        return _evaluate(formula, balls)
    finally:
        ctx.prec = before


def evaluator(
    formula: Any, values: Mapping[Any, Any] | None = None, bits: int = 128
) -> Callable[[float], float]:
    """Return the formula as a function of x from float to float, right to the last digit or nearly.

    The precision is doubled until the ball fixes 60 bits of the value, or is around 0 and smaller than 1e-300.
    """
    fixed = dict(values or {})

    def value(at: float) -> float:
        precision = bits
        while True:
            ball = enclose(formula, {**fixed, x: at}, precision)
            if (
                ball.rel_accuracy_bits() >= 60
                or (abs(ball) < 1e-300 and precision >= 512)
                or precision > 8192
            ):
                return 0.0 if ball.contains(0) else float(ball.mid())
            precision *= 2

    return value


def _ball(value: Any) -> Any:
    if isinstance(value, sp.Rational):
        return arb(fmpq(int(value.p), int(value.q)))
    return arb(value)


def _evaluate(e: Any, balls: Mapping[Any, Any]) -> Any:
    if e in balls:
        return balls[e]
    if e.is_Rational:
        return _ball(e)
    if e is sp.pi:
        return arb.pi()
    if e.is_Add:
        return sum((_evaluate(a, balls) for a in e.args), arb(0))
    if e.is_Mul:
        return math.prod((_evaluate(a, balls) for a in e.args), start=arb(1))
    if e.is_Pow:
        return _power(e, balls)
    if isinstance(e, Word):
        return _word(e, balls)
    raise InvalidDefinition(f"{type(e).__name__}, in {str(e)[:60]}, has no form in ball arithmetic")


def _power(e: Any, balls: Mapping[Any, Any]) -> Any:
    base = _evaluate(e.base, balls)
    if e.exp.is_Integer:
        return base ** int(e.exp)
    if (2 * e.exp).is_Integer:
        return base.sqrt() ** int(2 * e.exp)
    return base ** _evaluate(e.exp, balls)


def _word(e: Any, balls: Mapping[Any, Any]) -> Any:
    name = type(e).__name__
    if name == "where":
        condition, a, b = e.args
        return _evaluate(a if _holds(condition, balls) else b, balls)
    return BALLS[name](*(_evaluate(a, balls) for a in e.args))


def _holds(condition: Any, balls: Mapping[Any, Any]) -> bool:
    if isinstance(condition, sp.And | sp.Or):
        parts = [_holds(c, balls) for c in condition.args]
        return all(parts) if isinstance(condition, sp.And) else any(parts)
    if isinstance(condition, sp.Not):
        return not _holds(condition.args[0], balls)
    a, b = (_evaluate(side, balls) for side in (condition.lhs, condition.rhs))
    return bool({
        sp.Gt: a > b, sp.Ge: a >= b, sp.Lt: a < b, sp.Le: a <= b, sp.Eq: a == b, sp.Ne: a != b,
    }[type(condition)])  # fmt: skip
