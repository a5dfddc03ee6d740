"""Right or wrong: what a person's file gives beside what is true; where it differs, and which mistake that is."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nonlin.exercises.exercise import Ask, Exercise, Mistake
from nonlin.exercises.running import SECONDS, Raised, Strange, argument, called, run

MOST_PRINTED = 2000


@dataclass(frozen=True)
class Verdict:
    """What came of checking an answer.

    Attributes
    ----------
    exercise : str
    right : bool
    values : int
        How many values were compared.
    where, expected, got, hint : str
        The first thing that is wrong, and what helps; empty if all is right.
    wrong : int
        In how many of the values of the same function it is wrong.
    printed : str
        What the file printed, the first 2,000 characters.
    """

    exercise: str
    right: bool
    values: int
    where: str = ""
    expected: str = ""
    got: str = ""
    hint: str = ""
    wrong: int = 0
    printed: str = ""


def checked(name: str, exercise: Exercise, path: Path, seconds: int = SECONDS) -> Verdict:
    """Run a person's file and judge what it gives.

    Raises
    ------
    InvalidInput
        If the file cannot be run to its end; in one line.
    """
    ran = run(name, exercise, path, seconds)
    printed = ran.printed[:MOST_PRINTED]
    count = sum(len(ask.cases) or 1 for ask in exercise.asks)
    for ask, results in zip(exercise.asks, ran.results, strict=True):
        faults = [
            (case, got)
            for case, got in zip(ask.cases or ((),), results, strict=True)
            if not right(ask, got, case)
        ]
        if faults:
            case, got = faults[0]
            where = called(ask, case) if ask.cases else ask.name
            return Verdict(
                name,
                False,
                count,
                where,
                expected(ask, case),
                _got(ask, got, case),
                hint(ask, faults),
                len(faults),
                printed,
            )
    broken = exercise.rule(_functions(path)) if exercise.rule else None
    if broken:
        return Verdict(name, False, count, "how it is written", "", "", broken, 1, printed)
    return Verdict(name, True, count, printed=printed)


def _functions(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def truth(ask: Ask, case: Sequence[Any]) -> Any:
    """Return what is right in a case."""
    return ask.truth(*case) if callable(ask.truth) else ask.truth


def right(ask: Ask, got: Any, case: Sequence[Any]) -> bool:
    """Tell whether a result is right."""
    if isinstance(got, Raised | Strange):
        return False
    if ask.judge:
        return ask.judge(got, *case) is None
    return agrees(got, truth(ask, case), ask.tolerance, ask.absolute)


def agrees(got: Any, wanted: Any, tolerance: float, absolute: float = 0.0) -> bool:
    """Tell whether two results are the same: same shape, same kind, numbers within the tolerances.

    Examples
    --------
    >>> agrees(0.1 + 0.2, 0.3, 1e-9), agrees(None, 0.3, 1e-9), agrees(np.ones(2), np.ones(3), 1e-9)
    (True, False, False)
    """
    if isinstance(wanted, tuple):
        several = (
            got if isinstance(got, tuple) else tuple(got) if isinstance(got, np.ndarray | list) else None
        )
        return (
            several is not None
            and len(several) == len(wanted)
            and all(agrees(g, w, tolerance, absolute) for g, w in zip(several, wanted, strict=True))
        )
    if isinstance(wanted, str | bool) or wanted is None:
        return type(got) is type(wanted) and bool(got == wanted)
    return _numbers_agree(got, np.asarray(wanted, dtype=float), tolerance, absolute)


def _numbers_agree(got: Any, wanted: np.ndarray[Any, Any], tolerance: float, absolute: float) -> bool:
    try:
        found = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        return False
    if isinstance(got, str) or got is None or found.shape != wanted.shape:
        return False
    return bool(np.allclose(found, wanted, rtol=tolerance, atol=absolute, equal_nan=True))


def expected(ask: Ask, case: Sequence[Any]) -> str:
    """Return what was expected, in words."""
    return str(ask.truth) if ask.judge else shown(truth(ask, case))


def _got(ask: Ask, got: Any, case: Sequence[Any]) -> str:
    words = shown(got)
    if ask.judge and not isinstance(got, Raised | Strange):
        return f"{words}: {ask.judge(got, *case)}"
    wanted = None if ask.judge else truth(ask, case)
    if isinstance(wanted, np.ndarray) and isinstance(got, np.ndarray) and got.shape != wanted.shape:
        return f"{words}, of shape {got.shape} instead of {wanted.shape}"
    return words


def shown(value: Any) -> str:
    """Return a result in words, numbers to eight digits.

    Examples
    --------
    >>> shown(1 / 3), shown((True, 2.0)), shown(None)
    ('0.33333333', 'True and 2', 'None')
    """
    if isinstance(value, tuple):
        return " and ".join(map(shown, value))
    if isinstance(value, float | np.floating):
        return f"{value:.8g}"
    if isinstance(value, np.ndarray):
        return argument(value)
    return value if isinstance(value, str) else str(value)


def hint(ask: Ask, faults: Sequence[tuple[Sequence[Any], Any]]) -> str:
    """Return what helps: the hint of the mistake that gives the same wrong results, in all cases or in the first."""
    got = faults[0][1]
    if got is None:
        return "The function gives None: does it lack a return?"
    for explained in (faults, faults[:1]):
        for mistake in ask.mistakes:
            if all(_same(ask, mistake, found, case) for case, found in explained):
                return mistake.hint
    if isinstance(got, Strange):
        return "Give a number, or a NumPy array of numbers."
    return ask.hint


def _same(ask: Ask, mistake: Mistake, got: Any, case: Sequence[Any]) -> bool:
    """Tell whether a mistake explains a result; an exception is explained by the name of its type."""
    if isinstance(got, Raised):
        return bool(mistake.wrong == got.type)
    if isinstance(got, Strange) or (isinstance(mistake.wrong, str) and not isinstance(got, str)):
        return False
    with np.errstate(all="ignore"):
        try:
            wrong = mistake.wrong(*case) if callable(mistake.wrong) else mistake.wrong
        except (ArithmeticError, ValueError):
            return False
    return agrees(got, wrong, max(ask.tolerance, 1e-9), max(ask.absolute, 1e-12))
