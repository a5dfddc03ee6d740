"""A stack of linear layers is one."""

from __future__ import annotations

from typing import Any

import numpy as np

from nonlin.exercises.exercise import Ask, Exercise, Mistake

_DRAW = np.random.default_rng(6)
ARGUMENTS = tuple(_DRAW.normal(size=shape) for shape in ((4, 3), 4, (5, 4), 5, (2, 5), 2))


def _collapsed(W1: Any, b1: Any, W2: Any, b2: Any, W3: Any, b3: Any) -> tuple[Any, Any]:
    return W3 @ W2 @ W1, W3 @ W2 @ b1 + W3 @ b2 + b3


exercise = Exercise(
    chapter="Networks",
    order=1,
    title="Collapse three linear layers to one",
    task="""
Three layers without an activation: h = W1 x + b1, then W2 h + b2, then W3 of that + b3. Write `collapse(W1,
b1, W2, b2, W3, b3)`: the pair (W, b) of the one layer W x + b that does the same for every x.

Whatever depth adds, it is not this: without an activation it adds nothing.
""",
    starter="""\
import numpy as np


def collapse(W1, b1, W2, b2, W3, b3):
    ...
    return W, b
""",
    asks=(
        Ask(
            "collapse",
            _collapsed,
            "Put the layers into each other and multiply out: W = W3 W2 W1, b = W3 W2 b1 + W3 b2 + b3.",
            (ARGUMENTS,),
            (
                Mistake(
                    "ValueError", "The shapes do not fit: the first layer stands at the right, W3 @ W2 @ W1."
                ),
                Mistake(
                    lambda W1, b1, W2, b2, W3, b3: (W3 @ W2 @ W1, b3),
                    "The earlier biases pass through the later layers: W3 W2 b1 and W3 b2 are missing.",
                ),
                Mistake(
                    lambda W1, b1, W2, b2, W3, b3: (W3 @ W2 @ W1, W3 @ b2 + b3),
                    "b1 passes through two layers: W3 W2 b1 is missing.",
                ),
                Mistake(lambda W1, b1, W2, b2, W3, b3: W3 @ W2 @ W1, "Return the pair (W, b)."),
            ),
        ),
    ),
)
