"""Softmax and its relatives in the words of `keras.ops`, each with a gradient in terms of the softmax."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from keras import ops

from nonlin.bridges.keras.dtypes import dtype_of, wide
from nonlin.bridges.keras.elementwise import summed


def softmax(z: Any, axis: int, temperature: Any) -> Any:
    """Return exp(z / T) over its sum; where a single element is infinite, that one takes all."""

    @ops.custom_gradient  # type: ignore[untyped-decorator]
    def with_gradient(z: Any, temperature: Any) -> Any:
        row = _Row(z, axis, temperature)
        e = row.exponentials()
        s = ops.where(row.undecided, row.alone, e / ops.sum(e, axis, keepdims=True))

        def gradient(*given: Any, upstream: Any = None) -> Any:
            g = given[0] if upstream is None else upstream
            s = softmax(z, axis, temperature)
            du = s * (g - ops.sum(s * g, axis, keepdims=True))
            known = ops.where(s == 0, ops.zeros_like(z), z)
            return summed(du / temperature, z), summed(-du * known / (temperature * temperature), temperature)

        return s, gradient

    return with_gradient(z, temperature)


def log_softmax(z: Any, axis: int, temperature: Any) -> Any:
    """Return the logarithm of the softmax: log1p of all but one of the largest keeps a sure winner's digits."""

    @ops.custom_gradient  # type: ignore[untyped-decorator]
    def with_gradient(z: Any, temperature: Any) -> Any:
        row = _Row(z, axis, temperature)
        ties = ops.sum(ops.cast(row.is_top, dtype_of(z)), axis, keepdims=True)
        e = row.exponentials()
        others = ops.sum(ops.where(row.is_top, ops.zeros_like(e), e), axis, keepdims=True)
        norm = ops.log1p((ties - 1) + others)
        y = ops.where(row.undecided, ops.log(row.alone), row.distance / temperature - norm)

        def gradient(*given: Any, upstream: Any = None) -> Any:
            g = given[0] if upstream is None else upstream
            s = softmax(z, axis, temperature)
            du = g - s * ops.sum(g, axis, keepdims=True)
            return summed(du / temperature, z), summed(-du * z / (temperature * temperature), temperature)

        return y, gradient

    return with_gradient(z, temperature)


IN_KERAS: Mapping[str, Callable[..., Any]] = {"softmax": softmax, "log_softmax": log_softmax}
"""Each row definition of the catalog, as `(z, axis, parameters...)`."""


def activate_rows(name: str, z: Any, parameters: tuple[Any, ...], axis: int) -> Any:
    """Return the activation along an axis, in the dtype of z.

    Parameters
    ----------
    name : str
        Of a row definition in the catalog.
    z : tensor
        At least one-dimensional; what is narrower than float32 is computed in float32 and rounded once.
    parameters : tuple of float or tensor
        In the order of the definition; they broadcast against z.
    axis : int
    """
    dtype = dtype_of(z)
    numbers = (ops.cast(ops.convert_to_tensor(p), wide(dtype)) for p in parameters)
    return ops.cast(IN_KERAS[name](ops.cast(z, wide(dtype)), axis, *numbers), dtype)


class _Row:
    """What each row's elements are beside its largest."""

    def __init__(self, z: Any, axis: int, temperature: Any) -> None:
        top = ops.max(z, axis, keepdims=True)
        self.temperature = temperature
        self.is_top = ops.equal(z, top)
        self.undecided = ops.isinf(top)
        winners = ops.cast(self.is_top, dtype_of(z))
        single = ops.sum(winners, axis, keepdims=True) == 1
        self.alone = ops.where(single, winners, ops.full_like(winners, float("nan")))
        self.distance = z - ops.where(self.undecided, ops.zeros_like(top), top)

    def exponentials(self) -> Any:
        return ops.exp(self.distance / self.temperature)
