"""float16 and bfloat16: each result correctly rounded, ties and near ties of a formula included.

Results are computed in float64 and rounded once; where a float64 result is so near to a tie that its own error
could turn it, the truth is asked. A function that was asked for many values becomes a table.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, partial
from operator import is_, itemgetter
from struct import pack, unpack
from typing import Any
from weakref import WeakSet

import numpy as np

from nonlin.derivation.formats import FORMATS, Format
from nonlin.kernels.apply import Kernels, for_each, stored
from nonlin.kernels.half_rounding import near_tie, rounded
from nonlin.kernels.half_table import Tables

Nearest = Callable[[int, tuple[float, ...], Format, np.ndarray], np.ndarray]
"""From the number of an output, the parameters, a format and inputs to correctly rounded results, or NaN."""

ENOUGH = 1 << 15  # values, after which a table costs less than to go on without
CALL = 1 << 10  # values that could be computed in the time of a call
KEPT = 64  # functions, each with a table of 128 KiB for each output

NOTHING = ((None,), None)  # no parameters are like these
PATTERNS = np.arange(1 << 16, dtype=np.uint16)


class Halves:
    """A function of one half-precision array.

    Parameters
    ----------
    compute : callable
        The function of float64 arrays, with one output or a tuple of them, right to 2^-40.
    nearest : callable
        From the number of an output and inputs, of which each is a tie or nearly so, to float64 numbers of the
        format; NaN where nothing decided.
    form : Format
        float16 or bfloat16.
    """

    def __init__(
        self,
        compute: Callable[[np.ndarray], Any],
        nearest: Callable[[int, np.ndarray], np.ndarray],
        form: Format,
    ) -> None:
        self.compute, self.nearest, self.form = compute, nearest, form
        self.tables: Tables | None = None
        self._asked = 0

    def __call__(self, x: Any) -> Any:
        """Return the output at an array of the format, or a tuple: the same bits with a table and without."""
        if x.ndim == 0 and not self.tables:
            return for_each(itemgetter(0), self(x[None]))
        if not self.tables:
            self._asked += x.size + CALL
            if self._asked < ENOUGH:
                results, ties = self._rounded(x)
                if not any(tie.any() for tie in ties):
                    return results[0] if len(results) == 1 else results
            self.tables = self._built()
        if self.form.dtype == np.float16:
            return self.tables(x)
        return for_each(lambda y: y.view(self.form.dtype), self.tables(x.view(np.uint16)))

    def _built(self) -> Tables:
        results, ties = self._rounded(PATTERNS.view(self.form.dtype))
        letter = "e" if self.form.dtype == np.float16 else "H"
        decide = [partial(self._decided, i) for i in range(len(results))]
        return Tables(letter, [y.view(np.uint16) for y in results], ties, decide)

    def _rounded(self, x: np.ndarray) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Return each output, and where its rounding is in doubt."""
        with np.errstate(all="ignore"):
            wide = x.astype(np.float64)
            outputs = self._outputs(wide)
            results = tuple(rounded(y, self.form.dtype) for y in outputs)
            return results, tuple(near_tie(y, self.form) & np.isfinite(wide) for y in outputs)

    def _decided(self, output: int, ties: np.ndarray) -> np.ndarray:
        x = ties.view(self.form.dtype).astype(np.float64)
        y, nearest = self._outputs(x)[output], self.nearest(output, x)
        decided = np.where(np.isnan(nearest), y, np.where(nearest == 0, np.copysign(0.0, y), nearest))
        bits: np.ndarray = rounded(decided, self.form.dtype).view(np.uint16)
        return bits

    def _outputs(self, wide: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return each output in float64, with one pattern for NaN."""
        found = self.compute(wide)
        outputs = found if isinstance(found, tuple) else (found,)
        for y in outputs:
            y[np.isnan(y)] = np.nan
        return outputs


class InHalf:
    """A quantity of one half-precision array, as `Kernels` hold it: `(x, *parameters, out=None)`.

    Parameters
    ----------
    kernels : Kernels
        Whose float64 kernel computes, and whose `nearest` decides ties.
    dtype : numpy.dtype
        float16 or bfloat16.
    """

    def __init__(self, kernels: Kernels, dtype: np.dtype[Any]) -> None:
        self.kernels, self.dtype = kernels, dtype
        self._last: tuple[tuple[Any, ...], Halves | None] = NOTHING
        _all.add(self)

    def __call__(self, x: Any, *parameters: Any, out: Any = None) -> Any:
        """Return the outputs: correctly rounded at finite numbers as parameters, else rounded once."""
        function = self._last[1] if self._is_last(parameters) else self._at(parameters)
        if function is None:
            answer = for_each(lambda y: rounded(y, self.dtype), self.kernels.of("d")(x, *parameters))
        else:
            answer = function(x)
            if not parameters:
                self._give_way(function.tables)
        return answer if out is None else for_each(stored, answer, out)

    def forget(self) -> None:
        """Forget the tables."""
        self._last = NOTHING
        self._put(self)

    def _at(self, parameters: tuple[Any, ...]) -> Halves | None:
        """Return the function at these parameters; none if they are arrays or not finite."""
        if not all(np.ndim(p) == 0 and math.isfinite(p) for p in parameters):
            return None
        nearest: Any = self.kernels.nearest
        given = pack(f"{len(parameters)}d", *parameters)
        function = _halves(self.kernels.of("d"), nearest, self.dtype, given)
        if all(map(_stays, parameters)):
            self._last = parameters, function
        return function

    def _is_last(self, parameters: tuple[Any, ...]) -> bool:
        """Tell whether they are the same objects as before, as the default values are in every call."""
        return len(parameters) == len(self._last[0]) and all(map(is_, parameters, self._last[0]))

    def _give_way(self, tables: Tables | None) -> None:
        """Let a closed table of float16 be asked at once, without this object between."""
        if tables and not tables.is_open and self.dtype == np.float16:
            self._put(tables.found)

    def _put(self, ready: Callable[..., Any]) -> None:
        self.kernels.update({self.dtype: ready, self.dtype.type: ready})


_all: WeakSet[InHalf] = WeakSet()


def forget_tables() -> None:
    """Forget every table: what comes next is computed anew."""
    _halves.cache_clear()
    for quantity in list(_all):
        quantity.forget()


def _stays(parameter: Any) -> bool:
    """Tell whether a number will be the same as long as it is the same object."""
    return not getattr(getattr(parameter, "flags", None), "writeable", False)


@lru_cache(maxsize=KEPT)
def _halves(kernel: Callable[..., Any], nearest: Nearest, dtype: np.dtype[Any], parameters: bytes) -> Halves:
    """Return the function at parameters given by their bytes, which tell 0.0 from -0.0."""
    values = unpack(f"{len(parameters) // 8}d", parameters)
    form = FORMATS[dtype.name]
    return Halves(lambda wide: kernel(wide, *values), lambda i, at: nearest(i, values, form, at), form)
