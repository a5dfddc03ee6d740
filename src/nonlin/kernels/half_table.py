"""Tables of all 65,536 results of a function of halves; ties in them are decided when one is first met."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock
from typing import Any

import numpy as np

from nonlin.kernels.half_lookup import OPEN, look_up

COUNT = 1 << 16  # halves there are

Decide = Callable[[np.ndarray], np.ndarray]
"""From the bits of inputs to the bits of their results."""


class Tables:
    """The results of one or more outputs, by the bits of their inputs.

    Parameters
    ----------
    letter : str
        "e" for float16 arrays, "H" for arrays of bits.
    results : sequence of ndarray of uint16
        For each output, the bits of each result.
    ties : sequence of ndarray of bool
        Which of them are to be decided.
    decide : sequence of callable
        For each output, what decides them, all at once.

    Attributes
    ----------
    found : callable
        From an array to its results, or OPEN where they are not decided; takes `out` and `where`, as a ufunc.
    is_open : bool
        Whether any result is still to be decided.
    """

    def __init__(
        self, letter: str, results: Sequence[np.ndarray], ties: Sequence[np.ndarray], decide: Sequence[Decide]
    ) -> None:
        outputs = len(results)
        block: Any = np.zeros(
            2 + outputs + outputs * COUNT // 4, np.int64
        )  # one, so that a view of it keeps all of it
        place, met, tables = block[:1].reshape(()), block[1:2], block[2 : 2 + outputs]
        self.bits = block[2 + outputs :].view(np.uint16).reshape(outputs, COUNT)
        place[()], tables[:] = met.ctypes.data, [row.ctypes.data for row in self.bits]
        self.bits[:] = np.where(ties, np.uint16(OPEN), results)
        self.is_open = bool(np.any(ties))
        self.decide = decide
        self.found = partial(look_up(letter, outputs), place)
        self._met = memoryview(met)  # read in half the time

    def __call__(self, x: Any) -> Any:
        """Return the results, in the layout of the inputs: an array, or a tuple of them."""
        may_be_open = self.is_open  # asked first: another thread may close the tables meanwhile
        results = self.found(x)
        if may_be_open and self._met[0]:
            self._close()
            return self.found(x)
        return results

    def _close(self) -> None:
        """Decide what is open, in place: whoever reads meanwhile meets an open result or a decided one."""
        with _deciding:
            for bits, decide in zip(self.bits, self.decide, strict=True):
                ties = np.flatnonzero(bits == OPEN).astype(np.uint16)
                if ties.size:
                    bits[ties] = decide(ties)
            self.is_open = False


_deciding = Lock()  # ball arithmetic has one precision for all threads


def _renew_after_fork() -> None:
    global _deciding
    _deciding = Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_after_fork)
