"""Initial weights with the activation's own gain, or scaled on a batch: values keep their size from layer to layer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Literal, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd

from nonlin.bridges.torch.lsuv import own_weight, scale_to_unit_variance_
from nonlin.bridges.torch.module import ActivationModule, _activation
from nonlin.errors import InvalidInput
from nonlin.workbench import Activation, Elementwise
from nonlin.workbench.stochastic import RandomSlope

Model = TypeVar("Model", bound=nn.Module)


def init_(
    model: Model,
    /,
    for_: str | Activation | nn.Module | None = None,
    generator: torch.Generator | None = None,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    distribution: Literal["normal", "uniform"] = "normal",
    *,
    method: Literal["gain", "lsuv"] = "gain",
    batch: Any = None,
    tolerance: float = 0.01,
    passes: int = 10,
) -> Model:
    """Draw the weights of every linear and convolution layer anew, with standard deviation gain / sqrt(fan).

    The gain is 1 / sqrt(E f(z)^2) for a standard normal z: it keeps the second moment of the layers' inputs at
    1 (He, Zhang, Ren and Sun, 2015, arXiv:1502.01852, for any activation f). Biases become 0; other layers stay
    as they are. In place.

    With `method="lsuv"` the weights become orthogonal, and are then scaled layer by layer, in the order in which
    the layers run, until each layer's outputs have variance 1 on a batch of yours (Mishkin and Matas, 2016,
    arXiv:1511.06422). What is between the layers is measured instead of known, so it may be anything.

    Parameters
    ----------
    model : nn.Module
    for_ : str, Activation or module
        The activation between the layers: a name, an activation, or a module made by `nonlin.torch.module`.
        LSUV needs none; given one, layers that the batch does not reach get its gain.
    generator : torch.Generator, optional
        Where the draws come from: the same draws, times the gain, for any activation. PyTorch's own generator
        unless given.
    mode : "fan_in" or "fan_out"
        Count the inputs of an output, which keeps the size of values; or the outputs of an input, which keeps
        that of gradients. Groups and strides are counted as they are.
    distribution : "normal" or "uniform"
    method : "gain" or "lsuv"
    batch : Tensor, tuple or dict
        Of LSUV: the model's input, its positional arguments, or its keyword arguments. It is run in evaluation
        mode, without dropout or change to running statistics, and with the same random numbers each time; the
        mode of every module, and PyTorch's generator, are as before afterwards. Hooks run as ever.
    tolerance : float
        Of LSUV: how far a variance may be from 1.
    passes : int
        Of LSUV: the most times that the batch is run; usually two are. What is then not within the tolerance is
        told by a warning.

    Returns
    -------
    nn.Module
        The model itself.

    Raises
    ------
    UnknownActivation
        If there is no such name.
    InvalidInput
        If the activation has no gain, an option is unknown or belongs to the other method, a lazy layer has no
        weight yet, or the outputs of a layer do not vary on the batch.

    Notes
    -----
    LSUV measures a layer that runs several times in a pass, and weights shared by several layers, at the first
    time. A layer that the batch does not reach, or whose weights PyTorch uses without calling it, as the
    output projection of `nn.MultiheadAttention`, keeps its start.

    Examples
    --------
    >>> import torch, nonlin.torch as nlt
    >>> layer = nlt.init_(torch.nn.Linear(1000, 1000), for_="relu", generator=torch.Generator().manual_seed(0))
    >>> round(layer.weight.std().item() * 1000**0.5, 2)
    1.41
    >>> x = torch.linspace(-3, 5, 200).reshape(20, 10)
    >>> layer = nlt.init_(torch.nn.Linear(10, 30), method="lsuv", batch=x)
    >>> round(layer(x).var(correction=0).item(), 3)
    1.0
    """
    _check_options(for_, mode, distribution, method, batch, tolerance, passes)
    gain = 1.0 if for_ is None else _gain(for_)
    for layer in _layers(model):
        if method == "lsuv":
            _set(layer, gain * _orthogonal(layer, generator))
        else:
            _set(layer, _drawn(layer, generator, distribution) * (gain / math.sqrt(_fan(layer, mode))))
    if method == "lsuv":
        scale_to_unit_variance_(model, batch, tolerance, passes)
    return model


def _check_options(
    for_: Any, mode: str, distribution: str, method: str, batch: Any, tolerance: float, passes: int
) -> None:
    if method not in ("gain", "lsuv"):
        raise InvalidInput(f"method={method!r} is neither 'gain' nor 'lsuv'")
    if mode not in ("fan_in", "fan_out"):
        raise InvalidInput(f"mode={mode!r} is neither 'fan_in' nor 'fan_out'")
    if distribution not in ("normal", "uniform"):
        raise InvalidInput(f"distribution={distribution!r} is neither 'normal' nor 'uniform'")
    if method == "gain":
        if for_ is None:
            raise InvalidInput("for_=... must name the activation whose gain is wanted, such as 'gelu'")
        if batch is not None:
            raise InvalidInput("a batch is measured only by method='lsuv'")
        return
    if batch is None:
        raise InvalidInput("method='lsuv' measures a batch; give batch=...")
    if (mode, distribution) != ("fan_in", "normal"):
        raise InvalidInput(
            "method='lsuv' starts from orthogonal weights, so it takes no mode and no distribution"
        )
    if not (tolerance > 0 and passes >= 1):
        raise InvalidInput(f"tolerance={tolerance!r} must be above 0, and passes={passes!r} at least 1")


def _layers(model: nn.Module) -> Iterator[Any]:
    """Yield the layers that have weights of their own, and set the biases of all to 0."""
    seen: set[int] = set()
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear | _ConvNd):
            _refuse_lazy(name, layer)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
            if id(own_weight(layer)) not in seen:
                seen.add(id(own_weight(layer)))
                yield layer


def _gain(for_: Any) -> float:
    activation = for_.activation if isinstance(for_, ActivationModule) else _activation(for_)
    if isinstance(activation, RandomSlope):
        activation = activation.of_mean_square
    if not isinstance(activation, Elementwise):
        raise InvalidInput(f"{activation.name} {activation.nature}, so no gain belongs to it")
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


def _drawn(layer: Any, generator: torch.Generator | None, distribution: str) -> Tensor:
    """Return draws of variance 1 in the shape of a layer's weight."""
    drawn = torch.empty(layer.weight.shape, device="cpu" if generator is None else generator.device)
    if distribution == "normal":
        return drawn.normal_(generator=generator)
    return drawn.uniform_(-math.sqrt(3), math.sqrt(3), generator=generator)


def _orthogonal(layer: Any, generator: torch.Generator | None) -> Tensor:
    """Return weights whose rows, or columns if they are fewer, are orthonormal."""
    drawn = torch.empty(layer.weight.shape, device="cpu" if generator is None else generator.device)
    made: Tensor = nn.init.orthogonal_(drawn, generator=generator)
    return made


def _set(layer: Any, weight: Tensor) -> None:
    with torch.no_grad():
        if nn.utils.parametrize.is_parametrized(layer, "weight"):
            layer.weight = weight.to(layer.weight)
        else:
            layer.weight.copy_(weight)


def _refuse_lazy(name: str, layer: nn.Module) -> None:
    if isinstance(layer.weight, nn.UninitializedParameter):
        raise InvalidInput(
            f"layer {name!r} is lazy and has no weight yet; run one batch through the model first"
        )
