"""Short forms that take any argument: for rows, whose far elements are as common as near ones.

A masked element is -inf, and of a row of a thousand words most are far below its largest: no place for a second,
longer form. NaN stays NaN, exp is 0 far to the left, and other words are far out what they are at the end of
their reach, which differs from the truth by less than float32 can tell.

Claims: within reach those of the forms that are taken. `exp_near` is 0 below -700 and exp(709) above 709;
`exp_fast`, in float32, is 0 below -87 and infinite above 88.3.
"""

from __future__ import annotations

from collections.abc import Callable

from nonlin.kernels.lanes import Real, where
from nonlin.kernels.primitives import PRIMITIVES, Words, select
from nonlin.kernels.primitives import exp as short
from nonlin.kernels.primitives.exp import Kind, clipped

REACH = {"expm1": 700.0, "sigmoid": 700.0, "softplus": 700.0, "tanh": 350.0, "sech2": 350.0, "normal_pdf": 14.5,
         "normal_cdf": 14.5, "erf": 10.0}  # fmt: skip


def exp_near(u: Real, low: Real | None = None) -> Real:
    e = short.exp_near(where(u > 709.0, 709.0, u))
    return where(u < -700.0, 0.0, e)


def exp_fast(u: Real, low: Real | None = None) -> Real:
    e = short.exp_fast_within(where(u > 89.0, 89.0, u))  # where the power of two is infinite
    return where(u < -87.0, 0.0, e)


def _clipped(name: str) -> Callable[..., Real]:
    def word(u: Real, low: Real | None = None) -> Real:
        return PRIMITIVES["near"][name](clipped(u, -REACH[name], REACH[name]))

    return word


ANYWHERE: dict[Kind, Words] = {
    "near": {**PRIMITIVES["near"], **{name: _clipped(name) for name in REACH}, "exp": exp_near},
    "fast": {**select.WORDS, "exp": exp_fast},
    "double": PRIMITIVES["double"],
}
"""The words of rows by kind; fast lanes have exp, and choices."""
