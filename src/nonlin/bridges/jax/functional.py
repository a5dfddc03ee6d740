"""Every activation as a function of JAX arrays: of the catalog by name, or a person's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

import nonlin
from nonlin.bridges.arranging import Axes, in_rows
from nonlin.bridges.derivatives import partial as partial_derivative
from nonlin.bridges.jax.dtypes import as_real, wide
from nonlin.bridges.jax.elementwise import activate
from nonlin.bridges.jax.gated import activate_gated
from nonlin.bridges.jax.rowwise import activate_rows
from nonlin.bridges.jax.stochastic import drawn, one_hot
from nonlin.bridges.masking import refuse_other_masks
from nonlin.bridges.noise import refuse_both, refuse_senseless
from nonlin.card import Shape
from nonlin.errors import InvalidInput, UnknownParameter, did_you_mean
from nonlin.workbench import Activation, Gated, RowWise, Stochastic
from nonlin.workbench.arranging import count_of
from nonlin.workbench.splitting import Order, split
from nonlin.workbench.stochastic import RandomSlope


def function(activation: str | Activation) -> Callable[..., Array]:
    """Return an activation as a function of JAX arrays: y = function(x, parameter=value, ...).

    Its derivatives are our own exact ones, of any order, forward and reverse, by the input and by each parameter; it
    works under `jit`, `vmap`, `grad`, `jvp` and `vjp`. The limit is returned at an infinity, NaN for NaN.

    Parameters
    ----------
    activation : str or Activation
        A name or an alias of the catalog, or an activation: one with other defaults, or a person's own.

    Returns
    -------
    callable
        `(x, **parameters)`; `(z, axis=-1, where=None, **parameters)` for what mixes the elements of a row, `where` a
        mask of those that take part; `(x, gate)` or `(z, axis=-1, gate="last")` for a gated one, `z` holding values
        and gates along an axis. What draws noise takes a random `key=`, or `noise=`, an array; `rrelu` without them
        has its mean slope, `gumbel_softmax` takes `axis` and `hard` too. Arrays of any shape and float dtype; integers
        become JAX's default float. The result has the dtype of the input: float16 and bfloat16 are computed in
        float32 and rounded once, float64 needs `jax_enable_x64`. Parameters are numbers or arrays that broadcast
        against the input.

    Raises
    ------
    UnknownActivation
        If the catalog has no such name.
    InvalidInput
        If it is neither a name nor an activation; by the callable, if an array or a parameter is not of real
        numbers, or there is no such axis.
    UnknownParameter
        By the callable, if the activation has no parameter of that name.

    Examples
    --------
    >>> import jax, nonlin as nl
    >>> print(f"{jax.jit(function('swish'))(1.0, beta=2.0):.4f}")
    0.8808
    >>> @nl.activation
    ... def bent(x, a=0.5):
    ...     return x + a * (nl.sqrt(x**2 + 1) - 1)
    >>> by_x, by_a = jax.grad(lambda x, a: function(bent)(x, a=a), argnums=(0, 1))(0.75, 0.5)
    >>> print(f"{by_x:.3f} {by_a:.3f}")
    1.300 0.250
    """
    if isinstance(activation, str):
        activation = nonlin.get(activation)
    if not isinstance(activation, Activation):
        raise InvalidInput(f"{activation!r} is no activation; give a name or what nonlin.activation returned")
    made = KINDS[activation.card.kind](activation)
    made.__name__ = made.__qualname__ = activation.name
    made.__doc__ = activation.summary
    return made


def _elementwise(activation: Activation) -> Callable[..., Array]:
    compiled: Callable[..., Array] = jax.jit(partial(activate, partial_derivative(activation.definition)))

    def call(x: Any, /, **parameters: Any) -> Array:
        return compiled(as_real(x, activation.name), resolved(activation, parameters))

    return call


def _rows(activation: RowWise) -> Callable[..., Array]:
    compiled: Callable[..., Array] = jax.jit(
        partial(activate_rows, activation.definition), static_argnames="axis"
    )

    arrangement = activation.definition.arrangement

    def call(z: Any, /, axis: Axes | None = None, where: Any = None, **parameters: Any) -> Array:
        z, axis = as_real(z, activation.name), activation.axis if axis is None else axis
        present = None if where is None else _present(activation.name, where, z)
        if arrangement is None and not isinstance(axis, tuple):
            return along(z, axis, present, **parameters)
        axes = axis if isinstance(axis, tuple) else (axis,)
        for a in axes:
            refuse_missing(z, a)
        shape: Shape = "whole"
        count = 1
        if arrangement is not None:
            shape, by = arrangement.shape, arrangement.by
            given = parameters.get(by.name, activation.card.defaults[by.name])
            count = count_of(activation.name, shape, by.name, given, [z.shape[a] for a in axes])
        result: Array = in_rows(
            jnp, lambda at, seen: along(at, -1, seen, **parameters), z, axes, shape, count, present
        )
        return result

    def refuse_missing(z: Array, axis: int) -> None:
        if not -z.ndim <= axis < z.ndim:
            raise InvalidInput(f"{activation.name} has no axis={axis} in an array of shape {z.shape}")

    def along(z: Array, axis: int, present: Array | None, **parameters: Any) -> Array:
        refuse_missing(z, axis)
        axis -= z.ndim if axis >= 0 else 0
        values = resolved(activation, parameters)
        for p, value in zip(activation.parameters, values, strict=True):
            if value.ndim >= -axis and value.shape[axis] != 1:
                raise InvalidInput(
                    f"{activation.name}: {p.name} of shape {value.shape} varies along a row; give one a row"
                )
        return compiled(z, values, present, axis=axis)

    return call


def _present(name: str, where: Any, z: Array) -> Array:
    """Return a mask as numbers, in the shape of z."""
    mask = jnp.asarray(where)
    refuse_other_masks(name, mask, mask.dtype == jnp.bool_, z.shape)
    return jnp.broadcast_to(mask.astype(wide(z).dtype), z.shape)


def _gated(activation: Gated) -> Callable[..., Array]:
    definition, names = activation.definition, [p.name for p in activation.parameters]
    compiled: Callable[..., Array] = jax.jit(partial(activate_gated, definition))

    def call(
        x: Any, given: Any = None, /, axis: int = -1, gate: Order | None = None, **parameters: Any
    ) -> Array:
        x, order = as_real(x, activation.name), activation.card.gate if gate is None else gate
        if given is None:
            pair = split(activation.name, x, axis, order)
        else:
            pair = activation.in_order(x, as_real(given, activation.name))
        return compiled(*pair, dict(zip(names, resolved(activation, parameters), strict=True)))

    return call


def _stochastic(activation: Stochastic) -> Callable[..., Array]:
    def slopes(x: Any, /, key: Any = None, noise: Any = None, **parameters: Any) -> Array:
        x, given, _ = told(x, key, noise, parameters)
        return of(x, **{activation.card.noise[2]: given})

    def rows(
        z: Any, /, axis: int = -1, key: Any = None, noise: Any = None, hard: bool = False, **parameters: Any
    ) -> Array:
        z, given, values = told(z, key, noise, parameters)
        soft = of(wide(z) + given, axis=axis, **dict(zip(activation.of.card.defaults, values, strict=True)))
        return (one_hot(soft, axis) if hard else soft).astype(z.dtype)

    of = function(activation.of)

    def told(x: Any, key: Any, noise: Any, parameters: Mapping[str, Any]) -> tuple[Array, Array, Any]:
        """Return the input, the noise, and the parameters, after a look at all of them."""
        refuse_senseless(activation, list({**activation.card.defaults, **parameters}.values()))
        refuse_both(activation, "key", key, noise)
        x, values = as_real(x, activation.name), resolved(activation, parameters)
        if noise is not None:
            return x, as_real(noise, f"{activation.name}'s noise"), values
        return x, drawn(activation, x, key, values), values

    return slopes if isinstance(activation, RandomSlope) else rows


KINDS: Mapping[str, Callable[[Any], Callable[..., Array]]] = {
    "elementwise": _elementwise, "rowwise": _rows, "gated": _gated, "stochastic": _stochastic,
}  # fmt: skip


def resolved(activation: Activation, given: Mapping[str, Any]) -> tuple[Array, ...]:
    """Return an array for each parameter: the given ones, else the defaults.

    Raises
    ------
    UnknownParameter
        If the activation has no such parameter.
    InvalidInput
        If a value is not of real numbers.
    """
    known = [p.name for p in activation.parameters]
    for name in given:
        if name not in known:
            raise UnknownParameter.of(activation.name, name, known)
    return tuple(
        as_real(given[p.name], f"{activation.name}'s {p.name}")
        if p.name in given
        else jnp.asarray(p.default, float)
        for p in activation.parameters
    )


def __getattr__(name: str) -> Callable[..., Array]:
    if name.startswith("_") or name not in nonlin.names():
        raise AttributeError(f"nonlin.jax has no {name!r}.{did_you_mean(name, nonlin.names())}")
    globals()[name] = function(name)
    return globals()[name]  # type: ignore[no-any-return]


def __dir__() -> list[str]:
    return nonlin.names()
