"""The Program in JAX's operations: complete, near our kernels to a few ulp, with limits and signed zeros."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest

import nonlin as nl
import nonlin.jax as nlj
from nonlin.bridges.jax import spelling
from nonlin.bridges.jax.rowwise import by_formula
from nonlin.derivation.program import OPERATIONS
from oracles import ORACLES, Oracle, every_pattern, neighbours, seams, ulps

INF = math.inf
HALVES = [np.float16, ml_dtypes.bfloat16]
LEAST = float(np.finfo(np.float32).tiny)
FLUSHED = 300 * LEAST
"""XLA takes subnormal numbers for 0; the factor beside one is up to 230, in the slope of gelu_tanh."""

BOUNDS = {
    "gelu": (11, 12), "gelu_tanh": (100, 130), "quick_gelu": (70, 70), "mish": (5, 10), "selu": (6, 3), "tanh": (5, 6),
    "silu": (3, 6), "swish": (3, 6), "sloped_hard_sigmoid": (math.inf, 4),
    "laplace": (150, 160), "scaled_tanh": (4, 90), "gelu_clipped": (11, 12), "tanh_shrink": (4, 8),
    "xielu": (16, math.inf), "snake": (4, math.inf), "snake_beta": (4, math.inf),
}  # fmt: skip
"""Units in the last place of float32, for value and slope, where they are more than 4; at the lower
kink of a sloped hard sigmoid, whose alpha float32 has rounded, two terms cancel, as they do far out where
the slope of a Snake touches 0; in the slope of xIELU 2 x overflows."""


@cache
def both(name: str) -> Any:
    """Return value and slope together, compiled."""
    f = getattr(nlj, name)
    return jax.jit(lambda x: jax.jvp(f, (x,), (jnp.ones_like(x),)))


def beyond_flushing(got: Any, truth: Any) -> Any:
    """Return the error in units in the last place of float32, of what flushing to zero does not explain."""
    with np.errstate(invalid="ignore"):  # of infinities
        got = np.where(np.abs(got - truth) <= FLUSHED, truth, got).astype(np.float32)
    return ulps(got, truth.astype(np.float64))


SPECIAL = np.array([-INF, INF, np.nan, -0.0, 0.0], np.float32)


def places(oracle: Oracle) -> Any:
    near = [neighbours(np.array([p], np.float32), 100) for p in (*oracle.kinks, *oracle.roots)]
    at = np.concatenate([every_pattern(100_003), seams(oracle, np.float32), *near])
    return at[np.abs(at) >= LEAST]


def test_every_operation_of_a_program_has_a_spelling() -> None:
    missing = set(OPERATIONS) - set(spelling.JAX.words) - {"sub"}
    assert not missing, f"nonlin.bridges.jax.spelling lacks {sorted(missing)}"


def test_float32_is_within_a_few_ulp_of_our_kernels_and_has_limits(oracle: Oracle, activation: Any) -> None:
    at = np.concatenate([SPECIAL, places(oracle)])
    found = [np.asarray(y) for y in both(oracle.name)(at)]
    with np.errstate(all="ignore"):
        expected = [activation(at), activation.grad(at)]
    for y, limits in zip(found, oracle.limits, strict=False):
        assert y[:2].tolist() == pytest.approx(limits, abs=0, rel=1e-6, nan_ok=True)
        assert math.isnan(y[2])
        assert not np.isnan(y[3:]).any()
    if expected[1][3] != 0 and oracle.slope(-1e-9) != 0:  # XLA takes x + 0 for x
        np.testing.assert_array_equal(np.signbit(found[0][3:5]), np.signbit(expected[0][3:5]))
    for got, truth, bound in zip(found, expected, BOUNDS.get(oracle.name, (4, 4)), strict=True):
        error = beyond_flushing(got[5:], truth[5:])
        worst = int(np.argmax(error))
        assert error[worst] <= bound, f"{error[worst]} ulp at {at[5 + worst]!r}"


@pytest.mark.parametrize("name", ["gelu", "quick_gelu", "mish", "tanh", "celu", "softsign"])
def test_float64_keeps_its_digits(name: str) -> None:
    f, near = nl.get(name), [r + np.array([-1e-9, 1e-9]) for r in ORACLES[name].roots]
    at = np.concatenate([np.linspace(-37, 37, 1501), *near])
    with jax.enable_x64(True):
        found = [np.asarray(y) for y in both(name)(at)]
    for got, truth in zip(found, (f(at), f.grad(at)), strict=True):
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, truth, rtol=2e-13, atol=1e-300)


@pytest.mark.parametrize("name", ["gelu", "mish", "softsign", "gelu_tanh"])
def test_higher_derivatives_are_no_nan_anywhere(name: str) -> None:
    slope = lambda t: jax.jvp(getattr(nlj, name), (t,), (jnp.ones_like(t),))[1]  # noqa: E731
    second = lambda t: jax.jvp(slope, (t,), (jnp.ones_like(t),))  # noqa: E731
    at = np.concatenate([SPECIAL[:2], seams(ORACLES[name], np.float32)])
    got = jax.jit(lambda t: jax.jvp(second, (t,), (jnp.ones_like(t),)))(at)
    assert not any(np.isnan(y).any() for y in jax.tree.leaves(got))
    np.testing.assert_allclose(got[0][1][:2], ORACLES[name].limits[2], atol=0)


@pytest.mark.parametrize("half", HALVES, ids=["float16", "bfloat16"])
@pytest.mark.parametrize("name", ["gelu", "mish", "selu", "hard_swish"])
def test_half_precision_is_rounded_once(name: str, half: Any) -> None:
    f, at = nl.get(name), np.linspace(-9, 9, 301).astype(half)
    for got, truth in zip(both(name)(at), (f(at), f.grad(at)), strict=True):
        assert got.dtype == half
        # float32 carries 13 or 16 more bits, so that only near-ties round elsewhere than the truth.
        assert ulps(np.asarray(got), truth.astype(np.float64)).max() <= 1
        assert (np.asarray(got) != truth).sum() <= 2


def test_logic_pow_and_constant_words_work_on_numbers_and_arrays() -> None:
    @nl.activation
    def odd_one(x: Any, a: float = 2.0, b: float = 1.5) -> Any:
        inside = (x > -1) & (a > 1) & ~(x >= 3)
        outside = (x <= -2) | (x >= 5)
        return nl.where(inside, x**2 * nl.exp(nl.erf(1)), nl.where(outside, nl.abs(x) ** b, nl.sin(a)))

    at = np.array([-3.0, -1.5, 0.5, 2.0, 4.0, 7.0], np.float32)
    got = nlj.function(odd_one)(at, b=np.full(6, 1.5))
    np.testing.assert_allclose(got, odd_one(at), rtol=3e-7)


# --- Rows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("axis", "temperature"), [(1, 1.0), (-1, 0.3)])
def test_rows_agree_with_our_kernels(rowwise: Any, axis: int, temperature: float) -> None:
    z = np.random.default_rng(0).normal(0, 9, (3, 4, 5)).astype(np.float32)
    g = np.cos(z)
    f = getattr(nlj, rowwise.name)
    y, pull = jax.vjp(lambda t: f(t, axis=axis, temperature=temperature), z)
    by_t = jax.jvp(lambda t: f(z, axis=axis, temperature=t), (temperature,), (1.0,))[1]
    given = {"axis": axis, "temperature": temperature}
    np.testing.assert_allclose(y, rowwise(z, **given), rtol=1e-6 if temperature == 1 else 2e-5, atol=1e-37)
    np.testing.assert_allclose(pull(g)[0], rowwise.vjp(z, g, **given), rtol=2e-5, atol=2e-6)
    np.testing.assert_allclose(by_t, rowwise.param_grad(z, "temperature", **given), rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize(
    "row", [[INF, 0, -INF], [INF, INF, 0], [-INF, -INF], [-INF, 0, 1], [INF, math.nan], [math.nan, 1], [3e38, -3e38]]
)  # fmt: skip
def test_rows_with_infinities_are_as_our_kernels_say(rowwise: Any, row: list[float]) -> None:
    z = np.array(row, np.float32)
    np.testing.assert_allclose(getattr(nlj, rowwise.name)(z), rowwise(z), rtol=2e-6)


def test_an_element_without_a_share_brings_no_nan(rowwise: Any) -> None:
    z = np.array([-INF, 0, 1], np.float32)
    f = getattr(nlj, rowwise.name)
    g = np.ones(3, np.float32)
    got = jax.vjp(lambda t: f(t), z)[1](g)[0]
    np.testing.assert_allclose(got, rowwise.vjp(z, g), atol=1e-6)
    by_t = jax.jvp(lambda t: f(z, temperature=t), (1.0,), (1.0,))[1]
    np.testing.assert_allclose(by_t, rowwise.param_grad(z, "temperature"), rtol=1e-5)


@pytest.mark.parametrize("half", HALVES, ids=["float16", "bfloat16"])
def test_rows_of_half_precision_are_rounded_once(rowwise: Any, half: Any) -> None:
    z = np.random.default_rng(1).normal(0, 3, (40, 7)).astype(half)
    got = np.asarray(getattr(nlj, rowwise.name)(z))
    assert got.dtype == half
    assert (got != rowwise(z)).sum() <= 2


def test_the_digits_of_a_far_share_and_of_a_sure_winner_are_kept() -> None:
    far = np.array([10.123, -70.456], np.float32)
    np.testing.assert_allclose(nlj.softmax(far), nl.softmax(far), rtol=3e-7)
    assert nlj.log_softmax(jnp.array([0.0, -40.0]))[0] == pytest.approx(-4.248354255291589e-18, rel=1e-6)


@pytest.mark.parametrize(
    "row", [[0.3, -1.1, 2.0], [1.0, 1.0], [INF, 0], [INF, INF], [-INF, 0, 1], [math.nan, 1]]
)
def test_rows_by_their_formula_alone_are_as_our_kernels_say(rowwise: Any, row: list[float]) -> None:
    """So it is for a definition of one's own: values, tangents by the transposed pullback, parameters."""
    z, h = np.array([row], np.float32), np.linspace(-1, 1, len(row), dtype=np.float32)[None]

    @jax.jit
    def f(z: Any, t: Any) -> Any:
        return by_formula(rowwise.definition, z, -1, (t,))

    t = jnp.float32(2)
    np.testing.assert_allclose(f(z, t), rowwise(z, temperature=2.0), rtol=2e-6)
    if np.isfinite(row).all():
        _, pull = jax.vjp(f, jnp.asarray(z), t)
        np.testing.assert_allclose(pull(h)[0], rowwise.vjp(z, h, temperature=2.0), rtol=2e-5, atol=1e-6)
        by_t = jax.jvp(lambda t: f(z, t), (t,), (jnp.ones_like(t),))[1]
        expected = rowwise.param_grad(z, "temperature", temperature=2.0)
        np.testing.assert_allclose(by_t, expected, rtol=2e-5, atol=1e-6)
        forward = jax.jacfwd(f)(jnp.asarray(z[0]), t)
        np.testing.assert_allclose(forward, rowwise.jacobian(z[0], temperature=2.0), rtol=2e-5, atol=1e-6)
        np.testing.assert_allclose(jax.jacrev(f)(jnp.asarray(z[0]), t), forward, rtol=2e-5, atol=1e-6)
        hessian = jax.hessian(f)(jnp.asarray(z[0]), t)
        native = jax.hessian(lambda z: getattr(jax.nn, rowwise.name)(z / 2))(jnp.asarray(z[0]))
        np.testing.assert_allclose(hessian, native, rtol=1e-4, atol=1e-6)
