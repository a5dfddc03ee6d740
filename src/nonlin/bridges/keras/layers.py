"""An activation as a Keras layer, with parameters that can be learned, stored and loaded with a model."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import keras

import nonlin
from nonlin.bridges.arranging import Axes
from nonlin.bridges.derivatives import partial
from nonlin.bridges.keras.dtypes import as_real
from nonlin.bridges.keras.elementwise import activate
from nonlin.bridges.keras.functional import PACKAGE, found_activation, pair_of
from nonlin.bridges.keras.gated import activate_gated
from nonlin.bridges.keras.rowwise import activate_rows
from nonlin.bridges.keras.stochastic import activate_noisy, drawn
from nonlin.errors import InvalidInput, UnknownParameter
from nonlin.workbench import Activation, RowWise
from nonlin.workbench.splitting import Order, parts
from nonlin.workbench.stochastic import RandomRows


class ActivationLayer(keras.layers.Layer):  # type: ignore[misc]
    """An activation in a Keras model; made by `nonlin.keras.layer`.

    Attributes
    ----------
    activation : Activation
    values : dict of str to float
        The values of its parameters: fixed, or where learning starts.
    learnable : tuple of str
        The parameters that are learned: each a weight of the same name.
    channel_axis : int or None
        Along which each channel has parameters of its own.
    """

    settings: tuple[str, ...] = ()
    """The attributes of its kind, which a stored model tells too."""

    def __init__(
        self,
        activation: Activation,
        values: Mapping[str, float],
        learnable: tuple[str, ...],
        channel_axis: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.activation, self.values, self.learnable = activation, dict(values), learnable
        self.channel_axis = channel_axis
        self.supports_masking = True
        self._learned: dict[str, Any] = {}

    def build(self, input_shape: Any) -> None:
        """Make the weights: one number each, or one a channel."""
        shape = () if self.channel_axis is None else self._channels(self.shape_of_value(input_shape))
        for name in self.learnable:
            self._learned[name] = self.add_weight(
                shape, keras.initializers.Constant(self.values[name]), name=name, autocast=False
            )
        self.built = True

    def shape_of_value(self, input_shape: Any) -> Any:
        """Return the shape of what the parameters belong to."""
        return input_shape

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the result."""
        return input_shape

    def compute_output_spec(self, x: Any, *rest: Any, **options: Any) -> Any:
        """Return a symbolic tensor of the shape and dtype of the result."""
        shape = [one.shape for one in x] if isinstance(x, list | tuple) else x.shape
        return keras.KerasTensor(self.compute_output_shape(shape), self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """Return what a stored model tells of it; of a person's own activation, its name."""
        card = self.activation.card
        told = {
            "activation": self.activation.name,
            "own": self.activation._own is not None,
            "values": dict(self.values),
            "learnable": list(self.learnable),
            "channel_axis": self.channel_axis,
            "kink_rule": card.kink_rule,
        }
        return {**super().get_config(), **told, **{name: getattr(self, name) for name in self.settings}}

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

    def parameters_for(self, x: Any) -> list[Any]:
        """Return the parameters: numbers, and weights that broadcast against x."""
        return [self._value(name, len(x.shape)) for name in self.values]

    def _channels(self, shape: Any) -> tuple[int, ...]:
        assert self.channel_axis is not None
        if not -len(shape) <= self.channel_axis < len(shape) or shape[self.channel_axis] is None:
            raise InvalidInput(
                f"{self.activation.name} learns along axis {self.channel_axis}, whose length is not known in an "
                f"input of shape {tuple(shape)}; say channel_axis=... of an axis with a fixed length"
            )
        return (shape[self.channel_axis],)

    def _value(self, name: str, rank: int) -> Any:
        if name not in self._learned:
            return self.values[name]
        weight = keras.ops.convert_to_tensor(self._learned[name])
        if self.channel_axis is None:
            return weight
        shape = [1] * rank
        shape[self.channel_axis] = -1
        return keras.ops.reshape(weight, shape)


@keras.saving.register_keras_serializable(PACKAGE)
class ElementwiseLayer(ActivationLayer):
    """An elementwise activation as a layer."""

    def call(self, x: Any) -> Any:
        """Return f(x), in the shape and dtype of x."""
        x = as_real(x, self.activation.name)
        return activate(partial(self.activation.definition), x, self.parameters_for(x))


@keras.saving.register_keras_serializable(PACKAGE)
class RowWiseLayer(ActivationLayer):
    """An activation along an axis, or several as one row, as a layer."""

    settings = ("axis",)

    def __init__(self, *given: Any, axis: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.axis = tuple(axis) if isinstance(axis, list | tuple) else axis

    def call(self, z: Any, where: Any = None) -> Any:
        """Return f(z) along the axis, in the dtype of z, of those elements alone for which `where` is True."""
        z = as_real(z, self.activation.name)
        return activate_rows(self.activation.definition, z, tuple(self.parameters_for(z)), self.axis, where)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the input, but of blocks one number each."""
        shape, by = self.activation.card.rows
        if shape != "blocks" or isinstance(self.axis, tuple) or input_shape[self.axis] is None:
            return input_shape
        lengths = list(input_shape)
        lengths[self.axis] //= int(self.values[by])
        return tuple(lengths)


@keras.saving.register_keras_serializable(PACKAGE)
class GatedLayer(ActivationLayer):
    """A gated activation as a layer: of value and gate, or of one tensor that holds both along an axis."""

    settings = ("axis", "gate", "gate_first")

    def __init__(
        self, *given: Any, axis: int, gate: Order, gate_first: bool | None = None, **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.axis, self.gate = axis, gate
        self.gate_first = self.activation.card.gate == "first" if gate_first is None else gate_first
        parts(0, gate)  # refuses what is no order

    def call(self, x: Any) -> Any:
        """Return f(x, gate) of a pair [x, gate], or [gate, x] in a dialect that has it first; or of the halves of x."""
        pair = tuple(x) if isinstance(x, list | tuple) else (x, None)
        if len(pair) != 2:
            raise InvalidInput(
                f"{self.activation.name} takes [value, gate] or one tensor, not a list of {len(pair)}"
            )
        ordered = pair[::-1] if self.gate_first and pair[1] is not None else pair
        value, gate = pair_of(self.activation, *ordered, self.axis, self.gate)
        names = (p.name for p in self.activation.parameters)
        values = dict(zip(names, self.parameters_for(value), strict=True))
        return activate_gated(self.activation.definition, value, gate, values)

    def shape_of_value(self, input_shape: Any) -> Any:
        """Return the shape of the values alone."""
        if _are_several(input_shape):
            return input_shape[self.gate_first]
        lengths = list(input_shape)
        if lengths[self.axis] is not None:
            lengths[self.axis] //= 2
        return tuple(lengths)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of value and gate broadcast together, or half of the one that holds both."""
        if not _are_several(input_shape):
            return self.shape_of_value(input_shape)
        value, gate = (keras.KerasTensor(shape) for shape in input_shape)
        return keras.ops.add(value, gate).shape


@keras.saving.register_keras_serializable(PACKAGE)
class RandomSlopeLayer(ActivationLayer):
    """An elementwise activation that draws a slope for each element in training, and has their mean otherwise."""

    settings: tuple[str, ...] = ("seed",)

    def __init__(self, *given: Any, seed: int | None = None, **options: Any) -> None:
        super().__init__(*given, **options)
        self.seed, self.seed_generator = seed, keras.random.SeedGenerator(seed)

    def call(self, x: Any, training: bool | None = False) -> Any:
        """Return f(x), in the shape and dtype of x."""
        return self.at(x, bool(training))

    def at(self, x: Any, is_training: bool, **options: Any) -> Any:
        """Return the activation at x, with noise while training."""
        x = as_real(x, self.activation.name)
        values = self.parameters_for(x)
        noise = drawn(self.activation, x, self.seed_generator if is_training else None, values)  # type: ignore[arg-type]
        return activate_noisy(self.activation, x, noise, values, **options)  # type: ignore[arg-type]


@keras.saving.register_keras_serializable(PACKAGE)
class RandomRowsLayer(RandomSlopeLayer):
    """A row-wise activation of the input plus noise in training, and of the input alone otherwise."""

    settings = ("seed", "axis", "hard")

    def __init__(self, *given: Any, axis: int, hard: bool = False, **options: Any) -> None:
        super().__init__(*given, **options)
        self.axis, self.hard = axis, hard

    def call(self, z: Any, training: bool | None = False) -> Any:
        """Return a sample for each row in training, otherwise the softmax or, if hard, its largest element."""
        return self.at(z, bool(training), axis=self.axis, hard=self.hard)


def _are_several(shape: Any) -> bool:
    return bool(shape) and isinstance(shape[0], list | tuple)


def layer(
    activation: str | Activation,
    /,
    learnable: Collection[str] | None = None,
    channel_axis: int | None = None,
    axis: Axes | None = None,
    gate: Order | None = None,
    seed: int | None = None,
    hard: bool | None = None,
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
    axis : int or tuple of int, optional
        The axis along which softmax and its relatives work, and gated ones split; -1 unless given, of batch norm 0.
        Several are one row.
    gate : {"last", "first", "interleaved"}, optional
        Where the gates of a gated one stand along it: the second half unless given. Its layer takes `[value, gate]`,
        or one tensor that it splits; in a dialect that has the gate first, `[gate, value]`.
    seed : int, optional
        Of what draws noise in training; in evaluation, `rrelu` has its mean slope and `gumbel_softmax` adds nothing.
    hard : bool, optional
        Of `gumbel_softmax`: one-hot, with the gradient of the soft sample.
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
    kind, taken = KINDS[found.card.kind if not isinstance(found, RandomRows) else "random rows"]
    given = {"channel_axis": channel_axis, "axis": axis, "gate": gate, "seed": seed, "hard": hard}
    for option, value in given.items():
        if value is not None and option not in taken:
            raise InvalidInput(f"{found.name} {found.nature}, so it takes no {option}={value}")
    if channel_axis is not None and not learned:
        raise InvalidInput(f"channel_axis={channel_axis} needs a parameter to learn; say learnable=[...]")
    if found.card.rows[1] in learned:
        raise InvalidInput(f"{found.name}: {found.card.rows[1]} counts, so it cannot be learned")
    if seed is not None and not isinstance(seed, int):
        raise InvalidInput(
            f"{found.name}: a layer is stored with its seed, a whole number, not seed={seed!r}"
        )
    if isinstance(axis, tuple) and not isinstance(found, RowWise):
        raise InvalidInput(f"{found.name} works along one axis, not axis={axis}")
    usual = {"axis": getattr(found, "axis", -1), "gate": found.card.gate, "hard": False}
    options: dict[str, Any] = {o: usual.get(o) if given[o] is None else given[o] for o in taken}
    made: ActivationLayer = kind(found, values, learned, name=name, dtype=dtype, **options)
    return made


KINDS: Mapping[str, tuple[type[ActivationLayer], tuple[str, ...]]] = {
    "elementwise": (ElementwiseLayer, ("channel_axis",)),
    "rowwise": (RowWiseLayer, ("axis",)),
    "gated": (GatedLayer, ("channel_axis", "axis", "gate")),
    "stochastic": (RandomSlopeLayer, ("channel_axis", "seed")),
    "random rows": (RandomRowsLayer, ("axis", "seed", "hard")),
}
"""The layer of each kind, and which options it takes."""


def _learned(found: Activation) -> tuple[str, ...]:
    return tuple(getattr(found.definition, "learnable", ()))


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
