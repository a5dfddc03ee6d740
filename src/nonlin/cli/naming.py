"""What a person types to mean an activation: a name, or `package.module:object` for one of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nonlin
from nonlin.errors import InvalidInput


def chosen(names: Sequence[str] | None, every: Sequence[str] | None, nothing: str) -> list[str]:
    """Return the names that were typed, or every name if --all was.

    Raises
    ------
    InvalidInput
        If both were typed, or none; `nothing` says what is then not done.
    """
    if every is not None and names:
        raise InvalidInput(f"--all takes every name; leave out {' '.join(names)!r}, or leave out --all")
    if every is None and not names:
        raise InvalidInput(f"{nothing}: give a name, such as gelu, or --all")
    return list(every or names or ())


def activation_of(word: str) -> nonlin.Activation:
    """Return the activation that a word means.

    Raises
    ------
    InvalidInput
        If `package.module:object` cannot be imported, or is no activation.
    UnknownActivation
        If there is no such name.
    """
    if ":" not in word:
        return nonlin.get(word)
    from nonlin.study.imports import load

    found: Any = load(word)
    if not isinstance(found, nonlin.Activation):
        raise InvalidInput(
            f"{word} is of type {type(found).__name__}; let it name an activation, as @nl.activation makes"
        )
    return found
