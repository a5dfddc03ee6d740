"""A twin: the same function in another library; a native bridge, an independent oracle, a mark to recognise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Twin(str):
    """The import path of another library's function, and the arguments that make it ours.

    Examples
    --------
    >>> twin = Twin("torch.nn.functional.gelu", approximate="tanh")
    >>> twin, twin.arguments
    ('torch.nn.functional.gelu', {'approximate': 'tanh'})
    """

    __slots__ = ("arguments",)

    arguments: Mapping[str, Any]

    def __new__(cls, path: str, **arguments: Any) -> Twin:
        """Name the function; `arguments` are given to it at each call."""
        self = super().__new__(cls, path)
        self.arguments = arguments
        return self
