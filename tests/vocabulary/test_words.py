"""Each word: its derivative against mpmath's, its LaTeX, and what it refuses."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

from nonlin.vocabulary import WORDS, erf, exp, hypot, max, min, number, sigmoid, sqrt, tanh, where, x
from nonlin.vocabulary import abs as magnitude

PLAIN: dict[str, Any] = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "expm1_rest": lambda u: mp.exp(u) - 1 - u,
    "log": mp.log,
    "log1p": mp.log1p,
    "tanh": mp.tanh,
    "tanh_rest": lambda u: u - mp.tanh(u),
    "sech2": lambda u: 1 / mp.cosh(u) ** 2,
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
    "softplus": lambda u: mp.log(1 + mp.exp(u)),
    "erf": mp.erf,
    "normal_cdf": mp.ncdf,
    "normal_pdf": mp.npdf,
    "sin": mp.sin,
    "cos": mp.cos,
    "abs": abs,
    "sign": mp.sign,
}


def value(expression: Any, at: Any) -> Any:
    """The expression at a number, each word by its plain formula, recursively."""
    if expression == x:
        return mp.mpf(at)
    if expression.is_number and not expression.args:
        return mp.mpf(sp.N(expression, 50))
    parts = [value(a, at) for a in expression.args]
    name = type(expression).__name__
    if name in PLAIN:
        return PLAIN[name](*parts)
    return {"Add": mp.fsum, "Mul": mp.fprod, "Pow": lambda p: mp.power(*p)}[name](parts)


def test_every_word_has_a_plain_formula_here() -> None:
    assert set(WORDS) == set(PLAIN) | {"where", "hypot"}


def test_the_derivatives_of_a_hypotenuse() -> None:
    y = sp.Symbol("y", real=True)
    assert hypot(x, y).diff(x) == x / hypot(x, y)
    assert hypot(x, y).diff(y) == y / hypot(x, y)
    assert hypot(x, 2 * x).diff(x) == 5 * x / hypot(x, 2 * x)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("at", ["0.3", "1.7", "4.25"])
def test_the_derivative_of_each_word(name: str, at: str) -> None:
    with mp.workdps(40):
        slope = value(WORDS[name](x).diff(x), at) if WORDS[name](x).diff(x) != 0 else 0
        assert abs(slope - mp.diff(PLAIN[name], mp.mpf(at))) < mp.mpf(10) ** -18


def test_the_chain_rule() -> None:
    with mp.workdps(40):
        slope = value(tanh(sigmoid(2 * x) * x).diff(x), "0.7")
        plain = mp.diff(lambda u: mp.tanh(u / (1 + mp.exp(-2 * u))), mp.mpf("0.7"))
        assert abs(slope - plain) < mp.mpf(10) ** -18


def test_a_word_never_rewrites_itself() -> None:
    assert exp(sp.Integer(0)).args == (0,)
    assert str(exp(exp(x))) == "exp(exp(x))"
    assert str(erf(-x)) == "erf(-x)"


def test_slopes_are_written_without_cancellation() -> None:
    assert sigmoid(x).diff(x) == sigmoid(x) * sigmoid(-x)
    assert "sech2" in str(tanh(x).diff(x))


def test_where_takes_the_branch_that_is_known() -> None:
    assert where(True, x, 0) == x
    assert where(sp.false, x, 0) == 0
    assert where(x > 0, x, x) == x


def test_where_is_derived_branch_by_branch() -> None:
    assert where(x > 0, x**2, 3 * x).diff(x) == where(x > 0, 2 * x, 3)


def test_max_and_min_are_choices_whose_slope_at_the_meeting_is_the_second() -> None:
    assert max(x, 0) == where(x > 0, x, 0)
    assert min(x, 6) == where(x < 6, x, 6)


def test_numbers_are_taken_as_written() -> None:
    assert number("0.1") * 10 == 1
    assert sqrt(sp.Integer(4)) == 2


@pytest.mark.parametrize("name", [n for n in WORDS if n not in ("where", "hypot")])
def test_an_array_is_refused_with_the_way_out(name: str) -> None:
    with pytest.raises(TypeError, match=f"{name} is a word for writing definitions.*numpy.{name}"):
        WORDS[name](np.array([1.0]))


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        (exp(x), "e^{x}"),
        (sigmoid(2 * x) ** 2, r"\left(\sigma\left(2 x\right)\right)^{2}"),
        (magnitude(x), r"\left|x\right|"),
        (
            where(x > 0, x, where(x < -1, -1, 0)),
            r"\begin{cases}x & x > 0 \\ -1 & x < -1 \\ 0 & \text{otherwise}\end{cases}",
        ),
    ],
)
def test_latex(expression: Any, latex: str) -> None:
    assert sp.latex(expression) == latex
