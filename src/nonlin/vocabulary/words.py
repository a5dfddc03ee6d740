"""The words that definitions are written in: a small closed set, each with a derivative that loses no digits.

A word is a SymPy function that never rewrites itself: what a definition says is what is computed.
Each later stage spells every word once (machine code, ball arithmetic, PyTorch, LaTeX, ...).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

x = sp.Symbol("x", real=True)
"""The input of an elementwise activation, the value that a gated one lets through."""


class Input(sp.Symbol):
    """An input with a name of several letters."""

    def _latex(self, printer: Any) -> str:
        return rf"\mathrm{{{self.name}}}"


gate = Input("gate", real=True)
"""The input that opens or closes a gated activation."""

pi = sp.pi
inf = sp.oo


class Word(sp.Function):
    """One word of the vocabulary, applied to an expression."""

    nargs = 1
    is_real: Any = True
    latex_template = r"\operatorname{{{name}}}\left({0}\right)"

    def __new__(cls, *args: Any, **options: Any) -> Any:
        """Apply the word to an expression; arrays are refused, since words only write formulas."""
        for argument in args:
            if hasattr(argument, "__array__") and not isinstance(argument, sp.Basic):
                raise TypeError(
                    f"{cls.__name__} is a word for writing definitions, and was given an array "
                    f"({type(argument).__name__}); for arrays use an activation or numpy.{cls.__name__}"
                )
        return super().__new__(cls, *args, **options)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = self.latex_template.format(
            *(printer._print(a) for a in self.args), name=type(self).__name__.replace("_", r"\_")
        )
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


class exp(Word):
    """e to the power of u."""

    latex_template = r"e^{{{0}}}"

    def fdiff(self, argindex: int = 1) -> Any:
        return exp(self.args[0])


class expm1(Word):
    """exp(u) - 1, with all digits near u = 0."""

    latex_template = r"\left(e^{{{0}}} - 1\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return exp(self.args[0])


class expm1_rest(Word):
    """exp(u) - 1 - u, with all digits near u = 0."""

    latex_template = r"\left(e^{{{0}}} - 1 - {0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return expm1(self.args[0])


class log(Word):
    """The natural logarithm of u."""

    latex_template = r"\log\left({0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / self.args[0]


class log1p(Word):
    """log(1 + u), with all digits near u = 0."""

    latex_template = r"\log\left(1 + {0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (1 + self.args[0])


class tanh(Word):
    """The hyperbolic tangent of u; its slope is sech2(u), never 1 - tanh(u)^2, which cancels."""

    latex_template = r"\tanh\left({0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return sech2(self.args[0])


class tanh_rest(Word):
    """u - tanh(u), with all digits near u = 0."""

    latex_template = r"\left({0} - \tanh\left({0}\right)\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return tanh(self.args[0]) ** 2


class sech2(Word):
    """1 / cosh(u)^2."""

    latex_template = r"\operatorname{{sech}}^2\left({0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return -2 * tanh(self.args[0]) * sech2(self.args[0])


class sigmoid(Word):
    """1 / (1 + exp(-u)); its slope is sigmoid(u) sigmoid(-u), never s (1 - s), which cancels."""

    latex_template = r"\sigma\left({0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return sigmoid(self.args[0]) * sigmoid(-self.args[0])


class softplus(Word):
    """log(1 + exp(u))."""

    def fdiff(self, argindex: int = 1) -> Any:
        return sigmoid(self.args[0])


class erf(Word):
    """The error function of u."""

    def fdiff(self, argindex: int = 1) -> Any:
        return 2 * exp(-(self.args[0] ** 2)) / sp.sqrt(sp.pi)


class normal_cdf(Word):
    """The probability that a standard normal variable is below u."""

    latex_template = r"\Phi\left({0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return normal_pdf(self.args[0])


class normal_pdf(Word):
    """The density of a standard normal variable at u."""

    latex_template = r"\varphi\left({0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return -self.args[0] * normal_pdf(self.args[0])


class sin(Word):
    """The sine of u, in radians."""

    latex_template = r"\sin\left({0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return cos(self.args[0])


class cos(Word):
    """The cosine of u, in radians."""

    latex_template = r"\cos\left({0}\right)"

    def fdiff(self, argindex: int = 1) -> Any:
        return -sin(self.args[0])


class hypot(Word):
    """The square root of u^2 + v^2, which overflows only where it is too large itself."""

    nargs = 2
    latex_template = r"\sqrt{{\left({0}\right)^2 + \left({1}\right)^2}}"

    def fdiff(self, argindex: int = 1) -> Any:
        return self.args[argindex - 1] / self


class abs(Word):
    """The magnitude of u; its slope at 0 is 0."""

    latex_template = r"\left|{0}\right|"

    def fdiff(self, argindex: int = 1) -> Any:
        return sign(self.args[0])


class sign(Word):
    """-1, 0 or 1, by the sign of u."""

    def fdiff(self, argindex: int = 1) -> Any:
        return sp.Integer(0)


class where(Word):
    """`where(condition, a, b)`: a where the condition holds, else b.

    The branch that the condition picks at a kink also states the slope there: `where(x > 0, x, 0)` has
    slope 0 at 0, `where(x >= 0, x, 0)` has slope 1.
    """

    nargs = 3

    @classmethod
    def eval(cls, condition: Any, a: Any, b: Any) -> Any:
        if condition in (sp.true, True):
            return a
        if condition in (sp.false, False) or a == b:
            return b
        return None

    def _eval_derivative(self, symbol: Any) -> Any:
        condition, a, b = self.args
        return where(condition, a.diff(symbol), b.diff(symbol))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        rows, rest = [], self
        while type(rest) is where:
            condition, value, rest = rest.args
            rows.append(rf"{printer._print(value)} & {printer._print(condition)}")
        rows.append(rf"{printer._print(rest)} & \text{{otherwise}}")
        text = r"\begin{cases}" + r" \\ ".join(rows) + r"\end{cases}"
        return text if exp is None else rf"\left({text}\right)^{{{exp}}}"


def sqrt(u: Any) -> Any:
    """Return the square root of u."""
    return sp.sqrt(u)


def max(a: Any, b: Any) -> Any:
    """Return the larger of a and b; where they meet, the slope is that of b."""
    return where(sp.Gt(a, b), a, b)


def min(a: Any, b: Any) -> Any:
    """Return the smaller of a and b; where they meet, the slope is that of b."""
    return where(sp.Lt(a, b), a, b)


def equal(a: Any, b: Any) -> Any:
    """Return the condition that a and b are the same number."""
    return sp.Eq(a, b)


def number(text: str) -> Any:
    """Return the number exactly as written: `number("1.0507009873554804934193349852946")`."""
    return sp.Rational(text)


WORDS: dict[str, type[Word]] = {
    word.__name__: word
    for word in (
        exp, expm1, expm1_rest, log, log1p, tanh, tanh_rest, sech2, sigmoid, softplus, erf,
        normal_cdf, normal_pdf, sin, cos, hypot, abs, sign, where,
    )
}  # fmt: skip
"""Every word by its name; each target language spells all of them."""
