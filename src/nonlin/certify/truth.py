"""The truth at one input: a ball made smaller until it decides a rounding or an error."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx

from nonlin.certify.arithmetic import Arithmetic, NoSuchForm, compiled
from nonlin.certify.formats import Format
from nonlin.derivation.reference import BALLS, enclose

BITS = (128, 256, 512, 1024, 2048)
SMALL = 1400  # below 2^-1400 and above 2^1400 every format rounds alike
ENOUGH = Fraction(1, 1 << 40)  # an error in ulp is told to this

DECIDE: Mapping[str, Callable[..., Any]] = {
    "StrictGreaterThan": operator.gt,
    "GreaterThan": operator.ge,
    "StrictLessThan": operator.lt,
    "LessThan": operator.le,
    "Equality": operator.eq,
    "Unequality": operator.ne,
    "And": lambda a, b: a and b,
    "Or": lambda a, b: a or b,
    "Not": operator.not_,
}


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


def _sigmoid(u: Any) -> Any:
    e = (-abs(u)).exp()
    return e / (1 + e) if u < 0 else 1 / (1 + (-u).exp())


def _sech2(u: Any) -> Any:
    e = (-2 * abs(u)).exp()
    return 4 * e / (1 + e) ** 2


# The plain forms overflow to no number at all for arguments such as 1e90, the cube of a float32.
WORDS = {**BALLS, "sigmoid": _sigmoid, "sech2": _sech2}
IN_BALLS = Arithmetic(_constant_ball, WORDS, lambda u: u.sqrt(), _choose, DECIDE)
SIGNS: Mapping[str, Callable[..., Any]] = {"abs": abs, "sign": lambda u: Fraction((u > 0) - (u < 0))}


class Truth:
    """A formula's true value, decided by ball arithmetic.

    Parameters
    ----------
    formula : expression
    values : mapping of symbol to float
        The parameters, taken exactly.
    """

    def __init__(self, formula: Any, values: Mapping[Any, float]) -> None:
        self.formula, self.values = formula, dict(values)
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
        for low, high in self._enclosures(at):
            if fmt.rounded(low) == fmt.rounded(high):
                return fmt.rounded(low)
        return None

    def error(self, at: float, got: float, fmt: Format) -> tuple[float, float]:
        """Return |got - truth| in units in the last place of the truth, and in itself."""
        if got != got:
            return float("inf"), float("inf")
        found, bound = fmt.exactly(got), fmt.beyond
        for low, high in self._enclosures(at):
            low, high = (min(max(end, -bound), bound) for end in (low, high))
            unit = fmt.unit(min(abs(low), abs(high)))
            settled = (high - low) < ENOUGH * unit and unit == fmt.unit(max(abs(low), abs(high)))
            if settled:
                break
        difference = abs(found - (low + high) / 2)
        return float(difference / unit), float(difference)

    def distance(self, at: float, high: float, low: float = 0.0) -> tuple[float, float]:
        """Return |high + low - truth| and |truth|, each as a float, for measuring a reference."""
        for bits in BITS[:3]:
            ball = self.ball(at, bits)
            with ctx.workprec(bits + 64):
                difference = abs(ball - arb(high) - arb(low))
            if difference.rad() <= difference.mid() / 8 or (low == 0 and ball.rel_accuracy_bits() >= 90):
                break
        return float(difference.upper()), float(abs(ball).mid())

    def told(self, at: float) -> str:
        """Return the value in 20 digits."""
        return str(self.ball(at, 256).mid().str(20, radius=False))

    def _enclosures(self, at: float) -> Any:
        if self._exact is not None:
            value = self._exact(Fraction(at))
            yield value, value
            return
        for bits in BITS:
            yield _ends(self.ball(at, bits))

    def _as_fractions(self) -> Callable[[Any], Any] | None:
        arithmetic = Arithmetic(_constant_fraction, SIGNS, _no_root, _choose, DECIDE)
        try:
            form = compiled(self.formula, self.values, arithmetic, 256)
            form(Fraction(1, 4))
        except (NoSuchForm, TypeError):
            return None
        return form


def _ends(ball: Any) -> tuple[Fraction, Fraction]:
    """Return fractions below and above all of a ball, no further than 2^1400 from 0."""
    if not ball.is_finite():
        return Fraction(-(1 << SMALL)), Fraction(1 << SMALL)
    with ctx.workprec(4096):
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
