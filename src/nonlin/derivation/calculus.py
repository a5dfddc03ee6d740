"""Derivatives of a formula, word by word, with the slope at each kink as the definition states it."""

from __future__ import annotations

from functools import cache
from typing import Any

import sympy as sp

from nonlin.derivation.reference import enclose
from nonlin.derivation.rewriting import of_slopes_of_hypots
from nonlin.vocabulary import Definition, KinkRule, as_written, kinks, where, x
from nonlin.vocabulary import abs as absolute
from nonlin.vocabulary import sign as signum


@cache
def derivative(definition: Definition, order: int = 1) -> Any:
    """Return the derivative of that order with respect to the input, by the definition's kink rule."""
    expression = definition.formula
    for _ in range(order):
        expression = tidy(expression.diff(x))
    return expression if order == 0 else _by_kink_rule(expression, definition, order)


@cache
def parameter_derivative(definition: Definition, *names: str, order: int = 0) -> Any:
    """Return the derivative by the parameters of these names, one after the other, of one by the input."""
    expression = derivative(definition, order)
    for name in names:
        parameter = next(p for p in definition.parameters if p.name == name)
        expression = tidy(expression.diff(parameter))
    return expression


def tidy(expression: Any) -> Any:
    """Return a rational expression in x and |x| as one factored fraction.

    The quotient rule leaves 1 / (1 + |x|) - x sign(x) / (1 + |x|)^2, whose terms cancel for large x; the
    factored 1 / (1 + |x|)^2 does not. So does the slope of u / hypot(u, v).
    """
    expression = of_slopes_of_hypots(expression)
    if not expression.has(absolute, signum):
        return expression
    magnitude, side = sp.Symbol("magnitude", positive=True), sp.Symbol("side", real=True)
    polar = expression.xreplace({absolute(x): magnitude, signum(x): side}).xreplace({x: side * magnitude})
    if polar.has(absolute, signum) or not polar.is_rational_function(magnitude, side):
        return expression
    factored = sp.factor(sp.expand(sp.together(polar).subs(side**2, 1)).subs(side**2, 1))
    return as_written(factored.xreplace({side: signum(x), magnitude: absolute(x)}))


def _by_kink_rule(expression: Any, definition: Definition, order: int) -> Any:
    """Put the rule's choice at each place where the sides differ; a number is a slope, so of order 1 only."""
    if definition.kink_rule == "stated" or (order > 1 and not isinstance(definition.kink_rule, str)):
        return expression
    for place in kinks(definition.formula):
        left, right = (beside(expression, definition, place, side) for side in (-1, 1))
        if _meet(left, right):
            continue
        expression = where(sp.Eq(x, place), _slope_at_kink(definition.kink_rule, left, right), expression)
    return expression


def _meet(left: Any, right: Any) -> bool:
    """Tell whether two sides are one, whatever the parameters."""
    difference = left - right
    return not difference.free_symbols and bool(enclose(difference, {}).contains(0))


def _slope_at_kink(rule: KinkRule, left: Any, right: Any) -> Any:
    match rule:
        case "left":
            return left
        case "right":
            return right
        case "middle":
            return (left + right) / 2
        case "steeper":
            return _steeper(left, right)
        case _:
            return sp.Rational(repr(float(rule)))


def _steeper(left: Any, right: Any) -> Any:
    if left.free_symbols | right.free_symbols:
        return where(absolute(left) > absolute(right), left, right)
    return left if bool(abs(enclose(left, {})) > abs(enclose(right, {}))) else right


def beside(expression: Any, definition: Definition, place: Any, side: int) -> Any:
    """Return the limit of a piecewise expression at `place` from one side."""
    defaults = {p: p.exact for p in definition.parameters}
    near = place.xreplace(defaults) + side * sp.Rational(1, 10**6)

    def branch(condition: Any, a: Any, b: Any) -> Any:
        return a if condition.xreplace(defaults).subs(x, near) == sp.true else b

    def sign_beside(argument: Any) -> Any:
        return sp.sign(argument.xreplace(defaults).subs(x, near))

    return expression.replace(where, branch).replace(signum, sign_beside).subs(x, place)
