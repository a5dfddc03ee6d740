"""The charts of a study's page, as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isfinite
from typing import Any

from nonlin.report.page import Axis, Bars, Chart, Intervals, Line, Marks, Panels, Series
from nonlin.report.study_metric import metric_of, ranked, verdict_tag
from nonlin.report.wording import capital, listed

Results = dict[str, Any]


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
        description=f"Points are means, lines are {100 * comparison['confidence']:g} % intervals, "
        f"corrected for {comparison['comparisons']} comparisons. {side.capitalize()} of zero is better; an "
        "interval that contains zero shows no difference.",
        series=(intervals,),
        x=Axis(
            f"{better[0]}   {metric.difference_unit or 'difference'}   {better[1]}",
            rule=0.0,
            percent=metric.percent,
        ),
        y=Axis(""),
    )


def end_of_interval(one: Results, end: int) -> float | None:
    interval = (one.get("difference") or {}).get("interval")
    return interval[end] if interval else None


def learning(results: Results) -> Iterator[Chart]:
    metric = metric_of(results)
    band = "Lines are means over the seeds, bands reach from the lowest seed to the highest."
    yield Chart(
        title=f"{capital(metric.name)} on the validation part while training",
        description=band,
        series=tuple(curves(results, "validation_metric")),
        x=Axis("epoch"),
        y=Axis(
            metric.name,
            percent=metric.percent,
            unit=metric.unit,
            range=readable(results, "validation_metric"),
        ),
    )
    yield Chart(
        title="Loss on the training part",
        description=f"{band} The scale is logarithmic." if positive(results, "train_loss") else band,
        series=tuple(curves(results, "train_loss")),
        x=Axis("epoch"),
        y=Axis("training loss", log=positive(results, "train_loss")),
    )


def times_of(one: Results) -> list[float]:
    curves = one.get("curves") or {}
    return list(curves.get("epochs") or curves.get("steps_or_epochs") or ())


def curves(results: Results, part: str) -> Iterator[Line]:
    for name, one in ranked(results):
        curve = (one.get("curves") or {}).get(part)
        if curve:
            mean, low, high = (tuple(curve.get(end) or ()) for end in ("mean", "low", "high"))
            yield Line(name, tuple(times_of(one)), mean, low, high)


def positive(results: Results, part: str) -> bool:
    numbers = [y for line in curves(results, part) for y in (*line.y, *line.low) if y is not None]
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
    y = Axis(
        metric.name, percent=metric.percent, unit=metric.unit, range=padded(known, 0.12) if known else None
    )
    lowest = (y.range or (0.0, 1.0))[0]
    panels = [Chart(name, rate_in_words(one), rate_series(name, one, lowest), x, y) for name, one in tried]
    return Panels(
        title=f"{capital(metric.name)} on the validation part against the learning rate",
        description="All panels share their axes.",
        charts=tuple(panels),
    )


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
    reach = padded([min(max(y, -6.0), 6.0) for y in heights]) if heights else None
    panels = [shape_chart(name, shape, reach) for name, shape in shaped]
    return Panels(
        title="The functions and their slopes",
        description="Solid is the function, dashed its slope. All panels share their axes.",
        charts=tuple(panels),
    )


def shape_chart(name: str, shape: Results, reach: tuple[float, float] | None) -> Chart:
    x = tuple(shape["x"])
    return Chart(
        title=name,
        description="",
        series=(
            Line(name, x, tuple(shape["value"]), label=f"{name}, value", stroke="solid"),
            Line(name, x, tuple(shape["slope"]), label=f"{name}, slope", stroke="dashed"),
        ),
        x=Axis("input", rule=0.0, range=(x[0], x[-1])),
        y=Axis("output", rule=0.0, range=reach),
    )
