"""Softmax' Jacobian."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

ROWS = (np.array([2.0, 1.0, 0.1]), np.array([0.0, 0.0, 0.0, 0.0]), np.array([-1.0, 3.0]))


def _p(z: np.ndarray) -> np.ndarray:
    return np.asarray(nl.softmax(z))


exercise = Exercise(
    chapter="Rows of numbers",
    order=2,
    title="Softmax' full Jacobian",
    task="""
Softmax mixes its inputs: each output depends on each input. Write `jacobian(z)` for an array of logits: row
i, column j is the derivative of output i by input j.
""",
    starter="""\
import numpy as np


def jacobian(z):
    ...
""",
    asks=(
        Ask(
            "jacobian",
            lambda z: np.asarray(nl.softmax.jacobian(z)),
            "p_i (1 - p_i) on the diagonal, -p_i p_j off it: np.diag(p) - np.outer(p, p).",
            tuple((z,) for z in ROWS),
            (
                Mistake(
                    lambda z: np.diag(_p(z) * (1 - _p(z))),
                    "That is the diagonal alone, as if softmax were elementwise.",
                ),
                Mistake(lambda z: _p(z) * (1 - _p(z)), "That is the diagonal alone: a matrix is asked."),
                Mistake(lambda z: -np.outer(_p(z), _p(z)), "On the diagonal p_i is to be added."),
                Mistake(
                    lambda z: np.diag(_p(z)) + np.outer(_p(z), _p(z)),
                    "The sign off the diagonal: more of one is less of the others.",
                ),
                Mistake(
                    lambda z: np.outer(_p(z), _p(z)) - np.diag(_p(z)),
                    "The sign: a larger logit makes its own share larger.",
                ),
            ),
            tolerance=1e-12,
        ),
    ),
)
