"""Why activations of one sign make descent zig-zag."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

CASES = (
    (np.array([0.2, 0.9, 0.5]), -2.0),
    (np.array([0.2, 0.9, 0.5]), 1.0),
    (np.array([-0.5, 0.7, 0.1]), 1.0),
)
WANTED = (
    (np.array([0.2, 0.9, 0.5]), np.array([1.0, 1.0, 1.0])),
    (np.array([0.2, 0.9, 0.5]), np.array([1.0, -1.0, 1.0])),
    (np.array([0.2, 0.9, 0.5]), np.array([-1.0, -1.0, -1.0])),
    (np.array([-0.5, 0.7, 0.1]), np.array([-1.0, 1.0, 1.0])),
)


def _reachable(a: np.ndarray, wanted: np.ndarray) -> bool:
    signs = np.sign(a) * np.sign(wanted)
    return bool(np.all(signs == 1) or np.all(signs == -1))


exercise = Exercise(
    chapter="Networks",
    order=3,
    title="Why activations that are not centred make descent zig-zag",
    task="""
A unit z = w a, whose inputs a are the activations of the layer below. The gradient of the loss by z is
delta, one number.

    weight_gradient(a, delta)  the gradient of the loss by w, an array
    in_one_step(a, wanted)     True if one step of gradient descent, for a
                               suitable delta, can move every weight in the
                               wanted direction (an array of +1 and -1)

Sigmoids of the layer below make every a positive. What does that mean for the signs of the gradient?
""",
    starter="""\
import numpy as np


def weight_gradient(a, delta):
    ...


def in_one_step(a, wanted):
    ...
""",
    asks=(
        Ask(
            "weight_gradient",
            lambda a, delta: delta * a,
            "delta times a.",
            CASES,
            (
                Mistake(lambda a, delta: float(delta * np.sum(a)), "One number for each weight: do not sum."),
                Mistake(
                    lambda a, delta: -delta * a,
                    "That is the direction of descent; the gradient has no minus.",
                ),
                Mistake(
                    lambda a, delta: delta * np.asarray(nl.sigmoid.grad(a)),
                    "z is linear in w: no slope of the layer below.",
                ),
            ),
        ),
        Ask(
            "in_one_step",
            _reachable,
            "The step is -delta a: its signs are those of a, or all of them reversed.",
            WANTED,
            (
                Mistake(
                    lambda a, wanted: True,
                    "delta is one number: it cannot turn the sign of a single weight's step.",
                ),
                Mistake(
                    lambda a, wanted: bool(np.all(np.sign(a) == wanted)),
                    "delta may have either sign: reversed is reachable too.",
                ),
                Mistake(
                    lambda a, wanted: bool(np.all(wanted == wanted[0])),
                    "That holds for positive a; a may have both signs.",
                ),
            ),
        ),
    ),
)
