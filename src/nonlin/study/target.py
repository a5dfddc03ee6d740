"""The column to predict: classes or a number? Decided from what it holds, and said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nonlin.errors import InvalidInput
from nonlin.study.data import Table
from nonlin.study.settings import Task
from nonlin.study.words import counted

if TYPE_CHECKING:
    import polars as pl

LEAST_ROWS = 20
MOST_CLASSES = 20  # whole numbers with more different values than this are taken for quantities
LEAST_OF_A_CLASS = 3  # one row for each part


@dataclass(frozen=True)
class Target:
    """The target of the rows that have one.

    Attributes
    ----------
    name, task, reason : str
        Column, task, and in a sentence why this task.
    rows : ndarray of int
        Which rows of the table have a usable target.
    values : ndarray, shape (rows,)
        Class numbers (int64) or quantities (float64).
    classes : tuple of str or None
    """

    name: str
    task: Task
    reason: str
    rows: NDArray[np.intp]
    values: NDArray[Any]
    classes: tuple[str, ...] | None


def read_target(table: Table, asked: Task | None = None) -> Target:
    """Take the usable rows of the target and say what task they make.

    Raises
    ------
    InvalidInput
        If no row has a target, if all have the same, or if a class has too few rows to be divided.
    """
    rows = _usable(table.target)
    name = table.target.name
    if not len(rows):
        raise InvalidInput(f"target {name!r} has no value in any row; choose another column with --target")
    column = table.target[rows]
    if len(rows) < LEAST_ROWS:
        raise InvalidInput(
            f"{table.source} has {counted(len(rows), 'row')} with a usable target {name!r}; a split in three "
            f"parts needs at least {LEAST_ROWS}"
        )
    task, reason = _infer(column, table.task, asked)
    if column.n_unique() == 1:
        raise InvalidInput(f"target {name!r} is {column[0]!r} in every row; there is nothing to learn")
    if task == "regression":
        return Target(name, task, reason, rows, _quantities(column), None)
    values, classes = _classes(column, table.classes)
    return Target(name, task, reason, rows, values, classes)


def _usable(column: pl.Series) -> NDArray[np.intp]:
    usable = column.is_not_null()
    if column.dtype.is_float():
        usable = usable & column.is_finite().fill_null(False)
    return np.flatnonzero(usable.to_numpy())


def _infer(column: pl.Series, known: Task | None, asked: Task | None) -> tuple[Task, str]:
    name, distinct = column.name, column.n_unique()
    if asked:
        return asked, f"{asked.capitalize()}, as asked."
    if known:
        return known, f"{known.capitalize()}: the data set was made for it."
    if not column.dtype.is_numeric():
        return (
            "classification",
            f"Classification, because target {name!r} holds words ({distinct} different ones).",
        )
    if distinct == 2:
        return "classification", f"Classification, because target {name!r} has two different values."
    if _all_whole(column) and distinct <= min(MOST_CLASSES, column.len() // 5):
        return "classification", (
            f"Classification, because target {name!r} holds whole numbers with only {distinct} different "
            "values; --task regression treats them as quantities."
        )
    return (
        "regression",
        f"Regression, because target {name!r} holds numbers with {distinct} different values.",
    )


def _all_whole(column: pl.Series) -> bool:
    return not column.dtype.is_float() or bool((column == column.round(0)).all())


def _quantities(column: pl.Series) -> NDArray[np.float64]:
    if not column.dtype.is_numeric():
        raise InvalidInput(
            f"target {column.name!r} holds words such as {str(column[0])!r}; regression needs numbers"
        )
    return column.to_numpy().astype(np.float64)


def _classes(column: pl.Series, given: tuple[str, ...] | None) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    values = column.to_numpy() if column.dtype.is_numeric() else np.asarray(column.cast(str).to_list())
    labels, numbers, counts = np.unique(values, return_inverse=True, return_counts=True)
    if len(labels) > column.len() // 2:
        raise InvalidInput(
            f"target {column.name!r} has {len(labels)} different values in {column.len()} rows: "
            "too many to be classes; choose another column with --target"
        )
    names = given or tuple(_word(label) for label in labels.tolist())
    if counts.min() < LEAST_OF_A_CLASS:
        rare = names[int(counts.argmin())]
        raise InvalidInput(
            f"class {rare!r} of target {column.name!r} has {counts.min()} of {column.len()} rows; each class "
            f"needs at least {LEAST_OF_A_CLASS}: one for each part of the split. Merge or remove it"
        )
    return numbers.astype(np.int64), names


def _word(label: Any) -> str:
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)
