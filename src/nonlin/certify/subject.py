"""What is certified: one activation in one dtype and grade, its quantities, and the truth of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

import nonlin as nl
from nonlin import catalog
from nonlin.certify.truth import Truth
from nonlin.derivation.calculus import derivative
from nonlin.derivation.crossings import crossings
from nonlin.derivation.formats import FORMATS, Format
from nonlin.errors import InvalidInput
from nonlin.vocabulary import cos, sin
from nonlin.workbench import Activation, Elementwise

GRADES = ("exact", "fast")
QUANTITIES = ("value", "slope")
NEAR = {("float32", "exact"): 0.125, ("float32", "fast"): 1.0, ("float64", "exact"): 1.5}
"""Half the width of the stretch around a root of the slope that counts as near it: where lanes have no digits to
spare, the slope's terms cancel in a wider one."""

Call = Callable[[Any], Any]


@dataclass(frozen=True)
class Subject:
    """One activation in one dtype and grade, at its default parameters.

    Attributes
    ----------
    activation : Elementwise
        The exact grade: its formula is the truth, its float64 form a reference.
    word : str
        What to type to mean it.
    form : Format
    grade : "exact" or "fast"
    measured : object
        What is measured: the activation itself, or its fast grade.
    """

    activation: Elementwise
    word: str
    form: Format
    grade: str
    measured: Any

    @property
    def name(self) -> str:
        return self.activation.name

    @property
    def parameters(self) -> dict[str, float]:
        return {p.name: float(p.default) for p in self.activation.parameters}

    def compute(self, quantity: str) -> Call:
        """Return the public function from an array to the quantity."""
        call: Call = {"value": self.measured.__call__, "slope": self.measured.grad}[quantity]
        return call

    def in_double(self, quantity: str) -> Call:
        """Return the float64 form of the exact grade, a reference for float32."""
        return {"value": self.activation.__call__, "slope": self.activation.grad}[quantity]

    def formula(self, quantity: str) -> Any:
        """Return the formula whose value is the truth."""
        definition = self.activation.definition
        return definition.formula if quantity == "value" else derivative(definition)

    def truth(self, quantity: str) -> Truth:
        """Return the quantity's truth in ball arithmetic."""
        return self._truths[quantity]

    @cached_property
    def _truths(self) -> dict[str, Truth]:
        return {q: Truth(self.formula(q), self.values) for q in QUANTITIES}

    @property
    def values(self) -> dict[Any, float]:
        """The parameters' symbols with their defaults, which are taken exactly."""
        return {p: float(p.default) for p in self.activation.definition.parameters}

    def roots(self, quantity: str) -> tuple[float, ...]:
        """Return where the slope, or the value but at 0, crosses zero."""
        order = int(quantity == "slope")
        return tuple(float(c.root) for c in crossings(self.activation.definition, "double", order))

    def is_wave(self, quantity: str) -> bool:
        """Tell whether it is a slope with a wave in it, whose roots have no end."""
        return quantity == "slope" and bool(self.formula("slope").has(sin, cos))

    def spans(self, quantity: str) -> np.ndarray:
        """Return the stretches near the roots, one a row."""
        if self.is_wave(quantity):
            return np.array([(-np.inf, np.inf)])
        near = NEAR.get((self.form.name, self.grade), 0.125)
        return np.array([(r - near, r + near) for r in self.roots(quantity)], np.float64).reshape(-1, 2)


def subject(
    activation: str | Activation, dtype: str = "float32", grade: str = "exact", word: str | None = None
) -> Subject:
    """Return what is to be certified.

    Parameters
    ----------
    activation : str or Activation
        A name of the catalog, or an activation.
    dtype : {"float32", "float64", "float16", "bfloat16"}
    grade : {"exact", "fast"}
    word : str, optional
        What to type to mean it, for the command in the certificate; the name without it.

    Raises
    ------
    UnknownActivation
        If there is no such name.
    InvalidInput
        If it mixes the elements of a row, or the dtype or the grade cannot be certified.
    """
    found = nl.get(activation) if isinstance(activation, str) else activation
    if not isinstance(found, Elementwise):
        raise InvalidInput(
            f"{getattr(found, 'name', found)!r} is no function of one number, so it cannot be certified "
            f"input by input; those that can: {', '.join(elementwise_names())}"
        )
    if dtype not in FORMATS:
        raise InvalidInput(f"dtype {dtype!r} cannot be certified; choose one of {', '.join(FORMATS)}")
    if grade not in GRADES:
        raise InvalidInput(f"grade {grade!r} is not known; choose exact or fast")
    if grade == "fast" and dtype != "float32":
        raise InvalidInput(f"the fast grade is for float32, not {dtype}; leave --grade out")
    measured = found if grade == "exact" else getattr(found, "fast", None)
    if measured is None:
        raise InvalidInput(f"{found.name} has no fast grade")
    return Subject(found, word or found.name, FORMATS[dtype], grade, measured)


def elementwise_names() -> tuple[str, ...]:
    """Return the names of the catalog that work element by element."""
    return tuple(n for n in catalog.names() if isinstance(nl.get(n), Elementwise))
