"""ReLU with max alone."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake
from nonlin.exercises.rules import calls_only

POINTS = ((-3.0,), (0.0,), (0.5,), (-1e-300,), (1e300,), (-np.inf,), (np.inf,))

exercise = Exercise(
    chapter="Values",
    order=1,
    title="ReLU of one number, with max alone",
    task="""
Write `relu(x)` for one number: 0 below 0, x itself above.

Use Python's max (or np.maximum) and nothing else: no if, no comparison, no abs.
""",
    starter="""\
def relu(x):
    ...
""",
    asks=(
        Ask(
            "relu",
            lambda x: float(nl.relu(x)),
            "ReLU keeps the larger one of two numbers. Which two?",
            POINTS,
            (
                Mistake(lambda x: min(0.0, x), "That keeps the smaller of the two: ReLU keeps the larger."),
                Mistake(
                    abs, "That is the absolute value: ReLU is 0 for every negative input, not its mirror."
                ),
                Mistake(lambda x: x, "That is the identity: negative inputs must become 0."),
                Mistake(lambda x: max(1.0, x), "Compare with 0."),
                Mistake(
                    lambda x: float(x > 0), "That is ReLU's slope (a step). The value above 0 is x itself."
                ),
            ),
        ),
    ),
    rule=calls_only("relu", "max", "maximum"),
)
