"""Facts of shape, proved: from sign charts of f, f' and f'', one-sided values at joints, and tails."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Literal

import sympy as sp

from nonlin.facts.analysis import Analysis, number, same
from nonlin.facts.exactly import as_sympy, is_identity
from nonlin.facts.fact import Bend, Curvature, Line, Memory, Pair, Places, Range
from nonlin.facts.levels import extreme, levels, steepest, value_at_root
from nonlin.facts.pieces import NotProved
from nonlin.facts.proof import Proof, nearest, proof_of
from nonlin.facts.saturation import saturation
from nonlin.facts.signs import Root, Signs
from nonlin.facts.signs import period as period_of
from nonlin.vocabulary import x

SMOOTH_TO = 6  # orders that are compared at a joint


# --- Facts ------------------------------------------------------------------------------------------------


def range_(a: Analysis) -> Proof:
    found = list(levels(a, 0))
    low, high = extreme(found, -1), extreme(found, 1)
    value = Range(nearest(low.value), nearest(high.value), low.attained, high.attained)
    return proof_of(
        value, low.value, high.value, because="every root of f' is isolated, both ends have limits"
    )


def limits(a: Analysis, order: int = 0) -> Proof:
    if len(a.smooth) == 1 and period_of(a.smooth[0].formula(order)) is not None:
        return Proof((math.nan, math.nan), because="it repeats for ever")
    ends = [a.limit(side, order) for side in (-1, 1)]
    return proof_of(tuple(map(nearest, ends)), *ends, because="the leading term of its expansion")


def slope_limits(a: Analysis) -> Proof:
    return limits(a, 1)


def asymptotes(a: Analysis) -> Proof:
    if len(a.smooth) == 1 and period_of(a.smooth[0].formula(1)) is not None:
        return Proof((None, None), because="its slope repeats for ever")
    lines = [_line(a, side) for side in (-1, 1)]
    numbers = [n for line in lines if line for n in line]
    shown = tuple(None if line is None else Line(*map(nearest, line)) for line in lines)
    return proof_of(shown, *numbers, because="what is left of its expansion tends to 0")


def _line(a: Analysis, side: int) -> tuple[Any, Any] | None:
    grows, constant, _ = a.tail(side).parts()
    slope: Any = sp.Integer(0)
    if grows:
        scale, c = grows[0]
        if scale.power != 1 or scale.logs or scale.decay or len(grows) > 1:
            if c.ball.contains(0):
                raise NotProved("it may waver without end")
            return None
        slope = None if c.exact is None else c.exact * side
    offset = sp.Integer(0) if constant is None else constant.exact
    if slope is None or offset is None:
        raise NotProved("it may waver without end")
    return slope, offset


def zeros(a: Analysis) -> Proof:
    charts = a.signs(0)
    found: list[Any] = [r.expression for c in charts for r in c.roots]
    stretches = [_ends(a, i) for i, c in enumerate(charts) if c.signs == (0,)]
    for joint, (place, value) in enumerate(a.whole.joints):
        beside = (charts[joint].signs[-1], charts[joint + 1].signs[0])
        if 0 not in beside and same(value, sp.Integer(0)):
            found.append(place)
    return _places(found, stretches, charts)


def extrema(a: Analysis) -> Proof:
    """Where f turns: strict local extrema, those at joints included."""
    charts = a.signs(1)
    found: list[tuple[Any, Any]] = []
    for smooth, chart in zip(a.smooth, charts, strict=True):
        found += [(r.expression, value_at_root(smooth, r)) for r in _crossed(chart)]
    for joint, (place, value) in enumerate(a.whole.joints):
        rises = [_climbs(a, joint, side, charts) for side in (-1, 1)]
        if rises[0] * rises[1] > 0:
            found.append((place, value))
    found.sort(key=lambda p: nearest(p[0]))
    drifts = _period(charts) is not None and bool(found) and a.signs(0)[0].period is None
    value = Places.of(((nearest(p), nearest(v)) for p, v in found), period=_period(charts), endless=drifts)
    return proof_of(value, *(n for p in found for n in p), because="every root of f' is isolated")


def _climbs(a: Analysis, joint: int, side: int, charts: tuple[Signs, ...]) -> int:
    """Return 1 if f is higher at once beside a joint than at it, -1 if lower, 0 if level."""
    value, near = a.whole.joints[joint][1], a.beside(joint, side)
    if not same(value, near):
        return 1 if number(near - value) > 0 else -1
    return side * (charts[joint + 1].signs[0] if side > 0 else charts[joint].signs[-1])


def inflections(a: Analysis) -> Proof:
    charts = a.signs(2)
    found: list[Any] = [r.expression for c in charts for r in _crossed(c)]
    for joint, (place, _) in enumerate(a.whole.joints):
        before, after = charts[joint].signs[-1], charts[joint + 1].signs[0]
        if before * after < 0 and a.meets(joint):
            found.append(place)
    return _places(found, [], charts)


def kinks(a: Analysis) -> Proof:
    places = [p for p, _ in a.whole.joints]
    return proof_of(Places.of(map(nearest, places)), *places, because="where the formula switches")


def jumps(a: Analysis) -> Proof:
    places = [p for joint, (p, _) in enumerate(a.whole.joints) if not a.meets(joint)]
    a.signs(0)
    return proof_of(Places.of(map(nearest, places)), *places, because="one-sided limits at each joint")


def period(a: Analysis) -> Proof:
    found = period_of(a.smooth[0].formula()) if len(a.smooth) == 1 else None
    if found is None:
        a.limit(1)
        return Proof(None, because="it has a limit at an end")
    return proof_of(nearest(found), found, because="x stands in sines and cosines of one common period")


def monotone(a: Analysis) -> Proof:
    told = {s for c in a.signs(1) for s in c.signs}
    for joint in range(len(a.whole.joints)):
        told |= {side * _jump(a, joint, side) for side in (-1, 1)}
    value = None if {1, -1} <= told else "decreasing" if -1 in told else "increasing"
    return Proof(value, because="the sign of f' on every stretch")


def _jump(a: Analysis, joint: int, side: int) -> int:
    value, near = a.whole.joints[joint][1], a.beside(joint, side)
    return 0 if same(value, near) else 1 if number(near - value) > 0 else -1


def curvature(a: Analysis) -> Proof:
    charts = a.signs(2)
    told = {s for c in charts for s in c.signs}
    for joint in range(len(a.whole.joints)):
        if not a.meets(joint):
            told |= {1, -1}
        elif not a.meets(joint, 1):
            turn = number(a.beside(joint, 1, 1) - a.beside(joint, -1, 1))
            told.add(1 if turn > 0 else -1)
    whole: Any = None if {1, -1} <= told else "convex" if 1 in told else "concave" if -1 in told else "linear"
    bends = tuple(b for i, c in enumerate(charts) for b in _bends(a, i, c))
    return Proof(Curvature(whole, bends), because="the sign of f'' on every stretch, and turns at joints")


NAMES: dict[int, Literal["convex", "concave", "linear"]] = {1: "convex", -1: "concave", 0: "linear"}


def _bends(a: Analysis, piece: int, chart: Signs) -> Iterator[Bend]:
    low, high = _ends(a, piece)
    inner = [nearest(r.expression) for r in chart.roots]
    if chart.period is not None and inner:
        inner, low, high = inner[1:], inner[0], inner[0] + nearest(chart.period)
        yield from (
            Bend(p, q, NAMES[s])
            for (p, q), s in zip(pairwise([low, *inner, high]), chart.signs[1:], strict=True)
        )
        return
    yield from (
        Bend(p, q, NAMES[s]) for (p, q), s in zip(pairwise([low, *inner, high]), chart.signs, strict=True)
    )


def parity(a: Analysis) -> Proof:
    for name, sign in (("odd", -1), ("even", 1)):
        if _mirrors(a, sign):
            return Proof(name, because="algebra, piece by piece")
    return Proof(None, because="a point at which neither holds")


def _mirrors(a: Analysis, sign: int) -> bool:
    """Tell whether f(-x) = sign f(x)."""
    for t in (sp.Rational(3, 7), sp.Rational(19, 7), sp.Rational(101, 13)):
        values = [
            number(a.smooth[_piece_of(a, side * t)].formula().xreplace({x: side * t})) for side in (-1, 1)
        ]
        if not (values[0] - sign * values[1]).contains(0):
            return False
    reverse, straight = list(reversed(a.whole.joints)), a.whole.joints
    if not all(same(p, -q) and same(v, sign * w) for (p, v), (q, w) in zip(straight, reverse, strict=True)):
        return False
    for before, after in zip(a.smooth, reversed(a.smooth), strict=True):
        mirrored = as_sympy(after.formula()).xreplace({x: -x})
        if not is_identity(as_sympy(before.formula()) - sign * mirrored):
            raise NotProved("symmetry holds at samples, and algebra does not show it")
    return True


def _piece_of(a: Analysis, place: Any) -> int:
    return sum(number(place - p) > 0 for p, _ in a.whole.joints)


def smoothness(a: Analysis) -> Proof:
    a.signs(0)
    for order in range(SMOOTH_TO + 1) if a.whole.joints else ():
        if not all(a.meets(joint, order) for joint in range(len(a.whole.joints))):
            return Proof(
                float(order - 1), because=f"one-sided derivatives of order {order} differ at a joint"
            )
    if a.whole.joints:
        raise NotProved(f"derivatives agree at joints up to order {SMOOTH_TO}")
    return Proof(math.inf, because="one formula of analytic words, finite everywhere")


def lipschitz(a: Analysis) -> Proof:
    if not all(a.meets(joint) for joint in range(len(a.whole.joints))):
        return Proof(math.inf, because="it jumps")
    top = steepest(a)
    return proof_of(
        nearest(top), top, because="every root of f'' is isolated, the slope has limits at both ends"
    )


def memory(a: Analysis) -> Proof:
    slopes = {s.formula(1) for s in a.smooth}
    if len(slopes) == 1 and not next(iter(slopes)).has(x):
        return Proof(Memory("nothing", 0), because="the slope is the same everywhere")
    return Proof(Memory("the input", 4), because="value and slope are functions of the input")


SHAPE = {
    "range": range_, "limits": limits, "slope_limits": slope_limits, "asymptotes": asymptotes, "zeros": zeros,
    "extrema": extrema, "inflections": inflections, "kinks": kinks, "jumps": jumps, "period": period,
    "monotone": monotone, "curvature": curvature, "parity": parity, "smoothness": smoothness,
    "lipschitz": lipschitz, "saturation": saturation, "memory": memory,
}  # fmt: skip
"""The proof of each fact of shape."""


# --- Parts ------------------------------------------------------------------------------------------------


def _crossed(chart: Signs) -> list[Root]:
    """Return the roots at which the sign changes."""
    return [r for r, (p, q) in zip(chart.roots, pairwise(chart.signs), strict=True) if p != q]


def _period(charts: tuple[Signs, ...]) -> float | None:
    return nearest(charts[0].period) if charts[0].period is not None else None


def _ends(a: Analysis, piece: int) -> Pair:
    p = a.whole.pieces[piece]
    return (-math.inf if p.low is None else nearest(p.low), math.inf if p.high is None else nearest(p.high))


def _places(found: list[Any], stretches: list[Pair], charts: tuple[Signs, ...]) -> Proof:
    places = sorted(found, key=nearest)
    value = Places.of(map(nearest, places), _joined(stretches), _period(charts))
    return proof_of(value, *places, because="sign changes with a slope of one sign; none elsewhere")


def _joined(stretches: list[Pair]) -> list[Pair]:
    joined: list[Pair] = []
    for low, high in stretches:
        if joined and joined[-1][1] == low:
            low = joined.pop()[0]
        joined.append((low, high))
    return joined
