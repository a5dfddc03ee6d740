"""An experiment's charts as a picture by matplotlib, one below the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING, Any

from nonlin.errors import require
from nonlin.lab.record import Record
from nonlin.lab.showing import BarChart, Chart, Curve, Dots, Field, Mosaic
from nonlin.report.curves import DASHES, legend, refuse_format, save
from nonlin.report.lab_page import key
from nonlin.report.page import Field as PageField
from nonlin.report.page import Key
from nonlin.report.palette import LIGHT, style
from nonlin.report.shades import height, scale_of, shade, tick_words, ticks

if TYPE_CHECKING:
    from nonlin.report.picture import Picture

WIDTH, HEIGHT, SQUARE, BAR = 8.6, 3.4, 6.4, 0.28  # inches: of a picture, a chart, a mosaic, a bar
MANY = 30  # times from end to end of a logarithmic axis: from there on only powers of ten are written


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
    refuse_format(path)
    require("matplotlib", "plot")
    from nonlin.report.picture import Picture

    charts = [one for one in record.shown if isinstance(one, Chart | BarChart)]
    heights = [height_of(chart) for chart in charts] or [HEIGHT]
    picture = Picture(figsize=(WIDTH, sum(heights) + 0.4), layout="constrained", facecolor=LIGHT.paper)
    every = picture.subplots(len(heights), squeeze=False, height_ratios=heights)[:, 0]
    for chart, axes in zip(charts, every, strict=False):
        draw(axes, chart, key([record]))
    picture.suptitle(fill(record.question, 90), x=0.01, ha="left", color=LIGHT.ink, parse_math=False)
    if path is not None:
        save(picture, Path(path))
    return picture


def height_of(chart: Chart | BarChart) -> float:
    if isinstance(chart, BarChart):
        return 1.2 + BAR * len(chart.names)
    return SQUARE if any(isinstance(one, Mosaic) for one in chart.series) else HEIGHT


def draw(axes: Any, chart: Chart | BarChart, key: Key) -> None:
    axes.set_title(chart.title, loc="left", fontsize=11, color=LIGHT.ink, parse_math=False)
    axes.set_xlabel(chart.x.title, color=LIGHT.muted, parse_math=False)
    axes.tick_params(colors=LIGHT.muted)
    axes.grid(color=LIGHT.grid)
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    if isinstance(chart, BarChart):
        draw_bars(axes, chart, key)
    else:
        draw_series(axes, chart, key)


def draw_bars(axes: Any, chart: BarChart, key: Key) -> None:
    places = range(len(chart.names))
    colours = [style(name, key, LIGHT).colour for name in chart.groups or chart.names]
    axes.barh(places, chart.lengths, color=colours)
    axes.set_yticks(places, chart.names, parse_math=False)
    axes.invert_yaxis()


def logarithmic(axis: Any, set_scale: Callable[[str], None]) -> None:
    """Make an axis logarithmic, its numbers written plainly; between powers of ten only where there are few."""
    set_scale("log")
    axis.set_major_formatter("{x:g}")
    low, high = axis.get_view_interval()
    few = 0 < high < MANY * low
    axis.set_minor_formatter((lambda x, _: f"{x:g}" if f"{x:e}"[0] in "25" else "") if few else "")
    axis.set_tick_params(which="minor", labelsize=9, labelcolor=LIGHT.muted)


def draw_plane(axes: Any, one: Field | Mosaic) -> None:
    axes.grid(visible=False)
    if isinstance(one, Field):
        draw_field(axes, one)
    else:
        draw_mosaic(axes, one)


def draw_field(axes: Any, one: Field) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    stops, low, high = scale_of(PageField(**vars(one)))
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
    drawn: dict[str, Any] = {}
    for one in chart.series:
        if not isinstance(one, Curve | Dots):
            draw_plane(axes, one)
            continue
        look = style(one.name, key, LIGHT)
        x, y = ([float("nan") if v is None else v for v in values] for values in (one.x, one.y))
        if isinstance(one, Curve):
            stroke = "dash" if one.beside else "solid" if one.name in chart.paired else look.dash
            (line,) = axes.plot(x, y, color=look.colour, ls=DASHES[stroke], lw=look.width)
            drawn[one.label] = line
        else:
            (mark,) = axes.plot(x, y, ".", color=look.colour, ms=3 if len(x) > 40 else 9)
            drawn.setdefault(one.name, mark)
    axes.set_ylabel(chart.y.title, color=LIGHT.muted, parse_math=False)
    axes.autoscale_view()
    for scaled, one, set_scale in (
        (chart.x, axes.xaxis, axes.set_xscale),
        (chart.y, axes.yaxis, axes.set_yscale),
    ):
        if scaled.log:
            logarithmic(one, set_scale)
    if len(drawn) > 1:
        legend(axes, drawn.items())
        axes.get_legend().set_loc("upper left")
        axes.get_legend().set_bbox_to_anchor((1.0, 1.05))
