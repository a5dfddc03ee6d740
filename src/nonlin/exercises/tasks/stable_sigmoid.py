"""The sigmoid without overflow."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

POINTS = tuple((x,) for x in (-1000.0, -745.0, -40.0, -5.0, -2.0, 0.0, 2.0, 5.0, 1000.0))

exercise = Exercise(
    chapter="Values",
    order=8,
    title="The sigmoid that never overflows",
    task="""
Write `sigmoid(x)` for one number, by math or np: 1 / (1 + e^-x).

At x = -1000 the formula as it stands overflows, since e^1000 is beyond every float64. Yours must not:
branch on the sign of x, so that the exponential is never of a positive number. At x = -40 all digits must
be right.
""",
    starter="""\
import math


def sigmoid(x):
    ...
""",
    asks=(
        Ask(
            "sigmoid",
            lambda x: float(nl.sigmoid(x)),
            "For x >= 0: 1 / (1 + e^-x). For x < 0 multiply numerator and denominator by e^x.",
            POINTS,
            (
                Mistake("OverflowError", "e^-x overflows for very negative x: there, write e^x / (1 + e^x)."),
                Mistake(
                    "FloatingPointError", "e^-x overflows for very negative x: there, write e^x / (1 + e^x)."
                ),
                Mistake(
                    lambda x: 1 - float(1 / (1 + np.exp(-abs(x)))) if x < 0 else float(nl.sigmoid(x)),
                    "1 - sigmoid(-x) loses all digits where it is small: for x < 0 write e^x / (1 + e^x).",
                ),
                Mistake(
                    lambda x: float(nl.sigmoid(max(x, -500.0))),
                    "Clipping x changes the answer in the tail: e^x itself never overflows for x < 0.",
                ),
                Mistake(lambda x: float(nl.sigmoid(-x)), "The sign: the sigmoid rises from 0 to 1."),
                Mistake(
                    lambda x: float(nl.tanh(x)), "That is tanh: the sigmoid's values lie between 0 and 1."
                ),
            ),
            tolerance=1e-13,
            absolute=1e-320,
        ),
    ),
    raises_on_overflow=True,
)
