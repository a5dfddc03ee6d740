"""Programs: straight lines, each shared part once, and the same numbers as the formula."""

from __future__ import annotations

import math
import operator
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

import nonlin as nl
from nonlin.derivation.program import OPERATIONS, Program, program, run
from nonlin.derivation.programs import programs
from nonlin.errors import InvalidDefinition
from nonlin.vocabulary import Parameter, erf, exp, sigmoid, sin, where, x
from oracles import ORACLES

MPMATH: dict[str, Any] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
    "sqrt": mp.sqrt, "pow": mp.power, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
    "eq": operator.eq, "ne": operator.ne, "and": lambda a, b: a and b, "or": lambda a, b: a or b, "not": operator.not_,
    "exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log1p": mp.log1p, "tanh": mp.tanh,
    "sech2": lambda u: 1 / mp.cosh(u) ** 2, "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
    "softplus": lambda u: mp.log1p(mp.exp(u)), "erf": mp.erf, "normal_cdf": mp.ncdf, "normal_pdf": mp.npdf,
    "expm1_rest": lambda u: mp.expm1(u) - u, "tanh_rest": lambda u: u - mp.tanh(u), "hypot": mp.hypot,
    "sin": mp.sin, "cos": mp.cos, "abs": abs, "sign": mp.sign, "where": lambda c, a, b: a if c else b,
}  # fmt: skip
"""Every operation spelled for mpmath: a target language that shares no code with the kernels."""


def test_every_operation_is_spelled() -> None:
    assert set(MPMATH) == set(OPERATIONS)


@pytest.mark.parametrize("name", sorted(ORACLES))
@pytest.mark.parametrize("sharp", [None, "single", "double"])
def test_running_a_program_in_mpmath_gives_value_and_slope(name: str, sharp: Any) -> None:
    definition = nl.get(name).definition
    written = programs(definition, ("value", "slope", 2), sharp)
    defaults = {p.name: mp.mpf(p.default) for p in definition.parameters}
    for at in (-4.5, -1.3, -0.7517, -0.2, 0.4, 2.5, 6.5):
        got = run(written, {"x": mp.mpf(at), **defaults}, MPMATH)
        plain = ORACLES[name]
        for part, truth in zip(
            got, (plain.value(mp.mpf(at)), plain.slope(mp.mpf(at)), plain.second(mp.mpf(at))), strict=True
        ):
            assert abs(part - truth) < 1e-14 * (1 + abs(truth)), (name, at)


def test_each_shared_part_is_computed_once(oracle: Any) -> None:
    for what in (("value", "slope"), ("pullback",), (2,)):
        steps = programs(nl.get(oracle.name).definition, what).steps
        parts = [(s.operation, s.operands) for s in steps]
        assert len(parts) == len(set(parts))


def test_each_step_uses_only_what_stands_above_it(oracle: Any) -> None:
    written = programs(nl.get(oracle.name).definition, ("value", "slope", 2, "pullback"), "double")
    known = {*written.inputs, *written.parameters}
    for step in written.steps:
        assert {o for o in step.operands if isinstance(o, str)} <= known, step
        known.add(step.name)
    assert {o for o in written.outputs if isinstance(o, str)} <= known


def test_it_prints_as_a_listing() -> None:
    assert str(program([x * sigmoid(x), sigmoid(x)])).split("\n") == [
        "program(x)", "    v0 = sigmoid(x)", "    v1 = mul(v0, x)", "    return v1, v0",
    ]  # fmt: skip


def test_it_is_plain_frozen_data_that_can_be_compared() -> None:
    assert program([exp(x)]) == program([exp(x)])
    assert hash(program([exp(x)])) == hash(program([exp(x)]))
    with pytest.raises(AttributeError):
        program([x]).steps = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("formula", "plain"),
    [
        (x**7, lambda u: u**7),
        (x**-3, lambda u: u**-3),
        (1 / (1 + x**2) ** 2, lambda u: (1 + u * u) ** -2),
        (sp.sqrt(1 + x**2), lambda u: math.sqrt(1 + u * u)),
        ((1 + x**2) ** sp.Rational(-3, 2), lambda u: (1 + u * u) ** -1.5),
        ((2 + x**2) ** sp.Rational(1, 3), lambda u: (2 + u * u) ** (1 / 3)),
        ((2 + x**2) ** x, lambda u: (2 + u * u) ** u),
        (-x / 3 - 2, lambda u: -u / 3 - 2),
        (x - exp(x) * 2, lambda u: u - 2 * math.exp(u)),
        (exp(sp.Integer(1)) + x, lambda u: math.e + u),
        ((1 + exp(sp.Integer(0))) * x, lambda u: 2 * u),
        (sp.pi * x + sp.E, lambda u: math.pi * u + math.e),
        (where(sp.And(x > 0, x < 1), x, -x), lambda u: u if 0 < u < 1 else -u),
        (where(sp.Or(x < 0, sp.Not(x < 2)), 5, x), lambda u: 5 if u < 0 or not u < 2 else u),
        (where(sp.Ne(x, 2), 1, x), lambda u: 1 if u != 2 else u),
        (sp.Integer(3), lambda u: 3),
    ],
    ids=lambda case: "plain" if callable(case) and not isinstance(case, sp.Basic) else str(case),
)
def test_arithmetic_is_written_right(formula: Any, plain: Any) -> None:
    written = program([formula])
    for at in (0.5, 1.25, 2.0, 3.5):
        (got,) = run(written, {"x": mp.mpf(at)}, MPMATH)
        assert float(got) == pytest.approx(plain(at), rel=1e-14)


def test_inputs_and_parameters_are_named_in_order() -> None:
    a, b = Parameter("a", 1.0), Parameter("b", 2.0)
    written = program([a * x + b], ("x",), (a, b))
    assert (written.inputs, written.parameters) == (("x",), ("a", "b"))
    assert run(written, {"x": 3.0, "a": 2.0, "b": 1.0}, MPMATH) == (7.0,)


@pytest.mark.parametrize(
    "formula", [sp.gamma(x), sp.sin(x), sp.zeta(x) + erf(x), sp.Piecewise((x, x > 0), (0, True))]
)
def test_a_function_that_is_no_word_is_refused_with_the_words(formula: Any) -> None:
    with pytest.raises(InvalidDefinition, match="is no word of nonlin; the words are exp, "):
        program([formula])


def test_a_reciprocal_power_is_a_power_of_the_reciprocal() -> None:
    """1 / (1 + |x|)^2 lost its subnormal tail when the square overflowed first."""
    operations = [s.operation for s in program([1 / (1 + x**2) ** 2]).steps]
    assert operations == ["mul", "add", "div", "mul"]


def test_a_negative_argument_shares_its_word() -> None:
    words = [s for s in programs(nl.sigmoid.definition, ("value", "slope")).steps if s.operation == "sigmoid"]
    assert len(words) == 2


def test_what_can_be_asked_for() -> None:
    elu = nl.elu.definition
    both = programs(elu, ("value", "alpha"))
    assert isinstance(both, Program)
    assert both.parameters == ("alpha",)
    assert programs(elu, ("pullback",)).inputs == ("x", "g")
    assert programs(elu, (1,)) == programs(elu, ("slope",))
    assert programs(elu, (0,)) == programs(elu, ("value",))
    assert np.isclose(float(run(both, {"x": -1.0, "alpha": 2.0}, MPMATH)[1]), math.expm1(-1))


def test_sines_and_products_of_user_words() -> None:
    (got,) = run(program([sin(x) * sigmoid(-x) / (1 + exp(-x))]), {"x": mp.mpf(1)}, MPMATH)
    assert float(got) == pytest.approx(math.sin(1) / (1 + math.e) / (1 + math.exp(-1)))
