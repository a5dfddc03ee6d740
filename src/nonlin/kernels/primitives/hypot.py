"""hypot: the square root of u^2 + v^2, whose squares may be too large or too small for the lanes.

Claims (relative error): the near form 2^-51; the double form 2 ulp; the fast form 2 ulp of float32.
"""

from __future__ import annotations

from collections.abc import Callable

from nonlin.kernels.lanes import Real, fused, sqrt, where
from nonlin.kernels.primitives.exp import Kind

REACH = {"near": (1e-140, 1e150), "fast": (1e-15, 1e18)}
"""Between which the larger of the two keeps its square."""


def hypot_word(kind: Kind) -> Callable[..., Real]:
    """Return the word for one kind of lanes."""

    def hypot(u: Real, v: Real) -> Real:
        a, b = abs(u), abs(v)
        larger = where(a > b, a, b)
        if kind != "double":
            least, most = REACH[kind]
            u.lanes.require((larger >= least) & (larger <= most))
            return sqrt(fused(u, u, v * v))
        scale = where(larger > 1e150, 2.0**-600, where(larger < 1e-140, 2.0**600, 1.0))
        back = where(larger > 1e150, 2.0**600, where(larger < 1e-140, 2.0**-600, 1.0))
        a, b = a * scale, b * scale
        return sqrt(fused(a, a, b * b)) * back

    return hypot
