"""exp(u) and exp(u) - 1: u = k ln 2 + r, a polynomial in r, and the exponent set by an integer shift.

Claims (relative error): `exp_near` 2^-38 and `expm1_near` 2^-36 for |u| <= 700; `exp_double` 1 ulp and
`expm1_double` 2 ulp, subnormal results and overflow included; `exp_fast` and `expm1_fast`, in float32 and for
|u| <= 69, 1.5 ulp.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from nonlin.kernels.lanes import Real, Whole, fused, polynomial, where
from nonlin.kernels.primitives.coefficients import EXP_DOUBLE, EXP_FAST, EXP_SINGLE

Kind = Literal["near", "double", "fast"]
"""float64 lanes long enough for float32 results; for float64 results; float32 lanes."""

REACH = {"near": 700.0, "fast": 69.0}
"""How large an argument the short forms take: in fast lanes results stay above 2^-102, so that what is
multiplied by them keeps its digits in float32."""

PER_LN2 = 1.4426950408889634
LN2 = 0.6931471805599453
LN2_HIGH = 0.6931471803691238  # 33 bits of ln 2, so that k times it is exact
LN2_LOW = 1.9082149292705877e-10
ROUNDER = 6755399441055744.0  # 1.5 * 2^52: adding it rounds to an integer in the low bits
ROUNDER_BITS = int(np.float64(ROUNDER).view(np.int64))
TINY = 1e-20  # below, exp(u) - 1 rounds to u, and half of a subnormal u would be lost

FAST_LN2_HIGH = 0.693145751953125  # 16 bits of ln 2, likewise
FAST_LN2_LOW = 1.428606765330187e-06
FAST_ROUNDER = 12582912.0  # 1.5 * 2^23


def clipped(u: Real, low: float, high: float) -> Real:
    """Return u, brought between two bounds; NaN stays."""
    t = where(u < low, low, u)
    return where(t > high, high, t)


def power_of_two(k: Whole) -> Real:
    return ((k + 1023) << 52).real()


def reduced_near(u: Real) -> tuple[Whole, Real]:
    """Return k, exact in a shift, and r."""
    shifted = fused(u, PER_LN2, ROUNDER)
    return shifted.bits(), fused(shifted - ROUNDER, -LN2, u)


def exp_near(u: Real, low: Real | None = None) -> Real:
    u.lanes.require(abs(u) <= REACH["near"])
    k, r = reduced_near(u)
    return (polynomial(r, (1.0, 1.0, *EXP_SINGLE)).bits() + (k << 52)).real()


def expm1_near(u: Real, low: Real | None = None) -> Real:
    u.lanes.require(abs(u) <= REACH["near"])
    k, r = reduced_near(u)
    scale = power_of_two(k)
    return where(abs(u) < TINY, u, fused(scale, r * polynomial(r, (1.0, *EXP_SINGLE)), scale - 1.0))


def reduced_double(u: Real, low: Real | None, least: float = -746.0) -> tuple[Whole, Real]:
    t = clipped(u, least, 710.0)
    shifted = fused(t, PER_LN2, ROUNDER)
    whole = shifted - ROUNDER
    rest = -whole * LN2_LOW
    if low is not None:
        rest = rest + where(abs(u) <= -least, low, 0.0)  # it is no number where u is infinite
    r = fused(whole, -LN2_HIGH, t) + rest
    return shifted.bits() - ROUNDER_BITS, fused(r * r, polynomial(r, EXP_DOUBLE), r)


def exp_double(u: Real, low: Real | None = None) -> Real:
    k, m = reduced_double(u, low)
    half = k >> 1  # two steps: 2^k alone would overflow, or lose a subnormal result
    first = power_of_two(half)
    return fused(first, m, first) * power_of_two(k - half)


def expm1_double(u: Real, low: Real | None = None) -> Real:
    k, m = reduced_double(u, low)
    least = u.lanes.whole(-1000)
    k = (k - 1).at_least(least)
    scale = power_of_two(k)  # half of 2^k, which may overflow where the result does not
    return where(abs(u) < TINY, u, 2.0 * fused(scale, m, scale - 0.5))


def fast_power_of_two(k: Whole) -> Real:
    return ((k + 127) << 23).real()


def reduced_fast(u: Real, low: Real | None) -> tuple[Whole, Real]:
    """Return k and exp(r) - 1 for u + low = k ln 2 + r, where |low| <= 0.04."""
    shifted = fused(u, PER_LN2, FAST_ROUNDER)
    whole = shifted - FAST_ROUNDER
    r = fused(whole, -FAST_LN2_HIGH, u)
    r = fused(whole, -FAST_LN2_LOW, r if low is None else r + low)
    return shifted.bits(), fused(r * r, polynomial(r, EXP_FAST), r)


def floored(u: Real, low: Real | None) -> tuple[Real, Real | None]:
    """Return u and what it carries on, brought up to the least argument of the fast forms."""
    least = -REACH["fast"]
    return where(u < least, least, u), None if low is None else where(u < least, 0.0, low)


def exp_fast(u: Real, low: Real | None = None) -> Real:
    u.lanes.require(abs(u) <= REACH["fast"])
    return exp_fast_within(u, low)


def exp_fast_within(u: Real, low: Real | None = None) -> Real:
    k, m = reduced_fast(u, low)
    scale = fast_power_of_two(k)
    return fused(scale, m, scale)


def expm1_fast(u: Real, low: Real | None = None) -> Real:
    u.lanes.require(u <= REACH["fast"])
    k, m = reduced_fast(*floored(u, low))
    scale = fast_power_of_two(k)
    return where(abs(u) < TINY, u, fused(scale, m, scale - 1.0))


EXP = {"near": exp_near, "double": exp_double, "fast": exp_fast}
EXPM1 = {"near": expm1_near, "double": expm1_double, "fast": expm1_fast}
