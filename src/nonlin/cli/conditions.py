"""Conditions on facts, as a person types them: "monotone and bounded", "gain > 1.5 and not odd"; nothing is evaluated.

The text is read into Python's syntax tree, of which a few nodes have a meaning here: and, or, not, parentheses,
comparisons, numbers, and the words below. Any other node is refused by its name.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from nonlin.errors import InvalidInput, did_you_mean
from nonlin.facts.facts import Facts

LONGEST = 400  # letters; a longer text could nest deeper than the parser's stack


@dataclass(frozen=True)
class Word:
    """A word for conditions: what it says of facts, and which of them it reads."""

    meaning: str
    reads: tuple[str, ...]
    of: Callable[[Facts], bool | float]


def _centred(facts: Facts) -> bool:
    return abs(facts.mean) < 1e-12


def _keeps_its_moments(facts: Facts) -> bool:
    """Tell whether mean 0 and variance 1 are kept by the function as it is, and returned to."""
    kept = facts.self_normalising
    as_it_is = kept is not None and math.isclose(kept.scale, 1, rel_tol=1e-6) and abs(kept.shift) < 1e-6
    return as_it_is and kept is not None and kept.fate == "attracting"


STATEMENTS: Mapping[str, Word] = {
    "monotone": Word("never rises, or never falls", ("monotone",), lambda f: f.monotone is not None),
    "increasing": Word("never falls", ("monotone",), lambda f: f.monotone == "increasing"),
    "decreasing": Word("never rises", ("monotone",), lambda f: f.monotone == "decreasing"),
    "bounded": Word("its range is finite", ("range",), lambda f: math.isfinite(f.range.high - f.range.low)),
    "bounded_above": Word("has a greatest bound", ("range",), lambda f: f.range.high < math.inf),
    "bounded_below": Word("has a least bound", ("range",), lambda f: f.range.low > -math.inf),
    "odd": Word("f(-x) = -f(x)", ("parity",), lambda f: f.parity == "odd"),
    "even": Word("f(-x) = f(x)", ("parity",), lambda f: f.parity == "even"),
    "smooth": Word("all derivatives are continuous", ("smoothness",), lambda f: f.smoothness == math.inf),
    "continuous": Word("does not jump", ("smoothness",), lambda f: f.smoothness >= 0),
    "convex": Word("bends upwards everywhere", ("curvature",), lambda f: f.curvature.whole in ("convex", "linear")),
    "concave": Word("bends downwards everywhere", ("curvature",), lambda f: f.curvature.whole in ("concave", "linear")),
    "periodic": Word("repeats for ever", ("period",), lambda f: f.period is not None),
    "kinked": Word("its formula switches somewhere", ("kinks",), lambda f: bool(f.kinks)),
    "saturating": Word("its slope gets under 1 % of its maximum at an end", ("saturation",),
                       lambda f: any(side is not None for side in f.saturation)),
    "zero_centred": Word("E f(z) = 0 for standard normal z", ("mean",), _centred),
    "has_zero_slope": Word("its slope is exactly 0 on a stretch", ("zero_slope_mass",),
                           lambda f: f.zero_slope_mass > 0),
    "self_normalising": Word("keeps mean 0 and variance 1, and returns to them", ("self_normalising",),
                             _keeps_its_moments),
}  # fmt: skip
"""Words that are true or false."""

NUMBERS: Mapping[str, Word] = {
    "lipschitz": Word("the largest |f'|", ("lipschitz",), lambda f: f.lipschitz),
    "gain": Word("1 / sqrt(E f(z)^2)", ("gain",), lambda f: f.gain),
    "backward_gain": Word("1 / sqrt(E f'(z)^2)", ("backward_gain",), lambda f: f.backward_gain),
    "chi": Word("the squared gradient's growth per layer under the gain", ("chi",), lambda f: f.chi),
    "mean": Word("E f(z)", ("mean",), lambda f: f.mean),
    "second_moment": Word("E f(z)^2", ("second_moment",), lambda f: f.second_moment),
    "zero_slope_mass": Word("the chance that f'(z) is 0", ("zero_slope_mass",), lambda f: f.zero_slope_mass),
    "smoothness": Word("how many derivatives are continuous", ("smoothness",), lambda f: f.smoothness),
    "low": Word("the range's lower end", ("range",), lambda f: f.range.low),
    "high": Word("the range's upper end", ("range",), lambda f: f.range.high),
}  # fmt: skip
"""Words that are numbers, to be compared."""

OTHERWISE = {
    "zero_centered": "zero_centred",
    "self_normalizing": "self_normalising",
    "saturates": "saturating",
}
"""Other spellings."""

SIGNS: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip

Truth: TypeAlias = Callable[[Facts], bool]
Number: TypeAlias = Callable[[Facts], float]


@dataclass(frozen=True)
class Condition:
    """A condition that was read.

    Attributes
    ----------
    text : str
    words : tuple of str
        Those it uses, in alphabetical order.
    holds : callable
        `holds(facts)` tells whether it is so.
    """

    text: str
    words: tuple[str, ...]
    holds: Truth

    def told(self, facts: Facts) -> dict[str, bool | float]:
        """Return what each of its words says of these facts."""
        return {word: _word(word).of(facts) for word in self.words}

    def proved(self, facts: Facts) -> bool:
        """Tell whether every fact that it reads is proved."""
        return all(facts[name].how == "proved" for word in self.words for name in _word(word).reads)


def condition(text: str) -> Condition:
    """Return the condition that a text states.

    Raises
    ------
    InvalidInput
        If it cannot be read, uses a word that is none (the message lists all), or compares what is no number.

    Examples
    --------
    >>> import nonlin as nl
    >>> asked = condition("bounded_below and not monotone and 1 < gain < 2")
    >>> asked.holds(nl.gelu.facts), asked.holds(nl.relu.facts)
    (True, False)
    """
    try:
        tree = ast.parse(text.strip()[: LONGEST + 1], mode="eval").body
        if len(text) > LONGEST:
            raise InvalidInput(f"the condition has {len(text)} letters; {LONGEST} are the most")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as wrong:
        raise InvalidInput(
            f"{_cut(text)!r} cannot be read as a condition ({getattr(wrong, 'msg', wrong)}); write, for example, "
            "'monotone and (bounded or gain > 1.5)'"
        ) from None
    names = {OTHERWISE.get(n.id, n.id) for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id != "inf"}
    return Condition(text, tuple(sorted(names)), _truth(tree))


def _truth(node: ast.expr) -> Truth:
    """Return what a node says that is true or false."""
    if isinstance(node, ast.BoolOp):
        parts = [_truth(value) for value in node.values]
        joined = all if isinstance(node.op, ast.And) else any
        return lambda facts: joined(part(facts) for part in parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _truth(node.operand)
        return lambda facts: not inner(facts)
    if isinstance(node, ast.Compare):
        return _comparison(node)
    if isinstance(node, ast.Name):
        name = _known(node)
        if name in NUMBERS:
            raise InvalidInput(f"{name!r} is a number ({NUMBERS[name].meaning}); compare it: {name} > 1")
        return lambda facts: bool(STATEMENTS[name].of(facts))
    raise InvalidInput(
        f"{_cut(ast.unparse(node))!r} is no condition; use and, or, not, comparisons and words: {_all()}"
    )


def _comparison(node: ast.Compare) -> Truth:
    sides = [_number(side) for side in (node.left, *node.comparators)]
    signs = [_sign(sign) for sign in node.ops]

    def holds(facts: Facts) -> bool:
        values = [side(facts) for side in sides]
        return all(sign(a, b) for sign, a, b in zip(signs, values, values[1:], strict=False))

    return holds


def _sign(sign: ast.cmpop) -> Callable[[Any, Any], bool]:
    if type(sign) not in SIGNS:
        raise InvalidInput("a condition compares by <, <=, >, >=, == or !=")
    return SIGNS[type(sign)]


def _number(node: ast.expr) -> Number:
    """Return what a node says that is a number."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        positive = _number(node.operand)
        return lambda facts: -positive(facts)
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and type(node.value) is not bool
    ):
        number = float(node.value)
        return lambda facts: number
    if isinstance(node, ast.Name) and node.id == "inf":
        return lambda facts: math.inf
    if isinstance(node, ast.Name):
        name = _known(node)
        if name in STATEMENTS:
            raise InvalidInput(
                f"{name!r} is true or false and cannot be compared; write {name} or not {name}"
            )
        return lambda facts: float(NUMBERS[name].of(facts))
    raise InvalidInput(f"{_cut(ast.unparse(node))!r} is no number; compare a word with a number: gain > 1.5")


def _known(node: ast.Name) -> str:
    name = OTHERWISE.get(node.id, node.id)
    if name not in STATEMENTS and name not in NUMBERS:
        near = did_you_mean(name, [*STATEMENTS, *NUMBERS])
        raise InvalidInput(f"no fact is called {node.id!r}.{near} There are: {_all()}")
    return name


def _word(name: str) -> Word:
    return STATEMENTS[name] if name in STATEMENTS else NUMBERS[name]


def _all() -> str:
    return f"{', '.join(STATEMENTS)}; and to compare: {', '.join(NUMBERS)}"


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
