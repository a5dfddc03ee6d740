"""Competition: the winner takes all."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

ROWS = (np.array([0.2, 1.5, -1.0]), np.array([-3.0, -2.0, -5.0, -2.5]))
G = np.array([1.0, 2.0, 3.0])


def _won(z: np.ndarray) -> np.ndarray:
    return np.where(z == z.max(), z, 0.0)


exercise = Exercise(
    chapter="Rows of numbers",
    order=9,
    title="Winner takes all, and who gets the gradient",
    task="""
Write `compete(z)` for an array without ties: the largest keeps its value, all others become 0. And
`pullback(z, g)`: the gradient by z, given the gradient g by the outputs.
""",
    starter="""\
import numpy as np


def compete(z):
    ...


def pullback(z, g):
    ...
""",
    asks=(
        Ask(
            "compete",
            _won,
            "Keep z where it equals its largest, else 0.",
            tuple((z,) for z in ROWS),
            (
                Mistake(
                    lambda z: (z == z.max()) * 1.0,
                    "The winner keeps its value: that is hardmax, which makes it 1.",
                ),
                Mistake(
                    lambda z: np.maximum(_won(z), 0), "A negative winner keeps its value as well: no ReLU."
                ),
                Mistake(lambda z: float(z.max()), "An array is asked, with zeros for those that lost."),
                Mistake(
                    lambda z: np.asarray(nl.softmax(z)),
                    "That is the soft competition; here the losers get exactly 0.",
                ),
            ),
        ),
        Ask(
            "pullback",
            lambda z, g: g * (z == z.max()),
            "The winner's slope is 1, every other's is 0.",
            ((ROWS[0], G), (np.array([3.0, 1.0, 2.0]), G)),
            (
                Mistake(
                    lambda z, g: g * _won(z),
                    "Multiply g by the slope, which is 1 for the winner, not by the value.",
                ),
                Mistake(lambda z, g: (z == z.max()) * 1.0, "Multiply by g."),
                Mistake(lambda z, g: g, "Only the winner's input has any effect."),
            ),
        ),
    ),
)
