"""Paired differences: how large, how sure, and what may be said of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nonlin.errors import require

Verdict = Literal["reference", "better", "worse", "no difference shown"]


@dataclass(frozen=True)
class Interval:
    """A mean difference with the interval that holds the true one.

    Attributes
    ----------
    mean, low, high : float
    """

    mean: float
    low: float
    high: float


def paired_interval(
    differences: Sequence[float], confidence: float = 0.95, comparisons: int = 1, resolution: float = 0.0
) -> Interval:
    """Return the mean of paired differences with its Bonferroni-corrected t interval.

    The half-width is t(1 - a/2, n - 1) s / sqrt(n) with a = (1 - confidence) / comparisons: all
    intervals of a study hold at once with probability `confidence`.

    Parameters
    ----------
    differences : sequence of float
        One for each seed; at least two.
    confidence : float
        Between 0 and 1.
    comparisons : int
        How many intervals are made in all.
    resolution : float
        The smallest step of the metric, such as 1 / (test rows) for an accuracy. Differences that are
        all equal say nothing of their spread, which may be hidden below this step: half a step is then taken
        for it, and the interval reaches a whole step to either side at least. 0: the metric is continuous.

    Raises
    ------
    ValueError
        If there are fewer than two differences.

    References
    ----------
    Student (1908), "The probable error of a mean", Biometrika 6: his ten pairs, extra hours of sleep.

    Examples
    --------
    >>> sleep = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    >>> interval = paired_interval(sleep)
    >>> round(interval.mean, 2), round(interval.low, 2), round(interval.high, 2)
    (1.58, 0.7, 2.46)
    """
    values = np.asarray(differences, dtype=np.float64)
    if len(values) < 2:
        raise ValueError(f"an interval needs at least 2 differences, not {len(values)}")
    mean, spread, least = float(values.mean()), float(values.std(ddof=1)), 0.0
    if np.ptp(values) <= 1e-12 * np.abs(values).max():  # equal but for rounding
        spread, least = (resolution / 2, resolution) if mean else (0.0, 0.0)
    quantile = require("scipy.stats", "study").t.ppf(1 - (1 - confidence) / comparisons / 2, len(values) - 1)
    half = max(float(quantile) * spread / math.sqrt(len(values)), least)
    return Interval(mean, mean - half, mean + half)


def verdict(interval: Interval, higher_is_better: bool = True) -> Verdict:
    """Return what an interval of differences to the reference shows; an interval that holds 0 shows nothing.

    Examples
    --------
    >>> verdict(Interval(0.2, 0.1, 0.3)), verdict(Interval(0.2, 0.1, 0.3), higher_is_better=False)
    ('better', 'worse')
    >>> verdict(Interval(0.2, -0.1, 0.5))
    'no difference shown'
    """
    if interval.low <= 0 <= interval.high:
        return "no difference shown"
    return "better" if (interval.low > 0) == higher_is_better else "worse"
