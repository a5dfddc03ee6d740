"""The words that see a whole row, in the words of `keras.ops` along an axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from keras import ops

from nonlin.bridges.keras.dtypes import dtype_of

Tensor = Any  # of whichever backend


def row_words(axis: int) -> Mapping[str, Callable[..., Any]]:
    """Return each of them; what is one number of a row keeps an axis of length 1."""
    return {
        "largest": lambda u: ops.max(u, axis, keepdims=True),
        "total": lambda u: ops.sum(u, axis, keepdims=True),
        "size": lambda u: float(u.shape[axis]),
        "position": lambda u: places(u, axis),
        "threshold": lambda u, power: threshold(u, float(power), axis),
        "kth_largest": lambda u, k: kth_largest(u, k, axis),
    }


def threshold(u: Tensor, power: float, axis: int) -> Tensor:
    """Return the number t with total(max(u - t, 0)^power) = 1, by sorting; the largest u is 0.

    What is below -1 has no share whatever the others are.
    """
    falling = ops.flip(ops.sort(ops.maximum(u, -ops.ones_like(u)), axis), axis)
    so_far, count = ops.cumsum(falling, axis), places(u, axis) + 1
    if power == 1:
        sharing = _how_many(1 + count * falling > so_far, axis)
        return (_at(so_far, sharing, axis) - 1) / ops.cast(sharing + 1, dtype_of(u))
    squares = ops.cumsum(falling * falling, axis)
    guesses = ops.stop_gradient(_threshold_of(so_far, squares, count))
    sharing = _how_many(guesses <= falling, axis)
    shared = _at(so_far, sharing, axis), _at(squares, sharing, axis)
    return _threshold_of(*shared, ops.cast(sharing + 1, dtype_of(u)))


def kth_largest(u: Tensor, k: Any, axis: int) -> Tensor:
    """Return the k-th of the elements, the largest first; -inf if there are fewer, inf if k is not positive."""
    falling, far = ops.flip(ops.sort(u, axis), axis), ops.full_like(u, math.inf)
    reached = ops.min(ops.where(places(u, axis) < k, falling, far), axis, keepdims=True)
    return ops.where(k > u.shape[axis], -ops.full_like(reached, math.inf), reached)


def places(u: Tensor, axis: int) -> Tensor:
    """Return the place of each element along the axis, from 0."""
    shape = [1] * len(u.shape)
    shape[axis] = -1
    along = ops.reshape(ops.arange(u.shape[axis], dtype=dtype_of(u)), shape)
    return ops.broadcast_to(along, u.shape)


def _threshold_of(total: Tensor, squares: Tensor, count: Tensor) -> Tensor:
    mean = total / count
    scatter = squares / count - mean * mean
    room = 1 / count - scatter
    return mean - ops.sqrt(ops.maximum(room, ops.zeros_like(room)))


def _how_many(holds: Tensor, axis: int) -> Tensor:
    """Return one less than how many of the first hold."""
    found = ops.cast(ops.sum(ops.cast(holds, "int32"), axis, keepdims=True), "int32")
    return ops.maximum(found - 1, ops.zeros_like(found))


def _at(sums: Tensor, place: Tensor, axis: int) -> Tensor:
    return ops.take_along_axis(sums, place, axis)
