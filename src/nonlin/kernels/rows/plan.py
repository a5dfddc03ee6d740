"""What a loop over rows computes, in which lanes, and what it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nonlin.derivation.passes import Choice, Way, way
from nonlin.derivation.steps import Program
from nonlin.kernels.grades import Code
from nonlin.kernels.primitives.exp import Kind


@dataclass(frozen=True)
class Plan:
    """What a loop computes, and how.

    Attributes
    ----------
    program : Program
        Of a row, with one output.
    code : "f" or "d"
        The dtype of rows in memory; parameters are float64, one a row.
    kind : "near", "fast" or "double"
        The lanes of elements; numbers of a whole row are float64.
    keeps : bool
        Whether there is memory for what is needed again.
    masks_freely : bool
        Whether the processor reads and writes some lanes of a vector as fast as all.
    """

    program: Program
    code: Code
    kind: Kind
    keeps: bool = True
    masks_freely: bool = True

    @property
    def count(self) -> int:
        """How many elements a vector holds: on any processor, for the order of additions depends on it."""
        return 16 if self.code == "f" else 8

    @property
    def inputs(self) -> int:
        return len(self.program.inputs)

    @property
    def result(self) -> int:
        """The number of the result among the arrays: after inputs and parameters."""
        return self.inputs + len(self.program.parameters)

    @property
    def item(self) -> Code:
        """The type of the lanes, and of what is kept."""
        return "f" if self.kind == "fast" else "d"

    @cached_property
    def way(self) -> Way:
        return way(self.program, self.keeps)

    @cached_property
    def kept(self) -> tuple[str, ...]:
        """All that is kept on any way."""
        return tuple(dict.fromkeys(_kept(self.way)))


def _kept(way: Way) -> Iterator[str]:
    for each in way.passes:
        yield from each.kept
    if isinstance(way.end, Choice):
        yield from _kept(way.end.then)
        yield from _kept(way.end.otherwise)
