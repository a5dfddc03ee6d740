"""An activation as a Keras layer, with parameters that can be learned, stored and loaded with a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import keras

import nonlin
from nonlin.bridges.derivatives import partial
from nonlin.bridges.keras.dtypes import as_real
from nonlin.bridges.keras.elementwise import activate
from nonlin.bridges.keras.functional import PACKAGE, found_activation
from nonlin.bridges.keras.rowwise import activate_rows
from nonlin.errors import InvalidInput, UnknownParameter
from nonlin.vocabulary import Definition
from nonlin.workbench import Activation, RowWise


class ActivationLayer(keras.layers.Layer):  # type: ignore[misc]
    """An activation in a Keras model; made by `nonlin.keras.layer`.

    Attributes
    ----------
    activation : Activation
    values : dict of str to float
        The values of its parameters: fixed, or where learning starts.
    learnable : tuple of str
        The parameters that are learned: each a weight of the same name.
    axis : int or None
        The axis whose elements are mixed; or along which each channel has parameters of its own.
    """

    def __init__(
        self,
        activation: Activation,
        values: Mapping[str, float],
        learnable: tuple[str, ...],
        axis: int | None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.activation, self.values, self.learnable, self.axis = activation, dict(values), learnable, axis
        self.supports_masking = True
        self._learned: dict[str, Any] = {}

    def build(self, input_shape: Any) -> None:
        """Make the weights: one number each, or one a channel."""
        shape = () if self._mixes or self.axis is None else self._channels(input_shape)
        for name in self.learnable:
            self._learned[name] = self.add_weight(
                shape, keras.initializers.Constant(self.values[name]), name=name, autocast=False
            )
        self.built = True

    def call(self, x: Any) -> Any:
        """Return f(x), in the shape and dtype of x."""
        x = as_real(x, self.activation.name)
        values = [self._value(name, len(x.shape)) for name in self.values]
        if self._mixes:
            return activate_rows(self.activation.name, x, tuple(values), self.axis)  # type: ignore[arg-type]
        return activate(partial(self.activation.definition), x, values)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the input."""
        return input_shape

    def compute_output_spec(self, x: Any) -> Any:
        """Return a symbolic tensor as the input is."""
        return keras.KerasTensor(x.shape, self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """Return what a stored model tells of it; of a person's own activation, its name."""
        card = self.activation.card
        told = {
            "activation": self.activation.name,
            "own": self.activation._own is not None,
            "values": dict(self.values),
            "learnable": list(self.learnable),
            "axis": self.axis,
            "kink_rule": card.kink_rule,
        }
        return {**super().get_config(), **told}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> ActivationLayer:
        """Return the layer that a stored model tells of.

        Raises
        ------
        InvalidInput
            If it holds a person's own activation that is not given in `custom_objects`.
        """
        config = dict(config)
        activation = _loaded(config.pop("activation"), config.pop("own"))
        rule = config.pop("kink_rule")
        if rule != activation.card.kink_rule:
            activation = activation.at_kink(rule)  # type: ignore[attr-defined]
        return cls(activation, learnable=tuple(config.pop("learnable")), **config)

    @property
    def _mixes(self) -> bool:
        return isinstance(self.activation, RowWise)

    def _channels(self, shape: Any) -> tuple[int, ...]:
        assert self.axis is not None
        if not -len(shape) <= self.axis < len(shape) or shape[self.axis] is None:
            raise InvalidInput(
                f"{self.activation.name} learns along axis {self.axis}, whose length is not known in an input of "
                f"shape {tuple(shape)}; say channel_axis=... of an axis with a fixed length"
            )
        return (shape[self.axis],)

    def _value(self, name: str, rank: int) -> Any:
        if name not in self._learned:
            return self.values[name]
        weight = keras.ops.convert_to_tensor(self._learned[name])
        if self._mixes or self.axis is None:
            return weight
        shape = [1] * rank
        shape[self.axis] = -1
        return keras.ops.reshape(weight, shape)


@keras.saving.register_keras_serializable(PACKAGE)
class ElementwiseLayer(ActivationLayer):
    """An elementwise activation as a layer."""


@keras.saving.register_keras_serializable(PACKAGE)
class RowWiseLayer(ActivationLayer):
    """An activation along one axis as a layer."""


def layer(
    activation: str | Activation,
    /,
    learnable: Collection[str] | None = None,
    channel_axis: int | None = None,
    axis: int | None = None,
    name: str | None = None,
    dtype: Any = None,
    **parameters: float,
) -> ActivationLayer:
    """Return an activation as a Keras layer: y = f(x).

    Parameters
    ----------
    activation : str or Activation
        A name or alias, or an activation such as `nonlin.gelu` or your own. A model that holds your own is loaded
        with `custom_objects={"its_name": it}`.
    learnable : collection of str, optional
        The parameters to learn; each becomes a weight of the layer. Unless given, those which the definition itself
        learns, such as the weight of `prelu`.
    channel_axis : int, optional
        Learn one value for each channel along this axis, as -1; otherwise a single one.
    axis : int, optional
        The axis along which softmax and its relatives work; -1 unless given.
    name : str, optional
        Of the layer, for Keras.
    dtype : str or DTypePolicy, optional
        Of the layer, for Keras. Learned values stay in the dtype of variables, and float16 and bfloat16 are
        computed in float32 and rounded once.
    **parameters : float
        Values of the activation's parameters: fixed, or where learning starts.

    Returns
    -------
    keras.layers.Layer

    Raises
    ------
    UnknownActivation
        If there is no such name.
    UnknownParameter
        If the activation has no such parameter.
    InvalidInput
        If channels are asked for with nothing to learn, or an option that this activation does not take.

    Examples
    --------
    >>> import nonlin.keras as nlk
    >>> made = nlk.layer("swish", learnable=["beta"], channel_axis=-1, beta=2.0)
    >>> y = made(keras.ops.ones((1, 3)))
    >>> [w.shape for w in made.trainable_variables]
    [(3,)]
    """
    found = found_activation(activation)
    known = [p.name for p in found.parameters]
    for unknown in [n for n in (*parameters, *(learnable or ())) if n not in known]:
        raise UnknownParameter.of(found.name, unknown, known)
    values = {p.name: _number(found, p.name, parameters.get(p.name, p.default)) for p in found.parameters}
    learned = _learned(found) if learnable is None else tuple(learnable)
    options = {"name": name, "dtype": dtype}
    if isinstance(found, RowWise):
        if channel_axis is not None:
            raise InvalidInput(
                f"{found.name} is one value for all rows, so it takes no channel_axis={channel_axis}"
            )
        return RowWiseLayer(found, values, learned, -1 if axis is None else axis, **options)
    if axis is not None:
        raise InvalidInput(f"{found.name} works on each element by itself, so it takes no axis={axis}")
    if channel_axis is not None and not learned:
        raise InvalidInput(f"channel_axis={channel_axis} needs a parameter to learn; say learnable=[...]")
    return ElementwiseLayer(found, values, learned, channel_axis, **options)


def _learned(found: Activation) -> tuple[str, ...]:
    return tuple(found.definition.learnable) if isinstance(found.definition, Definition) else ()


def _number(found: Activation, name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as reason:
        raise InvalidInput(f"{name}={value!r} of {found.name} must be a number") from reason


def _loaded(name: str, own: bool) -> Activation:
    found = keras.saving.get_registered_object(name) if own else None
    if found is None and name in nonlin.names():
        return nonlin.get(name)
    if not isinstance(found, Activation):
        raise InvalidInput(
            f"the model holds an activation of somebody's own called {name!r}; "
            f"load it with custom_objects={{{name!r}: {name}}}"
        )
    return found
