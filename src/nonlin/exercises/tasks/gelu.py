"""GELU in its three forms."""

from __future__ import annotations

import math

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

POINTS = tuple((x,) for x in (-6.0, -2.0, -0.5, 0.0, 1.0, 3.0))


def _sigmoid_form(x: float) -> float:
    return x * float(nl.sigmoid(1.702 * x))


exercise = Exercise(
    chapter="Values",
    order=5,
    title="GELU: the exact form and two approximations",
    task="""
Three functions of one number bear the name GELU. Write all of them:

    gelu(x)          x times the chance that a standard normal number is below x
    gelu_tanh(x)     0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
    gelu_sigmoid(x)  x sigmoid(1.702 x)

The chance is (1 + erf(x / sqrt(2))) / 2; but at x = -6 that sum loses its digits. math.erfc does not.

Last, `SLOPE_AT_1`: the slope of the sigmoid form at 1, to four digits. It exceeds 1.
""",
    starter="""\
import math


def gelu(x):
    ...


def gelu_tanh(x):
    ...


def gelu_sigmoid(x):
    ...


SLOPE_AT_1 = ...
""",
    asks=(
        Ask(
            "gelu",
            lambda x: float(nl.gelu(x)),
            "x times Phi(x), with Phi(x) = erfc(-x / sqrt(2)) / 2.",
            POINTS,
            (
                Mistake(
                    lambda x: 0.5 * x * (1 + math.erf(x / 2**0.5)),
                    "Far to the left 1 + erf cancels: use math.erfc(-x / math.sqrt(2)) / 2.",
                ),
                Mistake(
                    lambda x: float(nl.gelu_tanh(x)),
                    "That is the tanh approximation; here the exact one is asked.",
                ),
                Mistake(_sigmoid_form, "That is the sigmoid approximation; here the exact one is asked."),
                Mistake(lambda x: 0.5 * x * (1 + math.erf(x)), "Divide x by sqrt(2) inside erf."),
                Mistake(
                    lambda x: float(nl.gelu(x)) / x if x else 0.5,
                    "That is the chance alone: multiply it by x.",
                ),
            ),
            tolerance=1e-10,
            absolute=0.0,
        ),
        Ask(
            "gelu_tanh",
            lambda x: float(nl.gelu_tanh(x)),
            "Mind the places of 0.5, sqrt(2 / pi) and 0.044715.",
            POINTS,
            (
                Mistake(
                    lambda x: float(nl.gelu(x)),
                    "That is the exact form; here the tanh approximation is asked.",
                ),
                Mistake(
                    lambda x: 0.5 * x * (1 + float(np.tanh((2 / np.pi) * (x + 0.044715 * x**3)))),
                    "sqrt(2 / pi), not 2 / pi.",
                ),
                Mistake(
                    lambda x: 0.5 * x * (1 + float(np.tanh((2 / np.pi) ** 0.5 * (x + 0.044715 * x**2)))),
                    "x cubed, not squared.",
                ),
            ),
            tolerance=1e-8,
        ),
        Ask(
            "gelu_sigmoid",
            _sigmoid_form,
            "x times the sigmoid of 1.702 x.",
            POINTS,
            (
                Mistake(
                    lambda x: x * float(nl.sigmoid(x)), "That is SiLU: 1.702 is missing inside the sigmoid."
                ),
                Mistake(lambda x: 1.702 * x * float(nl.sigmoid(x)), "1.702 belongs inside the sigmoid."),
            ),
        ),
        Ask(
            "SLOPE_AT_1",
            float(nl.quick_gelu.grad(1.0)),
            "The product rule: s + 1.702 x s (1 - s), with s = sigmoid(1.702 x).",
            mistakes=(
                Mistake(float(nl.sigmoid(1.702)), "That is only the first term of the product rule."),
                Mistake(float(nl.gelu.grad(1.0)), "That is the slope of the exact form."),
                Mistake(
                    float(nl.sigmoid(1.702) * (1 + 1 * (1 - nl.sigmoid(1.702)))),
                    "The chain rule gives a factor 1.702 in the second term.",
                ),
            ),
            tolerance=5e-5,
        ),
    ),
)
