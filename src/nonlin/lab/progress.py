"""How far an experiment is: whoever watches is told after every step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Progress: TypeAlias = Callable[[int, int], None]
"""Called with the steps done and all there are."""


def unwatched(done: int, total: int) -> None:
    """Tell nobody."""


def watched(items: Sequence[T], progress: Progress) -> Iterator[T]:
    """Yield the items, and tell after each how many are done.

    Examples
    --------
    >>> list(watched("ab", print))
    1 2
    2 2
    ['a', 'b']
    """
    for done, item in enumerate(items, 1):
        yield item
        progress(done, len(items))
