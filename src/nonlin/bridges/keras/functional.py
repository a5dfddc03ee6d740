"""Every activation as a function of Keras tensors: of the catalog by name, or a person's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras

import nonlin
from nonlin import catalog
from nonlin.bridges.derivatives import partial
from nonlin.bridges.keras.dtypes import as_real
from nonlin.bridges.keras.elementwise import activate
from nonlin.bridges.keras.rowwise import IN_KERAS, activate_rows
from nonlin.errors import InvalidInput, UnknownParameter, did_you_mean
from nonlin.workbench import Activation, RowWise

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
        `(x, **parameters)`, or `(z, axis=-1, **parameters)` for what mixes the elements of a row. Tensors of any
        shape and float dtype, symbolic ones too; integers become Keras' default float. The result has the dtype of the
        input: float16 and bfloat16 are computed in float32 and rounded once. Parameters are numbers or tensors that
        broadcast against the input.

    Raises
    ------
    UnknownActivation
        If the catalog has no such name.
    InvalidInput
        If it is neither a name nor an activation, or mixes rows in a way not written for Keras; by the callable, if
        there is no such axis.
    UnknownParameter
        By the callable, if the activation has no parameter of that name.

    Examples
    --------
    >>> import nonlin.keras as nlk
    >>> print(f"{float(nlk.function('swish')(1.0, beta=2.0)):.4f}")
    0.8808
    """
    found = found_activation(activation)
    made = _rows(found) if isinstance(found, RowWise) else _elementwise(found)
    made.__name__ = made.__qualname__ = found.name
    made.__doc__ = found.__doc__
    return made


def found_activation(given: Any) -> Activation:
    """Return the activation of a name, or the one that is given."""
    found = nonlin.get(given) if isinstance(given, str) else given
    if not isinstance(found, Activation):
        raise InvalidInput(f"{given!r} is no activation; give a name or what nonlin.activation returned")
    if found.card.kind in ("gated", "stochastic"):
        raise InvalidInput(f"{found.name} {found.nature}, and has no form in Keras yet")
    if isinstance(found, RowWise) and found.name not in IN_KERAS:
        raise InvalidInput(f"{found.name} is not written for Keras; these are: {', '.join(IN_KERAS)}")
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
    def call(z: Any, /, axis: int = -1, **parameters: Any) -> Any:
        values = resolved(activation, parameters)
        if keras.backend.is_keras_tensor(z):
            return _symbolic(activation, z, parameters, axis=axis)
        z = as_real(z, activation.name)
        if not -len(z.shape) <= axis < len(z.shape):
            raise InvalidInput(f"{activation.name} has no axis={axis} in a tensor of shape {tuple(z.shape)}")
        return activate_rows(activation.name, z, values, axis)

    return call


def _symbolic(activation: Activation, x: Any, parameters: Mapping[str, Any], **options: Any) -> Any:
    """Return the tensor of a layer, which a model under construction can hold."""
    from nonlin.bridges.keras.layers import layer

    return layer(activation, learnable=[], **options, **parameters)(x)


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
    """Return the names of all of the catalog that are written for Keras."""
    return [n for n in catalog.names() if catalog.card(n).kind == "elementwise" or n in IN_KERAS]


def _by_name(name: str) -> Callable[..., Any]:
    """Return the function of a name, made when it is first called, and known to Keras' storing and loading."""
    made: list[Callable[..., Any]] = []

    def call(x: Any, /, **options: Any) -> Any:
        if not made:
            made.append(function(name))
        return made[0](x, **options)

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
