"""Charts drawn in characters: intervals and bars, one line a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from nonlin.report.page import Axis, Bars, Column, Field, Intervals
from nonlin.report.shades import height, scale_of, tick_words
from nonlin.report.wording import spell

LONGEST = 20  # letters of a name beside a chart


def interval_lines(series: Intervals, axis: Axis, width: int) -> Iterator[str]:
    """Yield one line a name: the interval, its point, and the judgement; then the axis below them.

    Examples
    --------
    >>> from nonlin.report.page import Tag
    >>> series = Intervals(("gelu",), (0.5,), (-0.5,), (1.0,), (Tag("no difference"),))
    >>> for line in interval_lines(series, Axis("difference", rule=0.0), 40):
    ...     print(line.rstrip())
    gelu  ├─────│─────●─────┤  no difference
          −0.5              1
          difference
    """
    judged = [tag.text for tag in series.judgements] or [""] * len(series.names)
    names, track = columns(series.names, max(map(len, judged)), width)
    low, high = ends(axis, series.x, series.low, series.high)
    at = places(low, high, track)
    for i, name in enumerate(series.names):
        line = interval(track, at, axis.rule, series.x[i], series.low[i], series.high[i])
        yield f"{cut(name):<{names}}  {line}  {judged[i]}"
    yield from scale(names, track, low, high, axis)


def bar_lines(series: Bars, axis: Axis, width: int) -> Iterator[str]:
    """Yield one line a name: a bar from zero, and its length as a number."""
    names, track = columns(series.names, 8, width)
    longest = max((x for x in series.x if x is not None), default=0.0) or 1.0
    for name, x in zip(series.names, series.x, strict=True):
        bar = "█" * round(track * max(x or 0.0, 0.0) / longest)
        yield f"{cut(name):<{names}}  {bar:<{track}}  {number(x, axis)}"
    yield f"{'':<{names}}  {axis.title}"


DENSITIES = " ░▒▓█"
ROWS = 14


def field_lines(series: Field, x: Axis, y: Axis, width: int) -> Iterator[str]:
    """Yield a field in five densities, its largest y above, then what the densities mean."""
    across = [round(i * (len(series.x) - 1) / (width - 13)) for i in range(width - 12)]
    up = [round(j * (len(series.y) - 1) / (ROWS - 1)) for j in reversed(range(ROWS))]
    _, low, high = scale_of(series)
    for j in up:
        dense = "".join(density(height(series.z[j][i], series.log), low, high) for i in across)
        yield f"{number(series.y[j], y):>10} {dense}"
    left, right = number(series.x[0], x), number(series.x[-1], x)
    yield f"{'':11}{left}{right:>{len(across) - len(left)}}"
    yield f"{'':11}{x.title} to the right, {y.title} upward"
    words = tick_words([low + (high - low) * share for share in (0.1, 0.3, 0.5, 0.7, 0.9)], series.log)
    told = ", ".join(f"{sign!r} {word}" for sign, word in zip(DENSITIES, words, strict=True))
    yield f"{'':11}{series.title}: about {told}; '·' none"


def density(z: float | None, low: float, high: float) -> str:
    if z is None:
        return "·"
    return DENSITIES[min(max(int(5 * (z - low) / (high - low)), 0), 4)]


def columns(names: Iterable[str], right: int, width: int) -> tuple[int, int]:
    """Return how many columns the names take, and how many are left for the track."""
    left = max((len(cut(name)) for name in names), default=0)
    return left, max(width - left - right - 4, 8)


def cut(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def ends(axis: Axis, *numbers: tuple[float | None, ...]) -> tuple[float, float]:
    known = [number for some in (*numbers, (axis.rule,)) for number in some if number is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def places(low: float, high: float, track: int) -> Callable[[float], int]:
    return lambda number: round((number - low) / (high - low) * (track - 1))


def interval(
    track: int,
    at: Callable[[float], int],
    rule: float | None,
    x: float | None,
    low: float | None,
    high: float | None,
) -> str:
    line = [" "] * track
    if low is not None and high is not None:
        line[at(low) : at(high) + 1] = "─" * (at(high) - at(low) + 1)
        line[at(low)], line[at(high)] = "├", "┤"
    if rule is not None:
        line[at(rule)] = "│"
    if x is not None:
        line[at(x)] = "●"
    return "".join(line)


def scale(names: int, track: int, low: float, high: float, axis: Axis) -> Iterator[str]:
    left, right = number(low, axis), number(high, axis)
    yield f"{'':<{names}}  {left}{right:>{track - len(left)}}"
    yield f"{'':<{names}}  {axis.title}"


def number(x: float | None, axis: Axis) -> str:
    return spell(x, Column("", "number", percent=axis.percent)) + (axis.unit if x is not None else "")
