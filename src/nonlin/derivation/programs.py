"""The Programs of a definition: its value, slope, higher derivatives, parameter derivatives, pullback."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from nonlin.derivation.calculus import derivative, parameter_derivative
from nonlin.derivation.program import Program, program
from nonlin.vocabulary import Definition

g = sp.Symbol("g", real=True)
"""The upstream gradient."""


@cache
def programs(definition: Definition, what: tuple[str | int, ...]) -> Program:
    """Return one Program that computes all that is asked for, together.

    Parameters
    ----------
    definition : Definition
    what : tuple of (str or int)
        Each "value", "slope", "pullback" (g times the slope), the order of a derivative, or the name of a
        parameter, for the derivative with respect to it.
    """
    inputs = ("x", "g") if "pullback" in what else ("x",)
    return program([_formula(definition, w) for w in what], inputs, definition.parameters)


def _formula(definition: Definition, what: str | int) -> Any:
    match what:
        case "value":
            return definition.formula
        case "slope":
            return derivative(definition)
        case "pullback":
            return g * derivative(definition)
        case int():
            return derivative(definition, what)
        case _:
            return parameter_derivative(definition, what)
