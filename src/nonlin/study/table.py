"""A study's results as a table of plain text, for a terminal and for `repr`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def table(results: Mapping[str, Any]) -> str:
    """Return the results as text no wider than about 100 columns: heading, a row each, verdict, notes."""
    rows = [_row(name, results) for name in results["ranking"]]
    header = [
        "activation",
        results["metric"]["name"],
        _difference_header(results),
        "verdict",
        "rate",
        "step",
        "zero slope",
    ]
    lines = [_heading(results), "", *_aligned([header, *rows]), "", results["verdict"]]
    return "\n".join([*lines, *(f"Note: {note}" for note in results["notes"])])


def _heading(results: Mapping[str, Any]) -> str:
    data, seeds = results["data"], len(results["settings"]["seeds"])
    sizes = f"{data['rows']} rows, {data['features']} inputs"
    if data["classes"]:
        sizes += f", {data['outputs']} classes"
    measured = f"{results['metric']['name']} on {data['split']['test']} test rows, {seeds} seeds"
    return f"{results['title']}: {sizes}; {measured}"


def _difference_header(results: Mapping[str, Any]) -> str:
    comparison = results["comparison"]
    return f"difference to {comparison['reference']}, {comparison['confidence']:.0%} interval"


def _row(name: str, results: Mapping[str, Any]) -> list[str]:
    one, percent = results["activations"][name], results["metric"]["name"] == "accuracy"
    zero = one["zero_slope_share"]
    return [
        name,
        _metric(one, percent),
        _difference(one["difference"], percent),
        one["verdict"],
        _rate(one),
        f"{one['step_milliseconds']['median']:.2f} ms" if one["step_milliseconds"] else "-",
        f"{zero['mean']:.0%}" if zero else "-",
    ]


def _rate(one: Mapping[str, Any]) -> str:
    if one["learning_rate"] is None:
        return "-"
    edge = one["learning_rate_edge"]
    return f"{one['learning_rate']:g}" + (f" ({edge} tried)" if edge else "")


def _metric(one: Mapping[str, Any], percent: bool) -> str:
    mean, deviation = one["metric"]["mean"], one["metric"]["sd"]
    if mean is None:
        return "diverged"
    spread = "" if deviation is None else f" ± {100 * deviation:.2f}" if percent else f" ± {deviation:.4f}"
    return (f"{100 * mean:.2f}" if percent else f"{mean:.4f}") + spread + (" %" if percent else "")


def _difference(difference: Mapping[str, Any] | None, percent: bool) -> str:
    if difference is None:
        return ""
    scale, digits = (100, 2) if percent else (1, 4)
    mean, low, high = (scale * value for value in (difference["mean"], *difference["interval"]))
    return f"{mean:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]
