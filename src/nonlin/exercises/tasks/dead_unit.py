"""A dead unit, explained and cured."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

POSITIVE = np.array([[1.0], [2.0], [3.0], [4.0], [5.0]])
_DRAW = np.random.default_rng(7)
SPREAD = _DRAW.normal(size=(40, 3))
UNITS = (
    (np.array([-5.0]), 0.0, POSITIVE),
    (np.array([0.5]), -5.0, POSITIVE),
    (np.array([0.5]), -1.0, POSITIVE),
    (np.array([0.1, -0.1, 0.2]), -5.0, SPREAD),
    (np.array([1.0, 1.0, 0.0]), 0.0, SPREAD),
)
DEAD = tuple(unit for unit in UNITS if not np.any(unit[2] @ unit[0] + unit[1] > 0))


def _dead(w: np.ndarray, b: float, X: np.ndarray) -> bool:
    return not bool(np.any(X @ w + b > 0))


def _gradient(w: np.ndarray, b: float, X: np.ndarray, g: np.ndarray) -> np.ndarray:
    return np.asarray((g * nl.relu.grad(X @ w + b)) @ X)


def _judged(got: object, w: np.ndarray, b: float, X: np.ndarray) -> str | None:
    if isinstance(got, bool) or not isinstance(got, float | int):
        return "one number is asked, the new bias"
    share = float(np.mean(X @ w + got > 0))
    return None if 0.25 <= share <= 0.75 else f"the unit is then active on {share:.0%} of the rows"


exercise = Exercise(
    chapter="Networks",
    order=2,
    title="Explain a dead unit, and cure it",
    task="""
A ReLU unit: relu(X w + b) for the rows of X. Write

    is_dead(w, b, X)      True if it is silent on every row
    gradient(w, b, X, g)  the gradient of the loss by w, an array; g is the
                          gradient by the unit's output, row by row
    cured(w, b, X)        a new bias, with which a dead unit is active on a
                          quarter to three quarters of the rows

and explain: `WHY` is the letter of the reason why no training step brings a dead unit back:

    "a"  its weights are too large for the learning rate
    "b"  its slope is 0 on every row, so its gradient is 0 whatever the loss
    "c"  its output is 0, and the loss has no gradient where an output is 0
""",
    starter="""\
import numpy as np


def is_dead(w, b, X):
    ...


def gradient(w, b, X, g):
    ...


def cured(w, b, X):
    ...


WHY = "..."
""",
    asks=(
        Ask(
            "is_dead",
            _dead,
            "Dead is who is at or below 0 on every row: not np.any(X @ w + b > 0), as a bool.",
            UNITS,
            (
                Mistake(
                    lambda w, b, X: bool(np.any(X @ w + b <= 0)),
                    "Silent on some rows is normal; dead is silent on all.",
                ),
                Mistake(lambda w, b, X: bool(np.all(X @ w <= 0)), "The bias is missing."),
                Mistake(
                    lambda w, b, X: bool(b < 0), "A negative bias alone kills no unit: look at every row."
                ),
                Mistake(
                    lambda w, b, X: not _dead(w, b, X),
                    "The other way round: True if it is silent everywhere.",
                ),
            ),
        ),
        Ask(
            "gradient",
            _gradient,
            "Sum over the rows: g times (1 where X w + b > 0, else 0), times the row.",
            tuple((*unit, np.linspace(-1, 2, len(unit[2]))) for unit in UNITS),
            (
                Mistake(lambda w, b, X, g: g @ X, "The slope of ReLU is missing: 0 on silent rows."),
                Mistake(
                    lambda w, b, X, g: (g * np.maximum(X @ w + b, 0)) @ X,
                    "Multiply by the slope, 0 or 1, not by the output.",
                ),
                Mistake(
                    lambda w, b, X, g: _gradient(w, b, X, g) / len(X), "Sum, do not average: g holds any 1/n."
                ),
            ),
        ),
        Ask(
            "cured",
            "a bias with which it is active on 25 % to 75 % of the rows",
            "Choose b so that 0 lies in the middle of X w + b: minus the median of X w.",
            DEAD,
            (
                Mistake(
                    lambda w, b, X: 0.0, "A bias of 0 is no cure where the weights make all rows negative."
                ),
            ),
            judge=_judged,
        ),
        Ask(
            "WHY",
            "b",
            "Look at your gradient function: which factor is 0?",
            mistakes=(
                Mistake("a", "The size of the weights changes nothing: look at your gradient's factors."),
                Mistake(
                    "c", "The loss has a gradient there, your g: it is the unit that does not pass it on."
                ),
            ),
        ),
    ),
)
