"""Rows and columns from a name, a file, arrays or a data frame: a Table, with its target set apart."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nonlin.errors import InvalidInput, did_you_mean, require
from nonlin.study.settings import Task

if TYPE_CHECKING:
    import polars as pl

SHIPPED = ("digits", "breast_cancer", "wine", "diabetes")
MISSING = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "?"]
FORMATS = ".csv, .tsv, .parquet or .npz"


@dataclass(frozen=True)
class Table:
    """What was read, before anything is done to it.

    Attributes
    ----------
    name : str
        Short name, for titles and folders.
    source : str
        Where it came from, in the person's words.
    features : polars.DataFrame
        The columns to predict from.
    target : polars.Series
        The column to predict; its name is the target's.
    classes : tuple of str or None
        Names for integer classes 0, 1, ..., where the source gives them.
    task : str or None
        What the source says the task is; None: to be inferred.
    notes : tuple of str
        What was done in reading, in sentences.
    """

    name: str
    source: str
    features: pl.DataFrame
    target: pl.Series
    classes: tuple[str, ...] | None = None
    task: Task | None = None
    notes: tuple[str, ...] = ()


def load(data: Any, target: str | None = None) -> Table:
    """Read a table from a shipped name, a path, a pair of arrays (X, y) or a data frame.

    Parameters
    ----------
    data : str, pathlib.Path, pair of array_like, polars.DataFrame or pandas.DataFrame
        A name in `SHIPPED`, a file (.csv, .tsv, .parquet, .npz), or the data themselves.
    target : str, optional
        The column to predict; needed for files and data frames.

    Raises
    ------
    InvalidInput
        If there is no such data, or it cannot be read, or the target is not among its columns.
    """
    require("polars", "study")
    if isinstance(data, (str, Path)):
        return _named(str(data), target)
    if type(data).__name__ == "LazyFrame":
        data = data.collect()
    if isinstance(data, tuple) and len(data) == 2:
        return _from_arrays(*data, target)
    if hasattr(data, "columns"):
        return _split_off(_frame(data), target, "data", type(data).__module__.split(".")[0] + " data frame")
    raise InvalidInput(
        f"data of type {type(data).__name__} are not understood; give a name, a file, (X, y) or a frame"
    )


def _named(name: str, target: str | None) -> Table:
    if name in SHIPPED and not Path(name).is_file():
        return _shipped(name, target)
    path = Path(name)
    if not path.exists():
        raise InvalidInput(
            f"there is no file {name!r}, and no data set of that name ships with scikit-learn "
            f"({', '.join(SHIPPED)}).{did_you_mean(name, [*SHIPPED, *_neighbours(path)])}"
        )
    if path.is_dir():
        raise InvalidInput(f"{name!r} is a folder; give a file ({FORMATS})")
    if path.stat().st_size == 0:
        raise InvalidInput(f"{name!r} is empty")
    return _from_file(path, target)


def _neighbours(path: Path) -> list[str]:
    if not path.parent.is_dir():
        return []
    return [
        str(path.parent / other.name) if path.parent != Path() else other.name
        for other in path.parent.iterdir()
    ]


def _shipped(name: str, target: str | None) -> Table:
    import polars as pl

    if target is not None:
        raise InvalidInput(f"{name!r} ships with its target; leave out --target {target}")
    bunch = getattr(require("sklearn.datasets", "study"), f"load_{name}")()
    features = pl.DataFrame(
        np.asarray(bunch.data, dtype=np.float64), schema=[str(n) for n in bunch.feature_names]
    )
    classes = tuple(str(word) for word in bunch.target_names) if "target_names" in bunch else None
    return Table(
        name=name,
        source=f"scikit-learn's load_{name}()",
        features=features,
        target=pl.Series("target", np.asarray(bunch.target)),
        classes=classes,
        task="classification" if classes else "regression",
    )


def _from_file(path: Path, target: str | None) -> Table:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    kind = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else (suffixes or [""])[-1]
    if kind in (".csv", ".tsv", ".txt"):
        frame, notes = _read_text(path, "\t" if kind == ".tsv" else ",")
        return _split_off(frame, target, _stem(path), str(path), notes)
    if kind in (".parquet", ".pq"):
        return _split_off(_read_parquet(path), target, _stem(path), str(path))
    if kind == ".npz":
        return _read_npz(path, target)
    raise InvalidInput(f"{str(path)!r}: the ending {kind!r} is not understood; give {FORMATS}")


def _stem(path: Path) -> str:
    return path.name.split(".")[0] or path.name


def _read_text(path: Path, separator: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    import polars as pl

    separator, header, notes = _header(path, separator)
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise InvalidInput(f"{str(path)!r} has two columns called {twice[0]!r}; rename one of them")
    try:
        frame = pl.read_csv(path, separator=separator, null_values=MISSING, infer_schema_length=None)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InvalidInput(f"{str(path)!r} cannot be read as a table: {_first_line(error)}") from error
    stripped = {name: name.strip() for name in frame.columns}
    return frame.rename(stripped), notes


def _header(path: Path, separator: str) -> tuple[str, list[str], tuple[str, ...]]:
    """Return the separator in use, the column names, and a note if the separator was guessed."""
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            line = file.readline()
    except (UnicodeDecodeError, OSError) as error:
        raise InvalidInput(
            f"{str(path)!r} is not UTF-8 text; save it as UTF-8 ({_first_line(error)})"
        ) from error
    notes: tuple[str, ...] = ()
    if separator not in line:
        for other, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if other in line:
                separator, notes = other, (f"The columns are separated by {word}.",)
                break
    return separator, [name.strip() for name in next(csv.reader([line], delimiter=separator), [])], notes


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _read_parquet(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InvalidInput(f"{str(path)!r} cannot be read as Parquet: {_first_line(error)}") from error


def _read_npz(path: Path, target: str | None) -> Table:
    if not zipfile.is_zipfile(path):
        raise InvalidInput(f"{str(path)!r} is no NPZ file; write one with numpy.savez(path, X=..., y=...)")
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
    except (ValueError, OSError, zipfile.BadZipFile, EOFError) as error:
        raise InvalidInput(
            f"{str(path)!r} cannot be read as plain NPZ arrays: {_first_line(error)}"
        ) from error
    y_key = target or "y"
    if y_key not in arrays:
        raise InvalidInput(
            f"{str(path)!r} has no array {y_key!r} (it has {', '.join(arrays) or 'none'}); "
            f"name the one to predict with --target.{did_you_mean(y_key, arrays)}"
        )
    others = [key for key in arrays if key != y_key]
    x_key = "X" if "X" in others else "x" if "x" in others else others[0] if len(others) == 1 else None
    if x_key is None:
        raise InvalidInput(
            f"{str(path)!r}: the features must be an array called 'X' (it has {', '.join(arrays)})"
        )
    unused = [key for key in others if key != x_key]
    notes = (f"Arrays not used: {', '.join(unused)}.",) if unused else ()
    return _table(arrays[x_key], arrays[y_key], y_key, _stem(path), str(path), notes)


def _from_arrays(X: Any, y: Any, target: str | None) -> Table:
    y_name = target or str(getattr(y, "name", None) or "y")
    if hasattr(X, "columns"):
        import polars as pl

        features = _frame(X)
        column = pl.Series(y_name, _column(y))
        if len(column) != features.height:
            raise InvalidInput(f"X has {features.height} rows and y has {len(column)}; they must be as many")
        return Table("data", "a data frame and its target", features, column)
    return _table(np.asarray(X), np.asarray(y), y_name, "data", "arrays (X, y)", ())


def _table(
    X: NDArray[Any], y: NDArray[Any], y_name: str, name: str, source: str, notes: tuple[str, ...]
) -> Table:
    import polars as pl

    if X.dtype.kind not in "biuf":
        raise InvalidInput(f"{source}: the features are of type {X.dtype}, not numbers")
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim != 1:
        raise InvalidInput(f"{source}: {y_name!r} has shape {y.shape}; give one value for each row")
    if X.ndim == 0 or len(X) != len(y):
        raise InvalidInput(
            f"{source}: X has shape {X.shape} and {y_name!r} {y.shape}; they must be as many rows"
        )
    if y.dtype.kind not in "biufUS":
        raise InvalidInput(f"{source}: {y_name!r} is of type {y.dtype}, neither numbers nor words")
    if X.ndim > 2:
        notes = (*notes, f"Each row of shape {X.shape[1:]} was flattened.")
    flat = X.reshape(len(X), -1).astype(np.float64)
    labels = y.astype(str) if y.dtype.kind in "US" else y.astype(np.float64) if y.dtype.kind == "f" else y
    schema = [f"x{column}" for column in range(flat.shape[1])]
    return Table(name, source, pl.DataFrame(flat, schema=schema), pl.Series(y_name, labels), notes=notes)


def _frame(frame: Any) -> pl.DataFrame:
    """Return a polars frame of a polars or pandas one; strings stay strings, missing stays missing."""
    import polars as pl

    if isinstance(frame, pl.DataFrame):
        return frame
    names = [str(name) for name in frame.columns]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise InvalidInput(f"the data frame has two columns called {twice[0]!r}; rename one of them")
    return pl.DataFrame({name: _column(frame[own]) for name, own in zip(names, frame.columns, strict=True)})


def _column(column: Any) -> Any:
    import polars as pl

    values = np.asarray(column)
    if values.dtype.kind in "biufM":
        return pl.Series(values=values)
    words = [None if value is None or value != value else value for value in values.tolist()]
    if all(isinstance(word, (int, float, bool, type(None))) for word in words):
        return pl.Series(values=words, strict=False)
    return pl.Series(values=[None if word is None else str(word) for word in words])


def _split_off(
    frame: pl.DataFrame, target: str | None, name: str, source: str, notes: Sequence[str] = ()
) -> Table:
    if frame.height == 0:
        raise InvalidInput(f"{source} has a header but no rows")
    if target is None:
        raise InvalidInput(
            f"which column is to be predicted? Give --target (columns: {_some(frame.columns)})"
        )
    if target not in frame.columns:
        near = did_you_mean(target, frame.columns)
        raise InvalidInput(f"{source} has no column {target!r} (columns: {_some(frame.columns)}).{near}")
    if frame.width == 1:
        raise InvalidInput(f"{source} has only the column {target!r}; there is nothing to predict it from")
    return Table(name, source, frame.drop(target), frame[target], notes=tuple(notes))


def _some(names: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(names[:most])
    return f"{shown}, and {len(names) - most} more" if len(names) > most else shown
