"""The gradient of softmax with cross-entropy."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

CASES = (
    (np.array([2.0, 1.0, 0.1]), 0),
    (np.array([2.0, 1.0, 0.1]), 2),
    (np.array([-2.4, 0.9, -0.1]), 1),
    (np.array([1000.0, 0.0]), 1),
)


def _gradient(z: np.ndarray, label: int) -> np.ndarray:
    shares: np.ndarray = np.asarray(nl.softmax(z)) - np.eye(len(z))[label]
    return shares


exercise = Exercise(
    chapter="Rows of numbers",
    order=3,
    title="Cross-entropy after softmax: the gradient by the logits",
    task="""
The loss is -log(p[label]), with p = softmax(z). Write `gradient(z, label)`: its gradient by the logits z,
an array.

By the chain rule it is softmax' Jacobian times the gradient of the logarithm; nearly everything cancels.
""",
    starter="""\
import numpy as np


def gradient(z, label):
    ...
""",
    asks=(
        Ask(
            "gradient",
            _gradient,
            "p - y, with y a 1 at the label and 0 elsewhere. Subtract the largest logit before the exponentials.",
            CASES,
            (
                Mistake(
                    lambda z, label: -_gradient(z, label),
                    "The sign: p - y. Descent then raises the label's logit.",
                ),
                Mistake(
                    lambda z, label: np.asarray(nl.softmax(z)), "y is missing: 1 is taken off at the label."
                ),
                Mistake(
                    lambda z, label: np.asarray(nl.softmax(z)) * _gradient(z, label),
                    "No further slope is needed: softmax' own has cancelled.",
                ),
                Mistake(
                    lambda z, label: -np.eye(len(z))[label] / np.asarray(nl.softmax(z)),
                    "That is the gradient by p; go on through softmax to z.",
                ),
                Mistake(
                    lambda z, label: z - np.eye(len(z))[label], "p - y, with p = softmax(z), not the logits."
                ),
            ),
            tolerance=1e-12,
        ),
    ),
)
