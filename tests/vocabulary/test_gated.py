"""Definitions of two inputs: a product of a function of each, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from nonlin.derivation.gated import programs
from nonlin.errors import InvalidDefinition
from nonlin.vocabulary import GatedDefinition, Parameter, gate, sigmoid, where, x

beta = Parameter("beta", 1.5, "sharpness")


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        (x + gate, "is no function of x times a function of gate"),
        (x * sigmoid(x * gate), "is no function of x times a function of gate"),
        (sigmoid(x), "is no function of x times a function of gate"),
        (
            x * sigmoid(beta * gate),
            "uses beta, which is neither the input x or gate nor one of its parameters",
        ),
    ],
)
def test_what_is_no_product_of_stated_symbols_is_refused(formula: Any, told: str) -> None:
    with pytest.raises(InvalidDefinition, match=told) as refused:
        GatedDefinition(formula=formula)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["x", "gate", "g", "out", "v3"])
def test_a_parameter_bears_no_name_of_nonlin_s(name: str) -> None:
    with pytest.raises(InvalidDefinition, match=f"cannot be called '{name}'"):
        GatedDefinition(formula=x * gate, parameters=[Parameter(name, 1.0)])


def test_its_factors_are_definitions_with_the_parameters_that_each_uses() -> None:
    made = GatedDefinition(formula=(x + 1) * gate * sigmoid(beta * gate), parameters=[beta], name="unit")
    assert [f.name for f in made.factors] == ["unit_value", "unit_gate"]
    assert [len(f.parameters) for f in made.factors] == [0, 1]
    assert made.value_factor.formula == x + 1
    assert made.gate_factor.formula == x * sigmoid(beta * x)
    assert made.bound(beta=2.0).gate_factor.parameters[0].default == 2.0
    assert made.renamed({"beta": "alpha"}).parameters[0].name == "alpha"
    assert made.with_kink_rule("left").gate_factor.kink_rule == "left"


def test_programs_have_both_inputs_and_an_output_for_each_quantity() -> None:
    made = GatedDefinition(formula=x * where(gate > 0, gate, 0))
    assert programs(made, ("value", "slopes")).inputs == ("x", "gate")
    assert len(programs(made, ("value", "slopes")).outputs) == 3
    assert programs(made, ("pullback",)).inputs == ("x", "gate", "g")
    assert len(programs(made, ("pullback",)).outputs) == 2
