"""How float64 numbers become halves: rounded once, and told where their own error could matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from nonlin.derivation.formats import Format

NEAR = 40  # 2^-40 of a number is its doubt: some thousand times the last place of float64


def rounded(y: Any, dtype: np.dtype[Any]) -> Any:
    """Round float64 results once to half precision."""
    with np.errstate(all="ignore"):
        return (y if dtype == np.float16 else _odd(y)).astype(dtype)


def near_tie(y: np.ndarray, form: Format) -> Any:
    """Tell which numbers are within 2^-40 of the middle between two neighbours of a format.

    In the bits of a float64 such a middle is a one and zeros behind the digits that are kept. A subnormal
    half keeps fewer: with the smallest normal one added, its digits end where theirs do.
    """
    smallest, dropped = 2.0**form.least, 53 - form.digits
    size = np.abs(y)
    aligned = (size + smallest * (size < smallest)).view(np.uint64)
    doubt = np.uint64(1 << (52 - NEAR))
    past_middle = aligned - np.uint64(1 << (dropped - 1)) + doubt
    return (past_middle & np.uint64((1 << dropped) - 1)) < 2 * doubt


def _odd(y: Any) -> Any:
    """Round to float32 with the last bit set where inexact, from which a second rounding is the only one."""
    near = y.astype(np.float32)
    below = near.view(np.uint32) - (abs(near) > abs(y))
    return (below | (near != y)).view(np.float32)
