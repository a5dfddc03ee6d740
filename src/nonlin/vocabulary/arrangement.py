"""How the elements along an axis become rows: all of them one row, groups, blocks, or windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nonlin.card import Shape
from nonlin.vocabulary.parameter import Parameter


@dataclass(frozen=True)
class Arrangement:
    """The rows of an axis.

    Attributes
    ----------
    shape : "groups", "blocks" or "windows"
        So many parts of equal length, side by side; parts of so many elements, each giving one number; or the so
        many neighbours around each element, zeros beyond the ends, which give one number too.
    by : Parameter
        How many: a whole number, by which nothing is derived.
    """

    shape: Shape
    by: Parameter

    def renewed(self, parameters: Mapping[Parameter, Parameter]) -> Arrangement:
        """Return the same arrangement by a parameter of another name or default."""
        return replace(self, by=parameters[self.by])
