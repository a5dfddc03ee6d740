"""The fast grade: within 4 ulp near 0, as the exact grade far from it, each value by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.derivation.programs import programs
from nonlin.kernels.elementwise import fits_fast_lanes
from nonlin.kernels.reach import LARGEST, reach
from oracles import ORACLES, exact_array, ulps

FAST = [
    "elu", "gelu", "hard_sigmoid", "hard_swish", "leaky_relu", "log_sigmoid", "relu", "relu6", "selu",
    "sigmoid", "silu", "softplus", "softsign", "tanh",
]  # fmt: skip
EXACT_LANES = ["celu", "gelu_tanh", "mish", "quick_gelu", "swish"]


def inputs() -> Any:
    draw = np.random.default_rng(5)
    tiny = 10.0 ** draw.uniform(-44, 0, 300) * draw.choice([-1, 1], 300)
    return np.concatenate([np.linspace(-12, 12, 1501), np.linspace(-120, 120, 301), tiny]).astype(np.float32)


@pytest.mark.parametrize("name", FAST)
def test_values_are_within_four_ulp(name: str) -> None:
    x, oracle = inputs(), ORACLES[name]
    error = ulps(nl.get(name).fast(x), exact_array(oracle.value, x))
    assert error.max() <= 4, (name, x[error.argmax()], error.max())


@pytest.mark.parametrize("name", FAST)
def test_slopes_are_within_four_ulp_of_the_slope_or_of_one(name: str) -> None:
    x, oracle = inputs(), ORACLES[name]
    truth = np.array([float(v) for v in exact_array(oracle.slope, x)])
    got = nl.get(name).fast.grad(x)
    relative = ulps(got, exact_array(oracle.slope, x))
    absolute = np.abs(got - truth) / 2.0**-24
    assert (np.minimum(relative, absolute) <= 4).all(), name


@pytest.mark.parametrize("name", FAST)
def test_far_inputs_are_computed_as_in_the_exact_grade(name: str) -> None:
    activation = nl.get(name)
    far = reach(programs(activation.definition, ("value",)), "fast")
    x = np.float32([np.inf, -np.inf, np.nan, 3e38, -3e38])
    if far < LARGEST:
        x = np.concatenate([x, np.float32([1.01, -1.01, 3, -3]) * np.float32(far)])
    np.testing.assert_array_equal(activation.fast(x), activation(x))


@pytest.mark.parametrize("name", EXACT_LANES)
def test_what_would_lose_digits_in_float32_lanes_is_computed_exactly(name: str) -> None:
    activation = nl.get(name)
    assert not fits_fast_lanes(programs(activation.definition, ("value",)))
    np.testing.assert_array_equal(activation.fast(inputs()), activation(inputs()))


@pytest.mark.parametrize("name", ["silu", "gelu", "leaky_relu"])
def test_a_value_does_not_depend_on_its_neighbours(name: str) -> None:
    fast = nl.get(name).fast
    x = np.random.default_rng(1).normal(0, 30, 3001).astype(np.float32)
    alone = np.array([fast(v) for v in x])
    np.testing.assert_array_equal(fast(x), alone)
    np.testing.assert_array_equal(fast(x[::-1]), alone[::-1])
    np.testing.assert_array_equal(fast.value_and_grad(x)[0], alone)
    again = x.copy()
    np.testing.assert_array_equal(fast(again, out=again), alone)


def test_fast_is_an_activation_with_the_same_methods() -> None:
    fast = nl.leaky_relu.fast.bind(negative_slope=0.5)
    assert repr(fast) == "nonlin.leaky_relu.fast(x, negative_slope=0.5)"
    assert fast.fast is fast
    assert (fast.grade, nl.leaky_relu.grade) == ("fast", "exact")
    assert fast(np.float32(-2)) == -1
    assert nl.relu.fast.at_kink("right").grad(np.float32(0)) == 1
    assert nl.gelu.fast(1.0) == nl.gelu(1.0)
