"""Gradients through three layers, of sigmoids and of ReLUs."""

from __future__ import annotations

from typing import Any

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

_DRAW = np.random.default_rng(2)
WEIGHTS = [_DRAW.normal(size=shape) * 0.7 for shape in ((5, 3), (4, 5), (1, 4))]
INPUTS = _DRAW.normal(size=(4, 3))
CASES = tuple((WEIGHTS, INPUTS, name) for name in ("sigmoid", "relu"))


def _landscape(weights: list[np.ndarray], X: np.ndarray, f: str) -> np.ndarray:
    activation: Any = nl.get(f)
    return _through(weights, X, activation.grad, activation)


def _through(weights: Any, X: Any, slope: Any, f: Any) -> np.ndarray:
    rows = []
    for x in X:
        a, jacobian = x, np.eye(len(x))
        for W in weights:
            z = W @ a
            a, jacobian = f(z), slope(z)[:, None] * (W @ jacobian)
        rows.append(np.linalg.norm(jacobian))
    return np.array(rows)


exercise = Exercise(
    chapter="Slopes",
    order=4,
    title="A gradient landscape: how much gradient reaches the input",
    task="""
A network without biases: a = x, then a = f(W a) for each matrix W of a list, the last of which has one row.
Write `landscape(weights, X, f)`: for each row x of X the length (Euclidean norm) of the gradient of the
output by x, an array. f is "sigmoid" or "relu"; take ReLU's slope at 0 as 0.

Then `nested_slope(x, depth)`: the slope at x of the sigmoid applied depth times; and `BOUND`: the largest
slope that the sigmoid applied three times could have by the chain rule, if each of its factors were the
largest.
""",
    starter="""\
import numpy as np


def landscape(weights, X, f):
    ...


def nested_slope(x, depth):
    ...


BOUND = ...
""",
    asks=(
        Ask(
            "landscape",
            _landscape,
            "Per row: begin with g = 1 at the output and go back, g = W.T @ (g * f'(z)), with each layer's own z; "
            "then the norm of g.",
            CASES,
            (
                Mistake(
                    lambda weights, X, f: _through(weights, X, np.ones_like, nl.get(f)),
                    "The slopes f'(z) are missing: without them the network is linear.",
                ),
                Mistake(
                    lambda weights, X, f: _landscape(weights, X, f) ** 2,
                    "That is the square of the length: take the root.",
                ),
                Mistake(
                    lambda weights, X, f: _through(weights, X, nl.sigmoid.grad, nl.sigmoid),
                    "f is never used: that is the sigmoid's in each case.",
                ),
            ),
        ),
        Ask(
            "nested_slope",
            lambda x, depth: _nested(x, depth),
            "A product of depth slopes, each taken where the one before has arrived.",
            ((0.0, 1), (0.0, 3), (2.0, 3), (5.0, 3), (0.0, 10)),
            (
                Mistake(
                    lambda x, depth: float(nl.sigmoid.grad(x)) ** depth,
                    "Each slope is taken at its own input: the second one's input is sigmoid(x), not x.",
                ),
                Mistake(lambda x, depth: 0.25**depth, "That is the bound; the slope at x is smaller."),
            ),
        ),
        Ask(
            "BOUND",
            0.25**3,
            "The sigmoid's largest slope is 1/4, and there are three factors.",
            mistakes=(
                Mistake(0.25, "That is the bound of one sigmoid."),
                Mistake(0.75, "Multiply the slopes, do not add."),
            ),
        ),
    ),
)


def _nested(x: float, depth: int) -> float:
    slope = 1.0
    for _ in range(depth):
        slope *= float(nl.sigmoid.grad(x))
        x = float(nl.sigmoid(x))
    return slope
