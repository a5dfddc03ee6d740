"""The normal distribution and erf: exp(-u^2 / 2) times a slowly falling fraction (Mills' ratio).

Claims (relative error): the single and near forms 2^-36; of the double forms `normal_pdf` and `erf` 3 ulp,
`normal_cdf` 6 ulp in the far left tail and 3 elsewhere; the fast forms, in float32 and for |u| <= 4, 4 ulp.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nonlin.kernels.primitives.coefficients import (
    ERF_DOUBLE,
    ERF_SINGLE,
    MILLS_DOUBLE,
    MILLS_SINGLE_ABOVE,
    MILLS_SINGLE_BELOW,
    PER_MILLS_FAST,
)
from nonlin.kernels.primitives.exp import (
    Lanes,
    exp_double,
    exp_near,
    exp_single,
    fast_power_of_two,
    reduced_fast,
)
from nonlin.kernels.primitives.scalar import horner, scalar

PER_SQRT_2PI = 0.3989422804014327
SQRT2 = 1.4142135623730951
UPPER_BITS = np.int64(-(1 << 27))  # keeps 26 bits of a float64, whose square is exact
FAST_UPPER_BITS = np.int32(-(1 << 12))  # keeps 12 bits of a float32, likewise
FAST_HALF = np.float32(0.5)

_mills_above, _mills_below = horner(MILLS_SINGLE_ABOVE), horner(MILLS_SINGLE_BELOW)
_per_mills_fast = horner(PER_MILLS_FAST, np.float32)
_mills_double = horner(MILLS_DOUBLE)
_erf = {"single": horner(ERF_SINGLE), "near": horner(ERF_SINGLE), "double": horner(ERF_DOUBLE)}


@scalar
def bell_single(u):
    """exp(-u^2 / 2)."""
    return exp_single(-0.5 * (u * u))


@scalar
def bell_near(u):
    return exp_near(-0.5 * (u * u))


@scalar
def bell_double(u):
    """exp(-u^2 / 2), with u^2 = high^2 + (u - high)(u + high) so that no digit of the square is lost."""
    a = abs(u)
    a = 40.0 if a > 40.0 else a
    high = np.int64(np.float64(a).view(np.int64) & UPPER_BITS).view(np.float64)
    rest = -0.5 * ((a - high) * (a + high))
    return exp_double(-0.5 * (high * high)) * (1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0))))


@scalar
def bell_fast(u):
    """The same, the rest of the square added after the range reduction."""
    high = np.int32(np.float32(u).view(np.int32) & FAST_UPPER_BITS).view(np.float32)
    k, m = reduced_fast(-FAST_HALF * (high * high), -FAST_HALF * ((u - high) * (u + high)))
    scale = fast_power_of_two(k)
    return scale + scale * m


@scalar
def left_tail_single(a):
    """Phi(-a) for a >= 0."""
    b = 14.5 if a > 14.5 else a
    return bell_single(a) * (_mills_above(b) / _mills_below(b))


@scalar
def left_tail_near(a):
    return bell_near(a) * (_mills_above(a) / _mills_below(a))


@scalar
def left_tail_double(a):
    b = 39.0 if a > 39.0 else a
    return bell_double(a) * (_mills_double((b - 3.0) / (b + 3.0)) / (1.0 + b))


@scalar
def left_tail_fast(a):
    return bell_fast(a) / _per_mills_fast(a)


BELL = {"single": bell_single, "near": bell_near, "double": bell_double, "fast": bell_fast}
LEFT_TAIL = {
    "single": left_tail_single, "near": left_tail_near, "double": left_tail_double, "fast": left_tail_fast,
}  # fmt: skip


def normal(lanes: Lanes) -> dict[str, Callable[..., Any]]:
    """Return the words for one kind of lanes; erf has no fast form."""
    bell, left_tail = BELL[lanes], LEFT_TAIL[lanes]
    real: Any = np.float32 if lanes == "fast" else np.float64
    zero, one, two, per_sqrt_2pi, sqrt2 = (real(n) for n in (0, 1, 2, PER_SQRT_2PI, SQRT2))

    @scalar
    def normal_pdf(u):
        return bell(u) * per_sqrt_2pi

    @scalar
    def normal_cdf(u):
        tail = left_tail(abs(u))
        return tail if u < zero else one - tail

    words = {"normal_pdf": normal_pdf, "normal_cdf": normal_cdf}
    if lanes == "fast":
        return words
    ratio = _erf[lanes]

    @scalar
    def erf(u):
        near = u * ratio(min(u * u, one))
        far = math.copysign(one - two * left_tail(abs(u) * sqrt2), u)
        return near if abs(u) <= one else far

    return {**words, "erf": erf}
