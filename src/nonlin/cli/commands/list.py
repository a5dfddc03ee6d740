"""`nonlin list`: every activation of the catalog."""

from __future__ import annotations

import json
from typing import Annotated

import typer

import nonlin
from nonlin.cli.output import show_page
from nonlin.workbench.making import every


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List every activation: its name, its other names, its parameters, what it is.

    Example: nonlin list --json
    """
    found = every(nonlin.names())
    if as_json:
        entries = [
            {
                "name": a.name,
                "aliases": list(a.aliases),
                "parameters": {p.name: p.default for p in a.parameters},
                "summary": a.__doc__,
                "source": a.source,
            }
            for a in found
        ]
        print(json.dumps(entries, indent=2))
        return
    from nonlin.report.catalog_page import catalog_page

    show_page(catalog_page(found))
