"""Gated activations of JAX arrays: the product of two activations, so that derivatives of any order follow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array
from jax.custom_derivatives import SymbolicZero

from nonlin.bridges.derivatives import partial as partial_derivative
from nonlin.bridges.jax.dtypes import wide
from nonlin.bridges.jax.elementwise import activate
from nonlin.bridges.jax.spelling import zero_wins
from nonlin.vocabulary import GatedDefinition


def activate_gated(
    definition: GatedDefinition, x: Array, gate: Array, parameters: Mapping[str, Array]
) -> Array:
    """Return f(x, gate), in the wider dtype of both.

    Parameters
    ----------
    definition : GatedDefinition
    x, gate : Array
        They broadcast; what is narrower than float32 is computed in float32 and rounded once.
    parameters : mapping of str to Array
    """
    a, b = (
        activate(partial_derivative(factor), wide(t), [parameters[p.name] for p in factor.parameters])
        for factor, t in zip(definition.factors, (x, gate), strict=True)
    )
    return product(a, b).astype(jnp.result_type(x, gate))


@jax.custom_jvp
def product(a: Array, b: Array) -> Array:
    """Return a b, 0 where one is 0 and the other infinite."""
    return zero_wins(a, b)


@partial(product.defjvp, symbolic_zeros=True)
def _tangent(primals: tuple[Array, Array], tangents: tuple[Any, Any]) -> tuple[Array, Array]:
    (a, b), (da, db) = primals, tangents
    y = product(a, b)
    parts = [factor * d for factor, d in ((b, da), (a, db)) if not isinstance(d, SymbolicZero)]
    return y, sum(parts, start=jnp.zeros_like(y))
