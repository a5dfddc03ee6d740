"""The Programs of a gated definition: value, both slopes, parameter derivatives, and the pullback to both inputs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import sympy as sp

from nonlin.derivation.calculus import parameter_derivative
from nonlin.derivation.crossings import Precision
from nonlin.derivation.program import Program, program
from nonlin.derivation.programs import g, slope
from nonlin.derivation.rewriting import rewritten
from nonlin.vocabulary import Definition, GatedDefinition, gate, x


@cache
def programs(
    definition: GatedDefinition, what: tuple[str | int, ...], sharp: Precision | None = None
) -> Program:
    """Return one Program that computes all that is asked for, together.

    Parameters
    ----------
    definition : GatedDefinition
    what : tuple of str
        Each "value", "slopes" (by x, by the gate), "pullback" (g times each slope) or the name of a parameter.
    sharp : "single" or "double", optional
        Keep the digits of a slope near its roots; see `nonlin.derivation.crossings`.
    """
    inputs = ("x", "gate", "g") if "pullback" in what else ("x", "gate")
    formulas = [formula for w in what for formula in _formulas(definition, str(w), sharp)]
    return program(formulas, inputs, definition.parameters)


def _formulas(definition: GatedDefinition, what: str, sharp: Precision | None) -> Iterator[Any]:
    of_x, of_gate = definition.factors
    match what:
        case "value":
            yield product(rewritten(of_x.formula), _at_gate(rewritten(of_gate.formula)))
        case "slopes":
            yield from slopes(definition, sharp)
        case "pullback":
            yield from (product(g, one) for one in slopes(definition, sharp))
        case _:
            yield parameter_slope(definition, what)


def slopes(definition: GatedDefinition, sharp: Precision | None = None) -> tuple[Any, Any]:
    """Return the formulas of the derivatives by x and by the gate."""
    of_x, of_gate = definition.factors
    return (
        product(slope(of_x, sharp), _at_gate(rewritten(of_gate.formula))),
        product(rewritten(of_x.formula), _at_gate(slope(of_gate, sharp))),
    )


def parameter_slope(definition: GatedDefinition, name: str) -> Any:
    """Return the formula of the derivative by a parameter."""
    of_x, of_gate = definition.factors
    return product(_by(of_x, name), _at_gate(rewritten(of_gate.formula))) + product(
        rewritten(of_x.formula), _at_gate(_by(of_gate, name))
    )


def product(a: Any, b: Any) -> Any:
    """Return a b as two factors, each computed by itself."""
    if sp.S.Zero in (a, b):
        return sp.S.Zero
    return sp.Mul(a, b, evaluate=sp.S.One in (a, b))


def _by(factor: Definition, name: str) -> Any:
    known = any(p.name == name for p in factor.parameters)
    return rewritten(parameter_derivative(factor, name)) if known else sp.S.Zero


def _at_gate(formula: Any) -> Any:
    return formula.xreplace({x: gate})
