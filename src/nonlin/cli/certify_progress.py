"""How far a certification is, on stderr: a bar at a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nonlin.cli.progress import bar_of, now_and_then, span

if TYPE_CHECKING:
    from nonlin.certify import Progress


class Expected:
    """The time left for several functions, told by the blocks of all of them."""

    def __init__(self, functions: int) -> None:
        self.functions, self._before, self._measured, self._seconds = functions, 0, 0, 0.0

    def left(self, progress: Progress) -> float:
        measured = self._measured + progress.done - progress.found
        rate = (self._seconds + progress.seconds) / measured if measured else 0.0
        later = (self.functions - self._before - 1) * progress.total
        return rate * (progress.total - progress.done + later)

    def finished(self, progress: Progress | None) -> None:
        """Count a function as done; None if its certificate was there already."""
        self._before += 1
        if progress:
            self._measured += progress.done - progress.found
            self._seconds += progress.seconds


@contextmanager
def shown(expected: Expected) -> Iterator[Callable[[Progress], None]]:
    """Show progress on stderr for as long as the block lasts."""
    if not sys.stderr.isatty():
        yield lines(expected)
        return
    with bar(expected) as told:
        yield told


def lines(expected: Expected) -> Callable[[Progress], None]:
    """Return what writes a plain line every 15 seconds."""
    say = now_and_then()

    def told(progress: Progress) -> None:
        done = f"{progress.subject.name}: {progress.done} of {progress.total} blocks"
        say(f"{done}, about {span(expected.left(progress))} left in all")

    return told


@contextmanager
def bar(expected: Expected) -> Iterator[Callable[[Progress], None]]:
    """Draw a bar of the function at work, with the time left for all."""
    from rich.progress import BarColumn, TextColumn

    rich = bar_of(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
    )
    task = rich.add_task("", total=None, told="")

    def told(progress: Progress) -> None:
        rich.update(
            task,
            completed=progress.done,
            total=progress.total,
            told=f"{progress.done}/{progress.total} blocks, {span(expected.left(progress))} left in all",
            description=f"{progress.subject.name} {progress.subject.form.name} {progress.subject.grade}",
        )

    with rich:
        yield told
