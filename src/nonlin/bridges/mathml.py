"""An activation in MathML: value and slope, each an element that a browser shows."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from typing import Any
from xml.dom.minidom import Document

import sympy as sp
from sympy.printing.mathml import MathMLPresentationPrinter
from sympy.printing.precedence import PRECEDENCE

from nonlin.bridges.formulas import formulas
from nonlin.bridges.latex import latex
from nonlin.bridges.mathml_of_latex import mathml_of
from nonlin.vocabulary import exp, where
from nonlin.workbench import Activation, Elementwise, Gated

SYMBOLS = {"sigmoid": "σ", "normal_cdf": "Φ", "normal_pdf": "φ"}


def mathml(activation: Activation) -> str:
    r"""Return f(x) = ... and f'(x) = ... as `math` elements; of a gated one f and both slopes.

    Of what mixes a row or draws noise it is the formula of one element, which is written by hand, in LaTeX.

    Raises
    ------
    InvalidInput
        If somebody's own row has a formula in LaTeX that is not read here.

    Examples
    --------
    >>> import nonlin as nl
    >>> print(mathml(nl.identity).partition("\n")[0])
    <math display="block"><mrow><mi>f</mi><mo>(</mo><mi>x</mi><mo>)</mo><mo>=</mo><mi>x</mi></mrow></math>
    """
    if not isinstance(activation, Elementwise | Gated):
        return f'<math display="block">{mathml_of(latex(activation).strip())}</math>\n'
    inputs = ["x", "gate"] if isinstance(activation, Gated) else ["x"]
    return "".join(
        f'<math display="block"><mrow>{_left(name, inputs)}<mo>=</mo>{Printer().doprint(formula)}</mrow></math>\n'
        for name, formula in formulas(activation).items()
    )


def _left(name: str, inputs: Sequence[str]) -> str:
    if name in inputs:
        left = f"<mfrac><mrow><mo>∂</mo><mi>f</mi></mrow><mrow><mo>∂</mo><mi>{name}</mi></mrow></mfrac>"
    else:
        f = "<mi>f</mi>" if name == "f" else "<msup><mi>f</mi><mo>′</mo></msup>"
        left = f"{f}<mo>(</mo>{'<mo>,</mo>'.join(f'<mi>{i}</mi>' for i in inputs)}<mo>)</mo>"
    return left.encode("ascii", "xmlcharrefreplace").decode()


class Printer(MathMLPresentationPrinter):  # type: ignore[misc]  # SymPy is untyped
    """SymPy's printer, with our words; a new word prints as its name unless it is added here."""

    def __init__(self) -> None:
        super().__init__({"disable_split_super_sub": True, "mul_symbol": "dot"})
        # SymPy's text is raw, with names for signs that only HTML knows, and a bare <.
        self.dom.createTextNode = lambda text: Document().createTextNode(unescape(text))

    def parenthesize(self, item: Any, level: int, strict: bool = False) -> Any:
        """Put parentheses around a power of e that is raised, too."""
        if isinstance(item, exp) and level >= PRECEDENCE["Pow"]:
            return self._row(*self._in_parentheses(self._print(item)))
        return super().parenthesize(item, level, strict)

    def _print_Function(self, e: Any) -> Any:  # noqa: N802  # as SymPy calls it
        name = type(e).__name__
        return self._row(
            self._leaf("mi", SYMBOLS.get(name, name)), *self._in_parentheses(self._print(e.args[0]))
        )

    def _print_exp(self, e: Any) -> Any:
        return self._element("msup", self._leaf("mi", "e"), self._print(e.args[0]))

    def _print_abs(self, e: Any) -> Any:
        return self._row(self._leaf("mo", "|"), self._print(e.args[0]), self._leaf("mo", "|"))

    def _print_sech2(self, e: Any) -> Any:
        power = self._element("msup", self._leaf("mi", "sech"), self._leaf("mn", "2"))
        return self._row(power, *self._in_parentheses(self._print(e.args[0])))

    def _print_expm1(self, e: Any) -> Any:
        inside = (self._print(exp(e.args[0])), self._leaf("mo", "-"), self._leaf("mn", "1"))
        return self._row(*self._in_parentheses(*inside))

    def _print_expm1_rest(self, e: Any) -> Any:
        u = e.args[0]
        return self._row(
            *self._in_parentheses(
                self._print(exp(u)),
                self._leaf("mo", "-"),
                self._leaf("mn", "1"),
                self._leaf("mo", "-"),
                self._print(u),
            )
        )

    def _print_tanh_rest(self, e: Any) -> Any:
        u = e.args[0]
        inside = (
            self._print(u),
            self._leaf("mo", "-"),
            self._leaf("mi", "tanh"),
            *self._in_parentheses(self._print(u)),
        )
        return self._row(*self._in_parentheses(*inside))

    def _print_hypot(self, e: Any) -> Any:
        u, v = e.args
        return self._print(sp.sqrt(sp.Add(u**2, v**2, evaluate=False)))

    def _print_log1p(self, e: Any) -> Any:
        inside = (self._leaf("mn", "1"), self._leaf("mo", "+"), self._print(e.args[0]))
        return self._row(self._leaf("mi", "log"), *self._in_parentheses(*inside))

    def _print_where(self, e: Any) -> Any:
        rows, rest = [], e
        while isinstance(rest, where):
            condition, value, rest = rest.args
            rows.append(
                self._case(value, self._leaf("mtext", "if\N{NO-BREAK SPACE}"), self._print(condition))
            )
        rows.append(self._case(rest, self._leaf("mtext", "otherwise")))
        cases = (self._leaf("mo", "{"), self._element("mtable", *rows))
        return self._row(*(cases if self._print_level == 1 else self._in_parentheses(*cases)))

    def _case(self, value: Any, *when: Any) -> Any:
        cells = [self._element("mtd", self._print(value)), self._element("mtd", self._row(*when))]
        return self._element("mtr", *cells)

    def _row(self, *children: Any) -> Any:
        return self._element("mrow", *children)

    def _in_parentheses(self, *children: Any) -> tuple[Any, ...]:
        return self._leaf("mo", "("), *children, self._leaf("mo", ")")

    def _element(self, kind: str, *children: Any) -> Any:
        made = self.dom.createElement(kind)
        for child in children:
            made.appendChild(child)
        return made

    def _leaf(self, kind: str, text: str) -> Any:
        return self._element(kind, self.dom.createTextNode(text))
