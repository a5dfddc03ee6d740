"""How far a study is, on stderr: a bar at a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from nonlin.cli.progress import bar_of, now_and_then, span

if TYPE_CHECKING:
    from nonlin.study import Progress


class Shown(Protocol):
    """Shows a study's progress, and remembers the last one."""

    last: Progress | None

    def __call__(self, progress: Progress) -> None: ...


class Lines:
    """A plain line every 15 seconds."""

    def __init__(self) -> None:
        self.last: Progress | None = None
        self._say = now_and_then()

    def __call__(self, progress: Progress) -> None:
        self.last = progress
        left = span(progress.seconds_left)
        self._say(f"{progress.done} of {progress.total} trials, about {left} left")


class Bar:
    """A bar with what has just been trained and the time left."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, TextColumn

        self.last: Progress | None = None
        self.rich = bar_of(
            TextColumn("{task.fields[done]}"),
            BarColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.description}", style="dim"),
        )
        self._task = self.rich.add_task("", total=None, done="", left="")

    def __call__(self, progress: Progress) -> None:
        self.last = progress
        trial = progress.trial
        trained = progress.done > progress.found
        self.rich.update(
            self._task,
            completed=progress.done,
            total=progress.total,
            done=f"{progress.done}/{progress.total} trials",
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
