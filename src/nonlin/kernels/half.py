"""float16 and bfloat16: each result correctly rounded, ties and near ties of a formula included.

Results are computed in float64 and rounded once; where a float64 result is so near to a tie that its own error
could turn it, the truth is asked. A function that was asked for many values becomes a table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from struct import pack, unpack
from typing import Any

import numpy as np

from nonlin.derivation.formats import FORMATS, Format
from nonlin.kernels.half_rounding import near_tie, rounded
from nonlin.kernels.half_table import Table

Nearest = Callable[[int, tuple[float, ...], Format, np.ndarray], np.ndarray]
"""From the number of an output, the parameters, a format and inputs to correctly rounded results, or NaN."""

ENOUGH = 1 << 15  # values, after which a table costs less than to go on without
KEPT = 64  # functions, each with a table of 128 KiB for each output

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
        self._tables: list[Table] = []
        self._asked = 0

    def __call__(self, x: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return each output at an array of the format: the same bits with a table and without."""
        if x.ndim == 0:
            return tuple(y[0] for y in self(x[None]))
        if not self._tables:
            self._asked += x.size
            if self._asked < ENOUGH:
                results, ties = self._rounded(x)
                if not any(tie.any() for tie in ties):
                    return results
            self._tables = self._built()
        bits = x.view(np.uint16)
        return tuple(table(bits).view(self.form.dtype) for table in self._tables)

    def _built(self) -> list[Table]:
        results, ties = self._rounded(PATTERNS.view(self.form.dtype))
        outputs = enumerate(zip(results, ties, strict=True))
        return [Table(y.view(np.uint16), tie, partial(self._decided, i)) for i, (y, tie) in outputs]

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


def correctly_rounded(
    kernel: Callable[..., Any], nearest: Nearest, x: Any, dtype: np.dtype[Any], parameters: Sequence[Any]
) -> Any:
    """Return a function's outputs in half precision, or None where they can only be rounded once.

    Parameters
    ----------
    kernel : callable
        The function's float64 kernel, of an array and the parameters.
    nearest : callable
        The correctly rounded results, which ties ask for.
    x : ndarray or scalar
        Of a dtype that the half-precision one holds.
    dtype : numpy.dtype
        float16 or bfloat16.
    parameters : sequence
        None is returned if one is an array, or no finite number.
    """
    if not (type(x) is np.ndarray or isinstance(x, np.generic | np.memmap)):
        return None
    if not all(type(p) is float or np.ndim(p) == 0 for p in parameters):
        return None
    values = [float(p) for p in parameters]
    if not all(map(math.isfinite, values)):
        return None
    outputs = _halves(kernel, nearest, dtype, pack(f"{len(values)}d", *values))(np.asarray(x, dtype))
    return outputs if len(outputs) > 1 else outputs[0]


@lru_cache(maxsize=KEPT)
def _halves(kernel: Callable[..., Any], nearest: Nearest, dtype: np.dtype[Any], parameters: bytes) -> Halves:
    """Return the function at parameters given by their bytes, which tell 0.0 from -0.0."""
    values = unpack(f"{len(parameters) // 8}d", parameters)
    form = FORMATS[dtype.name]
    return Halves(lambda wide: kernel(wide, *values), lambda i, at: nearest(i, values, form, at), form)
