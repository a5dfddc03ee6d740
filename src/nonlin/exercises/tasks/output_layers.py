"""The right end for each task."""

from __future__ import annotations

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

Z = np.array([2.0, -1.0, 0.5])
TASKS = ("binary", "multiclass", "multilabel", "regression", "positive regression", "bounded regression")
CASES = tuple((task, Z[:1] if task == "binary" else Z) for task in TASKS)


def _output(task: str, z: np.ndarray) -> np.ndarray:
    ends = {
        "binary": nl.sigmoid, "multilabel": nl.sigmoid, "multiclass": nl.softmax, "regression": nl.identity,
        "positive regression": nl.softplus, "bounded regression": nl.tanh,
    }  # fmt: skip
    return np.asarray(ends[task](z))


exercise = Exercise(
    chapter="Rows of numbers",
    order=5,
    title="The output activation of each task",
    task="""
Write `predict(task, z)`: what the network answers, given the outputs z of its last linear layer, an array.
The tasks are

    "binary"               the chance of yes, from one number
    "multiclass"           shares of classes that exclude each other
    "multilabel"           the chance of each label, which do not exclude each
                           other
    "regression"           any number
    "positive regression"  numbers above 0, where a large z must not explode
    "bounded regression"   numbers from -1 to 1
""",
    starter="""\
import numpy as np


def predict(task, z):
    ...
""",
    asks=(
        Ask(
            "predict",
            _output,
            "Sigmoid, softmax, sigmoid for each label, identity, softplus, tanh.",
            CASES,
            (
                Mistake(
                    lambda task, z: np.asarray(nl.softmax(z)) if task == "multilabel" else None,
                    "Softmax makes labels compete. Several may be right at once: a sigmoid for each.",
                ),
                Mistake(
                    lambda task, z: np.asarray(nl.sigmoid(z)) if task == "multiclass" else None,
                    "Sigmoids do not add to 1: classes that exclude each other need softmax.",
                ),
                Mistake(
                    lambda task, z: np.asarray(nl.softmax(z)) if task == "binary" else None,
                    "Softmax of one number is always 1: use the sigmoid.",
                ),
                Mistake(
                    lambda task, z: np.asarray(nl.relu(z)) if "regression" in task else None,
                    "ReLU has slope 0 below 0, so nothing is learned there, and it cannot give negative numbers.",
                ),
                Mistake(
                    lambda task, z: np.exp(z) if task == "positive regression" else None,
                    "The exponential explodes with z; softplus, log(1 + e^z), grows as z does.",
                ),
                Mistake(
                    lambda task, z: np.asarray(nl.sigmoid(z)) if "regression" in task else None,
                    "The sigmoid's values lie between 0 and 1; these targets do not.",
                ),
                Mistake(
                    lambda task, z: np.asarray(nl.tanh(z)) if task == "regression" else None,
                    "tanh ends at -1 and 1: for any number, leave z as it is.",
                ),
            ),
            tolerance=1e-7,
        ),
    ),
)
