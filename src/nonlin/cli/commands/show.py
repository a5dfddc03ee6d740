"""`nonlin show NAME`: one activation, and all that is known of it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

import nonlin
from nonlin.cli.output import show_page


def command(
    name: Annotated[str, typer.Argument(help="A name or an alias, in any case.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show one activation: formula, slope, facts, source and aliases.

    Example: nonlin show gelu
    """
    activation = nonlin.get(name)
    if not as_json:
        from nonlin.report.activation_page import activation_page

        show_page(activation_page(activation))
        return
    elementwise = hasattr(activation, "facts")
    entry = {
        "name": activation.name,
        "summary": activation.__doc__,
        "latex": activation.latex,
        "formula": str(activation.formula) if elementwise else None,
        "slope": str(activation.slope_formula) if elementwise else None,
        "parameters": {p.name: p.default for p in activation.parameters},
        "aliases": list(activation.aliases),
        "twins": dict(activation.definition.twins),
        "source": activation.source,
        "facts": activation.facts.as_dict() if elementwise else None,
    }
    print(json.dumps(entry, indent=2, default=str))
