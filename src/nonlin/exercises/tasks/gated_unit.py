"""A gated linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np

import nonlin as nl
from nonlin.exercises.exercise import Ask, Exercise, Mistake

_DRAW = np.random.default_rng(4)
ARGUMENTS = tuple(_DRAW.normal(size=shape) for shape in ((2, 3), (3, 4), 4, (3, 4), 4))


def _glu(x: Any, W: Any, b: Any, V: Any, c: Any, gate: Any = nl.sigmoid) -> Any:
    return (x @ W + b) * np.asarray(gate(x @ V + c))


exercise = Exercise(
    chapter="Rows of numbers",
    order=7,
    title="GLU: one linear map gates another",
    task="""
Write `glu(x, W, b, V, c)`: (x W + b) times sigmoid(x V + c), element by element; x has a row for each
example. And `swiglu` with the same arguments, whose gate is SiLU instead of the sigmoid.
""",
    starter="""\
import numpy as np


def glu(x, W, b, V, c):
    ...


def swiglu(x, W, b, V, c):
    ...
""",
    asks=(
        Ask(
            "glu",
            _glu,
            "(x @ W + b) * sigmoid(x @ V + c).",
            (ARGUMENTS,),
            (
                Mistake(lambda x, W, b, V, c: _glu(x, V, c, W, b), "The sigmoid belongs to V and c."),
                Mistake(
                    lambda x, W, b, V, c: (x @ W + b) * (x @ V + c),
                    "That is the bilinear unit: the gate needs its sigmoid.",
                ),
                Mistake(
                    lambda x, W, b, V, c: (
                        np.asarray(nl.sigmoid(x @ W + b)) * np.asarray(nl.sigmoid(x @ V + c))
                    ),
                    "Only the gate passes a sigmoid.",
                ),
            ),
        ),
        Ask(
            "swiglu",
            lambda x, W, b, V, c: _glu(x, W, b, V, c, nl.silu),
            "As glu, with z sigmoid(z) for the gate's z = x V + c.",
            (ARGUMENTS,),
            (
                Mistake(_glu, "That is GLU: the gate is SiLU, z sigmoid(z)."),
                Mistake(lambda x, W, b, V, c: _glu(x, V, c, W, b, nl.silu), "SiLU belongs to V and c."),
            ),
        ),
    ),
)
