"""PReLU's gradients, by its input and by its slope."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

_DRAW = np.random.default_rng(1)
CASES = (
    (np.array([-2.0, -0.5, 0.0, 3.0]), 0.25, np.array([1.0, 2.0, 4.0, -1.0])),
    (_DRAW.normal(size=6), 0.1, _DRAW.normal(size=6)),
)


def _by_x(x: np.ndarray, alpha: float, g: np.ndarray) -> np.ndarray:
    return g * np.where(x > 0, 1.0, alpha)


def _by_alpha(x: np.ndarray, alpha: float, g: np.ndarray) -> float:
    return float(np.sum(g * nl.prelu.param_grad(x, "weight")))


exercise = Exercise(
    chapter="Slopes",
    order=2,
    title="PReLU's two gradients",
    task="""
PReLU is x above 0 and alpha x from 0 downwards, and alpha is learned. Given the inputs x, alpha, and the
gradient g of the loss by PReLU's outputs (x and g are arrays of equal length), write

    by_x(x, alpha, g)      the gradient of the loss by x, an array
    by_alpha(x, alpha, g)  the gradient of the loss by alpha, one number

At x = 0 take the slope of the left side, alpha.
""",
    starter="""\
import numpy as np


def by_x(x, alpha, g):
    ...


def by_alpha(x, alpha, g):
    ...
""",
    asks=(
        Ask(
            "by_x",
            _by_x,
            "g times the slope: 1 where x > 0, alpha elsewhere.",
            CASES,
            (
                Mistake(
                    lambda x, alpha, g: np.where(x > 0, 1.0, alpha), "That is the slope alone: multiply by g."
                ),
                Mistake(lambda x, alpha, g: g * (x > 0), "Below 0 the slope is alpha, not 0."),
                Mistake(
                    lambda x, alpha, g: g * np.where(x >= 0, 1.0, alpha),
                    "At x = 0 the left side's slope is asked.",
                ),
                Mistake(
                    lambda x, alpha, g: g * np.where(x > 0, x, alpha * x),
                    "That is g times the value: take the slope.",
                ),
            ),
        ),
        Ask(
            "by_alpha",
            _by_alpha,
            "PReLU is alpha x where x < 0, so its derivative by alpha is x there, and 0 elsewhere; sum it with g.",
            CASES,
            (
                Mistake(
                    lambda x, alpha, g: g * np.minimum(x, 0),
                    "All elements share one alpha: sum their gradients.",
                ),
                Mistake(lambda x, alpha, g: float(np.sum(g * x)), "Positive inputs do not depend on alpha."),
                Mistake(lambda x, alpha, g: float(np.sum(np.minimum(x, 0))), "Multiply by g before you sum."),
                Mistake(
                    lambda x, alpha, g: float(np.mean(g * np.minimum(x, 0))),
                    "Sum, do not average: g holds any 1/n.",
                ),
                Mistake(
                    lambda x, alpha, g: float(np.sum(g * alpha * np.minimum(x, 0))),
                    "alpha x differentiated by alpha is x: alpha itself is gone.",
                ),
            ),
        ),
    ),
)
