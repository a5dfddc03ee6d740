"""A formula becomes a function of one number in a chosen arithmetic: balls, fractions or long doubles.

Built once a formula, with its constants and shared parts computed once, so that a million inputs are
affordable; `reference.enclose` is the same for a single one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add, mul
from typing import Any

import sympy as sp

from nonlin.errors import InvalidDefinition
from nonlin.vocabulary import Word, x

Node = Callable[[Any, dict[Any, Any]], Any]
CONDITIONS = (sp.core.relational.Relational, sp.logic.boolalg.BooleanFunction, sp.logic.boolalg.BooleanAtom)


DECIDE: Mapping[str, Callable[..., Any]] = {
    "StrictGreaterThan": operator.gt,
    "GreaterThan": operator.ge,
    "StrictLessThan": operator.lt,
    "LessThan": operator.le,
    "Equality": operator.eq,
    "Unequality": operator.ne,
    "And": lambda a, b: a and b,
    "Or": lambda a, b: a or b,
    "Not": operator.not_,
}
"""Comparisons and logic of single numbers by SymPy's names."""


@dataclass(frozen=True)
class Arithmetic:
    """How constants, words, roots and choices are computed.

    Attributes
    ----------
    constant : callable
        `(expression, values, bits)` to a number of this arithmetic.
    words : mapping of str to callable
        All but `where`.
    root : callable
        The square root.
    choose : callable
        `(condition, a, b)`, where a and b are called only if needed.
    decide : mapping of str to callable
        Comparisons and logic by SymPy's names.
    """

    constant: Callable[[Any, Mapping[Any, float], int], Any]
    words: Mapping[str, Callable[..., Any]]
    root: Callable[[Any], Any]
    choose: Callable[[Any, Callable[[], Any], Callable[[], Any]], Any]
    decide: Mapping[str, Callable[..., Any]]


class NoSuchForm(InvalidDefinition):
    """The formula holds what this arithmetic cannot compute."""


def compiled(
    formula: Any, values: Mapping[Any, Any], arithmetic: Arithmetic, bits: int
) -> Callable[[Any], Any]:
    """Return the formula as a function of x.

    Parameters
    ----------
    formula : expression
    values : mapping of symbol to float
        The parameters, taken exactly.
    arithmetic : Arithmetic
    bits : int
        Precision of the constants.

    Raises
    ------
    NoSuchForm
        If a word has no form in the arithmetic.
    """
    node = _Builder(values, arithmetic, bits).node(sp.sympify(formula))
    return lambda at: node(at, {})


class _Builder:
    def __init__(self, values: Mapping[Any, Any], arithmetic: Arithmetic, bits: int) -> None:
        self.values, self.arithmetic, self.bits = dict(values), arithmetic, bits
        self._nodes: dict[Any, Node] = {}

    def node(self, e: Any) -> Node:
        if e not in self._nodes:
            self._nodes[e] = self._kept(e, self._node(e))
        return self._nodes[e]

    def _kept(self, e: Any, node: Node) -> Node:
        if not e.args or not e.has(x):
            return node

        def once(at: Any, known: dict[Any, Any]) -> Any:
            if node not in known:
                known[node] = node(at, known)
            return known[node]

        return once

    def _node(self, e: Any) -> Node:
        if e == x:
            return lambda at, known: at
        if not e.has(x) and not isinstance(e, CONDITIONS):
            number = self.arithmetic.constant(e, self.values, self.bits)
            return lambda at, known: number
        if e.is_Add:
            return self._folded(add, e.args)
        if e.is_Mul:
            return self._folded(mul, e.args)
        if e.is_Pow:
            return self._power(e)
        if isinstance(e, Word):
            return self._where(*e.args) if type(e).__name__ == "where" else self._word(e)
        return self._condition(e)

    def _folded(self, operation: Callable[[Any, Any], Any], args: Any) -> Node:
        nodes = [self.node(a) for a in args]
        return lambda at, known: reduce(operation, [n(at, known) for n in nodes])

    def _power(self, e: Any) -> Node:
        base, root = self.node(e.base), self.arithmetic.root
        if e.exp.is_Integer:
            exponent = int(e.exp)
            return lambda at, known: base(at, known) ** exponent
        if (2 * e.exp).is_Integer:
            exponent = int(2 * e.exp)
            return lambda at, known: root(base(at, known)) ** exponent
        power = self.node(e.exp)
        return lambda at, known: base(at, known) ** power(at, known)

    def _word(self, e: Any) -> Node:
        name = type(e).__name__
        if name not in self.arithmetic.words:
            raise NoSuchForm(f"{name} has no form in this arithmetic")
        word, nodes = self.arithmetic.words[name], [self.node(a) for a in e.args]
        return lambda at, known: word(*(n(at, known) for n in nodes))

    def _where(self, condition: Any, a: Any, b: Any) -> Node:
        test, first, second = self.node(condition), self.node(a), self.node(b)
        choose = self.arithmetic.choose

        def node(at: Any, known: dict[Any, Any]) -> Any:
            return choose(test(at, known), lambda: first(at, known), lambda: second(at, known))

        return node

    def _condition(self, e: Any) -> Node:
        if e in (sp.true, sp.false):
            return lambda at, known: bool(e)
        decide = self.arithmetic.decide.get(type(e).__name__)
        if decide is None:
            raise NoSuchForm(f"{type(e).__name__} has no form in this arithmetic")
        nodes = [self.node(a) for a in e.args]
        return lambda at, known: (
            reduce(decide, [n(at, known) for n in nodes]) if len(nodes) > 1 else decide(nodes[0](at, known))
        )
