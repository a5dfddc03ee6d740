"""Softmax without overflow, with a temperature."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

ROWS = (np.array([2.0, 1.0, 0.1]), np.array([-2.4, 0.9, -0.1]), np.array([1000.0, 999.0, -1000.0]))
CASES = tuple((z, temperature) for z in ROWS for temperature in (1.0, 0.5, 4.0))


def _plain(z: np.ndarray, temperature: float) -> np.ndarray:
    return np.asarray(nl.softmax(z / temperature))


exercise = Exercise(
    chapter="Rows of numbers",
    order=1,
    title="Softmax that never overflows, with a temperature",
    task="""
Write `softmax(z, temperature)` for an array of logits: e^(z_i / temperature), divided by their sum.

e^1000 overflows. Subtracting one number from all logits changes nothing in the result: which one makes
every exponential at most 1?
""",
    starter="""\
import numpy as np


def softmax(z, temperature):
    ...
""",
    asks=(
        Ask(
            "softmax",
            _plain,
            "Divide by the temperature, subtract the largest, take exponentials, divide by their sum.",
            CASES,
            (
                Mistake("FloatingPointError", "An exponential overflows: subtract the largest logit first."),
                Mistake("OverflowError", "An exponential overflows: subtract the largest logit first."),
                Mistake(lambda z, temperature: np.asarray(nl.softmax(z)), "The temperature is never used."),
                Mistake(
                    lambda z, temperature: _plain(z, 1 / temperature),
                    "Divide by the temperature, do not multiply: high is soft.",
                ),
                Mistake(
                    lambda z, temperature: np.exp(z / temperature - np.max(z / temperature)),
                    "Divide by the sum, so that all add to 1.",
                ),
                Mistake(
                    lambda z, temperature: z / temperature / np.sum(z / temperature),
                    "The exponential is missing.",
                ),
                Mistake(
                    lambda z, temperature: _plain(z, 1.0) / temperature,
                    "The temperature divides the logits, not the result.",
                ),
            ),
            tolerance=1e-12,
        ),
    ),
    raises_on_overflow=True,
)
