"""The words that see a whole row, in JAX's operations along an axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array


def row_words(axis: int) -> Mapping[str, Callable[..., Any]]:
    """Return each of them; what is one number of a row keeps an axis of length 1."""
    return {
        "largest": lambda u: jnp.max(u, axis, keepdims=True),
        "total": lambda u: jnp.sum(u, axis, keepdims=True),
        "size": lambda u: float(u.shape[axis]),
        "position": lambda u: jax.lax.broadcasted_iota(u.dtype, u.shape, u.ndim + axis),
        "threshold": lambda u, power: threshold(u, power, axis),
        "kth_largest": lambda u, k: kth_largest(u, k, axis),
    }


def kth_largest(u: Array, k: Any, axis: int) -> Array:
    """Return the k-th of the elements, the largest first; -inf if there are fewer, inf if k is not positive."""
    falling = jnp.flip(jnp.sort(u, axis), axis)
    places = jax.lax.broadcasted_iota(u.dtype, u.shape, u.ndim + axis)
    reached = jnp.min(jnp.where(places < k, falling, jnp.inf), axis, keepdims=True)
    return jnp.where(k > u.shape[axis], -jnp.inf, reached)


def threshold(u: Array, power: float, axis: int) -> Array:
    """Return the number t with total(max(u - t, 0)^power) = 1, by sorting; the largest u is 0.

    What is below -1 has no share whatever the others are.
    """
    falling = jnp.flip(jnp.sort(jnp.maximum(u, -1), axis), axis)
    so_far = jnp.cumsum(falling, axis)
    count = jax.lax.broadcasted_iota(u.dtype, u.shape, u.ndim + axis) + 1
    if power == 1:
        sharing = _how_many(1 + count * falling > so_far, axis)
        return (_at(so_far, sharing, axis) - 1) / (sharing + 1)
    squares = jnp.cumsum(falling * falling, axis)
    guesses = jax.lax.stop_gradient(_threshold_of(so_far, squares, count))
    sharing = _how_many(guesses <= falling, axis)
    return _threshold_of(
        _at(so_far, sharing, axis), _at(squares, sharing, axis), (sharing + 1).astype(u.dtype)
    )


def _threshold_of(total: Array, squares: Array, count: Array) -> Array:
    mean = total / count
    scatter = squares / count - mean * mean
    return mean - jnp.sqrt(jnp.maximum(1 / count - scatter, 0))


def _how_many(holds: Array, axis: int) -> Array:
    """Return one less than how many of the first hold."""
    return jnp.maximum(jnp.sum(holds, axis, keepdims=True) - 1, 0)


def _at(sums: Array, place: Array, axis: int) -> Array:
    return jnp.take_along_axis(sums, place, axis)
