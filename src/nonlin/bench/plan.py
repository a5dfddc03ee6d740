"""What will be compared: a person's words checked once, and every case that follows from them."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import product
from typing import Any

import nonlin
from nonlin.bench import rivals
from nonlin.bench.ours import GRADES
from nonlin.bench.record import Case
from nonlin.bench.setting import RACED, Output, Task
from nonlin.errors import InvalidInput, did_you_mean
from nonlin.machine import usable_cores
from nonlin.workbench import Elementwise

SIZES = (2**12, 2**20, 2**24)
ROWS = (10, 1000, 50257)
VALUES_IN_ROWS = 2**20
LONGEST = 2**24  # values of one row
LARGEST = 2**28  # values of one array: a gibibyte, and a comparison needs about ten of them
BUDGET = 300.0
TASKS: tuple[Task, ...] = ("value", "gradient")
OUTPUTS: tuple[Output, ...] = ("reused", "fresh")


@dataclass(frozen=True)
class Plan:
    """A benchmark to be run; made by `make_plan`, which checks it."""

    functions: tuple[str, ...]
    sizes: tuple[int, ...]
    rows: tuple[int, ...]
    threads: tuple[int, ...]
    rivals: tuple[str, ...]
    grades: tuple[str, ...]
    budget: float

    @property
    def command(self) -> str:
        """What to type to run it again."""
        plain = make_plan()
        options = [(f.name, getattr(self, f.name)) for f in fields(self)]
        said = [(name, value) for name, value in options if value != getattr(plain, name)]
        words = [word for name, value in said for word in (f"--{name}", _typed(value))]
        return shlex.join(["nonlin", "bench", *words])


def make_plan(
    functions: Sequence[str] | None = None,
    sizes: Sequence[int] = SIZES,
    rows: Sequence[int] = ROWS,
    threads: Sequence[int | str] = (1, "all"),
    rivals: Sequence[str] | None = None,
    grades: Sequence[str] = GRADES,
    budget: float = BUDGET,
) -> Plan:
    """Return a checked plan.

    Parameters
    ----------
    functions : sequence of str, optional
        Names or aliases; without them the whole catalog but the identity, which computes nothing.
    sizes : sequence of int
        Numbers of values, for elementwise functions.
    rows : sequence of int
        Lengths of rows, for functions that mix them; as many rows as make 2^20 values.
    threads : sequence of int or "all"
    rivals : sequence of str, optional
        Without them, every one.
    grades : sequence of str
        "exact", "fast".
    budget : float
        Seconds in all; a guide, since nobody takes fewer than three turns.

    Raises
    ------
    UnknownActivation, InvalidInput
        If a word is not known or a number makes no sense.
    """
    return Plan(
        _functions(functions),
        _whole("--sizes", sizes, LARGEST),
        _whole("--rows", rows, LONGEST),
        _threads(threads),
        _rivals(rivals),
        _known("grade", grades, GRADES),
        _budget(budget),
    )


def cases(plan: Plan) -> Iterator[Case]:
    """Yield every comparison, all of one number of threads together, then function by function."""
    for threads, function in product(plan.threads, plan.functions):
        elementwise = isinstance(nonlin.get(function), Elementwise)
        shapes = [(n, None) for n in plan.sizes] if elementwise else [(values(n), n) for n in plan.rows]
        for (size, row), task, output in product(shapes, TASKS, OUTPUTS):
            yield Case(function, task, size, row, output, threads)


def values(row: int) -> int:
    """Return how many values whole rows of that length hold, about 2^20.

    Examples
    --------
    >>> values(1000), values(50257)
    (1048000, 1005140)
    """
    return row * max(1, VALUES_IN_ROWS // row)


def shape(case: Case) -> tuple[int, ...]:
    """Return the shape of a case's arrays."""
    return (case.values,) if case.row is None else (case.values // case.row, case.row)


def _functions(words: Sequence[str] | None) -> tuple[str, ...]:
    if words is None:
        return RACED
    for found in map(nonlin.get, words):
        if found.card.kind not in ("elementwise", "rowwise"):
            raise InvalidInput(f"--functions {found.name}: it {found.nature}, and cannot be timed yet")
    return _some("--functions", (nonlin.get(word).name for word in words))


def _rivals(words: Sequence[str] | None) -> tuple[str, ...]:
    known = [name for name in rivals.names() if name != rivals.FLOOR]
    return tuple(known) if words is None else _known("rival", words, known)


def _known(kind: str, words: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    lowered = [word.strip().lower() for word in words]
    for word in lowered:
        if word not in known:
            raise InvalidInput(
                f"no {kind} is called {word!r}.{did_you_mean(word, known)} There are: {', '.join(known)}"
            )
    return _some(f"--{kind}s", lowered)


def _threads(words: Sequence[int | str]) -> tuple[int, ...]:
    cores = usable_cores()
    counts = [cores if str(word).lower() == "all" else word for word in words]
    for word in counts:
        if not str(word).isdecimal() or not 1 <= int(word) <= cores:
            raise InvalidInput(
                f"--threads {word}: give 'all' or a number from 1 to {cores}, the usable cores"
            )
    return _some("--threads", map(int, counts))


def _whole(option: str, numbers: Sequence[int], most: int) -> tuple[int, ...]:
    for number in numbers:
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
            raise InvalidInput(f"{option} {number}: give whole numbers from 1 to {most:,}")
    return _some(option, numbers)


def _budget(seconds: float) -> float:
    if not 0 < seconds < float("inf"):
        raise InvalidInput(f"--budget {seconds:g}: give a positive number of seconds")
    return float(seconds)


def _some(option: str, given: Iterable[Any]) -> tuple[Any, ...]:
    """Return the words without repetitions, and refuse none at all."""
    kept = tuple(dict.fromkeys(given))
    if not kept:
        raise InvalidInput(f"{option} is empty: name at least one")
    return kept


def _typed(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else f"{value:g}"
