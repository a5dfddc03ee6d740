"""An activation in LaTeX: value and slope, a line each."""

from __future__ import annotations

import sympy as sp

from nonlin.bridges.formulas import formulas
from nonlin.workbench import Activation, Elementwise, Gated, Stochastic

LEFT = {
    "f": r"f(x, \mathrm{gate})", "x": r"\frac{\partial f}{\partial x}",
    "gate": r"\frac{\partial f}{\partial \mathrm{gate}}",
}  # fmt: skip
"""What stands before the formulas of a gated activation."""


def latex(activation: Activation) -> str:
    r"""Return f(x) = ... and f'(x) = ... in LaTeX; of a row-wise one the formula of one element.

    A gated one has a line for each slope.

    Examples
    --------
    >>> import nonlin as nl
    >>> print(latex(nl.gelu), end="")
    f(x) = x \Phi\left(x\right)
    f'(x) = x \varphi\left(x\right) + \Phi\left(x\right)
    >>> print(latex(nl.softmax), end="")
    f(z)_i = \frac{e^{z_i / T}}{\sum_j e^{z_j / T}}
    """
    if isinstance(activation, Gated):
        return "".join(
            f"{LEFT[name]} = {sp.latex(formula)}\n" for name, formula in formulas(activation).items()
        )
    if isinstance(activation, Stochastic):
        return f"f = {activation.latex}\n"
    if not isinstance(activation, Elementwise):
        return f"f(z)_i = {activation.latex}\n"
    return "".join(f"{name}(x) = {sp.latex(formula)}\n" for name, formula in formulas(activation).items())
