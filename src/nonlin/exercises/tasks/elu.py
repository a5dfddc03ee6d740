"""ELU and its slope."""

from __future__ import annotations

import numpy as np

from nonlin.exercises.exercise import Ask, Exercise, Mistake

CASES = tuple((x, alpha) for alpha in (1.0, 1.5) for x in (-3.0, -0.1, -1e-12, 0.5, 4.0))

exercise = Exercise(
    chapter="Values",
    order=3,
    title="ELU and its slope, exact near 0",
    task="""
Write `elu(x, alpha)` for one number: x above 0, alpha (e^x - 1) below; and `elu_slope(x, alpha)`.

At x = -1e-12 all digits must be right: e^x - 1 loses them, and a function of the math module does not.
""",
    starter="""\
import math


def elu(x, alpha):
    ...


def elu_slope(x, alpha):
    ...
""",
    asks=(
        Ask(
            "elu",
            lambda x, alpha: x if x > 0 else float(alpha * np.expm1(x)),
            "x above 0; alpha times (e^x - 1) below.",
            CASES,
            (
                Mistake(
                    lambda x, alpha: x if x > 0 else float(alpha * (np.exp(x) - 1)),
                    "Near 0 the 1 swallows the digits of e^x - 1: use math.expm1(x).",
                ),
                Mistake(
                    lambda x, alpha: x if x > 0 else float(alpha * np.exp(x)), "Subtract 1: ELU meets 0 at 0."
                ),
                Mistake(lambda x, alpha: x if x > 0 else float(np.expm1(x)), "alpha is missing below 0."),
            ),
            tolerance=1e-14,
            absolute=0.0,
        ),
        Ask(
            "elu_slope",
            lambda x, alpha: 1.0 if x > 0 else float(alpha * np.exp(x)),
            "1 above 0; below, differentiate alpha (e^x - 1).",
            CASES,
            (
                Mistake(
                    lambda x, alpha: 1.0 if x > 0 else float(alpha * np.expm1(x)),
                    "That is the value below 0. The slope is alpha e^x, the value plus alpha.",
                ),
                Mistake(lambda x, alpha: 1.0 if x > 0 else float(np.exp(x)), "alpha is missing below 0."),
            ),
        ),
    ),
)
