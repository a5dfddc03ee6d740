"""sigmoid, softplus, tanh and sech^2: all from e = exp(-|u|) or exp(-2 |u|), which never overflows.

Claims (relative error): the near forms 2^-36; the double forms 4 ulp; the fast forms 4 ulp of float32.
"""

from __future__ import annotations

from collections.abc import Callable

from nonlin.kernels.lanes import Real, fma, fused, polynomial, where, with_sign_of
from nonlin.kernels.primitives.coefficients import (
    EXP_SINGLE,
    LOG1P_DOUBLE,
    LOG1P_FAST,
    LOG1P_SINGLE,
)
from nonlin.kernels.primitives.exp import (
    EXPM1,
    REACH,
    Kind,
    exp_double,
    exp_fast_within,
    exp_near,
    fast_power_of_two,
    floored,
    power_of_two,
    reduced_fast,
    reduced_near,
)

ATANH_REST = {"near": LOG1P_SINGLE, "double": LOG1P_DOUBLE, "fast": LOG1P_FAST}


def carried(u: Real, low: Real | None, times: float) -> Real | None:
    """Return what -|u| times carries on, where u carries on `low`."""
    return None if low is None else where(u < 0.0, low, -low) * times


def decay(kind: Kind, u: Real, low: Real | None, times: float = 1.0) -> Real:
    """Return exp(-|u| times), where u carries on into `low`."""
    size, rest = abs(u) * -times, carried(u, low, times)
    if kind == "fast":
        return exp_fast_within(*floored(size, rest))
    return (exp_near if kind == "near" else exp_double)(size, rest)


def decay_and_fall(kind: Kind, u: Real, low: Real | None) -> tuple[Real, Real]:
    """Return e = exp(-2 |u|) and e - 1, from one polynomial; tanh and sech^2 of one number share all of it.

    Unlike expm1 it takes no care of the sign of 0, which tanh sets anew.
    """
    size, rest = abs(u) * -2.0, carried(u, low, 2.0)
    if kind == "fast":
        k, m = reduced_fast(*floored(size, rest))
        scale = fast_power_of_two(k)
    else:
        u.lanes.require(size >= -REACH["near"])
        k, r = reduced_near(size)
        m, scale = r * polynomial(r, (1.0, *EXP_SINGLE)), power_of_two(k)
    return fused(scale, m, scale), fused(scale, m, scale - 1.0)


def share_of_one(kind: Kind, e: Real) -> Real:
    """Return 1 / (1 + e) for 0 <= e <= 1; where digits are scarce, what the sum and the division lost is put back."""
    d = 1.0 + e
    share = 1.0 / d
    if kind == "near":
        return share
    lost = fma(-d, share, 1.0) - share * (e - (d - 1.0))
    return fused(share, lost, share)


def logistic_words(kind: Kind) -> dict[str, Callable[..., Real]]:
    """Return the four words for one kind of lanes."""

    def sigmoid_near(u: Real, low: Real | None = None) -> Real:
        """1 / (1 + exp(-u)), which float64 holds; for -v the same exponential serves as for v."""
        v = u.negative_of
        e = exp_near(-u if v is None else -v)
        share = 1.0 / (1.0 + e)
        return share if v is None else e * share

    def sigmoid_fast(u: Real, low: Real | None = None) -> Real:
        """exp(-|u|) = scale + scale m, whose product with the share is rounded once."""
        u.lanes.require(u >= -REACH["fast"])
        size, rest = floored(-abs(u), None if low is None else where(u < 0.0, low, -low))
        k, m = reduced_fast(size, rest)
        scale = fast_power_of_two(k)
        share = share_of_one(kind, fused(scale, m, scale))
        scaled = scale * share
        return where(u >= 0.0, share, fused(scaled, m, scaled))

    def sigmoid(u: Real, low: Real | None = None) -> Real:
        e = decay(kind, u, low)
        share = share_of_one(kind, e)
        return where(u >= 0.0, share, e * share)

    # log1p(e) = 2 atanh(e / (2 + e)), which needs no exponent of e for 0 <= e <= 1.
    def softplus(u: Real, low: Real | None = None) -> Real:
        if kind == "fast":
            u.lanes.require(u >= -REACH["fast"])
        e = decay(kind, u, low)
        s = e / (2.0 + e)
        w = s * s
        line = where(u > 0.0, u, 0.0)
        return line + 2.0 * fused(s * w, polynomial(w, ATANH_REST[kind]), s)

    def tanh(u: Real, low: Real | None = None) -> Real:
        if kind == "double":
            m = EXPM1[kind](abs(u) * -2.0, carried(u, low, 2.0))
            return with_sign_of(m / (2.0 + m), u)
        e, fallen = decay_and_fall(kind, u, low)
        return with_sign_of(fallen * (1.0 / (1.0 + e)), u)

    def sech2(u: Real, low: Real | None = None) -> Real:
        if kind == "fast":
            u.lanes.require(abs(u) <= REACH["fast"] / 2)
        e = decay(kind, u, low, times=2.0) if kind == "double" else decay_and_fall(kind, u, low)[0]
        share = share_of_one(kind, e)
        return (4.0 * e) * (share * share)

    return {
        "sigmoid": {"near": sigmoid_near, "double": sigmoid, "fast": sigmoid_fast}[kind],
        "softplus": softplus,
        "tanh": tanh,
        "sech2": sech2,
    }
