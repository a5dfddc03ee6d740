"""The figures that the tutorials print (requirements A and D), to the digits they print."""

from __future__ import annotations

import numpy as np
import pytest

import nonlin as nl


def test_sigmoid_and_its_slope() -> None:
    x = np.array([-5.0, -2, 0, 2, 5])
    assert nl.sigmoid(x).round(4).tolist() == [0.0067, 0.1192, 0.5, 0.8808, 0.9933]
    assert nl.sigmoid.grad(x).round(4).tolist() == [0.0066, 0.105, 0.25, 0.105, 0.0066]
    assert nl.sigmoid.grad(np.linspace(-9, 9, 1801)).max() == 0.25


def test_slopes_of_tanh_and_sigmoid_fall() -> None:
    x = np.array([0.0, 1, 2, 3])
    assert nl.tanh.grad(x).round(4).tolist() == [1, 0.42, 0.0707, 0.0099]
    assert nl.sigmoid.grad(x).round(4).tolist() == [0.25, 0.1966, 0.105, 0.0452]


def test_tanh_is_a_scaled_sigmoid() -> None:
    x = np.linspace(-20, 20, 401)
    assert np.allclose(nl.tanh(x), 2 * nl.sigmoid(2 * x) - 1, rtol=0, atol=5e-16)


def test_relu() -> None:
    assert nl.relu([-3.0, 0.0, 0.5]).tolist() == [0, 0, 0.5]
    assert [float(nl.relu.at_kink(rule).grad(0.0)) for rule in ("left", "right")] == [0, 1]


def test_leaky_relu_between_relu_and_the_identity() -> None:
    x = np.linspace(-3, 3, 25)
    assert np.array_equal(nl.leaky_relu(x, negative_slope=0.0), nl.relu(x))
    assert np.array_equal(nl.leaky_relu(x, negative_slope=1.0), x)
    assert nl.leaky_relu(-2.0) == -0.02
    assert nl.leaky_relu(-2.0, negative_slope=0.1) == -0.2


def test_selu_keeps_mean_and_variance_of_a_standard_normal_input() -> None:
    from scipy import integrate, stats

    for power, moment in ((1, 0.0), (2, 1.0)):
        got = integrate.quad(
            lambda z, k=power: float(nl.selu(z)) ** k * stats.norm.pdf(z), -12, 12, points=[0]
        )[0]
        assert got == pytest.approx(moment, abs=1e-8)


def test_minima() -> None:
    x = np.linspace(-3, 0, 300_001)
    for name, least in (("gelu", -0.17), ("silu", -0.278), ("mish", -0.309), ("hard_swish", -0.375)):
        assert nl.get(name)(x).min().round(len(str(least)) - 3) == least, name


def test_slopes_at_one() -> None:
    slopes = {"relu": 1, "sigmoid": 0.1966, "tanh": 0.42, "leaky_relu": 1, "elu": 1, "quick_gelu": 1.0678}
    assert {name: float(nl.get(name).grad(1.0).round(4)) for name in slopes} == slopes


def test_softplus_is_stable_and_its_slope_is_the_sigmoid() -> None:
    x = np.linspace(-800, 800, 161)
    assert np.allclose(nl.softplus(x), np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))), rtol=1e-15)
    assert np.array_equal(nl.softplus.grad(x), nl.sigmoid(x))


def test_one_neuron_learns_slowly_where_its_activation_is_flat() -> None:
    for name, z, gradient in (
        ("sigmoid", 0, -0.125),
        ("sigmoid", -10, -4.54e-5),
        ("relu", 1e-12, -1),
        ("relu", -10, 0),
    ):
        f = nl.get(name)
        error = float(f(z)) - 1
        assert error * float(f.grad(z)) == pytest.approx(gradient, rel=1e-3), name


def test_a_million_values_of_naive_formulas_would_overflow_and_ours_do_not() -> None:
    x = np.array([-1e4, -800.0, 800.0, 1e4])
    with np.errstate(all="raise"):
        assert nl.sigmoid(x).tolist() == [0, 0, 1, 1]
        assert nl.tanh(x).tolist() == [-1, -1, 1, 1]
        assert nl.softplus(x).tolist() == [0, 0, 800, 1e4]
        assert nl.softmax(x).tolist() == [0, 0, 0, 1]
