"""Each primitive's own error claim, as its file states it, against mpmath; and its ends."""

from __future__ import annotations

import ctypes
import math
import operator
import runpy
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from llvmlite import ir

from nonlin.derivation.program import OPERATIONS
from nonlin.kernels.emit import OPERATORS
from nonlin.kernels.lanes import DOUBLE, FLOAT, Lanes, Real, converted, fma, fused, polynomial, sqrt, where
from nonlin.kernels.object_code import from_ir, load
from nonlin.kernels.primitives import CIRCLING, PRIMITIVES, STEEP
from nonlin.kernels.primitives.deep import SPLIT
from nonlin.kernels.primitives.exp import Kind
from nonlin.kernels.primitives.normal import REACH as NORMAL_REACH
from nonlin.kernels.primitives.select import zero_wins
from nonlin.vocabulary import WORDS
from oracles import exact_array, exactly, to_long, ulps

KINDS: tuple[Kind, ...] = ("near", "double", "fast")
DTYPES: dict[Kind, Any] = {"near": np.float64, "double": np.float64, "fast": np.float32}

PLAIN: dict[str, Any] = {
    "exp": mp.exp,
    "expm1": mp.expm1,
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
    "softplus": lambda u: mp.log1p(mp.exp(u)),
    "expm1_rest": lambda u: mp.exp(u) - 1 - u if abs(u) > 1e-20 else u * u / 2 * (1 + u / 3),
    "tanh_rest": lambda u: u - mp.tanh(u) if abs(u) > 1e-18 else u**3 / 3,
    "sin": mp.sin,
    "cos": mp.cos,
    "tanh": mp.tanh,
    "sech2": lambda u: 1 / mp.cosh(u) ** 2,
    "erf": mp.erf,
    "normal_cdf": lambda u: mp.erfc(-u / mp.sqrt(2)) / 2,
    "normal_pdf": mp.npdf,
}

# As the files claim: relative error of the near forms, 2^-bits; ulp of the double and of the fast forms.
BITS = {"exp": 38}
ULPS = {
    "exp": 1,
    "expm1": 2,
    "expm1_rest": 3,
    "tanh_rest": 3,
    "sin": 2,
    "cos": 2,
    "erf": 3,
    "normal_cdf": 6,
    "normal_pdf": 3,
}
FAST_ULPS = {"exp": 1.5, "expm1": 1.5}
REACH: dict[Kind, dict[str, float]] = {
    "near": {"tanh": 350, "tanh_rest": 350, "sech2": 350, "erf": 10, "normal_cdf": 14.5, "normal_pdf": 14.5},
    "double": {"tanh": 40, "sech2": 340, "erf": 7, "normal_cdf": 37, "normal_pdf": 37},
    "fast": {"tanh": 34, "sech2": 34, "normal_cdf": NORMAL_REACH["fast"], "normal_pdf": NORMAL_REACH["fast"]},
}
FARTHEST: dict[Kind, float] = {"near": 700, "double": 700, "fast": 69}

DEEP_ULPS = {"exp": 1, "sigmoid": 1.5, "sech2": 4, "softplus": 3, "normal_pdf": 1.5, "normal_cdf": 3}
DEEP_REACH = {"sech2": 372.0, "normal_pdf": 38.5, "normal_cdf": 38.4}

CLAIMS = [(kind, name) for kind in KINDS for name in PLAIN if name in PRIMITIVES[kind]]
STEEP_CLAIMS = [
    (kind, name)
    for kind in ("double", "fast")
    for name in STEEP
    if kind == "double" or not name.startswith(("normal", *CIRCLING))  # of which fast lanes lack the digits
]


def over(function: Callable[..., Any], dtype: Any = np.float64, operands: int = 1, count: int = 8) -> Any:
    """The primitive, compiled for one vector, as a function of arrays."""
    module = ir.Module("word")
    vector = ir.VectorType(FLOAT if dtype == np.float32 else DOUBLE, count)
    kind = ir.FunctionType(ir.VoidType(), [vector.as_pointer()] * (operands + 1))
    builder = ir.IRBuilder(ir.Function(module, kind, "word").append_basic_block())
    lanes = Lanes(builder, vector.element, count)
    *given, out = builder.function.args
    result = function(*(Real(lanes, builder.load(g, align=1)) for g in given))
    builder.store(result.value, out, align=1)
    builder.ret_void()
    call = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * (operands + 1))(load(from_ir(str(module), "word")))

    def apply(*arrays: Any) -> Any:
        size = np.size(arrays[0])
        padded = [np.resize(np.asarray(a, dtype), -(-size // count) * count) for a in arrays]
        answer = np.empty_like(padded[0])
        for start in range(0, answer.nbytes, count * answer.itemsize):
            call(*(a.ctypes.data + start for a in (*padded, answer)))
        return answer[:size]

    return apply


def word(kind: Kind, name: str, operands: int = 1) -> Any:
    return over(PRIMITIVES[kind][name], DTYPES[kind], operands)


def reach(kind: Kind, name: str) -> float:
    return REACH[kind].get(name, FARTHEST[kind])


def points(reach: float, dtype: Any = np.float64) -> Any:
    draw = np.random.default_rng(12)
    tiny = 10.0 ** draw.uniform(-300 if dtype == np.float64 else -37, 0, 60)
    drawn = [draw.uniform(-reach, reach, 600), draw.uniform(-1.1, 1.1, 240), [-reach, reach], tiny, -tiny]
    x = np.concatenate(drawn).astype(dtype)
    return x[np.abs(x) <= reach]


def test_every_operation_of_a_program_has_a_primitive_or_an_operator() -> None:
    for kind in ("near", "double"):
        assert set(PRIMITIVES[kind]) | set(OPERATORS) == set(OPERATIONS)
        assert set(WORDS) <= set(PRIMITIVES[kind])
    assert set(PRIMITIVES["fast"]) <= set(WORDS)  # a Program with another word is computed in exact lanes
    assert set(STEEP) - set(CIRCLING) <= set(PRIMITIVES["fast"])


def test_a_hypotenuse_needs_no_square_that_fits() -> None:
    sizes = 10.0 ** np.concatenate([np.linspace(-320, 307, 150), np.linspace(-5, 5, 50)])
    x, y = np.resize(sizes, 600), np.roll(np.resize(sizes[::-1], 600), 7)
    truth = [
        to_long(exactly(lambda u, v: mp.sqrt(u * u + v * v), *map(float, p))) for p in zip(x, y, strict=True)
    ]
    assert ulps(word("double", "hypot", operands=2)(x, -y), truth).max() <= 2
    tame = (np.maximum(x, y) < 1e18) & (np.maximum(x, y) > 1e-15)
    x, y = x[tame].astype(np.float32), y[tame].astype(np.float32)
    truth = [
        to_long(exactly(lambda u, v: mp.sqrt(u * u + v * v), *map(float, p))) for p in zip(x, y, strict=True)
    ]
    assert ulps(word("fast", "hypot", operands=2)(x, y), truth).max() <= 2


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_an_angle_of_any_size_is_reduced(name: str) -> None:
    x = np.concatenate([10.0 ** np.linspace(1, 308, 200), np.pi * np.arange(1, 40), np.float64([2.0**1023])])
    assert ulps(word("double", name)(x), exact_array(PLAIN[name], x)).max() <= 2
    assert ulps(word("double", name, operands=2)(x, 0 * x), exact_array(PLAIN[name], x)).max() <= 2


@pytest.mark.parametrize(("kind", "name"), CLAIMS)
def test_each_word_is_as_near_as_claimed(kind: Kind, name: str) -> None:
    x = points(reach(kind, name), DTYPES[kind])
    got, truth = word(kind, name)(x), exact_array(PLAIN[name], x)
    if kind == "near":
        error = np.abs(got - truth) / np.maximum(np.abs(truth), 1e-290)
        assert error.max() <= 2.0 ** -BITS.get(name, 36), (x[error.argmax()], math.log2(error.max()))
    else:
        error = ulps(got, truth)
        assert error.max() <= (ULPS if kind == "double" else FAST_ULPS).get(name, 4), (
            x[error.argmax()],
            error.max(),
        )


@pytest.mark.parametrize(("name", "bound"), DEEP_ULPS.items())
def test_a_word_of_two_factors_is_as_near_as_claimed_down_to_the_last_number(name: str, bound: float) -> None:
    draw = np.random.default_rng(19)
    x = np.concatenate([draw.uniform(-size, size, 400) for size in (1, 4, 40, DEEP_REACH.get(name, 745))])
    x = x[np.abs(x) <= DEEP_REACH.get(name, 745)]
    x = -np.abs(x) if name == "exp" else x
    got, truth = over(lambda u: operator.mul(*SPLIT[name](u)))(x), exact_array(PLAIN[name], x)
    error = ulps(got, truth)
    assert error.max() <= bound, (x[error.argmax()], error.max())


@pytest.mark.parametrize(("kind", "name"), STEEP_CLAIMS)
def test_a_steep_word_takes_what_its_argument_lost(kind: Kind, name: str) -> None:
    """The claim holds at u + low, half of u's last place away, where the word at u would be |u| / 2 ulp off."""
    x = points(reach(kind, name) * 0.99, DTYPES[kind])
    low = (np.random.default_rng(13).uniform(-0.5, 0.5, x.size) * np.spacing(np.abs(x))).astype(x.dtype)
    truth = [exactly(lambda u, v: PLAIN[name](u + v), *map(float, pair)) for pair in zip(x, low, strict=True)]
    error = ulps(word(kind, name, operands=2)(x, low), [to_long(t) for t in truth])
    bound = (ULPS if kind == "double" else FAST_ULPS).get(name, 4)
    assert error.max() <= bound, (x[error.argmax()], low[error.argmax()], error.max())


@pytest.mark.parametrize(
    ("kind", "name"), [c for c in CLAIMS if c[0] != "double" and c != ("fast", "tanh_rest")]
)
def test_the_claim_holds_wherever_the_word_says_so(kind: Kind, name: str) -> None:
    """Beyond the condition that a word states, and only there, the long form is taken."""
    x = np.concatenate([points(2000, DTYPES[kind]), points(12, DTYPES[kind])])
    special = np.array([np.inf, -np.inf, np.nan, np.finfo(x.dtype).max], x.dtype)
    condition = over(lambda u: stated(PRIMITIVES[kind][name], u), DTYPES[kind])
    assert not condition(special)[2]
    holds = condition(x) == 1
    assert holds.any()
    got, truth = word(kind, name)(x[holds]), exact_array(PLAIN[name], x[holds])
    if kind == "near":
        assert (np.abs(got - truth) <= 2.0 ** -BITS.get(name, 36) * np.maximum(np.abs(truth), 1e-290)).all()
    else:
        assert ulps(got, truth).max() <= FAST_ULPS.get(name, 4)
    large = special[condition(special) == 1]
    with np.errstate(all="ignore"):
        assert ulps(word(kind, name)(large), exact_limits(name, large)).max(initial=0) <= 4


def stated(function: Any, u: Real) -> Real:
    """1 where the word says that it holds, else 0."""
    function(u)
    stated = u.lanes.conditions or [u == u]  # every number; NaN is seen to where words are put together
    return where(reduce(operator.and_, stated), 1.0, 0.0)


def exact_limits(name: str, x: Any) -> Any:
    """The word at numbers far from 0."""
    if name.endswith("_rest"):
        return np.abs(x) if name == "expm1_rest" else x
    grows = {"exp", "expm1", "softplus"}
    left = {"expm1": -1.0, "tanh": -1.0, "erf": -1.0}.get(name, 0.0)
    right = 0.0 if name in ("sech2", "normal_pdf") else 1.0
    return np.where(x > 0, x if name == "softplus" else np.inf if name in grows else right, left)


@pytest.mark.parametrize("name", ["log", "log1p", "sin", "cos"])
def test_those_of_the_c_library(name: str) -> None:
    x = np.abs(points(30))
    error = ulps(word("double", name)(x), exact_array(getattr(mp, name), x))
    assert error.max() <= 1.01


def test_powers_come_from_the_c_library() -> None:
    bases, exponents = np.array([2.0, 3.0, 0.5, 10.0]), np.array([0.5, 1.7, -2.2, 300.0])
    truth = [exactly(mp.power, a, b) for a, b in zip(bases, exponents, strict=True)]
    assert ulps(word("double", "pow", 2)(bases, exponents), [to_long(t) for t in truth]).max() <= 1.01


def test_the_exponential_reaches_both_ends() -> None:
    x = np.array(
        [-746.0, -745.14, -745.13, -744.0, -720.0, -708.4, 709.78, 709.79, 1e300, -1e300, np.inf, -np.inf]
    )
    with np.errstate(over="ignore", under="ignore"):
        assert ulps(word("double", "exp")(x), [*exact_array(mp.exp, x[:-4]), np.inf, 0, np.inf, 0]).max() <= 1
        assert ulps(word("double", "expm1")(x[-4:]), [np.inf, -1, np.inf, -1]).max() == 0


@pytest.mark.parametrize("name", PLAIN)
def test_no_long_form_hides_a_nan(name: str) -> None:
    assert np.isnan(word("double", name)(np.array([np.nan, -np.nan]))).all()
    if name in STEEP:
        assert np.isnan(word("double", name, 2)(np.array([np.nan]), np.array([np.nan]))).all()


@pytest.mark.parametrize("name", [name for name in STEEP if name not in CIRCLING])
def test_an_infinite_argument_has_lost_nothing(name: str) -> None:
    x, nothing = np.array([np.inf, -np.inf]), np.array([np.nan, np.nan])  # inf - inf is what was lost
    np.testing.assert_array_equal(word("double", name, 2)(x, nothing), exact_limits(name, x))


@pytest.mark.parametrize("kind", KINDS)
def test_expm1_keeps_the_smallest_arguments(kind: Kind) -> None:
    least = np.finfo(DTYPES[kind]).smallest_subnormal
    x = np.array([least, -least, 3 * least, 1e-20, -1e-20, 0.0, -0.0], DTYPES[kind])
    got = word(kind, "expm1")(x)
    assert np.array_equal(got, x)
    assert np.signbit(got[-1])


@pytest.mark.parametrize("kind", KINDS)
def test_odd_words_are_odd_to_the_bit(kind: Kind) -> None:
    x = points(min(reach(kind, "tanh"), 20), DTYPES[kind])
    for name in ("tanh", "erf"):
        if name in PRIMITIVES[kind]:
            f = word(kind, name)
            assert np.array_equal(f(-x), -f(x))
            assert np.signbit(f(np.array([-0.0]))[0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["sigmoid", "tanh", "erf", "normal_cdf", "sech2"])
def test_bounded_words_stay_in_their_bounds(kind: Kind, name: str) -> None:
    if name not in PRIMITIVES[kind]:
        pytest.skip("fast lanes lack this word")
    x = points(reach(kind, name), DTYPES[kind])
    x = np.append(x, [np.inf, -np.inf]) if kind == "double" else x
    y = word(kind, name)(x)
    assert (-1 if name in ("tanh", "erf") else 0) <= y.min()
    assert y.max() <= 1 + (2 * np.finfo(y.dtype).eps if name in ("sech2", "erf") else 0)


@pytest.mark.parametrize(
    ("a", "b", "product"),
    [(0.0, math.inf, 0.0), (math.inf, 0.0, 0.0), (-0.0, 2.0, -0.0), (3.0, 2.0, 6.0), (-0.0, math.inf, 0.0)],
)
def test_a_zero_factor_wins_over_infinity_and_keeps_its_sign_otherwise(
    a: float, b: float, product: float
) -> None:
    (got,) = over(zero_wins, operands=2)([a], [b])
    assert got == product
    assert math.copysign(1, got) == math.copysign(1, product)


def test_nan_is_not_hidden_by_a_product() -> None:
    assert np.isnan(over(zero_wins, operands=2)([np.nan, 2.0, np.inf], [2.0, np.nan, np.nan])).all()


def test_a_polynomial_is_evaluated_from_its_constant_term() -> None:
    assert over(lambda t: polynomial(t, (1.0, 2.0, 3.0)))([2.0, -1.0]).tolist() == [17.0, 2.0]
    assert over(lambda t: polynomial(t, (5.0,)))([2.0]).tolist() == [5.0]


# --- The lanes beneath ---------------------------------------------------------------------------------------


def test_python_arithmetic_is_that_of_numpy(dtype: Any) -> None:
    a, b = np.random.default_rng(14).normal(scale=5, size=(2, 64)).astype(dtype)
    for function in (
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: a / b,
        lambda a, b: -a,
        lambda a, b: abs(b) + 0 * a,
        lambda a, b: 2.0 - a,
        lambda a, b: 3.0 / b + 1.0,
    ):
        np.testing.assert_array_equal(over(function, dtype, 2)(a, b), function(a, b))
    np.testing.assert_array_equal(over(sqrt, dtype)(abs(a)), np.sqrt(abs(a)))


@pytest.mark.parametrize("name", ["lt", "le", "gt", "ge", "eq", "ne"])
def test_comparisons_treat_nan_as_numpy_does(name: str) -> None:
    a = np.array([1.0, 2.0, np.nan, np.nan, 0.0, np.inf])
    b = np.array([1.0, 3.0, 0.0, np.nan, -0.0, -np.inf])
    compare = getattr(operator, name)
    got = over(lambda a, b: where(compare(a, b), 1.0, 0.0), operands=2)(a, b)
    np.testing.assert_array_equal(got == 1, compare(a, b))


def test_a_sum_of_a_product_is_fused_where_it_says_so(dtype: Any) -> None:
    """(1 + e)(1 - e) - 1 is -e^2, which a product rounded first would lose."""
    one = dtype(1)
    e = np.finfo(dtype).eps
    given = np.array([one + e]), np.array([one - e]), np.array([-one])
    assert over(fma, dtype, 3)(*given)[0] == -e * e
    assert over(lambda a, b, c: a * b + c, dtype, 3)(*given)[0] == 0
    assert over(fused, dtype, 3)(*given)[0] in (-e * e, 0)


def test_a_number_is_rounded_once_into_narrower_lanes() -> None:
    x = np.array([1 + 2.0**-24, 1 + 3 * 2.0**-24, 1e-45, 1e39, -0.0])

    def there_and_back(u: Real) -> Real:
        narrow = Lanes(u.lanes.builder, FLOAT, u.lanes.count)
        return converted(converted(u, narrow), u.lanes)

    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(over(there_and_back)(x), x.astype(np.float32).astype(np.float64))


# --- Coefficients --------------------------------------------------------------------------------------------


def test_coefficients_are_those_that_the_tool_makes() -> None:
    root = Path(__file__).parents[2]
    tool = runpy.run_path(str(root / "tools" / "coefficients.py"))
    made = (root / "src" / "nonlin" / "kernels" / "primitives" / "coefficients.py").read_text()
    assert "do not edit" in made.splitlines()[0]
    assert made.splitlines()[1:] == "\n".join(tool["lines"]()).splitlines()
