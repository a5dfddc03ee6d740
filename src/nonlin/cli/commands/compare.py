"""`nonlin compare NAME NAME...`: activations side by side."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import combinations
from typing import Annotated, Any

import typer

from nonlin.cli.naming import activation_of
from nonlin.cli.output import show_page
from nonlin.errors import InvalidInput
from nonlin.facts.fact import as_plain
from nonlin.workbench import Elementwise
from nonlin.workbench.differences import difference


def command(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Names, or package.module:object.")],
    low: Annotated[float, typer.Option(help="The least input at which they are compared.")] = -10.0,
    high: Annotated[float, typer.Option(help="The greatest input.")] = 10.0,
    cost: Annotated[bool, typer.Option(help="Measure the time of each.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare activations: their facts side by side, the largest differences of values and slopes, and time.

    Example: nonlin compare gelu silu mish
    """
    if len(names) < 2:
        raise InvalidInput(f"nothing to compare {names[0]!r} with; give two names or more, such as gelu silu")
    found = [_comparable(word) for word in names]
    apart = [difference(f, g, of, low, high) for f, g in combinations(found, 2) for of in ("value", "slope")]
    if as_json:
        entries = [_entry(a, cost) for a in found]
        print(
            json.dumps(
                {"activations": entries, "differences": [as_plain(asdict(d)) for d in apart]}, indent=2
            )
        )
        return
    from nonlin.report.comparison_page import comparison_page

    show_page(comparison_page(found, apart, cost))


def _comparable(word: str) -> Elementwise:
    found = activation_of(word)
    if not isinstance(found, Elementwise):
        raise InvalidInput(f"{word} is no function of one number, so it cannot be compared value by value")
    return found


def _entry(activation: Elementwise, cost: bool) -> dict[str, Any]:
    measured = {"cost": as_plain(activation.facts.cost)} if cost else {}
    parameters = as_plain({p.name: p.default for p in activation.parameters})
    return {"name": activation.name, "parameters": parameters, **activation.facts.as_dict(), **measured}
