"""Activations that draw noise, of Keras tensors: from a seed or a seed generator, the gradient of the same noise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from nonlin.bridges.derivatives import partial
from nonlin.bridges.keras.dtypes import dtype_of, wide
from nonlin.bridges.keras.elementwise import activate
from nonlin.bridges.keras.row_words import places
from nonlin.bridges.keras.rowwise import activate_rows
from nonlin.bridges.noise import noise_of, without_noise
from nonlin.workbench.stochastic import RandomSlope, Stochastic


def drawn(activation: Stochastic, x: Any, seed: Any, parameters: Sequence[Any]) -> Any:
    """Return noise in the shape of x; without a seed, what stands for it in evaluation.

    Parameters
    ----------
    activation : Stochastic
    x : tensor
    seed : int or keras.random.SeedGenerator, optional
    parameters : sequence of float or tensor
    """
    if seed is None:
        return without_noise(activation, parameters)
    dtype = wide(dtype_of(x))
    u = keras.random.uniform(tuple(x.shape), dtype=dtype, seed=seed)
    return noise_of(ops, activation, u, float(np.finfo(dtype).eps), parameters)


def activate_noisy(
    activation: Stochastic, x: Any, noise: Any, parameters: Sequence[Any], axis: int = -1, hard: bool = False
) -> Any:
    """Return the activation at x with that noise, in the dtype of x; gradients flow to x and parameters.

    Parameters
    ----------
    activation : Stochastic
    x : tensor
    noise : float or tensor
        Slopes, or what is added to x.
    parameters : sequence of float or tensor
    axis : int
        Of a row.
    hard : bool
        Return 1 for the largest element of a row and 0 for the others, with the gradient of the soft sample.
    """
    of = activation.of.definition
    if isinstance(activation, RandomSlope):
        return activate(partial(of), x, [noise])
    dtype = wide(dtype_of(x))
    soft = activate_rows(of, ops.cast(x, dtype) + ops.cast(noise, dtype), tuple(parameters), axis)
    return ops.cast(_one_hot(soft, axis) if hard else soft, dtype_of(x))


def _one_hot(soft: Any, axis: int) -> Any:
    """Return 1 at the first largest element of a row, NaN in a row without; the gradient is that of soft."""
    rest = soft - ops.stop_gradient(soft)  # 0
    largest = ops.argmax(soft, axis, keepdims=True)
    return ops.cast(ops.equal(places(soft, axis), ops.cast(largest, dtype_of(soft))), dtype_of(soft)) + rest
