"""The catalog: one activation, one file; names come from the folder, nothing is imported until asked.

A card is remembered on disk, so that an activation can be had without importing SymPy.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from nonlin import store
from nonlin.card import Card, card_of
from nonlin.errors import InvalidDefinition, UnknownActivation, did_you_mean

if TYPE_CHECKING:
    from nonlin.vocabulary import Definition, GatedDefinition, RowDefinition, StochasticDefinition

    AnyDefinition = Definition | GatedDefinition | RowDefinition | StochasticDefinition


@cache
def names() -> tuple[str, ...]:
    """Return the canonical names, in alphabetical order."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def load(name: str) -> AnyDefinition:
    """Return the definition that the file `name` holds.

    Raises
    ------
    InvalidDefinition
        If the file does not define a variable of its own name.
    """
    from sympy.core.parameters import distribute

    from nonlin.vocabulary import Definition, GatedDefinition, RowDefinition, StochasticDefinition

    with distribute(False):  # (x + 3) / 6 stays as written: x / 6 + 1 / 2 loses digits at -3
        module = import_module(f"{__name__}.{name}")
    definition = getattr(module, name, None)
    if not isinstance(definition, Definition | GatedDefinition | RowDefinition | StochasticDefinition):
        raise InvalidDefinition(f"catalog/{name}.py must define {name!r}; the name and the file agree")
    summary = (module.__doc__ or "").partition("\n")[0]
    return definition.named(name, summary)


@cache
def card(name: str) -> Card:
    """Return the card of an activation, from disk where it is known."""
    return store.remembered(store.name_of("card", name, written()), lambda: card_of(load(name)))


@lru_cache(1024)
def definition(card: Card) -> Any:
    """Return the definition of a card of the catalog, with that card's words, defaults and slope at kinks."""
    found: Any = load(card.name)
    if card.words:
        found = found.renamed(dict(card.words))
    known = card_of(found)
    if card.defaults != known.defaults:
        found = found.bound(**card.defaults)
    return found if card.kink_rule == known.kink_rule else found.with_kink_rule(card.kink_rule)


def written() -> str:
    """Return a hash of all that is written in the catalog and in the words it is written in."""
    return store.sources("catalog", "vocabulary", "card.py")


def canonical(name: str, also: Collection[str] = ()) -> str:
    """Return the canonical name behind a name or an alias, in any case; `also` are names from elsewhere.

    Raises
    ------
    UnknownActivation
        If there is none; the message lists those that are near.
    """
    word = str(name).strip().lower().replace("-", "_")
    if word in names():
        return word
    known = aliases()
    if word in known:
        return known[word]
    raise UnknownActivation(
        f"no activation is called {name!r}.{did_you_mean(word, [*names(), *known, *also])} "
        "All names: nonlin list, or nonlin.names()"
    )


@cache
def aliases() -> dict[str, str]:
    """Return every alias with its canonical name.

    Raises
    ------
    InvalidDefinition
        If two definitions claim the same alias.
    """
    found: dict[str, str] = {}
    for name in names():
        for alias in card(name).aliases:
            if alias in found or alias in names():
                raise InvalidDefinition(
                    f"the alias {alias!r} of {name} is taken by {found.get(alias, alias)}"
                )
            found[alias] = name
    return found
