"""The fast grade: within 4 ulp near 0, as the exact grade far from it, each value by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.kernels.elementwise import lanes
from oracles import ORACLES, Oracle, every_pattern, exact_array, neighbours, seams, ulps, ulps_of_terms

PATTERNS = every_pattern(16411)


def inputs() -> Any:
    draw = np.random.default_rng(5)
    tiny = 10.0 ** draw.uniform(-44, 0, 300) * draw.choice([-1, 1], 300)
    return np.concatenate([np.linspace(-12, 12, 1501), np.linspace(-120, 120, 301), tiny]).astype(np.float32)


def places(oracle: Oracle) -> Any:
    return np.concatenate([PATTERNS, inputs(), neighbours(seams(oracle, np.float32), 2)])


def test_float32_lanes_are_used_unless_the_definition_forbids_it(activation: Any) -> None:
    if activation.definition.fast_lanes:
        for what in (("value",), ("slope",), ("value", "slope"), ("pullback",)):
            program, code, grade = activation.fast.to_compile(what, "f")
            assert lanes(program, code, grade) == "fast"
    else:
        x = inputs()
        np.testing.assert_array_equal(activation.fast.value_and_grad(x), activation.value_and_grad(x))


def test_values_are_within_four_ulp_at_a_quarter_of_a_million_patterns(
    activation: Any, oracle: Oracle
) -> None:
    x = places(oracle)
    error = ulps(activation.fast(x), oracle.fast(x)[0])
    assert error.max() <= 4, (x[error.argmax()], error.max())


def test_slopes_are_within_four_ulp_of_what_they_are_the_sum_of(activation: Any, oracle: Oracle) -> None:
    """f = x s has the slope s + x s', which cancels where it crosses zero."""
    x = places(oracle)
    x = x[x != 0]
    value, slope = oracle.fast(x)
    error = ulps_of_terms(activation.fast.grad(x), slope, oracle.slope_terms(x, value, slope))
    assert error.max() <= 4, (x[error.argmax()], error.max())


def test_slopes_are_within_four_ulp_away_from_their_roots(activation: Any, oracle: Oracle) -> None:
    x = places(oracle)
    x = x[[all(abs(v - root) > 1.0 for root in oracle.roots) for v in x]]
    error = ulps(activation.fast.grad(x), oracle.fast(x)[1])
    assert error.max() <= 4, (x[error.argmax()], error.max())


def test_values_are_right_by_a_reference_of_other_make(activation: Any, oracle: Oracle) -> None:
    x = inputs()[::7]
    assert ulps(activation.fast(x), exact_array(oracle.value, x)).max() <= 4


def test_subnormal_tails_are_those_of_the_exact_grade(activation: Any, oracle: Oracle) -> None:
    x = np.linspace(-110, 110, 20_001, dtype=np.float32)
    truth = np.abs(oracle.fast(x)[0])
    tail = (truth < np.finfo(np.float32).tiny) & (truth > 0)
    assert ulps(activation.fast(x[tail]), oracle.fast(x[tail])[0]).max(initial=0) <= 1


def test_far_inputs_are_computed_as_in_the_exact_grade(activation: Any) -> None:
    x = np.float32([np.inf, -np.inf, np.nan, 3e38, -3e38, 1e10, -1e10, 40000, -40000])
    np.testing.assert_array_equal(activation.fast(x), activation(x))
    np.testing.assert_array_equal(activation.fast.grad(x), activation.grad(x))


def test_a_value_does_not_depend_on_its_neighbours(activation: Any) -> None:
    fast = activation.fast
    x = np.random.default_rng(1).normal(0, 30, 1501).astype(np.float32)
    x[::50] = np.float32(np.inf)
    alone = np.array([fast(v) for v in x])
    slopes = np.array([fast.grad(v) for v in x])
    np.testing.assert_array_equal(fast(x), alone)
    np.testing.assert_array_equal(fast(x[::-1]), alone[::-1])
    np.testing.assert_array_equal(fast.value_and_grad(x), (alone, slopes))
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


@pytest.mark.parametrize("name", ["swish", "celu", "elu", "prelu", "leaky_relu"])
def test_other_parameters_are_as_near(name: str) -> None:
    activation, oracle = nl.get(name), ORACLES[name]
    (parameter,) = activation.parameters
    for value in (0.3, 1.702, 3.0):
        given, x = {parameter.name: value}, inputs()[::9]
        assert ulps(activation.fast(x, **given), exact_array(oracle.value, x, **given)).max() <= 4
