"""An experiment: a question, its settings, and how numbers become an answer; found by walking the folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from nonlin.errors import InvalidInput, did_you_mean
from nonlin.lab import experiments
from nonlin.lab.progress import Progress
from nonlin.lab.record import Verdict
from nonlin.lab.showing import Shown


@dataclass(frozen=True)
class Experiment:
    """What one file of `experiments` says.

    Attributes
    ----------
    name : str
        Such as "vanishing-gradient".
    question, about : str
        The first line of the file's docstring, and the rest of it.
    settings : type
        A frozen dataclass; each field has a type, a default and a help text.
    criterion : str
        What counts as which answer, stated before anything is measured.
    measure : callable
        Settings become numbers: a dict of plain data.
    judge : callable
        Numbers become a Verdict.
    show : callable
        Numbers become charts and tables.
    """

    name: str
    question: str
    about: str
    settings: type[Any]
    criterion: str
    measure: Callable[[Any, Progress], dict[str, Any]]
    judge: Callable[[dict[str, Any]], Verdict]
    show: Callable[[dict[str, Any]], tuple[Shown, ...]]


@cache
def names() -> tuple[str, ...]:
    """Return the names of all experiments, in alphabetical order.

    Examples
    --------
    >>> "vanishing-gradient" in names()
    True
    """
    return tuple(sorted(module.name.replace("_", "-") for module in iter_modules(experiments.__path__)))


def find(name: str) -> Experiment:
    """Return the experiment of that name.

    Raises
    ------
    InvalidInput
        If there is none; the message lists those that are near.

    Examples
    --------
    >>> find("one-neuron").question
    'How much does one neuron learn from its error when it is saturated?'
    """
    word = name.strip().lower().replace("_", "-")
    if word not in names():
        raise InvalidInput(
            f"there is no experiment {name!r}.{did_you_mean(word, names())} All of them: nonlin experiment"
        )
    return read(word)


def read(name: str) -> Experiment:
    module = import_module(f"{experiments.__name__}.{name.replace('-', '_')}")
    question, _, about = (module.__doc__ or "").strip().partition("\n")
    return Experiment(
        name,
        question,
        about.strip(),
        module.Settings,
        module.CRITERION,
        module.measure,
        module.judge,
        module.show,
    )
