"""Independent truth for rows: plain formulas in mpmath and exact fractions, written by hand, none from nonlin."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np

from oracles import LONG, to_long

DIGITS = 120  # beyond those that an offset of 1e8 cancels, squared


def fractions(row: Any) -> list[Fraction]:
    """Return floats as the exact fractions that they are."""
    return [Fraction(float(v)) for v in row]


def sparsemax(row: Any) -> list[Fraction]:
    """Return the projection onto the simplex by sorting, as in Martins & Astudillo (2016), exactly."""
    z = fractions(row)
    largest_first = sorted(z, reverse=True)
    so_far, threshold = Fraction(0), Fraction(0)
    for k, v in enumerate(largest_first, 1):
        so_far += v
        if 1 + k * v > so_far:
            threshold = (so_far - 1) / k
    return [max(v - threshold, Fraction(0)) for v in z]


def entmax15(row: Any) -> list[Any]:
    """Return the 1.5-entmax by sorting, as in Peters, Niculae & Martins (2019), at many digits."""
    with mp.workdps(DIGITS):
        z = [mp.mpf(float(v)) / 2 for v in row]
        largest_first, threshold = sorted(z, reverse=True), None
        for k in range(1, len(z) + 1):
            taken = largest_first[:k]
            mean = mp.fsum(taken) / k
            scatter = mp.fsum((v - mean) ** 2 for v in taken)
            if scatter <= 1 and (t := mean - mp.sqrt((1 - scatter) / k)) <= taken[-1]:
                threshold = t
        return [max(v - threshold, mp.mpf(0)) ** 2 for v in z]


def layer_norm(row: Any, eps: float = 1e-5) -> list[Any]:
    """Return deviations from the mean over the standard deviation, at many digits."""
    with mp.workdps(DIGITS):
        z = [mp.mpf(float(v)) for v in row]
        mean = mp.fsum(z) / len(z)
        spread = mp.sqrt(mp.fsum((v - mean) ** 2 for v in z) / len(z) + mp.mpf(float(eps)))
        return [(v - mean) / spread for v in z]


def rms_norm(row: Any, eps: float = 1e-5) -> list[Any]:
    """Return elements over the root mean square, at many digits."""
    with mp.workdps(DIGITS):
        z = [mp.mpf(float(v)) for v in row]
        scale = mp.sqrt(mp.fsum(v**2 for v in z) / len(z) + mp.mpf(float(eps)))
        return [v / scale for v in z]


def local_response_norm(
    row: Any, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> list[Any]:
    """Return elements over a power of the squares around them; of an even window one more stands before."""
    with mp.workdps(DIGITS):
        z, found = [mp.mpf(float(v)) for v in row], []
        for i, v in enumerate(z):
            window = z[max(i - size // 2, 0) : i + (size - 1) // 2 + 1]
            found.append(v / (k + mp.mpf(alpha) * mp.fsum(w**2 for w in window) / size) ** mp.mpf(beta))
        return found


def long(values: Any) -> np.ndarray:
    """Return exact numbers in extended precision."""
    with mp.workdps(60):
        exact = [v if isinstance(v, mp.mpf) else mp.mpf(v.numerator) / v.denominator for v in values]
        return np.array([to_long(v) for v in exact], LONG)


def winners(row: Any, k: int) -> list[bool]:
    """Return whether each element is among the first k, the largest first and equal ones in their order."""
    first = sorted(range(len(row)), key=lambda i: -float(row[i]))[:k]
    won = set(first)
    return [i in won for i in range(len(row))]
