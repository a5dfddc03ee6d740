"""Activations come from the catalog, by name, or from a Python function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from nonlin import catalog
from nonlin.card import Card, card_of
from nonlin.dialects.lookup import Choice, Entry
from nonlin.kernels.grades import Grade
from nonlin.workbench.activation import Activation
from nonlin.workbench.elementwise import Elementwise
from nonlin.workbench.rowwise import RowWise

if TYPE_CHECKING:
    from nonlin.vocabulary import Definition, RowDefinition


def activation(function: Callable[..., Any]) -> Elementwise:
    """Make an activation of a Python function: y = function(x, parameter=default, ...).

    The function is called once with symbols, so it is written in nonlin's words (`nl.exp`, `nl.where`,
    `nl.sqrt`, other activations, ...) and Python's arithmetic. Its derivatives, kernels, facts and bridges
    follow from it.

    Raises
    ------
    InvalidDefinition
        If it branches on its input, calls NumPy or PyTorch on it, or a parameter lacks a default.

    Examples
    --------
    >>> import nonlin as nl
    >>> @nl.activation
    ... def bent(x, a=0.5):
    ...     "Bent identity with an adjustable bend."
    ...     return x + a * (nl.sqrt(x**2 + 1) - 1)
    >>> float(bent(0.0)), float(bent.grad(0.0))
    (0.0, 1.0)
    """
    from sympy.core.parameters import distribute

    from nonlin.vocabulary import trace

    with distribute(False):
        return Elementwise(card_of(definition := trace(function)), definition)


def of(card: Card, own: Definition | RowDefinition | None = None) -> Activation:
    """Return the activation of a card of the catalog, or of a definition of one's own."""
    return (Elementwise if card.kind == "elementwise" else RowWise)(card, own)  # type: ignore[arg-type]


def named(name: str, grade: Grade = "exact") -> Activation:
    """Return the one activation of that name in the catalog."""
    found: Any = _named.get(name) or _named.setdefault(name, of(catalog.card(name)))
    return found.fast if grade == "fast" else found  # type: ignore[no-any-return]


_named: dict[str, Activation] = {}


def chosen(choice: Choice) -> Activation:
    """Return the activation that a word means, in the words of its framework if one is meant."""
    found = spoken(choice.entry) if choice.entry else named(choice.name)
    return found.bind(**choice.bound) if choice.bound else found


@cache
def spoken(entry: Entry) -> Activation:
    """Return an activation as a framework has it: its words, its defaults, its slope at kinks."""
    meaning = entry.meaning
    card = catalog.card(meaning.name).bound(dict(meaning.defaults)).worded(dict(meaning.words))
    rule = card.kink_rule if meaning.kink == "stated" else meaning.kink
    spelling = meaning.call(entry.spelling)
    root = "" if "." in spelling.partition("(")[0] else f"{meaning.dialect}."
    return of(replace(card, kink_rule=rule, dialect=meaning.dialect, spelling=root + spelling))
