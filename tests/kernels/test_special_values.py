"""Limits at infinity, NaN, signed zero, subnormals and the largest numbers; and never a warning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from oracles import ORACLES, Oracle, exact_array, ulps

ORDERS = ["value", "slope", "second"]


def branches(activation: Any) -> tuple[Any, Any, Any]:
    return activation, activation.grad, activation.derivative(2)


@pytest.mark.parametrize("order", range(3), ids=ORDERS)
def test_infinity_gives_the_limit(activation: Any, oracle: Oracle, dtype: Any, order: int) -> None:
    got = branches(activation)[order](np.array([-np.inf, np.inf], dtype))
    assert np.array_equal(got, np.array(oracle.limits[order], dtype), equal_nan=True)


@pytest.mark.parametrize("order", range(3), ids=ORDERS)
def test_nan_in_nan_out_and_only_there(activation: Any, dtype: Any, order: int) -> None:
    got = branches(activation)[order](np.array([1.0, np.nan, -2.0, -np.nan], dtype))
    assert np.array_equal(np.isnan(got), [False, True, False, True])


@pytest.mark.parametrize("name", ["gelu", "hard_swish", "relu", "prelu", "swish"])
def test_nan_in_nan_out_of_every_product_and_pair(name: str, dtype: Any) -> None:
    activation, nan, one = nl.get(name), dtype(np.nan), dtype(1)
    assert np.isnan(activation.vjp(nan, one))
    assert np.isnan(activation.vjp(one, nan))
    assert np.isnan(activation.value_and_grad(nan)).all()
    for parameter in activation.parameters:
        assert np.isnan(activation.param_grad(nan, parameter.name))


def test_the_sign_of_zero_is_kept_where_the_function_passes_through_it(
    activation: Any, oracle: Oracle, dtype: Any
) -> None:
    got = activation(np.array([-0.0, 0.0], dtype))
    assert ulps(got, exact_array(oracle.value, [0.0, 0.0])).max() <= (1 if dtype == np.float32 else 4)
    if oracle.value(0.0) == 0 and oracle.value(-1e-9) < 0:
        assert np.array_equal(np.signbit(got), [True, False])


@pytest.mark.parametrize("name", ["gelu", "silu", "swish", "quick_gelu", "gelu_tanh"])
def test_a_guard_against_zero_times_infinity_once_dropped_the_sign_of_zero_in_float64(name: str) -> None:
    assert np.signbit(nl.get(name)(-0.0))


@pytest.mark.parametrize("order", range(3), ids=ORDERS)
def test_the_largest_numbers_give_no_nan(activation: Any, oracle: Oracle, dtype: Any, order: int) -> None:
    largest = float(np.finfo(dtype).maxexp)
    sizes = 2.0 ** np.arange(8, largest, 8 if dtype == np.float32 else 31)
    x = np.concatenate([-sizes, sizes, [-np.finfo(dtype).max, np.finfo(dtype).max]]).astype(dtype)
    plain = (oracle.value, oracle.slope, oracle.second)[order]
    with np.errstate(over="ignore"):
        truth = exact_array(plain, x).astype(dtype)
    got = branches(activation)[order](x)
    assert not np.isnan(got).any()
    assert np.allclose(got, truth, rtol=1e-6, atol=1e-30)


@pytest.mark.parametrize("name", ["gelu_tanh", "mish", "tanh", "softsign", "elu"])
def test_third_derivatives_are_finite_where_the_function_is_smooth(name: str) -> None:
    x = np.concatenate([-np.geomspace(1e-3, 1e30, 50), np.geomspace(1e-3, 1e30, 50)])
    third = nl.get(name).derivative(3)
    assert np.isfinite(third(x)).all()
    assert np.isfinite(third(x.astype(np.float32))).all()


@pytest.mark.parametrize("name", ["identity", "leaky_relu", "softsign", "tanh", "elu", "silu", "gelu"])
def test_subnormals_are_not_flushed(name: str, dtype: Any) -> None:
    tiny = np.finfo(dtype).smallest_subnormal * np.array([1, 3, 1000, -1, -3, -1000], dtype)
    assert ulps(nl.get(name)(tiny), exact_array(ORACLES[name].value, tiny)).max() <= 0.51
    if np.finfo(dtype).bits == 32:
        assert nl.sigmoid(dtype(-100.0)) > 0


def test_an_overflow_goes_to_infinity_without_a_warning() -> None:
    assert nl.selu(np.finfo(np.float32).max) == np.inf
    assert nl.selu(np.finfo(np.float64).max) == np.inf
    assert nl.selu(np.float16(65504)) == np.inf
    assert nl.leaky_relu(np.float32(-3e38), negative_slope=2.0) == -np.inf


def test_no_floating_point_flag_is_left_for_numpy_to_warn_of(activation: Any, dtype: Any) -> None:
    info = np.finfo(dtype)
    every = [
        0,
        -0.0,
        1,
        -1,
        info.max,
        -info.max,
        info.tiny,
        info.smallest_subnormal,
        np.inf,
        -np.inf,
        np.nan,
        -104,
        -746,
    ]
    x = np.array(every, dtype)
    with np.errstate(all="raise"):
        activation.value_and_grad(x)
        activation.derivative(2)(x)


@pytest.mark.parametrize("what", ["value", "grad", "second"])
def test_a_small_float32_exponential_times_a_large_power_vanishes_at_infinity(what: str) -> None:
    """gelu_tanh'' was -1.5e-9 at infinity, which stood for itself as 1e60: x^5 times the clamped exp(-708)."""
    functions = {"value": nl.gelu_tanh, "grad": nl.gelu_tanh.grad, "second": nl.gelu_tanh.derivative(2)}
    assert functions[what](np.float32(-np.inf)) == 0


def test_a_square_that_overflows_below_a_fraction_keeps_a_subnormal_slope() -> None:
    """softsign'(1.4e154) was 0: (1 + |x|)^2 overflowed where its reciprocal is 5.1e-309."""
    assert nl.softsign.grad(1.4e154) == pytest.approx(5.102040816326531e-309, rel=1e-12)


def test_a_function_that_grows_like_a_logarithm_is_infinite_at_infinity() -> None:
    @nl.activation
    def symlog(x: Any) -> Any:
        return nl.sign(x) * nl.log1p(nl.abs(x))

    for dtype in (np.float32, np.float64):
        assert np.array_equal(symlog(dtype([-np.inf, np.inf])), [-np.inf, np.inf])
        assert np.array_equal(symlog.grad(dtype([-np.inf, np.inf])), [0, 0])


def test_a_slope_of_xielu_overflowed_before_its_truth() -> None:
    """0.8 (2 x) is infinite where (2 * 0.8) x is not; found by ten million inputs."""
    assert nl.xielu.grad(9.038077717332017e307) == pytest.approx(1.446092434773e308, rel=1e-12)
