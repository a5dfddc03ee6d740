"""A partial derivative of an activation, of any order, by its input and its parameters, as a guarded Program."""

from __future__ import annotations

from functools import cache, cached_property

from nonlin.bridges.guard import guarded
from nonlin.derivation.calculus import parameter_derivative
from nonlin.derivation.crossings import sharpened
from nonlin.derivation.program import Program, program
from nonlin.derivation.rewriting import rewritten
from nonlin.vocabulary import Definition


class Partial:
    """One partial derivative; its own derivatives are again of this form.

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

    def by_input(self) -> Partial:
        """Return its derivative by the input."""
        return partial(self.definition, self.order + 1, self.by)

    def by_parameter(self, name: str) -> Partial:
        """Return its derivative by the parameter of that name."""
        return partial(self.definition, self.order, tuple(sorted((*self.by, name))))

    @cached_property
    def program(self) -> Program:
        """The steps, those of a value or slope with all digits near its roots; written when they are first needed."""
        formula = rewritten(parameter_derivative(self.definition, *self.by, order=self.order))
        if self.order <= 1 and not self.by:
            formula = sharpened(self.definition, formula, "double", self.order)
        return guarded(program([formula], ("x",), self.definition.parameters))


@cache
def partial(definition: Definition, order: int = 0, by: tuple[str, ...] = ()) -> Partial:
    """Return the partial derivative of that order by the input and by those parameters."""
    return Partial(definition, order, by)
