"""A user's own formulas in every grade: NaN, infinity, logarithms, powers, waves, and what overflows on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import nonlin as nl
from oracles import exact_array, ulps

GRADES = [(np.float32, "exact"), (np.float32, "fast"), (np.float64, "exact")]
each_grade = pytest.mark.parametrize(("dtype", "grade"), GRADES, ids=["exact", "fast", "float64"])

inf, nan = np.inf, np.nan


@nl.activation
def symlog(x: Any) -> Any:
    return nl.sign(x) * nl.log1p(nl.abs(x))


@nl.activation
def plain_softplus(x: Any) -> Any:
    return nl.log(1 + nl.exp(x))


@nl.activation
def wave(x: Any) -> Any:
    return x + nl.sin(x) * nl.cos(2 * x)


@nl.activation
def power(x: Any) -> Any:
    return nl.sign(x) * nl.abs(x) ** 1.7


@nl.activation
def root(x: Any) -> Any:
    return x / nl.sqrt(1 + x * x)


@nl.activation
def bump(x: Any) -> Any:
    return nl.exp(-x * x) * (1 + x**4)


@nl.activation
def bell(x: Any) -> Any:
    return nl.erf(x) + nl.normal_pdf(x / 3)


@nl.activation
def gated(x: Any, beta: float = 1.25, shift: float = 0.3) -> Any:
    return x * nl.sigmoid(beta * x + shift) + nl.where(x > 2, nl.tanh(x - 2), 0)


@nl.activation
def squared_relu(x: Any) -> Any:
    return nl.max(x, 0) ** 2


OWN: dict[Any, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    symlog: (lambda u: mp.sign(u) * mp.log1p(abs(u)), lambda u: 1 / (1 + abs(u))),
    plain_softplus: (lambda u: mp.log(1 + mp.exp(u)), lambda u: 1 / (1 + mp.exp(-u))),
    wave: (
        lambda u: u + mp.sin(u) * mp.cos(2 * u),
        lambda u: 1 + mp.cos(u) * mp.cos(2 * u) - 2 * mp.sin(u) * mp.sin(2 * u),
    ),
    power: (lambda u: mp.sign(u) * abs(u) ** mp.mpf("1.7"), lambda u: mp.mpf("1.7") * abs(u) ** mp.mpf("0.7")),
    root: (lambda u: u / mp.sqrt(1 + u * u), lambda u: (1 + u * u) ** mp.mpf(-1.5)),
    bump: (lambda u: mp.exp(-u * u) * (1 + u**4), lambda u: mp.exp(-u * u) * (4 * u**3 - 2 * u * (1 + u**4))),
    bell: (
        lambda u: mp.erf(u) + mp.npdf(u / 3),
        lambda u: 2 / mp.sqrt(mp.pi) * mp.exp(-u * u) - u / 9 * mp.npdf(u / 3),
    ),
    gated: (
        lambda u: u / (1 + mp.exp(-1.25 * u - mp.mpf(0.3))) + (mp.tanh(u - 2) if u > 2 else 0),
        lambda u: (1 + (1 + 1.25 * u) * mp.exp(-1.25 * u - mp.mpf(0.3))) / (1 + mp.exp(-1.25 * u - mp.mpf(0.3))) ** 2
        + (mp.sech(u - 2) ** 2 if u > 2 else 0),
    ),
    squared_relu: (lambda u: max(u, mp.mpf(0)) ** 2, lambda u: 2 * max(u, mp.mpf(0))),
}  # fmt: skip

each = pytest.mark.parametrize("activation", OWN, ids=lambda a: a.name)


def graded(activation: Any, grade: str) -> Any:
    return activation.fast if grade == "fast" else activation


def near(dtype: Any) -> Any:
    return np.random.default_rng(23).uniform(-9, 9, 300).astype(dtype)


@each
@each_grade
@pytest.mark.parametrize("part", [0, 1], ids=["value", "slope"])
def test_values_and_slopes_are_those_of_the_formula(
    activation: Any, dtype: Any, grade: str, part: int
) -> None:
    """To a few units in the last place of the largest number that the formula adds, which is 1 to 100 here."""
    f, x = graded(activation, grade), near(dtype)
    got, truth = (f, f.grad)[part](x), exact_array(OWN[activation][part], x)
    eps = float(np.finfo(dtype).eps)
    bound = 40 if activation is bump else 6  # around the root of its slope a polynomial stands for it
    assert (np.abs(got - truth) <= bound * eps * np.maximum(1, np.abs(truth))).all()
    if (dtype, grade) == (np.float32, "exact"):
        ordinary = np.abs(truth) > 1e-3
        assert ulps(got[ordinary], truth[ordinary]).max() <= 0.501


@each
@each_grade
def test_one_pass_and_two_passes_agree_bit_for_bit(activation: Any, dtype: Any, grade: str) -> None:
    f, x = graded(activation, grade), near(dtype)
    value, slope = f.value_and_grad(x)
    np.testing.assert_array_equal(value, f(x))
    np.testing.assert_array_equal(slope, f.grad(x))


@each
@each_grade
def test_nan_in_nan_out_and_only_there(activation: Any, dtype: Any, grade: str) -> None:
    f = graded(activation, grade)
    x = np.tile(np.array([1.0, nan, -2.0, 0.0], dtype), 9)
    for got in f.value_and_grad(x):
        np.testing.assert_array_equal(np.isnan(got), np.isnan(x))


LIMITS = {
    symlog: ([-inf, inf], [0, 0]),
    plain_softplus: ([0, inf], [0, None]),
    power: ([-inf, inf], [inf, inf]),
    bump: ([0, 0], [0, 0]),
    bell: ([-1, 1], [0, 0]),
    gated: ([0, inf], [0, 1]),
    squared_relu: ([0, inf], [0, inf]),
}


@pytest.mark.parametrize("activation", LIMITS, ids=lambda a: a.name)
@each_grade
@pytest.mark.parametrize("part", [0, 1], ids=["value", "slope"])
def test_infinity_gives_the_limit(activation: Any, dtype: Any, grade: str, part: int) -> None:
    f = graded(activation, grade)
    for got, limit in zip(
        (f, f.grad)[part](np.array([-inf, inf], dtype)), LIMITS[activation][part], strict=True
    ):
        assert limit is None or got == limit


@each_grade
def test_a_logarithm_of_an_exponential_grows_on_or_overflows_but_never_stays_behind(
    dtype: Any, grade: str
) -> None:
    """log(1 + exp(x)) in float32 was once 708 at 6e31, where the exponential was kept from overflowing."""
    f = graded(plain_softplus, grade)
    x = np.array([50, 88, 89, 100, 500, 700, 709, 710, 1e4, 6e31, 3e38], dtype)
    got = f(x)
    right = ulps(np.where(np.isinf(got), x, got), x) <= 1
    assert right.all()
    assert (got[x < 700] == x[x < 700]).all()
    assert f(-x[3:]).tolist() == [0] * 8


@each_grade
def test_a_power_overflows_where_the_result_does_and_a_quotient_does_not(dtype: Any, grade: str) -> None:
    most = float(np.finfo(dtype).max)
    x = np.array([most, -most, most**0.6, 0.0, -0.0], dtype)
    with np.errstate(over="raise", invalid="raise"):
        got = graded(power, grade)(x)
    assert got[:3].tolist() == [inf, -inf, inf]
    assert got[3:].tolist() == [0, 0]
    tiny = np.array([np.finfo(dtype).tiny, -np.finfo(dtype).smallest_subnormal], dtype)
    np.testing.assert_array_equal(graded(root, grade)(tiny), tiny)


@pytest.mark.parametrize("grade", ["exact", "fast"])
def test_parameters_of_ones_own_function(grade: str) -> None:
    f, x = graded(gated, grade), near(np.float32)
    other = f.bind(beta=-0.7, shift=0.0)
    expected = x / (1 + np.exp(0.7 * x.astype(float))) + np.where(x > 2, np.tanh(x.astype(float) - 2), 0)
    np.testing.assert_allclose(other(x), expected, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(f(x, beta=-0.7, shift=0.0), other(x))
    slope = f.param_grad(x, "shift")
    s = 1 / (1 + np.exp(-1.25 * x.astype(float) - 0.3))
    np.testing.assert_allclose(slope, x * s * (1 - s), rtol=1e-5, atol=1e-6)
