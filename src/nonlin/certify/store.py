"""Finished blocks on disk: each is stored at once, so that an interruption loses at most the blocks at work."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from nonlin.certify.tally import Tally, from_plain
from nonlin.errors import InvalidInput

FILE = "certify.sqlite"
OURS = 0x6E6C6366  # "nlcf", SQLite's application_id: tells our files from others
SCHEMA = "CREATE TABLE blocks (key TEXT, block INTEGER, told TEXT NOT NULL, PRIMARY KEY (key, block)) STRICT"

Told = tuple[dict[str, Tally], int, float]
"""Tallies by quantity, results of one pass unlike those of two, seconds."""


class Store:
    """Blocks by the key of their run; several runs share a file.

    Parameters
    ----------
    folder : pathlib.Path or None
        Where `certify.sqlite` lies; None keeps everything in memory.

    Raises
    ------
    InvalidInput
        If the folder cannot be written, or the file is no store of ours.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = str(folder / FILE) if folder else ":memory:"
        try:
            if folder:
                folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
            self._open()
        except OSError as error:
            raise InvalidInput(f"--out {str(folder)!r} cannot be used: {error.strerror}") from error
        except sqlite3.Error as error:
            raise InvalidInput(f"{self._path} cannot be used ({error}); choose another --out") from error

    def _open(self) -> None:
        execute = self._connection.execute
        if execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            execute(f"PRAGMA application_id = {OURS}")
            execute(SCHEMA)
        if execute("PRAGMA application_id").fetchone()[0] != OURS:
            raise sqlite3.DatabaseError("it belongs to another program")
        execute("PRAGMA journal_mode = WAL")

    def blocks(self, key: str) -> dict[int, Told]:
        """Return the finished blocks of a run."""
        rows = self._connection.execute("SELECT block, told FROM blocks WHERE key = ?", (key,))
        return {block: _from_json(told) for block, told in rows}

    def put(self, key: str, block: int, tallies: Mapping[str, Tally], differs: int, seconds: float) -> None:
        """Store a finished block."""
        plain = {q: asdict(t) for q, t in tallies.items()}
        told = json.dumps({"tallies": plain, "differs": differs, "seconds": seconds})
        try:
            self._connection.execute("INSERT OR REPLACE INTO blocks VALUES (?, ?, ?)", (key, block, told))
        except sqlite3.Error as error:
            raise InvalidInput(
                f"{self._path} could not be written ({error}); finished blocks are kept, and the same command goes on"
            ) from error

    def close(self) -> None:
        """Give the file free."""
        self._connection.close()


def _from_json(text: str) -> Told:
    plain = json.loads(text)
    return {q: from_plain(t) for q, t in plain["tallies"].items()}, plain["differs"], plain["seconds"]
