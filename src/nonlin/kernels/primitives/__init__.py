"""The words, each a function of numbers in lanes that writes machine code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nonlin.kernels.lanes import Real
from nonlin.kernels.primitives import library, select
from nonlin.kernels.primitives.circular import CIRCULAR
from nonlin.kernels.primitives.exp import EXP, EXPM1, Kind
from nonlin.kernels.primitives.hypot import hypot_word
from nonlin.kernels.primitives.logistic import logistic_words
from nonlin.kernels.primitives.normal import normal_words
from nonlin.kernels.primitives.rests import rest_words

Words = Mapping[str, Callable[..., Real]]


def _words(kind: Kind) -> Words:
    own: Words = {
        "exp": EXP[kind],
        "expm1": EXPM1[kind],
        **logistic_words(kind),
        **normal_words(kind),
        **rest_words(kind),
        **CIRCULAR[kind],
        "hypot": hypot_word(kind),
        **select.WORDS,
    }
    return own if kind == "fast" else {**own, **library.WORDS}


PRIMITIVES: Mapping[Kind, Words] = {kind: _words(kind) for kind in ("near", "double", "fast")}
"""Each word and `pow`; the other operations of a Program are Python's own operators. Fast lanes lack some."""

CIRCLING = ("sin", "cos")
STEEP = (
    "exp", "expm1", "expm1_rest", "sigmoid", "softplus", "tanh", "sech2", "normal_cdf", "normal_pdf", *CIRCLING,
)  # fmt: skip
"""Words that turn a relative error of their argument u into |u| times as much, or u^2 times, and take what u's
rounding lost."""
