"""Formulas in pieces: exact places, values at joints, and what cannot be cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp

import nonlin as nl
from nonlin.derivation.reference import enclose
from nonlin.facts.pieces import NotProved, pieces
from nonlin.vocabulary import Definition, sign, sin, where, x
from nonlin.vocabulary import abs as absolute
from nonlin.vocabulary import max as larger


def places(formula: Any) -> list[Any]:
    return [place for place, _ in pieces(Definition(formula=formula)).joints]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (absolute(absolute(x) - sp.Rational(1, 10)), [-sp.Rational(1, 10), 0, sp.Rational(1, 10)]),
        (where(x**2 > 2, x, x**3), [-sp.sqrt(2), sp.sqrt(2)]),
        (where(x**2 >= 0, x, 1), []),
        (where(sp.And(x > -1, x <= 2), x, 0), [-1, 2]),
        (larger(larger(x, 0), x - 5), [0]),
        (sign(x) * x - absolute(x), []),
        (where(x > 1, x, x), []),
        (where(sp.Eq(x, 3), 7, x), [3]),  # one point of its own
    ],
)
def test_where_a_formula_switches(formula: Any, expected: list[Any]) -> None:
    assert places(formula) == expected


def test_a_joint_has_the_value_that_the_condition_picks() -> None:
    assert pieces(Definition(formula=where(x > 0, 5, -5))).joints == ((0, -5),)
    assert pieces(Definition(formula=where(x >= 0, 5, -5))).joints == ((0, 5),)
    assert pieces(Definition(formula=sign(x))).joints == ((0, 0),)


def test_a_parameter_is_the_decimal_it_is_written_as() -> None:
    @nl.activation
    def shrunk(x: Any, threshold: float = 0.1) -> Any:
        return nl.where(x > threshold, x - threshold, 0)

    assert pieces(shrunk.definition).joints == ((sp.Rational(1, 10), 0),)


@pytest.mark.parametrize(
    "formula", [where(sin(x) > 0, x, 0), absolute(sin(x)), where(x**5 - x - 1 > 0, x, 0)]
)
def test_what_switches_at_unknown_places_is_refused(formula: Any) -> None:
    with pytest.raises(NotProved):
        pieces(Definition(formula=formula))


def test_each_piece_is_the_function() -> None:
    draw = np.random.default_rng(3)
    for name in ("hard_swish", "relu6", "softsign", "elu", "leaky_relu"):
        found = pieces(nl.get(name).definition)
        ends = [-np.inf, *(float(p) for p, _ in found.joints), np.inf]
        for at in draw.normal(0, 4, 20):
            piece = found.pieces[int(np.searchsorted(ends, at)) - 1]
            got = float(enclose(piece.formula, {x: at}).mid())
            assert got == pytest.approx(float(nl.get(name)(at)), rel=1e-14)
