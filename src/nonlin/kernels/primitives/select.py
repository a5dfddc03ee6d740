"""where, sign and abs: choices without a branch."""

from __future__ import annotations

from typing import Any

from nonlin.kernels.primitives.scalar import scalar


@scalar
def where(condition, a, b):
    return a if condition else b


def sign(real: type[Any]) -> Any:
    """Return the sign, in lanes of that type."""
    minus, zero, one = map(real, (-1, 0, 1))

    @scalar
    def sign_of(u):
        return one if u > zero else (minus if u < zero else zero)

    return sign_of


@scalar
def magnitude(u):
    return abs(u)


@scalar
def zero_wins(a, b):
    """The product, where a zero factor makes a zero even of an infinite one: the limit of x^n exp(-x)."""
    product = a * b
    return 0.0 if product != product and (a == 0.0 or b == 0.0) else product
