"""What the final trials say: each activation's metric, its difference to the reference, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nonlin.study.statistics import Interval, Verdict, paired_interval, verdict

Values = Mapping[int, float | None]  # by seed; None: diverged


@dataclass(frozen=True)
class Comparison:
    """One activation against the reference.

    Attributes
    ----------
    values : mapping of int to float or None
        The metric on the test part by seed; None where the trial diverged.
    difference : Interval or None
        To the reference, over the seeds where both finished; None for the reference, or if fewer than two.
    verdict : str
    reason : str or None
        Why the verdict is not the interval's alone.
    """

    values: Values
    difference: Interval | None
    verdict: Verdict
    reason: str | None = None

    @property
    def finished(self) -> list[float]:
        return [value for value in self.values.values() if value is not None]

    @property
    def mean(self) -> float | None:
        return float(np.mean(self.finished)) if self.finished else None

    @property
    def deviation(self) -> float | None:
        return float(np.std(self.finished, ddof=1)) if len(self.finished) > 1 else None

    @property
    def diverged(self) -> int:
        return len(self.values) - len(self.finished)


def compare(
    values: Mapping[str, Values], reference: str, confidence: float, resolution: float
) -> dict[str, Comparison]:
    """Compare each activation with the reference, seed by seed; higher values are better.

    Parameters
    ----------
    values : mapping of str to mapping
        The metric by activation and seed.
    resolution : float
        Smallest step of the metric; see `paired_interval`.
    """
    comparisons = max(1, len(values) - 1)
    return {
        name: Comparison(own, None, "reference")
        if name == reference
        else _against(own, values[reference], confidence, comparisons, resolution)
        for name, own in values.items()
    }


def _against(
    own: Values, reference: Values, confidence: float, comparisons: int, resolution: float
) -> Comparison:
    pairs = [(a, b) for seed, a in own.items() if a is not None and (b := reference[seed]) is not None]
    lost, lost_by_reference = _diverged(own), _diverged(reference)
    if lost == len(own):
        return Comparison(own, None, "worse", f"It diverged in all {lost} trials.")
    if len(pairs) < 2:
        return Comparison(
            own, None, "no difference shown", "Fewer than two seeds finished with both activations."
        )
    interval = paired_interval([a - b for a, b in pairs], confidence, comparisons, resolution)
    shown = verdict(interval)
    if not lost and not lost_by_reference:
        return Comparison(own, interval, shown)
    reason = f"It diverged in {lost} of {len(own)} trials, the reference in {lost_by_reference}."
    survivors_mislead = {"better": lost > lost_by_reference, "worse": lost < lost_by_reference}
    return Comparison(own, interval, "no difference shown" if survivors_mislead.get(shown) else shown, reason)


def _diverged(values: Values) -> int:
    return sum(value is None for value in values.values())


def ranking(compared: Mapping[str, Comparison]) -> list[str]:
    """Return the names by mean metric, best first; what diverged stands behind what did not."""
    return sorted(compared, key=lambda name: (compared[name].diverged, -_mean_or_last(compared[name])))


def _mean_or_last(one: Comparison) -> float:
    return -math.inf if one.mean is None else one.mean


def sentence(compared: Mapping[str, Comparison], reference: str, data: str) -> str:
    """Say in one sentence what was shown."""
    by_verdict: dict[str, list[str]] = {"better": [], "worse": [], "no difference shown": []}
    for name in ranking(compared):
        if name != reference:
            by_verdict[compared[name].verdict].append(name)
    shown = [
        f"{_and(names)} {'is' if len(names) == 1 else 'are'} shown to be {word} than {reference}"
        for word, names in by_verdict.items()
        if names and word != "no difference shown"
    ]
    if len(compared) == 1:
        return f"Only {reference} was trained on {data}; there is nothing to compare it with."
    if not shown:
        return f"No activation is shown to differ from {reference} on {data}."
    rest = by_verdict["no difference shown"]
    last = f"; for {_and(rest)} no difference is shown" if rest else ""
    told = ", and ".join(shown)
    return f"On {data}, {told}{last}."


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
