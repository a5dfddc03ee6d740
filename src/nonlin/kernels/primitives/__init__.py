"""The words as scalar machine code: float64 arithmetic, short for float32 results, long for float64 ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from nonlin.kernels.primitives import library
from nonlin.kernels.primitives.exp import EXP, EXPM1, Lanes
from nonlin.kernels.primitives.logistic import logistic
from nonlin.kernels.primitives.normal import normal
from nonlin.kernels.primitives.select import magnitude, sign, where

Precision = Literal["single", "double"]
"""How many digits a kernel's float64 lanes must hold: those of a float32 result, or all."""

Words = Mapping[str, Callable[..., Any]]


def _words(lanes: Lanes) -> Words:
    real: Any = np.float32 if lanes == "fast" else np.float64
    own = {"exp": EXP[lanes], "expm1": EXPM1[lanes], **logistic(lanes), **normal(lanes)}
    choices = {"abs": magnitude, "sign": sign(real), "where": where}
    return own | choices | ({} if lanes == "fast" else library.WORDS)


PRIMITIVES: Mapping[Lanes, Words] = {lanes: _words(lanes) for lanes in ("single", "near", "double", "fast")}
"""Each word and `pow`; the other operations of a Program are Python's own operators. Fast lanes lack some."""

REACH: Mapping[Lanes, Mapping[str, float]] = {
    "near": {
        "exp": 700, "expm1": 700, "sigmoid": 700, "softplus": 700, "tanh": 350, "sech2": 350,
        "normal_pdf": 14.5, "normal_cdf": 14.5, "erf": 10,
    },
    "fast": {
        "exp": 69, "expm1": 69, "sigmoid": 69, "softplus": 69, "tanh": 34, "sech2": 34,
        "normal_pdf": 3.4, "normal_cdf": 3.4,
    },
}  # fmt: skip
"""How large an argument the near and the fast form of a word takes; what is left out takes any.

In fast lanes results stay above 2^-102, so that what is multiplied by them keeps its digits in float32; the
normal words are kept to where their errors add up to less than 4 ulp.
"""
