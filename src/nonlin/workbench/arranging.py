"""Rows of an array: along one axis or several, in groups, blocks or windows of them; and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nonlin.card import Shape
from nonlin.errors import InvalidInput

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Rows:
    """The rows of the last axis.

    Attributes
    ----------
    shape : "whole", "groups", "blocks" or "windows"
        See `nonlin.vocabulary.Arrangement`.
    count : int
        Groups, or elements of a block or a window.
    length : int
        Of the axis.
    """

    shape: Shape
    count: int
    length: int

    @property
    def results(self) -> int:
        """How many values come from the axis."""
        return self.length // self.count if self.shape == "blocks" else self.length

    def of(self, z: Array) -> Array:
        """Return the rows as a last axis."""
        match self.shape:
            case "groups":
                return z.reshape(*z.shape[:-1], self.count, self.length // self.count)
            case "blocks":
                return z.reshape(*z.shape[:-1], self.length // self.count, self.count)
            case "windows":
                beyond = [(0, 0)] * (z.ndim - 1) + [(self.before, self.count - 1 - self.before)]
                return sliding_window_view(np.pad(z, beyond), self.count, axis=-1)
        return z

    def of_results(self, g: Array) -> Array:
        """Return what belongs to each result as rows: of one number a row the first element bears it."""
        if self.shape not in ("blocks", "windows"):
            return self.of(g)
        return np.pad(g[..., None], [(0, 0)] * g.ndim + [(0, self.count - 1)])

    def values(self, rows: Array) -> Array:
        """Return the results of all rows along one axis."""
        if self.shape in ("blocks", "windows"):
            return rows[..., 0]
        return rows.reshape(*rows.shape[:-2], self.length) if self.shape == "groups" else rows

    def pulled(self, rows: Array) -> Array:
        """Return what the rows say of each element of the axis; of windows the sum."""
        if self.shape == "whole":
            return rows
        if self.shape != "windows":
            return rows.reshape(*rows.shape[:-2], self.length)
        every = np.zeros((*rows.shape[:-2], self.length + self.count - 1))
        for i in range(self.count):
            every[..., i : i + self.length] += rows[..., i]
        return every[..., self.before : self.before + self.length].astype(rows.dtype)

    @property
    def before(self) -> int:
        """How many neighbours of a window stand before its element."""
        return self.count // 2


def count_of(name: str, shape: Shape, by: str, given: Any, lengths: Sequence[int]) -> int:
    """Return how many groups there are, or elements in a block or a window, along axes of these lengths.

    Raises
    ------
    InvalidInput
        If it is no whole number from 1 on, groups or blocks of it do not fit, or blocks are to be cut along
        several axes, which then would have no shape.
    """
    if shape == "whole":
        return 1
    if not isinstance(given, float | int | np.number) or given != int(given) or given < 1:
        raise InvalidInput(f"{name}: {by}={given!r} is no whole number from 1 on")
    count, length = int(given), math.prod(lengths)
    if shape != "windows" and length % count:
        parts = f"{count} equal groups" if shape == "groups" else f"blocks of {count}"
        raise InvalidInput(
            f"{name}: {length} elements cannot be cut into {parts}; choose {by} among their divisors"
        )
    if shape == "blocks" and len(lengths) > 1:
        raise InvalidInput(
            f"{name} gives one number for {count}, so it works along one axis, not {len(lengths)}"
        )
    return count


def alike(arrays: Sequence[Array]) -> list[Array]:
    """Return the arrays with as many axes as the one that has the most."""
    most = max(a.ndim for a in arrays)
    return [a.reshape((1,) * (most - a.ndim) + a.shape) for a in arrays]


def last(array: Array, axes: Sequence[int]) -> Array:
    """Return the array with these axes as one, which is the last."""
    moved = np.moveaxis(array, axes, range(-len(axes), 0))
    return moved.reshape(*moved.shape[: array.ndim - len(axes)], -1)


def put_back(array: Array, axes: Sequence[int], like: tuple[int, ...]) -> Array:
    """Return an array whose last axis becomes these axes of that shape again; one axis may have another length."""
    lengths = [like[a] for a in axes] if len(axes) > 1 else [array.shape[-1]]
    split = array.reshape(*array.shape[:-1], *lengths)
    return np.moveaxis(split, range(-len(axes), 0), axes)
