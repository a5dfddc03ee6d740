"""How far a benchmark is, on stderr: a bar at a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nonlin.cli.trial_progress import SECONDS_BETWEEN_LINES, span

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
    said = time.monotonic()

    def told(progress: Progress) -> None:
        nonlocal said
        if time.monotonic() - said >= SECONDS_BETWEEN_LINES:
            said = time.monotonic()
            left = span(progress.seconds_left)
            text = f"{progress.done} of {progress.total} comparisons, about {left} left"
            print(text, file=sys.stderr, flush=True)

    return told


@contextmanager
def bar() -> Iterator[Callable[[Progress], None]]:
    """Draw a bar with what is being compared and the time left."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as RichProgress

    rich = RichProgress(
        TextColumn("{task.completed}/{task.total} comparisons"),
        BarColumn(),
        TextColumn("{task.fields[left]}"),
        TextColumn("{task.description}", style="dim"),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,  # its thread would disturb what is measured
    )
    task = rich.add_task("", total=None, left="")

    def told(progress: Progress) -> None:
        case = progress.case
        rich.update(
            task,
            completed=progress.done,
            total=progress.total,
            left=f"{span(progress.seconds_left)} left",
            description=f"{case.function} {case.values:,} on {case.threads}",
        )
        rich.refresh()

    with rich:
        yield told
