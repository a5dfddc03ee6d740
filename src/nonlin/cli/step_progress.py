"""How far an experiment is, on stderr at a terminal, once it has taken two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0  # seconds without a bar


class Bar:
    """A bar that appears at the first step after two seconds."""

    def __init__(self, name: str) -> None:
        """Take what is being run."""
        from rich.console import Console
        from rich.progress import Progress

        self.begun = time.monotonic()
        self.rich = Progress(console=Console(stderr=True), transient=True)
        self._task = self.rich.add_task(name, total=None)

    def __call__(self, done: int, total: int) -> None:
        self.rich.update(self._task, completed=done, total=total)
        if time.monotonic() - self.begun >= PATIENCE:
            self.rich.start()


@contextmanager
def step_progress(name: str) -> Iterator[Bar]:
    """Show progress for as long as the block lasts; nothing where stderr is no terminal."""
    bar = Bar(name)
    bar.rich.disable = not sys.stderr.isatty()
    try:
        yield bar
    finally:
        bar.rich.stop()
