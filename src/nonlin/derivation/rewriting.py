"""Forms of an expression that cost less, or lose fewer digits."""

from __future__ import annotations

from functools import reduce
from typing import Any

import sympy as sp

from nonlin.vocabulary import Word, sech2, sigmoid, softplus, tanh, where


def rewritten(expression: Any) -> Any:
    """Return the expression in its best form."""
    return factored(without_softplus_inside(expression))


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
    return {base: min(a[base], b[base], key=abs) for base in a if base in b and a[base] * b[base] > 0}


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
