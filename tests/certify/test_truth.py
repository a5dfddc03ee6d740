"""Rounding and truth against NumPy, mpmath and exact fractions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import nonlin as nl
from nonlin.certify import subject
from nonlin.certify.extended import by_balls, in_long_double
from nonlin.certify.formats import FORMATS
from oracles import LONG, Oracle, exact_array, exactly, ulps

PLACES = [-90.0, -5.5, -1.2784645, -0.7517916, -1e-3, 1e-40, 1e-3, 0.5, 1.0, 3.0, 20.0, 1e10]


@pytest.mark.parametrize("name", FORMATS)
def test_fractions_round_as_numpy_rounds(name: str) -> None:
    form, draw = FORMATS[name], np.random.default_rng(0)
    info = ml_dtypes.finfo(form.dtype)
    ends = [float(info.max), float(info.smallest_subnormal), float(info.tiny), 1.0]
    wide = np.concatenate([draw.standard_normal(300) * 2.0 ** draw.integers(-30, 30, 300), ends])
    longs = wide.astype(LONG) * (1 + LONG(2) ** -draw.integers(2, 62, wide.size))
    for number in longs:
        high = float(number)
        if high == np.inf:
            continue
        exact = Fraction(high) + Fraction(float(number - high))
        with np.errstate(over="ignore"):
            expected = (_sticky(number) if name in ("float16", "bfloat16") else number).astype(form.dtype)
        assert form.rounded(exact) == form.exactly(float(expected)), number


def _sticky(number: Any) -> Any:
    """Round to float32 with the last bit set where inexact: the next rounding is then the only one."""
    near = np.float32(number)
    below = near if abs(LONG(near)) <= abs(number) else np.nextafter(near, np.float32(0))
    return (np.uint32(below.view(np.uint32)) | np.uint32(LONG(below) != number)).view(np.float32)


@pytest.mark.parametrize("name", FORMATS)
def test_ties_go_to_the_even_neighbour_and_overflow_to_infinity(name: str) -> None:
    form = FORMATS[name]
    unit = form.unit(Fraction(1))
    assert form.rounded(1 + unit / 2) == 1
    assert form.rounded(1 + 3 * unit / 2) == 1 + 2 * unit
    assert form.rounded(1 + unit / 2 + Fraction(1, 1 << 2000)) == 1 + unit
    assert form.rounded(form.beyond - form.unit(form.beyond / 2) / 2) == form.beyond
    assert form.rounded(form.unit(Fraction(0)) / 2) == 0


@pytest.mark.parametrize("quantity", ["value", "slope"])
def test_truth_agrees_with_mpmath_in_rounding_and_error(oracle: Oracle, quantity: str) -> None:
    s = subject(oracle.name)
    truth, plain = s.truth(quantity), getattr(oracle, quantity)
    x = np.array(PLACES, np.float32)
    got, expected = s.compute(quantity)(x), exact_array(plain, x)
    for at, y, true in zip(x, got, expected, strict=True):
        ulp, size = truth.error(float(at), float(y), s.form)
        assert ulp == pytest.approx(float(ulps(y, true)[0]), abs=1e-9)
        unit = float(s.form.unit(Fraction(float(true))))
        assert size == pytest.approx(float(abs(exactly(plain, float(at)) - float(y))), abs=1e-11 * unit)
        if abs(at) > 1e-38:  # below, a long double may not tell a near tie from a tie
            assert truth.rounded(float(at), s.form) == s.form.exactly(float(np.float32(true)))


def test_a_tie_but_for_a_term_of_1e_80_is_decided() -> None:
    truth, form = subject("silu").truth("value"), FORMATS["float32"]
    three = 3 * 2.0**-149  # silu is 1.5 subnormals plus 4e-90, and minus that on the other side
    assert truth.rounded(three, form) == Fraction(2) ** -148
    assert truth.rounded(-three, form) == -(Fraction(2) ** -149)


def test_a_true_tie_of_a_rational_formula_goes_to_even() -> None:
    truth, form = subject("prelu").truth("value"), FORMATS["float32"]
    assert truth.rounded(-2 * 2.0**-149, form) == 0
    assert truth.rounded(-6 * 2.0**-149, form) == -2 * Fraction(2) ** -149


@pytest.mark.parametrize("quantity", ["value", "slope"])
def test_huge_and_tiny_arguments_are_decided(oracle: Oracle, quantity: str) -> None:
    s = subject(oracle.name)
    for at in (3.4e38, -3.4e38, 1e-45, -1e-45, 1e20, -1e20):
        assert s.truth(quantity).rounded(at, s.form) is not None


@pytest.mark.parametrize("quantity", ["value", "slope"])
def test_extended_precision_is_near_the_balls(oracle: Oracle, quantity: str) -> None:
    s = subject(oracle.name, "float64")
    x = np.array([*PLACES, -36.0, -700.0, 1e300, 2.1, -2.1, -2.2])
    pairs = zip(*in_long_double(s, quantity)(x), *by_balls(s.truth(quantity), x), strict=True)
    for at, (high, low, true_high, true_low) in zip(x, pairs, strict=True):
        difference = abs((high - true_high) + (low - true_low))
        near_root = any(abs(at - root) < 0.01 for root in oracle.roots)
        allowed = 2.0**-62 if near_root else 2.0 ** (-58 if abs(at) < 20 else -50) * abs(true_high)
        assert difference <= allowed + 2.0**-1073, at


def test_a_persons_own_function_has_a_truth() -> None:
    @nl.activation
    def bent(x: Any, a: float = 0.5) -> Any:
        """Bent identity."""
        return x + a * (nl.sqrt(x**2 + 1) - 1)

    truth = subject(bent).truth("value")
    assert truth.error(3.0, 3 + 0.5 * (10**0.5 - 1), FORMATS["float64"])[0] <= 2
