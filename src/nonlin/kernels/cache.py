"""Machine code is made once on a machine, and loaded in about a millisecond in every process after that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import llvmlite
import numpy as np

from nonlin import store
from nonlin.kernels.object_code import ObjectCode, load, processor

T = TypeVar("T")


def address(what: str, build: Callable[[], ObjectCode]) -> int:
    """Return the address of a compiled function: from disk, or built now and kept there.

    Parameters
    ----------
    what : str
        All that the code depends on besides the source of `kernels/`, its compilers and the processor.
    build : callable
        Returns the code where none is kept.
    """
    return load(remembered(f"code {what}", build))


def remembered(what: str, make: Callable[[], T]) -> T:
    """Return plain data that kernels depend on, kept on disk."""
    return store.remembered(store.name_of(what, *_surroundings()), make)


def _surroundings() -> tuple[str, ...]:
    """Return what all machine code depends on."""
    compilers = f"numpy {np.__version__}, llvmlite {llvmlite.__version__}"
    return (store.sources("kernels"), compilers, *processor())
