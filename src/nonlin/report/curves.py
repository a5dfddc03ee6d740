"""Pictures of functions with their slopes, by matplotlib: one axis, a grid, or a family overlaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nonlin.errors import InvalidInput, require
from nonlin.report.page import Key
from nonlin.report.palette import LIGHT, style

if TYPE_CHECKING:
    from nonlin.report.picture import Picture

Array: TypeAlias = NDArray[np.floating[Any]]
Layout: TypeAlias = Literal["auto", "grid", "overlay"]

FORMATS = (".png", ".svg", ".pdf")
LAYOUTS = ("auto", "grid", "overlay")
DASHES: dict[str, Any] = {
    "solid": "-",
    "dash": (0, (5, 2)),
    "dot": (0, (1.2, 1.6)),
    "dashdot": (0, (5, 2, 1.2, 2)),
}
SLOPE = (0, (4, 2.2))
JUMP = 1e-3  # of the curve's height: a smaller step at a kink is not drawn as one


@dataclass(frozen=True, eq=False)
class Shape:
    """A function as points of its graph.

    Parameters
    ----------
    name : str
        What the picture calls it.
    x : array, shape (n,)
        Where it was evaluated, in ascending order.
    value : array, shape (n,)
        The function at `x`; what is not finite is left out.
    slope : array, shape (n,), optional
        Its first derivative at `x`.
    latex : str, optional
        Its formula, without dollar signs; it is left out if matplotlib cannot set it.
    kinks : sequence of float
        Where the function or its slope jumps. No line is drawn across a jump: its ends get dots, filled
        for the stated value (if `x` holds the kink itself) and open for the others.
    """

    name: str
    x: Array
    value: Array
    slope: Array | None = None
    latex: str | None = None
    kinks: Sequence[float] = field(default=())


def draw(shapes: Sequence[Shape], layout: Layout = "auto", path: str | Path | None = None) -> Picture:
    r"""Draw functions with their slopes: the function solid, the slope dashed.

    Parameters
    ----------
    shapes : sequence of Shape
        At least one.
    layout : {"auto", "grid", "overlay"}
        "grid" gives each function its own axes; "overlay" draws all functions into one, their slopes beside
        them; "auto" is one pair of axes for one function and a grid for more.
    path : str or Path, optional
        Where to save the picture; its end says the format: .png, .svg or .pdf.

    Returns
    -------
    Picture
        A matplotlib Figure that belongs to no window; a notebook shows it.

    Raises
    ------
    InvalidInput
        If there is nothing to draw, the layout or the file's format is unknown, or it cannot be written.
    MissingExtra
        If matplotlib is not installed.

    Examples
    --------
    >>> x = np.linspace(-3, 3, 61)
    >>> picture = draw([Shape("relu", x, np.maximum(x, 0), (x > 0) * 1.0, r"\max(0, x)", [0.0])])
    >>> len(picture.axes)
    1
    """
    shapes = tuple(shapes)
    check(shapes, layout, path)
    require("matplotlib", "plot")
    picture = overlay(shapes) if layout == "overlay" and len(shapes) > 1 else grid(shapes)
    if path is not None:
        save(picture, Path(path))
    return picture


def check(shapes: Sequence[Shape], layout: str, path: str | Path | None) -> None:
    if not shapes:
        raise InvalidInput("nothing to draw: give at least one activation")
    if layout not in LAYOUTS:
        raise InvalidInput(f"layout {layout!r} is not one of {', '.join(LAYOUTS)}")
    refuse_format(path)


def refuse_format(path: str | Path | None) -> None:
    if path is not None and Path(path).suffix.lower() not in FORMATS:
        raise InvalidInput(f"{str(path)!r} does not end in {' or '.join(FORMATS)}")


def save(picture: Picture, path: Path) -> None:
    """Save the picture; the same picture gives the same bytes, whenever it is saved."""
    from matplotlib import rc_context

    undated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower())
    try:
        with rc_context({"svg.hashsalt": "nonlin"}):
            picture.savefig(path, dpi=2 * picture.dpi, metadata=undated)
    except OSError as failed:
        raise InvalidInput(f"{str(path)!r} cannot be written: {failed.strerror or failed}") from failed


def grid(shapes: Sequence[Shape]) -> Picture:
    """Return one pair of axes a function, as near to a square as the number allows."""
    columns = ceil(sqrt(len(shapes))) if len(shapes) != 3 else 3
    rows = ceil(len(shapes) / columns)
    alone = len(shapes) == 1
    picture = blank((6.4, 4.4) if alone else (3.2 * columns, 2.7 * rows))
    for place, shape in enumerate(shapes, 1):
        axes = bare_axes(picture, rows, columns, place, [shape.value, shape.slope], shape.x)
        colour = LIGHT.series[0]
        drawn = {"f(x)": plot(axes, shape.x, shape.value, shape.kinks, colour, "-")}
        if shape.slope is not None:
            drawn["f′(x)"] = plot(axes, shape.x, shape.slope, shape.kinks, LIGHT.series[4], SLOPE)
        title(axes, shape, 12 if alone else 10.5)
        if alone:
            legend(axes, drawn.items())
    if not alone:
        say_what_is_dashed(picture, any(shape.slope is not None for shape in shapes))
    return picture


def overlay(shapes: Sequence[Shape]) -> Picture:
    """Return all functions in one pair of axes, and all slopes in another beside it."""
    sloped = [shape for shape in shapes if shape.slope is not None]
    picture = blank((10.0 if sloped else 6.4, 4.4))
    parts = [("function", [(shape, shape.value) for shape in shapes])]
    if sloped:
        parts.append(("slope", [(s, s.slope) for s in sloped if s.slope is not None]))
    key = Key(tuple(shape.name for shape in shapes))
    drawn: list[tuple[str, Any]] = []
    for place, (words, curves) in enumerate(parts, 1):
        x = np.concatenate([shape.x for shape, _ in curves])
        axes = bare_axes(picture, 1, len(parts), place, [curve for _, curve in curves], x)
        for shape, curve in curves:
            look = style(shape.name, key, LIGHT)
            line = plot(axes, shape.x, curve, shape.kinks, look.colour, DASHES[look.dash])
            drawn.append((shape.name, line))
        axes.set_title(words, loc="left", fontsize=11, fontweight="bold", color=LIGHT.ink)
    legend(picture.axes[0], drawn[: len(shapes)])
    return picture


def blank(size: tuple[float, float]) -> Picture:
    from nonlin.report.picture import Picture

    return Picture(figsize=size, dpi=100, layout="constrained", facecolor=LIGHT.paper)


def bare_axes(
    picture: Picture, rows: int, columns: int, place: int, curves: Sequence[Array | None], x: Array
) -> Any:
    """Return axes with a light grid, lines through zero, and limits that one steep curve cannot stretch."""
    axes = picture.add_subplot(rows, columns, place)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set(color=LIGHT.grid, linewidth=0.8)
    axes.grid(color=LIGHT.grid, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.axhline(0, color=LIGHT.muted, linewidth=0.8, zorder=1)
    axes.axvline(0, color=LIGHT.muted, linewidth=0.8, zorder=1)
    axes.tick_params(length=0, labelsize=9, labelcolor=LIGHT.muted)
    axes.locator_params(nbins=6)
    axes.set_xlim(float(np.min(x)), float(np.max(x)))
    axes.set_ylim(*limits([curve for curve in curves if curve is not None]))
    return axes


def limits(curves: Sequence[Array]) -> tuple[float, float]:
    """Return the range of the curves, cut where a tenth of their points would take most of the height.

    Examples
    --------
    >>> limits([np.linspace(-1, 1, 101)])
    (-1.12, 1.12)
    """
    heights = np.concatenate([np.asarray(curve, dtype=float) for curve in curves])
    heights = heights[np.isfinite(heights)]
    if not heights.size:
        return -1.0, 1.0
    bottom, top = np.quantile(heights, [0.05, 0.95])
    reach = max(top - bottom, 1e-3 * abs(top), 1e-12)
    low, high = max(heights.min(), bottom - reach), min(heights.max(), top + reach)
    room = 0.06 * (high - low) or 0.5
    return round(float(low - room), 12), round(float(high + room), 12)


def plot(axes: Any, x: Array, y: Array, kinks: Sequence[float], colour: str, stroke: Any) -> Any:
    """Draw a curve piece by piece between its jumps, with dots at the ends of each; return one piece."""
    jumps = [kink for kink in kinks if is_jump(x, y, kink)]
    look = {"color": colour, "linestyle": stroke, "linewidth": 2}
    drawn = [axes.plot(*to_the_ends(x, y, piece, jumps), **look)[0] for piece in pieces(x, jumps)]
    for kink in jumps:
        for end, filled in dots(x, y, kink):
            face = colour if filled else LIGHT.paper
            axes.plot([kink], [end], "o", color=colour, markerfacecolor=face, markersize=5, zorder=4)
    return drawn[0]


def pieces(x: Array, jumps: Sequence[float]) -> Iterator[NDArray[np.bool_]]:
    """Yield which points lie strictly between neighbouring jumps."""
    bounds: list[float] = [-np.inf, *sorted(jumps), np.inf]
    for left, right in pairwise(bounds):
        inside: NDArray[np.bool_] = (x > left) & (x < right)
        if inside.any():
            yield inside


def to_the_ends(x: Array, y: Array, piece: NDArray[np.bool_], jumps: Sequence[float]) -> tuple[Array, Array]:
    """Return the points of a piece, led on to the jumps at its ends."""
    at, height = x[piece], y[piece]
    before = [jump for jump in jumps if jump < at[0]]
    after = [jump for jump in jumps if jump > at[-1]]
    if before:
        at, height = np.append(max(before), at), np.append(limit(x, y, max(before), +1), height)
    if after:
        at, height = np.append(at, min(after)), np.append(height, limit(x, y, min(after), -1))
    return at, height


def limit(x: Array, y: Array, kink: float, side: Literal[-1, 1]) -> float:
    """Return what a curve tends to at a kink from one side: the line through its two nearest points."""
    near = np.flatnonzero(x < kink)[-2:] if side < 0 else np.flatnonzero(x > kink)[:2]
    if len(near) < 2:
        return float(y[near[0]]) if len(near) else float("nan")
    rise = (y[near[1]] - y[near[0]]) / (x[near[1]] - x[near[0]])
    return float(y[near[0]] + rise * (kink - x[near[0]]))


def is_jump(x: Array, y: Array, kink: float) -> bool:
    left, right = limit(x, y, kink, -1), limit(x, y, kink, +1)
    finite = y[np.isfinite(y)]
    return bool(abs(right - left) > JUMP * (np.ptp(finite) if finite.size else 1.0))


def dots(x: Array, y: Array, kink: float) -> Iterator[tuple[float, bool]]:
    """Yield the heights of a jump's dots, and whether each is the stated value."""
    ends = [limit(x, y, kink, -1), limit(x, y, kink, +1)]
    stated = [float(height) for height in y[x == kink]]
    step = abs(ends[1] - ends[0])
    yield from ((end, any(abs(end - height) <= 0.02 * step for height in stated)) for end in ends)
    yield from ((h, True) for h in stated if all(abs(h - end) > 0.02 * step for end in ends))


def title(axes: Any, shape: Shape, size: float) -> None:
    """Write the name, letter by letter, and the formula beside it if matplotlib can set it."""
    axes.set_title(
        shape.name, loc="left", fontsize=size, fontweight="bold", color=LIGHT.ink, parse_math=False
    )
    formula = f"${shape.latex}$" if shape.latex else ""
    if formula and can_be_set(formula):
        axes.set_title(formula, loc="right", fontsize=size - 1.5, color=LIGHT.muted)


def can_be_set(formula: str) -> bool:
    """Return whether matplotlib knows the formula's words, and it is short enough to stand beside a name."""
    from matplotlib.mathtext import MathTextParser

    try:
        width = MathTextParser("agg").parse(formula, dpi=72).width
    except (ValueError, RuntimeError):
        return False
    return bool(width < 190)


def legend(axes: Any, drawn: Iterable[tuple[str, Any]]) -> None:
    """Name the curves letter by letter: matplotlib would read dollar signs and hide a leading underscore."""
    names, lines = zip(*drawn, strict=True)
    places = [str(place) for place in range(len(names))]
    written = axes.legend(lines, places, frameon=False, fontsize=10, labelcolor=LIGHT.ink, handlelength=2.4)
    for text, name in zip(written.get_texts(), names, strict=True):
        text.set_parse_math(False)
        text.set_text(name)


def say_what_is_dashed(picture: Picture, sloped: bool) -> None:
    if sloped:
        picture.supxlabel("solid: f(x)    dashed: f′(x)", fontsize=9.5, color=LIGHT.muted)
