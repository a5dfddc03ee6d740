"""`nonlin facts`: what is true of an activation, each fact with how it is known."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

import nonlin
from nonlin import catalog
from nonlin.cli.naming import chosen
from nonlin.cli.output import show_page
from nonlin.cli.writing import make_folder, writing
from nonlin.errors import InvalidInput
from nonlin.workbench import Elementwise, named

HELP = """Show the facts of activations: range, zeros, gains, self-normalisation, and whether each is proved.

Those of the catalog ship with the package; a person's own function has them derived now. --write derives those of \
the catalog anew and writes a file for each.

Examples:

nonlin facts gelu

nonlin facts my_module:mine --json

nonlin facts --all --write facts_data
"""


def command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Names, or package.module:object.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every elementwise function of the catalog.")
    ] = False,
    write: Annotated[
        Path | None, typer.Option(help="Folder for files of the catalog's facts, derived anew.")
    ] = None,
    cost: Annotated[bool, typer.Option("--cost", help="Measure the cost on this machine too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    words = chosen(names, _elementwise() if everything else None, "no facts of nothing")
    if write is not None:
        _write(words, write)
        return
    found = [_activation(word) for word in words]
    if as_json:
        told = [_entry(a, cost) for a in found]
        print(json.dumps(told[0] if len(told) == 1 else told, indent=1))
        return
    from nonlin.report.facts_page import facts_page

    for activation in found:
        show_page(facts_page(activation, cost))


command.__doc__ = HELP


def _elementwise() -> list[str]:
    return [name for name in catalog.names() if isinstance(named(name), Elementwise)]


def _activation(word: str) -> Elementwise:
    if ":" in word:
        from nonlin.study.imports import load

        activation: Any = load(word)
    else:
        activation = nonlin.get(word)
    if not isinstance(activation, Elementwise):
        raise InvalidInput(f"{word} {activation.nature}, so facts of one number do not belong to it")
    return activation


def _entry(activation: Elementwise, cost: bool) -> dict[str, Any]:
    from nonlin.facts.fact import as_plain

    measured = {"cost": as_plain(activation.facts.cost)} if cost else {}
    return {"name": activation.name, **activation.facts.as_dict(), **measured}


def _write(words: Sequence[str], folder: Path) -> None:
    from rich.console import Console
    from rich.progress import track

    from nonlin.facts.shipped import write

    make_folder(folder, "--write")
    console = Console(stderr=True)
    for word in track(words, "facts", console=console, transient=True, disable=not sys.stderr.isatty()):
        activation = _activation(word)
        if ":" in word:
            raise InvalidInput(
                f"--write is for the catalog; {word} is your own, whose facts are derived when asked"
            )
        with writing(folder, "--write"):
            print(write(activation.card, folder))
