"""The catalog as a page: a row an activation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nonlin.report.page import Page, Settings
from nonlin.workbench import Activation


def catalog_page(activations: Sequence[Activation]) -> Page:
    """Return what `nonlin list` says."""
    rows = tuple((a.name, _what(a)) for a in activations)
    return Page(
        "The catalog", f"{len(rows)} activations; more of one: nonlin show NAME", (Settings("", rows),)
    )


def found_page(
    condition: str, found: Sequence[tuple[Activation, Mapping[str, bool | float], bool]], considered: int
) -> Page:
    """Return what `nonlin list --where CONDITION` says.

    Parameters
    ----------
    condition : str
    found : sequence of (Activation, mapping of str to bool or float, bool)
        Those of which it is true, what each of its words says of them, and whether that is proved.
    considered : int
        How many have facts at all.
    """
    rows = tuple((a.name, f"{_numbers(told, proved)}{_what(a)}") for a, told, proved in found)
    lead = f"{len(rows)} of the {considered} that work element by element, at their default parameters."
    return Page(f"Where {condition}", lead, (Settings("", rows),) if rows else ())


def _numbers(told: Mapping[str, bool | float], proved: bool) -> str:
    """Return the numbers that were asked for, and whether anything of it is not proved."""
    words = [f"{word} {value:.6g}" for word, value in told.items() if not isinstance(value, bool)]
    said = ", ".join([*words, *([] if proved else ["numeric, not proved"])])
    return f"{said}. " if said else ""


def _what(activation: Activation) -> str:
    parameters = ", ".join(f"{p.name}={p.default:g}" for p in activation.parameters)
    return " ".join(filter(None, [activation.summary, f"[{parameters}]" if parameters else ""]))
