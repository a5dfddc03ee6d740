"""A formula in pieces: smooth formulas between exact places, with no `where`, `abs` or `sign` left."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.core.relational import Relational
from sympy.simplify.fu import TR7, TR8

from nonlin.errors import NonlinError
from nonlin.facts.exactly import as_sympy, from_sympy, vanishes
from nonlin.vocabulary import Definition, erf, normal_cdf, where, x
from nonlin.vocabulary import abs as absolute
from nonlin.vocabulary import cos as cosine
from nonlin.vocabulary import sign as signum
from nonlin.vocabulary import sin as sine

SWITCHING = (where, absolute, signum)


class NotProved(NonlinError):
    """No proof was found; the message says what stood in the way."""


@dataclass(frozen=True)
class Piece:
    """A smooth formula between two places.

    Attributes
    ----------
    low, high : expression or None
        Exact, without x; None where the piece has no end.
    formula : expression
        In words that are analytic wherever they are finite.
    """

    low: Any
    high: Any
    formula: Any


@dataclass(frozen=True)
class Pieces:
    """All pieces of a formula, in ascending order, and its value where they meet.

    Attributes
    ----------
    pieces : tuple of Piece
    joints : tuple of (expression, expression)
        Each place between two pieces with the formula's value there.
    """

    pieces: tuple[Piece, ...]
    joints: tuple[tuple[Any, Any], ...]


@cache
def pieces(definition: Definition) -> Pieces:
    """Return the pieces of a definition at its default parameters, each taken as the decimal it is written as.

    Raises
    ------
    NotProved
        If a condition switches where no exact place is known: it must be a polynomial in x.
    """
    formula = definition.formula.xreplace({p: p.exact for p in definition.parameters})
    found = _cut(formula, None, None)
    merged = [found[0]]
    for piece in found[1:]:
        if _goes_on(merged[-1], piece, formula):
            merged[-1] = Piece(merged[-1].low, piece.high, piece.formula)
        else:
            merged.append(piece)
    joints = tuple((p.low, value_at(formula, p.low)) for p in merged[1:])
    return Pieces(tuple(Piece(p.low, p.high, in_single_waves(p.formula)) for p in merged), joints)


def value_at(formula: Any, place: Any) -> Any:
    """Return the formula's value at an exact place, as an expression."""
    while formula.has(*SWITCHING):
        formula = formula.xreplace({n: _decided(n, d, place) for n, d in _innermost(formula).items()})
    return formula.xreplace({x: place})


def in_single_waves(formula: Any) -> Any:
    """Return products and powers of sines and cosines as sums of them: 2 sin(x) cos(x) as sin(2 x).

    An interval holds sin(2 x) without loss, but not a product of two factors that depend on each other.
    """
    if formula.has(erf):
        formula = _without_cancelling(formula)
    if not formula.has(sine, cosine):
        return sp.factor(formula) if formula.is_rational_function(x) and formula.has(x) else formula
    return from_sympy(sp.expand(TR8(TR7(sp.expand(as_sympy(formula, (sine, cosine)))))))


def _without_cancelling(formula: Any) -> Any:
    """Return 1 + erf(u) as 2 Phi(sqrt(2) u), which keeps its digits where u is far below 0."""
    changed = formula.replace(erf, lambda u: 2 * normal_cdf(sp.sqrt(2) * u) - 1)
    changed = sp.expand(changed)
    return changed if changed.count_ops() < sp.expand(formula).count_ops() else formula


def _goes_on(before: Piece, after: Piece, formula: Any) -> bool:
    if before.formula != after.formula:
        return False
    return vanishes(value_at(formula, after.low) - after.formula.xreplace({x: after.low})) is True


def _cut(formula: Any, low: Any, high: Any) -> list[Piece]:
    if not formula.has(*SWITCHING):
        return [Piece(low, high, formula)]
    switches = _innermost(formula)
    places = {r for d in switches.values() for r in _roots(d)}
    inside = [r for r in places if (low is None or r > low) and (high is None or r < high)]
    ends = [low, *sorted(inside, key=lambda r: (float(r), str(r))), high]
    found: list[Piece] = []
    for a, b in pairwise(ends):
        between = _between(a, b)
        smooth = formula.xreplace({n: _decided(n, d, between) for n, d in switches.items()})
        found += _cut(smooth, a, b)
    return found


def _innermost(formula: Any) -> dict[Any, Any]:
    """Return comparisons, magnitudes and signs that hold no other such, each with what it compares to 0."""
    nodes = {n: n.lhs - n.rhs for n in formula.atoms(Relational)}
    nodes |= {n: n.args[0] for n in formula.atoms(absolute, signum)}
    in_order = sorted(nodes, key=sp.default_sort_key)  # so that a refusal names the same one each time
    return {n: nodes[n] for n in in_order if not nodes[n].has(*SWITCHING)}


def _decided(node: Any, difference: Any, place: Any) -> Any:
    """Return what a comparison, a magnitude or a sign is at a place; a magnitude as plus or minus its input."""
    side = sp.sign(difference.subs(x, place))
    if side not in (-1, 0, 1):
        raise NotProved(f"the sign of {difference} at {place} is not decided")
    if isinstance(node, Relational):
        return node.func(side, 0)
    return side if isinstance(node, signum) else side * node.args[0]


def _roots(difference: Any) -> list[Any]:
    if not difference.has(x):
        return []
    polynomial = difference.as_poly(x)
    if polynomial is None or any(s != x for s in difference.free_symbols):
        raise NotProved(f"it switches where {difference} = 0, which is no polynomial in x")
    roots = sp.real_roots(polynomial)
    if any(r.has(sp.CRootOf) for r in roots):
        raise NotProved(f"the places where {difference} = 0 have no closed form")
    return list(roots)


def _between(low: Any, high: Any) -> Any:
    if low is None:
        return sp.Integer(0) if high is None else sp.floor(high) - 1
    return sp.floor(low) + 2 if high is None else sp.Rational(float((low + high) / 2))
