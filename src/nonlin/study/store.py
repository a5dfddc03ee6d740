"""Finished trials on disk: each is stored at once, found by what it depends on, and never lost."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from nonlin.errors import InvalidInput
from nonlin.study.training import Trial, TrialResult

FILE = "study.sqlite"
OURS = 0x6E6F6E6C  # "nonl", SQLite's application_id: tells our files from others
SCHEMA = "CREATE TABLE trials (key TEXT PRIMARY KEY, trial TEXT NOT NULL, result TEXT NOT NULL) STRICT"

BUSY, READ_ONLY, IO_ERROR, CORRUPT, FULL, CANNOT_OPEN, NOT_A_DATABASE = 5, 8, 10, 11, 13, 14, 26


class Damaged(InvalidInput):
    """The store's file holds no readable study."""


class Store:
    """Results by key; held by one process at a time.

    The lock is SQLite's own, kept from opening to closing, so it dies with its process.

    Parameters
    ----------
    folder : pathlib.Path or None
        Where `study.sqlite` lies; None keeps everything in memory.

    Raises
    ------
    InvalidInput
        If the folder or file cannot be used, or another process holds it.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        with self._said_clearly():
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
            path = folder / FILE if folder else ":memory:"
            self._connection = sqlite3.connect(path, timeout=0.2, isolation_level=None)
            try:
                self._open()
            except BaseException:
                self._connection.close()
                raise

    def _open(self) -> None:
        execute = self._connection.execute
        tables = execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and execute("PRAGMA application_id").fetchone()[0] != OURS:
            raise InvalidInput(
                f"{self._file} is a database of another program; choose another folder with --out"
            )
        execute("PRAGMA locking_mode = EXCLUSIVE")
        execute("PRAGMA journal_mode = WAL")
        execute("PRAGMA synchronous = FULL")
        execute("BEGIN EXCLUSIVE")
        if not tables:
            execute(f"PRAGMA application_id = {OURS}")
            execute(SCHEMA)
        execute("COMMIT")
        if execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("damaged")

    def get(self, key: str) -> TrialResult | None:
        """Return the result stored under a key, or None."""
        with self._said_clearly():
            row = self._connection.execute("SELECT result FROM trials WHERE key = ?", (key,)).fetchone()
        return TrialResult(**json.loads(row[0])) if row else None

    def put(self, key: str, trial: Trial, result: TrialResult) -> None:
        """Store a result; it is on the disk when this returns."""
        told = json.dumps(asdict(trial)), json.dumps(asdict(result), allow_nan=False)
        with self._said_clearly():
            self._connection.execute("INSERT OR REPLACE INTO trials VALUES (?, ?, ?)", (key, *told))

    def __len__(self) -> int:
        """Count the stored trials."""
        with self._said_clearly():
            return int(self._connection.execute("SELECT count(*) FROM trials").fetchone()[0])

    def close(self) -> None:
        """Give the file free for others."""
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _file(self) -> str:
        return str(self.folder / FILE) if self.folder else "the store in memory"

    @contextmanager
    def _said_clearly(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            told = f"the folder {str(self.folder)!r} cannot be used ({error.strerror}); choose another --out"
            raise InvalidInput(told) from error
        except sqlite3.DatabaseError as error:
            raise self._told(error) from error

    def _told(self, error: sqlite3.DatabaseError) -> InvalidInput:
        code = getattr(error, "sqlite_errorcode", CORRUPT) & 0xFF
        kept = "finished trials are kept, and the same command goes on"
        if code == BUSY:
            return InvalidInput(
                f"another study is at work in {str(self.folder)!r}; wait for it, or choose another --out"
            )
        if code in (READ_ONLY, CANNOT_OPEN):
            return InvalidInput(f"{self._file} cannot be written; choose another folder with --out")
        if code in (FULL, IO_ERROR):
            return InvalidInput(f"{self._file} could not be written ({error}); make room on the disk: {kept}")
        return Damaged(
            f"{self._file} is damaged or no study ({error}); move it away, or begin anew with --fresh"
        )


def set_aside(folder: Path) -> Path | None:
    """Rename a folder's store, so that a study begins anew and the old one is not lost.

    Returns
    -------
    pathlib.Path or None
        The new name of the old store; None if there was none.

    Raises
    ------
    InvalidInput
        If it is in use, not ours, or cannot be renamed.
    """
    if not (folder / FILE).exists():
        return None
    with suppress(Damaged):
        Store(folder).close()
    stem = f"study-before-{time.strftime('%Y%m%d-%H%M%S')}.sqlite"
    try:
        for ending in ("", "-wal", "-shm"):
            if (folder / (FILE + ending)).exists():
                (folder / (FILE + ending)).rename(folder / (stem + ending))
    except OSError as error:
        raise InvalidInput(f"{folder / FILE} cannot be set aside: {error.strerror}") from error
    return folder / stem
