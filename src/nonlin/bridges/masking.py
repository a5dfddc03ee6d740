"""Masked rows in anybody's operations, so that what is hidden reaches no gradient."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from nonlin.derivation.row_programs import gives_one_number
from nonlin.errors import InvalidInput
from nonlin.vocabulary import RowDefinition


def refuse_other_masks(name: str, where: Any, is_boolean: bool, shape: tuple[int, ...]) -> None:
    """Raise InvalidInput for a mask that is not of booleans, or does not broadcast to a shape."""
    if not is_boolean:
        raise InvalidInput(
            f"{name}: where= tells which elements take part, in booleans, not {getattr(where, 'dtype', where)!s}"
        )
    lengths = tuple(where.shape)
    if len(lengths) > len(shape) or any(
        n not in (1, m) for n, m in zip(reversed(lengths), reversed(shape), strict=False)
    ):
        raise InvalidInput(f"{name}: where= of shape {lengths} does not broadcast to {tuple(shape)}")


def masked(
    library: Any,
    words: Mapping[str, Callable[..., Any]],
    definition: RowDefinition,
    compute: Callable[[Any, Any], Any],
    z: Any,
    constant: Any,
    present: Any,
) -> Any:
    """Return what a program of masked rows gives, whose derivatives are 0 where nothing is present.

    A hidden element may be NaN, and a row without any has no largest: 0 times what follows from these would be NaN in
    a gradient. So hidden elements stand at the largest present one, and what is wholly hidden is computed as if it
    were seen, before all of them get the value that they have.

    Parameters
    ----------
    library : module
        With `where`, `isfinite`, `zeros_like` and `ones_like`, as NumPy has them.
    words : mapping
        The words that see a whole row, in its operations.
    definition : RowDefinition
    compute : callable
        The value, of z and of "present".
    z : tensor
    constant : tensor
        The same, with no gradient.
    present : tensor
        1 where an element takes part, 0 where it is hidden; in the dtype of z.
    """
    seen, ones = present > 0, library.ones_like(z)
    top = words["largest"](library.where(seen, constant, ones * -math.inf))
    at = library.where(seen, z, library.where(library.isfinite(top), top, library.zeros_like(top)))
    if gives_one_number(definition):
        return compute(at, present)
    empty = words["total"](present) == 0
    y = compute(at, library.where(empty, ones, present))
    return library.where(seen, y, ones * float(definition.masked))
