"""The network that carries each activation: a multilayer perceptron, or the person's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nonlin.errors import InvalidInput
from nonlin.study.imports import in_their_code, load, source_of

if TYPE_CHECKING:
    from torch import Generator, nn

    Factory = Callable[[Callable[[], nn.Module], int, int], nn.Module]


@dataclass(frozen=True)
class Blueprint:
    """How to build the network for any activation.

    Attributes
    ----------
    inputs, outputs : int
    hidden : tuple of int
        Widths of the perceptron's hidden layers.
    model : str or None
        `package.module:factory`, called with (activation factory, inputs, outputs) instead.
    """

    inputs: int
    outputs: int
    hidden: tuple[int, ...]
    model: str | None = None

    def fingerprint(self) -> str:
        """Return a hash of the sizes and of the person's source file, if there is one."""
        source = source_of(load(self.model)) if self.model else ""
        told = (self.inputs, self.outputs, None if self.model else self.hidden, self.model, source)
        return hashlib.sha256(repr(told).encode()).hexdigest()


@dataclass(frozen=True)
class Network:
    """A module, and the activation modules inside it in the order in which they were made."""

    module: nn.Module
    activations: tuple[nn.Module, ...]


def build(blueprint: Blueprint, activation: Any, generator: Generator) -> Network:
    """Build a network and draw its weights with the activation's own gain.

    Each weight is a draw from `generator` times the gain, so that equal generators give every activation
    the same draws. What is neither linear nor convolution keeps the values it was made with.

    Raises
    ------
    InvalidInput
        If the person's factory fails, or does not make a network that uses the activation.
    """
    import nonlin.torch as nlt

    made: list[nn.Module] = []

    def make_activation() -> nn.Module:
        made.append(nlt.module(activation))
        return made[-1]

    module = _module(blueprint, make_activation)
    if not made:
        raise InvalidInput(
            f"{blueprint.model!r} never calls the activation factory it is given, so every activation would "
            "give the same network; use activation() wherever the network needs one"
        )
    nlt.init_(module.float(), for_=activation, generator=generator)
    return Network(module, tuple(made))


def _module(blueprint: Blueprint, make_activation: Callable[[], nn.Module]) -> nn.Module:
    from torch import nn

    if blueprint.model is None:
        return perceptron(make_activation, blueprint.inputs, blueprint.outputs, blueprint.hidden)
    factory = load(blueprint.model)
    if not callable(factory):
        raise InvalidInput(f"{blueprint.model!r} is of type {type(factory).__name__}, not a function")
    sizes = blueprint.inputs, blueprint.outputs
    call = f"{blueprint.model}(activation, {sizes[0]}, {sizes[1]})"
    module = in_their_code(call, lambda: factory(make_activation, *sizes), factory)
    if not isinstance(module, nn.Module):
        raise InvalidInput(f"{blueprint.model!r} returned {type(module).__name__}, not a torch.nn.Module")
    return module


def perceptron(
    make_activation: Callable[[], nn.Module], inputs: int, outputs: int, hidden: Sequence[int]
) -> nn.Module:
    """Return linear layers with an activation after each but the last."""
    from torch import nn

    layers: list[nn.Module] = []
    for width in hidden:
        layers += [nn.Linear(inputs, width), make_activation()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


def check(blueprint: Blueprint, activation: Any, rows: Any) -> None:
    """Try a person's network on a few rows before anything is trained.

    Parameters
    ----------
    rows : torch.Tensor, shape (rows, inputs)

    Raises
    ------
    InvalidInput
        If it fails, has nothing to train, gives another shape than (rows, outputs), or is not made anew.
    """
    import torch

    first, second = (build(blueprint, activation, torch.Generator().manual_seed(0)).module for _ in range(2))
    if first is second:
        raise InvalidInput(
            f"{blueprint.model!r} returned the same network twice; make a new one at each call"
        )
    if not any(parameter.requires_grad for parameter in first.parameters()):
        raise InvalidInput(f"{blueprint.model!r} made a network without a parameter to train")
    trying = f"the network of {blueprint.model} on {len(rows)} rows"
    output = in_their_code(trying, lambda: first(rows), load(blueprint.model or ""))
    wanted = (len(rows), blueprint.outputs)
    if not isinstance(output, torch.Tensor) or tuple(output.shape) != wanted:
        got = tuple(output.shape) if isinstance(output, torch.Tensor) else type(output).__name__
        raise InvalidInput(
            f"the network of {blueprint.model!r} gave {got} for {len(rows)} rows; it must give {wanted}: one "
            f"row for each, and {blueprint.outputs} output{'s' if blueprint.outputs > 1 else ''}"
        )
    if not output.requires_grad:
        raise InvalidInput(
            f"the output of {blueprint.model!r} does not depend on any parameter, so nothing can be learned"
        )
