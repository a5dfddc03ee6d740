"""Each primitive's own error claim, as its file states it, against mpmath; and its ends."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from numba import njit

from nonlin.derivation.program import OPERATIONS
from nonlin.kernels.emit import OPERATORS
from nonlin.kernels.primitives import PRIMITIVES
from nonlin.kernels.primitives.scalar import horner
from nonlin.kernels.primitives.select import zero_wins
from nonlin.vocabulary import WORDS
from oracles import exact_array, ulps

PLAIN: dict[str, Any] = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
    "softplus": lambda u: mp.log1p(mp.exp(u)),
    "tanh": mp.tanh,
    "sech2": lambda u: 1 / mp.cosh(u) ** 2,
    "erf": mp.erf,
    "normal_cdf": lambda u: mp.erfc(-u / mp.sqrt(2)) / 2,
    "normal_pdf": mp.npdf,
}

# As the files claim: relative error of the single forms, 2^-bits; ulp of the double forms; on [-reach, reach].
BITS = {"exp": 38}
ULPS = {"exp": 1, "expm1": 2, "erf": 3, "normal_cdf": 6, "normal_pdf": 3}
REACH = {"tanh": 40, "sech2": 340, "erf": 7, "normal_cdf": 14, "normal_pdf": 14}
DOUBLE_REACH = {"normal_cdf": 37, "normal_pdf": 37}


def over(function: Any) -> Any:
    """The primitive as a function of arrays."""

    @njit
    def loop(x: Any, out: Any) -> None:
        for i in range(x.size):
            out[i] = function(x[i])

    def apply(x: Any) -> Any:
        out = np.empty_like(x)
        loop(x, out)
        return out

    return apply


def points(reach: float) -> Any:
    draw = np.random.default_rng(12)
    tiny = 10.0 ** draw.uniform(-300, 0, 60)
    return np.concatenate([draw.uniform(-reach, reach, 500), draw.uniform(-1.1, 1.1, 200), tiny, -tiny])


def test_every_operation_of_a_program_has_a_primitive_or_an_operator() -> None:
    for lanes in ("single", "near", "double"):
        assert set(PRIMITIVES[lanes]) | set(OPERATORS) == set(OPERATIONS)
        assert set(WORDS) <= set(PRIMITIVES[lanes])
    assert set(PRIMITIVES["fast"]) <= set(WORDS)  # a Program with another word is computed in exact lanes


@pytest.mark.parametrize("name", PLAIN)
def test_the_short_form_holds_the_digits_of_float32(name: str) -> None:
    x = points(REACH.get(name, 700))
    truth = exact_array(PLAIN[name], x)
    error = np.abs(over(PRIMITIVES["single"][name])(x) - truth) / np.abs(truth)
    assert error.max() <= 2.0 ** -BITS.get(name, 36), (name, x[error.argmax()], math.log2(error.max()))


@pytest.mark.parametrize("name", PLAIN)
def test_the_long_form_is_as_near_as_claimed(name: str) -> None:
    x = points(DOUBLE_REACH.get(name, REACH.get(name, 700)))
    error = ulps(over(PRIMITIVES["double"][name])(x), exact_array(PLAIN[name], x))
    assert error.max() <= ULPS.get(name, 4), (name, x[error.argmax()], error.max())


@pytest.mark.parametrize("name", ["log", "log1p", "sin", "cos"])
def test_those_of_the_c_library(name: str) -> None:
    x = np.abs(points(30))
    error = ulps(over(PRIMITIVES["double"][name])(x), exact_array(getattr(mp, name), x))
    assert error.max() <= 1.01


def test_the_exponential_reaches_both_ends() -> None:
    exp = over(PRIMITIVES["double"]["exp"])
    x = np.array(
        [-746.0, -745.14, -745.13, -744.0, -720.0, -708.4, 709.78, 709.79, 1e300, -1e300, np.inf, -np.inf]
    )
    with np.errstate(over="ignore", under="ignore"):
        assert ulps(exp(x), [*exact_array(mp.exp, x[:-4]), np.inf, 0, np.inf, 0]).max() <= 1
    assert np.isnan(exp(np.array([np.nan]))).all()


def test_expm1_keeps_the_smallest_arguments() -> None:
    x = np.array([5e-324, -5e-324, 1e-310, 1e-20, -1e-20, 0.0, -0.0])
    for precision in ("single", "double"):
        got = over(PRIMITIVES[precision]["expm1"])(x)
        assert np.array_equal(got, x)
        assert np.signbit(got[-1])


@pytest.mark.parametrize("precision", ["single", "double"])
def test_odd_words_are_odd_to_the_bit(precision: str) -> None:
    x = points(20)
    for name in ("tanh", "erf"):
        f = over(PRIMITIVES[precision][name])  # type: ignore[index]
        assert np.array_equal(f(-x), -f(x))
        assert np.signbit(f(np.array([-0.0]))[0])


@pytest.mark.parametrize("precision", ["single", "double"])
def test_bounded_words_stay_in_their_bounds(precision: str) -> None:
    x = np.concatenate([points(800), [np.inf, -np.inf]])
    for name, low, high in (
        ("sigmoid", 0, 1),
        ("tanh", -1, 1),
        ("erf", -1, 1),
        ("normal_cdf", 0, 1),
        ("sech2", 0, 1),
    ):
        y = over(PRIMITIVES[precision][name])(x)  # type: ignore[index]
        assert low <= y.min()
        assert y.max() <= high + (4.5e-16 if name in ("sech2", "erf") else 0)


@pytest.mark.parametrize(
    ("a", "b", "product"),
    [(0.0, math.inf, 0.0), (math.inf, 0.0, 0.0), (-0.0, 2.0, -0.0), (3.0, 2.0, 6.0), (-0.0, math.inf, 0.0)],
)
def test_a_zero_factor_wins_over_infinity_and_keeps_its_sign_otherwise(
    a: float, b: float, product: float
) -> None:
    got = zero_wins(a, b)
    assert got == product
    assert math.copysign(1, got) == math.copysign(1, product)


def test_nan_is_not_hidden_by_a_product() -> None:
    assert math.isnan(zero_wins(math.nan, 2.0))


def test_a_polynomial_is_evaluated_from_its_constant_term() -> None:
    assert horner((1.0, 2.0, 3.0))(2.0) == 17.0
    assert horner((5.0,))(2.0) == 5.0


def test_coefficients_are_those_that_the_tool_makes() -> None:
    import runpy
    from pathlib import Path

    import nonlin.kernels.primitives.coefficients as made

    tool = Path(__file__).parents[2] / "tools" / "coefficients.py"
    assert "coefficients" in (made.__doc__ or "").lower()
    assert callable(runpy.run_path(str(tool)).get("main", None)) or "__main__" in tool.read_text()
