"""What is derived of the catalog, kept on disk: SymPy is needed only for what is not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nonlin import catalog, store
from nonlin.card import Card
from nonlin.derivation.steps import Program

if TYPE_CHECKING:
    from nonlin.derivation.crossings import Precision
    from nonlin.derivation.formats import Format

Quantities = tuple[str | int, ...]


def remembered(card: Card, what: Quantities, sharp: Precision | None = None) -> Program:
    """Return the Program of a card of the catalog; see `nonlin.derivation.programs`."""
    name = store.name_of("program", repr((card, what, sharp)), *_derivation())
    return store.remembered(name, lambda: derived(card, what, sharp))


def derived(card: Card, what: Quantities, sharp: Precision | None) -> Program:
    """Return that Program, derived from the formula."""
    if card.kind == "gated":
        from nonlin.derivation.gated import programs
    else:
        from nonlin.derivation.programs import programs
    return programs(catalog.definition(card), what, sharp)


def remembered_row(card: Card, what: str, masked: bool = False) -> Program:
    """Return the row program of a card of the catalog; see `nonlin.derivation.row_programs`."""

    def derived() -> Program:
        from nonlin.derivation.row_programs import row_program

        return row_program(catalog.definition(card), what, masked)

    return store.remembered(store.name_of("row program", repr((card, what, masked)), *_derivation()), derived)


def remembered_nearest(
    card: Card, quantity: str | int, parameters: tuple[float, ...], form: Format, at: np.ndarray
) -> np.ndarray:
    """Return a quantity of a card of the catalog, correctly rounded; see `nonlin.derivation.rounding`."""

    def decided() -> np.ndarray:
        from nonlin.derivation.rounding import nearest

        return nearest(catalog.definition(card), quantity, parameters, form, at)

    asked = repr((card, quantity, parameters, form.name, at.tolist()))
    return store.remembered(store.name_of("nearest", asked, *_derivation()), decided)


def _derivation() -> tuple[str, ...]:
    """Return what all that is derived depends on."""
    versions = store.versions("sympy", "mpmath", "python-flint")
    return catalog.written(), store.sources("derivation"), versions
