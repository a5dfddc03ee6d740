"""Whether an expression without x is exactly 0: balls say no, algebra says yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import sympy as sp

from nonlin.derivation.reference import enclose
from nonlin.vocabulary import WORDS, Word

BITS = 320

PLAIN: Mapping[str, Callable[..., Any]] = {
    "exp": sp.exp,
    "expm1": lambda u: sp.exp(u) - 1,
    "expm1_rest": lambda u: sp.exp(u) - 1 - u,
    "log": sp.log,
    "log1p": lambda u: sp.log(1 + u),
    "tanh": sp.tanh,
    "tanh_rest": lambda u: u - sp.tanh(u),
    "sech2": lambda u: sp.cosh(u) ** -2,
    "sigmoid": lambda u: 1 / (1 + sp.exp(-u)),
    "softplus": lambda u: sp.log(1 + sp.exp(u)),
    "erf": sp.erf,
    "normal_cdf": lambda u: (1 + sp.erf(u / sp.sqrt(2))) / 2,
    "normal_pdf": lambda u: sp.exp(-(u**2) / 2) / sp.sqrt(2 * sp.pi),
    "sin": sp.sin,
    "cos": sp.cos,
    "hypot": lambda u, v: sp.sqrt(u**2 + v**2),
    "abs": sp.Abs,
    "sign": sp.sign,
}
"""Each word but `where` as SymPy, which knows identities, spells it."""


def as_sympy(expression: Any, words: Sequence[type[Word]] | None = None) -> Any:
    """Return an expression with our words, or some of them, as SymPy's functions."""
    for word in words or [WORDS[name] for name in PLAIN]:
        expression = expression.replace(word, PLAIN[word.__name__])
    return expression


def from_sympy(expression: Any) -> Any:
    """Return an expression with SymPy's sines and cosines as our words."""
    return expression.replace(sp.sin, WORDS["sin"]).replace(sp.cos, WORDS["cos"])


@cache
def vanishes(expression: Any) -> bool | None:
    """Tell whether a number is 0: False is proved by a ball, True by algebra; None if neither says."""
    expression = sp.sympify(expression)
    if expression == 0:
        return True
    ball = enclose(expression, {}, BITS)
    if ball.is_finite() and not ball.contains(0):
        return False
    if ball.is_zero():
        return True
    return True if is_identity(expression) else None


@cache
def is_identity(expression: Any) -> bool:
    """Tell whether SymPy shows an expression to be 0 for every x."""
    plain = as_sympy(expression)
    return bool(plain == 0 or sp.expand(plain) == 0 or sp.simplify(plain) == 0)
