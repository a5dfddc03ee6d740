"""The Programs of a definition: its value, slope, higher derivatives, parameter derivatives, pullback."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from nonlin.derivation.calculus import derivative, parameter_derivative
from nonlin.derivation.crossings import Precision, sharpened
from nonlin.derivation.program import Program, program
from nonlin.derivation.rewriting import rewritten
from nonlin.vocabulary import Definition

g = sp.Symbol("g", real=True)
"""The upstream gradient."""


@cache
def programs(definition: Definition, what: tuple[str | int, ...], sharp: Precision | None = None) -> Program:
    """Return one Program that computes all that is asked for, together.

    Parameters
    ----------
    definition : Definition
    what : tuple of (str or int)
        Each "value", "slope", "pullback" (g times the slope), the order of a derivative, or the name of a
        parameter, for the derivative with respect to it.
    sharp : "single" or "double", optional
        Keep the digits of the slope near its roots, as far as float32 or float64 results need; see
        `nonlin.derivation.crossings`.
    """
    inputs = ("x", "g") if "pullback" in what else ("x",)
    formulas = [_formula(definition, w, sharp) for w in what]
    return program(formulas, inputs, definition.parameters, narrow=sharp == "double")


def _formula(definition: Definition, what: str | int, sharp: Precision | None) -> Any:
    match what:
        case "value":
            value = rewritten(definition.formula)
            return sharpened(definition, value, sharp, 0) if sharp else value
        case "slope" | 1:
            return slope(definition, sharp)
        case "pullback":
            return g * slope(definition, sharp)
        case int():
            return rewritten(derivative(definition, what))
        case _:
            return rewritten(parameter_derivative(definition, what))


def slope(definition: Definition, sharp: Precision | None = None) -> Any:
    """Return the formula of the slope, with the digits of that precision near its roots."""
    plain = rewritten(derivative(definition))
    return sharpened(definition, plain, sharp, 1) if sharp else plain
