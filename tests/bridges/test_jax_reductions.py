"""Sparsemax, 1.5-entmax, hardmax, softmin, maxout and the normalisations in JAX, beside JAX's own where it has them."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nonlin as nl
import nonlin.jax as nlj
from nonlin.errors import InvalidInput

GIVEN: dict[str, dict[str, float]] = {
    "softmin": {"temperature": 0.5}, "hardmax": {}, "sparsemax": {}, "entmax15": {}, "layer_norm": {"eps": 0.1},
    "winner_take_all": {"k": 3},
    "rms_norm": {}, "batch_norm": {}, "group_norm": {"groups": 3}, "maxout": {"k": 3},
    "local_response_norm": {"size": 4, "alpha": 0.5},
}  # fmt: skip
NAMES = [pytest.param(n, g, id=n) for n, g in GIVEN.items()]
Z, G = np.random.default_rng(0).normal(size=(2, 3, 4, 6))


def upstream(y: Any) -> Any:
    return np.resize(G, y.shape)


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 2)])
@pytest.mark.parametrize(("name", "given"), NAMES)
def test_values_and_products(name: str, given: Any, axis: Any) -> None:
    f = nl.get(name)
    if axis == 1:  # of four elements
        given = {"maxout": {"k": 2}, "group_norm": {"groups": 2}}.get(name, given)
    if name == "maxout" and axis == (0, 2):
        with pytest.raises(InvalidInput, match="works along one axis, not 2"):
            nlj.maxout(Z, axis=axis, **given)
        return
    with jax.enable_x64(True):
        value, pull = jax.vjp(lambda z: getattr(nlj, name)(z, axis=axis, **given), jnp.asarray(Z))
        expected = f(Z, axis=axis, **given)
        np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-14)
        (got,) = pull(jnp.asarray(upstream(expected)))
    np.testing.assert_allclose(got, f.vjp(Z, upstream(expected), axis=axis, **given), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("name", "given"), NAMES)
def test_jacobians_and_second_derivatives_under_jit_and_vmap(name: str, given: Any) -> None:
    f, rows = nl.get(name), Z[0]
    own = jax.jit(lambda z: getattr(nlj, name)(z, axis=-1, **given))
    with jax.enable_x64(True):
        got = jax.vmap(jax.jacfwd(own))(jnp.asarray(rows))
        np.testing.assert_allclose(got, f.jacobian(rows, **given), rtol=1e-11, atol=1e-12)
        second = jax.hessian(lambda z: (own(z) ** 2).sum())(jnp.asarray(rows[0]))
        step, eye = 1e-6, np.eye(6)

        def slope(z: Any) -> Any:
            return f.vjp(z, 2 * f(z, axis=-1, **given), axis=-1, **given)

        numerical = [(slope(rows[0] + step * e) - slope(rows[0] - step * e)) / (2 * step) for e in eye]
    np.testing.assert_allclose(second, numerical, rtol=1e-6, atol=1e-7)


def test_jax_standardize_is_the_layer_norm() -> None:
    x = jnp.asarray(Z, jnp.float32)
    np.testing.assert_allclose(nlj.layer_norm(x), jax.nn.standardize(x), rtol=2e-5, atol=2e-6)


def test_hard_rows_in_float32() -> None:
    rows = np.float32([[0.5, 0.3, -np.inf, 0], [np.inf, 1, 2, 3], [np.nan, 1, 2, 3], [7, 7, 7, 7]])
    for name in ("softmin", "hardmax", "sparsemax", "entmax15", "layer_norm", "rms_norm", "winner_take_all"):
        got = np.asarray(getattr(nlj, name)(rows))
        np.testing.assert_allclose(got, nl.get(name)(rows), rtol=2e-6, atol=5e-7)


def test_counts_must_fit() -> None:
    with pytest.raises(InvalidInput, match="6 elements cannot be cut into blocks of 4"):
        nlj.maxout(Z, k=4)
    with pytest.raises(InvalidInput, match="no axis=3 in an array"):
        nlj.layer_norm(Z, axis=(0, 3))
