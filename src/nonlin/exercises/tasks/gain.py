"""The gain of an activation, and the weights that belong to it."""

from __future__ import annotations

from typing import Any

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

NAMES = tuple((name,) for name in ("relu", "tanh", "gelu", "selu"))
DEVIATIONS = tuple((name, fan_in) for name in ("relu", "gelu") for fan_in in (64, 1000))


def _gain(name: str) -> float:
    activation: Any = nl.get(name)
    return float(activation.facts.gain)


exercise = Exercise(
    chapter="Networks",
    order=5,
    title="Which weights keep the signal's size: the gain",
    task="""
The gain of an activation f is 1 / sqrt(E[f(x)^2]) for standard normal x: weights of standard deviation gain
/ sqrt(fan_in) keep the second moment of the signal at 1 through depth.

    gain(f)                of "relu", "tanh", "gelu" or "selu", to three digits;
                           measure or integrate
    deviation(f, fan_in)   the standard deviation of the weights
    signal(f, depth)       what is left of the second moment after depth layers,
                           if the weights have deviation 1 / sqrt(fan_in)
                           instead and f is "relu"
""",
    starter="""\
import math

import numpy as np


def gain(f):
    ...


def deviation(f, fan_in):
    ...


def signal(f, depth):
    ...
""",
    asks=(
        Ask(
            "gain",
            _gain,
            "Average f(x)^2 over a fine grid with the normal density as weight, then 1 / sqrt of it.",
            NAMES,
            (
                Mistake(
                    lambda f: 2**0.5,
                    "sqrt(2) is ReLU's gain alone: the others have their own second moments.",
                ),
                Mistake(
                    lambda f: _gain(f) ** 2,
                    "Take the square root: the gain multiplies the deviation, not the variance.",
                ),
                Mistake(lambda f: 1 / _gain(f), "The reciprocal: the gain makes good what f takes away."),
                Mistake(
                    lambda f: {"relu": 2**0.5, "tanh": 5 / 3, "selu": 0.75}.get(f, _gain(f)),
                    "These are the constants that frameworks list; 5/3 and 3/4 are not 1 / sqrt(E[f^2]).",
                ),
            ),
            tolerance=2e-3,
        ),
        Ask(
            "deviation",
            lambda f, fan_in: _gain(f) / fan_in**0.5,
            "gain / sqrt(fan_in).",
            DEVIATIONS,
            (
                Mistake(
                    lambda f, fan_in: _gain(f) / fan_in,
                    "The variance falls with fan_in, the deviation with its root.",
                ),
                Mistake(lambda f, fan_in: _gain(f) ** 2 / fan_in, "That is the variance."),
                Mistake(lambda f, fan_in: fan_in**-0.5, "The gain is missing."),
            ),
            tolerance=2e-4,
        ),
        Ask(
            "signal",
            lambda f, depth: 0.5**depth,
            "ReLU leaves half of the second moment at each layer.",
            (("relu", 1), ("relu", 10)),
            (
                Mistake(lambda f, depth: 2.0**-1, "Once for each layer."),
                Mistake(
                    lambda f, depth: 0.5 ** (depth / 2),
                    "That is the size, its root; the second moment is asked.",
                ),
                Mistake(lambda f, depth: 1.0, "That is so with the gain; here it is left out."),
            ),
        ),
    ),
)
