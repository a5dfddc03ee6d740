"""The files that a command writes: refused before the work if that can be known, and in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from nonlin.errors import InvalidInput


def refuse_unwritable(path: Path | None, option: str = "--out", ends: Sequence[str] = ()) -> None:
    """Refuse a file that cannot be written, while nothing is computed yet.

    Parameters
    ----------
    path : Path, optional
        None is never refused.
    option : str
        What gave the path.
    ends : sequence of str
        What its name may end in, if it matters: ".png", ".svg".

    Raises
    ------
    InvalidInput
        If its name ends otherwise, it is a folder, its folder is not there, or the system forbids it.
    """
    if path is None:
        return
    if ends and path.suffix.lower() not in ends:
        raise InvalidInput(f"{option} {str(path)!r} does not end in {' or '.join(ends)}")
    if not path.parent.is_dir():
        raise _unwritable(path, option, f"there is no folder {str(path.parent)!r}")
    if path.is_dir():
        raise _unwritable(path, option, "it is a folder")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise _unwritable(path, option, "Permission denied")


def make_folder(path: Path, option: str = "--out") -> None:
    """Make a folder, with those above it, if it is not there; refuse it if that cannot be.

    Raises
    ------
    InvalidInput
        If it cannot be made or written to.
    """
    with writing(path, option):
        path.mkdir(parents=True, exist_ok=True)
    if not os.access(path, os.W_OK):
        raise _unwritable(path, option, "Permission denied")


def write(path: Path, content: str | bytes, option: str = "--out") -> None:
    """Write a file.

    Raises
    ------
    InvalidInput
        If it cannot be written.
    """
    refuse_unwritable(path, option)
    with writing(path, option):
        path.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def writing(path: Path, option: str = "", kept: str = "") -> Iterator[None]:
    """Say in one line that a path cannot be written, if the block finds so.

    Parameters
    ----------
    path : Path
    option : str
        What gave the path, if anything did.
    kept : str
        What is not lost, if anything is: "the results are kept".
    """
    try:
        yield
    except OSError as reason:
        raise _unwritable(path, option, reason.strerror or str(reason), kept) from None


def _unwritable(path: Path, option: str, why: str, kept: str = "") -> InvalidInput:
    said = f"{option} {str(path)!r} cannot be written: {why}".lstrip()
    return InvalidInput(f"{said}; {kept}" if kept else said)
