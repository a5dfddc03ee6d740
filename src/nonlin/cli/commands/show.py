"""`nonlin show NAME`: one activation, and all that is known of it."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

import nonlin
from nonlin.cli.naming import activation_of
from nonlin.cli.output import show_page
from nonlin.dialects import as_dict, near_in_name
from nonlin.facts.fact import as_plain
from nonlin.workbench import Elementwise, Gated


def command(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A name or an alias, in any case, or package.module:object.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show one activation: formula, slope, facts, source, aliases, and what other frameworks mean by its name.

    Example: nonlin show gelu
    """
    activation = activation_of(name)
    if not as_json:
        from nonlin.report.activation_page import activation_page

        show_page(activation_page(activation))
        return
    print(json.dumps(as_plain(_entry(activation)), indent=2, default=str, allow_nan=False))


def _entry(activation: nonlin.Activation) -> dict[str, Any]:
    entry = {
        "name": activation.name,
        "summary": activation.summary,
        "formula": str(activation.definition.formula),
        "latex": activation.latex,
        "parameters": {p.name: p.default for p in activation.parameters},
        "aliases": list(activation.aliases),
        "twins": dict(activation.definition.twins),
        "dialects": [as_dict(meaning) for meaning in near_in_name(activation.name)],
        "source": activation.source,
    }
    if isinstance(activation, Elementwise):
        entry |= {"slope": str(activation.slope_formula), "facts": activation.facts.as_dict()}
    if isinstance(activation, Gated):
        entry["slopes"] = [str(formula) for formula in activation.slope_formulas]
    return entry
