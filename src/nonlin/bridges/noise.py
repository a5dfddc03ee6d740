"""Noise from uniform numbers in [0, 1), in anybody's operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nonlin.errors import InvalidInput
from nonlin.workbench.stochastic import RandomRows, RandomSlope, Stochastic


def noise_of(library: Any, activation: Stochastic, u: Any, eps: float, parameters: Sequence[Any]) -> Any:
    """Return the noise of an activation: slopes between both parameters, or standard Gumbel numbers.

    Parameters
    ----------
    library : module
        With `log`, `log1p` and `clip`, as NumPy has them.
    activation : Stochastic
    u : tensor
        Uniform numbers, which may be 0 and are never 1.
    eps : float
        The machine epsilon of u: half a step of the generator stands for 0, whose Gumbel number is infinite.
    parameters : sequence of float or tensor
    """
    if isinstance(activation, RandomSlope):
        lower, upper = parameters
        return lower + (upper - lower) * u
    return -library.log(-library.log1p(-library.clip(u, eps / 4, 1.0)))


def without_noise(activation: Stochastic, parameters: Sequence[Any]) -> Any:
    """Return what stands for noise where none is drawn: the mean slope, or nothing added."""
    if isinstance(activation, RandomSlope):
        lower, upper = parameters
        return (lower + upper) / 2
    return 0.0


def refuse_senseless(activation: Stochastic, parameters: Sequence[Any]) -> None:
    """Raise InvalidInput for numbers that make no sense together; tensors are taken as they are."""
    if all(isinstance(p, float) for p in parameters):
        names = (p.name for p in activation.parameters)
        activation.checked(dict(zip(names, parameters, strict=True)))


def refuse_both(activation: Stochastic, word: str, source: Any, noise: Any) -> None:
    """Raise InvalidInput if both the noise and what draws it are given; or neither, where there must be one."""
    if source is not None and noise is not None:
        raise InvalidInput(f"{activation.name}: give {word}=, or the noise= that was drawn; not both")
    if source is None and noise is None and isinstance(activation, RandomRows):
        raise InvalidInput(f"{activation.name} draws noise: give {word}=, or noise= of the input's shape")
