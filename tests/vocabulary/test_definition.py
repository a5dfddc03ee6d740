"""Definitions: exact numbers, kinks, parameters, tracing, and what is refused."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
import sympy as sp

import nonlin as nl
from nonlin.errors import InvalidDefinition
from nonlin.vocabulary import Definition, Parameter, exp, kinks, trace, where, x
from nonlin.vocabulary import abs as magnitude

a = Parameter("a", 2.0, "a number")


def test_decimals_become_exact_and_absolute_values_become_our_word() -> None:
    definition = Definition(formula=0.1 * x + sp.Abs(x))
    assert definition.formula == sp.Rational(1, 10) * x + magnitude(x)


def test_it_is_frozen_plain_data() -> None:
    with pytest.raises(AttributeError):
        Definition(formula=x).name = "other"  # type: ignore[misc]


def test_a_parameter_is_its_name_and_its_default() -> None:
    assert Parameter("a", 1.0) == Parameter("a", 1.0, "with another meaning")
    assert Parameter("a", 1.0) != Parameter("a", 2.0)
    assert Parameter("a", 1) == Parameter("a", 1.0)


@pytest.mark.parametrize("copied", [lambda p: pickle.loads(pickle.dumps(p)), copy.deepcopy])
def test_a_parameter_survives_a_journey(copied: Any) -> None:
    twin = copied(a)
    assert twin == a
    assert (twin.default, twin.meaning) == (2.0, "a number")


def test_binding_changes_the_default_and_forgets_claims_about_the_old_one() -> None:
    elu = nl.elu.definition
    bound = elu.bound(alpha=3.0)
    assert [p.default for p in bound.parameters] == [3.0]
    assert bound.claims == ()
    assert elu.parameters[0].default == 1.0


@pytest.mark.parametrize(
    ("formula", "places"),
    [
        (where(x > 0, x, 0), [0]),
        (where(x <= -3, 0, where(x < 3, x, 3)), [-3, 3]),
        (magnitude(x - 1) + magnitude(2 * x), [0, 1]),
        (where(2 * x > a, x, 0), [a / 2]),
        (exp(x), []),
        (where(x**2 > 1, x, 0), []),
    ],
)
def test_kinks_are_where_a_choice_switches(formula: Any, places: list[Any]) -> None:
    assert list(kinks(formula)) == sorted(places, key=sp.default_sort_key)


def test_an_unknown_symbol_is_refused_by_name() -> None:
    with pytest.raises(InvalidDefinition, match=r"uses q, .*parameters=\["):
        Definition(formula=x * sp.Symbol("q"))


@pytest.mark.parametrize("name", ["x", "g", "z", "out", "axis", "name", "v0", "v17"])
def test_a_parameter_with_a_name_that_programs_use_is_refused(name: str) -> None:
    """A parameter called v0 was silently replaced by the first step of the Program: exp(v0 x) + v0 was wrong."""
    with pytest.raises(InvalidDefinition, match=f"cannot be called '{name}'"):
        Definition(formula=Parameter(name, 1.0) * x, parameters=[Parameter(name, 1.0)])


@pytest.mark.parametrize("rule", ["up", "", None, float("nan"), float("inf"), [1]])
def test_an_unknown_kink_rule_is_refused(rule: Any) -> None:
    with pytest.raises(
        InvalidDefinition, match="say 'left', 'right', 'middle', 'steeper' or a finite number"
    ):
        Definition(formula=x).with_kink_rule(rule)


def test_a_function_is_traced_into_its_formula() -> None:
    def bent(x: Any, a: float = 0.5) -> Any:
        """Bend.

        And more.
        """
        return x + a * (nl.sqrt(x**2 + 1) - 1)

    definition = trace(bent)
    assert (definition.name, definition.summary) == ("bent", "Bend.")
    assert [(p.name, p.default) for p in definition.parameters] == [("a", 0.5)]
    assert definition.formula.free_symbols == {x, Parameter("a", 0.5)}


def branches(x: Any) -> Any:
    return x if x > 0 else 0 * x


def calls_numpy(x: Any) -> Any:
    return np.exp(x)


def lacks_a_default(x: Any, a: Any) -> Any:
    return a * x


def has_a_text_default(x: Any, a: Any = "s") -> Any:
    return a * x


def has_an_infinite_default(x: Any, a: Any = float("inf")) -> Any:
    return a * x


def returns_nothing(x: Any) -> Any:
    return None


def returns_text(x: Any) -> Any:
    return "x"


def returns_a_list(x: Any) -> Any:
    return [x, x]


def returns_a_comparison(x: Any) -> Any:
    return x > 0


def divides_by_zero(x: Any) -> Any:
    return x + 1 / 0


def takes_nothing() -> Any:
    return 1


def uses_a_method(x: Any) -> Any:
    return x.clip(0)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (branches, "could not be traced.*nl.where"),
        (calls_numpy, "could not be traced.*without if, numpy or torch"),
        (uses_a_method, "could not be traced"),
        (lacks_a_default, "'a' has no default; write a=1.0"),
        (has_a_text_default, "default of 'a' is 's'; give one finite number"),
        (has_an_infinite_default, "default of 'a' is inf"),
        (returns_nothing, "could not be traced.*None"),
        (returns_text, "could not be traced.*'x'"),
        (returns_a_list, "could not be traced"),
        (returns_a_comparison, "returned x > 0, which is no number"),
        (divides_by_zero, "division by zero"),
        (takes_nothing, r"takes no input; write def takes_nothing\(x\)"),
    ],
    ids=lambda v: getattr(v, "__name__", ""),
)
def test_what_cannot_be_traced_is_refused_in_one_line(function: Any, message: str) -> None:
    with pytest.raises(InvalidDefinition, match=message) as caught:
        trace(function)
    assert function.__name__ in str(caught.value)
    assert "\n" not in str(caught.value)


def test_text_is_never_evaluated(tmp_path: Any) -> None:
    """A traced function that returned text had it parsed as Python."""
    victim = tmp_path / "victim"

    def evil(x: Any) -> Any:
        return f"open({str(victim)!r}, 'w')"

    with pytest.raises(InvalidDefinition):
        trace(evil)
    assert not victim.exists()


def test_kinks_are_found_in_conditions_joined_by_and_or_not() -> None:
    inside = sp.And(sp.Gt(x, -1), sp.Not(sp.Ge(x, 2)))
    assert kinks(where(inside, x**2, x)) == (-1, 2)
