"""What is printed of an elementwise activation: its value and its slope, with numbers that can be read."""

from __future__ import annotations

from typing import Any

import sympy as sp

from nonlin.workbench import Elementwise

LONGEST = 100
"""A fraction with a larger denominator is printed as a decimal number of up to 17 digits."""


def formulas(activation: Elementwise) -> dict[str, Any]:
    """Return the formulas by what they define: "f" and "f'"."""
    return {"f": readable(activation.formula), "f'": readable(activation.slope_formula)}


def readable(formula: Any) -> Any:
    """Return the formula with its long fractions as decimal numbers."""
    return formula.xreplace({n: sp.Float(n, 17) for n in formula.atoms(sp.Rational) if n.q > LONGEST})
