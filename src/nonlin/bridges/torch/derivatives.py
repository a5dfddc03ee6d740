"""A partial derivative of an activation, of any order, by its input and its parameters."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from nonlin.bridges.guard import guarded
from nonlin.derivation.calculus import parameter_derivative
from nonlin.derivation.crossings import sharpened
from nonlin.derivation.program import program
from nonlin.derivation.programs import g
from nonlin.derivation.rewriting import rewritten
from nonlin.kernels.elementwise import kernel
from nonlin.kernels.grades import PRECISIONS, Code
from nonlin.vocabulary import Definition


class Partial:
    """One partial derivative, written twice: as a Program for PyTorch, and as kernels for NumPy.

    Parameters
    ----------
    definition : Definition
    order : int
        How often by the input.
    by : tuple of str
        The parameters by which it is derived besides, in alphabetical order.
    """

    def __init__(self, definition: Definition, order: int, by: tuple[str, ...]) -> None:
        self.definition, self.order, self.by = definition, order, by
        self.names = tuple(p.name for p in definition.parameters)
        self.formula = rewritten(parameter_derivative(definition, *by, order=order))
        self.program = guarded(program([self.formula], ("x",), definition.parameters))
        self._next: dict[str | None, Partial] = {}
        self._compute: dict[Code, np.ufunc] = {}
        self._pull_back: dict[Code, np.ufunc] = {}

    def by_input(self) -> Partial:
        """Return its derivative by the input."""
        if None not in self._next:
            self._next[None] = partial(self.definition, self.order + 1, self.by)
        return self._next[None]

    def by_parameter(self, name: str) -> Partial:
        """Return its derivative by the parameter of that name."""
        if name not in self._next:
            self._next[name] = partial(self.definition, self.order, tuple(sorted((*self.by, name))))
        return self._next[name]

    def compute(self, code: Code) -> np.ufunc:
        """Return the kernel `(x, parameters...) -> derivative` for a dtype."""
        if code not in self._compute:
            self._compute[code] = self._kernel(code, 1, ("x",))
        return self._compute[code]

    def pull_back(self, code: Code) -> np.ufunc:
        """Return the kernel `(x, g, parameters...) -> g times the derivative`, rounded once."""
        if code not in self._pull_back:
            self._pull_back[code] = self._kernel(code, g, ("x", "g"))
        return self._pull_back[code]

    def _kernel(self, code: Code, factor: Any, inputs: tuple[str, ...]) -> np.ufunc:
        formula = self.formula
        if self.order <= 1 and not self.by:
            formula = sharpened(self.definition, formula, PRECISIONS[code], self.order)
        return kernel(program([factor * formula], inputs, self.definition.parameters), code)


@cache
def partial(definition: Definition, order: int = 0, by: tuple[str, ...] = ()) -> Partial:
    """Return the partial derivative of that order by the input and by those parameters."""
    return Partial(definition, order, by)


@cache
def value(definition: Definition) -> Partial:
    """Return the activation itself, its first derivatives at hand, since no compiler can trace how they are found."""
    itself = partial(definition)
    itself.by_input()
    for name in itself.names:
        itself.by_parameter(name)
    return itself
