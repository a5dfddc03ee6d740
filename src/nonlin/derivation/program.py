"""A Program: formulas as straight-line steps over the words, each shared part once; what every target reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import sympy as sp

from nonlin.derivation.steps import Number, Operand, Program, Step, run
from nonlin.errors import InvalidDefinition
from nonlin.vocabulary import WORDS, Parameter, Word

__all__ = ["OPERATIONS", "Number", "Operand", "Program", "Step", "program", "run"]

ARITHMETIC = ("add", "sub", "mul", "div", "neg", "sqrt", "pow")
COMPARISONS = {sp.Gt: "gt", sp.Ge: "ge", sp.Lt: "lt", sp.Le: "le", sp.Eq: "eq", sp.Ne: "ne"}
LOGIC = {sp.And: "and", sp.Or: "or", sp.Not: "not"}
OPERATIONS = (*ARITHMETIC, *COMPARISONS.values(), *LOGIC.values(), *WORDS)
"""All that a step can be; each target language spells every one."""


def program(
    formulas: Sequence[Any],
    inputs: Sequence[str] = ("x",),
    parameters: Sequence[Parameter] = (),
    narrow: bool = False,
) -> Program:
    """Return the steps that compute the formulas together.

    With `narrow`, for lanes no wider than the result, a number multiplies a parameter before an input: (2 a) x
    overflows where the truth does, a (2 x) before it.

    Raises
    ------
    InvalidDefinition
        If a formula uses a function that is no word of the vocabulary.
    """
    writer = _Writer(narrow)
    outputs = tuple(writer.operand(sp.sympify(f)) for f in formulas)
    return Program(tuple(inputs), tuple(p.name for p in parameters), tuple(writer.steps), outputs)


class _Writer:
    """Writes steps for expressions; equal expressions, and equal steps, are written once."""

    def __init__(self, narrow: bool) -> None:
        self.narrow = narrow
        self.steps: list[Step] = []
        self._operands: dict[Any, Operand] = {}
        self._names: dict[tuple[str, tuple[Operand, ...]], str] = {}

    def operand(self, expression: Any) -> Operand:
        if expression not in self._operands:
            self._operands[expression] = self._write(expression)
        return self._operands[expression]

    def step(self, operation: str, *operands: Operand) -> str:
        key = (operation, operands)
        if key not in self._names:
            name = f"v{len(self.steps)}"
            self.steps.append(Step(name, operation, operands))
            self._names[key] = name
        return self._names[key]

    def _write(self, e: Any) -> Operand:
        if isinstance(e, sp.Symbol):
            return str(e.name)
        if e.is_number and not e.has(Word):
            return _number(e)
        if e.is_Add:
            return self._sum(e)
        if e.is_Mul:
            return self._product(e)
        if e.is_Pow:
            return self._power(e.base, e.exp)
        if type(e).__name__ == "NearRoot":
            return self._near_root(*e.args)
        if isinstance(e, Word):
            return self.step(type(e).__name__, *map(self.operand, e.args))
        return self._condition(e)

    def _near_root(
        self, otherwise: Any, u: Any, defaults: Any, root: Any, width: Any, *coefficients: Any
    ) -> Operand:
        """Take the root away in two steps, its digits to 53 bits and the next 53, so that no digit is lost."""
        high = float(root)
        low = float(root - sp.Rational(high))
        distance = self.step("sub", self.step("sub", self.operand(u), high), low)
        factor: Operand = float(coefficients[-1])
        for c in reversed(coefficients[:-1]):
            factor = self.step("add", self.step("mul", factor, distance), float(c))
        near: Operand = self.step("lt", self.step("abs", distance), float(width))
        if defaults is not sp.true:
            near = self.step("and", self.operand(defaults), near)
        return self.step("where", near, self.step("mul", distance, factor), self.operand(otherwise))

    def _condition(self, e: Any) -> Operand:
        for kind, operation in (COMPARISONS | LOGIC).items():
            if isinstance(e, kind):
                first, *rest = map(self.operand, e.args)
                return self._chain(operation, first, rest)
        raise InvalidDefinition(
            f"{type(e).__name__}, in {str(e)[:60]}, is no word of nonlin; the words are {', '.join(WORDS)}"
        )

    def _chain(self, operation: str, first: Operand, rest: Sequence[Operand]) -> str:
        if not rest:
            return self.step(operation, first)
        for operand in rest:
            first = self.step(operation, first, operand)
        return str(first)

    def _sum(self, e: Any) -> Operand:
        first, *rest = sp.Add.make_args(e)
        total = self.operand(first)
        for term in rest:
            negative = term.could_extract_minus_sign()
            operand = self.operand(-term if negative else term)
            total = self.step("sub" if negative else "add", total, operand)
        return total

    def _product(self, e: Any) -> Operand:
        number = sp.Integer(1)
        above: list[Any] = []
        below: list[Any] = []
        for factor in sp.Mul.make_args(e):
            if factor.is_number and not factor.has(Word):
                number *= factor
            elif factor.is_Pow and factor.exp.could_extract_minus_sign():
                below.append(1 / factor)
            else:
                above.append(factor)
        if self.narrow and abs(number) != 1:
            above.sort(key=lambda f: not isinstance(f, Parameter))
        factors = [self.operand(f) for f in above]
        # The sign goes last: sigmoid(-u) then shares its exponential with sigmoid(u).
        size = abs(number)
        product: Operand = _number(size) if size != 1 or not factors else factors.pop(0)
        for operand in factors:
            product = self.step("mul", operand, product)
        for divisor in below:
            product = self._divided(product, divisor)
        return self.step("neg", product) if number.is_negative else product

    def _divided(self, product: Operand, divisor: Any) -> Operand:
        """Divide by u^n as a multiplication by (1/u)^n: u^n may overflow where the quotient does not."""
        if divisor.is_Pow and divisor.exp.is_Integer:
            part = self._whole_power(self.step("div", 1.0, self.operand(divisor.base)), int(divisor.exp))
            return part if product == 1.0 else self.step("mul", product, part)
        return self.step("div", product, self.operand(divisor))

    def _power(self, base: Any, exponent: Any) -> Operand:
        if exponent.could_extract_minus_sign():
            return self._divided(1.0, base**-exponent)
        if exponent.is_Integer:
            return self._whole_power(self.operand(base), int(exponent))
        if (2 * exponent).is_Integer:
            return self._whole_power(self.step("sqrt", self.operand(base)), int(2 * exponent))
        return self.step("pow", self.operand(base), self.operand(exponent))

    def _whole_power(self, base: Operand, exponent: int) -> Operand:
        if exponent == 1:
            return base
        half = self._whole_power(base, exponent // 2)
        square = self.step("mul", half, half)
        return self.step("mul", square, base) if exponent % 2 else square


def _number(exact: Any) -> Number:
    """Return the number that a constant expression means."""
    number = float(sp.N(exact, 30))
    return Number.of(number, float(sp.N(exact - sp.Rational(number), 20)) if math.isfinite(number) else 0.0)
