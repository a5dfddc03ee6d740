"""The words that make one number of a row, as machine code finds them: lane by lane, joined at the end."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from nonlin.kernels.control import Body, Variable
from nonlin.kernels.lanes import DOUBLE, Lanes, Real, Truth, Whole, converted, sqrt, where

Results = tuple[Real, ...]


@dataclass(frozen=True)
class RowWord:
    """How a word is found, from partial results that stand side by side.

    Attributes
    ----------
    nothing : tuple of float
        The partial results of no elements.
    join : tuple of callable
        How two of each become one.
    answer : callable
        The word, from its partial results.
    exact : bool
        Whether it is one of the elements, and so needs no more digits than they have.
    terms : callable, optional
        What an element gives to each of the partial results, if not itself.
    """

    nothing: tuple[float, ...]
    join: tuple[Callable[[Real, Real], Real], ...]
    answer: Callable[..., Real]
    exact: bool
    terms: Callable[[Real], Results] | None = None

    def only(self, value: Real, there: Truth | None) -> Results:
        """Return the results of a vector, which counts only where there are elements."""
        results = self.terms(value) if self.terms else (value,) * len(self.nothing)
        if there is None:
            return results
        within = Truth(value.lanes, there.value)
        return tuple(where(within, r, nothing) for r, nothing in zip(results, self.nothing, strict=True))

    def joined(self, first: Sequence[Real], second: Sequence[Real]) -> Results:
        """Return the results of two sets of elements together."""
        return tuple(join(a, b) for join, a, b in zip(self.join, first, second, strict=True))

    def folded(self, results: Results, body: Body) -> Real:
        """Return the word of all lanes: halves are joined again and again."""
        count = results[0].lanes.count
        while count > 1:
            count //= 2
            results = self.joined(*([_part(r, start, count) for r in results] for start in (0, count)))
        return self.answer(*(converted(_first(r), body) for r in results))


def _part(value: Real, start: int, count: int) -> Real:
    """Return some of the lanes."""
    item = ir.IntType(32)
    which = ir.Constant(ir.VectorType(item, count), [ir.Constant(item, start + i) for i in range(count)])
    builder = value.lanes.builder
    return Real(
        Lanes(builder, value.lanes.item, count), builder.shuffle_vector(value.value, value.value, which)
    )


def _first(value: Real) -> Real:
    builder, zero = value.lanes.builder, ir.Constant(ir.IntType(32), 0)
    return Real(Lanes(builder, value.lanes.item, 0), builder.extract_element(value.value, zero))


class Found:
    """What was found so far of a word, in each lane."""

    def __init__(self, word: RowWord, lanes: Lanes) -> None:
        self.word, self.lanes = word, lanes
        self._results = [Variable(lanes.constant(nothing)) for nothing in word.nothing]

    @property
    def now(self) -> Results:
        return tuple(result.now for result in self._results)

    def take(self, more: Sequence[Real]) -> None:
        """Take in more results, which may be narrower."""
        wide = [converted(m, self.lanes) for m in more]
        for result, joined in zip(self._results, self.word.joined(self.now, wide), strict=True):
            result.now = joined


def _larger(a: Real, b: Real) -> Real:
    return where(b > a, b, a)


def _nan_of(a: Real, b: Real) -> Real:
    return where(b != b, b, a)


# NaN is looked for beside the largest: together they would be four dependent instructions instead of one.
ROW_WORDS: Mapping[str, RowWord] = {
    "largest": RowWord(
        (-float("inf"), 0.0), (_larger, _nan_of), lambda top, nan: where(nan != nan, nan, top), exact=True
    ),
    "total": RowWord((0.0,), (operator.add,), lambda total: total, exact=False),
}
"""The words that are found in one run over the row."""


APPROACHED = ("threshold", "kth_largest")
"""The words that take several runs."""


def newton_step(power: float, t: Real) -> RowWord:
    """Return the word for a step of Newton's iteration to `threshold`, from t, a number in every lane.

    With power 2 it is that of the root of the sum, which is as convex and nearly straight.
    """

    def terms(u: Real) -> Results:
        above = where(u > t, u - t, 0.0)
        return (above, where(u > t, 1.0, 0.0)) if power == 1 else (above * above, above)

    def answer(sum_: Real, slope: Real) -> Real:
        return (sum_ - (1.0 if power == 1 else sqrt(sum_))) / slope

    return RowWord((0.0, 0.0), (operator.add, operator.add), answer, exact=False, terms=terms)


def fall(k: Real, t: Real, spread: Real) -> RowWord:
    """Return the word for a step down to `kth_largest`: from t, if fewer than k reach it, to the next below.

    `spread` is t in every lane.
    """

    def terms(u: Real) -> Results:
        return where(u < spread, u, -float("inf")), where(u >= spread, 1.0, 0.0)

    def answer(below: Real, count: Real) -> Real:
        return where(count >= k, t, below)

    return RowWord((-float("inf"), 0.0), (_larger, operator.add), answer, exact=False, terms=terms)


def size(body: Body, m: Whole) -> Real:
    """Return how many elements there are."""
    return Real(body, body.builder.sitofp(m.value, DOUBLE))


def repeated(value: Any, count: int, builder: Any) -> Any:
    """Return LLVM's value in so many lanes."""
    order, item = ir.VectorType(ir.IntType(32), count), ir.IntType(32)
    nothing = ir.Constant(ir.VectorType(value.type, count), ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(item, 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(order, None))
