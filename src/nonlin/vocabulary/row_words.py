"""The words of row formulas: those that see a whole row and give one number for it.

In a row formula `z` is the element at a place of the row, `g` the upstream gradient there, and all words of
`words` apply to each element. The words here are asked once a row:

    e = exp(z - largest(z))
    share = e / total(e)

A `where` whose condition is made of such numbers alone is decided once a row.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from nonlin.vocabulary.words import Word, inf

z = sp.Symbol("z", extended_real=True)
"""The element of a row that a formula gives a value to."""

g = sp.Symbol("g", extended_real=True)
"""The upstream gradient at that element."""

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


def mean(u: Any) -> Any:
    """Return the mean of u along the row."""
    return total(u) / size(z)


def finite(u: Any) -> Any:
    """Return the condition that u is neither infinite nor NaN."""
    return sp.And(sp.Gt(u, -inf), sp.Lt(u, inf))


ROW_WORDS: dict[str, type[RowWord]] = {word.__name__: word for word in (largest, total, size)}
"""Every one by its name; each target language spells all of them."""
