"""Sign charts: every root found, none invented; functions chosen to mislead."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from flint import arb, ctx

from nonlin.facts.intervals import Smooth
from nonlin.facts.pieces import NotProved
from nonlin.facts.signs import Signs, period, signs
from nonlin.vocabulary import cos, exp, normal_cdf, sin, softplus, sqrt, tanh, x


def chart(formula: Any, low: Any = None, high: Any = None) -> Signs:
    with ctx.workprec(128):
        return signs(Smooth(formula), low, high)


def roots(found: Signs) -> list[float]:
    return [float(r.ball.mid()) for r in found.roots]


THOUSANDTH = sp.Rational(1, 1000)


@pytest.mark.parametrize(
    ("formula", "expected", "around"),
    [
        ((x - 1) ** 2 * (x + 2) ** 3, [-2, 1], (-1, 1, 1)),
        (x**2 - THOUSANDTH**2, [-0.001, 0.001], (1, -1, 1)),  # a gap far below any grid
        (x**2 + THOUSANDTH**2, [], (1,)),
        (x**2 - sp.Rational(1, 10**12), [-1e-6, 1e-6], (1, -1, 1)),
        (sp.chebyshevt(5, x), [-0.951056516, -0.587785252, 0, 0.587785252, 0.951056516], (-1, 1) * 3),
        (exp(x) - 1 - x, [0], (1, 1)),
        (x - tanh(x), [0], (-1, 1)),
        (exp(-x) - sp.Rational(1, 10**9), [20.723265836946414], (1, -1)),
        (softplus(x) - x, [], (1,)),  # tends to 0 without reaching it
        (x / sqrt(x**2 + 1) - 1, [], (-1,)),
        (normal_cdf(x) - 1, [], (-1,)),
        (x**3 - 1000 * x, [-31.6227766016838, 0, 31.6227766016838], (-1, 1, -1, 1)),
    ],
)
def test_roots_and_signs(formula: Any, expected: list[float], around: tuple[int, ...]) -> None:
    found = chart(formula)
    assert roots(found) == pytest.approx(expected, abs=1e-9)
    assert found.signs == around


def test_a_root_is_as_exact_as_it_can_be() -> None:
    assert [r.exact for r in chart((2 * x + 3) * (x**2 + 1)).roots] == [sp.Rational(-3, 2)]
    root = chart(x**3 - 2).roots[0]
    assert root.ball.overlaps(arb(2) ** (arb(1) / 3))
    assert root.ball.rad() < 1e-15


@pytest.mark.parametrize(
    ("formula", "low", "high", "expected", "around"),
    [
        (x**2, 0, None, [], (1,)),  # the root at the end is not inside
        (x**2 * (x - 1), 0, None, [1], (-1, 1)),
        (sin(x), 0, sp.pi, [], (1,)),
        (exp(x) - 1, None, 0, [], (-1,)),
        (x * (x + 1), None, 0, [-1], (1, -1)),  # beside the end it is negative, at the end 0
        (x**2 * (x + 1), None, 0, [-1], (-1, 1)),
        (x - sp.Rational(1, 10), sp.Rational(1, 10), None, [], (1,)),  # an end that no float is
        (0 * x, None, 0, [], (0,)),
    ],
)
def test_ends_of_a_piece(
    formula: Any, low: Any, high: Any, expected: list[float], around: tuple[int, ...]
) -> None:
    places = [None if p is None else sp.sympify(p) for p in (low, high)]
    found = chart(sp.sympify(formula), *places)
    assert roots(found) == pytest.approx(expected)
    assert found.signs == around


def test_waves_are_known_by_one_period() -> None:
    found = chart(1 + sin(2 * x))
    assert found.period == sp.pi
    assert [r.exact for r in found.roots] == [-sp.pi / 4]
    assert found.signs == (1, 1)
    assert chart(sin(3 * x) + sp.Rational(1, 2)).period == 2 * sp.pi / 3


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (sin(x) + cos(3 * x / 2), 4 * sp.pi),
        (sin(x) + sin(sp.sqrt(2) * x), None),
        (x + sin(x), None),
        (sin(x**2), None),
        (exp(sin(5 * x)), 2 * sp.pi / 5),
    ],
)
def test_periods(formula: Any, expected: Any) -> None:
    found = period(formula)
    assert (found is None) == (expected is None)
    assert expected is None or sp.simplify(found - expected) == 0


@pytest.mark.parametrize("formula", [x * cos(x), 1 / x, exp(-1 / x**2), sin(x) * exp(-(x**2)), sqrt(x)])
def test_what_cannot_be_proved_is_refused(formula: Any) -> None:
    with pytest.raises(NotProved):
        chart(formula)
