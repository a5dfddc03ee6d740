"""Activations that draw noise, of tensors: from an explicit `torch.Generator`, the gradient of the same noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from nonlin.bridges.noise import noise_of, without_noise
from nonlin.bridges.torch.arrays import Number
from nonlin.bridges.torch.derivatives import value
from nonlin.bridges.torch.dtypes import as_real, wide
from nonlin.bridges.torch.elementwise import activate
from nonlin.bridges.torch.rowwise import activate_rows, rows_of
from nonlin.errors import InvalidInput
from nonlin.workbench.stochastic import RandomSlope, Stochastic


class Noisy:
    """A stochastic activation with what computes it once the noise is known, derived beforehand for compilers."""

    def __init__(self, activation: Stochastic) -> None:
        self.activation, of = activation, activation.of.definition
        self.of: Any = value(of) if isinstance(activation, RandomSlope) else rows_of(of)


def drawn(made: Noisy, x: Tensor, generator: Any, parameters: Sequence[Number]) -> Tensor | float:
    """Return noise in the shape of x; without a generator, what stands for it in evaluation.

    Raises
    ------
    InvalidInput
        If x is no real tensor, or it is no `torch.Generator`.
    """
    if generator is None:
        result: Tensor | float = without_noise(made.activation, parameters)
        return result
    if not isinstance(generator, torch.Generator):
        raise InvalidInput(
            f"{made.activation.name}: generator={generator!r} is no torch.Generator; give "
            "torch.Generator().manual_seed(0), with a seed of your own"
        )
    noise: Tensor = _drawn(made, wide(as_real(x, made.activation.name)), generator, parameters)
    return noise


@torch.compiler.disable  # type: ignore[untyped-decorator]
def _drawn(made: Noisy, x: Tensor, generator: torch.Generator, parameters: Sequence[Number]) -> Tensor:
    u = torch.rand(x.shape, dtype=x.dtype, device=generator.device, generator=generator).to(x.device)
    noise: Tensor = noise_of(torch, made.activation, u, torch.finfo(x.dtype).eps, parameters)
    return noise


def activate_noisy(
    made: Noisy, x: Tensor, noise: Number, parameters: Sequence[Number], dim: int = -1, hard: bool = False
) -> Tensor:
    """Return the activation at x with that noise, in the dtype of x; gradients flow to x, noise and parameters.

    Parameters
    ----------
    made : Noisy
    x : Tensor
    noise : float or Tensor
        Slopes, or what is added to x.
    parameters : sequence of float or Tensor
        In the order of the definition.
    dim : int
        Of a row.
    hard : bool
        Return 1 for the largest element of a row and 0 for the others, with the gradient of the soft sample.
    """
    name = made.activation.name
    x, noise = as_real(x, name), as_real(noise, name) if isinstance(noise, Tensor) else noise
    if isinstance(made.activation, RandomSlope):
        return activate(made.of, x, [noise])
    soft = activate_rows(made.of, wide(x) + noise, dim, tuple(parameters))
    return (_one_hot(soft, dim) if hard else soft).to(x.dtype)


def _one_hot(soft: Tensor, dim: int) -> Tensor:
    """Return 1 at the first largest element of a row, NaN in a row without; the gradient is that of soft."""
    largest = soft.argmax(dim, keepdim=True)
    chosen = torch.zeros_like(soft).scatter(dim, largest, torch.ones_like(soft))
    return chosen + (soft - soft.detach())  # which adds 0
