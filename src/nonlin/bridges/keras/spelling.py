"""Each operation of a Program in the words of `keras.ops`, in a form that loses no digits, with limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from keras import ops

from nonlin.bridges import spelling
from nonlin.bridges.keras.dtypes import dtype_of
from nonlin.bridges.keras.row_words import row_words
from nonlin.derivation.program import Program

Tensor = Any  # of whichever backend


def shortened(u: Tensor) -> Tensor:
    """Return u, of at most 40, rounded to half the digits of its dtype: products of two such are exact (Veltkamp)."""
    moved = u * (2.0**12 + 1 if dtype_of(u) == "float32" else 2.0**27 + 1)
    return moved - (moved - u)


KERAS = spelling.Library(ops, ops.erf, ops.erfc, shortened, tensor=ops.convert_to_tensor, dtype_of=dtype_of)

evaluate = partial(spelling.evaluate, KERAS)
zero_wins = partial(spelling.zero_wins, ops)


def evaluate_rows(
    program: Program, given: Mapping[str, Tensor], axis: int, parameters: Sequence[Tensor]
) -> Tensor:
    """Return the output of a row program along an axis: see `nonlin.bridges.spelling.evaluate_rows`."""
    return spelling.evaluate_rows(KERAS, row_words(axis), program, given, parameters)
