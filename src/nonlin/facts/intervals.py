"""A smooth formula over a whole interval: a ball that is proved to hold every value on it, with few digits lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from flint import arb, ctx

from nonlin.derivation.arithmetic import Arithmetic, compiled
from nonlin.derivation.reference import BALLS, enclose
from nonlin.facts.pieces import NotProved, in_single_waves
from nonlin.vocabulary import x

BITS = 128


def _rising(word: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a word that only rises, by its values at both ends."""

    def over(u: Any) -> Any:
        return word(u) if u.is_exact() else word(u.lower()).union(word(u.upper()))

    return over


def _bell(word: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a word that falls on both sides of 0, or rises on both, by its values at both ends and at 0."""

    def over(u: Any) -> Any:
        if u.is_exact():
            return word(u)
        ends = word(u.lower()).union(word(u.upper()))
        return ends.union(word(arb(0))) if u.contains(0) else ends

    return over


RISE = ("exp", "expm1", "log", "log1p", "tanh", "tanh_rest", "sigmoid", "softplus", "erf", "normal_cdf")
WORDS: Mapping[str, Callable[[Any], Any]] = {
    **{name: _rising(BALLS[name]) for name in RISE},
    "expm1_rest": _bell(BALLS["expm1_rest"]),
    "sech2": _bell(BALLS["sech2"]),
    "normal_pdf": _bell(BALLS["normal_pdf"]),
    "sin": BALLS["sin"],
    "cos": BALLS["cos"],
    "hypot": BALLS["hypot"],
}


def _choose(*given: Any) -> Any:
    raise NotProved("a condition stands in a piece")


def _ball_of(e: Any, values: Mapping[Any, Any], bits: int) -> Any:
    return enclose(e, values, bits)


IN_INTERVALS = Arithmetic(_ball_of, WORDS, lambda u: u.sqrt(), _choose, {})


class Smooth:
    """A smooth formula with its derivatives, over balls.

    Parameters
    ----------
    formula : expression
        Without `where`, `abs`, `sign`.
    values : mapping of symbol to ball, optional
        For symbols other than x.
    """

    def __init__(self, formula: Any, values: Mapping[Any, Any] | None = None) -> None:
        self.values = dict(values or {})
        self._formulas = [sp.sympify(formula)]
        self._forms: dict[tuple[int, int], Callable[[Any], Any]] = {}

    def formula(self, order: int = 0) -> Any:
        """Return the formula of a derivative."""
        while len(self._formulas) <= order:
            self._formulas.append(in_single_waves(self._formulas[-1].diff(x)))
        return self._formulas[order]

    def derived(self, order: int) -> Smooth:
        """Return a derivative."""
        return self if order == 0 else Smooth(self.formula(order), self.values)

    def less(self, level: Any) -> Smooth:
        """Return it less a number, exact or a ball."""
        if hasattr(level, "free_symbols"):
            return Smooth(self.formula() - level, self.values)
        symbol = sp.Dummy("level", real=True)
        return Smooth(self.formula() - symbol, {**self.values, symbol: level})

    def plainly(self, at: Any, order: int = 0) -> Any:
        """Return a derivative over a ball, word by word."""
        key = (order, ctx.prec)
        if key not in self._forms:
            self._forms[key] = compiled(self.formula(order), self.values, IN_INTERVALS, ctx.prec)
        return self._forms[key](_off_centre(at))

    def over(self, at: Any, order: int = 0) -> Any:
        """Return a derivative over a ball, by its ends if it is monotone there, else by the mean value."""
        plain = self.plainly(at, order)
        if at.is_exact() or not plain.is_finite() or not plain.contains(0):
            return plain
        slope = self.plainly(at, order + 1)
        if not slope.is_finite():
            return plain
        if not slope.contains(0):
            return self.plainly(at.lower(), order).union(self.plainly(at.upper(), order))
        centre = at.mid()
        return _narrower(plain, self.plainly(centre, order) + slope * (at - centre))


def _off_centre(at: Any) -> Any:
    """Return a ball a little wider: Arb's whole powers give no number for a ball around exactly 0."""
    return at if at.is_exact() else at.union(at.upper() + at.rad() * 2.0**-20)


def _narrower(a: Any, b: Any) -> Any:
    return a if a.rad() < b.rad() else b
