"""How far kernels are from the truth: float32 at a million stratified bit patterns, float64 at the seams."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest

import nonlin as nl
from oracles import (
    ORACLES,
    Oracle,
    every_pattern,
    exact_array,
    nearest_halves,
    neighbours,
    seams,
    spread,
    ulps,
    worst,
)

F32, F64 = np.float32, np.float64

PATTERNS = every_pattern()


def test_patterns_hold_every_exponent_and_both_signs() -> None:
    assert PATTERNS.size > 1_000_000
    exponents = np.unique(np.frexp(PATTERNS)[1])
    assert exponents.min() <= -145
    assert exponents.max() == 128
    assert (PATTERNS.view(np.uint32) < 2**31).sum() > 500_000


def test_float32_values_and_slopes_are_nearly_correctly_rounded_at_a_million_patterns(
    activation: Any, oracle: Oracle
) -> None:
    for got, truth in zip(activation.value_and_grad(PATTERNS), oracle.fast(PATTERNS), strict=True):
        error, where = worst(got, truth, PATTERNS)
        assert error <= 0.501, f"{oracle.name}: {where}"


def test_float32_values_and_slopes_are_within_one_ulp_around_every_seam(
    activation: Any, oracle: Oracle
) -> None:
    x = neighbours(seams(oracle, F32), 3)
    for got, plain in ((activation(x), oracle.value), (activation.grad(x), oracle.slope)):
        error, where = worst(got, exact_array(plain, x), x)
        assert error <= 1, f"{oracle.name}: {where}"


def test_float64_values_are_within_four_ulp(activation: Any, oracle: Oracle) -> None:
    x = doubles(oracle)
    x = x[[all(abs(v - zero) > 1.5 for zero in oracle.zeros) for v in x]]
    error, where = worst(activation(x), exact_array(oracle.value, x), x)
    assert error <= 4, f"{oracle.name}: {where}"


def test_float64_slopes_are_within_four_ulp_and_within_an_absolute_bound_beside_their_roots(
    activation: Any, oracle: Oracle
) -> None:
    """That bound is one unit in the last place of 1, up to 3/2 from a root; a wave has roots everywhere."""
    draw = np.random.default_rng(20)
    x = np.concatenate([doubles(oracle), *(root + draw.uniform(-3, 3, 400) for root in oracle.roots)])
    got, truth = activation.grad(x), exact_array(oracle.slope, x)
    beside = np.any([abs(x - root) <= 1.5 for root in oracle.roots], axis=0) | oracle.waves
    beside &= np.isfinite(x)
    error, where = worst(got[~beside], truth[~beside], x[~beside])
    assert error <= 4, f"{oracle.name}: {where}"
    least = np.minimum(abs(got - truth) / 2.0**-52, ulps(got, truth) / 4)
    assert least[beside].max(initial=0) <= (2 if oracle.waves else 1), oracle.name


def test_float64_slopes_keep_their_digits_beside_their_roots(activation: Any, oracle: Oracle) -> None:
    """Though the terms cancel there."""
    draw = np.random.default_rng(18)
    for root in oracle.roots:
        x = np.concatenate([root + draw.uniform(-0.25, 0.25, 200), neighbours(np.array([root]), 5)])
        error, where = worst(activation.grad(x), exact_array(oracle.slope, x), x)
        assert error <= 4, f"{oracle.name}: {where}"


def test_float64_values_keep_their_digits_beside_a_zero_where_terms_cancel() -> None:
    f, oracle = nl.get("xielu"), ORACLES["xielu"]
    (zero,) = oracle.zeros
    x = zero + np.concatenate([np.linspace(-0.25, 0.25, 301), 2.0 ** np.arange(-50.0, -2)])
    error, where = worst(f(x), exact_array(oracle.value, x), x)
    assert error <= 4, where


def doubles(oracle: Oracle) -> Any:
    draw = np.random.default_rng(2)
    far = draw.uniform(-745, -600, 40)
    return np.concatenate(
        [neighbours(seams(oracle, F64), 1), spread(oracle, 450), draw.uniform(-4, 4, 300), far]
    )


@pytest.mark.parametrize("name_of_dtype", ["float16", "bfloat16"])
def test_half_precision_is_correctly_rounded_for_every_input(
    activation: Any, oracle: Oracle, name_of_dtype: str
) -> None:
    half = np.dtype(name_of_dtype if name_of_dtype == "float16" else ml_dtypes.bfloat16)
    patterns = np.arange(2**16, dtype=np.uint16).view(half)
    x = patterns[np.isfinite(patterns.astype(F32))]
    both = zip(
        activation.value_and_grad(x), oracle.fast(x.astype(F32)), (oracle.value, oracle.slope), strict=True
    )
    for got, truth, plain in both:
        assert got.dtype == half
        nearest, _ = nearest_halves(plain, truth, x)
        if oracle.name == "tanh_shrink" and plain == oracle.value:
            nearest = np.where(abs(x.astype(F64)) < 1024, nearest, away_from_zero(x))
        wrong = np.flatnonzero(got.astype(F64) != nearest)
        assert wrong.size == 0, f"{oracle.name}: {wrong.size} are wrong, one at {float(x[wrong[0]]).hex()}"
        signed = (got == 0) & (abs(truth) > 1e-300)  # beyond, float64's own zero has the sign of the limit
        assert np.array_equal(np.signbit(got[signed].astype(F32)), np.signbit(truth[signed]))


def away_from_zero(x: Any) -> Any:
    """Return x - tanh(x) for large x, rounded to half: a trace that no 1200 digits hold decides ties of x - 1."""
    whole = abs(x.astype(F64)) - 1
    unit = np.ldexp(1.0, np.frexp(whole)[1] - 1 - ml_dtypes.finfo(x.dtype).nmant)
    return np.copysign(np.floor(whole / unit + 0.5) * unit, x.astype(F64))


def test_second_derivatives_are_near_in_both_dtypes(activation: Any, oracle: Oracle, dtype: Any) -> None:
    x = neighbours(seams(oracle, dtype), 1)
    second = activation.derivative(2)(x)
    with np.errstate(all="ignore"):
        truth = exact_array(oracle.second, x).astype(dtype).astype(F64)
        eps = float(np.finfo(dtype).eps)
        near = np.abs(second - truth) <= 2 * eps + 1000 * eps * np.abs(truth)
    assert np.all(near | (second == truth)), oracle.name


def test_one_pass_and_two_passes_agree_bit_for_bit(activation: Any, oracle: Oracle, dtype: Any) -> None:
    x = neighbours(seams(oracle, dtype), 2)
    value, slope = activation.value_and_grad(x)
    assert np.array_equal(value.view(np.uint8), activation(x).view(np.uint8))
    assert np.array_equal(slope.view(np.uint8), activation.grad(x).view(np.uint8))


def test_the_product_with_a_gradient_is_rounded_once(activation: Any, oracle: Oracle) -> None:
    x = neighbours(seams(oracle, F32), 1)
    g = np.random.default_rng(3).standard_normal(x.size).astype(F32)
    error, where = worst(activation.vjp(x, g), g.astype(np.longdouble) * exact_array(oracle.slope, x), x)
    assert error <= 0.51, f"{oracle.name}: {where}"
