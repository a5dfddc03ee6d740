"""Facts: what is true of an activation, in the numbers that decide how a network with it behaves."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from nonlin.derivation.calculus import beside, derivative
from nonlin.derivation.gaussian import Gaussian, gaussian
from nonlin.derivation.landmarks import Landmarks, Sampled, landmarks, root, sampled
from nonlin.derivation.reference import evaluator
from nonlin.vocabulary import Definition, kinks

MOST_ORDER = 4  # how far smoothness at a kink is followed


@dataclass(frozen=True)
class Range:
    """The least and greatest value, and whether each is attained or only approached."""

    low: float
    high: float
    low_attained: bool
    high_attained: bool

    def __str__(self) -> str:
        opening, closing = "[" if self.low_attained else "(", "]" if self.high_attained else ")"
        return f"{opening}{self.low:.6g}, {self.high:.6g}{closing}"


@dataclass(frozen=True)
class Facts:
    """What is known of an elementwise activation at its default parameters.

    Attributes
    ----------
    range : Range
        Of the value.
    limits, slope_limits : (float, float)
        At minus and plus infinity; NaN where there is none.
    zeros : tuple of float
        Isolated inputs with value 0.
    extrema : tuple of (float, float)
        (x, f(x)) of each isolated local minimum and maximum.
    kinks, inflections : tuple of float
    lipschitz : float
        The largest |f'(x)|; infinity where f jumps.
    monotone : "increasing", "decreasing" or None
        In the wide sense: flat stretches are allowed.
    parity : "odd", "even" or None
    smoothness : float
        How many derivatives are continuous; infinity if all are, -1 where f itself jumps.
    saturation : (float or None, float or None)
        Below the first and above the second, |f'| is under 1 % of its maximum; None where it never is.
    gaussian : Gaussian
        Moments for a standard normal input.
    gain : float
        1 / sqrt(E f(z)^2): weights of variance gain^2 / fan_in keep the second moment at 1.
    backward_gain : float
        1 / sqrt(E f'(z)^2): weights of variance backward_gain^2 / fan_out keep gradients' size; infinity where no
        gradient passes.
    chi : float
        gain^2 E f'(z)^2: the factor by which the squared gradient changes per layer under `gain`.
    method : str
        How the numbers were found: "numeric".
    """

    range: Range
    limits: tuple[float, float]
    slope_limits: tuple[float, float]
    zeros: tuple[float, ...]
    extrema: tuple[tuple[float, float], ...]
    kinks: tuple[float, ...]
    inflections: tuple[float, ...]
    lipschitz: float
    monotone: Literal["increasing", "decreasing"] | None
    parity: Literal["odd", "even"] | None
    smoothness: float
    saturation: tuple[float | None, float | None]
    gaussian: Gaussian
    gain: float
    backward_gain: float
    chi: float
    method: str = "numeric"

    def as_dict(self) -> dict[str, Any]:
        """Return the facts as plain data, for JSON."""
        return dataclasses.asdict(self)


@cache
def facts(definition: Definition) -> Facts:
    """Return the facts of an elementwise definition, found numerically with the reference."""
    f, marks = sampled(definition), landmarks(definition)
    moments = gaussian(f.value, f.slope, f.kinks, marks.flats)
    smoothness = _smoothness(definition)
    lipschitz = math.inf if smoothness < 0 else _largest_slope(definition, f, marks)
    extrema = sorted({*marks.minima, *marks.maxima})
    return Facts(
        range=_range(f, marks),
        limits=marks.limits,
        slope_limits=marks.slope_limits,
        zeros=marks.zeros,
        extrema=tuple((at, f.value(at)) for at in extrema),
        kinks=f.kinks,
        inflections=marks.inflections,
        lipschitz=lipschitz,
        monotone=_monotone(f),
        parity=_parity(f),
        smoothness=smoothness,
        saturation=(_saturates(f, -1, lipschitz), _saturates(f, 1, lipschitz)),
        gaussian=moments,
        gain=moments.second_moment**-0.5,
        backward_gain=moments.slope_second_moment**-0.5 if moments.slope_second_moment else math.inf,
        chi=moments.slope_second_moment / moments.second_moment,
    )


def _range(f: Sampled, marks: Landmarks) -> Range:
    attained = [f.value(t) for t in (*f.grid, *marks.minima, *marks.maxima)]
    approached = [v for v in marks.limits if not math.isnan(v)]
    low, high = min(attained + approached), max(attained + approached)
    low, high = (v if math.isinf(v) else float(f"{v:.15g}") + 0.0 for v in (low, high))
    return Range(low, high, _attains(f, marks, low), _attains(f, marks, high))


def _attains(f: Sampled, marks: Landmarks, bound: float) -> bool:
    """Tell whether a bound is the value at an extremum, a kink or on a flat stretch."""
    inside = [t for low, high in marks.flats for t in f.grid if low < t < high]
    places = (*marks.minima, *marks.maxima, *f.kinks, *inside)
    return any(math.isclose(f.value(t), bound, rel_tol=1e-14, abs_tol=1e-300) for t in places)


def _largest_slope(definition: Definition, f: Sampled, marks: Landmarks) -> float:
    slope, defaults = derivative(definition), {p: p.default for p in definition.parameters}
    sides = [
        abs(evaluator(beside(slope, definition, place, side), defaults)(0.0))
        for place in kinks(definition.formula)
        for side in (-1, 1)
    ]
    limits = [abs(v) for v in marks.slope_limits if not math.isnan(v)]
    return max(*sides, *limits, *(abs(f.slope(t)) for t in (*f.grid, *marks.inflections)))


def _monotone(f: Sampled) -> Literal["increasing", "decreasing"] | None:
    slopes = [f.slope(t) for t in f.grid]
    if all(s >= 0 for s in slopes):
        return "increasing"
    return "decreasing" if all(s <= 0 for s in slopes) else None


def _parity(f: Sampled) -> Literal["odd", "even"] | None:
    pairs = [(f.value(t), f.value(-t)) for t in f.grid if t > 0]
    if all(math.isclose(a, -b, rel_tol=1e-14) for a, b in pairs):
        return "odd"
    return "even" if all(math.isclose(a, b, rel_tol=1e-14) for a, b in pairs) else None


def _smoothness(definition: Definition) -> float:
    places = kinks(definition.formula)
    for order in range(MOST_ORDER + 1) if places else ():
        expression = derivative(definition, order)
        if any(_jumps(expression, definition, place) for place in places):
            return order - 1
    return math.inf


def _jumps(expression: Any, definition: Definition, place: Any) -> bool:
    defaults = {p: p.default for p in definition.parameters}
    left, right = (evaluator(beside(expression, definition, place, s), defaults)(0.0) for s in (-1, 1))
    return not math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-12)


def _saturates(f: Sampled, side: int, lipschitz: float) -> float | None:
    """Return from where on, outward, the slope stays under 1 % of its maximum."""

    def excess(t: float) -> float:
        return abs(f.slope(t)) - 0.01 * lipschitz

    outward = [t for t in (f.grid if side > 0 else f.grid[::-1]) if t * side >= 0]
    steep = [t for t in outward if excess(t) >= 0]
    if not steep or steep[-1] == outward[-1] or math.isinf(lipschitz):
        return None
    beyond = outward[outward.index(steep[-1]) + 1]
    return root(excess, steep[-1], beyond)
