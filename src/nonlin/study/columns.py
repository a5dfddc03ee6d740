"""One column becomes inputs of a network; what must be learned for that is learned on its training rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nonlin.errors import InvalidInput

if TYPE_CHECKING:
    import polars as pl

MOST_LEVELS = 50  # words beyond the commonest 50 share one input

SCALED = "Scaled to mean 0 and variance 1 of the training part: {columns}."
FILLED = (
    "Missing numbers filled with the training part's median, and marked by an input of their own: {columns}."
)
FILLED_UNSEEN = "Missing numbers outside the training part filled with its median: {columns}."
INFINITE = "Infinite numbers treated as missing: {columns}."
ONE_HOT = "One input for each word of the training part: {columns}."
MISSING_WORD = "Missing words are a word of their own: {columns}."
LUMPED = f"Words beyond the {MOST_LEVELS} commonest share one input: {{columns}}."
DATES = "Dates turned into days: {columns}."
CONSTANT = "Dropped, the same in every training row: {columns}."
COUNTS_ROWS = "Dropped, because it only counts the rows: {columns}."
NAMES_ROWS = (
    "Dropped, because nearly every row has a word of its own (an identifier or free text): {columns}."
)
NOT_UNDERSTOOD = "Dropped, because neither numbers, words nor dates: {columns}."


@dataclass(frozen=True)
class Encoder:
    """What was learned about a column; this one is dropped.

    Attributes
    ----------
    name : str
        The column.
    outputs : tuple of str
        The inputs that it becomes; none if it is dropped.
    notes : tuple of str
        What was done, as sentences with a place for `{columns}`.
    """

    name: str
    outputs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def apply(self, column: pl.Series) -> NDArray[np.float64]:
        """Return the inputs, shape (rows, outputs)."""
        return np.empty((column.len(), 0))


@dataclass(frozen=True)
class Numbers(Encoder):
    """Standardised numbers, and 1 where one was missing."""

    median: float = 0.0
    mean: float = 0.0
    deviation: float = 1.0

    def apply(self, column: pl.Series) -> NDArray[np.float64]:
        values = _values(column)
        missing = np.isnan(values)
        scaled = (np.where(missing, self.median, values) - self.mean) / self.deviation
        return np.stack([scaled, missing][: len(self.outputs)], axis=1)


@dataclass(frozen=True)
class Words(Encoder):
    """One input for each level; other words share the last."""

    levels: tuple[str, ...] = ()

    def apply(self, column: pl.Series) -> NDArray[np.float64]:
        words = np.asarray(_words(column))
        known = np.stack([words == level for level in self.levels], axis=1)
        other = ~known.any(axis=1, keepdims=True)
        return np.concatenate([known, other][: 1 + (len(self.outputs) > len(self.levels))], axis=1).astype(
            float
        )


def encoder_for(column: pl.Series, train: pl.Series) -> Encoder:
    """Learn from the training rows how a column becomes inputs.

    Raises
    ------
    InvalidInput
        If the column holds no value at all.
    """
    kind = column.dtype
    is_number = kind.is_numeric() or kind.is_temporal() or kind == _boolean()
    if (is_number and np.isnan(_values(column)).all()) or column.null_count() == column.len():
        name = column.name
        raise InvalidInput(
            f"column {name!r} has no value in any row; remove it from the data, or --drop {name}"
        )
    if is_number:
        return _counting(column) or _numbers(column, train)
    if str(kind).split("(")[0] in ("String", "Categorical", "Enum"):
        return _naming(column) or _learn_words(train)
    return Encoder(column.name, notes=(NOT_UNDERSTOOD,))


def _boolean() -> type[pl.Boolean]:
    import polars as pl

    return pl.Boolean


def _values(column: pl.Series) -> NDArray[np.float64]:
    """Return numbers, missing and infinite ones as NaN; dates as days since 1970."""
    import polars as pl

    if column.dtype.is_temporal():
        per_day = 1 if column.dtype == pl.Date else 86_400e9 if column.dtype == pl.Time else 86_400e6
        unit = column if column.dtype in (pl.Date, pl.Time) else column.dt.cast_time_unit("us")
        values = unit.to_physical().cast(pl.Float64).to_numpy() / per_day
    else:
        values = column.cast(pl.Float64).to_numpy()
    return np.where(np.isinf(values), np.nan, values)


def _words(column: pl.Series) -> list[str]:
    return ["(missing)" if word is None else word for word in column.cast(str).to_list()]


def _counting(column: pl.Series) -> Encoder | None:
    if not column.dtype.is_integer() or column.null_count():
        return None
    counts_rows = column.len() > 2 and bool((column.diff().drop_nulls() == 1).all())
    return Encoder(column.name, notes=(COUNTS_ROWS,)) if counts_rows else None


def _naming(column: pl.Series) -> Encoder | None:
    words = column.drop_nulls()
    if words.len() > 2 * MOST_LEVELS // 5 and words.n_unique() > 0.5 * words.len():
        return Encoder(column.name, notes=(NAMES_ROWS,))
    return None


def _numbers(column: pl.Series, train: pl.Series) -> Encoder:
    name, values = column.name, _values(train)
    missing, missing_anywhere = np.isnan(values), np.isnan(_values(column)).any()
    if missing.all() or (np.ptp(values[~missing]) == 0 and not missing.any()):
        return Encoder(name, notes=(CONSTANT,))
    median = float(np.median(values[~missing]))
    filled = np.where(missing, median, values)
    deviation = _deviation(name, filled)
    notes = [SCALED]
    notes += [DATES] if column.dtype.is_temporal() else []
    notes += [INFINITE] if column.dtype.is_float() and bool(column.is_infinite().any()) else []
    notes += [FILLED] if missing.any() else [FILLED_UNSEEN] if missing_anywhere else []
    outputs = (name, f"{name} is missing") if missing.any() else (name,)
    return Numbers(name, outputs, tuple(notes), median, float(filled.mean()), deviation or 1.0)


def _deviation(name: str, values: NDArray[np.float64]) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        deviation = float(values.std())
    if not np.isfinite(deviation):
        raise InvalidInput(
            f"column {name!r} spans too wide a range to be scaled; transform it, or --drop {name}"
        )
    return deviation


def _learn_words(train: pl.Series) -> Encoder:
    levels, counts = np.unique(np.asarray(_words(train)), return_counts=True)
    commonest = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    kept = tuple(str(level) for level in levels[np.sort(commonest)])
    lumped = len(levels) > MOST_LEVELS
    if len(levels) == 1:
        return Encoder(train.name, notes=(CONSTANT,))
    notes = [ONE_HOT] + ([MISSING_WORD] if "(missing)" in levels else []) + ([LUMPED] if lumped else [])
    outputs = [f"{train.name}={level}" for level in kept] + ([f"{train.name}=(other)"] if lumped else [])
    return Words(train.name, tuple(outputs), tuple(notes), kept)
