"""The Programs of a row definition: its formulas as steps, with words that make one number of a row among them."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp
from sympy.core.parameters import distribute

from nonlin.derivation.program import Program, program
from nonlin.vocabulary import RowDefinition, as_written, inf, where
from nonlin.vocabulary.row_words import RowWord, g, largest, present, size, total, z


@cache
def row_program(definition: RowDefinition, what: str, masked: bool = False) -> Program:
    """Return the Program of "value", of "vjp", or of the derivative by a parameter.

    Its operations are those of any Program and the words of `vocabulary.row_words`. One for `masked` rows has a
    last input "present", and sees those elements alone.

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
    formula = definition.formulas[what]
    with distribute(False):
        if masked:
            formula, inputs = _of_the_present(definition, what), (*inputs, "present")
        return program([factored(formula)], inputs, definition.parameters)


def _of_the_present(definition: RowDefinition, what: str) -> Any:
    whole = gives_one_number(definition)
    formula = seeing_the_present(definition.formulas[what], keeping=total(g) if whole else None)
    if what != "vjp" and whole:
        return formula
    return at_the_present(formula, definition.masked if what == "value" else 0.0)


def gives_one_number(definition: RowDefinition) -> bool:
    """Tell whether a row gives one number, the same at each of its elements."""
    return definition.arrangement is not None and definition.arrangement.shape in ("blocks", "windows")


def seeing_the_present(formula: Any, keeping: Any = None) -> Any:
    """Return the formula with each word of a row seeing only the elements that are not masked, but for one."""
    if not formula.args or formula == keeping:
        return formula
    args = [seeing_the_present(a, keeping) for a in formula.args]
    if isinstance(formula, size):
        return total(where(present > 0, 1, 0))
    if isinstance(formula, RowWord):
        args[0] = where(present > 0, args[0], 0 if isinstance(formula, total) else -inf)
    return formula.func(*args)


def at_the_present(formula: Any, masked: float) -> Any:
    """Return the formula where an element is present, else a number; choices of a whole row stay outside."""
    if isinstance(formula, where) and not varies(formula.args[0]):
        condition, a, b = formula.args
        return where(condition, at_the_present(a, masked), at_the_present(b, masked))
    return where(present > 0, formula, as_written(masked))


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
    return formula in (z, g, present) or any(map(varies, formula.args))
