"""Where a slope crosses zero, its terms cancel; near such a root it is written as (x - root) times a polynomial.

The slope of SiLU at the float32 next to its root is 2.8e-9, the difference of two terms near 0.2: float64
arithmetic leaves it 20 digits short of the formula's own and only 8 right. The root, known to 60 digits and
taken away in two steps, leaves all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import sympy as sp
from flint import arb, arb_mat, ctx

from nonlin.derivation.calculus import derivative
from nonlin.derivation.reference import enclose
from nonlin.vocabulary import Definition, kinks, x

Precision = Literal["single", "double"]

WIDTHS: dict[Precision, tuple[Fraction, int]] = {
    "single": (Fraction(1, 256), 4),
    "double": (Fraction(1, 2), 22),
}
"""Half the width of the stretch around a root, and the number of coefficients: 2^-40 and 2^-56 for SiLU."""

BITS = 300
_GRID = [Fraction(k, 4) for k in range(-48, 49)]
_MOST = 4  # a slope that crosses zero more often oscillates: its words are right near their own zeros


@dataclass(frozen=True)
class Crossing:
    """A simple root of the slope, and the slope near it as d times a polynomial in d = x - root."""

    root: Fraction
    width: Fraction
    coefficients: tuple[float, ...]


class NearRoot(sp.Function):
    """`NearRoot(otherwise, u, when, root, width, c0, c1, ...)`: d (c0 + c1 d + ...) near d = u - root = 0."""

    @classmethod
    def eval(cls, *arguments: Any) -> None:
        return None


def sharpened(definition: Definition, formula: Any, precision: Precision, order: int) -> Any:
    """Return the slope (order 1) or value (0), with all digits near the roots that it has at the default parameters."""
    defaults = [sp.Eq(p, p.exact, evaluate=False) for p in definition.parameters]
    for c in crossings(definition, precision, order):
        numbers = [
            sp.Rational(c.root.numerator, c.root.denominator),
            sp.Rational(*c.width.as_integer_ratio()),
        ]
        formula = NearRoot(formula, x, sp.And(*defaults), *numbers, *map(sp.Float, c.coefficients))
    return formula


@cache
def crossings(definition: Definition, precision: Precision, order: int = 1) -> tuple[Crossing, ...]:
    """Return the crossings of the slope, or of the value but at 0, between -12 and 12, at the default parameters."""
    width, count = WIDTHS[precision]
    slope, roots = _function(definition, order), _roots(definition, order)
    apart = all(b - a > 2 * width for a, b in pairwise(roots))
    if len(roots) > _MOST or not apart or any(abs(r - k) <= width for r in roots for k in _kinks(definition)):
        return ()
    return tuple(Crossing(r, width, _quotient(slope, r, width, count)) for r in roots)


@cache
def _roots(definition: Definition, order: int) -> tuple[Fraction, ...]:
    slope = _function(definition, order)
    if not derivative(definition, order).has(x):
        return ()
    found = (r for low, high in _sign_changes(slope) if (r := _root(slope, low, high)) is not None)
    if order == 1:
        return tuple(found)
    # A formula keeps its digits near 0; on a flat stretch of zeros there is no root.
    rise = _function(definition, 1)
    return tuple(r for r in found if abs(r) > 1e-30 and abs(rise(r)) > 1e-6)


def _function(definition: Definition, order: int) -> Callable[[Fraction], Any]:
    formula = derivative(definition, order)
    defaults = {p: p.default for p in definition.parameters}
    return lambda at: enclose(formula, {**defaults, x: sp.Rational(at.numerator, at.denominator)}, BITS)


def _kinks(definition: Definition) -> list[float]:
    defaults = {p: p.default for p in definition.parameters}
    return [float(k.subs(defaults)) for k in kinks(definition.formula)]


def _sign_changes(slope: Callable[[Fraction], Any]) -> Iterator[tuple[Fraction, Fraction]]:
    known = [(at, sign) for at in _GRID if (sign := _sign(slope(at)))]
    for (low, before), (high, after) in pairwise(known):
        if before != after:
            yield low, high


def _sign(ball: Any) -> int:
    return 1 if ball > 0 else -1 if ball < 0 else 0


def _root(slope: Callable[[Fraction], Any], low: Fraction, high: Fraction) -> Fraction | None:
    """Bisect to 10 bits, then follow the secant to 200; None where the slope jumps instead of crossing."""
    left = _sign(slope(low))
    for _ in range(10):
        middle = (low + high) / 2
        low, high = (middle, high) if _sign(slope(middle)) == left else (low, middle)
    a, b = low, high
    for _ in range(12):
        fa, fb = (_fraction(slope(t)) for t in (a, b))
        if fb == fa or abs(fb) < Fraction(1, 1 << 240):
            break
        a, b = b, _short(b - fb * (b - a) / (fb - fa))
    settled = low <= b <= high and abs(_fraction(slope(b))) < Fraction(1, 1 << 190)
    return b if settled else None


def _fraction(ball: Any) -> Fraction:
    mantissa, exponent = ball.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _short(number: Fraction) -> Fraction:
    return Fraction(round(number * (1 << 260)), 1 << 260)


def _quotient(
    slope: Callable[[Fraction], Any], root: Fraction, width: Fraction, count: int
) -> tuple[float, ...]:
    """Return the polynomial through slope / d at the Chebyshev points of the stretch, constant term first."""
    points = [width * Fraction(math.cos(math.pi * (2 * k + 1) / (2 * count))) for k in range(count)]
    with ctx.workprec(BITS):
        powers = arb_mat([[_ball(d) ** k for k in range(count)] for d in points])
        values = arb_mat([[slope(root + d) / _ball(d)] for d in points])
        solved = powers.solve(values)
    coefficients = [float(solved[k, 0].mid()) for k in range(count)]
    while abs(coefficients[-1]) * float(width) ** (len(coefficients) - 1) < 1e-20 * abs(coefficients[0]):
        coefficients.pop()
    return tuple(coefficients)


def _ball(number: Fraction) -> Any:
    return arb(number.numerator) / arb(number.denominator)
