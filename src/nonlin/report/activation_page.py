"""One activation as a page: formula, slope, facts with how they were found, source and aliases."""

from __future__ import annotations

import math
from collections.abc import Iterable

from nonlin.facts.facts import NAMES, Facts
from nonlin.report.dialect_tables import dialect_blocks
from nonlin.report.page import Block, Page, Settings, Text
from nonlin.workbench import Activation, Elementwise, Gated, Stochastic

Entry = tuple[str, str]


def activation_page(activation: Activation) -> Page:
    """Return what `nonlin show NAME` says.

    Parameters
    ----------
    activation : Activation

    Returns
    -------
    Page
        For an activation along an axis or of two inputs it has no facts: those belong to functions of one number.
    """
    blocks: list[Block] = [Settings("Definition", tuple(_definition(activation)))]
    if isinstance(activation, Elementwise):
        facts = activation.facts
        blocks.append(Settings("Shape", tuple(_shape(facts))))
        blocks.append(Settings("For a standard normal input z", tuple(_signal(facts))))
        blocks.append(Text(how_known(facts), muted=True))
    if isinstance(activation, Gated):
        way = f"Facts of its gate: nonlin.{activation.name}.gate_factor.facts"
        blocks.append(Text(way, muted=True))
    blocks += dialect_blocks(activation.name)
    return Page(activation.name, activation.summary or activation.name, tuple(blocks))


def _definition(activation: Activation) -> Iterable[Entry]:
    if isinstance(activation, Elementwise):
        yield "formula", f"f(x) = {activation.formula}"
        yield "slope", f"f'(x) = {activation.slope_formula}"
    elif isinstance(activation, Gated):
        yield "formula", f"f(x, gate) = {activation.formula}"
        for name, slope in zip(("x", "gate"), activation.slope_formulas, strict=True):
            yield f"slope by {name}", f"df/d{name} = {slope}"
    elif isinstance(activation, Stochastic):
        yield "formula", f"f = {activation.definition.formula}"
    else:
        yield "formula", f"f_i(z) = {activation.definition.formula}"
    for parameter in activation.parameters:
        yield "parameter", f"{parameter.name} = {number(parameter.default)}, {parameter.meaning}"
    if activation.aliases:
        yield "also called", ", ".join(activation.aliases)
    yield "source", activation.source or "not stated"


def how_known(facts: Facts) -> str:
    """Return which facts are proved and which are not, in a sentence."""
    numeric = [f.name.replace("_", " ") for f in facts if f.how != "proved"]
    if not numeric:
        return "Facts: proved, at the default parameters."
    if len(numeric) == len(NAMES):
        return "Facts: numeric, at the default parameters; not proved."
    return f"Facts: proved, at the default parameters, but for {', '.join(numeric)}: numeric."


def _shape(facts: Facts) -> Iterable[Entry]:
    yield "range", str(facts.range)
    yield "limits", f"{number(facts.limits[0])} at -inf, {number(facts.limits[1])} at inf"
    yield "asymptotes", _asymptotes(facts)
    yield "zeros", str(facts.zeros)
    yield "extrema", str(facts.extrema)
    yield "inflections", str(facts.inflections)
    yield "kinks", str(facts.kinks)
    if facts.jumps:
        yield "jumps", str(facts.jumps)
    if facts.period is not None:
        yield "period", number(facts.period)
    yield "monotone", facts.monotone or "no"
    yield "bends", str(facts.curvature) or "not known"
    yield "symmetry", facts.parity or "none"
    yield "continuous derivatives", smoothness(facts.smoothness)
    yield "Lipschitz constant", number(facts.lipschitz)
    yield "slope under 1 % of its maximum", _saturation(facts)
    yield "kept for backward", f"{facts.memory.keeps} ({facts.memory.bytes_per_value} bytes a float32 value)"


def _signal(facts: Facts) -> Iterable[Entry]:
    g = facts.gaussian
    yield "mean of f(z)", number(g.mean)
    yield "mean of f(z)^2", number(g.second_moment)
    yield "mean of f'(z)^2", number(g.slope_second_moment)
    yield "chance of slope 0", number(g.zero_slope_mass)
    yield "gain", f"{number(facts.gain)}  (keeps the signal's size: weights of std gain / sqrt(fan_in))"
    yield "backward gain", f"{number(facts.backward_gain)}  (keeps the gradient's size: / sqrt(fan_out))"
    yield "chi", f"{number(facts.chi)}  (squared gradient's growth per layer under gain)"
    p, s = facts.propagation, facts.self_normalising
    if p:
        yield "variance 1 under gain", f"{p.fate}: an error d becomes {number(p.return_rate)} d a layer on"
    if p and p.critical_weight is not None and p.critical_bias is not None:
        yield (
            "edge of chaos",
            f"weights of std {number(p.critical_weight)} / sqrt(fan_in), biases of std {number(p.critical_bias)}",
        )
    if s:
        shift = (
            ""
            if abs(s.shift) < 1e-12
            else f" - {number(s.shift)}"
            if s.shift > 0
            else f" + {number(-s.shift)}"
        )
        yield "self-normalising", f"{number(s.scale)} (f(x){shift}), {s.fate}"


def _asymptotes(facts: Facts) -> str:
    left, right = (str(line) if line else "none" for line in facts.asymptotes)
    return left if left == right else f"{left} at -inf, {right} at inf"


def smoothness(order: float) -> str:
    if math.isnan(order):
        return "not known"
    return "all" if math.isinf(order) else "none: it jumps" if order < 0 else f"{order:g}"


def _saturation(facts: Facts) -> str:
    left, right = facts.saturation
    sides = [
        f"x < {number(left)}" if left is not None else "",
        f"x > {number(right)}" if right is not None else "",
    ]
    return " and ".join(filter(None, sides)) or "nowhere"


def number(value: float) -> str:
    """Return a number to six digits, without a minus on zero; where there is none, that.

    Examples
    --------
    >>> number(-0.0), number(1 / 3), number(math.nan)
    ('0', '0.333333', 'none')
    """
    if math.isnan(value):
        return "none"
    return f"{value + 0.0:.6g}" if abs(value) > 1e-12 else "0"
