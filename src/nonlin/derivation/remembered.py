"""Programs of the catalog, kept on disk: SymPy is needed only for those that are not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nonlin import catalog, store
from nonlin.card import Card
from nonlin.derivation.steps import Program

if TYPE_CHECKING:
    from nonlin.derivation.crossings import Precision

Quantities = tuple[str | int, ...]


def remembered(card: Card, what: Quantities, sharp: Precision | None = None) -> Program:
    """Return the Program of a card of the catalog; see `nonlin.derivation.programs`."""
    depends = (
        catalog.written(),
        store.sources("derivation"),
        store.versions("sympy", "mpmath", "python-flint"),
    )
    name = store.name_of("program", repr((card, what, sharp)), *depends)
    return store.remembered(name, lambda: derived(card, what, sharp))


def derived(card: Card, what: Quantities, sharp: Precision | None) -> Program:
    """Return that Program, derived from the formula."""
    from nonlin.derivation.programs import programs

    return programs(catalog.definition(card), what, sharp)
