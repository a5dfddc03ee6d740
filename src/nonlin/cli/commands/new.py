"""`nonlin new activation NAME`: the file of an activation of one's own, and its test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nonlin.cli.new_activation import Written, checkout_around, write_own, write_to_catalog
from nonlin.errors import InvalidInput, did_you_mean

KINDS = ("activation",)


def command(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="What: activation.")],
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Its name: small letters, digits and underscores.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The folder to write to. Default: the current one.")
    ] = None,
) -> None:
    """Write the file of a new activation and its test, which pass as they are; then make them yours.

    In a checkout of nonlin, without --out, they go into the catalog and its tests. No file is ever overwritten.

    Example: nonlin new activation bent --out my_project
    """
    if kind not in KINDS:
        raise InvalidInput(
            f"nonlin makes no new {kind!r}.{did_you_mean(kind, KINDS)} Write: nonlin new activation NAME"
        )
    checkout = checkout_around(Path.cwd()) if out is None else None
    written = write_to_catalog(name, checkout) if checkout else write_own(name, out or Path())
    print(f"wrote {written.definition}\nwrote {written.test}\n")
    print(_next_in_catalog(name, written) if checkout else _next(name, written))


def _next(name: str, written: Written) -> str:
    there = "" if written.definition.parent == Path() else f", from {written.definition.parent}"
    return f"""Next:
  1. Put your formula into {written.definition}, in nonlin's words: nl.exp, nl.where(x > 0, a, b), nl.sqrt, ...
  2. Write it again for mpmath in {written.test}, with values from your paper, and run:
       python -m pytest {written.test}
  3. Use it{there}:
       from {written.module} import {name}; {name}(x), {name}.grad(x), nonlin.torch.module({name})
       nonlin facts {written.module}:{name}
       nonlin study digits --activations relu,{written.module}:{name}
  4. To have it found by name (nonlin.get, nonlin list, pickles), declare it in your package's pyproject.toml:
       [project.entry-points."nonlin.activations"]
       {name} = "{written.module}:{name}\""""


def _next_in_catalog(name: str, written: Written) -> str:
    return f"""Next:
  1. Put formula, source, twins and claims into {written.definition}; imitate mish.py.
  2. Write it again for mpmath in {written.test}, and run:
       python -m pytest {written.test}
  3. Look at it: nonlin show {name}; nonlin plot {name} --out {name}.png
  4. make test names what else the catalog's own have: an oracle, certificates, facts, a line of the stub."""
