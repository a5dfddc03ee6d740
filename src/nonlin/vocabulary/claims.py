"""Claims: facts about an activation that are known from elsewhere; each is a sentence and a check.

A kernel, a derivative and a picture that share one formula cannot show that the formula is wrong; a value
from the paper can.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

Evaluate = Callable[..., float]

_SAMPLES = [sign * 1.25**k for k in range(-60, 22) for sign in (-1.0, 1.0)]


class Claim(ABC):
    """One checkable sentence about a function and its slope."""

    @abstractmethod
    def __str__(self) -> str:
        """Return the sentence, with f for the function."""

    @abstractmethod
    def holds(self, value: Evaluate, slope: Evaluate) -> bool:
        """Tell whether it is so, given the function and its slope at a number."""


@dataclass(frozen=True)
class Value(Claim):
    """f(at) = is_, to `digits` digits after the point; a gated f is asked at a pair (x, gate)."""

    at: float | tuple[float, ...]
    is_: float
    digits: int = 12

    @property
    def _inputs(self) -> tuple[float, ...]:
        return self.at if isinstance(self.at, tuple) else (self.at,)

    def __str__(self) -> str:
        return f"f({', '.join(f'{at:g}' for at in self._inputs)}) = {self.is_:.{self.digits}g}"

    def holds(self, value: Evaluate, slope: Evaluate) -> bool:
        return abs(value(*self._inputs) - self.is_) <= 0.5000001 * 10.0**-self.digits


@dataclass(frozen=True)
class Slope(Claim):
    """f'(at) = is_, to `digits` digits after the point."""

    at: float
    is_: float
    digits: int = 12

    def __str__(self) -> str:
        return f"f'({self.at:g}) = {self.is_:.{self.digits}g}"

    def holds(self, value: Evaluate, slope: Evaluate) -> bool:
        return abs(slope(self.at) - self.is_) <= 0.5000001 * 10.0**-self.digits


@dataclass(frozen=True)
class Limit(Claim):
    """f tends to is_ at plus or minus infinity."""

    at: float
    is_: float

    def __str__(self) -> str:
        return f"f(x) tends to {float(self.is_):g} as x tends to {float(self.at):+g}"

    def holds(self, value: Evaluate, slope: Evaluate) -> bool:
        far = [value(math.copysign(10.0**k, float(self.at))) for k in (100, 200, 300)]
        limit = float(self.is_)
        if math.isinf(limit):
            return far[-1] * math.copysign(1.0, limit) > 1e50
        return all(abs(v - limit) <= 1e-12 for v in far)


@dataclass(frozen=True)
class Bounded(Claim):
    """below <= f(x) <= above for every x."""

    below: float = -math.inf
    above: float = math.inf

    def __str__(self) -> str:
        return f"{self.below:g} <= f(x) <= {self.above:g}"

    def holds(self, value: Evaluate, slope: Evaluate) -> bool:
        return all(self.below <= value(x) <= self.above for x in _SAMPLES)


@dataclass(frozen=True)
class Minimum(Claim):
    """The least value is is_, at x = at, each to `digits` digits after the point."""

    at: float
    is_: float
    digits: int = 6

    def __str__(self) -> str:
        return f"the least value is {self.is_:.{self.digits}g}, at x = {self.at:.{self.digits}g}"

    def holds(self, value: Evaluate, slope: Evaluate) -> bool:
        near = 10.0**-self.digits
        turns = slope(self.at - 2 * near) < 0 < slope(self.at + 2 * near)
        least = min(value(x) for x in _SAMPLES) >= self.is_ - near
        return turns and least and abs(value(self.at) - self.is_) <= near


@dataclass(frozen=True)
class Odd(Claim):
    """f(-x) = -f(x)."""

    def __str__(self) -> str:
        return "f(-x) = -f(x)"

    def holds(self, value: Evaluate, slope: Evaluate) -> bool:
        return all(value(-x) == -value(x) for x in _SAMPLES)


@dataclass(frozen=True)
class Complement(Claim):
    """f(-x) = total - f(x)."""

    total: float

    def __str__(self) -> str:
        return f"f(-x) = {self.total:g} - f(x)"

    def holds(self, value: Evaluate, slope: Evaluate) -> bool:
        return all(
            abs(value(-x) + value(x) - self.total) <= 1e-15 * max(1.0, abs(self.total)) for x in _SAMPLES
        )


@dataclass(frozen=True)
class Increasing(Claim):
    """f never decreases."""

    def __str__(self) -> str:
        return "f never decreases"

    def holds(self, value: Evaluate, slope: Evaluate) -> bool:
        values = [value(x) for x in sorted(_SAMPLES)]
        return all(a <= b for a, b in pairwise(values))
