"""The slopes of sigmoid and tanh, derived."""

from __future__ import annotations

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

POINTS = tuple((x,) for x in (-5.0, -2.0, 0.0, 1.0, 2.0, 5.0))

exercise = Exercise(
    chapter="Slopes",
    order=1,
    title="Derive the slopes of sigmoid and tanh, and evaluate them at 0",
    task="""
Differentiate on paper. Then write `sigmoid_slope(x)` and `tanh_slope(x)` for one number, without a
numerical difference, and state their values at 0: `SIGMOID_AT_0` and `TANH_AT_0`.

Which of the two lets more gradient through a stack of layers?
""",
    starter="""\
import math


def sigmoid_slope(x):
    ...


def tanh_slope(x):
    ...


SIGMOID_AT_0 = ...
TANH_AT_0 = ...
""",
    asks=(
        Ask(
            "sigmoid_slope",
            lambda x: float(nl.sigmoid.grad(x)),
            "With s = 1 / (1 + e^-x), the quotient rule gives s (1 - s).",
            POINTS,
            (
                Mistake(
                    lambda x: float(nl.sigmoid(x)), "That is the sigmoid itself: its slope is s (1 - s)."
                ),
                Mistake(lambda x: float(1 - nl.sigmoid(x)), "A factor s is missing: s (1 - s)."),
                Mistake(
                    lambda x: float(1 - nl.sigmoid(x) ** 2),
                    "That is tanh's pattern, 1 - t^2; the sigmoid's is s (1 - s).",
                ),
                Mistake(lambda x: x * (1 - x), "s (1 - s) is meant of s = sigmoid(x), not of x."),
                Mistake(lambda x: -float(nl.sigmoid.grad(x)), "The sign: the sigmoid rises everywhere."),
            ),
        ),
        Ask(
            "tanh_slope",
            lambda x: float(nl.tanh.grad(x)),
            "With t = tanh(x): 1 - t^2.",
            POINTS,
            (
                Mistake(lambda x: float(nl.tanh(x)), "That is tanh itself: its slope is 1 - t^2."),
                Mistake(
                    lambda x: float(nl.tanh(x) * (1 - nl.tanh(x))),
                    "That is the sigmoid's pattern; tanh's is 1 - t^2.",
                ),
                Mistake(lambda x: float(1 - nl.tanh(x)), "t must be squared: 1 - t^2."),
                Mistake(lambda x: 1 - x**2, "1 - t^2 is meant of t = tanh(x), not of x."),
            ),
        ),
        Ask(
            "SIGMOID_AT_0",
            0.25,
            "sigmoid(0) is 1/2; put that into s (1 - s).",
            mistakes=(
                Mistake(0.5, "That is the value at 0, not the slope."),
                Mistake(1.0, "That is tanh's."),
            ),
        ),
        Ask(
            "TANH_AT_0",
            1.0,
            "tanh(0) is 0; put that into 1 - t^2.",
            mistakes=(
                Mistake(0.0, "That is the value at 0, not the slope."),
                Mistake(0.25, "That is the sigmoid's."),
            ),
        ),
    ),
)
