"""A Chart becomes the plain dictionary that Plotly draws."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch
from math import isfinite, log10
from typing import Any

from nonlin.report.page import Axis, Bars, Chart, Field, Intervals, Key, Line, Marks, Mosaic, Series, Tag
from nonlin.report.palette import BAND, LIGHT, Style, Theme, style, translucent
from nonlin.report.shades import height, scale_of, shade, tick_words, ticks

ROW = 34  # pixels a row of a chart that has one row a name
FONT = "system-ui, sans-serif"
LONGEST = 24  # letters of a name that still fit beside a chart
PLOTLY_MARKS = {"dot": "circle", "ring": "circle-open", "cross": "x", "point": "circle"}
MARK_SIZES = {"ring": 14, "point": 4}
PLOTLY_DASHES = {"solid": "solid", "dashed": "dash"}

Figure = dict[str, Any]


def figure(chart: Chart, key: Key, theme: Theme = LIGHT) -> Figure:
    """Return Plotly's dictionary of a chart: `data` and `layout`, every word of the chart inert.

    Parameters
    ----------
    chart : Chart
        What to draw.
    key : Key
        Which names have which colour, dash and marker.
    theme : Theme
        The colours of the page.
    """
    traces = [trace for series in chart.series for trace in drawn(series, chart, key, theme)]
    return {"data": traces, "layout": layout(chart, theme)}


def inert(text: str) -> str:
    """Return a text that Plotly shows letter by letter: it reads tags, entities, %{...} and $...$ otherwise.

    Examples
    --------
    >>> inert("<b>%{x}")
    '&lt;b&gt;&#37;{x}'
    """
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("%", "&#37;"), ("$", "&#36;")):
        text = text.replace(sign, entity)
    return text


def short(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


@singledispatch
def drawn(series: Series, chart: Chart, key: Key, theme: Theme) -> list[Figure]:
    """Return the traces of one series."""
    raise TypeError(f"no way to draw a {type(series).__name__}")


@drawn.register
def _(series: Line, chart: Chart, key: Key, theme: Theme) -> list[Figure]:
    look = style(series.name, key, theme)
    x, y = scaled(series.x, chart.x), scaled(series.y, chart.y)
    line = {
        "type": "scatter",
        "mode": "lines+markers" if series.points else "lines",
        "x": x,
        "y": y,
        "line": {"color": look.colour, "width": look.width, "dash": dash(series, look)},
        "marker": {"color": look.colour, "symbol": look.marker, "size": 6},
        "connectgaps": False,
        **named(series.name, series.label),
        **hover(chart, series.label or series.name),
    }
    return [*band(series, chart, look, x), line]


@drawn.register
def _(series: Marks, chart: Chart, key: Key, theme: Theme) -> list[Figure]:
    look = style(series.name, key, theme)
    ring = series.shape == "ring"
    marks = {
        "type": "scatter",
        "mode": "markers",
        "x": scaled(series.x, chart.x),
        "y": scaled(series.y, chart.y),
        "marker": {
            "color": look.colour,
            "symbol": PLOTLY_MARKS[series.shape],
            "size": MARK_SIZES.get(series.shape, 8),
            "opacity": 0.6 if series.shape == "point" else 1,
            "line": {"width": 2 if ring else 0, "color": look.colour},
        },
        "cliponaxis": series.shape == "point",
        **named(series.name, series.label),
        **hover(chart, series.label or series.name, series.notes),
    }
    return [marks]


@drawn.register
def _(series: Intervals, chart: Chart, key: Key, theme: Theme) -> list[Figure]:
    return [
        {
            **row(
                place,
                name,
                series.x[place],
                chart,
                [tag.text for tag in series.judgements[place : place + 1]],
            ),
            "type": "scatter",
            "mode": "markers",
            "marker": point(style(name, key, theme).colour, series.judgements[place : place + 1], theme),
            "error_x": whisker(series, place, chart, style(name, key, theme).colour),
            "cliponaxis": False,
        }
        for place, name in enumerate(series.names)
    ]


@drawn.register
def _(series: Bars, chart: Chart, key: Key, theme: Theme) -> list[Figure]:
    return [
        {
            **row(place, name, series.x[place], chart),
            "type": "bar",
            "orientation": "h",
            "width": 0.5,
            "marker": {"color": style(series.groups[place] if series.groups else name, key, theme).colour},
            "error_x": whisker(series, place, chart, theme.ink) if series.low else {"visible": False},
        }
        for place, name in enumerate(series.names)
    ]


@drawn.register
def _(series: Field, chart: Chart, key: Key, theme: Theme) -> list[Figure]:
    stops, low, high = scale_of(series)
    z = [[shown(height(number, series.log), LINEAR) for number in row] for row in series.z]
    grid = {"x": scaled(series.x, chart.x), "y": scaled(series.y, chart.y), "z": z, **named(series.title)}
    field = {
        "type": "heatmap",
        **grid,
        "zmin": low,
        "zmax": high,
        "colorscale": [[at, colour] for at, colour in stops],
        "colorbar": colour_bar(series, theme, low, high),
        "text": [
            [inert(f"{number:.4g}") if number is not None else "" for number in row] for row in series.z
        ],
        "hovertemplate": f"<b>%{{text}}</b> {inert(series.title)}<br>at %{{x:.4~g}}, %{{y:.4~g}}<extra></extra>",
    }
    return [field, *level_line(series, grid, theme)]


LINEAR = Axis("")


def colour_bar(series: Field, theme: Theme, low: float, high: float) -> Figure:
    places = ticks(low, high, series.log)
    return {
        "title": {"text": inert(series.title), "side": "right", "font": {"size": 12, "color": theme.muted}},
        "tickvals": places,
        "ticktext": [inert(word) for word in tick_words(places, series.log)],
        "tickfont": {"size": 12, "color": theme.muted},
        "outlinewidth": 0,
        "thickness": 14,
    }


def level_line(series: Field, grid: Figure, theme: Theme) -> list[Figure]:
    """Return the line along a field's level, dark with either theme as the shades are."""
    level = None if series.level is None else height(series.level, series.log)
    if level is None:
        return []
    return [
        {
            "type": "contour",
            **grid,
            "contours": {"start": level, "end": level, "size": 1, "coloring": "none"},
            "line": {"width": 2.5, "color": "#000000"},
            "showscale": False,
            "hoverinfo": "skip",
        }
    ]


SHADES = 12  # of a mosaic: one trace each


@drawn.register
def _(series: Mosaic, chart: Chart, key: Key, theme: Theme) -> list[Figure]:
    low, high = min(series.values, default=0.0), max(series.values, default=1.0)
    places = [min(int(SHADES * (v - low) / ((high - low) or 1)), SHADES - 1) for v in series.values]
    pieces = [
        tiles([p for p, at in zip(series.polygons, places, strict=True) if at == place], place, series.title)
        for place in sorted(set(places))
    ]
    return [*pieces, centres(series)]


def tiles(polygons: Sequence[Sequence[tuple[float, float]]], place: int, title: str) -> Figure:
    """Return the polygons of one shade as one trace, with gaps between them."""
    corners: list[tuple[float | None, float | None]] = []
    for polygon in polygons:
        corners += [*polygon, polygon[0], (None, None)]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [shown(x, LINEAR) for x, _ in corners],
        "y": [shown(y, LINEAR) for _, y in corners],
        "fill": "toself",
        "fillcolor": shade(place / (SHADES - 1)),
        "line": {"width": 0.7, "color": "#ffffff"},
        "hoverinfo": "skip",
        **named(title),
    }


def centres(series: Mosaic) -> Figure:
    """Return a point in each polygon that is not seen, and tells its value where the pointer is."""
    means = [
        tuple(sum(axis) / len(polygon) for axis in zip(*polygon, strict=True)) for polygon in series.polygons
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [shown(x, LINEAR) for x, _ in means],
        "y": [shown(y, LINEAR) for _, y in means],
        "marker": {"opacity": 0, "size": 8},
        "text": [inert(f"{value:.4g}") for value in series.values],
        "hovertemplate": f"<b>%{{text}}</b> {inert(series.title)}<extra></extra>",
        **named(series.title),
    }


def point(colour: str, judgements: Sequence[Tag], theme: Theme) -> Figure:
    """Return the point of an interval: hollow where no judgement stands out."""
    hollow = any(tag.tone == "neutral" for tag in judgements)
    return {"color": theme.paper if hollow else colour, "size": 11, "line": {"color": colour, "width": 2.2}}


def row(place: int, name: str, x: float | None, chart: Chart, notes: Sequence[str] = ()) -> Figure:
    return {
        "x": scaled((x,), chart.x),
        "y": [-place],
        **named(name),
        **hover(chart, name, notes, rows=True),
    }


def band(series: Line, chart: Chart, look: Style, x: list[float | None]) -> list[Figure]:
    """Return the band around a line as one closed shape through the points at which both ends are known."""
    if not (series.low and series.high):
        return []
    ends = zip(x, scaled(series.low, chart.y), scaled(series.high, chart.y), strict=True)
    known = [(at, low, high) for at, low, high in ends if None not in (at, low, high)]
    shape = {
        "type": "scatter",
        "mode": "lines",
        "x": [at for at, _, _ in known] + [at for at, _, _ in reversed(known)],
        "y": [low for _, low, _ in known] + [high for _, _, high in reversed(known)],
        "fill": "toself",
        "fillcolor": translucent(look.colour, BAND),
        "line": {"width": 0, "color": look.colour},
        "hoverinfo": "skip",
    }
    return [shape | named(series.name)]


def dash(series: Line, look: Style) -> str:
    return PLOTLY_DASHES.get(series.stroke, look.dash)


def whisker(series: Intervals | Bars, place: int, chart: Chart, colour: str) -> Figure:
    centre, low, high = (scaled((ends[place],), chart.x)[0] for ends in (series.x, series.low, series.high))
    if centre is None or low is None or high is None:
        return {"visible": False}
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - centre],
        "arrayminus": [centre - low],
        "color": colour,
        "thickness": 2.2,
        "width": 5,
    }


def named(name: str, label: str = "") -> Figure:
    return {"name": inert(label or name), "legendgroup": inert(name), "showlegend": False}


def hover(chart: Chart, label: str, notes: Sequence[str] = (), rows: bool = False) -> Figure:
    """Return what the pointer shows: the name, where it is, and the note of this point."""
    x, y = f"%{{x:.4~g}}{inert(chart.x.unit)}", f"%{{y:.4~g}}{inert(chart.y.unit)}"
    where = x if rows else f"{y} at {x}"
    note = "<br>%{text}" if any(notes) else ""
    return {
        "text": [inert(note) for note in notes],
        "hovertemplate": f"<b>{inert(short(label, 60))}</b><br>{where}{note}<extra></extra>",
        "hoverlabel": {"namelength": -1},
    }


def scaled(numbers: Sequence[float | None], axis: Axis) -> list[float | None]:
    return [shown(number, axis) for number in numbers]


def shown(number: float | None, axis: Axis) -> float | None:
    """Return a number as the axis shows it, with six digits: more would only make the page heavy."""
    if number is None or not isfinite(number):
        return None
    return float(f"{number * (100 if axis.percent else 1):.6g}")


def layout(chart: Chart, theme: Theme) -> Figure:
    rows = names_in_rows(chart)
    return {
        "font": {"family": FONT, "size": 13, "color": theme.ink},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": theme.raised,
            "bordercolor": theme.grid,
            "font": {"color": theme.ink, "family": FONT},
        },
        "showlegend": False,
        "barmode": "overlay",
        "xaxis": tight(chart) | axis(chart.x, theme, [x for series in chart.series for x in series.x]),
        "yaxis": axis(chart.y, theme, [y for series in chart.series for y in getattr(series, "y", ())])
        | (row_axis(rows) if rows else {})
        | ({"scaleanchor": "x"} | tight(chart) if tight(chart) else {}),
        **({"height": ROW * len(rows) + 74} if rows else {}),
        **({"meta": {"square": True}} if any(isinstance(one, Mosaic) for one in chart.series) else {}),
        "annotations": row_notes(chart, theme),
    }


def tight(chart: Chart) -> Figure:
    """Return what lets a mosaic fill its axes, one unit as long along as up."""
    mosaic = any(isinstance(one, Mosaic) for one in chart.series)
    return {"constrain": "domain", "showgrid": False} if mosaic else {}


def axis(axis: Axis, theme: Theme, numbers: Sequence[float | None]) -> Figure:
    return {
        "title": {"text": inert(axis.title), "font": {"size": 12, "color": theme.muted}, "standoff": 10},
        "type": "log" if axis.log else "linear",
        "gridcolor": theme.grid,
        "linecolor": theme.grid,
        "tickfont": {"color": theme.muted, "size": 12},
        "zeroline": axis.rule == 0,
        "zerolinecolor": theme.muted,
        "zerolinewidth": 1.4,
        "automargin": True,
        "ticksuffix": inert(axis.unit),
        **({"dtick": log_ticks(numbers), "tickformat": "~g"} if axis.log else {}),
        **({"range": ends(axis)} if axis.range else {}),
    }


def log_ticks(numbers: Sequence[float | None]) -> int | str:
    """Return Plotly's word for a tick at each power of ten; below two of them, at 2 and 5 between them too.

    Examples
    --------
    >>> log_ticks([0.001, 1.0]), log_ticks([0.3, 1.2])
    (1, 'D2')
    """
    known = [number for number in numbers if number is not None and number > 0]
    return 1 if known and max(known) >= 100 * min(known) else "D2"


def ends(axis: Axis) -> list[float]:
    """Return the ends of an axis in Plotly's unit, which is the exponent on a logarithmic axis."""
    low, high = (shown(end, axis) or 0.0 for end in axis.range or (0.0, 1.0))
    return [log10(low), log10(high)] if axis.log else [low, high]


def names_in_rows(chart: Chart) -> tuple[str, ...]:
    rows = [series.names for series in chart.series if isinstance(series, Intervals | Bars)]
    return rows[0] if rows else ()


def row_axis(rows: Sequence[str]) -> Figure:
    """Return an axis of names: places as numbers, for Plotly would read a name such as "1e3" as a number."""
    return {
        "tickvals": [-place for place in range(len(rows))],
        "ticktext": [inert(short(name)) + "  " for name in rows],
        "range": [-len(rows) + 0.4, 0.6],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "tickfont": {"size": 13},
    }


def row_notes(chart: Chart, theme: Theme) -> list[Figure]:
    """Return the judgement at the end of each row, to the right of the chart."""
    tones = {"good": theme.good, "bad": theme.bad, "warning": theme.warning, "neutral": theme.muted}
    intervals = [series for series in chart.series if isinstance(series, Intervals)]
    return [
        {
            "text": inert(short(tag.text)),
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 12,
            "y": -place,
            "showarrow": False,
            "font": {"size": 12, "color": tones[tag.tone]},
        }
        for series in intervals[:1]
        for place, tag in enumerate(series.judgements)
    ]
