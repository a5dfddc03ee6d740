"""Many activations as one script: what they use is written once, and no word of theirs becomes code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nonlin.bridges.javascript.module import functions
from nonlin.bridges.javascript.spelling import prelude
from nonlin.card import card_of
from nonlin.vocabulary import Definition, GatedDefinition, RowDefinition
from nonlin.workbench import Activation
from nonlin.workbench.making import of

ENDS = {
    Definition: ("", "_slope", "_curvature"), GatedDefinition: ("", "_slopes"), RowDefinition: ("", "_vjp"),
}  # fmt: skip


def script(activations: Sequence[Activation]) -> str:
    """Return the text of a script that defines `FUNCTIONS`: for each activation, in order, a list of functions.

    Of an elementwise one these are value, slope and second derivative, functions of x and of its parameters in
    order; of a gated one value and both slopes, functions of x and the gate; of one that mixes a row, value and
    pullback, functions of arrays; of one that draws noise the list is empty.
    Names and summaries are left out, so that what a person called it cannot matter.

    Examples
    --------
    >>> import nonlin as nl
    >>> print(script([nl.identity]).partition("const FUNCTIONS")[2])
     = [
      [f0, f0_slope, f0_curvature],
    ];
    """
    renamed = [_neutral(place, a.definition) for place, a in enumerate(activations)]
    written = "\n\n".join(functions(a, curvature=True) for a in renamed if a).replace("export ", "")
    lists = "".join(f"  [{', '.join(_names(a))}],\n" for a in renamed)
    return "\n\n".join(filter(None, [prelude(written), written, f"const FUNCTIONS = [\n{lists}];\n"]))


def _neutral(place: int, definition: Any) -> Activation | None:
    """Return the same function as f0, f1, ... with parameters p0, p1, ...; None where a list stays empty."""
    if not isinstance(definition, Definition | GatedDefinition | RowDefinition):
        return None
    words = {p.name: f"p{i}" for i, p in enumerate(definition.parameters)}
    own = definition.renamed(words).named(f"f{place}", "")
    return of(card_of(own), own)


def _names(activation: Activation | None) -> list[str]:
    return [activation.name + end for end in ENDS[type(activation.definition)]] if activation else []
