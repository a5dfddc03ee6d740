"""Numbers with what their rounding lost, against fractions."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from nonlin.certify.compensated import LONG, Kept, choose, kept

pytestmark = pytest.mark.skipif(np.finfo(LONG).nmant < 63, reason="long double is no longer than double")


def exact(number: Any) -> Fraction:
    """The fraction that an extended number is, by its two halves."""
    high = float(number)
    return Fraction(high) + Fraction(float(number - LONG(high)))


def told(found: Kept) -> list[Fraction]:
    rests = np.broadcast_to(LONG(0) if found.low is None else found.low, np.shape(found.high))
    return [exact(high) + exact(low) for high, low in zip(found.high, rests, strict=True)]


def drawn(seed: int) -> Kept:
    draw = np.random.default_rng(seed)
    high = draw.uniform(0.5, 9, 50).astype(LONG) + draw.uniform(0, 1e-17, 50).astype(LONG)
    return Kept(high, high * draw.uniform(-(2.0**-65), 2.0**-65, 50))


@pytest.mark.parametrize(
    "arithmetic",
    [
        operator.add,
        operator.mul,
        lambda a, b: -a + b * b,
        lambda a, b: abs(-a) + b,
        lambda a, b: a**5 * b**-2,
        lambda a, b: (a + 1) ** -1 + b,
    ],
)
def test_arithmetic_has_twice_the_digits(arithmetic: Callable[..., Any]) -> None:
    a, b = drawn(1), drawn(2)
    truth = [arithmetic(*pair) for pair in zip(told(a), told(b), strict=True)]
    for got, true in zip(told(arithmetic(a, b)), truth, strict=True):
        assert abs(got - true) <= Fraction(1, 2**118) * max(abs(true), 1)


def test_a_root_squares_to_its_number() -> None:
    a = drawn(3)
    for root, number in zip(told(a.root()), told(a), strict=True):
        assert abs(root**2 - number) <= Fraction(1, 2**120) * number


def test_what_cancels_leaves_what_was_lost() -> None:
    (left,) = told(Kept(np.array([3], LONG)) * kept(7) ** -1 + -(Kept(np.array([3], LONG) / 7)))
    rounded = exact((np.array([3], LONG) / 7)[0])
    assert left != 0
    assert abs(left - (Fraction(3, 7) - rounded)) < Fraction(1, 2**120)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_overflow_has_lost_nothing() -> None:
    huge = Kept(np.array([LONG("1e4000"), np.inf, -np.inf], LONG))
    for found in (huge * huge, huge + huge, huge * huge + 1, (huge * huge) ** -1):
        assert np.isfinite(found.low).all()
        assert not np.isnan(found.high).any()


def test_a_choice_takes_the_rest_of_what_it_chose() -> None:
    a, b = drawn(4), Kept(np.full(50, LONG(2)))
    chosen = choose(a > 4, a, b)
    for got, first, left in zip(told(chosen), told(a), a > 4, strict=True):
        assert got == (first if left else 2)
