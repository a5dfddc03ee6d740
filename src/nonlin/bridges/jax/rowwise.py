"""Softmax and its relatives in JAX's operations, each with a rule of differentiation in terms of the softmax."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array
from jax.custom_derivatives import SymbolicZero

from nonlin.bridges.jax.dtypes import wide
from nonlin.bridges.jax.row_words import row_words
from nonlin.bridges.jax.spelling import evaluate_rows
from nonlin.bridges.masking import masked
from nonlin.derivation.row_programs import row_program
from nonlin.vocabulary import RowDefinition


@partial(jax.custom_jvp, nondiff_argnums=(1,))
def softmax(z: Array, axis: int, temperature: Array) -> Array:
    """Return exp(z / T) over its sum; where a single element is infinite, that one takes all."""
    row = _Row(z, axis, temperature)
    e = row.exponentials()
    return jnp.where(row.undecided, row.alone, e / jnp.sum(e, axis, keepdims=True))


@partial(softmax.defjvp, symbolic_zeros=True)
def _softmax_tangent(axis: int, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Array, Array]:
    z, temperature = primals
    s = softmax(z, axis, temperature)
    du = _tangent_of_quotient(z, temperature, tangents, s)
    return s, s * (du - jnp.sum(s * du, axis, keepdims=True))


@partial(jax.custom_jvp, nondiff_argnums=(1,))
def log_softmax(z: Array, axis: int, temperature: Array) -> Array:
    """Return the logarithm of the softmax: log1p of all but one of the largest keeps a sure winner's digits."""
    row = _Row(z, axis, temperature)
    ties = jnp.sum(row.is_top, axis, keepdims=True, dtype=z.dtype)
    others = jnp.sum(jnp.where(row.is_top, 0, row.exponentials()), axis, keepdims=True)
    norm = jnp.log1p((ties - 1) + others) - row.rest / temperature
    return jnp.where(row.undecided, jnp.log(row.alone), row.distance / temperature - norm)


@partial(log_softmax.defjvp, symbolic_zeros=True)
def _log_softmax_tangent(
    axis: int, primals: tuple[Any, ...], tangents: tuple[Any, ...]
) -> tuple[Array, Array]:
    z, temperature = primals
    s = softmax(z, axis, temperature)
    du = _tangent_of_quotient(z, temperature, tangents, None)
    mean = jnp.sum(jnp.where(s == 0, 0, s * du), axis, keepdims=True)
    return log_softmax(z, axis, temperature), du - mean


@partial(jax.custom_jvp, nondiff_argnums=(0, 2))
def by_formula(
    definition: RowDefinition,
    z: Array,
    axis: int,
    parameters: tuple[Array, ...],
    present: Array | None = None,
) -> Array:
    """Return what the formula of a definition says; of those elements alone that are present, if not of all."""
    return _evaluated(definition, "value", {"z": z}, axis, parameters, present)


def _evaluated(
    definition: RowDefinition, what: str, given: Mapping[str, Array], axis: int, parameters: tuple[Array, ...],
    present: Array | None,
) -> Array:  # fmt: skip
    if present is not None:
        given = {**given, "present": present}
    return evaluate_rows(row_program(definition, what, present is not None), given, axis, parameters)


@partial(by_formula.defjvp, symbolic_zeros=True)
def _tangent_by_formula(
    definition: RowDefinition, axis: int, primals: tuple[Any, ...], tangents: tuple[Any, ...]
) -> tuple[Array, Array]:
    """Push a tangent forward by the transpose of the definition's own pullback."""
    (z, parameters, present), (dz, dp, _) = primals, tangents
    y = by_formula(definition, z, axis, parameters, present)
    tangent = jnp.zeros_like(y)
    if not isinstance(dz, SymbolicZero):

        def pullback(g: Array) -> Array:
            return _evaluated(definition, "vjp", {"z": z, "g": g}, axis, parameters, present)

        (along,) = jax.linear_transpose(pullback, z)(dz)
        tangent += along
    for symbol, change in zip(definition.parameters, dp, strict=True):
        if not isinstance(change, SymbolicZero):
            tangent += _evaluated(definition, symbol.name, {"z": z}, axis, parameters, present) * change
    return y, tangent


IN_JAX: Mapping[str, Callable[..., Array]] = {"jax.nn.softmax": softmax, "jax.nn.log_softmax": log_softmax}
"""By the name of JAX's twin what float32 asks for more care than its formula, as `(z, axis, parameters...)`."""


def activate_rows(
    definition: RowDefinition, z: Array, parameters: tuple[Array, ...], present: Array | None, axis: int
) -> Array:
    """Return the activation along an axis, in the dtype of z.

    Parameters
    ----------
    definition : RowDefinition
    z : Array
        At least one-dimensional; what is narrower than float32 is computed in float32 and rounded once.
    parameters : tuple of Array
        In the order of the definition; they broadcast against z.
    present : Array or None
        1 where an element takes part, 0 where it is hidden, in the shape of z.
    axis : int
        Counted from the end.
    """
    at = wide(z)
    values = tuple(p.astype(at.dtype) for p in parameters)
    if present is not None:

        def compute(t: Array, seen: Array) -> Array:
            return by_formula(definition, t, axis, values, seen)

        still = jax.lax.stop_gradient(at)
        hidden: Array = masked(jnp, row_words(axis), definition, compute, at, still, present.astype(at.dtype))
        return hidden.astype(z.dtype)
    careful = IN_JAX.get(definition.twins.get("jax", ""))
    y = careful(at, axis, *values) if careful else by_formula(definition, at, axis, values, None)
    return y.astype(z.dtype)


class _Row:
    """What each row's elements are beside its largest."""

    def __init__(self, z: Array, axis: int, temperature: Array) -> None:
        top = jnp.max(z, axis, keepdims=True)
        self.temperature = temperature
        self.is_top = z == top
        self.undecided = jnp.isinf(top)
        single = jnp.sum(self.is_top, axis, keepdims=True) == 1
        self.alone = jnp.where(single, self.is_top.astype(z.dtype), jnp.nan)
        self.distance, self.rest = _difference(z, jnp.where(self.undecided, 0, top))

    def exponentials(self) -> Array:
        e = jnp.exp(self.distance / self.temperature)
        return e + e * (self.rest / self.temperature)


def _difference(a: Array, b: Array) -> tuple[Array, Array]:
    """Return a - b and what its rounding lost (Knuth's two-sum), which would be |a - b| / 2 ulp of an exponential."""
    whole = a - b
    shown = whole - a
    rest = (a - (whole - shown)) - (b + shown)
    return whole, jnp.where(jnp.isfinite(whole), rest, 0)


def _tangent_of_quotient(
    z: Array, temperature: Array, tangents: tuple[Any, ...], share: Array | None
) -> Array:
    """Return the tangent of z / T; an element without a share brings none of its own infinity."""
    dz, dt = tangents
    du: Array = jnp.zeros_like(z) if isinstance(dz, SymbolicZero) else dz / temperature
    if isinstance(dt, SymbolicZero):
        return du
    finite: Array = z if share is None else jnp.where(share == 0, 0, z)
    tangent: Array = du - finite * dt / (temperature * temperature)
    return tangent
