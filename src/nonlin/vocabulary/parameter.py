"""A parameter of an activation: a symbol of the formula that has a default."""

from __future__ import annotations

import math
from typing import Any

import sympy as sp


class Parameter(sp.Symbol):
    """A named number in a formula, such as the slope of a leaky ReLU.

    Parameters
    ----------
    name : str
        The keyword under which users give it.
    default : float
        Its value unless given.
    meaning : str
        A few words for help texts.
    """

    __slots__ = ("default", "meaning")

    default: float
    meaning: str

    def __new__(cls, name: str, default: float, meaning: str = "") -> Parameter:
        """Make the symbol; two parameters are equal if their names and defaults are."""
        self = sp.Symbol.__xnew__(cls, name, real=True)
        self.default = float(default)
        self.meaning = meaning
        return self  # type: ignore[no-any-return]

    @property
    def exact(self) -> sp.Expr:
        """Its default as the decimal number that was written, or infinity."""
        return sp.sympify(self.default) if math.isinf(self.default) else sp.Rational(repr(self.default))

    def _latex(self, printer: Any) -> str:
        words = self.name.replace("_", r"\_")
        return rf"\mathrm{{{words}}}" if "_" in self.name else str(printer._print_Symbol(self))

    def with_default(self, default: float) -> Parameter:
        """Return the same parameter with another default."""
        return Parameter(self.name, default, self.meaning)

    def with_name(self, name: str) -> Parameter:
        """Return the same parameter under another name."""
        return Parameter(name, self.default, self.meaning)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return (self.name, self.default, self.meaning), {}

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), self.default)
