"""tanh is a sigmoid, stretched."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

POINTS = tuple((x,) for x in (-400.0, -2.0, -0.5, 0.0, 0.5, 1.0, 400.0))

exercise = Exercise(
    chapter="Values",
    order=10,
    title="tanh written with a sigmoid",
    task="""
tanh and the sigmoid are one function, stretched and shifted. You may use this one:

    def sigmoid(x): return (1 + math.tanh(x / 2)) / 2

Write `tanh(x)` for one number with `sigmoid` and arithmetic alone.
""",
    starter="""\
import math


def sigmoid(x):
    return (1 + math.tanh(x / 2)) / 2


def tanh(x):
    ...
""",
    asks=(
        Ask(
            "tanh",
            lambda x: float(np.tanh(x)),
            "The sigmoid runs from 0 to 1, tanh from -1 to 1 and is twice as steep in x.",
            POINTS,
            (
                Mistake(
                    lambda x: 2 * float(nl.sigmoid(x)) - 1,
                    "The range is right, the slope is not: stretch x too.",
                ),
                Mistake(
                    lambda x: float(nl.sigmoid(2 * x)),
                    "Now stretch and shift the values from [0, 1] to [-1, 1].",
                ),
                Mistake(lambda x: 2 * float(nl.sigmoid(2 * x)), "Subtract 1: tanh(0) is 0."),
            ),
        ),
    ),
)
