"""`nonlin explore`: every activation on one page that opens from the disk."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from nonlin.cli.naming import activation_of
from nonlin.cli.recorded import recorded
from nonlin.cli.writing import refuse_unwritable, write
from nonlin.errors import InvalidInput


def command(
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("nonlin-explorer.html"),
    own: Annotated[
        list[str] | None,
        typer.Option("--with", help="Your own activation, package.module:name; repeat the option for more."),
    ] = None,
    bench: Annotated[
        Path | None, typer.Option(help="Speeds of yours: a file that nonlin bench --out wrote.")
    ] = None,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Write a page with the curves, facts and code of every activation, and open it; it needs no network.

    Examples
    --------
    nonlin explore

    nonlin explore --with my_module:mine --out mine.html
    """
    from nonlin.explorer import explorer

    refuse_unwritable(out)
    mine = {word: activation_of(_qualified(word)) for word in own or ()}
    page = explorer(mine, None if bench is None else recorded(bench, "--bench"))
    write(out, page)
    print(f"wrote {out}")
    if open_page:
        webbrowser.open(out.resolve().as_uri())


def _qualified(word: str) -> str:
    if ":" not in word:
        raise InvalidInput(
            f"--with {word!r}: say where yours is, as package.module:name; those of the catalog are there anyway"
        )
    return word
