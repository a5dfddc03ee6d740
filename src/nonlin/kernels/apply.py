"""From what a user gives to the kernel for it: the dtype decides, as in NumPy's own functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nonlin.errors import InvalidInput
from nonlin.kernels.grades import Code

_DTYPES: dict[Code, np.dtype[Any]] = {"f": np.dtype(np.float32), "d": np.dtype(np.float64)}


class Kernels(dict[np.dtype[Any], np.ufunc]):
    """The ufuncs of one quantity by dtype, each made when it is first asked for.

    Parameters
    ----------
    make : callable
        From "f" or "d" to the ufunc for float32 or float64.
    """

    def __init__(self, make: Callable[[Code], np.ufunc]) -> None:
        super().__init__()
        self._make = make

    def of(self, code: Code) -> np.ufunc:
        """Return the ufunc of a dtype."""
        return self.get(_DTYPES[code]) or self.setdefault(_DTYPES[code], self._make(code))


def apply(kernels: Kernels, arrays: tuple[Any, ...], parameters: tuple[Any, ...], **options: Any) -> Any:
    """Call the kernel for the arrays' dtype.

    Parameters
    ----------
    kernels : Kernels
    arrays : tuple of array_like
        The inputs; the first to have a dtype decides, and all are brought to the widest.
    parameters : tuple of float or array_like
        Given after the arrays; they broadcast.
    **options
        `out`, `where`, `axis`: as in NumPy.
    """
    options = {name: value for name, value in options.items() if value is not None}
    given = tuple(map(_with_dtype, arrays))
    typed = [g for g, a in zip(given, arrays, strict=True) if not _is_plain_number(a)]
    code, result = computed_in(*(g.dtype for g in typed or given))
    if len(typed) < len(given):
        given = tuple(
            g.astype(code) if _is_plain_number(a) else g for g, a in zip(given, arrays, strict=True)
        )
    if result is None:
        return kernels.of(code)(*given, *parameters, **options)
    out = options.pop("out", None)
    answer = kernels.of(code)(*given, *parameters, **options)
    return _rounded(answer, result, out)


def computed_in(*dtypes: Any) -> tuple[Code, np.dtype[Any] | None]:
    """Return the kernel's letter for these dtypes, and the narrower dtype to round the result to, if any.

    Half-precision floats are computed in float64 and rounded once (by way of float32 they would be rounded
    twice); integers promote as in `numpy.exp`:
    8 bits to float16, 16 bits to float32, wider ones to float64.

    Raises
    ------
    InvalidInput
        For complex, extended-precision, text and other dtypes.
    """
    widest = np.result_type(*dtypes)
    if widest.kind in "biu":
        widest = np.dtype({1: np.float16, 2: np.float32}.get(widest.itemsize, np.float64))
    if widest.kind == "f" and widest.itemsize in (2, 4, 8):
        return ("f" if widest.itemsize == 4 else "d"), (widest if widest.itemsize == 2 else None)
    if widest.name == "bfloat16":
        return "d", widest
    raise InvalidInput(
        f"activations work on real floats up to float64 and on integers, not on {widest.name}; "
        "convert it first, for example with x.astype(numpy.float64)"
    )


def _with_dtype(array: Any) -> Any:
    if isinstance(getattr(array, "dtype", None), np.dtype):
        return array
    if hasattr(array, "dtype"):
        raise InvalidInput(
            f"activations work on NumPy arrays, and this is a {type(array).__module__}.{type(array).__name__}; "
            "give numpy.asarray of it, or use nonlin.torch or nonlin.jax"
        )
    try:
        return np.asarray(array)
    except ValueError as reason:
        raise InvalidInput(f"this is no array: {reason}") from reason


def _is_plain_number(array: Any) -> bool:
    """Tell whether it is Python's own number, which never widens a result, as in NumPy."""
    return type(array) in (int, float, bool)


def _rounded(answer: Any, dtype: np.dtype[Any], out: Any) -> Any:
    """Round float64 results once to half precision, into `out` if there is one."""
    if isinstance(answer, tuple):
        return tuple(_rounded(a, dtype, o) for a, o in zip(answer, out or (None,) * len(answer), strict=True))
    with np.errstate(over="ignore"):
        half = (answer if dtype == np.float16 else _odd(answer)).astype(dtype)
    return half if out is None else np.positive(half, out=out, casting="same_kind")


def _odd(answer: Any) -> Any:
    """Round to float32 with the last bit set where inexact, from which a second rounding is the only one."""
    near = answer.astype(np.float32)
    below = np.where(abs(near) > abs(answer), np.nextafter(near, np.float32(0)), near)
    return (below.view(np.uint32) | (below != answer)).view(np.float32)
