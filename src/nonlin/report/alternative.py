"""The numbers of a chart as a table: for whoever reads, listens or has no colours."""

from __future__ import annotations

from collections.abc import Sequence

from nonlin.report.page import Axis, Bars, Cell, Chart, Column, Intervals, Line, Panels, Span, Table


def numbers_of(chart: Chart | Panels, most: int = 9) -> Table:
    """Return a table of a chart: one row a name, and at most `most` evenly picked places of a line."""
    charts = chart.charts if isinstance(chart, Panels) else (chart,)
    rows = [series for one in charts for series in one.series if isinstance(series, Intervals | Bars)]
    if rows:
        return table_of_rows(chart.title, rows[0], charts[0])
    lines = {s.label or s.name: s for one in charts for s in one.series if isinstance(s, Line)}
    return table_of_lines(chart.title, tuple(lines.values()), charts[0], most)


def table_of_rows(title: str, series: Intervals | Bars, chart: Chart) -> Table:
    judgements = series.judgements if isinstance(series, Intervals) else ()
    columns = (Column("name", "name"), column(chart.x, named(chart.x)), column(chart.x, "interval"))
    rows = [
        (name, series.x[i], span(series, i), *judgements[i : i + 1]) for i, name in enumerate(series.names)
    ]
    return Table(title, columns + ((Column("verdict"),) if judgements else ()), tuple(rows))


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


def evenly_picked(places: Sequence[float], most: int) -> list[float]:
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
