"""Tails against mpmath: signs and limits hold far out, bounds hold everywhere, and nothing is claimed of waves."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from flint import arb, ctx

from nonlin.derivation.reference import enclose
from nonlin.facts.far import tail, weight_beyond
from nonlin.facts.pieces import NotProved
from nonlin.vocabulary import (
    cos,
    erf,
    exp,
    expm1,
    log,
    log1p,
    normal_cdf,
    normal_pdf,
    sech2,
    sigmoid,
    sin,
    softplus,
    sqrt,
    tanh,
    x,
)  # fmt: skip

Plain = Callable[[Any], Any]


def phi(z: Any) -> Any:
    return mp.erfc(-z / mp.sqrt(2)) / 2


CASES: list[tuple[Any, Plain, int, float]] = [
    (x * sigmoid(x), lambda z: z / (1 + mp.exp(-z)), -1, 0),
    (x * sigmoid(x) - x, lambda z: -z / (1 + mp.exp(z)), 1, 0),
    (x * normal_cdf(x), lambda z: z * phi(z), -1, 0),
    (normal_cdf(x) + x * normal_pdf(x), lambda z: phi(z) + z * mp.npdf(z), -1, 0),
    (x * tanh(softplus(x)), lambda z: z * mp.tanh(mp.log1p(mp.exp(z))), -1, 0),
    (x * tanh(softplus(x)) - x, lambda z: z * (mp.tanh(mp.log1p(mp.exp(z))) - 1), 1, 0),
    (softplus(x) - x, lambda z: mp.log1p(mp.exp(-z)), 1, 0),
    (expm1(x), mp.expm1, -1, -1),
    (erf(x) - tanh(x), lambda z: mp.erf(z) - mp.tanh(z), 1, 0),
    (sech2(x) * x**3, lambda z: z**3 / mp.cosh(z) ** 2, -1, 0),
    (sqrt(x**2 + 4) + x, lambda z: mp.sqrt(z * z + 4) + z, -1, 0),
    (sqrt(x**2 + 4) - x - 2 / x, lambda z: mp.sqrt(z * z + 4) - z - 2 / z, 1, 0),
    (x / (1 + x) - 1, lambda z: z / (1 + z) - 1, 1, 0),
    (log1p(x) - log(x), lambda z: mp.log1p(1 / z), 1, 0),
    (log1p(x) / sqrt(x), lambda z: mp.log1p(z) / mp.sqrt(z), 1, 0),
    (x**2 * exp(-x) - 5 / x**7, lambda z: z**2 * mp.exp(-z) - 5 / z**7, 1, 0),
    (tanh(tanh(x)), lambda z: mp.tanh(mp.tanh(z)), 1, math.tanh(1)),
    (x + sin(x) / x, lambda z: z + mp.sin(z) / z, 1, math.inf),
    (exp(x) - x**9, lambda z: mp.exp(z) - z**9, 1, math.inf),
    (normal_cdf(sin(1 / x)), lambda z: phi(mp.sin(1 / z)), -1, 0.5),
]


@pytest.mark.parametrize(("formula", "plain", "side", "limit"), CASES, ids=[str(c[0]) for c in CASES])
def test_the_sign_holds_from_the_start_on_and_the_limit_is_right(
    formula: Any, plain: Plain, side: int, limit: float
) -> None:
    with ctx.workprec(128), mp.workdps(400):
        start, sign = first_start(formula, side)
        for times in (1, 1.001, 1.3, 2, 7, 20):
            assert mp.sign(plain(side * mp.mpf(start * times))) == sign
        found = tail(formula, side, start).limit()
        assert (float(found) if found.is_infinite else float(enclose(found, {}))) == pytest.approx(limit)


@pytest.mark.parametrize(("formula", "plain", "side", "limit"), CASES, ids=[str(c[0]) for c in CASES])
def test_the_expansion_holds_the_function(formula: Any, plain: Plain, side: int, limit: float) -> None:
    with ctx.workprec(1400), mp.workdps(400):
        start, _ = first_start(formula, side)
        far = tail(formula, side, start)
        for times in (1, 1.125, 2, 5):
            t = start * times
            inside = sum((c.ball * s.at(arb(t)) for s, c in far.terms), arb(0))
            true = arb(mp.nstr(plain(side * mp.mpf(t)), 380))
            assert inside.overlaps(true * (1 + arb(0, 1e-300)))


def test_a_hump_is_not_taken_for_a_fall() -> None:
    hump = exp(100 * x - x**2 / 2)  # rises up to 100
    with ctx.workprec(128):
        with pytest.raises(NotProved, match="falls only farther out"):
            tail(hump, 1, 64).ball()
        assert tail(hump, 1, 256).ball() < 1


def first_start(formula: Any, side: int) -> tuple[float, int]:
    for start in (8.0, 16.0, 32.0, 64.0, 128.0):
        try:
            return start, tail(formula, side, start).sign()
        except NotProved:
            continue
    raise AssertionError("no start was far enough")


def test_a_sign_is_not_claimed_too_early() -> None:
    polynomial = x**3 - 1000 * x**2  # negative up to 1000
    with ctx.workprec(128):
        for start in (8, 100, 999):
            with pytest.raises(NotProved):
                tail(polynomial, 1, start).sign()
        assert tail(polynomial, 1, 1024).sign() == 1


@pytest.mark.parametrize("formula", [sin(x), x * cos(x), x + 2 * x * sin(x)])
def test_of_waves_no_sign_is_claimed(formula: Any) -> None:
    with ctx.workprec(128), pytest.raises(NotProved):
        tail(formula, 1, 64).sign()


@pytest.mark.parametrize(
    ("formula", "plain"),
    [
        (x**2, lambda z: z * z),
        (exp(x), mp.exp),
        (x * sigmoid(x), lambda z: z / (1 + mp.exp(-z))),
        (1 + sin(x), lambda z: 1 + mp.sin(z)),
        (exp(-x), lambda z: mp.exp(-z)),
    ],
)
def test_what_lies_beyond_is_bounded(formula: Any, plain: Plain) -> None:
    with ctx.workprec(128), mp.workdps(30):
        true = mp.quad(lambda z: plain(z) * mp.npdf(z), [8, 10, 14, 30])
        bound = float(weight_beyond(tail(formula, 1, 8)).abs_upper())
    assert float(true) <= bound <= 300 * float(true)


def test_what_outgrows_the_density_is_infinite() -> None:
    with ctx.workprec(128):
        assert not weight_beyond(tail(exp(x**2), 1, 16)).is_finite()
        assert weight_beyond(tail(exp(x**2 / 3), 1, 16)).is_finite()
        for between in (exp(x**2 / 2) / x, exp(x**2 / 2) / x**2):  # infinite, and finite: neither is claimed
            with pytest.raises(NotProved):
                weight_beyond(tail(between, 1, 16))


def test_a_limit_is_exact() -> None:
    with ctx.workprec(128):
        assert tail(sp.Rational(1, 3) - exp(-x), 1, 8).limit() == sp.Rational(1, 3)
        with pytest.raises(NotProved, match="waver"):
            tail(sin(x), 1, 8).limit()
