"""`nonlin list`: every activation of the catalog."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

import nonlin
from nonlin.cli.output import show_page
from nonlin.dialects import as_dict, framework, meanings
from nonlin.errors import InvalidInput
from nonlin.facts.fact import as_plain
from nonlin.workbench import Elementwise
from nonlin.workbench.making import every


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    where: Annotated[
        str | None, typer.Option(help='Only those of whose facts this is true, such as "odd or gain > 1.5".')
    ] = None,
    union: Annotated[bool, typer.Option("--union", help="Show which frameworks have each.")] = False,
    dialect: Annotated[str, typer.Option(help="Show the words of one framework, such as torch.")] = "",
    markdown: Annotated[
        bool, typer.Option("--markdown", help="With --union: print a page of all names in Markdown.")
    ] = False,
) -> None:
    """List every activation: its name, its other names, its parameters, what it is.

    Examples
    --------
    nonlin list --dialect keras

    nonlin list --where "monotone and bounded and gain < 2"
    """
    if where is not None and (union or dialect):
        raise InvalidInput(
            "--where chooses from the catalog; leave out --union and --dialect, or leave out --where"
        )
    if markdown and (dialect or not union):
        raise InvalidInput("--markdown is for --union alone")
    if where is not None:
        _those_where(where, as_json)
        return
    if union or dialect:
        _names(dialect, as_json, markdown)
        return
    found = every(nonlin.names())
    if as_json:
        print(json.dumps(as_plain([_entry(a) for a in found]), indent=2, allow_nan=False))
        return
    from nonlin.report.catalog_page import catalog_page

    show_page(catalog_page(found))


def _entry(activation: nonlin.Activation) -> dict[str, Any]:
    return {
        "name": activation.name,
        "aliases": list(activation.aliases),
        "parameters": {p.name: p.default for p in activation.parameters},
        "summary": activation.summary,
        "source": activation.source,
    }


def _names(dialect: str, as_json: bool, markdown: bool) -> None:
    from nonlin.report import dialect_tables

    speaker = framework(dialect) if dialect else None
    if as_json:
        found = [as_dict(m) for m in meanings() if speaker is None or m.dialect == speaker.word]
        print(json.dumps(as_plain(found), indent=2, allow_nan=False))
    elif markdown:
        print(dialect_tables.union_markdown(), end="")
    else:
        show_page(dialect_tables.dialect_page(speaker) if speaker else dialect_tables.union_page())


def _those_where(text: str, as_json: bool) -> None:
    from nonlin.cli.conditions import condition

    asked = condition(text)
    considered = [a for a in every(nonlin.names()) if isinstance(a, Elementwise)]
    found = [a for a in considered if asked.holds(a.facts)]
    if as_json:
        entries = [
            {**_entry(a), "where": as_plain(asked.told(a.facts)), "proved": asked.proved(a.facts)}
            for a in found
        ]
        print(json.dumps(entries, indent=2))
        return
    from nonlin.report.catalog_page import found_page

    told = [(a, asked.told(a.facts), asked.proved(a.facts)) for a in found]
    show_page(found_page(text, told, len(considered)))
