"""Noise for JAX arrays from an explicit random key, and a hard sample with the gradient of the soft one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from nonlin.bridges.jax.dtypes import wide
from nonlin.bridges.noise import noise_of, without_noise
from nonlin.errors import InvalidInput
from nonlin.workbench.stochastic import Stochastic


def drawn(activation: Stochastic, x: Array, key: Any, parameters: Sequence[Array]) -> Array:
    """Return noise in the shape of x; without a key, what stands for it in evaluation.

    Raises
    ------
    InvalidInput
        If it is no random key of JAX's.
    """
    if key is None:
        return jnp.asarray(without_noise(activation, parameters))
    if not is_key(key):
        raise InvalidInput(
            f"{activation.name}: key={key!r} is no random key; give jax.random.key(0), with a seed of your own"
        )
    dtype = wide(x).dtype
    u = jax.random.uniform(key, x.shape, dtype)
    noise: Array = noise_of(jnp, activation, u, float(np.finfo(np.dtype(dtype)).eps), parameters)
    return noise


def is_key(key: Any) -> bool:
    """Tell whether it is one random key, of either kind."""
    dtype, shape = getattr(key, "dtype", None), getattr(key, "shape", ())
    if dtype is None:
        return False
    return bool(jnp.issubdtype(dtype, jax.dtypes.prng_key)) or (dtype == jnp.uint32 and len(shape) == 1)


def one_hot(soft: Array, axis: int) -> Array:
    """Return 1 at the first largest element of a row, NaN in a row without; the gradient is that of soft."""
    largest = jnp.argmax(soft, axis, keepdims=True)
    chosen = jax.lax.broadcasted_iota(largest.dtype, soft.shape, axis % soft.ndim) == largest
    return chosen.astype(soft.dtype) + (soft - jax.lax.stop_gradient(soft))  # which adds 0
