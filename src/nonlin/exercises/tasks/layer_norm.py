"""A normalisation's pullback."""

from __future__ import annotations

import numpy as np

from nonlin.exercises.exercise import Ask, Exercise, Mistake

_DRAW = np.random.default_rng(5)
X, G = _DRAW.normal(2.0, 3.0, size=5), _DRAW.normal(size=5)


def _norm(x: np.ndarray) -> np.ndarray:
    return np.asarray((x - x.mean()) / x.std())


exercise = Exercise(
    chapter="Rows of numbers",
    order=8,
    title="A normalisation is an activation too: its value and its pullback",
    task="""
Write `normalise(x)` for an array: subtract the mean, divide by the standard deviation (that of all of them:
divide by n).

Then `pullback(x, g)`: the gradient by x, given the gradient g by the outputs. Mean and deviation depend on
every x, so each output depends on each input. With y = normalise(x), the result has mean 0 and no part
along y.
""",
    starter="""\
import numpy as np


def normalise(x):
    ...


def pullback(x, g):
    ...
""",
    asks=(
        Ask(
            "normalise",
            _norm,
            "(x - mean) / standard deviation, with np.mean and np.std.",
            ((X,), (G,)),
            (
                Mistake(
                    lambda x: (x - x.mean()) / x.std(ddof=1), "Divide by n, not by n - 1: np.std(x) as it is."
                ),
                Mistake(
                    lambda x: (x - x.mean()) / x.var(),
                    "Divide by the standard deviation, the root of the variance.",
                ),
                Mistake(lambda x: x - x.mean(), "Divide by the standard deviation too."),
                Mistake(lambda x: x / x.std(), "Subtract the mean first."),
            ),
        ),
        Ask(
            "pullback",
            lambda x, g: (g - g.mean() - _norm(x) * np.mean(g * _norm(x))) / x.std(),
            "(g - mean(g) - y mean(g y)) / standard deviation.",
            ((X, G), (G, X)),
            (
                Mistake(
                    lambda x, g: g / x.std(), "That takes mean and deviation as constants: they depend on x."
                ),
                Mistake(
                    lambda x, g: (g - g.mean()) / x.std(),
                    "That takes the deviation as constant: take off the part along y.",
                ),
                Mistake(
                    lambda x, g: g - g.mean() - _norm(x) * np.mean(g * _norm(x)),
                    "Divide by the standard deviation.",
                ),
            ),
        ),
    ),
)
