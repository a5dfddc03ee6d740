"""From a Table to numbers: split once, everything fitted on the training part alone, all of it said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nonlin.errors import InvalidInput
from nonlin.study.columns import Encoder, encoder_for
from nonlin.study.data import Table
from nonlin.study.settings import Settings, Task
from nonlin.study.target import Target, read_target
from nonlin.study.words import counted

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Part:
    """Rows that are used together.

    Attributes
    ----------
    X : ndarray of float32, shape (rows, features)
    y : ndarray, shape (rows,)
        Class numbers (int64), or standardised targets (float32).
    """

    X: NDArray[np.float32]
    y: NDArray[Any]

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True)
class Prepared:
    """Data ready to train on, and what was done to them.

    Attributes
    ----------
    train, validation, test : Part
    task, task_reason : str
    classes : tuple of str or None
        Names of the classes; None for regression.
    features : tuple of str
        Names of the network's inputs.
    target_scale : float
        Standard deviation of the training targets, in the target's own unit (1 for classification).
    notes : tuple of str
        Sentences.
    """

    train: Part
    validation: Part
    test: Part
    task: Task
    task_reason: str
    classes: tuple[str, ...] | None
    features: tuple[str, ...]
    target_scale: float
    notes: tuple[str, ...]

    @property
    def outputs(self) -> int:
        return len(self.classes) if self.classes else 1

    @property
    def parts(self) -> Mapping[str, Part]:
        return {"train": self.train, "validation": self.validation, "test": self.test}

    @property
    def baseline(self) -> float:
        """Accuracy on the test part of always answering the training part's commonest class; for R2, 0."""
        if self.task == "regression":
            return 0.0
        return float(np.mean(self.test.y == np.bincount(self.train.y).argmax()))

    def fingerprint(self) -> str:
        """Return a hash of every number in every part."""
        digest = hashlib.sha256(self.task.encode())
        for part in self.parts.values():
            for field in fields(part):
                array = np.ascontiguousarray(getattr(part, field.name))
                digest.update(repr((array.shape, array.dtype.str)).encode())
                digest.update(array.tobytes())
        return digest.hexdigest()


def prepare(table: Table, settings: Settings) -> Prepared:
    """Split a table and turn it into numbers.

    Raises
    ------
    InvalidInput
        If there are too few rows or classes, or a column holds nothing.
    """
    features, notes = _without(table, settings.drop)
    target = read_target(table, settings.task)
    if len(target.rows) < table.target.len():
        lost = table.target.len() - len(target.rows)
        notes.append(f"Left out, without a usable target {table.target.name!r}: {counted(lost, 'row')}.")
    split = split_rows(target, settings)
    X, names, said = _encode(features[target.rows], split["train"])
    y, scale = _numbers_of(target, split)
    parts = {name: Part(X[rows], y[rows]) for name, rows in split.items()}
    return Prepared(
        **parts,
        task=target.task,
        task_reason=target.reason,
        classes=target.classes,
        features=names,
        target_scale=scale,
        notes=(*table.notes, *notes, *said, *_shared_rows(parts), _how_split(target)),
    )


def _without(table: Table, unwanted: Sequence[str]) -> tuple[pl.DataFrame, list[str]]:
    from nonlin.errors import did_you_mean

    for name in unwanted:
        if name not in table.features.columns:
            near = did_you_mean(name, table.features.columns)
            raise InvalidInput(f"{table.source} has no column {name!r} to drop.{near}")
    left = table.features.drop(list(unwanted))
    if not left.width:
        raise InvalidInput("every column is dropped; there is nothing left to predict from")
    return left, [f"Left out as asked: {', '.join(unwanted)}."] if unwanted else []


def split_rows(target: Target, settings: Settings) -> dict[str, NDArray[np.intp]]:
    """Return the rows of each part, drawn from `split_seed`; each class is divided in the same shares."""
    generator = np.random.default_rng(settings.split_seed)
    groups = [np.arange(len(target.values))]
    if target.classes:
        groups = [np.flatnonzero(target.values == label) for label in range(len(target.classes))]
    divided = [_divide(generator.permutation(group), settings) for group in groups]
    return {name: np.sort(np.concatenate([parts[name] for parts in divided])) for name in divided[0]}


def _divide(rows: NDArray[np.intp], settings: Settings) -> dict[str, NDArray[np.intp]]:
    test = max(1, round(settings.test_share * len(rows)))
    validation = max(1, round(settings.validation_share * len(rows)))
    return {
        "train": rows[test + validation :],
        "validation": rows[test : test + validation],
        "test": rows[:test],
    }


def _encode(
    frame: pl.DataFrame, train: NDArray[np.intp]
) -> tuple[NDArray[np.float32], tuple[str, ...], list[str]]:
    encoders = [encoder_for(column, column[train]) for column in frame.iter_columns()]
    useful = [(e, c) for e, c in zip(encoders, frame.iter_columns(), strict=True) if e.outputs]
    notes = _notes(encoders)
    if not useful:
        raise InvalidInput("no column is left that tells rows apart; " + " ".join(notes))
    X = np.concatenate([encoder.apply(column) for encoder, column in useful], axis=1).astype(np.float32)
    if not np.isfinite(X).all():
        worst = next(e.name for e, c in useful if not np.isfinite(e.apply(c).astype(np.float32)).all())
        raise InvalidInput(
            f"column {worst!r} spans too wide a range to be scaled; transform it, or --drop {worst}"
        )
    return X, tuple(name for encoder, _ in useful for name in encoder.outputs), notes


def _notes(encoders: Sequence[Encoder]) -> list[str]:
    """Return one sentence for each thing that was done, naming the columns it was done to."""
    columns: dict[str, list[str]] = {}
    for encoder in encoders:
        for sentence in encoder.notes:
            columns.setdefault(sentence, []).append(encoder.name)
    return [sentence.format(columns=_named(names, len(encoders))) for sentence, names in columns.items()]


def _named(names: Sequence[str], all_columns: int, most: int = 8) -> str:
    if len(names) == all_columns and len(names) > 1:
        return f"all {all_columns} columns"
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ("column " if len(names) == 1 else "columns ") + ", ".join(map(repr, names[:most])) + more


def _numbers_of(target: Target, split: Mapping[str, NDArray[np.intp]]) -> tuple[NDArray[Any], float]:
    if target.task == "classification":
        return target.values, 1.0
    if any(np.ptp(target.values[rows]) == 0 for rows in split.values()):
        raise InvalidInput(f"target {target.name!r} has the same value in every row of a part of the split")
    train = split["train"]
    with np.errstate(over="ignore", invalid="ignore"):
        mean, scale = target.values[train].mean(), target.values[train].std()
    if not np.isfinite(scale):
        raise InvalidInput(f"target {target.name!r} spans too wide a range to be scaled; transform it")
    return ((target.values - mean) / scale).astype(np.float32), float(scale)


def _shared_rows(parts: Mapping[str, Part]) -> list[str]:
    known = {row.tobytes() for row in parts["train"].X}
    shared = sum(row.tobytes() in known for row in parts["test"].X)
    if not shared:
        return []
    return [
        f"{shared} of {len(parts['test'])} test rows have the same features as a training row; "
        "if they are copies, the results flatter every activation."
    ]


def _how_split(target: Target) -> str:
    how = "class by class" if target.classes else "at random"
    scaled = "" if target.classes else " The target was scaled to mean 0 and variance 1 of its training part."
    together = "rows that belong together are not kept together"
    return f"Rows were divided into the three parts once, {how}; {together}.{scaled}"
