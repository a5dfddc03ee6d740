"""Where a small ReLU network bends, and how many regions it makes."""

from __future__ import annotations

import numpy as np

from nonlin.exercises.exercise import Ask, Exercise, Mistake

_DRAW = np.random.default_rng(8)
CASES = ((np.array([1.0, 1.0]), np.array([1.0, -1.0])), (_DRAW.normal(size=4), _DRAW.normal(size=4)))


def _sorted(w: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.sort(-b / w)


exercise = Exercise(
    chapter="Networks",
    order=4,
    title="Kinks on a line, regions in the plane",
    task="""
A layer of ReLU units on one input: unit i is relu(w[i] x + b[i]). Write

    kinks(w, b)  the places x at which they bend, in rising order, an array
    tent(x)      for one number, by ReLUs and arithmetic alone: 0 outside [-1,
                 1], rising to 1 at x = 0, straight between
    regions(n)   into how many regions n lines in general position cut the
                 plane, as n ReLU units of two inputs do
""",
    starter="""\
import numpy as np


def kinks(w, b):
    ...


def tent(x):
    ...


def regions(n):
    ...
""",
    asks=(
        Ask(
            "kinks",
            _sorted,
            "A unit bends where w x + b = 0.",
            CASES,
            (
                Mistake(lambda w, b: np.sort(b / w), "The sign: w x + b = 0 at x = -b / w."),
                Mistake(lambda w, b: -b / w, "In rising order: sort them."),
                Mistake(lambda w, b: np.sort(-w / b), "Solve for x: divide by w."),
            ),
        ),
        Ask(
            "tent",
            lambda x: max(0.0, 1.0 - abs(x)),
            "Three hinges: relu(x + 1) - 2 relu(x) + relu(x - 1).",
            tuple((x,) for x in (-3.0, -1.0, -0.5, 0.0, 0.25, 1.0, 4.0)),
            (
                Mistake(
                    lambda x: max(0.0, x + 1) - max(0.0, x),
                    "After 0 it must fall: the slope changes by -2 there.",
                ),
                Mistake(
                    lambda x: max(0.0, x + 1) - 2 * max(0.0, x),
                    "At 1 it must stop falling: one more hinge, relu(x - 1).",
                ),
                Mistake(lambda x: 1.0 - abs(x), "Outside [-1, 1] it is 0."),
            ),
        ),
        Ask(
            "regions",
            lambda n: 1 + n + n * (n - 1) // 2,
            "Line k crosses the k - 1 before it and so cuts k regions in two: 1 + (1 + 2 + ... + n).",
            tuple((n,) for n in (0, 1, 2, 3, 10)),
            (
                Mistake(lambda n: 2**n, "That holds up to 2 lines: three lines in the plane make 7, not 8."),
                Mistake(lambda n: n * (n + 1) // 2, "Before the first line there is one region already."),
                Mistake(
                    lambda n: n + 1, "That is for points on a line; in the plane lines cross each other too."
                ),
            ),
        ),
    ),
)
