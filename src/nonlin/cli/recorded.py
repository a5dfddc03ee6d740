"""A benchmark that was recorded, from the file that a person names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nonlin.errors import InvalidInput

if TYPE_CHECKING:
    from nonlin.bench import Record


def recorded(path: Path, option: str) -> Record:
    """Return the record in a file of `nonlin bench --out`.

    Raises
    ------
    InvalidInput
        If there is none; the message names the option that gave the path.
    """
    from nonlin.bench import Record

    try:
        return Record.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as reason:
        why = reason.strerror if isinstance(reason, OSError) else "it is no text"
        raise InvalidInput(f"{option} {str(path)!r} cannot be read: {why}") from reason
    except InvalidInput as wrong:
        raise InvalidInput(f"{option} {str(path)!r} cannot be read: {wrong}") from wrong
