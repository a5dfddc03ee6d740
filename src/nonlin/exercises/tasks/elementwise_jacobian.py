"""An elementwise function's Jacobian is diagonal."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

X = np.array([-2.0, 0.5, 3.0])
G = np.array([1.0, -2.0, 0.5])

exercise = Exercise(
    chapter="Slopes",
    order=5,
    title="The Jacobian of an elementwise function, and the pullback without it",
    task="""
For tanh applied to each element of an array x, write

    jacobian(x)     the matrix of all derivatives: row i, column j is the
                    derivative of output i by input j
    pullback(x, g)  the gradient by x, given the gradient g by the outputs,
                    without ever making that matrix
""",
    starter="""\
import numpy as np


def jacobian(x):
    ...


def pullback(x, g):
    ...
""",
    asks=(
        Ask(
            "jacobian",
            lambda x: nl.tanh.jacobian(x),
            "Output i depends on input i alone: a diagonal matrix of the slopes 1 - tanh(x)^2.",
            ((X,), (G,)),
            (
                Mistake(
                    lambda x: 1 - np.tanh(x) ** 2,
                    "These are the slopes; put them on the diagonal of a matrix (np.diag).",
                ),
                Mistake(lambda x: np.diag(np.tanh(x)), "The diagonal holds the slopes, not the values."),
                Mistake(
                    lambda x: np.outer(1 - np.tanh(x) ** 2, 1 - np.tanh(x) ** 2), "Off the diagonal all is 0."
                ),
            ),
        ),
        Ask(
            "pullback",
            lambda x, g: nl.tanh.vjp(x, g),
            "Multiply element by element: g times the slope.",
            ((X, G), (G, X)),
            (
                Mistake(lambda x, g: g * np.tanh(x), "Multiply g by the slope, not by the value."),
                Mistake(lambda x, g: 1 - np.tanh(x) ** 2, "g is missing."),
                Mistake(
                    lambda x, g: float(np.sum(g * (1 - np.tanh(x) ** 2))),
                    "Do not sum: one gradient for each input.",
                ),
            ),
        ),
    ),
)
