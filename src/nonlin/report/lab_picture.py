"""An experiment's charts as a picture by matplotlib, one below the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nonlin.errors import InvalidInput, require
from nonlin.lab.record import Record
from nonlin.lab.showing import BarChart, Chart, Curve, Dots, Field, Mosaic
from nonlin.report.curves import DASHES, FORMATS, legend, save
from nonlin.report.lab_page import key
from nonlin.report.page import Field as PageField
from nonlin.report.page import Key
from nonlin.report.palette import LIGHT, style
from nonlin.report.shades import height, scale_of, shade, tick_words, ticks

if TYPE_CHECKING:
    from nonlin.report.picture import Picture

WIDTH, HEIGHT = 7.2, 3.6  # inches of a chart


def record_picture(record: Record, path: str | Path | None = None) -> Picture:
    """Draw the charts of an experiment.

    Parameters
    ----------
    record : Record
    path : str or Path, optional
        Where to save the picture; its end says the format: .png, .svg or .pdf.

    Raises
    ------
    InvalidInput
        If the path has another end, or cannot be written.
    MissingExtra
        If matplotlib is not installed.
    """
    if path is not None and Path(path).suffix.lower() not in FORMATS:
        raise InvalidInput(f"{str(path)!r} does not end in one of {', '.join(FORMATS)}")
    require("matplotlib", "plot")
    from nonlin.report.picture import Picture

    charts = [one for one in record.shown if isinstance(one, Chart | BarChart)]
    picture = Picture(
        figsize=(WIDTH, HEIGHT * max(len(charts), 1)), layout="constrained", facecolor=LIGHT.paper
    )
    for chart, axes in zip(charts, picture.subplots(max(len(charts), 1), squeeze=False)[:, 0], strict=False):
        draw(axes, chart, key([record]))
    if path is not None:
        save(picture, Path(path))
    return picture


def draw(axes: Any, chart: Chart | BarChart, key: Key) -> None:
    axes.set_title(chart.title, loc="left", fontsize=11, color=LIGHT.ink, parse_math=False)
    axes.set_xlabel(chart.x.title, color=LIGHT.muted, parse_math=False)
    axes.tick_params(colors=LIGHT.muted)
    axes.grid(color=LIGHT.grid)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    if isinstance(chart, BarChart):
        draw_bars(axes, chart)
    else:
        draw_series(axes, chart, key)


def draw_bars(axes: Any, chart: BarChart) -> None:
    places = range(len(chart.names))
    axes.barh(places, chart.lengths, color=LIGHT.accent)
    axes.set_yticks(places, chart.names, parse_math=False)
    axes.invert_yaxis()


def draw_plane(axes: Any, one: Field | Mosaic) -> None:
    axes.grid(visible=False)
    if isinstance(one, Field):
        draw_field(axes, one)
    else:
        draw_mosaic(axes, one)


def draw_field(axes: Any, one: Field) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    stops, low, high = scale_of(paged(one))
    z = [[height(number, one.log) for number in row] for row in one.z]
    heights = [[float("nan") if number is None else number for number in row] for row in z]
    shades = LinearSegmentedColormap.from_list("shades", list(stops))
    mesh = axes.pcolormesh(
        one.x, one.y, heights, cmap=shades, vmin=low, vmax=high, shading="nearest", rasterized=True
    )
    level = None if one.level is None else height(one.level, one.log)
    if level is not None:
        axes.contour(one.x, one.y, heights, levels=[level], colors="black", linewidths=2)
    places = ticks(low, high, one.log)
    bar = axes.figure.colorbar(mesh, ax=axes, ticks=places)
    bar.ax.set_yticklabels(tick_words(places, one.log), color=LIGHT.muted)
    bar.ax.set_ylabel(one.title, color=LIGHT.muted, parse_math=False)
    bar.outline.set_visible(False)


def paged(one: Field) -> PageField:
    return PageField(one.title, one.x, one.y, one.z, one.log, one.middle, one.level)


def draw_mosaic(axes: Any, one: Mosaic) -> None:
    from matplotlib.collections import PolyCollection

    low, high = min(one.values), max(one.values)
    colours = [shade((value - low) / ((high - low) or 1)) for value in one.values]
    axes.add_collection(
        PolyCollection(one.polygons, facecolors=colours, edgecolors=LIGHT.paper, linewidths=0.5)
    )
    axes.autoscale_view()
    axes.margins(0)
    axes.set_aspect("equal")


def draw_series(axes: Any, chart: Chart, key: Key) -> None:
    drawn = {}
    for one in chart.series:
        if not isinstance(one, Curve | Dots):
            draw_plane(axes, one)
            continue
        look = style(one.name, key, LIGHT)
        x, y = ([float("nan") if v is None else v for v in values] for values in (one.x, one.y))
        if isinstance(one, Curve):
            (drawn[one.name],) = axes.plot(x, y, color=look.colour, ls=DASHES[look.dash], lw=look.width)
        else:
            (mark,) = axes.plot(x, y, ".", color=look.colour, ms=3)
            drawn.setdefault(one.name, mark)
    axes.set_ylabel(chart.y.title, color=LIGHT.muted, parse_math=False)
    axes.set_xscale("log" if chart.x.log else "linear")
    axes.set_yscale("log" if chart.y.log else "linear")
    if len(drawn) > 1:
        legend(axes, drawn.items())
