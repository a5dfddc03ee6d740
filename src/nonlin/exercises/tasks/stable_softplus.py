"""Softplus without overflow, and its slope."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

POINTS = tuple((x,) for x in (-1000.0, -40.0, -1.0, 0.0, 1.0, 40.0, 1000.0))

exercise = Exercise(
    chapter="Values",
    order=9,
    title="Softplus that never overflows",
    task="""
Write `softplus(x)` for one number: log(1 + e^x), without an overflow at 1000 and without losing digits at
-40.

    max(x, 0) + log(1 + e^-|x|)

is one way, if the logarithm is taken by the right function of the math module.

Then `SLOPE`: the name of the activation that is softplus' slope.
""",
    starter="""\
import math


def softplus(x):
    ...


SLOPE = "..."
""",
    asks=(
        Ask(
            "softplus",
            lambda x: float(nl.softplus(x)),
            "max(x, 0) + log1p(exp(-abs(x))).",
            POINTS,
            (
                Mistake(
                    "OverflowError", "e^x overflows at 1000: take max(x, 0) out, so that e^-|x| is left."
                ),
                Mistake(
                    "FloatingPointError", "e^x overflows at 1000: take max(x, 0) out, so that e^-|x| is left."
                ),
                Mistake(
                    lambda x: max(x, 0.0) + float(np.log(1 + np.exp(-abs(x)))),
                    "1 + e^-40 is 1 in float64, so its logarithm is 0: use math.log1p.",
                ),
                Mistake(lambda x: max(x, 0.0), "That is ReLU, which softplus rounds off."),
                Mistake(lambda x: float(np.log1p(np.exp(-abs(x)))), "max(x, 0) is missing."),
            ),
            tolerance=1e-13,
            absolute=0.0,
        ),
        Ask(
            "SLOPE",
            "sigmoid",
            "Differentiate log(1 + e^x) by the chain rule: e^x / (1 + e^x).",
            mistakes=(
                Mistake(
                    "softplus",
                    "That is the exponential's habit: differentiate log(1 + e^x) by the chain rule.",
                ),
                Mistake(
                    "relu", "ReLU is what softplus rounds off; its slope is what rounds off ReLU's slope."
                ),
            ),
        ),
    ),
    raises_on_overflow=True,
)
