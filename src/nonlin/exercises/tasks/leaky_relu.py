"""Leaky ReLU, and what it becomes at both ends of its slope."""

from __future__ import annotations

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

ALPHAS = (0.01, 0.1, 0.0, 1.0)
CASES = tuple((x, alpha) for alpha in ALPHAS for x in (-4.0, -0.5, 0.0, 2.5))

exercise = Exercise(
    chapter="Values",
    order=2,
    title="Leaky ReLU, and its two limits",
    task="""
Write `leaky_relu(x, alpha)` for one number: x above 0, alpha x below.

Then say what it is at the ends: `AT_ALPHA_0` and `AT_ALPHA_1` are names of activations, such as "tanh".
""",
    starter="""\
def leaky_relu(x, alpha):
    ...


AT_ALPHA_0 = "..."
AT_ALPHA_1 = "..."
""",
    asks=(
        Ask(
            "leaky_relu",
            lambda x, alpha: float(nl.leaky_relu(x, negative_slope=alpha)),
            "Two straight lines that meet at 0: slope alpha to the left, slope 1 to the right.",
            CASES,
            (
                Mistake(lambda x, alpha: max(0.0, x), "alpha is never used: negative inputs must leak."),
                Mistake(
                    lambda x, alpha: x if x > 0 else -alpha * x,
                    "The sign is lost: alpha x is negative below 0.",
                ),
                Mistake(lambda x, alpha: x if x > 0 else alpha, "Below 0 it is alpha times x, not alpha."),
                Mistake(
                    lambda x, alpha: alpha * x if x > 0 else x, "The sides are exchanged: it leaks below 0."
                ),
                Mistake(lambda x, alpha: alpha * max(0.0, x), "alpha belongs to the negative side."),
            ),
        ),
        Ask(
            "AT_ALPHA_0",
            "relu",
            "Put alpha = 0 into your formula: what is left below 0?",
            mistakes=(Mistake("identity", "That is the other end: with alpha = 0 nothing leaks."),),
        ),
        Ask(
            "AT_ALPHA_1",
            "identity",
            "Put alpha = 1 into your formula: both sides are the same line. That function has a name of its own.",
            mistakes=(
                Mistake("relu", "That is the other end: with alpha = 1 everything passes."),
                Mistake("linear", "Right in substance; nonlin calls it identity."),
            ),
        ),
    ),
)
