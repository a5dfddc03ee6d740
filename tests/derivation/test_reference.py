"""The reference in ball arithmetic encloses the truth and says so only when it does."""

from __future__ import annotations

import mpmath as mp
import pytest
import sympy as sp
from flint import arb

import nonlin as nl
from nonlin.derivation.calculus import derivative
from nonlin.derivation.reference import BALLS, enclose, evaluator
from nonlin.errors import InvalidDefinition
from nonlin.vocabulary import WORDS, exp, where, x
from oracles import Oracle, exactly, neighbours, seams

POINTS = (-745.2, -103.5, -38.4, -12.0, -3.0, -1.278, -1e-8, 0.0, 1e-300, 0.3, 2.9999, 6.0, 41.0, 709.0, 1e6)


def test_every_word_but_the_choice_has_a_ball() -> None:
    assert set(BALLS) == set(WORDS) - {"where"}


@pytest.mark.parametrize("order", range(3))
def test_balls_hold_the_truth(oracle: Oracle, order: int) -> None:
    definition = nl.get(oracle.name).definition
    plain = (oracle.value, oracle.slope, oracle.second)[order]
    values = {p: p.default if mp.isinf(p.default) else p.exact for p in definition.parameters}
    for at in POINTS:
        ball = enclose(derivative(definition, order), {**values, x: at}, 200)
        with mp.workdps(80):
            truth = plain(mp.mpf(at), **{p.name: mp.mpf(repr(p.default)) for p in definition.parameters})
            middle, radius = (mp.mpf(str(p.str(70, radius=False))) for p in (ball.mid(), ball.rad()))
            slack = mp.mpf(10) ** -45 * abs(truth) + mp.mpf("1e-330")
            assert abs(truth - middle) <= radius + slack, (oracle.name, at)


@pytest.mark.parametrize("order", range(2))
def test_the_evaluator_is_right_to_the_last_digit(oracle: Oracle, order: int) -> None:
    definition = nl.get(oracle.name).definition
    got = evaluator(derivative(definition, order), {p: p.default for p in definition.parameters})
    places = neighbours(seams(oracle, float), 0)
    for at in places[(places > -700) & (places < 1e15)]:
        truth = float(exactly((oracle.value, oracle.slope)[order], float(at)))
        assert got(float(at)) == pytest.approx(truth, rel=4e-16, abs=1e-320), (oracle.name, at)


def test_the_precision_rises_until_a_cancellation_is_harmless() -> None:
    assert evaluator(exp(x) - 1)(1e-200) == 1e-200


def test_exact_numbers_stay_exact() -> None:
    assert enclose(x + sp.Rational(1, 10), {x: sp.Rational(2, 10)}, 100).overlaps(arb(3) / 10)
    assert enclose(sp.pi + sp.sqrt(x), {x: 4.0}).overlaps(arb.pi() + 2)


def test_the_working_precision_is_put_back() -> None:
    from flint import ctx

    before = ctx.prec
    enclose(exp(x), {x: 1.0}, 333)
    with pytest.raises(InvalidDefinition):
        enclose(sp.gamma(x), {x: 1.0}, 333)
    assert ctx.prec == before


def test_what_has_no_ball_is_refused() -> None:
    with pytest.raises(InvalidDefinition, match=r"gamma.*no form in ball arithmetic"):
        enclose(sp.gamma(x), {x: 1.0})


@pytest.mark.parametrize(("at", "expected"), [(-1.0, 5), (0.5, 1), (3.0, 5), (2.0, 5), (0.0, 1)])
def test_conditions(at: float, expected: int) -> None:
    formula = where(sp.And(sp.Not(x < 0), sp.Or(x < 2, sp.Eq(x, 7))), 1, 5)
    assert enclose(formula, {x: at}) == expected


@pytest.mark.parametrize("at", [1e30, 1e90, 1e300])
@pytest.mark.parametrize(("word", "left", "right"), [("sigmoid", 0, 1), ("sech2", 0, 0), ("tanh", -1, 1)])
def test_words_of_huge_arguments_have_their_limits(word: str, left: int, right: int, at: float) -> None:
    for side, limit in ((-1, left), (1, right)):
        assert abs(enclose(WORDS[word](x), {x: side * at}) - limit) < 1e-15


@pytest.mark.parametrize("word", ["sigmoid", "sech2", "softplus"])
def test_a_ball_around_zero_holds_both_sides(word: str) -> None:
    around = BALLS[word](arb(0, 3))
    for at in (-3, -1, 0, 1, 3):
        assert around.contains(BALLS[word](arb(at)))
