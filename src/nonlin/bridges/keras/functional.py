"""Every activation as a function of Keras tensors: of the catalog by name, or a person's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import keras

import nonlin
from nonlin import catalog
from nonlin.bridges.arranging import Axes
from nonlin.bridges.derivatives import partial
from nonlin.bridges.keras.dtypes import as_real
from nonlin.bridges.keras.elementwise import activate
from nonlin.bridges.keras.gated import activate_gated
from nonlin.bridges.keras.rowwise import activate_rows
from nonlin.bridges.keras.stochastic import activate_noisy, drawn
from nonlin.bridges.noise import refuse_both, refuse_senseless
from nonlin.errors import InvalidInput, UnknownParameter, did_you_mean
from nonlin.workbench import Activation, Gated, RowWise, Stochastic
from nonlin.workbench.splitting import Order, split
from nonlin.workbench.stochastic import RandomSlope

PACKAGE = "nonlin"
"""Under which Keras stores what is ours."""


def function(activation: str | Activation) -> Callable[..., Any]:
    """Return an activation as a function of Keras tensors: y = function(x, parameter=value, ...).

    Its gradients are our own exact ones, by the input and by each parameter, of any order that the backend's
    `keras.ops.custom_gradient` can nest. The limit is returned at an infinity, NaN for NaN. It may be given to any
    layer, as in `Dense(8, activation=nonlin.keras.gelu)`; `nonlin.keras.NAME` is stored and loaded with a model.

    Parameters
    ----------
    activation : str or Activation
        A name or an alias of the catalog, or an activation: one with other defaults, or a person's own.

    Returns
    -------
    callable
        `(x, **parameters)`; `(z, axis=-1, where=None, **parameters)` for what mixes the elements of a row, several
        axes being one row and `where` a mask of the elements that take part; `(x, gate)` or
        `(z, axis=-1, gate="last")` for a gated one. What draws noise takes `seed=`, a number or a
        `keras.random.SeedGenerator`, or `noise=`; without them `rrelu` has its mean slope, as in evaluation. Tensors
        of any shape and float dtype, symbolic ones too; integers become Keras' default float. The result has the
        dtype of the input: float16 and bfloat16 are computed in float32 and rounded once. Parameters are numbers or
        tensors that broadcast against the input.

    Raises
    ------
    UnknownActivation
        If the catalog has no such name.
    InvalidInput
        If it is neither a name nor an activation; by the callable, if there is no such axis, or it cannot be split.
    UnknownParameter
        By the callable, if the activation has no parameter of that name.

    Examples
    --------
    >>> import nonlin.keras as nlk
    >>> print(f"{float(nlk.function('swish')(1.0, beta=2.0)):.4f}")
    0.8808
    """
    found = found_activation(activation)
    made = KINDS[found.card.kind](found)
    made.__name__ = made.__qualname__ = found.name
    made.__doc__ = found.__doc__
    return made


def found_activation(given: Any) -> Activation:
    """Return the activation of a name, or the one that is given."""
    found = nonlin.get(given) if isinstance(given, str) else given
    if not isinstance(found, Activation):
        raise InvalidInput(f"{given!r} is no activation; give a name or what nonlin.activation returned")
    return found


def _elementwise(activation: Activation) -> Callable[..., Any]:
    itself = partial(activation.definition)

    def call(x: Any, /, **parameters: Any) -> Any:
        values = resolved(activation, parameters)
        if keras.backend.is_keras_tensor(x):
            return _symbolic(activation, x, parameters)
        return activate(itself, as_real(x, activation.name), values)

    return call


def _rows(activation: RowWise) -> Callable[..., Any]:
    definition = activation.definition

    def call(z: Any, /, axis: Axes | None = None, where: Any = None, **parameters: Any) -> Any:
        values, axis = resolved(activation, parameters), activation.axis if axis is None else axis
        if keras.backend.is_keras_tensor(z):
            return _symbolic(activation, z, parameters, {"where": where}, axis=axis)
        return activate_rows(definition, as_real(z, activation.name), values, axis, where)

    return call


def _gated(activation: Gated) -> Callable[..., Any]:
    definition, names = activation.definition, [p.name for p in activation.parameters]

    def call(
        x: Any, given: Any = None, /, axis: int = -1, gate: Order | None = None, **parameters: Any
    ) -> Any:
        values = dict(zip(names, resolved(activation, parameters), strict=True))
        if keras.backend.is_keras_tensor(x):
            return _symbolic(activation, x if given is None else [x, given], parameters, axis=axis, gate=gate)
        order = activation.card.gate if gate is None else gate
        if given is not None:
            x, given = activation.in_order(x, given)
        return activate_gated(definition, *pair_of(activation, x, given, axis, order), values)

    return call


def pair_of(activation: Activation, x: Any, given: Any, axis: int, gate: Order) -> tuple[Any, Any]:
    """Return value and gate: both as given, or the halves of one along an axis."""
    x = as_real(x, activation.name)
    return split(activation.name, x, axis, gate) if given is None else (x, as_real(given, activation.name))


def _stochastic(activation: Stochastic) -> Callable[..., Any]:
    def slopes(x: Any, /, seed: Any = None, noise: Any = None, **parameters: Any) -> Any:
        return call(x, seed, noise, parameters)

    def rows(
        z: Any, /, axis: int = -1, seed: Any = None, noise: Any = None, hard: bool = False, **parameters: Any
    ) -> Any:
        return call(z, seed, noise, parameters, axis=axis, hard=hard)

    def call(x: Any, seed: Any, noise: Any, parameters: Mapping[str, Any], **options: Any) -> Any:
        values = resolved(activation, parameters)
        refuse_senseless(activation, values)
        if keras.backend.is_keras_tensor(x):
            if noise is not None:
                raise InvalidInput(f"{activation.name}: a layer draws its noise= itself; give seed=")
            return _symbolic(activation, x, parameters, seed=seed, **options)
        refuse_both(activation, "seed", seed, noise)
        x = as_real(x, activation.name)
        given = drawn(activation, x, seed, values) if noise is None else as_real(noise, activation.name)
        return activate_noisy(activation, x, given, values, **options)

    return slopes if isinstance(activation, RandomSlope) else rows


KINDS: Mapping[str, Callable[[Any], Callable[..., Any]]] = {
    "elementwise": _elementwise, "rowwise": _rows, "gated": _gated, "stochastic": _stochastic,
}  # fmt: skip


def _symbolic(
    activation: Activation,
    x: Any,
    parameters: Mapping[str, Any],
    inputs: Mapping[str, Any] = MappingProxyType({}),
    **options: Any,
) -> Any:
    """Return the tensor of a layer, which a model under construction can hold."""
    from nonlin.bridges.keras.layers import layer

    return layer(activation, learnable=[], **options, **parameters)(x, **inputs)


def resolved(activation: Activation, given: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return a number or a tensor for each parameter: the given ones, else the defaults.

    Raises
    ------
    UnknownParameter
        If the activation has no such parameter.
    """
    known = [p.name for p in activation.parameters]
    for name in given:
        if name not in known:
            raise UnknownParameter.of(activation.name, name, known)
    return tuple(_value(activation, p.name, given.get(p.name, p.default)) for p in activation.parameters)


def _value(activation: Activation, name: str, given: Any) -> Any:
    if isinstance(given, int | float):
        return float(given)
    return as_real(given, f"{activation.name}'s {name}")


def names() -> list[str]:
    """Return the names of the catalog."""
    return list(catalog.names())


def _by_name(name: str) -> Callable[..., Any]:
    """Return the function of a name, made when it is first called, and known to Keras' storing and loading."""
    made: list[Callable[..., Any]] = []

    def call(x: Any, /, *gate: Any, **options: Any) -> Any:
        if not made:
            made.append(function(name))
        return made[0](x, *gate, **options)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = catalog.card(name).summary
    registered: Callable[..., Any] = keras.saving.register_keras_serializable(PACKAGE, name)(call)
    return registered


FUNCTIONS = {name: _by_name(name) for name in names()}
"""All of the catalog; a stored model may hold any of them."""


def __getattr__(name: str) -> Callable[..., Any]:
    if name not in FUNCTIONS:
        raise AttributeError(f"nonlin.keras has no {name!r}.{did_you_mean(name, FUNCTIONS)}")
    return FUNCTIONS[name]


def __dir__() -> list[str]:
    return list(FUNCTIONS)
