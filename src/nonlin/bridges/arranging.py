"""Several axes as one row, or groups, blocks and windows of an axis as rows, in anybody's operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nonlin.card import Shape

Axes = int | tuple[int, ...]


def in_rows(
    library: Any,
    compute: Callable[..., Any],
    z: Any,
    axes: Axes,
    shape: Shape = "whole",
    count: int = 1,
    mask: Any = None,
) -> Any:
    """Return what a function of rows gives for rows that are arranged otherwise than along one axis.

    Parameters
    ----------
    library : module
        With `moveaxis`, `reshape`, `stack`, `concatenate` and `zeros_like`, as NumPy has them.
    compute : callable
        What is done along the last axis, which stays as long as it is; it is given the mask too, None unless there is
        one.
    z : tensor
    axes : int or tuple of int
        Several are one row.
    shape, count
        See `nonlin.vocabulary.Arrangement`.
    mask : tensor, optional
        Of the shape of z; beyond the ends of windows it is 0.
    """
    axes = axes if isinstance(axes, tuple) else (axes,)
    last = tuple(range(-len(axes), 0))

    def flattened(one: Any) -> Any:
        moved = library.moveaxis(one, axes, last)
        return library.reshape(moved, (*moved.shape[: -len(axes)], -1)) if len(axes) > 1 else moved

    flat, lengths = flattened(z), [z.shape[a] for a in axes]
    hidden = None if mask is None else _rows(library, flattened(mask), shape, count)
    y = _values(library, compute(_rows(library, flat, shape, count), hidden), flat, shape)
    y = library.reshape(y, (*y.shape[:-1], *lengths)) if len(axes) > 1 else y
    return library.moveaxis(y, last, axes)


def _rows(library: Any, z: Any, shape: Shape, count: int) -> Any:
    lead, length = z.shape[:-1], z.shape[-1]
    match shape:
        case "groups":
            return library.reshape(z, (*lead, count, length // count))
        case "blocks":
            return library.reshape(z, (*lead, length // count, count))
        case "windows":
            nothing, before = library.zeros_like(z[..., :1]), count // 2
            beyond = [nothing] * before, [nothing] * (count - 1 - before)
            wide = library.concatenate([*beyond[0], z, *beyond[1]], -1)
            return library.stack([wide[..., i : i + length] for i in range(count)], -1)
    return z


def _values(library: Any, y: Any, z: Any, shape: Shape) -> Any:
    if shape == "groups":
        return library.reshape(y, z.shape)
    return y if shape == "whole" else y[..., 0]
