"""An activation as a PyTorch module, with parameters that can be learned."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

import torch
from torch import Tensor, nn

import nonlin
from nonlin.bridges.arranging import Axes
from nonlin.bridges.noise import refuse_senseless
from nonlin.bridges.torch.derivatives import value
from nonlin.bridges.torch.elementwise import activate
from nonlin.bridges.torch.gated import activate_gated, unit
from nonlin.bridges.torch.parameters import refuse_unknown
from nonlin.bridges.torch.rowwise import activate_rows, rows_of
from nonlin.bridges.torch.stochastic import Noisy, activate_noisy, drawn
from nonlin.errors import InvalidInput
from nonlin.workbench import Activation, Elementwise, Gated, RowWise, Stochastic
from nonlin.workbench.splitting import Order, parts, split
from nonlin.workbench.stochastic import RandomSlope


class ActivationModule(nn.Module):
    """An activation in a network; made by `nonlin.torch.module`.

    Attributes
    ----------
    activation : Activation
        With the values of its parameters before any training as defaults.
    learnable : tuple of str
        The parameters that are learned: each an `nn.Parameter` of the same name.
    channels : int or None
        How many values each of them has: one a channel, or a single one.

    Notes
    -----
    What an activation learns by definition, as `prelu` its weight, has the shape that it has in PyTorch's own module,
    so that a `state_dict` of either loads into the other.
    """

    def __init__(self, origin: Activation, values: Mapping[str, float], learnable: tuple[str, ...]) -> None:
        super().__init__()
        self.origin, self.values, self.learnable = origin, dict(values), learnable
        self.channels: int | None = None
        self.channel_dim = 1
        for name in learnable:
            self._learn(name, torch.tensor(self.values[name]))

    @cached_property
    def activation(self) -> Activation:
        return self.origin if _are_defaults(self.origin, self.values) else self.origin.bind(**self.values)

    def _learn_along(self, channels: int | None, channel_dim: int) -> None:
        """Give the learned parameters one value a channel, or the one that PyTorch's own modules have."""
        self.channels, self.channel_dim = channels, channel_dim
        for name in self.learnable:
            if channels is not None or name in self.origin.definition.learnable:
                setattr(self, name, nn.Parameter(torch.full((channels or 1,), self.values[name])))

    def _parameter(self, name: str, x: Tensor) -> float | Tensor:
        if name not in self.learnable:
            return self.values[name]
        parameter: Tensor = getattr(self, name)
        return parameter.reshape(()) if self.channels is None else self._along_channels(parameter, x)

    def _along_channels(self, parameter: Tensor, x: Tensor) -> Tensor:
        dim = 0 if x.ndim == 1 else self.channel_dim
        if not -x.ndim <= dim < x.ndim or x.shape[dim] != self.channels:
            raise InvalidInput(
                f"{self.origin.name} has {self.channels} channels in dimension {self.channel_dim}, and was given "
                f"a tensor of shape {tuple(x.shape)}; say channels=... and channel_dim=... as the input has them"
            )
        shape = [1] * x.ndim
        shape[dim] = -1
        return parameter.view(shape)

    def extra_repr(self) -> str:
        """Return the parameters: their values, and which are learned."""
        return ", ".join(f"{name}={self._told(name)}" for name in self.values)

    def _get_name(self) -> str:
        return f"nonlin.{self.origin.name}"

    def _learn(self, name: str, start: Tensor) -> None:
        if hasattr(self, name):
            raise InvalidInput(f"a parameter called {name!r} cannot be learned: every nn.Module has {name!r}")
        self.register_parameter(name, nn.Parameter(start))

    def _told(self, name: str) -> str:
        if name not in self.learnable:
            return f"{self.values[name]:g}"
        if self.channels is not None:
            return f"learned in {self.channels} channels"
        return f"{getattr(self, name).item():.6g} learned"

    def __getstate__(self) -> dict[str, Any]:
        return {
            k: v for k, v in self.__dict__.items() if k not in ("activation", "_rows", "_value", "_noisy")
        }


class ElementwiseModule(ActivationModule):
    """An elementwise activation in a network, its learned parameters one or one a channel."""

    def __init__(
        self,
        origin: Elementwise,
        values: Mapping[str, float],
        learnable: tuple[str, ...],
        channels: int | None,
        channel_dim: int,
    ) -> None:
        super().__init__(origin, values, learnable)
        self._learn_along(channels, channel_dim)
        self._prepare()

    def forward(self, x: Tensor) -> Tensor:
        """Return f(x), in the shape and dtype of x."""
        return activate(self._value, x, [self._parameter(name, x) for name in self.values])

    def _prepare(self) -> None:
        assert isinstance(self.origin, Elementwise)
        self._value = value(self.origin.definition)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[no-untyped-call]
        self._prepare()


class RowWiseModule(ActivationModule):
    """An activation along one dimension in a network, such as softmax."""

    def __init__(
        self, origin: RowWise, values: Mapping[str, float], learnable: tuple[str, ...], dim: Axes
    ) -> None:
        super().__init__(origin, values, learnable)
        self.dim = dim
        self._prepare()

    def forward(self, z: Tensor, where: Tensor | None = None) -> Tensor:
        """Return f(z) along the dimension `dim`, in the shape and dtype of z.

        Elements for which `where` is False count as if they were not there: their value is 0 (of log_softmax -inf),
        their gradient 0, and so is all of a row that has no others.
        """
        parameters = tuple(getattr(self, n) if n in self.learnable else v for n, v in self.values.items())
        return activate_rows(self._rows, z, self.dim, parameters, where)

    def _prepare(self) -> None:
        self._rows = rows_of(self.origin.definition)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[no-untyped-call]
        self._prepare()

    def extra_repr(self) -> str:
        """Return the dimension and the parameters."""
        return f"dim={self.dim}, {super().extra_repr()}"


class GatedModule(ActivationModule):
    """A gated activation in a network: of value and gate, or of one tensor that holds both along a dimension."""

    def __init__(
        self,
        origin: Gated,
        values: Mapping[str, float],
        learnable: tuple[str, ...],
        dim: int,
        gate: Order,
        channels: int | None,
        channel_dim: int,
    ) -> None:
        super().__init__(origin, values, learnable)
        self.dim, self.gate = dim, gate
        parts(0, gate)  # refuses what is no order
        self._learn_along(channels, channel_dim)
        self._prepare()

    def forward(self, x: Tensor, gate: Tensor | None = None) -> Tensor:
        """Return f(x, gate), or f of the halves of x along the dimension `dim`."""
        value = (
            x
            if gate is not None or self.channels is None
            else split(self.origin.name, x, self.dim, self.gate)[0]
        )
        parameters = [self._parameter(name, value) for name in self.values]
        return activate_gated(self._value, x, gate, self.dim, self.gate, parameters)

    def _prepare(self) -> None:
        self._value = unit(self.origin.definition)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[no-untyped-call]
        self._prepare()

    def extra_repr(self) -> str:
        """Return the dimension, the order and the parameters."""
        return ", ".join(filter(None, [f"dim={self.dim}, gate={self.gate!r}", super().extra_repr()]))


class GateFirstModule(GatedModule):
    """A gated activation in a network, in a dialect that has the gate first, as ONNX's SwiGLU."""

    def forward(self, gate: Tensor, x: Tensor | None = None) -> Tensor:  # type: ignore[override]  # in its order
        """Return f(gate, x), or f of the halves of one tensor along the dimension `dim`."""
        return super().forward(gate) if x is None else super().forward(x, gate)


class StochasticModule(ActivationModule):
    """An activation that draws noise while training; in evaluation it has the mean slope, or adds nothing.

    Copies of a module draw on from the same generator, so that no two of them draw the same numbers.
    """

    def __init__(
        self,
        origin: Stochastic,
        values: Mapping[str, float],
        learnable: tuple[str, ...],
        generator: torch.Generator | None,
        **options: Any,
    ) -> None:
        super().__init__(origin, values, learnable)
        self.generator, self.options = generator, options
        self._prepare()

    def forward(self, x: Tensor, noise: Tensor | None = None) -> Tensor:
        """Return f(x), in the shape and dtype of x, with the noise that is given or drawn while training."""
        parameters = [getattr(self, n) if n in self.learnable else v for n, v in self.values.items()]
        given: Any = noise
        if noise is None:
            if self.training and self.generator is None:
                raise InvalidInput(
                    f"{self.origin.name} draws noise while training: say module({self.origin.name!r}, "
                    "generator=torch.Generator().manual_seed(0)), or call it with noise=, or eval()"
                )
            given = drawn(self._noisy, x, self.generator if self.training else None, parameters)
        return activate_noisy(self._noisy, x, given, parameters, **self.options)

    def _prepare(self) -> None:
        assert isinstance(self.origin, Stochastic)
        self._noisy = Noisy(self.origin)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[no-untyped-call]
        self._prepare()

    def __deepcopy__(self, memo: dict[int, Any]) -> StochasticModule:
        made = type(self).__new__(type(self))
        memo.update({id(self): made, id(self.generator): self.generator})
        made.__setstate__({name: copy.deepcopy(part, memo) for name, part in self.__getstate__().items()})
        return made

    def extra_repr(self) -> str:
        """Return the options and the parameters."""
        return ", ".join([*(f"{o}={v}" for o, v in self.options.items()), super().extra_repr()])


def module(
    activation: str | Activation,
    /,
    learnable: Collection[str] | None = None,
    channels: int | None = None,
    channel_dim: int | None = None,
    dim: Axes | None = None,
    gate: Order | None = None,
    generator: torch.Generator | None = None,
    hard: bool | None = None,
    **parameters: float,
) -> ActivationModule:
    """Return an activation as a module: y = f(x).

    Parameters
    ----------
    activation : str or Activation
        A name or alias, or an activation such as `nonlin.gelu` or your own.
    learnable : collection of str, optional
        The parameters to learn; each becomes an `nn.Parameter` of the module. Unless given, those which the
        definition itself learns, such as the weight of `prelu`.
    channels : int, optional
        Learn one value a channel; otherwise a single one. Channels of a gated one are those of its value.
    channel_dim : int, optional
        The dimension of the channels; 1 unless given. An input of one dimension has its channels there.
    dim : int or tuple of int, optional
        The dimension along which softmax and its relatives work, and gated ones split; -1 unless given, of batch
        norm 0. Several are one row: batch norm of images works along (0, 2, 3), group norm along (1, 2, 3).
    gate : {"last", "first", "interleaved"}, optional
        Where the gates of a gated one stand along it: the second half unless given. Its module takes value and
        gate as two tensors, or as one that it splits; in a dialect that has the gate first, the gate first.
    generator : torch.Generator, optional
        Of what draws noise: needed for training, unless each call is given the noise. In evaluation, `rrelu` has its
        mean slope, as PyTorch's RReLU, and `gumbel_softmax` adds nothing.
    hard : bool, optional
        Of `gumbel_softmax`: one-hot, with the gradient of the soft sample.
    **parameters : float
        Values of the activation's parameters: fixed, or where learning starts.

    Raises
    ------
    UnknownActivation
        If there is no such name.
    UnknownParameter
        If the activation has no such parameter.
    InvalidInput
        If channels are given with nothing to learn, or an option that this activation does not take.

    Examples
    --------
    >>> import torch, nonlin.torch as nlt
    >>> nlt.module("leaky_relu", negative_slope=0.2)(torch.tensor([-1.0, 2.0]))
    tensor([-0.2000,  2.0000])
    >>> nlt.module("swish", learnable=["beta"], channels=8)
    nonlin.swish(beta=learned in 8 channels)
    """
    origin = _activation(activation)
    refuse_unknown(origin, parameters)
    values = {p.name: _number(origin, p.name, parameters.get(p.name, p.default)) for p in origin.parameters}
    learned = _learned(origin, learnable)
    if isinstance(origin, Gated):
        _refuse(origin, "draws nothing", generator=generator, hard=hard)
        _check_channels(origin, learned, channels, channel_dim)
        if isinstance(dim, tuple):
            raise InvalidInput(f"{origin.name} splits one dimension, not dim={dim}")
        place: tuple[int, Order] = -1 if dim is None else dim, origin.card.gate if gate is None else gate
        kind = GateFirstModule if origin.card.gate == "first" else GatedModule
        return kind(origin, values, learned, *place, channels, 1 if channel_dim is None else channel_dim)
    _refuse(origin, "has no gate", gate=gate)
    if isinstance(origin, Stochastic):
        _refuse(origin, "is one value for all", channels=channels, channel_dim=channel_dim)
        return _stochastic(origin, values, learned, generator, dim, hard)
    _refuse(origin, "draws nothing", generator=generator, hard=hard)
    if isinstance(origin, RowWise):
        _refuse(origin, "is one value for all rows", channels=channels, channel_dim=channel_dim)
        if origin.card.rows[1] in learned:
            raise InvalidInput(f"{origin.name}: {origin.card.rows[1]} counts, so it cannot be learned")
        return RowWiseModule(origin, values, learned, origin.axis if dim is None else dim)
    assert isinstance(origin, Elementwise)
    _refuse(origin, "works on each element by itself", dim=dim)
    _check_channels(origin, learned, channels, channel_dim)
    return ElementwiseModule(origin, values, learned, channels, 1 if channel_dim is None else channel_dim)


def _stochastic(
    origin: Stochastic,
    values: Mapping[str, float],
    learned: tuple[str, ...],
    generator: Any,
    dim: Any,
    hard: Any,
) -> StochasticModule:
    if generator is not None and not isinstance(generator, torch.Generator):
        raise InvalidInput(
            f"{origin.name}: generator={generator!r} is no torch.Generator; give torch.Generator().manual_seed(0)"
        )
    refuse_senseless(origin, list(values.values()))
    if isinstance(origin, RandomSlope):
        _refuse(origin, "works on each element by itself", dim=dim, hard=hard)
        return StochasticModule(origin, values, learned, generator)
    if isinstance(dim, tuple):
        raise InvalidInput(f"{origin.name} draws along one dimension, not dim={dim}")
    return StochasticModule(
        origin, values, learned, generator, dim=-1 if dim is None else dim, hard=bool(hard)
    )


def _activation(given: Any) -> Activation:
    if isinstance(given, Activation):
        return given
    if isinstance(given, str):
        return nonlin.get(given)
    raise InvalidInput(f"an activation or its name is needed, such as 'gelu' or nonlin.gelu; not {given!r}")


def _learned(origin: Activation, learnable: Collection[str] | None) -> tuple[str, ...]:
    if learnable is None:
        return tuple(getattr(origin.definition, "learnable", ()))
    if isinstance(learnable, str):
        learnable = [learnable]
    refuse_unknown(origin, learnable)
    return tuple(learnable)


def _number(origin: Activation, name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as reason:
        raise InvalidInput(f"{name}={value!r} of {origin.name} must be a number") from reason


def _refuse(origin: Activation, because: str, **options: Any) -> None:
    for option, given in options.items():
        if given is not None:
            raise InvalidInput(f"{origin.name} {because}, so it takes no {option}={given}")


def _check_channels(origin: Activation, learned: tuple[str, ...], channels: Any, channel_dim: Any) -> None:
    if channels is None:
        _refuse(origin, "has no channels unless channels=... says how many", channel_dim=channel_dim)
        return
    if not isinstance(channels, int) or channels < 1:
        raise InvalidInput(f"channels={channels!r} must be a whole number from 1 on")
    if not learned:
        names = [p.name for p in origin.parameters]
        way = f"say learnable=[{names[0]!r}]" if names else f"{origin.name} has no parameter to learn"
        raise InvalidInput(f"channels={channels} needs a parameter to learn in each channel; {way}")


def _are_defaults(origin: Activation, values: Mapping[str, float]) -> bool:
    return all(values[p.name] == p.default for p in origin.parameters)
