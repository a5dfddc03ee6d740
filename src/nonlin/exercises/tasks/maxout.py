"""Maxout, and ReLU inside it."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

_DRAW = np.random.default_rng(3)
BELOW = (np.array([1.0, -2.0, 0.5]), np.eye(2, 3), np.array([-3.0, 1.0]))  # both maps are negative
CASES = (BELOW, *((_DRAW.normal(size=3), _DRAW.normal(size=(k, 3)), _DRAW.normal(size=k)) for k in (2, 4)))
POINTS = np.array([-2.0, -0.5, 0.0, 1.0, 3.0])


def _maxout(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> float:
    return float(np.max(W @ x + b))


def _judged(got: object, kind: str) -> str | None:
    if not isinstance(got, tuple) or len(got) != 2:
        return "a pair (weights, biases) is asked"
    try:
        weights, biases = (np.asarray(part, dtype=float).ravel() for part in got)
    except (TypeError, ValueError):
        return "weights and biases must be lists of numbers"
    if len(weights) != len(biases) or not len(weights):
        return f"{len(weights)} weights and {len(biases)} biases: give as many of both"
    found = np.max(np.outer(POINTS, weights) + biases, axis=1)
    wanted = np.abs(POINTS) if kind == "abs" else np.asarray(nl.get(kind)(POINTS))
    if np.allclose(found, wanted):
        return None
    at = int(np.argmax(np.abs(found - wanted)))
    return f"at x = {POINTS[at]:g} that maxout is {found[at]:g}, not {wanted[at]:g}"


exercise = Exercise(
    chapter="Rows of numbers",
    order=6,
    title="Maxout contains ReLU",
    task="""
Write `maxout(x, W, b)`: the largest of the numbers W x + b, for an array x, a matrix W with a row for each
linear map, and an array b.

Then `pieces(kind)`: of one number x, the pair (weights, biases), two lists, whose maxout is

    "relu"        max(0, x)
    "leaky_relu"  max(0.01 x, x)
    "abs"         |x|
""",
    starter="""\
import numpy as np


def maxout(x, W, b):
    ...


def pieces(kind):
    ...
    return weights, biases
""",
    asks=(
        Ask(
            "maxout",
            _maxout,
            "np.max(W @ x + b).",
            CASES,
            (
                Mistake(lambda x, W, b: W @ x + b, "Take the largest of these."),
                Mistake(lambda x, W, b: float(np.max(W @ x)), "Add b before you take the largest."),
                Mistake(
                    lambda x, W, b: float(np.max(W @ x) + np.max(b)),
                    "Add each bias to its own map before you take the largest.",
                ),
                Mistake(
                    lambda x, W, b: float(max(0.0, np.max(W @ x + b))), "No ReLU: maxout may be negative."
                ),
                Mistake(
                    lambda x, W, b: int(np.argmax(W @ x + b)),
                    "That is the place of the largest; its value is asked.",
                ),
            ),
        ),
        Ask(
            "pieces",
            "weights and biases of that function",
            "Each of these functions is the larger of two straight lines through 0: write their two slopes.",
            (("relu",), ("leaky_relu",), ("abs",)),
            judge=_judged,
        ),
    ),
)
