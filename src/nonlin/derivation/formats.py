"""Number formats: how exact fractions round in each, and the unit in the last place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np


@dataclass(frozen=True)
class Format:
    """A binary floating-point format.

    Attributes
    ----------
    name : str
    dtype : numpy.dtype
    digits : int
        Binary digits of a normal number, the leading one included.
    least, most : int
        The exponents of the smallest and of the largest normal numbers.
    """

    name: str
    dtype: np.dtype[Any]
    digits: int
    least: int
    most: int

    @property
    def beyond(self) -> Fraction:
        """The number that would follow the largest; what an infinity counts as."""
        return Fraction(2) ** (self.most + 1)

    def unit(self, number: Fraction) -> Fraction:
        """Return the spacing in the binade of a number, never below the smallest subnormal."""
        exponent = self.least if number == 0 else min(max(exponent_of(number), self.least), self.most)
        return Fraction(2) ** (exponent - self.digits + 1)

    def rounded(self, number: Fraction) -> Fraction:
        """Return the nearest number of the format, ties to even; `beyond` stands for infinity."""
        unit = self.unit(number)
        nearest = round(number / unit) * unit
        return min(max(nearest, -self.beyond), self.beyond)

    def exactly(self, got: float) -> Fraction:
        """Return a number of the format as a fraction, an infinity as plus or minus `beyond`."""
        if got in (float("inf"), float("-inf")):
            return self.beyond if got > 0 else -self.beyond
        return Fraction(got)


def exponent_of(number: Fraction) -> int:
    """Return the e with 2^e <= |number| < 2^(e + 1)."""
    above, below = abs(number.numerator), number.denominator
    guess = above.bit_length() - below.bit_length()
    fits = above >= below << guess if guess >= 0 else above << -guess >= below
    return guess if fits else guess - 1


FORMATS: Mapping[str, Format] = {
    f.name: f
    for f in (
        Format("float32", np.dtype(np.float32), 24, -126, 127),
        Format("float64", np.dtype(np.float64), 53, -1022, 1023),
        Format("float16", np.dtype(np.float16), 11, -14, 15),
        Format("bfloat16", np.dtype(ml_dtypes.bfloat16), 8, -126, 127),
    )
}
