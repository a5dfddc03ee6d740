"""The numbers of a chart as a table: for whoever reads, listens or has no colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from nonlin.report.page import (
    Axis,
    Bars,
    Cell,
    Chart,
    Column,
    Field,
    Intervals,
    Line,
    Mosaic,
    Panels,
    Span,
    Table,
)

T = TypeVar("T")


def numbers_of(chart: Chart | Panels, most: int = 9) -> Table:
    """Return a table of a chart: one row a name, and at most `most` evenly picked places of a line."""
    charts = chart.charts if isinstance(chart, Panels) else (chart,)
    rows = [series for one in charts for series in one.series if isinstance(series, Intervals | Bars)]
    if rows:
        return table_of_rows(chart.title, rows[0], charts[0])
    fields = [series for one in charts for series in one.series if isinstance(series, Field)]
    if fields:
        return table_of_field(chart.title, fields[0], charts[0], most)
    mosaics = [series for one in charts for series in one.series if isinstance(series, Mosaic)]
    if mosaics:
        return table_of_mosaic(chart.title, mosaics[0])
    lines = {s.label or s.name: s for one in charts for s in one.series if isinstance(s, Line)}
    return table_of_lines(chart.title, tuple(lines.values()), charts[0], most)


def table_of_rows(title: str, series: Intervals | Bars, chart: Chart) -> Table:
    judgements = series.judgements if isinstance(series, Intervals) else ()
    columns = (Column("name", "name"), column(chart.x, named(chart.x)), column(chart.x, "interval"))
    rows = [
        (name, series.x[i], span(series, i), *judgements[i : i + 1]) for i, name in enumerate(series.names)
    ]
    return Table(title, columns + ((Column("verdict"),) if judgements else ()), tuple(rows))


def table_of_field(title: str, field: Field, chart: Chart, most: int) -> Table:
    across = evenly_picked(range(len(field.x)), most - 1)
    up = evenly_picked(range(len(field.y)), most)
    columns = [
        Column(f"{named(chart.y)}, then {named(chart.x)}:"),
        *(Column(f"{field.x[i]:.3g}", "number") for i in across),
    ]
    rows = [(f"{field.y[j]:.3g}", *(field.z[j][i] for i in across)) for j in reversed(up)]
    return Table(f"{title}: {field.title}", tuple(columns), tuple(rows))


def table_of_mosaic(title: str, mosaic: Mosaic) -> Table:
    areas = sorted(map(area, mosaic.polygons))
    rows = (
        ("regions", len(areas)),
        ("smallest area", areas[0]),
        ("middle area", areas[len(areas) // 2]),
        ("largest area", areas[-1]),
        ("all area", sum(areas)),
    )
    return Table(title, (Column(""), Column("", "number")), rows)


def area(polygon: Sequence[tuple[float, float]]) -> float:
    """Return the area of a polygon by its corners in order.

    Examples
    --------
    >>> area([(0, 0), (2, 0), (2, 1), (0, 1)])
    2.0
    """
    turned = [*polygon[1:], polygon[0]]
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(polygon, turned, strict=True))) / 2


def span(series: Intervals | Bars, place: int) -> Span | None:
    low = series.low[place] if series.low else None
    high = series.high[place] if series.high else None
    return None if low is None or high is None else Span(low, high)


def table_of_lines(title: str, lines: Sequence[Line], chart: Chart, most: int) -> Table:
    places = evenly_picked(sorted({x for line in lines for x in known_places(line)}), most)
    columns = [Column(named(chart.x)), *(column(chart.y, f"{place:.4g}") for place in places)]
    rows = [(line.label or line.name, *values_at(line, places)) for line in lines]
    return Table(f"{title}: {named(chart.y)}", tuple(columns), tuple(rows))


def known_places(line: Line) -> list[float]:
    """Return where a line was measured; where it only breaks, there is nothing to tell."""
    measured = zip(line.x, line.y, strict=True)
    return [x for x, y in measured if x is not None and (y is not None or line.points)]


def values_at(line: Line, places: Sequence[float]) -> tuple[Cell, ...]:
    known = dict(zip(line.x, line.y, strict=True))
    return tuple(known.get(place) for place in places)


def evenly_picked(places: Sequence[T], most: int) -> list[T]:
    """Return at most `most` places, the first and the last among them.

    Examples
    --------
    >>> evenly_picked(range(1, 21), 4)
    [1, 7, 14, 20]
    """
    if len(places) <= most:
        return list(places)
    return [places[round(i * (len(places) - 1) / (most - 1))] for i in range(most)]


def column(axis: Axis, title: str) -> Column:
    return Column(title, "number", percent=axis.percent)


def named(axis: Axis) -> str:
    return f"{axis.title} ({axis.unit})" if axis.unit else axis.title
