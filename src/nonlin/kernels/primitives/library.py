"""log, log1p, sin, cos and pow, from the C library: right to about 1 ulp, one value at a time.

No activation of the catalog needs them in an elementwise kernel; a person's own may.
"""

from __future__ import annotations

import math

from nonlin.kernels.primitives.scalar import scalar


@scalar
def log(u):
    return math.log(u)


@scalar
def log1p(u):
    return math.log1p(u)


@scalar
def sin(u):
    return math.sin(u)


@scalar
def cos(u):
    return math.cos(u)


@scalar
def power(u, v):
    return math.pow(u, v)


WORDS = {"log": log, "log1p": log1p, "sin": sin, "cos": cos, "pow": power}
