"""The table of rivals: one library, one file; names come from the folder, nothing is imported until asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from nonlin.bench.setting import Ready, Setting

FLOOR = "copy"
"""The rival that no function can beat on large arrays: it only moves the values."""


def anything(threads: int) -> int:
    """Leave the number of threads alone."""
    return threads


@dataclass(frozen=True)
class Rival:
    """A library, and how to set up the same function in it.

    Parameters
    ----------
    title : str
        As a person calls it.
    needs : tuple of str
        Distributions that must be installed; their versions are recorded.
    set_up : callable
        From a `Setting` to a `Ready`, or None where the library has no such function, or cannot do that task.
    hold : callable
        Sets how many threads the library uses from now on, and returns how many it used before.
    many_threads : bool
        Whether it can use more than one.
    notes : tuple of str
        What a reader of its numbers must know.
    """

    title: str
    needs: tuple[str, ...]
    set_up: Callable[[Setting], Ready | None]
    hold: Callable[[int], int] = anything
    many_threads: bool = True
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The distributions that are not installed."""
        return tuple(name for name in self.needs if find_spec(name) is None)


@cache
def names() -> tuple[str, ...]:
    """Return the rivals' names, in alphabetical order."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def load(name: str) -> Rival:
    """Return the rival that the file `name` holds."""
    rival: Rival = import_module(f"{__name__}.{name}").RIVAL
    return rival
