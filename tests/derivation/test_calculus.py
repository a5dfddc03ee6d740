"""Derivatives: at kinks as stated, elsewhere without cancellation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.derivation.calculus import derivative, parameter_derivative, tidy
from nonlin.derivation.reference import evaluator
from nonlin.vocabulary import Definition, sigmoid, where, x
from nonlin.vocabulary import abs as magnitude
from nonlin.vocabulary import sign as signum
from oracles import _PARAMETER, ORACLES, exact_array, neighbours, seams

RULES = ("left", "right", "middle", "steeper")


def test_the_zeroth_derivative_is_the_formula() -> None:
    assert derivative(nl.mish.definition, 0) == nl.mish.formula


@pytest.mark.parametrize(
    ("name", "place", "left", "right"),
    [
        ("relu", 0, 0, 1), ("leaky_relu", 0, 0.01, 1), ("prelu", 0, 0.25, 1), ("relu6", 0, 0, 1), ("relu6", 6, 1, 0),
        ("hard_sigmoid", -3, 0, 1 / 6), ("hard_sigmoid", 3, 1 / 6, 0), ("hard_swish", -3, 0, -0.5),
        ("hard_swish", 3, 1.5, 1), ("selu", 0, 1.7580993408473768, 1.0507009873554805),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rule", [*RULES, 0.3])
def test_the_slope_at_a_kink_is_the_one_asked_for(
    name: str, place: float, left: float, right: float, rule: Any
) -> None:
    sides = {"left": left, "right": right, "middle": (left + right) / 2, "steeper": max(left, right, key=abs)}
    expected = sides.get(rule, rule)
    definition = nl.get(name).definition.with_kink_rule(rule)
    slope = evaluator(derivative(definition), {p: p.default for p in definition.parameters})
    assert slope(float(place)) == pytest.approx(expected, rel=1e-15)
    beside = [np.nextafter(place, -10.0), np.nextafter(place, 10.0)]
    assert [slope(x) for x in beside] == pytest.approx([left, right], abs=1e-14)


@pytest.mark.parametrize("rule", [*RULES, 0.3])
def test_the_kernels_follow_the_rule(rule: Any, dtype: Any) -> None:
    f = nl.hard_swish.at_kink(rule)
    sides = {"left": [0, 1.5], "right": [-0.5, 1], "middle": [-0.25, 1.25], "steeper": [-0.5, 1.5]}
    expected = sides.get(rule, [rule, rule])
    assert np.array_equal(f.grad(dtype([-3, 3])), dtype(expected))
    assert np.array_equal(f.vjp(dtype([-3, 3]), dtype(2)), 2 * dtype(expected))
    assert np.array_equal(f(np.linspace(-7, 7, 57)), nl.hard_swish(np.linspace(-7, 7, 57)))


def test_the_slope_beside_a_kink_is_left_alone() -> None:
    x = np.nextafter([0.0, 0.0], [-1.0, 1.0])
    assert nl.relu.at_kink(0.5).grad(x).tolist() == [0, 1]


@pytest.mark.parametrize("name", ["softsign", "celu", "elu", "silu", "identity"])
@pytest.mark.parametrize("rule", RULES)
def test_where_no_slope_jumps_no_rule_changes_it(name: str, rule: str) -> None:
    assert nl.get(name).at_kink(rule).grad(0.0) == nl.get(name).grad(0.0)


@pytest.mark.parametrize("name", ["softsign", "celu", "silu"])
def test_a_number_is_not_put_where_the_slope_is_smooth(name: str) -> None:
    """softsign.at_kink(0.3) had slope 0.3 at 0, where both of its sides have slope 1."""
    assert nl.get(name).at_kink(0.3).grad(0.0) == nl.get(name).grad(0.0)


def test_one_sided_second_derivatives() -> None:
    """softsign's failed: abs(0) inside a fraction was taken for a number that SymPy can print."""
    second = {rule: float(nl.softsign.at_kink(rule).derivative(2)(0.0)) for rule in RULES[:3]}
    assert second == {"left": 2, "right": -2, "middle": 0}
    assert nl.relu.at_kink(0.3).derivative(2)(0.0) == 0


def test_a_kink_rule_follows_the_parameter() -> None:
    assert nl.elu.at_kink("left").grad(0.0, alpha=3.0) == 3
    assert nl.elu.at_kink("middle").grad(0.0, alpha=3.0) == 2
    assert nl.elu.at_kink("right").grad(0.0, alpha=3.0) == 1


def test_rational_functions_of_the_magnitude_are_one_fraction() -> None:
    softsign = x / (1 + magnitude(x))
    assert tidy(softsign.diff(x)) == 1 / (1 + magnitude(x)) ** 2
    assert tidy(sigmoid(x)) == sigmoid(x)
    assert tidy(signum(x) * sigmoid(magnitude(x))) == signum(x) * sigmoid(magnitude(x))


@pytest.mark.parametrize(("name", "parameter"), sorted(_PARAMETER))
@pytest.mark.parametrize("value", [None, 0.37, 2.5])
def test_derivatives_by_a_parameter(name: str, parameter: str, value: float | None, dtype: Any) -> None:
    oracle, f = ORACLES[name], nl.get(name)
    points = neighbours(seams(oracle, dtype), 1)
    points = points[np.abs(points) < 1e6]
    given = {} if value is None else {parameter: value}
    got = f.param_grad(points, parameter, **given)
    assert got.dtype == dtype
    default = next(p.default for p in f.parameters if p.name == parameter)
    defaults = {parameter: default if value is None else value}
    truth = exact_array(oracle.parameter(parameter), points, **defaults).astype(float)
    eps = float(np.finfo(dtype).eps)
    scaled = np.abs(points / (defaults[parameter] or 1))
    terms = {"celu": np.minimum(1, scaled), "thresholded_softplus": scaled}.get(name, 0)  # two that cancel
    inside = (
        np.abs(points) * defaults[parameter] if name == "swish" and dtype == np.float64 else 0
    )  # beta x rounded
    smallest = 1e-315 if dtype == np.float64 else float(np.finfo(dtype).smallest_subnormal)
    assert np.all(np.abs(got - truth) <= eps * (4 + inside) * (np.abs(truth) + terms) + smallest), (
        name,
        parameter,
    )


def test_parameter_derivatives_are_formulas() -> None:
    assert parameter_derivative(nl.prelu.definition, "weight") == where(x > 0, 0, x)


@pytest.mark.parametrize(("name", "parameter"), sorted(_PARAMETER))
def test_a_bound_value_is_used_by_value_and_slope(name: str, parameter: str) -> None:
    oracle, f, points = ORACLES[name], nl.get(name), np.linspace(-4, 4, 41)
    bound, given = f.bind(**{parameter: 1.75}), {parameter: 1.75}
    assert np.allclose(bound(points), exact_array(oracle.value, points, **given).astype(float), rtol=1e-14)
    slopes = exact_array(oracle.slope, points, **given).astype(float)
    assert np.allclose(bound.grad(points), slopes, rtol=1e-14, atol=1e-16)
    assert np.allclose(f.grad(points, **given), slopes, rtol=1e-13, atol=1e-16)
    if oracle.zeros:  # beside which a definition keeps its digits at its own defaults
        assert np.allclose(bound(points), f(points, **given), rtol=1e-13, atol=1e-15)
    else:
        assert np.array_equal(bound(points), f(points, **given))


def test_a_constant_has_slope_zero() -> None:
    definition = Definition(formula=3 + 0 * x)
    assert derivative(definition) == 0
