"""Forms of an expression that cost less, or lose fewer digits."""

from __future__ import annotations

import builtins
from functools import reduce
from typing import Any

import sympy as sp

from nonlin.vocabulary import (
    Word,
    abs,
    cos,
    exp,
    hypot,
    sech2,
    sigmoid,
    sin,
    softplus,
    tanh,
    tanh_rest,
    where,
)


def rewritten(expression: Any) -> Any:
    """Return the expression in its best form."""
    return factored(in_tails(of_circles(of_hypots(of_squares(without_softplus_inside(expression))))))


def factored(expression: Any) -> Any:
    """Return a sum with the words that all its terms share as factors: s + x s q becomes s (1 + x q).

    Where the terms cancel, fewer roundings of theirs are magnified.
    """
    if not expression.is_Add:
        return expression
    terms = [dict(_word_powers(term)) for term in expression.args]
    shared = reduce(_common, terms)
    divisor = sp.Mul(*(base**power for base, power in shared.items()))
    return expression if divisor == 1 else divisor * sp.Add(*(term / divisor for term in expression.args))


def _word_powers(term: Any) -> Any:
    """Yield the factors of a product that hold a word, as base and exponent."""
    for factor in sp.Mul.make_args(term):
        base, exponent = factor.as_base_exp()
        if base.has(Word) and not base.has(where) and exponent.is_Integer:
            yield base, exponent


def _common(a: dict[Any, Any], b: dict[Any, Any]) -> dict[Any, Any]:
    """Return the factors of both: of two powers of one sign, the nearer to 1."""
    return {
        base: min(a[base], b[base], key=builtins.abs) for base in a if base in b and a[base] * b[base] > 0
    }


def without_softplus_inside(expression: Any) -> Any:
    """Return the expression with tanh and sech^2 of a softplus as fractions of two sigmoids.

    With s = sigmoid(u) and q = sigmoid(-u) = 1 / (1 + exp(u)): tanh(softplus(u)) = s (1 + q) / (1 + q^2) and
    sech2(softplus(u)) = (2 q / (1 + q^2))^2. Nothing cancels, and one exponential serves all.
    """

    def of_softplus(word: type[Any]) -> Any:
        return lambda e: isinstance(e, word) and isinstance(e.args[0], softplus)

    def as_tanh(e: Any) -> Any:
        u = e.args[0].args[0]
        return sigmoid(u) * (1 + sigmoid(-u)) / (1 + sigmoid(-u) ** 2)

    def as_sech2(e: Any) -> Any:
        u = e.args[0].args[0]
        return (2 * sigmoid(-u) / (1 + sigmoid(-u) ** 2)) ** 2

    return expression.replace(of_softplus(tanh), as_tanh).replace(of_softplus(sech2), as_sech2)


def of_squares(expression: Any) -> Any:
    """Return the expression with tanh(u)^2 from what is small beside u or 1: u - tanh(u), or sech2(u)."""

    def is_square(e: Any) -> bool:
        return bool(e.is_Pow and e.exp == 2 and isinstance(e.base, tanh))

    def written(e: Any) -> Any:
        u = e.base.args[0]
        return where(abs(u) < 1, (u - tanh_rest(u)) ** 2, 1 - sech2(u))

    return expression.replace(is_square, written)


def of_hypots(expression: Any) -> Any:
    """Return the expression with c u + c h and c + c u / h, where h = hypot(u, v), in a form that does not cancel.

    h + u is v^2 / (h - u); both are halved, so that h - u does not overflow.
    """

    def written(total: Any) -> Any:
        for pair in (total.args, total.args[::-1]):
            for h in total.atoms(hypot):
                u, v = h.args
                if pair[0] / pair[1] == u / h:
                    other = pair[1] / h * (v**2 / 2) / (h / 2 - u / 2)
                    return where(4 * u > -v, total, other)
        return total

    return expression.replace(lambda e: e.is_Add and len(e.args) == 2 and e.has(hypot), written)


def of_circles(expression: Any) -> Any:
    """Return the expression with 1 + 2 c sin(u) cos(u) as 2 sin(u + pi/4)^2 where c is 1.

    It touches 0 there, and the digits of a sum would be lost.
    """

    def written(total: Any) -> Any:
        rest = total - 1
        for s in total.atoms(sin):
            u = s.args[0]
            twice = rest / (s * cos(u))
            if not twice.has(sin, cos):
                above, below = sp.fraction(twice / 2)
                touching = 2 * sin(u + sp.pi / 4) ** 2
                return touching if above == below else where(sp.Eq(above, below), touching, total)
        return total

    return expression.replace(lambda e: e.is_Add and 1 in e.args and e.has(sin), written)


def in_tails(expression: Any) -> Any:
    """Return an expression in roots of softplus(u) as what it tends to on the far left, and itself elsewhere.

    softplus(u) and sigmoid(u) are exp(u) below -40, to 2^-57; their quotients would lose the digits of
    exp(u / 2) where exp(u) underflows.
    """
    roots = [p for p in expression.atoms(sp.Pow) if isinstance(p.base, softplus) and not p.exp.is_Integer]
    if not roots or expression.has(where):
        return expression
    u = roots[0].base.args[0]
    powers = {softplus(u): sp.exp(u), sigmoid(u): sp.exp(u), sigmoid(-u): sp.Integer(1)}
    tail = sp.powsimp(sp.expand(expression.xreplace(powers)))
    return where(u < -40, tail.replace(sp.exp, exp), expression)


def of_slopes_of_hypots(expression: Any) -> Any:
    """Return the expression with c - c u^2 / h^2, where h = hypot(u, v), as c v^2 / h^2."""

    def written(total: Any) -> Any:
        for pair in (total.args, total.args[::-1]):
            for h in total.atoms(hypot):
                u, v = h.args
                if pair[0] / pair[1] == -(u**2) / h**2:
                    return pair[1] * v**2 / h**2
        return total

    return expression.replace(lambda e: e.is_Add and len(e.args) == 2 and e.has(hypot), written)
