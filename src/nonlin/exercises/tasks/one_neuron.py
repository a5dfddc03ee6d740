"""One neuron's gradient, far from saturation and deep in it."""

from __future__ import annotations

from typing import Any

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

NAMES = ("sigmoid", "tanh", "relu")
CASES = (
    *((name, z, 1.0, 1.0) for name in NAMES for z in (1e-9, -10.0, 2.0)),
    ("sigmoid", 0.5, -2.0, 0.0),
)


def _gradient(name: str, z: float, x: float, y: float) -> float:
    f: Any = nl.get(name)
    return float((f(z) - y) * f.grad(z) * x)


exercise = Exercise(
    chapter="Slopes",
    order=3,
    title="The gradient of one neuron's weight",
    task="""
One neuron: z = w x + b, a = f(z), loss (a - y)^2 / 2. Write `weight_gradient(f, z, x, y)`: the gradient of
the loss by w. f is a name: "sigmoid", "tanh" or "relu".

Then look at the numbers for x = 1, y = 1: at z = 0 and at z = -10, where the answer is as wrong as it can
be. Which neuron still learns there? `LEARNS_AT_MINUS_10` is the name of the one with the largest gradient
in size.
""",
    starter="""\
import math


def weight_gradient(f, z, x, y):
    ...


LEARNS_AT_MINUS_10 = "..."
""",
    asks=(
        Ask(
            "weight_gradient",
            _gradient,
            "The chain rule has three factors: (a - y), f'(z), x.",
            CASES,
            (
                Mistake(
                    lambda f, z, x, y: float((nl.get(f)(z) - y) * x),
                    "f'(z) is missing: that factor is what saturation makes small.",
                ),
                Mistake(lambda f, z, x, y: -_gradient(f, z, x, y), "The sign: a - y, not y - a."),
                Mistake(
                    lambda f, z, x, y: 2 * _gradient(f, z, x, y),
                    "The loss has a factor 1/2, which cancels the 2.",
                ),
                Mistake(
                    lambda f, z, x, y: float((nl.get(f)(z) - y) * nl.get(f).grad(z)),
                    "x is missing: z = w x + b differentiated by w is x.",
                ),
                Mistake(
                    lambda f, z, x, y: float((z - y) * nl.get(f).grad(z) * x),
                    "The error is a - y, with a = f(z), not z.",
                ),
            ),
        ),
        Ask(
            "LEARNS_AT_MINUS_10",
            "sigmoid",
            "Compare weight_gradient(f, -10, 1, 1) of all three: about -4.5e-05, -1.6e-08 and 0.",
            mistakes=(
                Mistake("relu", "ReLU's slope at -10 is exactly 0: it learns nothing there."),
                Mistake(
                    "tanh",
                    "tanh is twice as steep at 0 and saturates twice as fast: its slope at -10 is 8e-09.",
                ),
            ),
        ),
    ),
)
