"""A smooth formula over complex balls, as rigorous integration asks for it: not a number where it is not analytic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flint import acb, arb
from sympy import Pow

from nonlin.derivation.arithmetic import Arithmetic, compiled
from nonlin.derivation.reference import enclose
from nonlin.facts.intervals import BITS
from nonlin.facts.pieces import NotProved
from nonlin.vocabulary import exp, log


def _right(u: Any) -> bool:
    return bool(u.real.mid() > 0)


def _sigmoid(u: Any) -> Any:
    if _right(u):
        return 1 / (1 + (-u).exp())
    e = u.exp()
    return e / (1 + e)


def _sech2(u: Any) -> Any:
    e = (-2 * u if _right(u) else 2 * u).exp()
    return 4 * e / (1 + e) ** 2


def _tanh(u: Any) -> Any:
    e = (-2 * u if _right(u) else 2 * u).exp()
    return (1 - e) / (1 + e) if _right(u) else (e - 1) / (1 + e)


def _words(analytic: bool) -> Mapping[str, Callable[..., Any]]:
    def ln(u: Any) -> Any:
        return u.log(analytic=analytic)

    return {
        "exp": lambda u: u.exp(),
        "expm1": lambda u: u.exp() - 1,
        "expm1_rest": lambda u: u.exp() - 1 - u,
        "log": ln,
        "log1p": lambda u: ln(1 + u),
        "tanh": _tanh,
        "tanh_rest": lambda u: u - _tanh(u),
        "sech2": _sech2,
        "sigmoid": _sigmoid,
        "softplus": lambda u: u + ln(1 + (-u).exp()) if _right(u) else ln(1 + u.exp()),
        "erf": lambda u: u.erf(),
        "normal_cdf": lambda u: (-u / arb(2).sqrt()).erfc() / 2,
        "normal_pdf": lambda u: (-u * u / 2).exp() / (2 * arb.pi()).sqrt(),
        "sin": lambda u: u.sin(),
        "cos": lambda u: u.cos(),
        "hypot": lambda u, v: (u * u + v * v).sqrt(analytic=analytic),
    }


def _constant(e: Any, values: Mapping[Any, Any], bits: int) -> Any:
    return acb(enclose(e, values, bits))


def _choose(*given: Any) -> Any:
    raise NotProved("a condition stands in a piece")


def _arithmetic(analytic: bool) -> Arithmetic:
    return Arithmetic(_constant, _words(analytic), lambda u: u.sqrt(analytic=analytic), _choose, {})


def on_complex_balls(formula: Any) -> Callable[[Any, bool], Any]:
    """Return a smooth formula as `acb.integral` calls it: of a ball, and whether it must be analytic there.

    A power that is no whole or half number becomes exp(a log u), whose branch cut is watched.
    """
    plain = formula.replace(_is_odd_power, lambda power: exp(power.exp * log(power.base)))
    forms = {flag: compiled(plain, {}, _arithmetic(flag), BITS) for flag in (False, True)}
    return lambda ball, analytic: forms[bool(analytic)](ball)


def _is_odd_power(e: Any) -> bool:
    return isinstance(e, Pow) and not (2 * e.exp).is_Integer
