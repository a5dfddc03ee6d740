"""An activation with its own backward pass."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

X = np.array([-40.0, -3.0, 0.0, 0.5, 2.0, 30.0])
G = np.array([1.0, -2.0, 0.5, 3.0, 1.0, -1.0])


def _slope(x: np.ndarray) -> np.ndarray:
    return np.asarray(nl.mish.grad(x))


exercise = Exercise(
    chapter="Slopes",
    order=6,
    title="Mish with a backward pass of its own",
    task="""
Frameworks let you write both passes of an activation. Do it for Mish, x tanh(softplus(x)):

    forward(x)          returns the pair (value, saved): saved is all that
                        backward needs, and no more than one array as large as x
    backward(saved, g)  the gradient by x, given the gradient g by the values

Save the input: what else is needed can be computed again.
""",
    starter="""\
import numpy as np


def forward(x):
    ...
    return value, saved


def backward(saved, g):
    ...
""",
    asks=(
        Ask(
            "forward",
            "the values of Mish, and x",
            "Value: x tanh(log(1 + e^x)), by np.logaddexp(0, x). Saved: x.",
            ((X,),),
            judge=lambda got, x: _judged(got, x),
        ),
        Ask(
            "backward",
            lambda saved, g: g * _slope(saved),
            "With t = tanh(softplus(x)) and s = sigmoid(x), the slope is t + x (1 - t^2) s.",
            ((X, G),),
            (
                Mistake(lambda saved, g: _slope(saved), "Multiply by g."),
                Mistake(
                    lambda saved, g: g * np.tanh(np.logaddexp(0, saved)),
                    "That is the first term of the product rule: x times the slope of tanh(softplus(x)) is missing.",
                ),
                Mistake(
                    lambda saved, g: g * (_t(saved) + saved * (1 - _t(saved) ** 2)),
                    "The chain rule gives a factor sigmoid(x), the slope of softplus.",
                ),
            ),
        ),
    ),
)


def _t(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.tanh(np.logaddexp(0, x)))


def _judged(got: object, x: np.ndarray) -> str | None:
    if not isinstance(got, tuple) or len(got) != 2:
        return "a pair (value, saved) is asked"
    value, saved = got
    if (
        not isinstance(value, np.ndarray)
        or value.shape != x.shape
        or not np.allclose(value, nl.mish(x), atol=1e-12)
    ):
        return "the value is not Mish"
    if not isinstance(saved, np.ndarray) or saved.shape != x.shape:
        return "save one array as large as x"
    return None if np.array_equal(saved, x) else "backward is given x here: save the input itself"
