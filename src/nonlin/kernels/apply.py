"""From what a user gives to the kernel for it: the dtype decides, as in NumPy's own functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from nonlin.errors import InvalidInput, NonlinError
from nonlin.kernels.grades import Code

if TYPE_CHECKING:
    from nonlin.kernels.half import Nearest

FLOAT64 = np.dtype(np.float64)
_SERVED: dict[Code, tuple[type, ...]] = {
    "f": (np.float32, np.int16, np.uint16),
    "d": (np.float64, float, np.int32, np.uint32, np.int64, np.uint64),
}
"""The types of the numbers that a ufunc takes as they are, its own first."""

_PLAIN_NUMBERS = frozenset({int, float, bool})
"""Python's own numbers, which never widen a result, as in NumPy."""

_NEVER_TAKES_PART = _PLAIN_NUMBERS | {np.ndarray, list, tuple}
"""Types that are no other library's arrays."""


class Kernels(dict[Any, Callable[..., Any]]):
    """What computes a quantity, by the dtype of arrays and the type of scalars, made when it is first asked for.

    For float32 and float64 a ufunc; for halves a function of NumPy's own arrays.

    Attributes
    ----------
    nearest : callable or None
        Decides ties of halves, for a quantity of one array.

    Parameters
    ----------
    make : callable
        From "f" or "d" to the ufunc for float32 or float64.
    make_whole : callable, optional
        Returns one ufunc with a loop for each.
    """

    def __init__(
        self, make: Callable[[Code], np.ufunc], make_whole: Callable[[], np.ufunc] | None = None
    ) -> None:
        super().__init__()
        self._make, self._make_whole = make, make_whole

    nearest: Nearest | None = None

    def of(self, code: Code) -> np.ufunc:
        """Return the ufunc of a dtype."""
        found: Any = self.get(_SERVED[code][0])
        if found is None:
            found = self._make(code)
            self.update({key: found for served in _SERVED[code] for key in (served, np.dtype(served))})
        return found  # type: ignore[no-any-return]

    def in_half(self, dtype: np.dtype[Any]) -> Callable[..., Any]:
        """Return the function of one of NumPy's own arrays in half precision."""
        if dtype not in self:
            from nonlin.kernels.half import InHalf

            self[dtype] = self[dtype.type] = InHalf(self, dtype)
        return self[dtype]

    @cached_property
    def whole(self) -> np.ufunc | None:
        """One ufunc for both dtypes, if there is one."""
        return self._make_whole() if self._make_whole else None


def apply(
    kernels: Kernels, arrays: tuple[Any, ...], parameters: Sequence[Any], out: Any = None, **options: Any
) -> Any:
    """Call the kernel for the arrays' dtype.

    Parameters
    ----------
    kernels : Kernels
    arrays : tuple of array_like
        The inputs; the first to have a dtype decides, and all are brought to the widest.
    parameters : sequence of float or array_like
        Given after the arrays; they broadcast.
    out : ndarray or tuple of them, optional
        Where to store the results.
    **options
        `where`, `axis`: as in NumPy.
    """
    if out is not None:
        options["out"] = out
    for array in arrays:
        if type(array) not in _NEVER_TAKES_PART and _takes_part(array):
            return _by_protocol(kernels, arrays, parameters, options)
    return _by_dtype(kernels, arrays, parameters, options)


def _by_dtype(
    kernels: Kernels, arrays: tuple[Any, ...], parameters: Sequence[Any], options: dict[str, Any]
) -> Any:
    if len(arrays) == 1:  # a list takes half the time so
        arrays = (_with_dtype(arrays[0]),)
        ready = kernels.get(arrays[0].dtype)
        if isinstance(ready, np.ufunc):
            return ready(*arrays, *parameters, **options)
    given, deciding, plain = [], [], []
    for i, array in enumerate(arrays):
        typed = _with_dtype(array)
        given.append(typed)
        if type(array) in _PLAIN_NUMBERS:
            plain.append(i)
        else:
            deciding.append(typed.dtype)
    code, result = computed_in(*(deciding or [g.dtype for g in given]))
    for i in plain:
        given[i] = given[i].astype(code)
    if result is None:
        return kernels.of(code)(*given, *parameters, **options)
    out = options.pop("out", None)
    answer = _in_half(kernels, result, given, parameters, options)
    return answer if out is None else for_each(stored, answer, out)


def _takes_part(array: Any) -> bool:
    """Tell whether it is another library's array that has a say in what a ufunc does with it."""
    ours = isinstance(array, np.ndarray | np.generic)
    return not ours and getattr(type(array), "__array_ufunc__", None) is not None


def _by_protocol(
    kernels: Kernels, arrays: tuple[Any, ...], parameters: Sequence[Any], options: dict[str, Any]
) -> Any:
    """Call the kernel on arrays of pandas, xarray, dask or polars, which give back their own kind."""
    try:
        if all(isinstance(getattr(a, "dtype", None), np.dtype) for a in arrays) or kernels.whole is None:
            return _by_dtype(kernels, arrays, parameters, options)
        return kernels.whole(*arrays, *parameters, **options)
    except NonlinError:
        raise
    except (TypeError, ValueError, NotImplementedError) as reason:
        kind = next(type(a) for a in arrays if _takes_part(a))
        library, said = kind.__module__.partition(".")[0], " ".join(str(reason).split())
        raise InvalidInput(
            f"this cannot be computed on {library}.{kind.__name__}; give numpy.asarray of it, "
            f"or ask for one result at a time ({said[:120]})"
        ) from reason


@cache
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
    dtype = getattr(array, "dtype", None)
    if isinstance(dtype, np.dtype):
        return array
    if dtype is not None:
        raise InvalidInput(
            f"activations work on NumPy arrays, and this is a {type(array).__module__}.{type(array).__name__}; "
            "give numpy.asarray of it, or use nonlin.torch or nonlin.jax"
        )
    try:
        return np.asarray(array)
    except ValueError as reason:
        raise InvalidInput(f"this is no array: {reason}") from reason


def _in_half(
    kernels: Kernels,
    dtype: np.dtype[Any],
    arrays: Sequence[Any],
    parameters: Sequence[Any],
    options: dict[str, Any],
) -> Any:
    """Return results in half precision: correctly rounded where ties can be decided, else rounded once."""
    from nonlin.kernels.half_rounding import rounded

    x = arrays[0]
    if kernels.nearest and not options and (type(x) is np.ndarray or isinstance(x, np.generic | np.memmap)):
        return kernels.in_half(dtype)(np.asarray(x, dtype), *parameters)
    kernel = kernels.of("d")
    return for_each(lambda y: rounded(y, dtype), kernel(*arrays, *parameters, **options))


def for_each(function: Callable[..., Any], answer: Any, *others: Any) -> Any:
    """Call a function for an answer, or for each of several."""
    if not isinstance(answer, tuple):
        return function(answer, *others)
    return tuple(function(*each) for each in zip(answer, *others, strict=True))


def stored(result: Any, out: Any) -> Any:
    """Return a result, in an array if one is given."""
    return result if out is None else np.positive(result, out=out, casting="same_kind")
