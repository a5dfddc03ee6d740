"""Swish, and where it is least."""

from __future__ import annotations

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

CASES = tuple((x, beta) for beta in (1.0, 0.5, 2.0) for x in (-3.0, -1.0, 0.0, 1.0, 4.0))

exercise = Exercise(
    chapter="Values",
    order=6,
    title="Swish, and its lowest point",
    task="""
Write `swish(x, beta)` for one number: x sigmoid(beta x). With beta = 1 it is also called SiLU.

It is not monotone. Find `LOWEST_X` and `LOWEST_Y`, the place and the value of the minimum of swish with
beta = 1, to four digits.
""",
    starter="""\
import math


def swish(x, beta):
    ...


LOWEST_X = ...
LOWEST_Y = ...
""",
    asks=(
        Ask(
            "swish",
            lambda x, beta: x * float(nl.sigmoid(beta * x)),
            "x times 1 / (1 + e^(-beta x)).",
            CASES,
            (
                Mistake(lambda x, beta: x * float(nl.sigmoid(x)), "beta is never used."),
                Mistake(
                    lambda x, beta: float(nl.sigmoid(beta * x)),
                    "Multiply by x: the input is gated by its own sigmoid.",
                ),
                Mistake(
                    lambda x, beta: beta * x * float(nl.sigmoid(beta * x)),
                    "beta belongs inside the sigmoid alone.",
                ),
                Mistake(
                    lambda x, beta: x * float(nl.sigmoid(-beta * x)), "The sign in the exponent: e^(-beta x)."
                ),
            ),
        ),
        Ask(
            "LOWEST_X",
            -1.2784645427610738,
            "Where the slope s + x s (1 - s) is 0, that is 1 + x (1 - s) = 0: halve an interval from -2 to -1.",
            mistakes=(
                Mistake(-0.2784645427610738, "That is the least value; here the place is asked."),
                Mistake(1.2784645427610738, "It lies to the left of 0."),
            ),
            tolerance=1e-4,
        ),
        Ask(
            "LOWEST_Y",
            -0.2784645427610738,
            "swish(LOWEST_X, 1).",
            mistakes=(Mistake(-1.2784645427610738, "That is the place; here the value is asked."),),
            tolerance=5e-5,
        ),
    ),
)
