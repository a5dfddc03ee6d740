"""The truth, and the errors told by it, against mpmath."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.certify import subject
from nonlin.certify.extended import by_balls, in_long_double
from nonlin.derivation.formats import FORMATS
from oracles import Oracle, exact_array, exactly, ulps

PLACES = [-90.0, -5.5, -1.2784645, -0.7517916, -1e-3, 1e-40, 1e-3, 0.5, 1.0, 3.0, 20.0, 1e10]


@pytest.mark.parametrize("quantity", ["value", "slope"])
def test_truth_agrees_with_mpmath_in_rounding_and_error(oracle: Oracle, quantity: str) -> None:
    s = subject(oracle.name)
    truth, plain = s.truth(quantity), getattr(oracle, quantity)
    x = np.array(PLACES, np.float32)
    got, expected = s.compute(quantity)(x), exact_array(plain, x)
    for at, y, true in zip(x, got, expected, strict=True):
        if np.isinf(y):
            assert true > np.finfo(np.float32).max
            continue
        ulp, size = truth.error(float(at), float(y), s.form)
        assert ulp == pytest.approx(float(ulps(y, true)[0]), abs=1e-9)
        unit = float(s.form.unit(Fraction(float(true))))
        assert size == pytest.approx(float(abs(exactly(plain, float(at)) - float(y))), abs=1e-11 * unit)
        if abs(at) > 1e-38:  # below, a long double may not tell a near tie from a tie
            assert truth.rounded(float(at), s.form) == s.form.exactly(float(np.float32(true)))


@pytest.mark.parametrize("quantity", ["value", "slope"])
def test_extended_precision_is_near_the_balls(oracle: Oracle, quantity: str) -> None:
    s = subject(oracle.name, "float64")
    x = np.array([*PLACES, -36.0, -700.0, 1e300, 2.1, -2.1, -2.2])
    pairs = zip(*in_long_double(s, quantity)(x), *by_balls(s.truth(quantity), x), strict=True)
    for at, (high, low, true_high, true_low) in zip(x, pairs, strict=True):
        if abs(high) == abs(true_high) == np.inf:
            assert high == true_high
            continue
        difference = abs((high - true_high) + (low - true_low))
        near_root = any(abs(at - root) < 0.01 for root in oracle.roots)
        size = (
            max(abs(true_high), 1.0) if oracle.waves else abs(true_high)
        )  # a wave's slope has roots without end
        allowed = 2.0**-62 if near_root else 2.0**-60 * size  # steep or not
        assert difference <= allowed + 2.0**-1073, at


def test_a_persons_own_function_has_a_truth() -> None:
    @nl.activation
    def bent(x: Any, a: float = 0.5) -> Any:
        """Bent identity."""
        return x + a * (nl.sqrt(x**2 + 1) - 1)

    truth = subject(bent).truth("value")
    assert truth.error(3.0, 3 + 0.5 * (10**0.5 - 1), FORMATS["float64"])[0] <= 2
