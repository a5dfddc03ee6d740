"""exp(u) and exp(u) - 1: u = k ln 2 + r, a polynomial in r, and the exponent set by an integer shift.

Claims (relative error): `exp_single` 2^-38 on [-708, 708], where it stays clamped; `exp_near` the same
without the clamp; `exp_double` 1 ulp, subnormal results and overflow included; `expm1_single` and
`expm1_near` 2^-36; `expm1_double` 2 ulp; `exp_fast` and `expm1_fast`, in float32 and for |u| <= 80, 1.5 ulp.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from nonlin.kernels.primitives.coefficients import EXP_DOUBLE, EXP_FAST, EXP_SINGLE
from nonlin.kernels.primitives.scalar import horner, scalar

PER_LN2 = 1.4426950408889634
LN2 = 0.6931471805599453
LN2_HIGH = 0.6931471803691238  # 33 bits of ln 2, so that k times it is exact
LN2_LOW = 1.9082149292705877e-10
ROUNDER = 6755399441055744.0  # 1.5 * 2^52: adding it rounds to an integer in the low bits
TINY = 1e-20  # below, exp(u) - 1 rounds to u, and half of a subnormal u would be lost
ROUNDER_BITS = np.float64(ROUNDER).view(np.int64)

Lanes = Literal["single", "near", "double", "fast"]
"""float64 lanes long enough for float32 results, with any input or with a near one; for float64 results;
float32 lanes for near inputs."""

_rest_single = horner(EXP_SINGLE)
_rest_double = horner(EXP_DOUBLE)
_rest_fast = horner(EXP_FAST, np.float32)


@scalar
def power_of_two(k):
    return np.int64((k + 1023) << 52).view(np.float64)


@scalar
def reduced_near(u):
    """Return k, as an integer and exact in a shift, and r + r^2 p(r) = exp(r) - 1, for |u| <= 708."""
    shifted = u * PER_LN2 + ROUNDER
    k = np.float64(shifted).view(np.int64)
    r = u - (shifted - ROUNDER) * LN2
    return k, r + r * r * _rest_single(r)


@scalar
def exp_near(u):
    k, m = reduced_near(u)
    return (1.0 + m) * power_of_two(k)


@scalar
def expm1_near(u):
    k, m = reduced_near(u)
    scale = power_of_two(k)
    return u if abs(u) < TINY else scale * m + (scale - 1.0)


@scalar
def clamped(u):
    t = -708.0 if u < -708.0 else u
    return 708.0 if t > 708.0 else t


@scalar
def exp_single(u):
    return exp_near(clamped(u))


@scalar
def expm1_single(u):
    return expm1_near(clamped(u))


@scalar
def reduced_double(u):
    t = -746.0 if u < -746.0 else u
    t = 710.0 if t > 710.0 else t
    shifted = t * PER_LN2 + ROUNDER
    k = np.float64(shifted).view(np.int64) - ROUNDER_BITS
    whole = shifted - ROUNDER
    r = (t - whole * LN2_HIGH) - whole * LN2_LOW
    return k, r + r * r * _rest_double(r)


@scalar
def exp_double(u):
    k, m = reduced_double(u)
    half = k >> 1  # two steps: 2^k alone would overflow, or lose a subnormal result
    return ((1.0 + m) * power_of_two(half)) * power_of_two(k - half)


@scalar
def expm1_double(u):
    k, m = reduced_double(u)
    k = k - 1 if k > -1000 else np.int64(-1000)
    scale = power_of_two(k)  # half of 2^k, which may overflow where the result does not
    return u if abs(u) < TINY else 2.0 * (scale * m + (scale - 0.5))


FAST_PER_LN2 = np.float32(1.4426950408889634)
FAST_LN2_HIGH = np.float32(0.693145751953125)  # 16 bits of ln 2, so that k times it is exact
FAST_LN2_LOW = np.float32(1.428606765330187e-06)
FAST_ROUNDER = np.float32(12582912.0)  # 1.5 * 2^23
FAST_TINY = np.float32(1e-20)
FAST_ZERO, FAST_ONE = np.float32(0.0), np.float32(1.0)


@scalar
def fast_power_of_two(k):
    return np.int32((k + np.int32(127)) << np.int32(23)).view(np.float32)


@scalar
def reduced_fast(u, more):
    """Return k and exp(r) - 1 for u + more = k ln 2 + r, where |more| <= 0.04."""
    shifted = u * FAST_PER_LN2 + FAST_ROUNDER
    k = np.float32(shifted).view(np.int32)
    whole = shifted - FAST_ROUNDER
    r = (u - whole * FAST_LN2_HIGH) + (more - whole * FAST_LN2_LOW)
    return k, r + r * r * _rest_fast(r)


@scalar
def exp_fast(u):
    k, m = reduced_fast(u, FAST_ZERO)
    scale = fast_power_of_two(k)
    return scale + scale * m


@scalar
def expm1_fast(u):
    k, m = reduced_fast(u, FAST_ZERO)
    scale = fast_power_of_two(k)
    return u if abs(u) < FAST_TINY else scale * m + (scale - FAST_ONE)


EXP = {"single": exp_single, "near": exp_near, "double": exp_double, "fast": exp_fast}
EXPM1 = {"single": expm1_single, "near": expm1_near, "double": expm1_double, "fast": expm1_fast}
