"""The one rule of differentiation that every elementwise activation follows.

The derivative of `computed(D, x, p)` is `computed(D', x, p)`, for a partial derivative D of the activation, so that
derivatives of any order, forward and reverse, are exact. JAX never differentiates the spelled operations themselves,
whose `where` and `exp` would give NaN far out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array
from jax.custom_derivatives import SymbolicZero

from nonlin.bridges.derivatives import Partial
from nonlin.bridges.jax.dtypes import wide
from nonlin.bridges.jax.spelling import evaluate


def activate(value: Partial, x: Array, parameters: Sequence[Array]) -> Array:
    """Return the activation at x, in the dtype of x.

    Parameters
    ----------
    value : Partial
        The activation itself.
    x : Array
        Of any float dtype; what is narrower than float32 is computed in float32 and rounded once.
    parameters : sequence of Array
        In the order of the definition; they broadcast against x.
    """
    at = wide(x)
    return computed(value, at, tuple(p.astype(at.dtype) for p in parameters)).astype(x.dtype)


@partial(jax.custom_jvp, nondiff_argnums=(0,))
def computed(derivative: Partial, x: Array, parameters: tuple[Array, ...]) -> Array:
    """Return D(x), differentiable in x and in every parameter."""
    shape = jnp.broadcast_shapes(x.shape, *(p.shape for p in parameters))
    return jnp.broadcast_to(evaluate(derivative.program, x, parameters), shape)


@partial(computed.defjvp, symbolic_zeros=True)
def _tangent(derivative: Partial, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Array, Array]:
    """Push the tangents forward; what stays constant is not derived by, so nothing of it can be NaN."""
    (x, parameters), (dx, dp) = primals, tangents
    y = computed(derivative, x, parameters)
    changes = [(derivative.by_input, dx)]
    changes += [(partial(derivative.by_parameter, n), d) for n, d in zip(derivative.names, dp, strict=True)]
    parts = [computed(slope(), x, parameters) * d for slope, d in changes if not isinstance(d, SymbolicZero)]
    return y, sum(parts, start=jnp.zeros_like(y))
