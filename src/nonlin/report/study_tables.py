"""The tables of a study's page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nonlin.report.page import Block, Cell, Column, Details, Settings, Span, Table
from nonlin.report.study_metric import mean_of, metric_of, ranked, seeds_of, verdict_tag
from nonlin.report.wording import capital, duration


def ranking(results: dict[str, Any]) -> Table:
    metric, reference = metric_of(results), results["comparison"]["reference"]
    unit = "pp" if metric.percent else ""
    confidence = f"{100 * results['comparison']['confidence']:g} %"
    columns = (
        Column("activation", "name"),
        metric.column(f"mean {metric.name}", unit=metric.unit, help="Mean over the seeds, on the test part."),
        metric.column("spread", unit=unit, help="Standard deviation over the seeds."),
        metric.column(
            f"difference to {reference}", signed=True, unit=unit, help="Mean of the paired differences."
        ),
        metric.column(f"{confidence} interval", signed=True, unit=unit, help=results["comparison"]["method"]),
        Column("verdict"),
        Column("learning rate", "number", help="The one with the least loss on the validation part."),
        Column(
            "time per step", "number", unit="ms", help="Median of a training step: forward, backward, update."
        ),
        Column(
            "zero slope",
            "number",
            decimals=1,
            percent=True,
            unit="%",
            help="Share of units × validation rows.",
        ),
    )
    rows = tuple(ranking_row(name, one) for name, one in ranked(results))
    return Table("Every activation, best mean first", columns, rows, sortable=True)


def ranking_row(name: str, one: dict[str, Any]) -> tuple[Cell, ...]:
    difference = one.get("difference") or {}
    interval = difference.get("interval")
    return (
        name,
        mean_of(one),
        (one.get("metric") or {}).get("sd"),
        difference.get("mean"),
        Span(*interval) if interval else None,
        verdict_tag(one["verdict"]),
        one.get("learning_rate"),
        (one.get("step_milliseconds") or {}).get("median"),
        mean_of(one, "zero_slope_share"),
    )


def by_seed(results: dict[str, Any]) -> Details:
    metric, seeds = metric_of(results), seeds_of(results)
    columns = (
        Column("activation", "name"),
        *(metric.column(f"seed {seed}", unit=metric.unit) for seed in seeds),
    )
    rows = [(name, *values_by_seed(one, seeds)) for name, one in ranked(results)]
    caption = f"{capital(metric.name)} on the test part, seed by seed"
    return Details("The value of every seed", (Table(caption, columns, tuple(rows), sortable=True),))


def values_by_seed(one: dict[str, Any], seeds: list[str]) -> tuple[Cell, ...]:
    values = (one.get("metric") or {}).get("values") or {}
    return tuple(values.get(seed) for seed in seeds)


def slopes(results: dict[str, Any]) -> Table:
    layers = max(len(slopes_by_layer(one)) for one in results["activations"].values())
    columns = (
        Column("activation", "name"),
        share("zero slope"),
        *(share(f"in layer {layer + 1}") for layer in range(layers)),
        share("units silent on every row"),
        Column("initial gain", "number", decimals=2),
    )
    rows = [(name, *slopes_row(one, layers)) for name, one in ranked(results)]
    return Table("Where the slope is zero after training", columns, tuple(rows), sortable=True)


def share(header: str) -> Column:
    return Column(header, "number", decimals=1, percent=True, unit="%")


def slopes_row(one: dict[str, Any], layers: int) -> tuple[Cell, ...]:
    by_layer = slopes_by_layer(one)
    padded = [*by_layer, *[None] * (layers - len(by_layer))]
    return (mean_of(one, "zero_slope_share"), *padded, silent_share(one), one.get("gain"))


def silent_share(one: dict[str, Any]) -> Cell:
    """Return the share of silent units; it comes alone or, as the mean of its layers, with them."""
    share = one.get("always_zero_share")
    return share.get("mean") if isinstance(share, Mapping) else share


def slopes_by_layer(one: dict[str, Any]) -> list[Cell]:
    return list((one.get("zero_slope_share") or {}).get("by_layer") or ())


def everything(results: dict[str, Any]) -> tuple[Block, ...]:
    """Return every setting, version and circumstance: what a reviewer or a repetition needs."""
    data = {name: value for name, value in results["data"].items() if name != "notes"}
    times = {
        "started": results["started"],
        "finished": results["finished"],
        "time at work": results["seconds"],
    }
    times["time at work"] = duration(results["seconds"])
    return (
        entries("Settings", results["settings"]),
        entries("Data", data),
        entries("Comparison", results["comparison"] | {"metric": results["metric"]["name"]}),
        parameters(results),
        entries("Versions", results["versions"]),
        entries("Machine and time", results["machine"] | times),
    )


def parameters(results: dict[str, Any]) -> Settings:
    named = {name: one.get("parameters") or "none" for name, one in results["activations"].items()}
    return Settings(
        "Parameters of the activations", tuple((name, written(value)) for name, value in named.items())
    )


def entries(caption: str, values: Mapping[str, Any]) -> Settings:
    return Settings(
        caption, tuple((name.replace("_", " "), written(value)) for name, value in values.items())
    )


def written(value: Any) -> str:
    """Return a value as it would be typed.

    Examples
    --------
    >>> written([128, 128]), written({"train": 1077, "test": 360}), written(None), written(1e-5)
    ('128, 128', 'train 1077, test 360', '–', '1e-05')
    """
    if value is None or value == [] or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {written(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(written, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
