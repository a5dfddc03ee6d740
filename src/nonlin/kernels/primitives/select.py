"""where, sign and abs: choices without a branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nonlin.kernels.lanes import Real, where


def sign(u: Real) -> Real:
    return where(u > 0.0, 1.0, where(u < 0.0, -1.0, u))


def magnitude(u: Real) -> Real:
    return abs(u)


def zero_wins(a: Real, b: Real) -> Real:
    """The product, where a zero factor makes a zero even of an infinite one: the limit of x^n exp(-x)."""
    product = a * b
    return where((product != product) & ((a == 0.0) | (b == 0.0)), 0.0, product)


WORDS: Mapping[str, Callable[..., Real]] = {"where": where, "sign": sign, "abs": magnitude}
