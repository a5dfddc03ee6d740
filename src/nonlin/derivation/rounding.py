"""A formula's value, correctly rounded: a ball made smaller until it holds no tie, or a fraction."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx

from nonlin.derivation.arithmetic import DECIDE, Arithmetic, NoSuchForm, compiled
from nonlin.derivation.calculus import derivative
from nonlin.derivation.formats import Format
from nonlin.derivation.reference import BALLS, enclose
from nonlin.vocabulary import Definition

BITS = (128, 256, 512, 1024, 2048, 16384)  # x - tanh(x) at 4000 is 2^-11540 from a tie of float16
ORDERS = {"value": 0, "slope": 1}
SMALL = 1400  # below 2^-1400 and above 2^1400 every format rounds alike


class Rounding:
    """A formula of one number, whose value at a float is proved and rounded.

    Parameters
    ----------
    formula : expression
    values : mapping of symbol to float
        The parameters, taken exactly; an infinite one settles its branches, which no ball does.
    """

    def __init__(self, formula: Any, values: Mapping[Any, float]) -> None:
        infinite = {p: sp.sympify(value) for p, value in values.items() if math.isinf(value)}
        self.formula, self.values = formula.xreplace(infinite), dict(values)
        self._forms: dict[int, Callable[[Any], Any]] = {}
        self._exact = self._as_fractions()

    def ball(self, at: float, bits: int = BITS[0]) -> Any:
        """Return a ball that is proved to hold the value at a float."""
        with ctx.workprec(bits):
            if bits not in self._forms:
                self._forms[bits] = compiled(self.formula, self.values, IN_BALLS, bits)
            return self._forms[bits](arb(at))

    def rounded(self, at: float, fmt: Format) -> Fraction | None:
        """Return the correctly rounded value; None if no precision decided."""
        for low, high in self.enclosures(at):
            if fmt.rounded(low) == fmt.rounded(high):
                return fmt.rounded(low)
        return None

    def enclosures(self, at: float) -> Iterator[tuple[Fraction, Fraction]]:
        """Yield bounds of the value, each pair nearer; one exact pair where fractions are enough."""
        if self._exact is not None:
            value = self._exact(Fraction(at))
            yield value, value
            return
        for bits in BITS:
            yield _ends(self.ball(at, bits))

    def _as_fractions(self) -> Callable[[Any], Any] | None:
        try:
            form = compiled(self.formula, self.values, IN_FRACTIONS, 256)
            form(Fraction(1, 4))
        except (NoSuchForm, TypeError):
            return None
        return form


def nearest(
    definition: Definition, quantity: str | int, parameters: Sequence[float], form: Format, at: np.ndarray
) -> np.ndarray:
    """Return a quantity at each number, correctly rounded to a format; NaN where no precision decided.

    Parameters
    ----------
    definition : Definition
    quantity : str or int
        "value", "slope" or the order of a derivative.
    parameters : sequence of float
        In the order of the definition, taken exactly.
    form : Format
        Narrower than float64.
    at : ndarray of float64
    """
    order = ORDERS[quantity] if isinstance(quantity, str) else quantity
    values = dict(zip(definition.parameters, parameters, strict=True))
    rounding = Rounding(derivative(definition, order), values)
    decided = [rounding.rounded(number, form) for number in at.tolist()]
    return np.array([np.nan if d is None else float(d) for d in decided])


def _choose(condition: Any, a: Callable[[], Any], b: Callable[[], Any]) -> Any:
    return a() if condition else b()


def _constant_ball(e: Any, values: Mapping[Any, float], bits: int) -> Any:
    return enclose(e, values, bits)


def _constant_fraction(e: Any, values: Mapping[Any, float], bits: int) -> Fraction:
    number = e.xreplace({symbol: sp.Rational(value) for symbol, value in values.items()})
    if not number.is_Rational:
        raise NoSuchForm(f"{e} is no fraction")
    return Fraction(int(number.p), int(number.q))


def _no_root(value: Any) -> Any:
    raise NoSuchForm("a square root is no fraction")


SIGNS: Mapping[str, Callable[..., Any]] = {"abs": abs, "sign": lambda u: Fraction((u > 0) - (u < 0))}
IN_BALLS = Arithmetic(_constant_ball, BALLS, lambda u: u.sqrt(), _choose, DECIDE)
IN_FRACTIONS = Arithmetic(_constant_fraction, SIGNS, _no_root, _choose, DECIDE)


def _ends(ball: Any) -> tuple[Fraction, Fraction]:
    """Return fractions below and above all of a ball, no further than 2^1400 from 0."""
    if not ball.is_finite():
        return Fraction(-(1 << SMALL)), Fraction(1 << SMALL)
    with ctx.workprec(2 * BITS[-1]):
        return _clipped(ball.lower()), _clipped(ball.upper())


def _clipped(end: Any) -> Fraction:
    size = abs(end)
    side = 1 if end > 0 else -1
    if size > arb(2) ** SMALL:
        return Fraction(side) * (1 << SMALL)
    if size != 0 and size < arb(2) ** -SMALL:
        return Fraction(side, 1 << SMALL)
    return _fraction(end)


def _fraction(exact: Any) -> Fraction:
    mantissa, exponent = exact.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
