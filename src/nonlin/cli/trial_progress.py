"""How far a study is, on stderr: a bar at a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from nonlin.study import Progress

SECONDS_BETWEEN_LINES = 15.0


class Shown(Protocol):
    """Shows a study's progress, and remembers the last one."""

    last: Progress | None

    def __call__(self, progress: Progress) -> None: ...


class Lines:
    """A plain line every 15 seconds."""

    def __init__(self) -> None:
        self.last: Progress | None = None
        self._said = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        self.last = progress
        if time.monotonic() - self._said >= SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            left = span(progress.seconds_left)
            print(
                f"{progress.done} of {progress.total} trials, about {left} left", file=sys.stderr, flush=True
            )


class Bar:
    """A bar with what has just been trained and the time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as RichProgress

        self.last: Progress | None = None
        self.rich = RichProgress(
            TextColumn("{task.completed}/{task.total} trials"),
            BarColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.description}", style="dim"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self.rich.add_task("", total=None, left="")

    def __call__(self, progress: Progress) -> None:
        self.last = progress
        trial = progress.trial
        trained = progress.done > progress.found
        self.rich.update(
            self._task,
            completed=progress.done,
            total=progress.total,
            left=f"{span(progress.seconds_left)} left" if trained else "",
            description=f"{trial.purpose} {trial.activation} at {trial.learning_rate:g}",
        )


@contextmanager
def shown() -> Iterator[Shown]:
    """Show progress on stderr for as long as the block lasts."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    bar = Bar()
    with bar.rich:
        yield bar


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
