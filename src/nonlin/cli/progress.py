"""What all progress on stderr has in common: lines now and then, a bar, and how a duration is said."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

SECONDS_BETWEEN_LINES = 15.0


def now_and_then() -> Callable[[str], None]:
    """Return what prints a line if the last one is long enough ago, and leaves it out otherwise."""
    said = time.monotonic()

    def say(line: str) -> None:
        nonlocal said
        if time.monotonic() - said >= SECONDS_BETWEEN_LINES:
            said = time.monotonic()
            print(line, file=sys.stderr, flush=True)

    return say


def bar_of(*columns: str | ProgressColumn, auto_refresh: bool = True) -> Progress:
    """Return a bar on stderr that leaves nothing behind."""
    from rich.console import Console
    from rich.progress import Progress

    return Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=auto_refresh)


def span(seconds: float) -> str:
    """Return a duration as a person says it.

    Examples
    --------
    >>> span(7.4), span(80), span(4000)
    ('7 s', '1 min 20 s', '1 h 6 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
