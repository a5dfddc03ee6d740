"""exp(u) - 1 - u and u - tanh(u): what is left where the first terms of a series cancel.

Claims (relative error): the near forms 2^-36; the double forms 3 ulp; the fast forms 4 ulp of float32.
"""

from __future__ import annotations

from collections.abc import Callable

from nonlin.kernels.lanes import Real, fused, polynomial, where, with_sign_of
from nonlin.kernels.primitives.coefficients import (
    EXP_REST_DOUBLE,
    EXP_REST_FAST,
    EXP_REST_SINGLE,
    EXP_SINGLE,
    TANH_REST_DOUBLE,
    TANH_REST_FAST,
    TANH_REST_SINGLE,
)
from nonlin.kernels.primitives.exp import (
    REACH,
    Kind,
    clipped,
    fast_power_of_two,
    floored,
    power_of_two,
    reduced_double,
    reduced_fast,
    reduced_near,
)
from nonlin.kernels.primitives.logistic import decay

EXP_SERIES = {"near": EXP_REST_SINGLE, "double": EXP_REST_DOUBLE, "fast": EXP_REST_FAST}
TANH_SERIES = {"near": TANH_REST_SINGLE, "double": TANH_REST_DOUBLE, "fast": TANH_REST_FAST}


def rest_words(kind: Kind) -> dict[str, Callable[..., Real]]:
    """Return the two words for one kind of lanes."""

    def expm1_rest(u: Real, low: Real | None = None) -> Real:
        """Within 1 of 0 its series; else 2^k - 1 - u and 2^k (exp(r) - 1), which do not cancel there."""
        t = clipped(u, -1.0, 1.0)
        return where(abs(u) < 1.0, t * t * polynomial(t, EXP_SERIES[kind]), far(u, low))

    def far(u: Real, low: Real | None) -> Real:
        if kind == "near":
            u.lanes.require(abs(u) <= REACH["near"])
            k, r = reduced_near(u)
            scale = power_of_two(k)
            return fused(scale, r * polynomial(r, (1.0, *EXP_SINGLE)), (scale - 1.0) - u)
        if kind == "fast":
            u.lanes.require(u <= REACH["fast"])
            k, m = reduced_fast(*floored(u, low))
            scale = fast_power_of_two(k)
            return fused(scale, m, (scale - 1.0) - u)
        k, m = reduced_double(u, low)
        half = power_of_two((k - 1).at_least(u.lanes.whole(-1000)))
        return 2.0 * fused(
            half, m, (half - 0.5) - where(u > 1000.0, 1000.0, u) * 0.5
        )  # 2^k may overflow where the result does not

    def tanh_rest(u: Real, low: Real | None = None) -> Real:
        """Within 1 of 0 its series; else |u| - 1 and 2 / (1 + exp(2 |u|)), which are both positive."""
        square = u * u
        w = where(square < 1.0, square, 1.0)
        e = decay(kind, u, None, times=2.0)
        beyond = (abs(u) - 1.0) + 2.0 * e / (1.0 + e)
        return where(square < 1.0, u * w * polynomial(w, TANH_SERIES[kind]), with_sign_of(beyond, u))

    return {"expm1_rest": expm1_rest, "tanh_rest": tanh_rest}
