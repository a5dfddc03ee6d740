"""Compositions of words that have a shorter form with as many digits."""

from __future__ import annotations

from typing import Any

from nonlin.vocabulary import sech2, sigmoid, softplus, tanh


def rewritten(expression: Any) -> Any:
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
