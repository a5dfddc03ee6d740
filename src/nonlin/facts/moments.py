"""Moments of a function of a standard normal variable, proved: Arb's integration between joints, a bound beyond."""

from __future__ import annotations

from typing import Any

from flint import acb, arb

from nonlin.facts.analysis import Analysis, number
from nonlin.facts.complex import on_complex_balls
from nonlin.facts.far import tail, weight_beyond
from nonlin.facts.pieces import NotProved
from nonlin.facts.signs import STARTS
from nonlin.vocabulary import x

REACH = 16.0  # the normal density beyond is below 1e-56
TOLERANCE = arb(2.0**-90)
OPTIONS = {"rel_tol": TOLERANCE, "abs_tol": TOLERANCE, "eval_limit": 8000}
WIDEST = 2.0**-50  # of a ball, relative to the larger of 1 and its value


class Moments:
    """Expectations of a function's pieces for z ~ N(0, 1), each a ball, found once.

    Parameters
    ----------
    analysis : Analysis
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self._found: dict[tuple[int, int, bool], Any] = {}

    def mean(self) -> Any:
        """Return E f(z)."""
        return self._moment(0, 1)

    def second(self) -> Any:
        """Return E f(z)^2."""
        return self._moment(0, 2)

    def slope_second(self) -> Any:
        """Return E f'(z)^2."""
        return self._moment(1, 2)

    def mean_rate(self) -> Any:
        """Return d E f(sqrt(q) z) / dq at q = 1: E[(z^2 - 1) f(z)] / 2, jumps and kinks included."""
        return self._moment(0, 1, True) / 2

    def second_rate(self) -> Any:
        """Return d E f(sqrt(q) z)^2 / dq at q = 1: E[(z^2 - 1) f(z)^2] / 2."""
        return self._moment(0, 2, True) / 2

    def flat(self) -> Any:
        """Return the probability that f'(z) is exactly 0."""
        charts, total = self.analysis.signs(1), arb(0)
        for chart, piece in zip(charts, self.analysis.whole.pieces, strict=True):
            if chart.signs == (0,):
                total += _below(piece.high) - _below(piece.low, arb(0))
        return total

    def _moment(self, order: int, power: int, weighed: bool = False) -> Any:
        key = (order, power, weighed)
        if key not in self._found:
            self._found[key] = self._integral(order, power, weighed)
        return self._found[key]

    def _integral(self, order: int, power: int, weighed: bool) -> Any:
        total = arb(0)
        for i, piece in enumerate(self.analysis.whole.pieces):
            slope = self.analysis.smooth[i].formula(order)
            formula = slope**power * (x**2 - 1 if weighed else 1)
            if formula != 0:
                ends = [self._end(place, side, order, power, weighed) for place, side in _sides(piece)]
                total += _expectation(formula, *ends)
        if total.is_finite() and total.rad() > WIDEST * max(1.0, abs(float(total.mid()))):
            raise NotProved("integration did not settle")
        if not total.is_finite() and not abs(total) > 0:
            raise NotProved("integration met a place where it is not analytic")
        return total

    def _end(self, place: Any, side: int, order: int, power: int, weighed: bool) -> tuple[Any, Any]:
        """Return where to integrate to, and a ball around what lies beyond."""
        if place is not None:
            return number(place), arb(0)
        reason = NotProved("a tail begins too far out")
        for least in (s for s in STARTS if s >= REACH):
            far = self.analysis.tail(side, order, least) ** power
            if weighed:
                far = far * tail(x**2 - 1, side, float(far.start))
            try:
                beyond = weight_beyond(far)
            except NotProved as why:
                reason = why
                continue
            if not beyond.is_finite():
                return side * far.start, beyond * far.sign()
            return side * far.start, arb(0, beyond.abs_upper())
        raise reason


def _sides(piece: Any) -> tuple[tuple[Any, int], tuple[Any, int]]:
    return (piece.low, -1), (piece.high, 1)


def _expectation(formula: Any, low: tuple[Any, Any], high: tuple[Any, Any]) -> Any:
    """Return a ball around the integral of a smooth formula times the normal density; infinite if proved so."""
    (a, left), (b, right) = low, high
    if not (left.is_finite() and right.is_finite()):
        return left + right
    body = arb(0) if bool(a >= b) else _integrated(formula, a, b)
    return body + left + right


def _integrated(formula: Any, a: Any, b: Any) -> Any:
    form = on_complex_balls(formula)

    def integrand(ball: Any, analytic: bool) -> Any:
        return form(ball, analytic) * (-ball * ball / 2).exp()

    found = acb.integral(integrand, acb(a), acb(b), **OPTIONS)
    return found.real / (2 * arb.pi()).sqrt()


def _below(place: Any, missing: Any = None) -> Any:
    """Return the probability that z is below a place; 1 for no place, or what stands for a missing one."""
    if place is None:
        return arb(1) if missing is None else missing
    return (-number(place) / arb(2).sqrt()).erfc() / 2
