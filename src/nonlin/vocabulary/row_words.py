"""What row functions are written with: the largest, the sum and the scalar product of a row's elements.

Each keeps eight running results, so that a processor's vectors are filled; the order of the additions is
thereby fixed, whatever the processor.
"""

from __future__ import annotations

from typing import Any

INFINITE, UNDECIDED = float("inf"), float("nan")
VANISHED = -746.0  # exp of anything below rounds to 0, and arithmetic on it would meet slow subnormals


def largest(z: Any) -> Any:
    """Return the largest element, NaN left out; -inf if there is none."""
    a = b = c = d = e = f = g = h = -INFINITE
    end = z.size - z.size % 8
    for i in range(0, end, 8):
        a = z[i] if z[i] > a else a
        b = z[i + 1] if z[i + 1] > b else b
        c = z[i + 2] if z[i + 2] > c else c
        d = z[i + 3] if z[i + 3] > d else d
        e = z[i + 4] if z[i + 4] > e else e
        f = z[i + 5] if z[i + 5] > f else f
        g = z[i + 6] if z[i + 6] > g else g
        h = z[i + 7] if z[i + 7] > h else h
    for i in range(end, z.size):
        a = z[i] if z[i] > a else a
    return max(max(max(a, b), max(c, d)), max(max(e, f), max(g, h)))


def total(z: Any) -> Any:
    """Return the sum of the elements."""
    a = b = c = d = e = f = g = h = 0.0
    end = z.size - z.size % 8
    for i in range(0, end, 8):
        a += z[i]
        b += z[i + 1]
        c += z[i + 2]
        d += z[i + 3]
        e += z[i + 4]
        f += z[i + 5]
        g += z[i + 6]
        h += z[i + 7]
    for i in range(end, z.size):
        a += z[i]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))


def dot(z: Any, w: Any) -> Any:
    """Return the sum of the products of two rows' elements."""
    a = b = c = d = e = f = g = h = 0.0
    end = z.size - z.size % 8
    for i in range(0, end, 8):
        a += z[i] * w[i]
        b += z[i + 1] * w[i + 1]
        c += z[i + 2] * w[i + 2]
        d += z[i + 3] * w[i + 3]
        e += z[i + 4] * w[i + 4]
        f += z[i + 5] * w[i + 5]
        g += z[i + 6] * w[i + 6]
        h += z[i + 7] * w[i + 7]
    for i in range(end, z.size):
        a += z[i] * w[i]
    return ((a + b) + (c + d)) + ((e + f) + (g + h))
