"""Which dtype is computed in: float64 in itself, everything narrower in float32."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import Array

from nonlin.errors import InvalidInput


def as_real(x: Any, name: str) -> Array:
    """Return x as an array of floats: integers become JAX's default, float64 only where jax_enable_x64 is on.

    Raises
    ------
    InvalidInput
        If x is no array of real numbers.
    """
    try:
        array = jnp.asarray(x)
    except (TypeError, ValueError) as reason:
        raise InvalidInput(f"{name} works on arrays of real numbers, not on {type(x).__name__}") from reason
    if jnp.issubdtype(array.dtype, jnp.floating):
        return array
    if jnp.issubdtype(array.dtype, jnp.integer) or array.dtype == jnp.bool_:
        return array.astype(float)
    raise InvalidInput(f"{name} works on real numbers, not on {array.dtype}")


def wide(array: Array) -> Array:
    """Return the array, in float32 if it is narrower."""
    return array if array.dtype == jnp.float64 else array.astype(jnp.float32)
