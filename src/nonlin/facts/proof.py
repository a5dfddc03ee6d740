"""What a proof gives: a value, two floats around each of its numbers, and how it was found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb

from nonlin.facts.analysis import number
from nonlin.facts.fact import Pair

LEAST = 2.0**-60  # a ball around 0 that is smaller is shown as 0


@dataclass(frozen=True)
class Proof:
    """A proved value, two floats around each of its numbers, and how it was proved."""

    value: Any
    bounds: tuple[Pair, ...] = ()
    because: str = ""


def nearest(number_or_ball: Any) -> float:
    """Return the float nearest to a ball, or to an exact number."""
    if is_infinite(number_or_ball):
        return math.inf if number_or_ball > 0 else -math.inf
    ball = number(number_or_ball)
    return 0.0 if ball.contains(0) and ball.abs_upper() < LEAST else float(ball.mid())


def around(number_or_ball: Any) -> Pair:
    """Return two floats that enclose a ball, or an exact number."""
    if is_infinite(number_or_ball):
        return (nearest(number_or_ball),) * 2
    ball = number(number_or_ball)
    if ball.is_exact() and arb(float(ball)) == ball:
        return (float(ball), float(ball))
    low, high = float(ball.lower()), float(ball.upper())
    return math.nextafter(low, -math.inf), math.nextafter(high, math.inf)


def is_infinite(value: Any) -> bool:
    """Tell whether a number or a ball is plus or minus infinity."""
    if hasattr(value, "free_symbols"):
        return value is sp.oo or value is -sp.oo
    return not value.is_finite() and bool(abs(value) > 0)


def proof_of(value: Any, *numbers: Any, because: str) -> Proof:
    return Proof(value, tuple(around(n) for n in numbers), because)
