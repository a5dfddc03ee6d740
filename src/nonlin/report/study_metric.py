"""How the metric of a study is spelled: its unit, its decimals, which side is better."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any

from nonlin.report.page import Cell, Column, Tag, Tone
from nonlin.report.wording import meaningful_decimals, spell

TONES: dict[str, Tone] = {"better": "good", "worse": "bad"}


@dataclass(frozen=True)
class Metric:
    """A metric as it is shown; a share is shown in percent, and its differences in percentage points."""

    name: str
    percent: bool
    decimals: int
    higher_is_better: bool

    @property
    def unit(self) -> str:
        return "%" if self.percent else ""

    @property
    def difference_unit(self) -> str:
        return "percentage points" if self.percent else ""

    def column(self, header: str, **options: Any) -> Column:
        return Column(header, "number", decimals=self.decimals, percent=self.percent, **options)

    def value(self, number: Cell) -> str:
        """Return a value with its unit, such as "97.2 %"."""
        return f"{spell(number, self.column(self.name))} {self.unit}".strip()

    def difference(self, number: Cell) -> str:
        """Return a difference, or an interval of one, with its unit, such as "+0.3 percentage points"."""
        return f"{spell(number, self.column(self.name, signed=True))} {self.difference_unit}".strip()


def metric_of(results: dict[str, Any]) -> Metric:
    """Return how this study's metric is shown, with as many decimals as its spread over seeds allows."""
    metric = results["metric"]
    percent = metric.get("unit") == "share" and metric["name"] != "R2"  # R2 can be negative: never in percent
    spreads = [one["metric"].get("sd") for one in results["activations"].values() if one.get("metric")]
    spread = median([sd for sd in spreads if sd] or [0.0])
    decimals = meaningful_decimals(spread * (100 if percent else 1), most=4)
    return Metric(metric["name"], percent, decimals, bool(metric.get("higher_is_better", True)))


def ranked(results: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the activations with their results, best first, those that could not be ranked last."""
    activations = results["activations"]
    first = [name for name in results["ranking"] if name in activations]
    return [(name, activations[name]) for name in (*first, *(n for n in activations if n not in first))]


def mean_of(one: dict[str, Any], part: str = "metric") -> float | None:
    return (one.get(part) or {}).get("mean")


def seeds_of(results: dict[str, Any]) -> list[str]:
    """Return every seed that a value belongs to, in order."""
    values = [(one.get("metric") or {}).get("values") or {} for one in results["activations"].values()]
    return sorted({seed for by_seed in values for seed in by_seed}, key=lambda seed: (len(seed), seed))


def verdict_tag(verdict: str) -> Tag:
    return Tag(verdict, TONES.get(verdict, "neutral"))
