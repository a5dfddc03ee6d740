"""Initial weights with the activation's own gain: the second moment stays 1 from layer to layer."""

from __future__ import annotations

import math
from typing import Any, Literal, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd

from nonlin.bridges.torch.module import ActivationModule, _activation
from nonlin.errors import InvalidInput
from nonlin.workbench import Activation, Elementwise

Model = TypeVar("Model", bound=nn.Module)


def init_(
    model: Model,
    /,
    for_: str | Activation | nn.Module,
    generator: torch.Generator | None = None,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    distribution: Literal["normal", "uniform"] = "normal",
) -> Model:
    """Draw the weights of every linear and convolution layer anew, with standard deviation gain / sqrt(fan).

    The gain is 1 / sqrt(E f(z)^2) for a standard normal z: it keeps the second moment of the layers' inputs at
    1 (He, Zhang, Ren and Sun, 2015, arXiv:1502.01852, for any activation f). Biases become 0; other layers stay
    as they are. In place.

    Parameters
    ----------
    model : nn.Module
    for_ : str, Activation or module
        The activation between the layers: a name, an activation, or a module made by `nonlin.torch.module`.
    generator : torch.Generator, optional
        Where the draws come from: the same draws, times the gain, for any activation. PyTorch's own generator
        unless given.
    mode : "fan_in" or "fan_out"
        Count the inputs of an output, which keeps the size of values; or the outputs of an input, which keeps
        that of gradients. Groups and strides are counted as they are.
    distribution : "normal" or "uniform"

    Returns
    -------
    nn.Module
        The model itself.

    Raises
    ------
    UnknownActivation
        If there is no such name.
    InvalidInput
        If the activation has no gain, an option is unknown, or a lazy layer has no weight yet.

    Examples
    --------
    >>> import torch, nonlin.torch as nlt
    >>> layer = nlt.init_(torch.nn.Linear(1000, 1000), for_="relu", generator=torch.Generator().manual_seed(0))
    >>> round(layer.weight.std().item() * 1000**0.5, 2)
    1.41
    """
    gain = _gain(for_)
    if mode not in ("fan_in", "fan_out"):
        raise InvalidInput(f"mode={mode!r} is neither 'fan_in' nor 'fan_out'")
    if distribution not in ("normal", "uniform"):
        raise InvalidInput(f"distribution={distribution!r} is neither 'normal' nor 'uniform'")
    seen: set[int] = set()
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear | _ConvNd):
            _refuse_lazy(name, layer)
            if id(layer.weight) not in seen:
                _draw(layer, gain / math.sqrt(_fan(layer, mode)), generator, distribution)
                seen.add(id(layer.weight))
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return model


def _gain(for_: Any) -> float:
    activation = for_.activation if isinstance(for_, ActivationModule) else _activation(for_)
    if not isinstance(activation, Elementwise):
        raise InvalidInput(f"{activation.name} mixes the elements of a row, so no gain belongs to it")
    gain: float = activation.facts.gain
    if not 0 < gain < math.inf:
        raise InvalidInput(f"the gain of {activation.name} is {gain:g}, which no layer can use")
    return gain


def _fan(layer: Any, mode: str) -> float:
    """Return how many inputs meet in one output, or how many outputs one input reaches, on average."""
    if isinstance(layer, nn.Linear):
        return float(layer.in_features if mode == "fan_in" else layer.out_features)
    field, steps = math.prod(layer.kernel_size), math.prod(layer.stride)
    spread = isinstance(layer, _ConvTransposeNd) == (mode == "fan_in")
    channels = layer.in_channels if mode == "fan_in" else layer.out_channels
    return float(channels // layer.groups * field / (steps if spread else 1))


def _draw(layer: Any, std: float, generator: torch.Generator | None, distribution: str) -> None:
    weight: Tensor = layer.weight
    drawn = torch.empty(weight.shape, device="cpu" if generator is None else generator.device)
    if distribution == "normal":
        drawn.normal_(generator=generator)
    else:
        drawn.uniform_(-math.sqrt(3), math.sqrt(3), generator=generator)
    drawn *= std
    with torch.no_grad():
        if nn.utils.parametrize.is_parametrized(layer, "weight"):
            layer.weight = drawn.to(weight)
        else:
            weight.copy_(drawn)


def _refuse_lazy(name: str, layer: nn.Module) -> None:
    if isinstance(layer.weight, nn.UninitializedParameter):
        raise InvalidInput(
            f"layer {name!r} is lazy and has no weight yet; run one batch through the model first"
        )
