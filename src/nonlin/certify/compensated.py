"""Arrays of numbers, each with what its rounding lost: arithmetic in twice the digits of an extended precision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Union

import numpy as np

LONG = np.longdouble
SPLITTER = LONG(2**32 + 1)  # parts the 64 bits of an extended precision into halves whose products are exact

Rest = Any  # an array, or None where nothing was lost
Given = Union["Kept", int]


@dataclass(frozen=True, eq=False)
class Kept:
    """The numbers high + low.

    Attributes
    ----------
    high : ndarray or number of extended precision
    low : ndarray, number or None
        What the rounding of high lost, itself rounded; None for nothing. Where high overflows, 0.
    """

    high: Any
    low: Rest = None

    def __add__(self, other: Given) -> Kept:
        a, b = self, kept(other)
        total = a.high + b.high
        shown = total - a.high
        lost = (a.high - (total - shown)) + (b.high - shown)  # Knuth's two-sum
        return Kept(total, _finite(_plus(_plus(lost, a.low), b.low)))

    def __mul__(self, other: Given) -> Kept:
        a, b = self, kept(other)
        product = a.high * b.high
        lost = lost_by_product(a.high, b.high, product)
        return Kept(product, _finite(_plus(_plus(lost, _times(a.low, b.high)), _times(b.low, a.high))))

    def __neg__(self) -> Kept:
        return Kept(-self.high, None if self.low is None else -self.low)

    def __abs__(self) -> Kept:
        return Kept(abs(self.high), _times(self.low, np.where(self.high < 0, LONG(-1), LONG(1))))

    def __pow__(self, exponent: Given) -> Kept:
        if isinstance(exponent, Kept):
            return Kept(np.power(self.high, exponent.high))
        if exponent < 0:
            return self.reciprocal() ** -exponent
        if exponent <= 1:
            return self if exponent else kept(1)
        half = self ** (exponent // 2)
        return half * half * self if exponent % 2 else half * half

    def __gt__(self, other: Given) -> Any:
        return self.high > kept(other).high

    def __ge__(self, other: Given) -> Any:
        return self.high >= kept(other).high

    def __lt__(self, other: Given) -> Any:
        return self.high < kept(other).high

    def __le__(self, other: Given) -> Any:
        return self.high <= kept(other).high

    def __eq__(self, other: object) -> Any:
        return self.high == kept(other).high

    def __ne__(self, other: object) -> Any:
        return self.high != kept(other).high

    __hash__ = None  # type: ignore[assignment]

    def reciprocal(self) -> Kept:
        """Return 1 / self."""
        inverse = 1 / self.high
        product = inverse * self.high
        missing = (1 - product) - lost_by_product(inverse, self.high, product)
        return Kept(inverse, _finite(_plus(missing, _times(self.low, -inverse)) * inverse))

    def root(self) -> Kept:
        """Return the square root."""
        root = np.sqrt(self.high)
        square = root * root
        missing = (self.high - square) - lost_by_product(root, root, square)
        return Kept(root, _finite(_plus(missing, self.low) / (2 * root)))


def kept(number: Any) -> Kept:
    """Return a number as one that has lost nothing."""
    return number if isinstance(number, Kept) else Kept(LONG(number))


def choose(condition: Any, a: Kept, b: Kept) -> Kept:
    """Return a where the condition holds, else b."""
    high = np.where(condition, a.high, b.high)
    if a.low is None and b.low is None:
        return Kept(high)
    zero = LONG(0)
    return Kept(high, np.where(condition, zero if a.low is None else a.low, zero if b.low is None else b.low))


def lost_by_product(a: Any, b: Any, product: Any) -> Any:
    """Return a b - product, by the products of halves (Dekker)."""
    (a1, a2), (b1, b2) = _halves(a), _halves(b)
    return ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2


def _halves(a: Any) -> tuple[Any, Any]:
    scaled = SPLITTER * a
    upper = scaled - (scaled - a)
    return upper, a - upper


def _plus(a: Any, b: Rest) -> Any:
    return a if b is None else a + b


def _times(rest: Rest, factor: Any) -> Rest:
    return None if rest is None else rest * factor


def _finite(rest: Any) -> Any:
    return np.where(np.isfinite(rest), rest, LONG(0))
