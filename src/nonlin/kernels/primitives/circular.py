"""sin and cos: for |u| <= 2^17 the nearest multiple of pi taken away in three parts, so that zeros keep their digits.

Claims: the near forms, relative error 2^-36; the double forms, from the C library, whose argument reduction holds for
every float64, 2 ulp.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from nonlin.kernels.lanes import Real, fused, polynomial, where
from nonlin.kernels.primitives.coefficients import SINE_SINGLE
from nonlin.kernels.primitives.exp import ROUNDER, Kind

REACH = 131072.0
SINE_SERIES = tuple((-1.0) ** k / math.factorial(2 * k + 1) for k in range(9))
COSINE_SERIES = tuple((-1.0) ** k / math.factorial(2 * k) for k in range(10))
PER_PI = 0.3183098861837907
PI_HIGH = 3.1415926534682512  # 33 bits, so that a multiple up to 2^18 is exact; PI_MIDDLE the next 33
PI_MIDDLE = 1.2154201012607932e-10
PI_LOW = 4.044532497591901e-21


def sin_near(u: Real, low: Real | None = None) -> Real:
    return _of_multiple(u, low, 0.0)


def cos_near(u: Real, low: Real | None = None) -> Real:
    return _of_multiple(u, low, 0.5)


def _of_multiple(u: Real, low: Real | None, turn: float) -> Real:
    """Return sin(u + pi turn): sin(r) with the sign of (-1)^k, where u = (k - turn) pi + r."""
    u.lanes.require(abs(u) <= REACH)
    shifted = fused(u, PER_PI, turn) + ROUNDER
    k = (shifted - ROUNDER) - turn
    r = fused(k, -PI_LOW, fused(k, -PI_MIDDLE, fused(k, -PI_HIGH, u)))
    r = r if low is None else where(low == 0.0, r, r + low)  # -0.0 + 0.0 has lost its sign
    sine = r * polynomial(r * r, SINE_SINGLE)
    return (sine.bits() + (shifted.bits() << 63)).real()


def _from_c(name: str, slope: str, sign: float) -> Callable[..., Real]:
    def word(u: Real, low: Real | None = None) -> Real:
        lanes = u.lanes
        value = Real(lanes, lanes.library(name, u.value))
        if low is None:
            return value
        w = low * low  # up to 1, where a number beside a huge one was lost whole
        beside = Real(lanes, lanes.library(slope, u.value)) * (low * polynomial(w, SINE_SERIES)) * sign
        return where(low == 0.0, value, fused(value, polynomial(w, COSINE_SERIES), beside))

    return word


CIRCULAR: Mapping[Kind, Mapping[str, Callable[..., Real]]] = {
    "near": {"sin": sin_near, "cos": cos_near},
    "double": {"sin": _from_c("sin", "cos", 1.0), "cos": _from_c("cos", "sin", -1.0)},
    "fast": {},
}
