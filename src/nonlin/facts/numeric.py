"""Facts from samples, where no proof was found: the reference on a grid, and quadrature between stated kinks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from nonlin.derivation.calculus import beside, derivative
from nonlin.derivation.reference import evaluator
from nonlin.errors import InvalidDefinition
from nonlin.facts.analysis import analysis
from nonlin.facts.fact import (
    Bend,
    Curvature,
    Gaussian,
    Memory,
    Places,
    Propagation,
    Range,
    SelfNormalising,
)
from nonlin.facts.gaussian import gaussian, rates
from nonlin.facts.landmarks import Landmarks, Sampled, landmarks, root, sampled
from nonlin.facts.pieces import NotProved, pieces
from nonlin.vocabulary import Definition, cos, kinks, sin

MOST_ORDER = 4  # how far smoothness at a kink is followed
DENSE = 12.0  # up to where the grid misses nothing that is wider than 1/32
LEVEL = 1e-9  # rates nearer to 1 are called neutral


def numeric(definition: Definition, name: str) -> Any:
    """Return a fact's value, found from samples."""
    return FOUND[name](definition)


def _range(definition: Definition) -> Range:
    f, marks = sampled(definition), landmarks(definition)
    if _is_singular(f.value, f):
        return Range(math.nan, math.nan, False, False)
    if _swings_ever_wider(definition):
        return Range(-math.inf, math.inf, False, False)
    attained = [v for t in (*f.grid, *marks.minima, *marks.maxima) if not math.isnan(v := f.value(t))]
    if _endless(definition):
        return _range_of_waves(f, [*marks.minima, *marks.maxima])
    approached = [v for v in marks.limits if not math.isnan(v)]
    low, high = min(attained + approached), max(attained + approached)
    low, high = (v if math.isinf(v) else float(f"{v:.15g}") + 0.0 for v in (low, high))
    return Range(low, high, _attains(f, marks, low), _attains(f, marks, high))


def _range_of_waves(f: Sampled, turns: Sequence[float]) -> Range:
    """Return the range on the dense part of the grid, infinite where values farther out go beyond it."""
    points = [t for t in (*f.grid, *turns) if not math.isnan(f.value(t))]
    dense, far = ([f.value(t) for t in points if (abs(t) <= DENSE) == near] for near in (True, False))
    low, high = min(dense), max(dense)
    return Range(-math.inf if min(far) < low else low, math.inf if max(far) > high else high, False, False)


def _swings_ever_wider(definition: Definition, order: int = 0) -> bool:
    """Tell whether the leading term far out grows, with a factor that changes its sign."""
    with suppress(NotProved):
        ends = [analysis(definition).tail(side, order) for side in (-1, 1)]
        return any(e.growth > 0 and e.terms[0][1].ball.contains(0) for e in ends)
    return False


def _is_singular(function: Callable[[float], float], f: Sampled) -> bool:
    """Tell whether there is a place without a finite value near which a function is not nearly the same."""
    for t in f.grid:
        if math.isnan(function(t)):
            near = [function(t + d) for d in (-1e-3, -1e-6, 1e-6, 1e-3)]
            if not all(math.isclose(near[0], n, rel_tol=0.01, abs_tol=1e-2) for n in near[1:]):
                return True
    return False


def _attains(f: Sampled, marks: Landmarks, bound: float) -> bool:
    """Tell whether a bound is the value at an extremum, a kink or on a flat stretch."""
    inside = [t for low, high in marks.flats for t in f.grid if low < t < high]
    places = (*marks.minima, *marks.maxima, *f.kinks, *inside)
    return any(math.isclose(f.value(t), bound, rel_tol=1e-14, abs_tol=1e-300) for t in places)


def _limits(definition: Definition) -> tuple[float, float]:
    return (math.nan, math.nan) if _endless(definition) else landmarks(definition).limits


def _slope_limits(definition: Definition) -> tuple[float, float]:
    return (math.nan, math.nan) if _endless(definition) else landmarks(definition).slope_limits


def _asymptotes(definition: Definition) -> tuple[None, None]:
    return (None, None)


def _endless(definition: Definition) -> bool:
    return bool(definition.formula.has(sin, cos))


def _listed(definition: Definition, places: Sequence[float]) -> Places:
    """Return the places at which f is finite; of an endless row of them, those on the dense part of the grid."""
    f, endless = sampled(definition), _endless(definition)
    kept = [p for p in places if not math.isnan(f.value(p)) and not (endless and abs(p) > DENSE)]
    return Places.of(kept, endless=endless)


def _zeros(definition: Definition) -> Places:
    return _listed(definition, landmarks(definition).zeros)


def _extrema(definition: Definition) -> Places:
    f, marks = sampled(definition), landmarks(definition)
    turns = _listed(definition, sorted({*marks.minima, *marks.maxima}))
    return Places.of(((at, f.value(at)) for at in turns), endless=turns.endless)


def _inflections(definition: Definition) -> Places:
    return _listed(definition, landmarks(definition).inflections)


def _kinks(definition: Definition) -> Places:
    return Places.of(sampled(definition).kinks, endless=not _is_cut(definition))


def _is_cut(definition: Definition) -> bool:
    """Tell whether every place is known where the formula switches."""
    with suppress(NotProved):
        return bool(pieces(definition).pieces)
    return False


def _jumps(definition: Definition) -> Places:
    jumping = [k for k in kinks(definition.formula) if _jump(definition, k, 0)]
    defaults = {p: p.default for p in definition.parameters}
    places = sorted(float(k.subs(defaults)) for k in jumping)
    return Places.of(places, endless=not _is_cut(definition))


def _period(definition: Definition) -> None:
    return None


def _monotone(definition: Definition) -> Literal["increasing", "decreasing"] | None:
    f = sampled(definition)
    slopes = [s for t in f.grid if not math.isnan(s := f.slope(t))]
    values = [f.value(t) for t in f.grid]
    steps = {b > a for a, b in pairwise(values) if a != b}
    if _is_singular(f.value, f) or len(steps) > 1:
        return None
    if all(s >= 0 for s in slopes):
        return "increasing"
    return "decreasing" if all(s <= 0 for s in slopes) else None


def _curvature(definition: Definition) -> Curvature:
    f = sampled(definition)
    bends = [f.bend(t) for t in f.grid if t not in f.kinks]
    told: set[Literal["convex", "concave"]] = {"convex" if b > 0 else "concave" for b in bends if b != 0}
    if not _is_cut(definition) or _steps(definition) or len(told) > 1 or any(math.isnan(b) for b in bends):
        return Curvature(None, ())
    whole: Any = next(iter(told), "linear")
    return Curvature(whole, (Bend(-math.inf, math.inf, whole),))


def _steps(definition: Definition) -> bool:
    """Tell whether the slope jumps anywhere."""
    return any(_jump(definition, k, n) for k in kinks(definition.formula) for n in (0, 1))


def _parity(definition: Definition) -> Literal["odd", "even"] | None:
    f = sampled(definition)
    pairs = [(f.value(t), f.value(-t)) for t in f.grid if t > 0]
    if all(math.isclose(a, -b, rel_tol=1e-14) for a, b in pairs):
        return "odd"
    return "even" if all(math.isclose(a, b, rel_tol=1e-14) for a, b in pairs) else None


def _smoothness(definition: Definition) -> float:
    places, f = kinks(definition.formula), sampled(definition)
    if not _is_cut(definition):
        return math.nan
    for order, function in enumerate((f.value, f.slope, f.bend)):
        if any(math.isnan(function(t)) for t in f.grid):
            return order - 1
    for order in range(MOST_ORDER + 1) if places else ():
        if any(_jump(definition, place, order) for place in places):
            return order - 1
    return math.inf


def _jump(definition: Definition, place: Any, order: int) -> bool:
    left, right = (_beside(definition, place, side, order) for side in (-1, 1))
    return not math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-12)


def _beside(definition: Definition, place: Any, side: int, order: int) -> float:
    """Return the one-sided limit of a derivative at a kink; infinity where it has no finite form."""
    expression, defaults = derivative(definition, order), {p: p.default for p in definition.parameters}
    with suppress(InvalidDefinition):
        return evaluator(beside(expression, definition, place, side), defaults)(0.0)
    return math.inf * side


@cache
def _lipschitz(definition: Definition) -> float:
    f, marks = sampled(definition), landmarks(definition)
    if _is_singular(f.value, f) or _is_singular(f.slope, f):
        return math.nan
    if _swings_ever_wider(definition, 1):
        return math.inf
    sides = [
        abs(_beside(definition, place, side, 1)) for place in kinks(definition.formula) for side in (-1, 1)
    ]
    inside = [abs(f.slope(t)) for t in (*f.grid, *marks.inflections)]
    found = [s for s in (*sides, *map(abs, marks.slope_limits), *inside) if not math.isnan(s)]
    return max(found, default=math.nan)


def _saturation(definition: Definition) -> tuple[float | None, float | None]:
    f, top = sampled(definition), _lipschitz(definition)
    if math.isnan(top) or _endless(definition):
        return None, None
    return _saturates(f, -1, top), _saturates(f, 1, top)


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


def _memory(definition: Definition) -> Memory:
    return Memory("the input", 4)


@cache
def _gaussian(definition: Definition) -> Gaussian:
    f, marks = sampled(definition), landmarks(definition)
    found = gaussian(f.value, f.slope, f.kinks, marks.flats)
    if _is_singular(f.value, f):
        return Gaussian(math.nan, math.nan, math.nan, found.zero_slope_mass)
    return replace(found, slope_second_moment=math.nan) if _is_singular(f.slope, f) else found


@cache
def _rates(definition: Definition) -> tuple[float, float]:
    f = sampled(definition)
    return rates(f.value, f.kinks)


def _gain(definition: Definition) -> float:
    return _inverse_root(_gaussian(definition).second_moment)


def _backward_gain(definition: Definition) -> float:
    return _inverse_root(_gaussian(definition).slope_second_moment)


def _inverse_root(moment: float) -> float:
    return math.inf if moment == 0 else moment**-0.5


def _chi(definition: Definition) -> float:
    moments = _gaussian(definition)
    return moments.slope_second_moment / moments.second_moment if moments.second_moment else math.nan


def _propagation(definition: Definition) -> Propagation | None:
    moments, (_, second_rate) = _gaussian(definition), _rates(definition)
    second, steep = moments.second_moment, moments.slope_second_moment
    if not (0 < second < math.inf and 0 <= steep < math.inf):
        return None
    bias = 1 - second / steep if steep else -1.0
    return Propagation(
        fixed_point=1.0,
        return_rate=second_rate / second,
        fate=_fate(second_rate / second),
        chi=steep / second,
        critical_weight=steep**-0.5 if bias >= -LEVEL else None,
        critical_bias=max(bias, 0.0) ** 0.5 if bias >= -LEVEL else None,
    )


def _self_normalising(definition: Definition) -> SelfNormalising | None:
    moments, (mean_rate, second_rate) = _gaussian(definition), _rates(definition)
    variance = moments.second_moment - moments.mean**2
    if not 0 < variance < math.inf:
        return None
    rate = (second_rate - 2 * moments.mean * mean_rate) / variance
    scale = variance**-0.5
    return SelfNormalising(scale, moments.mean, None, scale * mean_rate, rate, _fate(abs(rate)))


def _fate(rate: float) -> Literal["attracting", "neutral", "repelling"]:
    if abs(rate - 1) < LEVEL:
        return "neutral"
    return "attracting" if rate < 1 else "repelling"


FOUND: dict[str, Callable[[Definition], Any]] = {
    "range": _range, "limits": _limits, "slope_limits": _slope_limits, "asymptotes": _asymptotes,
    "zeros": _zeros, "extrema": _extrema, "inflections": _inflections, "kinks": _kinks, "jumps": _jumps,
    "period": _period, "monotone": _monotone, "curvature": _curvature, "parity": _parity,
    "smoothness": _smoothness, "lipschitz": _lipschitz, "saturation": _saturation, "memory": _memory,
    "mean": lambda d: _gaussian(d).mean,
    "second_moment": lambda d: _gaussian(d).second_moment,
    "slope_second_moment": lambda d: _gaussian(d).slope_second_moment,
    "zero_slope_mass": lambda d: _gaussian(d).zero_slope_mass,
    "gain": _gain, "backward_gain": _backward_gain, "chi": _chi, "propagation": _propagation,
    "self_normalising": _self_normalising,
}  # fmt: skip
"""How each fact is found from samples."""
