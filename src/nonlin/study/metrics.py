"""How good predictions are: accuracy for classes, R2 and RMSE for numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nonlin.study.settings import Task


@dataclass(frozen=True)
class Metric:
    """What activations are compared by.

    Attributes
    ----------
    name, unit, explanation : str
    higher_is_better : bool
    """

    name: str
    unit: str
    explanation: str
    higher_is_better: bool = True


ACCURACY = Metric("accuracy", "share", "The share of rows whose class is predicted rightly.")
R2 = Metric(
    "R2",
    "",
    "The share of the target's variance that is predicted: 1 is perfect, 0 is no better than its mean.",
)


def metric_of(task: Task) -> Metric:
    return ACCURACY if task == "classification" else R2


@dataclass(frozen=True)
class Score:
    """The metric and the loss on some rows; for regression also the error in standardised units."""

    metric: float
    loss: float
    rmse: float | None = None

    @property
    def is_finite(self) -> bool:
        return math.isfinite(self.metric) and math.isfinite(self.loss)

    def told(self, target_scale: float) -> dict[str, float]:
        """Return the numbers by name, with the root mean square error in the target's own unit."""
        told = {"metric": self.metric, "loss": self.loss}
        return told if self.rmse is None else told | {"rmse": self.rmse * target_scale}


def is_better(new: Score, old: Score) -> bool:
    """Return whether a score is better: by loss, which moves smoothly where accuracy jumps by whole rows."""
    return new.loss < old.loss


def score(output: NDArray[Any], y: NDArray[Any], loss: float, task: Task) -> Score:
    """Score a network's outputs, shape (rows, outputs), against the truth."""
    if not np.isfinite(output).all():
        return Score(math.nan, math.nan)
    if task == "classification":
        return Score(float(np.mean(output.argmax(axis=1) == y)), loss)
    truth, predicted = y.astype(np.float64), output[:, 0].astype(np.float64)
    residual, total = np.mean((truth - predicted) ** 2), np.mean((truth - truth.mean()) ** 2)
    return Score(float(1 - residual / total), loss, float(np.sqrt(residual)))
