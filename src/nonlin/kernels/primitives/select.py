"""where, sign and abs: choices without a branch."""

from __future__ import annotations

from nonlin.kernels.primitives.scalar import scalar


@scalar
def where(condition, a, b):
    return a if condition else b


@scalar
def sign(u):
    return 1.0 if u > 0.0 else (-1.0 if u < 0.0 else 0.0)


@scalar
def magnitude(u):
    return abs(u)


@scalar
def zero_wins(a, b):
    """The product, where a zero factor makes a zero even of an infinite one: the limit of x^n exp(-x)."""
    product = a * b
    return 0.0 if product != product and (a == 0.0 or b == 0.0) else product
