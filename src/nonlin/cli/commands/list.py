"""`nonlin list`: every activation of the catalog."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

import nonlin
from nonlin.cli.output import show_page
from nonlin.dialects import as_dict, framework, meanings
from nonlin.workbench.making import every


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    union: Annotated[bool, typer.Option("--union", help="Show which frameworks have each.")] = False,
    dialect: Annotated[str, typer.Option(help="Show the words of one framework, such as torch.")] = "",
    markdown: Annotated[
        bool, typer.Option(help="With --union: print a page of all names in Markdown.")
    ] = False,
) -> None:
    """List every activation: its name, its other names, its parameters, what it is.

    Example: nonlin list --dialect keras
    """
    if union or dialect:
        _names(dialect, as_json, markdown)
        return
    found = every(nonlin.names())
    if as_json:
        print(json.dumps([_entry(a) for a in found], indent=2))
        return
    from nonlin.report.catalog_page import catalog_page

    show_page(catalog_page(found))


def _entry(activation: nonlin.Activation) -> dict[str, Any]:
    return {
        "name": activation.name,
        "aliases": list(activation.aliases),
        "parameters": {p.name: p.default for p in activation.parameters},
        "summary": activation.__doc__,
        "source": activation.source,
    }


def _names(dialect: str, as_json: bool, markdown: bool) -> None:
    from nonlin.report import dialect_tables

    speaker = framework(dialect) if dialect else None
    if as_json:
        found = [as_dict(m) for m in meanings() if speaker is None or m.dialect == speaker.word]
        print(json.dumps(found, indent=2))
    elif markdown and speaker is None:
        print(dialect_tables.union_markdown(), end="")
    else:
        show_page(dialect_tables.dialect_page(speaker) if speaker else dialect_tables.union_page())
