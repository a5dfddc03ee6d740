"""How far a benchmark is, on stderr: a bar at a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nonlin.cli.progress import bar_of, now_and_then, span

if TYPE_CHECKING:
    from nonlin.bench import Progress


@contextmanager
def shown() -> Iterator[Callable[[Progress], None]]:
    """Show progress on stderr for as long as the block lasts."""
    if not sys.stderr.isatty():
        yield lines()
        return
    with bar() as told:
        yield told


def lines() -> Callable[[Progress], None]:
    """Return what writes a plain line every 15 seconds."""
    say = now_and_then()

    def told(progress: Progress) -> None:
        left = span(progress.seconds_left)
        say(f"{progress.done} of {progress.total} comparisons, about {left} left")

    return told


@contextmanager
def bar() -> Iterator[Callable[[Progress], None]]:
    """Draw a bar with what is being compared and the time left."""
    from rich.progress import BarColumn, TextColumn

    rich = bar_of(
        TextColumn("{task.fields[done]}"),
        BarColumn(),
        TextColumn("{task.fields[left]}"),
        TextColumn("{task.description}", style="dim"),
        auto_refresh=False,  # its thread would disturb what is measured
    )
    task = rich.add_task("", total=None, done="", left="")

    def told(progress: Progress) -> None:
        case = progress.case
        rich.update(
            task,
            completed=progress.done,
            total=progress.total,
            done=f"{progress.done}/{progress.total} comparisons",
            left=f"{span(progress.seconds_left)} left",
            description=f"{case.function} {case.values:,} on {case.threads}",
        )
        rich.refresh()

    with rich:
        yield told
