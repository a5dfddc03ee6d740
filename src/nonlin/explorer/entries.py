"""What the page knows of each activation, as plain data: words, formulas, facts, certificates, code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import nonlin
from nonlin.bridges.mathml import mathml
from nonlin.card import Parameter
from nonlin.certify import Certificate
from nonlin.certify.certificate import certificates
from nonlin.dialects import FRAMEWORKS, meanings_of
from nonlin.errors import InvalidInput
from nonlin.explorer.code import code
from nonlin.report.activation_page import activation_page, smoothness
from nonlin.report.certificate_page import KINDS
from nonlin.report.page import Block, Items, Settings, Table, Text
from nonlin.workbench import Activation, Elementwise

Plain = dict[str, Any]
FAR = 10.0  # where the slider of a parameter ends that is infinite by default


def entries(
    activations: Sequence[Activation], own: Mapping[str, Activation], times: Mapping[str, Any]
) -> list[Plain]:
    """Return the entry of each activation, in their order; `times` as from `nonlin.explorer.speeds`."""
    measured = certificates()
    origins = {id(activation): word for word, activation in own.items()}
    found = []
    for a in activations:
        origin = origins.get(id(a), "")
        entry = _entry(a, origin, () if origin else [c for c in measured if c.function == a.name])
        found.append(entry | {"speed": [] if origin else times.get(a.name, [])})
    return found


def _entry(activation: Activation, origin: str, measured: Sequence[Certificate]) -> Plain:
    page = activation_page(activation)
    taken = origin and activation.name in nonlin.names() and nonlin.get(activation.name) is not activation
    return {
        "name": origin if taken else activation.name,
        "kind": activation.card.kind,
        "origin": origin,
        "summary": activation.summary,
        "aliases": list(activation.aliases),
        "parameters": [slider(p) for p in activation.parameters],
        "formulas": _formulas(activation),
        "facts": facts(activation) if isinstance(activation, Elementwise) else {},
        "blocks": [_block(b) for b in page.blocks if isinstance(b, Settings | Table | Items | Text)],
        "frameworks": [] if origin else _frameworks(activation.name),
        "certificates": [_certificate(c) for c in measured],
        "code": code(activation, origin),
    }


def slider(parameter: Parameter) -> Plain:
    """Return a parameter with the ends of its slider: as far from 0 as its default, and 1 more, to each side.

    Examples
    --------
    >>> slider(Parameter("alpha", 1.0)) == {"name": "alpha", "default": 1.0, "meaning": "", "low": -1.0, "high": 3.0}
    True
    """
    low, high = _ends(parameter)
    default = (
        parameter.default if math.isfinite(parameter.default) else f"{'-' * (parameter.default < 0)}Infinity"
    )
    return {
        "name": parameter.name,
        "default": default,
        "meaning": parameter.meaning,
        "low": low,
        "high": high,
    }


def _ends(parameter: Parameter) -> tuple[float, float]:
    if math.isinf(parameter.default):
        return (0.0, FAR) if parameter.default > 0 else (-FAR, 0.0)
    reach = max(1.0, 2 * abs(parameter.default))
    positive = "> 0" in parameter.meaning
    return parameter.default / 20 if positive else parameter.default - reach, parameter.default + reach


def _formulas(activation: Activation) -> Plain:
    try:
        return {"mathml": mathml(activation).splitlines()}
    except InvalidInput:  # somebody's own row, whose LaTeX has words that are not known here
        return {"text": f"f = {activation.definition.formula}"}


def facts(activation: Elementwise) -> Plain:
    """Return the facts that the table has a column for; numbers for sorting, words where they are read."""
    f = activation.facts
    return {
        "range": {"text": str(f.range), "low": _finite(f.range.low), "high": _finite(f.range.high)},
        "bounded": math.isfinite(f.range.low) and math.isfinite(f.range.high),
        "monotone": f.monotone or "no",
        "parity": f.parity or "none",
        "smooth": {"text": smoothness(f.smoothness), "order": _finite(min(f.smoothness, 99))},
        "lipschitz": _finite(f.lipschitz),
        "gain": _finite(f.gain),
        "chi": _finite(f.chi),
        "dead": _finite(f.zero_slope_mass),
    }  # fmt: skip


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _block(block: Block) -> Plain:
    """Return a block of the activation's page: entries, a table of words, sentences."""
    if isinstance(block, Settings):
        return {"kind": "entries", "title": block.caption, "rows": [list(entry) for entry in block.entries]}
    if isinstance(block, Table):
        rows = [[str(cell) for cell in row] for row in block.rows]
        return {
            "kind": "table",
            "title": block.caption,
            "columns": [c.header for c in block.columns],
            "rows": rows,
        }
    if isinstance(block, Items):
        return {"kind": "items", "rows": list(block.items)}
    return {"kind": "text", "text": getattr(block, "text", "")}


def _frameworks(name: str) -> list[str]:
    words = {m.dialect for m in meanings_of(name)}
    return [f.word for f in FRAMEWORKS if f.word in words]


def _certificate(c: Certificate) -> Plain:
    tallies = dict(_tallies(c))
    return {
        "kind": KINDS[c.dtype, c.grade],
        "inputs": "all" if c.exhaustive else f"{max(t.inputs for t in c.measured.values()):,}",
        "promised": c.promised,
        "kept": c.kept,
        **tallies,
    }


def _tallies(c: Certificate) -> Iterable[tuple[str, Plain]]:
    for quantity, tally in c.measured.items():
        yield quantity, {"ulp": _finite(tally.away_at_most), "right": tally.right / tally.inputs}
