"""The Programs of a row definition: its formulas as steps, with words that make one number of a row among them."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from nonlin.derivation.program import Program, program
from nonlin.vocabulary import RowDefinition
from nonlin.vocabulary.row_words import RowWord, g, largest, size, total, z


@cache
def row_program(definition: RowDefinition, what: str) -> Program:
    """Return the Program of "value", of "vjp", or of the derivative by a parameter.

    Its operations are those of any Program and the words of `vocabulary.row_words`.

    Examples
    --------
    >>> from nonlin.vocabulary import RowDefinition
    >>> from nonlin.vocabulary.row_words import mean, z
    >>> centred = RowDefinition(value=z - mean(z), vjp=z, formula="", latex="")
    >>> print(row_program(centred, "value"))
    program(z)
        v0 = total(z)
        v1 = size(z)
        v2 = div(v0, v1)
        v3 = sub(z, v2)
        return v3
    """
    inputs = ("z", "g") if what == "vjp" else ("z",)
    return program([factored(definition.formulas[what])], inputs, definition.parameters)


def factored(formula: Any) -> Any:
    """Return the formula with what is one number of a row taken out of its sums: fewer runs over the row."""
    if not formula.args:
        return formula
    args = [factored(a) for a in formula.args]
    if isinstance(formula, total):
        factors = sp.Mul.make_args(args[0])
        numbers, row = [f for f in factors if not varies(f)], [f for f in factors if varies(f)]
        return sp.Mul(*numbers, total(sp.Mul(*row)) if row else size(z))
    if isinstance(formula, largest) and not varies(args[0]):
        return args[0]
    return formula.func(*args)


def varies(formula: Any) -> bool:
    """Tell whether a formula differs from element to element."""
    if isinstance(formula, RowWord):
        return False
    return formula in (z, g) or any(map(varies, formula.args))
