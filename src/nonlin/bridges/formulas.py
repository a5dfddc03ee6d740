"""What is printed of an activation: its value and its slopes, with numbers that can be read."""

from __future__ import annotations

from typing import Any

import sympy as sp

from nonlin.workbench import Elementwise, Gated

LONGEST = 100
"""A fraction with a larger denominator is printed as a decimal number of up to 17 digits."""


def formulas(activation: Elementwise | Gated) -> dict[str, Any]:
    """Return the formulas by what they define: "f" and "f'", of a gated one "f", "x" and "gate" for the slopes."""
    if isinstance(activation, Gated):
        by_x, by_gate = activation.slope_formulas
        return {"f": readable(activation.formula), "x": readable(by_x), "gate": readable(by_gate)}
    return {"f": readable(activation.formula), "f'": readable(activation.slope_formula)}


def readable(formula: Any) -> Any:
    """Return the formula with its long fractions as decimal numbers."""
    return formula.xreplace({n: sp.Float(n, 17) for n in formula.atoms(sp.Rational) if n.q > LONGEST})
