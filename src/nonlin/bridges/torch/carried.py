"""An activation inside a pickle or a copy: by its name where the catalog has it, else whole; never copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nonlin
from nonlin.workbench import Activation


class Carried:
    """An activation on its way."""

    def __init__(self, activation: Activation) -> None:
        self.activation = activation

    def __deepcopy__(self, memo: dict[int, Any]) -> Carried:
        return self

    def __reduce__(self) -> tuple[Callable[..., Carried], tuple[Any, ...]]:
        known = self.activation.name in nonlin.names() and nonlin.get(self.activation.name) is self.activation
        return (named, (self.activation.name,)) if known else (Carried, (self.activation,))


def named(name: str) -> Carried:
    """Return the activation of that name, to be carried."""
    return Carried(nonlin.get(name))
