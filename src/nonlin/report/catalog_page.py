"""The catalog as a page: a row an activation."""

from __future__ import annotations

from collections.abc import Sequence

from nonlin.report.page import Page, Settings
from nonlin.workbench import Activation


def catalog_page(activations: Sequence[Activation]) -> Page:
    """Return what `nonlin list` says."""
    rows = tuple((a.name, _what(a)) for a in activations)
    return Page(
        "The catalog", f"{len(rows)} activations; more of one: nonlin show NAME", (Settings("", rows),)
    )


def _what(activation: Activation) -> str:
    parameters = ", ".join(f"{p.name}={p.default:g}" for p in activation.parameters)
    return " ".join(filter(None, [activation.__doc__, f"[{parameters}]" if parameters else ""]))
