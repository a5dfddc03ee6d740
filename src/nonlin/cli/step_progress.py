"""How far an experiment is, on stderr at a terminal, once it has taken two seconds."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

PATIENCE = 2.0  # seconds without a bar


class Bar:
    """A bar of the steps done; it is unseen until it is started."""

    def __init__(self, name: str) -> None:
        """Take what is being run."""
        from rich.console import Console
        from rich.progress import Progress

        self.rich = Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
        self._task = self.rich.add_task(name, total=None)

    def __call__(self, done: int, total: int) -> None:
        self.rich.update(self._task, completed=done, total=total)


@contextmanager
def step_progress(name: str) -> Iterator[Bar]:
    """Show progress for as long as the block lasts; nothing where stderr is no terminal."""
    bar = Bar(name)
    late = Timer(PATIENCE, bar.rich.start)
    late.daemon = True
    late.start()
    try:
        yield bar
    finally:
        late.cancel()
        late.join()
        bar.rich.stop()
