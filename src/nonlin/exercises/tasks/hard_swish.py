"""ReLU6, hard sigmoid, hard swish."""

from __future__ import annotations

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

POINTS = tuple((x,) for x in (-4.0, -3.0, -1.5, 0.0, 1.5, 3.0, 4.0, 8.0))

exercise = Exercise(
    chapter="Values",
    order=7,
    title="ReLU6, hard sigmoid and hard swish, without an exponential",
    task="""
Write three functions of one number, each by the one before:

    relu6(x)         ReLU, cut off at 6
    hard_sigmoid(x)  relu6(x + 3) / 6
    hard_swish(x)    x hard_sigmoid(x)
""",
    starter="""\
def relu6(x):
    ...


def hard_sigmoid(x):
    ...


def hard_swish(x):
    ...
""",
    asks=(
        Ask(
            "relu6",
            lambda x: float(nl.relu6(x)),
            "The larger of x and 0, but no more than 6.",
            POINTS,
            (
                Mistake(lambda x: max(0.0, x), "Cut it off at 6."),
                Mistake(lambda x: min(6.0, x), "Below 0 it is 0."),
                Mistake(lambda x: max(6.0, x), "min and max are exchanged: at most 6."),
            ),
        ),
        Ask(
            "hard_sigmoid",
            lambda x: float(nl.hard_sigmoid(x)),
            "Shift by 3, apply ReLU6, divide by 6: 0.5 at 0.",
            POINTS,
            (
                Mistake(
                    lambda x: min(max(0.2 * x + 0.5, 0.0), 1.0),
                    "That is the older form, with slope 0.2: here it is x / 6.",
                ),
                Mistake(lambda x: min(max(x, 0.0), 6.0) / 6, "Shift by 3 first: hard_sigmoid(0) is 0.5."),
                Mistake(lambda x: min(max(x + 3, 0.0), 6.0), "Divide by 6: its values end at 1."),
            ),
        ),
        Ask(
            "hard_swish",
            lambda x: float(nl.hard_swish(x)),
            "x times your hard sigmoid.",
            POINTS,
            (
                Mistake(lambda x: float(nl.silu(x)), "That is the smooth SiLU: no exponential here."),
                Mistake(lambda x: float(nl.hard_sigmoid(x)), "Multiply by x."),
            ),
        ),
    ),
)
