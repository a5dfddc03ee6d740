"""A definition taken apart for proofs: its pieces, their sign charts, what meets at the joints, both tails."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar

from flint import ctx

from nonlin.derivation.reference import enclose
from nonlin.facts.exactly import vanishes
from nonlin.facts.far import tail
from nonlin.facts.intervals import BITS, Smooth
from nonlin.facts.pieces import NotProved, Pieces, pieces
from nonlin.facts.signs import STARTS, Signs, signs
from nonlin.facts.tails import Tail
from nonlin.vocabulary import Definition, x

T = TypeVar("T")
PRECISIONS = (BITS, 4 * BITS)  # what cancels to less than the first may be decided by the second


def at_full_precision(function: Callable[..., T]) -> Callable[..., T]:
    """Return a function that runs at the precision of the proofs."""

    @wraps(function)
    def run(*given: Any, **named: Any) -> T:
        with ctx.workprec(BITS):
            return function(*given, **named)

    return run


class Analysis:
    """What proofs are made of, each part found when first asked for.

    Parameters
    ----------
    definition : Definition
        Taken at its default parameters.
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._signs: dict[int, tuple[Signs, ...] | NotProved] = {}
        self._tails: dict[tuple[int, int, float], Tail] = {}

    @cached_property
    def whole(self) -> Pieces:
        """The pieces and the joints between them."""
        return pieces(self.definition)

    @cached_property
    def smooth(self) -> tuple[Smooth, ...]:
        """Each piece with its derivatives."""
        return tuple(Smooth(p.formula) for p in self.whole.pieces)

    def signs(self, order: int) -> tuple[Signs, ...]:
        """Return the sign chart of a derivative on each piece."""
        if order not in self._signs:
            self._signs[order] = self._charted(order)
        found = self._signs[order]
        if isinstance(found, NotProved):
            raise found
        return found

    def _charted(self, order: int) -> tuple[Signs, ...] | NotProved:
        reason = NotProved("")
        for bits in PRECISIONS:
            with ctx.workprec(bits):
                try:
                    parts = zip(self.smooth, self.whole.pieces, strict=True)
                    return tuple(signs(s.derived(order), p.low, p.high) for s, p in parts)
                except NotProved as why:
                    reason = why
        return reason

    def tail(self, side: int, order: int = 0, least: float = 0.0) -> Tail:
        """Return a derivative far out on one side, from a start that is at least so far and has an expansion."""
        key = (side, order, least)
        if key not in self._tails:
            self._tails[key] = self._tail(*key)
        return self._tails[key]

    def _tail(self, side: int, order: int, least: float) -> Tail:
        end = self.whole.pieces[-1 if side > 0 else 0]
        inner = end.low if side > 0 else end.high
        smooth, reason = self.smooth[-1 if side > 0 else 0], NotProved("a tail begins too far out")
        for start in STARTS:
            if start < least or (inner is not None and start <= abs(float(inner))):
                continue
            try:
                return tail(smooth.formula(order), side, start)
            except NotProved as why:
                reason = why
        raise reason

    def limit(self, side: int, order: int = 0) -> Any:
        """Return the limit of a derivative at an infinity, exactly."""
        return self.tail(side, order).limit()

    def beside(self, joint: int, side: int, order: int = 0) -> Any:
        """Return the one-sided limit of a derivative at a joint, as an expression."""
        place, smooth = self.whole.joints[joint][0], self.smooth[joint + (side > 0)]
        return smooth.formula(order).xreplace({x: place})

    def meets(self, joint: int, order: int = 0) -> bool:
        """Tell whether a derivative is the same on both sides of a joint, and for order 0 at it."""
        sides = [self.beside(joint, side, order) for side in (-1, 1)]
        centre = self.whole.joints[joint][1] if order == 0 else sides[0]
        return all(same(centre, s) for s in sides)


def same(a: Any, b: Any) -> bool:
    """Tell whether two numbers are equal, proved either way."""
    told = vanishes(a - b)
    if told is None:
        raise NotProved(f"whether {a} is {b} is not decided")
    return told


def number(expression: Any) -> Any:
    """Return a ball that holds an expression without x; a ball as it is."""
    ball = enclose(expression, {}, BITS) if hasattr(expression, "free_symbols") else expression
    if not ball.is_finite():
        raise NotProved(f"{expression} is no number")
    return ball


@lru_cache(256)
def analysis(definition: Definition) -> Analysis:
    """Return the one analysis of a definition."""
    return Analysis(definition)
