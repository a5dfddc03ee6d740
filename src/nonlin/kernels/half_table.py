"""A table of all 65,536 results of one function of halves; ties in it are decided when one is first met."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock

import numpy as np

OPEN = 0xFFFF
"""The bits of a tie that is not yet decided: a NaN that no result has."""

CHUNK = 1 << 16  # look-ups at once: their indices stay in the cache

Decide = Callable[[np.ndarray], np.ndarray]
"""From the bits of inputs to the bits of their results."""


class Table:
    """Results by the bits of their inputs.

    Parameters
    ----------
    results : ndarray of uint16
        The bits of each result.
    ties : ndarray of bool
        Which of them are to be decided.
    decide : callable
        Decides them, all at once.
    """

    def __init__(self, results: np.ndarray, ties: np.ndarray, decide: Decide) -> None:
        self.bits = np.where(ties, np.uint16(OPEN), results)
        self.is_open = bool(ties.any())
        self.decide = decide

    def __call__(self, indices: np.ndarray) -> np.ndarray:
        """Return the bits of the results, in the layout of the indices."""
        may_be_open = self.is_open  # asked first: another thread may close the table meanwhile
        found = _taken(self.bits, indices)
        if may_be_open and (found == OPEN).any():
            self._close()
            return _taken(self.bits, indices)
        return found

    def _close(self) -> None:
        with _deciding:
            ties = np.flatnonzero(self.bits == OPEN).astype(np.uint16)
            if ties.size:
                bits = self.bits.copy()
                bits[ties] = self.decide(ties)
                self.bits = bits
            self.is_open = False


def _taken(table: np.ndarray, indices: np.ndarray) -> np.ndarray:
    found = np.empty_like(indices)
    if not indices.flags.forc:
        np.take(table, indices, out=found, mode="clip")
        return found
    here, there = indices.ravel(order="K"), found.ravel(order="K")
    for i in range(0, here.size, CHUNK):
        np.take(table, here[i : i + CHUNK], out=there[i : i + CHUNK], mode="clip")
    return found


_deciding = Lock()  # ball arithmetic has one precision for all threads


def _renew_after_fork() -> None:
    global _deciding
    _deciding = Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_after_fork)
