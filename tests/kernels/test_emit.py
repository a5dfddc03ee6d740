"""A Program as instructions: nothing a user wrote is among them, no digit is lost on the way into a steep word."""

from __future__ import annotations

import gc
import re
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import nonlin as nl
from nonlin.derivation.program import program
from nonlin.derivation.programs import programs
from nonlin.kernels import loops
from nonlin.kernels.elementwise import kernel, object_code
from nonlin.kernels.object_code import load
from nonlin.kernels.ufunc import make_ufunc
from nonlin.vocabulary import (
    Parameter,
    abs,
    exp,
    expm1,
    log1p,
    normal_cdf,
    normal_pdf,
    sech2,
    sigmoid,
    sign,
    softplus,
    tanh,
    where,
    x,
)
from oracles import exact_array, ulps

GRADES = [("f", "exact"), ("f", "fast"), ("d", "exact")]
DTYPES = {"f": np.float32, "d": np.float64}
each_grade = pytest.mark.parametrize(("code", "grade"), GRADES, ids=["exact", "fast", "float64"])
quick = settings(max_examples=15, deadline=None, database=None)

WIDE = np.concatenate([
    np.linspace(-9, 9, 301), np.linspace(-120, 120, 101), np.linspace(-2000, 2000, 41),
    [np.inf, -np.inf, np.nan, 0.0, -0.0, 1e-40, -1e-40, 3e38, -3e38, 1e5, -1e5],
])  # fmt: skip


def same(one: Any, other: Any) -> bool:
    return bool(np.asarray(one).tobytes() == np.asarray(other).tobytes())


# --- The text ------------------------------------------------------------------------------------------------


def test_the_text_computes_what_the_program_says_and_nothing_twice() -> None:
    text = loops.loop(program([x * sigmoid(x)]), "d", "double")
    inner = text[text.index("compute") :]
    assert inner.count("fdiv") == 1
    assert set(re.findall(r"call .*?@\"?([\w.]+)", text)) & {"exp", "log", "sigmoid"} == set()


@each_grade
def test_nothing_may_be_reordered_or_fused_on_its_own(code: Any, grade: Any) -> None:
    text = loops.loop(
        programs(nl.mish.definition, ("value", "slope")), code, "near" if code == "f" else "double"
    )
    assert (
        re.findall(r"\bf(?:add|sub|mul|div|cmp|neg) (?:fast|contract|reassoc|arcp|afn|nnan|ninf|nsz)\b", text)
        == []
    )
    assert "fadd <" in text


def test_no_name_of_a_user_enters_the_text() -> None:
    evil = Parameter("__import__", 1.0)
    text = loops.loop(program([evil * x], ("x",), (evil,)), "f", "near")
    assert "import" not in text


@pytest.mark.parametrize("name", ["lambda", "class", "True", "import", "for", "π", "beta_1", "y"])
def test_parameters_may_have_any_name(name: str) -> None:
    parameter = Parameter(name, 3.0)
    ufunc = kernel(program([parameter * x + x * x], ("x",), (parameter,)), "d")
    assert ufunc(np.array([2.0, -1.0]), 5.0).tolist() == [14.0, -4.0]


def test_equal_programs_share_one_kernel() -> None:
    assert kernel(program([exp(x)]), "f") is kernel(program([exp(x)]), "f")
    assert kernel(program([exp(x)]), "f") is not kernel(program([exp(x)]), "d")


def test_a_kernel_is_a_numpy_ufunc() -> None:
    ufunc = kernel(programs(nl.swish.definition, ("value", "slope")), "f")
    assert isinstance(ufunc, np.ufunc)
    assert (ufunc.nin, ufunc.nout, ufunc.types) == (2, 2, ["fd->ff"])


def test_a_ufunc_outlives_the_names_it_was_made_from() -> None:
    address = load(object_code(program([2 * x]), "d", "exact"))
    ufunc = make_ufunc("twice", "Twice.", [("d", "d", address)])
    gc.collect()
    assert ufunc(np.arange(4.0)).tolist() == [0, 2, 4, 6]
    assert (ufunc.__name__, ufunc.__doc__.splitlines()[-1]) == ("twice", "Twice.")


@each_grade
def test_a_constant_formula_fills_its_output(code: Any, grade: Any) -> None:
    ufunc = kernel(program([sp.Integer(3), x]), code, grade)
    three, given = ufunc(np.zeros((2, 20), DTYPES[code]))
    assert (three == 3).all()
    assert (given == 0).all()


# --- Ends ----------------------------------------------------------------------------------------------------


@each_grade
def test_what_vanishes_wins_over_what_overflows(code: Any, grade: Any) -> None:
    f = kernel(program([x**3 * exp(-x * x), x * sigmoid(x), x * normal_cdf(x)]), code, grade)
    far = np.array([-np.inf, -1e30, 1e30, np.inf], DTYPES[code])
    bell, left, normal = f(far)
    assert bell.tolist() == [0, 0, 0, 0]
    assert left.tolist() == normal.tolist() == [0, 0, *far[2:]]


@each_grade
def test_a_slowly_growing_formula_is_also_asked_at_infinity(code: Any, grade: Any) -> None:
    f = kernel(program([log1p(exp(x)), 1 / log1p(abs(x)), exp(x)]), code, grade)
    grown, fallen, steep = f(np.array([-np.inf, np.inf], DTYPES[code]))
    assert grown.tolist() == steep.tolist() == [0, np.inf]
    assert fallen.tolist() == [0, 0]


@each_grade
def test_near_and_far_values_of_one_vector_do_not_mix(code: Any, grade: Any) -> None:
    """In each vector some lanes take the short form and some the long one."""
    ufunc = kernel(program([exp(x), x * sigmoid(4 * x)]), code, grade)
    given = np.random.default_rng(15).permutation(np.repeat(WIDE, 5)).astype(DTYPES[code])
    alone = [np.array(column) for column in zip(*(ufunc(v) for v in given), strict=True)]
    assert all(same(whole, single) for whole, single in zip(ufunc(given), alone, strict=True))
    finite = np.isfinite(given) & (np.abs(given) < 2000)
    error = ulps(ufunc(given)[0][finite], exact_array(mp.exp, given[finite]))
    assert error.max() <= (0.51 if (code, grade) == ("f", "exact") else 4)


# --- What a formula's rounding loses -------------------------------------------------------------------------

p = Parameter("p", 1.7)
P = 1.7

STEEP = {
    "product": (exp(sp.Rational("1.702") * x), lambda u: mp.exp(mp.mpf("1.702") * u)),
    "product of products": (exp(sp.Rational("0.3") * x * x), lambda u: mp.exp(mp.mpf("0.3") * u * u)),
    "sum": (exp(x + sp.Rational("0.1")), lambda u: mp.exp(u + mp.mpf("0.1"))),
    "sum of a product": (exp(3 + sp.Rational("1.1") * x), lambda u: mp.exp(3 + mp.mpf("1.1") * u)),
    "difference": (exp(x - sp.pi), lambda u: mp.exp(u - mp.pi)),
    "quotient": (exp(x / (1 + 1 / (1 + x * x))), lambda u: mp.exp(u / (1 + 1 / (1 + u * u)))),
    "negative": (exp(-sp.Rational("0.7") * x), lambda u: mp.exp(-mp.mpf("0.7") * u)),
    "size": (exp(-abs(sp.Rational("0.7") * x)), lambda u: mp.exp(-mp.fabs(mp.mpf("0.7") * u))),
    "choice": (
        exp(where(x > 0, sp.Rational("0.7") * x, x / 3)),
        lambda u: mp.exp(mp.mpf("0.7") * u if u > 0 else u / 3),
    ),
    "parameter": (exp(p * x), lambda u: mp.exp(mp.mpf(P) * u)),
    "quotient by a parameter": (exp(x / p), lambda u: mp.exp(u / mp.mpf(P))),
    "number": (exp(x) * exp(sp.Rational("31.4")), lambda u: mp.exp(u) * mp.exp(mp.mpf("31.4"))),
    "tanh": (1 - tanh(sp.Rational("0.9") * x) ** 2 / 4, lambda u: 1 - mp.tanh(mp.mpf("0.9") * u) ** 2 / 4),
    "sech2": (sech2(sp.Rational("0.9") * x), lambda u: mp.sech(mp.mpf("0.9") * u) ** 2),
    "sigmoid": (sigmoid(x + x**3 / 20), lambda u: 1 / (1 + mp.exp(-u - u**3 / 20))),
    "softplus": (softplus(sp.Rational("1.3") * x), lambda u: mp.log1p(mp.exp(mp.mpf("1.3") * u))),
    "expm1": (expm1(sp.Rational("1.3") * x), lambda u: mp.expm1(mp.mpf("1.3") * u)),
}


@each_grade
@pytest.mark.parametrize("case", STEEP)
def test_a_steep_word_is_right_though_its_argument_was_rounded(case: str, code: Any, grade: Any) -> None:
    formula, plain = STEEP[case]
    parameters = (p,) if formula.has(p) else ()
    reach = {"product of products": 14, "sigmoid": 10}.get(case, 38) * (1 if code == "f" else 1.6)
    given = np.random.default_rng(16).uniform(-reach, reach, 200).astype(DTYPES[code])
    got = kernel(program([formula], ("x",), parameters), code, grade)(given, *(P for _ in parameters))
    error, truth = ulps(got, exact_array(plain, given)), exact_array(plain, given)
    error = error[np.abs(truth) >= np.finfo(given.dtype).tiny]
    assert error.max() <= (0.51 if (code, grade) == ("f", "exact") else 4), (
        given[error.argmax()],
        error.max(),
    )


# --- What a sum of words loses -------------------------------------------------------------------------------


def gate(u: Any) -> Any:
    return 1 / (1 + mp.exp(-u))


s, GATE = sigmoid(x), mp.mpf("1.7")
SUMS = {
    "slope of a gate": (
        sigmoid(sp.Rational("1.7") * x) * (1 + sp.Rational("1.7") * x * sigmoid(-sp.Rational("1.7") * x)),
        lambda u: gate(GATE * u) * (1 + GATE * u * gate(-GATE * u)),
    ),
    "product of sums": (
        (1 + s) * (2 + s) * (3 + s) * (x / 3 - s),
        lambda u: (1 + gate(u)) * (2 + gate(u)) * (3 + gate(u)) * (u / 3 - gate(u)),
    ),
    "quotients": (
        (1 + s) / (1 + s**2) / (3 + s),
        lambda u: (1 + gate(u)) / (1 + gate(u) ** 2) / (3 + gate(u)),
    ),
    "negative size": (-abs((x - s) * (1 + s) / 3), lambda u: -mp.fabs((u - gate(u)) * (1 + gate(u)) / 3)),
    "choice": (
        where(x > -2, x * (1 + s) * (2 + s) * (3 + s), 0),
        lambda u: u * (1 + gate(u)) * (2 + gate(u)) * (3 + gate(u)) if u > -2 else 0,
    ),
}


@pytest.mark.parametrize("case", SUMS)
def test_a_sum_of_words_and_what_is_made_of_it_lose_no_more_than_the_words(case: str) -> None:
    formula, plain = SUMS[case]
    given = np.random.default_rng(17).uniform(-4, -1.5, 2000)
    error = ulps(kernel(program([formula]), "d")(given), exact_array(plain, given))
    bound = 3.5 if case == "slope of a gate" else 1  # two words, each on its own
    assert error.max() <= bound, (given[error.argmax()], error.max())


def test_what_a_sum_lost_leaves_signed_zeros_and_overflows_alone() -> None:
    odd, far = kernel(program([x * (1 + sigmoid(x)), 1 + x**4 * sigmoid(x)]), "d")(
        np.array([-0.0, 0.0, 1e100, -1e100, np.inf])
    )
    np.testing.assert_array_equal(odd, [-0.0, 0.0, 2e100, -1e100, np.inf])
    assert np.signbit(odd[:2]).tolist() == [True, False]
    np.testing.assert_array_equal(far, [1, 1, np.inf, 1, np.inf])
    inside = kernel(program([sigmoid(x**3 * exp(-x * x)), 1 + x**3 * exp(-x * x)]), "d")(
        np.array([1e200, -1e200, np.inf])
    )
    np.testing.assert_array_equal(inside, [[0.5] * 3, [1] * 3])


# --- Alone or together ---------------------------------------------------------------------------------------

LEAVES = [x, x / 3, sp.Rational("1.7") * x, -x, x * x / 9, x + sp.Rational("0.1"), 1 / (1 + x * x)]
ONE_OPERAND = [exp, expm1, sigmoid, softplus, tanh, sech2, normal_cdf, normal_pdf, abs, sign, lambda u: -u]
TWO_OPERANDS = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: where(x > 1, a, b)]

formulas = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.builds(lambda f, a: f(a), st.sampled_from(ONE_OPERAND), inner),
        st.builds(lambda f, a, b: f(a, b), st.sampled_from(TWO_OPERANDS), inner, inner),
    ),
    max_leaves=4,
)


@each_grade
@given(one=formulas, other=formulas)
@quick
def test_any_formula_has_the_same_bits_alone_and_beside_another(
    code: Any, grade: Any, one: Any, other: Any
) -> None:
    given = WIDE.astype(DTYPES[code])
    together = kernel(program([one, other]), code, grade)(given)
    assert same(kernel(program([one]), code, grade)(given), together[0])
    assert same(kernel(program([other]), code, grade)(given), together[1])
    assert same(kernel(program([other, one]), code, grade)(given)[1], together[0])
    alone = np.array([kernel(program([one]), code, grade)(v) for v in given[::7]])
    assert same(alone, together[0][::7])


@pytest.mark.parametrize("code", ["f", "d"])
def test_what_an_overflow_lost_does_not_reach_a_word_through_a_quotient(code: str) -> None:
    got = kernel(program([sech2(1 / (x**2 + 1))]), code)(np.array([np.inf, -np.inf, 1e30], code))
    np.testing.assert_array_equal(got, [1, 1, 1])
