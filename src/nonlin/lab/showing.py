"""What an experiment shows, as plain data: charts of curves and dots, charts of bars, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, TypeAlias

Number: TypeAlias = float | None
Cell: TypeAlias = str | float | int | bool | None


@dataclass(frozen=True)
class Axis:
    """An axis: what is measured, and whether its scale is logarithmic."""

    title: str
    log: bool = False


@dataclass(frozen=True)
class Curve:
    """A line through points; None leaves a gap. What has one name has one colour.

    Attributes
    ----------
    beside : str
        What a dashed line is that stands beside the solid one of its name, such as "theory".
    """

    name: str
    x: tuple[Number, ...]
    y: tuple[Number, ...]
    beside: str = ""

    @property
    def label(self) -> str:
        """What a key says."""
        return f"{self.name}, {self.beside}" if self.beside else self.name


@dataclass(frozen=True)
class Dots:
    """Single points."""

    name: str
    x: tuple[Number, ...]
    y: tuple[Number, ...]


@dataclass(frozen=True)
class Field:
    """A number at every place of a grid, shown by shades; fields as `nonlin.report.page.Field`."""

    title: str
    x: tuple[Number, ...]
    y: tuple[Number, ...]
    z: tuple[tuple[Number, ...], ...]
    log: bool = False
    middle: float | None = None
    level: float | None = None


@dataclass(frozen=True)
class Mosaic:
    """Polygons that cover a piece of the plane, each shaded by its value; fields as `nonlin.report.page.Mosaic`."""

    title: str
    polygons: tuple[tuple[tuple[float, float], ...], ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Chart:
    """A picture of curves, dots, fields; the description says in words what is seen."""

    title: str
    description: str
    series: tuple[Curve | Dots | Field | Mosaic, ...]
    x: Axis
    y: Axis

    @property
    def paired(self) -> frozenset[str]:
        """The names of the curves that have another beside them."""
        return frozenset(one.name for one in self.series if isinstance(one, Curve) and one.beside)


@dataclass(frozen=True)
class BarChart:
    """A bar a name, of length `lengths`; bars of one group have one colour, without groups each has its own."""

    title: str
    description: str
    names: tuple[str, ...]
    lengths: tuple[float, ...]
    x: Axis
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows of words and numbers; the first cell of each names it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Shown: TypeAlias = Chart | BarChart | Table


def curve(name: str, x: Iterable[Any], y: Iterable[Any], beside: str = "") -> Curve:
    """Return a curve of any numbers."""
    return Curve(name, numbers(x), numbers(y), beside)


def course(name: str, values: Sequence[Any]) -> Curve:
    """Return a curve of what was noted at each step, the first of which is 0."""
    return curve(name, range(len(values)), values)


def dots(name: str, x: Iterable[Any], y: Iterable[Any]) -> Dots:
    """Return dots of any numbers."""
    return Dots(name, numbers(x), numbers(y))


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
    """Return a table of words and numbers, NumPy's among them."""
    return Table(title, tuple(columns), tuple(tuple(map(cell, row)) for row in rows))


def cell(value: Any) -> Cell:
    plain: Cell = value.item() if hasattr(value, "item") else value
    return plain


def positive(values: Iterable[Any]) -> tuple[Number, ...]:
    """Return the values, None for those that a logarithmic scale cannot show."""
    return tuple(float(value) if 0 < value < inf else None for value in values)


def numbers(values: Iterable[Any]) -> tuple[Number, ...]:
    return tuple(None if value is None else float(value) for value in values)
