"""SELU, and the mean and variance that it keeps."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805
POINTS = tuple((x,) for x in (-5.0, -1.0, -0.1, 0.0, 0.5, 3.0))

exercise = Exercise(
    chapter="Values",
    order=4,
    title="SELU, and the moments that it keeps",
    task="""
Write `selu(x)` for one number: scale x above 0, scale alpha (e^x - 1) below, with

    alpha = 1.6732632423543772
    scale = 1.0507009873554805

Then write `moments(n)`: draw n standard normal numbers with np.random.default_rng(0), apply SELU to each,
and return the pair (mean, variance) of the results. Is SELU's fixed point where its authors say?
""",
    starter="""\
import math

import numpy as np


def selu(x):
    ...


def moments(n):
    ...
    return mean, variance
""",
    asks=(
        Ask(
            "selu",
            lambda x: float(nl.selu(x)),
            "scale times ELU with that alpha.",
            POINTS,
            (
                Mistake(
                    lambda x: x if x > 0 else ALPHA * float(np.expm1(x)),
                    "The scale is missing: it multiplies both sides, positive inputs too.",
                ),
                Mistake(
                    lambda x: x if x > 0 else SCALE * ALPHA * float(np.expm1(x)),
                    "The scale multiplies positive inputs too.",
                ),
                Mistake(lambda x: SCALE * (x if x > 0 else float(np.expm1(x))), "alpha is missing below 0."),
                Mistake(
                    lambda x: SCALE * (x if x > 0 else ALPHA * float(np.exp(x))),
                    "Below 0 it is e^x - 1, not e^x.",
                ),
            ),
            tolerance=1e-7,
        ),
        Ask(
            "moments",
            lambda n: _moments(n),
            "Draw with np.random.default_rng(0).standard_normal(n); then np.mean and np.var of SELU of all of them.",
            ((100_000,),),
            (
                Mistake(lambda n: _moments(n)[::-1], "Mean first, then variance."),
                Mistake(
                    lambda n: (_moments(n)[0], _moments(n)[1] ** 0.5),
                    "That is the standard deviation: the variance is its square.",
                ),
                Mistake(
                    lambda n: (float(_draws(n).mean()), float(_draws(n).var())),
                    "These are the moments of the draws themselves: apply SELU first.",
                ),
            ),
            tolerance=1e-4,
        ),
    ),
)


def _draws(n: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.random.default_rng(0).standard_normal(n)


def _moments(n: int) -> tuple[float, float]:
    values = nl.selu(_draws(n))
    return float(values.mean()), float(values.var())
