"""Exercises with answers that a program can check: each is one file in `tasks`, found by walking the folder."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from nonlin.errors import InvalidInput, did_you_mean
from nonlin.exercises import tasks
from nonlin.exercises.checking import Verdict, checked
from nonlin.exercises.exercise import CHAPTERS, Ask, Exercise, Mistake
from nonlin.exercises.running import SECONDS

__all__ = ["CHAPTERS", "SECONDS", "Ask", "Exercise", "Mistake", "Verdict", "check", "exercise", "names"]


@cache
def names() -> tuple[str, ...]:
    """Return the names of the exercises, chapter by chapter, easier ones first.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> names()[0]
    'relu'
    """
    found = [module.name for module in iter_modules(tasks.__path__)]
    return tuple(sorted(found, key=lambda n: (CHAPTERS.index(_load(n).chapter), _load(n).order, n)))


@cache
def _load(name: str) -> Exercise:
    found: Exercise = import_module(f"{tasks.__name__}.{name}").exercise
    return found


def exercise(name: str) -> Exercise:
    """Return the exercise of a name; hyphens may stand for underscores.

    Parameters
    ----------
    name : str

    Returns
    -------
    Exercise

    Raises
    ------
    InvalidInput
        If there is none; the line names those that are near.

    Examples
    --------
    >>> exercise("selu").asks[0].name
    'selu'
    """
    return _load(_known(name))


def _known(name: str) -> str:
    """Return the name as it is listed."""
    word = name.strip().lower().replace("-", "_")
    if word not in names():
        raise InvalidInput(
            f"no exercise is called {name!r}.{did_you_mean(word, names())} nonlin exercise lists them all"
        )
    return word


def check(name: str, path: str | Path, seconds: int = SECONDS) -> Verdict:
    """Check a person's answer, in a process of its own.

    Parameters
    ----------
    name : str
    path : str or pathlib.Path
        The person's file. It is run.
    seconds : int
        After which it is stopped.

    Returns
    -------
    Verdict

    Raises
    ------
    InvalidInput
        If there is no such exercise or file, or the file cannot be run to its end.
    """
    known = _known(name)
    return checked(known, _load(known), Path(path), seconds)
