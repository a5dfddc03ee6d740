"""Roundings of formulas are decided as mpmath and fractions decide them, ties and near ties included."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp
from flint import arb

import nonlin as nl
from nonlin.derivation.calculus import derivative
from nonlin.derivation.formats import FORMATS
from nonlin.derivation.reference import enclose
from nonlin.derivation.rounding import Rounding, nearest
from nonlin.vocabulary import abs as absolute
from nonlin.vocabulary import where, x
from oracles import Oracle, exactly

FORM = FORMATS["float32"]
SMALLEST = 2.0**-149
UNIT = Fraction(2) ** -149


def of(name: str, order: int = 0) -> Rounding:
    definition = nl.get(name).definition
    return Rounding(derivative(definition, order), {p: p.default for p in definition.parameters})


def test_a_tie_but_for_a_term_of_1e_80_is_decided() -> None:
    silu = of("silu")  # 1.5 subnormals plus 4e-90, and minus 1.5 but for that on the other side
    assert silu.rounded(3 * SMALLEST, FORM) == 2 * UNIT
    assert silu.rounded(-3 * SMALLEST, FORM) == -UNIT


def test_a_true_tie_of_a_rational_formula_goes_to_even() -> None:
    prelu = of("prelu")
    assert prelu.rounded(-2 * SMALLEST, FORM) == 0
    assert prelu.rounded(-6 * SMALLEST, FORM) == -2 * UNIT


@pytest.mark.parametrize("order", [0, 1])
def test_huge_and_tiny_arguments_are_decided(oracle: Oracle, order: int) -> None:
    rounding, plain = of(oracle.name, order), (oracle.value, oracle.slope)[order]
    for at in (3.4e38, -3.4e38, 1e-45, -1e-45, 1e20, -1e20):
        got, at = rounding.rounded(at, FORM), float(np.float64(at))
        truth = float(np.clip(float(exactly(plain, at)), -(2.0**128), 2.0**128))
        assert got is not None
        assert abs(got - Fraction(truth)) <= FORM.unit(Fraction(truth)) * Fraction(513, 1024), at


@pytest.mark.parametrize(
    ("at", "expected"), [(-2.0, Fraction(2, 3)), (0.5, Fraction(3, 10)), (7.0, Fraction(7, 8))]
)
def test_formulas_of_fractions_are_exact(at: float, expected: Fraction) -> None:
    formula = where(sp.And(x > 0, x < 1), x * sp.Rational(3, 5), absolute(x) / (1 + absolute(x)))
    ((low, high),) = Rounding(formula, {}).enclosures(at)
    assert low == high == expected


def test_a_square_root_is_no_fraction() -> None:
    (low, high), *_ = Rounding(sp.sqrt(x), {}).enclosures(2.0)
    assert low < high
    assert low**2 < 2 < high**2


def test_what_no_precision_decides_is_told() -> None:
    tie = nl.sin(x) ** 2 + nl.cos(x) ** 2 + FORM.unit(Fraction(1)) / 2
    assert Rounding(tie, {}).rounded(0.5, FORM) is None


@pytest.mark.parametrize("bits", [128, 1024])
def test_the_form_built_once_agrees_with_the_one_built_each_time(oracle: Oracle, bits: int) -> None:
    rounding = of(oracle.name, 1)
    for at in (-40.0, -3.0, -0.7, 0.0, 1e-30, 2.5, 6.0, 1e30):
        assert rounding.ball(at, bits).overlaps(enclose(rounding.formula, {**rounding.values, x: at}, bits))
        assert (
            rounding.ball(at, bits).rel_accuracy_bits() > bits - 80
            or abs(rounding.ball(at, bits)) < arb(2) ** -60
        )


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32"])
def test_arrays_are_rounded_to_numbers_of_the_format(name: str) -> None:
    form = FORMATS[name]
    definition, at = nl.leaky_relu.definition, np.array([-3.0, -1e-3, 2.0, 65519.0, 1e39])
    got = nearest(definition, "value", (1 / 3,), form, at)
    with np.errstate(over="ignore"):
        expected = np.array([-1.0, -1e-3 / 3, 2.0, 65519.0, 1e39]).astype(form.dtype).astype(np.float64)
    assert np.array_equal(np.where(abs(got) >= float(form.beyond), np.inf, got), expected)
    assert nearest(definition, "slope", (1 / 3,), form, at)[0] == float(np.array(1 / 3).astype(form.dtype))
    assert nearest(definition, 2, (1 / 3,), form, at).tolist() == [0.0] * 5


def test_what_is_not_decided_is_no_number() -> None:
    @nl.activation
    def circle(x: Any) -> Any:
        """One, and half a unit."""
        return nl.sin(x) ** 2 + nl.cos(x) ** 2 + sp.Rational(1, 1 << 11)

    assert np.isnan(nearest(circle.definition, "value", (), FORMATS["float16"], np.array([0.5])))
