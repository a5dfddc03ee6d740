"""Softmax before a loss that applies it already."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

SIZES = ((2,), (10,), (1000,))


def _floor(classes: int) -> float:
    return float(np.log1p((classes - 1) / np.e))


exercise = Exercise(
    chapter="Rows of numbers",
    order=4,
    title="What softmax twice costs",
    task="""
A loss such as PyTorch's CrossEntropyLoss applies softmax itself. Somebody gives it probabilities, p =
softmax(z), instead of logits.

However large z becomes, p of the right class is 1 at best and 0 for all others. Write
`least_loss(classes)`: the loss, -log of the second softmax at the right class, that training then
approaches and cannot pass.

And `largest_gradient()`: with two classes, the largest size that the gradient of that loss by one of its
inputs (p) can have when p is [0, 1] and the first class is right. With logits it would be 1.
""",
    starter="""\
import math


def least_loss(classes):
    ...


def largest_gradient():
    ...
""",
    asks=(
        Ask(
            "least_loss",
            _floor,
            "-log(e^1 / (e^1 + (classes - 1) e^0)) = log(1 + (classes - 1) / e).",
            SIZES,
            (
                Mistake(
                    lambda classes: 0.0,
                    "That is what logits could reach. As inputs, 1 and 0 lie only 1 apart.",
                ),
                Mistake(
                    lambda classes: float(np.log(classes)),
                    "That is the loss of guessing; the right class has e to 1 in its favour.",
                ),
                Mistake(lambda classes: -_floor(classes), "The loss is minus the logarithm: positive."),
                Mistake(lambda classes: float(np.log1p(classes / np.e)), "There are classes - 1 others."),
                Mistake(
                    lambda classes: float(np.exp(-_floor(classes))),
                    "That is the probability: its minus logarithm is asked.",
                ),
            ),
        ),
        Ask(
            "largest_gradient",
            lambda: float(nl.sigmoid(1.0)),
            "softmax(p) - y at p = [0, 1]: e / (1 + e) in size.",
            ((),),
            (
                Mistake(lambda: 1.0, "That would be so with logits that are far apart; these are 0 and 1."),
                Mistake(
                    lambda: float(1 - nl.sigmoid(1.0)),
                    "That is the other share: the first class is right, and it gets 1 / (1 + e).",
                ),
                Mistake(lambda: -float(nl.sigmoid(1.0)), "Its size is asked: no sign."),
            ),
            tolerance=1e-4,
        ),
    ),
)
