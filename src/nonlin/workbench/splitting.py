"""Where values and gates stand in one array: one after the other, or in pairs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from nonlin.errors import InvalidInput, did_you_mean

Order = Literal["last", "first", "interleaved"]
"""The gates are the second half, the first half, or the first of each pair."""

ORDERS: Mapping[Order, str] = {
    "last": "values, then gates", "first": "gates, then values", "interleaved": "gate, value, gate, value, ...",
}  # fmt: skip


def parts(length: int, order: Any) -> tuple[slice, slice]:
    """Return where the values and where the gates stand along an axis of that length.

    Examples
    --------
    >>> parts(6, "interleaved")
    (slice(1, None, 2), slice(0, None, 2))
    """
    half = length // 2
    match order if isinstance(order, str) else None:
        case "last":
            return slice(None, half), slice(half, None)
        case "first":
            return slice(half, None), slice(None, half)
        case "interleaved":
            return slice(1, None, 2), slice(0, None, 2)
    near = did_you_mean(order, ORDERS) if isinstance(order, str) else ""
    choices = ", ".join(f"{word!r} ({means})" for word, means in ORDERS.items())
    said = repr(order) if isinstance(order, str) else f"a {type(order).__name__}"
    raise InvalidInput(
        f"gate={said} is no order of values and gates in one array.{near} Say {choices}, "
        "or give the gates as a second array"
    )


def split(name: str, z: Any, axis: int, order: Any) -> tuple[Any, Any]:
    """Return the values and the gates in an array or tensor, both of them views of it.

    Raises
    ------
    InvalidInput
        If there is no such axis or order, or the axis has an odd length.
    """
    shape = tuple(z.shape)
    if not -len(shape) <= axis < len(shape):
        raise InvalidInput(f"{name} has no axis {axis} to split in an array of shape {shape}")
    length = shape[axis]
    if length % 2:
        raise InvalidInput(
            f"{name} splits axis {axis} into values and gates, and its length {length} is odd: shape {shape}"
        )
    before = (slice(None),) * (axis % len(shape))
    of_value, of_gate = parts(length, order)
    return z[(*before, of_value)], z[(*before, of_gate)]
