"""The charts of a study's page, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from statistics import median
from typing import Any

from nonlin.report.page import Axis, Bars, Chart, Intervals, Line, Marks, Panels, Series
from nonlin.report.study_metric import metric_of, ranked, verdict_tag
from nonlin.report.wording import capital, listed

Results = dict[str, Any]
FAR = 10  # times the distance from the best to the middle: farther off is outside the chart
JUMP = 0.3  # of a curve's height between two of 201 points: a smooth activation is not that steep


def ranking(results: Results) -> Chart:
    """Return the paired differences to the reference with their intervals, best mean first."""
    metric, comparison = metric_of(results), results["comparison"]
    reference, side = comparison["reference"], "right" if metric.higher_is_better else "left"
    shown = [(name, one) for name, one in ranked(results) if one.get("difference") or name == reference]
    intervals = Intervals(
        names=tuple(name for name, _ in shown),
        x=tuple((one.get("difference") or {"mean": 0.0})["mean"] for _, one in shown),
        low=tuple(end_of_interval(one, 0) for _, one in shown),
        high=tuple(end_of_interval(one, 1) for _, one in shown),
        judgements=tuple(verdict_tag(one["verdict"]) for _, one in shown),
    )
    better = ("← worse", "better →") if metric.higher_is_better else ("← better", "worse →")
    return Chart(
        title=f"{capital(metric.name)} compared with {reference}, seed by seed",
        description=f"Points are means, lines are {100 * comparison['confidence']:g} % intervals"
        f"{corrected(comparison['comparisons'])}. {side.capitalize()} of zero is better; an interval that "
        "contains zero shows no difference.",
        series=(intervals,),
        x=Axis(
            f"{better[0]}   {metric.difference_unit or 'difference'}   {better[1]}",
            rule=0.0,
            percent=metric.percent,
        ),
        y=Axis(""),
    )


def corrected(comparisons: int) -> str:
    return f", corrected for {comparisons} comparisons" if comparisons > 1 else ""


def end_of_interval(one: Results, end: int) -> float | None:
    interval = (one.get("difference") or {}).get("interval")
    return interval[end] if interval else None


def learning(results: Results) -> Iterator[Chart | Panels]:
    """Return the means of all activations in one chart, and each with its seeds beside the reference."""
    metric, epoch = metric_of(results), Axis("epoch")
    y = Axis(
        metric.name, percent=metric.percent, unit=metric.unit, range=readable(results, "validation_metric")
    )
    scored, lost = list(curves(results, "validation_metric")), list(curves(results, "train_loss"))
    log = positive(lost)
    yield Chart(
        title=f"{capital(metric.name)} on the validation part while training",
        description="Means over the seeds.",
        series=tuple(map(without_band, scored)),
        x=epoch,
        y=y,
    )
    yield Panels(
        title=f"{capital(metric.name)} on the validation part, from seed to seed",
        description="The band reaches from the lowest seed to the highest. The neutral line is the mean of "
        f"{results['comparison']['reference']}. All panels share their axes.",
        charts=tuple(beside_reference(line, scored, results, epoch, y) for line in scored),
    )
    yield Chart(
        title="Loss on the training part",
        description=f"Means over the seeds{', on a logarithmic scale' if log else ''}.",
        series=tuple(map(without_band, lost)),
        x=epoch,
        y=Axis("training loss", log=log),
    )


def without_band(line: Line) -> Line:
    return replace(line, low=(), high=())


def beside_reference(line: Line, lines: list[Line], results: Results, x: Axis, y: Axis) -> Chart:
    reference = results["comparison"]["reference"]
    beside = [without_band(other) for other in lines if other.name == reference != line.name]
    return Chart(line.name, "", (*beside, replace(line, stroke="solid")), x, y)


def times_of(one: Results) -> list[float]:
    curves = one.get("curves") or {}
    return list(curves.get("epochs") or curves.get("steps_or_epochs") or ())


def curves(results: Results, part: str) -> Iterator[Line]:
    for name, one in ranked(results):
        curve = (one.get("curves") or {}).get(part)
        if curve:
            mean, low, high = (tuple(curve.get(end) or ()) for end in ("mean", "low", "high"))
            yield Line(name, tuple(times_of(one)), mean, low, high)


def positive(lines: Sequence[Line]) -> bool:
    numbers = [y for line in lines for y in finite(line.y)]
    return bool(numbers) and min(numbers) > 0


def readable(results: Results, part: str) -> tuple[float, float] | None:
    """Return an axis that leaves the first tenth of training out: it would press the rest into a line."""
    lines = list(curves(results, part))
    late = [
        y for line in lines for y in finite((*line.y[len(line.y) // 10 :], *line.high[len(line.y) // 10 :]))
    ]
    return padded(late) if late else None


def finite(numbers: Iterable[float | None]) -> list[float]:
    return [number for number in numbers if number is not None and isfinite(number)]


def padded(numbers: Sequence[float], margin: float = 0.05) -> tuple[float, float]:
    low, high = min(numbers), max(numbers)
    room = (high - low or abs(high) or 1.0) * margin
    return low - room, high + room


def rates(results: Results) -> Panels:
    """Return the validation metric against the learning rate, a panel an activation."""
    metric = metric_of(results)
    tried = [(name, one) for name, one in ranked(results) if one.get("learning_rates")]
    known = [y for _, one in tried for y in finite(validation_means(one))]
    x = Axis("learning rate", log=True, range=wider([rate for _, one in tried for rate in rates_of(one)]))
    near = without_far_ones(known, metric.higher_is_better)
    reach = padded(near, 0.12) if near else None
    y = Axis(metric.name, percent=metric.percent, unit=metric.unit, range=reach)
    lowest = (reach or (0.0, 1.0))[0]
    cut = " Values much worse than most lie outside; the table has them." if near != known else ""
    panels = [Chart(name, rate_in_words(one), rate_series(name, one, lowest), x, y) for name, one in tried]
    return Panels(
        title=f"{capital(metric.name)} on the validation part against the learning rate",
        description=f"All panels share their axes.{cut}",
        charts=tuple(panels),
    )


def without_far_ones(numbers: list[float], higher_is_better: bool) -> list[float]:
    """Return the numbers that an axis must reach: one failed run must not press all others into a line.

    Examples
    --------
    >>> without_far_ones([0.97, 0.96, 0.90, -3e5], higher_is_better=True)
    [0.97, 0.96, 0.9]
    """
    if not numbers:
        return []
    best, middle = max(numbers) if higher_is_better else min(numbers), median(numbers)
    far = FAR * max(abs(best - middle), 0.02 * abs(best))
    return [number for number in numbers if abs(number - middle) <= far or number == best]


def rates_of(one: Results) -> tuple[float, ...]:
    return tuple(tried["rate"] for tried in one["learning_rates"])


def validation_means(one: Results) -> tuple[float | None, ...]:
    return tuple((tried.get("validation") or {}).get("mean") for tried in one["learning_rates"])


def wider(numbers: Sequence[float]) -> tuple[float, float] | None:
    return (min(numbers) / 1.5, max(numbers) * 1.5) if numbers else None


def rate_series(name: str, one: Results, lowest: float) -> tuple[Series, ...]:
    """Return the line over the rates, the chosen rate, and crosses at the floor where runs diverged."""
    means = dict(zip(rates_of(one), validation_means(one), strict=True))
    chosen = one.get("learning_rate")
    lost = [tried for tried in one["learning_rates"] if tried.get("diverged")]
    series: list[Series] = [Line(name, tuple(means), tuple(means.values()), stroke="solid", points=True)]
    if chosen is not None and means.get(chosen) is not None:
        series.append(Marks(name, (chosen,), (means[chosen],), "chosen", "ring", ("chosen",)))
    if lost:
        notes = tuple(f"{tried['diverged']} diverged" for tried in lost)
        at = tuple(tried["rate"] for tried in lost)
        series.append(Marks(name, at, (lowest,) * len(lost), "diverged", "cross", notes))
    return tuple(series)


def rate_in_words(one: Results) -> str:
    lost = [f"{tried['rate']:g}" for tried in one["learning_rates"] if tried.get("diverged")]
    diverged = f"; runs diverged at {listed(lost)}" if lost else ""
    if one.get("learning_rate") is None:
        return f"none chosen{diverged}"
    at_the_edge = f", the {edge} tried" if (edge := edge_of(one)) else ""
    return f"chosen: {one['learning_rate']:g}{at_the_edge}{diverged}"


def edge_of(one: Results) -> str:
    """Return whether the chosen rate is the lowest or the highest that was tried: a better may lie beyond."""
    rates, chosen = rates_of(one), one["learning_rate"]
    if len(rates) < 2:
        return ""
    return {min(rates): "lowest", max(rates): "highest"}.get(chosen, "")


def cost(results: Results) -> Chart:
    timed = [
        (name, one["step_milliseconds"]) for name, one in ranked(results) if one.get("step_milliseconds")
    ]
    timed.sort(key=lambda pair: pair[1]["median"])
    bars = Bars(
        names=tuple(name for name, _ in timed),
        x=tuple(time["median"] for _, time in timed),
        low=tuple(time.get("low") for _, time in timed),
        high=tuple(time.get("high") for _, time in timed),
    )
    return Chart(
        title="Time of one training step",
        description="Forward, backward and update together, median of the steps measured, fastest first; "
        "whiskers are the quartiles.",
        series=(bars,),
        x=Axis("milliseconds per step"),
        y=Axis(""),
    )


def shapes(results: Results) -> Panels:
    shaped = [(name, one["shape"]) for name, one in ranked(results) if one.get("shape")]
    heights = [y for _, shape in shaped for y in finite((*shape["value"], *shape["slope"]))]
    reach = padded([min(max(y, -6.0), 6.0) for y in heights], 0.12) if heights else None
    panels = [shape_chart(name, shape, reach) for name, shape in shaped]
    return Panels(
        title="The functions and their slopes",
        description="Solid is the function, dashed its slope. All panels share their axes.",
        charts=tuple(panels),
    )


def shape_chart(name: str, shape: Results, reach: tuple[float, float] | None) -> Chart:
    value = broken(name, shape["x"], shape["value"], f"{name}, value")
    slope = broken(name, shape["x"], shape["slope"], f"{name}, slope")
    return Chart(
        title=name,
        description="",
        series=(replace(value, stroke="solid"), replace(slope, stroke="dashed")),
        x=Axis("input", rule=0.0, range=(shape["x"][0], shape["x"][-1])),
        y=Axis("output", rule=0.0, range=reach),
    )


def broken(name: str, x: Sequence[float], y: Sequence[float | None], label: str) -> Line:
    """Return a curve with a gap wherever it jumps: a line there would say that it is steep."""
    points: list[tuple[float | None, float | None]] = list(zip(x, y, strict=True))
    heights = finite(y)
    jump = JUMP * (max(heights) - min(heights)) if heights else 0.0
    for place in range(len(points) - 1, 0, -1):
        (before, low), (after, high) = points[place - 1], points[place]
        if None not in (low, high) and abs((high or 0.0) - (low or 0.0)) > jump > 0:
            points.insert(place, (((before or 0.0) + (after or 0.0)) / 2, None))
    at, height = zip(*points, strict=True)
    return Line(name, at, height, label=label)
