"""Arrays that bear labels: rows are mixed in the array inside, and the result gets the labels back."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from numpy import ndarray

from nonlin.errors import InvalidInput
from nonlin.workbench.splitting import Order, split


def bears_labels(array: Any) -> bool:
    """Tell whether it is a DataArray of xarray, or a Series or DataFrame of pandas."""
    kind = type(array)
    return kind.__module__.partition(".")[0] in ("xarray", "pandas") and hasattr(array, "copy")


def along(compute: Callable[..., Any], arrays: tuple[Any, ...], axis: Any) -> Any:
    """Compute on the arrays inside, dask's where they are lazy, and label the result as the first is.

    Parameters
    ----------
    compute : callable
        `(arrays, axis) -> result`, of the shape of the first array.
    arrays : tuple of array_like
    axis : int or str
        A number, or the name of a dimension of xarray's.

    Raises
    ------
    InvalidInput
        If the labels of two differ: neither the order nor what is missing is guessed.
    """
    first = next(a for a in arrays if bears_labels(a))
    if isinstance(axis, str) and hasattr(first, "get_axis_num"):
        axis = first.get_axis_num(axis)
    return _labelled(compute(tuple(_inside(_laid_out_as(first, a)) for a in arrays), axis), first)


def _laid_out_as(first: Any, other: Any) -> Any:
    """Return what bears labels with the dimensions in the order of the first; those it lacks have length 1."""
    if not bears_labels(other) or other is first:
        return other
    if hasattr(first, "get_axis_num") and set(getattr(other, "dims", ())) <= set(first.dims):
        try:
            import_module("xarray").align(first, other, join="exact", copy=False)
        except ValueError as reason:
            raise InvalidInput(
                f"two arrays have other labels ({_first_line(reason)}); align them first"
            ) from reason
        return other.expand_dims([d for d in first.dims if d not in other.dims]).transpose(*first.dims)
    if type(other) is type(first) and other.shape == first.shape and hasattr(first, "axes"):
        for here, there in zip(first.axes, other.axes, strict=True):
            if not here.equals(there):
                raise InvalidInput(
                    f"two {type(first).__name__}s have other labels ({list(there[:3])} and {list(here[:3])}, ...); "
                    "align them first, with reindex_like"
                )
    return other


def _first_line(reason: Exception) -> str:
    return str(reason).partition("\n")[0]


def _inside(array: Any) -> Any:
    if not bears_labels(array):
        return array
    return array.data if hasattr(array, "get_axis_num") else array.to_numpy()


def halves(name: str, array: Any, axis: int | str, order: Order) -> tuple[Any, Any]:
    """Return the values in an array that bears labels or is lazy, with their labels, and the gates without."""
    if not bears_labels(array):
        return split(name, array, axis, order)  # type: ignore[arg-type]
    if hasattr(array, "get_axis_num"):
        number = array.get_axis_num(axis) if isinstance(axis, str) else axis
        values, gates = split(name, array, number, order)
        return values, gates.data
    _, gates = split(name, array.to_numpy(), axis, order)  # type: ignore[arg-type]
    places, _ = split(name, np.arange(array.shape[axis]), 0, order)
    return array.take(places, axis=axis % array.ndim), gates


def chunked_alike(arrays: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arrays with those of NumPy's in dask's chunks, if another of the same shape is dask's."""
    lazy = next((a for a in arrays if is_lazy(a)), None)
    if lazy is None:
        return arrays
    from_array: Any = import_module("dask.array").from_array
    return tuple(
        from_array(a, chunks=lazy.chunks) if type(a) is ndarray and a.shape == lazy.shape else a
        for a in arrays
    )


def _labelled(result: Any, like: Any) -> Any:
    if hasattr(like, "get_axis_num"):
        return like.copy(data=result)
    labels = {"index": like.index}
    labels |= {"columns": like.columns} if hasattr(like, "columns") else {"name": like.name}
    return type(like)(result, **labels)


def is_lazy(array: Any) -> bool:
    """Tell whether it is an array of dask's, or one of xarray's around it."""
    graph = getattr(array, "__dask_graph__", None)
    return graph is not None and graph() is not None
