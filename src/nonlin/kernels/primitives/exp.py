"""exp(u) and exp(u) - 1: u = k ln 2 + r, a polynomial in r, and the exponent set by an integer shift.

Claims (relative error): `exp_single` 2^-38 on [-708, 708], where it stays clamped; `exp_double` 1 ulp,
subnormal results and overflow included; `expm1_single` 2^-36; `expm1_double` 2 ulp.
"""

from __future__ import annotations

import numpy as np

from nonlin.kernels.primitives.coefficients import EXP_DOUBLE, EXP_SINGLE
from nonlin.kernels.primitives.scalar import horner, scalar

PER_LN2 = 1.4426950408889634
LN2 = 0.6931471805599453
LN2_HIGH = 0.6931471803691238  # 33 bits of ln 2, so that k times it is exact
LN2_LOW = 1.9082149292705877e-10
ROUNDER = 6755399441055744.0  # 1.5 * 2^52: adding it rounds to an integer in the low bits
TINY = 1e-20  # below, exp(u) - 1 rounds to u, and half of a subnormal u would be lost
ROUNDER_BITS = np.float64(ROUNDER).view(np.int64)

_rest_single = horner(EXP_SINGLE)
_rest_double = horner(EXP_DOUBLE)


@scalar
def power_of_two(k):
    return np.int64((k + 1023) << 52).view(np.float64)


@scalar
def reduced_single(u):
    """Return k, as an integer and exact in a shift, and r + r^2 p(r) = exp(r) - 1."""
    t = -708.0 if u < -708.0 else u
    t = 708.0 if t > 708.0 else t
    shifted = t * PER_LN2 + ROUNDER
    k = np.float64(shifted).view(np.int64)
    r = t - (shifted - ROUNDER) * LN2
    return k, r + r * r * _rest_single(r)


@scalar
def exp_single(u):
    k, m = reduced_single(u)
    return (1.0 + m) * power_of_two(k)


@scalar
def expm1_single(u):
    k, m = reduced_single(u)
    scale = power_of_two(k)
    return u if abs(u) < TINY else scale * m + (scale - 1.0)


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
