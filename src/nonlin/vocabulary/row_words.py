"""The words of row formulas: those that see a whole row and give one number for it.

In a row formula `z` is the element at a place of the row, `g` the upstream gradient there, and all words of
`words` apply to each element. The words here are asked once a row:

    e = exp(z - largest(z))
    share = e / total(e)

A `where` whose condition is made of such numbers alone is decided once a row. `position(z)` is the one word that
differs from element to element.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from nonlin.vocabulary.words import Word, inf, where

z = sp.Symbol("z", extended_real=True)
"""The element of a row that a formula gives a value to."""

g = sp.Symbol("g", extended_real=True)
"""The upstream gradient at that element."""

present = sp.Symbol("present", extended_real=True)
"""1 where an element takes part, 0 where it is masked."""

undecided = sp.nan
"""What has no limit."""


class RowWord(Word):
    """A word that makes one number of a row."""

    is_real: Any = None  # it may be infinite
    is_extended_real = True


class largest(RowWord):
    """The largest of u along the row; NaN if one of them is."""

    latex_template = r"\max_j {0}"


class total(RowWord):
    """The sum of u along the row."""

    latex_template = r"\sum_j {0}"


class size(RowWord):
    """How many elements the row has."""


class threshold(RowWord):
    """threshold(u, p), p = 1 or 2: the number t with total(max(u - t, 0)^p) = 1, where the largest u is 0.

    Found by Newton's iteration from the left: of a convex function that falls it never goes too far, so t grows
    until its last digit stands still.
    """

    nargs = 2
    latex_template = r"\tau_{1}\left({0}\right)"


class kth_largest(RowWord):
    """kth_largest(u, k): the k-th of the elements u when they are sorted, the largest first, equal ones each counted.

    -inf if there are fewer than k, inf if k is not positive. Machine code runs over the row once for each number
    that is larger.
    """

    nargs = 2
    latex_template = r"{0}_{{({1})}}"


class position(Word):
    """The place of an element in its row, from 0; of any u."""


def mean(u: Any) -> Any:
    """Return the mean of u along the row."""
    return total(u) / size(z)


def finite(u: Any) -> Any:
    """Return the condition that u is neither infinite nor NaN."""
    return sp.And(sp.Gt(u, -inf), sp.Lt(u, inf))


def known(u: Any) -> Any:
    """Return the condition that u is not NaN."""
    return sp.Or(-inf < u, u < inf)


def first(condition: Any) -> Any:
    """Return the condition that an element is the first of its row for which one holds."""
    return sp.Eq(position(z), -largest(where(condition, -position(z), -inf)))


ROW_WORDS: dict[str, type[RowWord]] = {
    word.__name__: word for word in (largest, total, size, threshold, kth_largest)
}
"""Every one by its name; each target language spells all of them, and `position`."""
