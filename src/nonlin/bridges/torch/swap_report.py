"""What a swap did: plain data that prints itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import nn


@dataclass(frozen=True)
class Replaced:
    """One activation that was replaced.

    Attributes
    ----------
    path : str
        Where the new module is.
    was, now : str
        What was there, and what is.
    note : str
        What else changed by it, or nothing.
    """

    path: str
    was: str
    now: str
    note: str = ""


@dataclass(frozen=True)
class Unreached:
    """One activation that stayed, though a replacement was meant for it.

    Attributes
    ----------
    path : str
        The module that computes it.
    why : str
        What it computes there, and why it stayed.
    """

    path: str
    why: str


@dataclass(frozen=True, eq=False, repr=False)
class Swap:
    """The outcome of `nonlin.torch.swap`.

    Attributes
    ----------
    model : nn.Module
        The changed model: the one that was given, or a copy of it.
    in_place : bool
        Whether it is the one that was given.
    replaced : tuple of Replaced
    unreached : tuple of Unreached
    idle : tuple of str
        The keys for which the model has nothing.
    """

    model: nn.Module
    in_place: bool
    replaced: tuple[Replaced, ...]
    unreached: tuple[Unreached, ...]
    idle: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        where = "in the model itself" if self.in_place else "in a copy of the model"
        yield f"Replaced {where}:" if self.replaced else f"Nothing was replaced {where}."
        width = max((len(_place(r.path)) for r in self.replaced), default=0)
        for r in self.replaced:
            yield f"  {_place(r.path):{width}}  {r.was}  ->  {r.now}{f'  ({r.note})' if r.note else ''}"
        if self.unreached:
            yield "Not reached:"
            width = max(len(_place(u.path)) for u in self.unreached)
            for u in self.unreached:
                yield f"  {_place(u.path):{width}}  {u.why}"
        if self.idle:
            yield f"The model has none of: {', '.join(self.idle)}"


def _place(path: str) -> str:
    return path or "(the model)"
