"""The scale, and the shift or a parameter, with which an activation keeps mean 0 and variance 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import sympy as sp

from nonlin.errors import InvalidInput, UnknownParameter
from nonlin.facts.analysis import Analysis, at_full_precision
from nonlin.facts.fact import SelfNormalising
from nonlin.facts.finding import find
from nonlin.facts.moments import Moments
from nonlin.facts.pieces import NotProved
from nonlin.facts.spread import self_normalising as normalised
from nonlin.vocabulary import Definition

FACTORS = (1, 2, 4, 8, 16, 64)
CLOSE = sp.Rational(1, 1 << 70)  # of the parameter, relative
STEPS = 40
ROUND = 1 << 120


def self_normalising(definition: Definition, by: str | None = None) -> SelfNormalising:
    """Return what keeps mean 0 and variance 1 of a standard normal input from layer to layer.

    Without `by`: F = scale (f - E f), scale = 1 / std f, for any activation. With the name of a parameter p, which
    takes the place of the shift: F = scale f(.; p), where p is the root of E f(z; p) = 0 nearest to its default,
    isolated between two fractions at which the mean is proved to have opposite signs, and scale = E(f^2)^(-1/2)
    there. ELU by alpha is SELU: alpha = 1.67326..., scale = 1.05070... (Klambauer et al., 2017).

    Raises
    ------
    InvalidInput
        If f(z) has no finite variance, or no value of the parameter makes the mean 0.
    UnknownParameter
        If there is no such parameter.
    """
    if by is None:
        found: SelfNormalising | None = find(definition, "self_normalising").value
        if found is None:
            raise InvalidInput(
                f"{definition.name or 'f'}(z) has no finite variance but 0, so no scale makes it 1"
            )
        return found
    parameter = next((p for p in definition.parameters if p.name == by), None)
    if parameter is None:
        raise UnknownParameter.of(definition.name or "it", by, [p.name for p in definition.parameters])
    return _by_parameter(definition, parameter)


@at_full_precision
def _by_parameter(definition: Definition, parameter: Any) -> SelfNormalising:
    family = _Family(definition, parameter)
    try:
        found = family.root()
        proof = normalised(Moments(family.at(found)))
    except NotProved as reason:
        raise InvalidInput(f"{definition.name or 'it'} by {parameter.name}: {reason}") from reason
    value: SelfNormalising = proof.value
    return replace(value, shift=0.0, parameter=(parameter.name, float(found)))


class _Family:
    """An activation with one parameter free."""

    def __init__(self, definition: Definition, parameter: Any) -> None:
        self.definition, self.parameter = definition, parameter
        self.sign = cache(self._sign)
        self.mean = cache(self._mean)

    def at(self, value: Any) -> Analysis:
        formula = self.definition.formula.xreplace({self.parameter: value})
        rest = [p for p in self.definition.parameters if p != self.parameter]
        return Analysis(replace(self.definition, formula=formula, parameters=rest, claims=(), learnable=()))

    def root(self) -> Any:
        """Return a fraction within 2^-70 of a parameter at which the mean changes its sign; by the secant method."""
        low, high = before, now = self._bracket()
        for _ in range(STEPS):
            before, now = now, self._secant(before, now, low, high)
            if self.sign(now) * self.sign(low) > 0:
                low = now
            elif self.sign(now):
                high = now
            beside = now * (1 - CLOSE), now * (1 + CLOSE)
            if self.sign(beside[0]) * self.sign(beside[1]) < 0:
                return now
        return self._undecided(low)

    def _undecided(self, value: Any) -> Any:
        raise NotProved(f"the sign of the mean near {float(value):g} is not decided")

    def _bracket(self) -> tuple[Any, Any]:
        for a, b in self._pairs():
            if self.sign(a) * self.sign(b) < 0:
                return min(a, b), max(a, b)
        raise NotProved("no value of it within a factor of 64 of its default makes the mean of f(z) 0")

    def _pairs(self) -> Iterator[tuple[Any, Any]]:
        start = sp.Rational(repr(self.parameter.default or 1.0))
        yield from pairwise(start * f for f in FACTORS)
        yield from pairwise(start / f for f in FACTORS)

    def _secant(self, before: Any, now: Any, low: Any, high: Any) -> Any:
        """Return where the line through two points meets 0, or the middle if that is not between the ends."""
        a, b = _fraction(self.mean(before)), _fraction(self.mean(now))
        met = now - b * (now - before) / (b - a) if a != b else low
        return sp.Rational(int(met * ROUND), ROUND) if low < met < high else (low + high) / 2

    def _mean(self, value: Any) -> Any:
        return Moments(self.at(value)).mean()

    def _sign(self, value: Any) -> int:
        """Return the sign of the mean; 0 if it is not decided."""
        ball = self.mean(value)
        return 0 if not ball.is_finite() or ball.contains(0) else 1 if ball > 0 else -1


def _fraction(ball: Any) -> Any:
    mantissa, exponent = ball.mid().man_exp()
    return sp.Integer(int(mantissa)) * sp.Integer(2) ** int(exponent)
