"""What `help` says of an activation: its docstring, made when it is read."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from textwrap import indent, wrap
from typing import Any, cast

import numpy as np

from nonlin.workbench.activation import Activation

WIDTH = 88
METHODS = ("draw", "grad", "value_and_grad", "vjp", "derivative", "param_grad", "jacobian", "at_kink", "bind", "plot",
           "fast", "facts")  # fmt: skip
EXAMPLE = (-1.0, 0.0, 2.0)


def described(activation: Activation) -> str:
    """Return the docstring of one activation: definition, formula, parameters, methods, source, an example."""
    sections = [
        ("Parameters", _parameters(activation)),
        ("Returns", _section(activation, "Returns")),
        ("Methods", "\n".join(_methods(activation))),
        ("Notes", "\n\n".join(_notes(activation))),
        ("References", "\n".join(wrap(activation.source, WIDTH))),
        ("Examples", _example(activation)),
    ]
    told = [f"{title}\n{'-' * len(title)}\n{text}" for title, text in sections if text]
    return "\n\n".join([activation.summary, indent("\n".join(_formulas(activation)), "    "), *told]) + "\n"


def _formulas(activation: Any) -> Iterator[str]:
    if activation.card.kind == "elementwise":
        yield f"f(x) = {activation.definition.formula}"
        yield f"f'(x) = {activation.slope_formula}"
    else:
        yield f"f = {activation.definition.formula}"


def _parameters(activation: Activation) -> str:
    """Return the arguments of a call as the class states them, and this activation's own parameters."""
    shared = re.split(r"^\*\*parameters", _section(activation, "Parameters"), flags=re.MULTILINE)[0]
    own = (
        f"{p.name} : float or array_like, default {p.default:g}\n{_meaning(p.meaning)}"
        for p in activation.parameters
    )
    return "\n".join(filter(None, [shared.rstrip(), *own]))


def _meaning(words: str) -> str:
    return f"    {words[:1].upper()}{words[1:].rstrip('.')}." if words else "    As in the formula."


def _section(activation: Activation, title: str) -> str:
    """Return one section of what is said of a call."""
    text = inspect.getdoc(type(activation).__call__) or ""
    found = re.search(rf"^{title}\n-+\n(.*?)(?=\n\n[A-Z][a-z]+\n-+\n|\Z)", text, re.DOTALL | re.MULTILINE)
    return found.group(1).rstrip() if found else ""


def _methods(activation: Activation) -> Iterator[str]:
    kind = type(activation)
    for name in METHODS:
        member = getattr(kind, name, None)
        said = (inspect.getdoc(member) or "").partition("\n")[0]
        if member is not None and not said.startswith("Refuse"):
            yield "\n".join(
                [
                    f"{name}{_arguments(member, bool(activation.parameters))}",
                    *(f"    {line}" for line in wrap(said, WIDTH - 4)),
                ]
            )


def _arguments(member: Any, parameters: bool) -> str:
    """Return the arguments of a method as they are typed; those by name only if there are any."""
    if not callable(member):
        return ""
    given = [p for p in inspect.signature(member).parameters.values() if p.name != "self"]
    told = []
    for p in given:
        if p.kind is p.VAR_KEYWORD:
            told += [f"**{p.name}"] if parameters else []
        else:
            told.append(p.name if p.default is p.empty else f"{p.name}={p.default!r}")
    return f"({', '.join(told)})"


def _notes(activation: Activation) -> Iterator[str]:
    from nonlin.dialects import meanings_of
    from nonlin.workbench.making import is_named

    if activation.aliases:
        yield "\n".join(wrap(f"Also called {', '.join(activation.aliases)}.", WIDTH))
    if activation._own is None and is_named(activation) and activation.card.kind == "elementwise":
        facts = cast("Any", activation).facts  # shipped; those of one's own would have to be derived
        yield f"Range {facts.range}; Lipschitz constant {facts.lipschitz:.6g}; gain {facts.gain:.6g}."
    if activation._own is None:
        first = {m.dialect: m.spelling for m in reversed(meanings_of(activation.name))}
        words = [f"{spelling} ({dialect})" for dialect, spelling in sorted(first.items())]
        if words:
            yield "\n".join(wrap(f"Elsewhere: {', '.join(words)}.", WIDTH))


def _example(activation: Any) -> str:
    """Return a few lines to type, and what they print."""
    name = _spelled(activation)
    arrays = [p for p in inspect.signature(activation).parameters.values() if p.kind is p.POSITIONAL_ONLY]
    given = [[*EXAMPLE, 1.0] if activation.card.rows[0] == "blocks" else [*EXAMPLE]] * len(arrays)
    told = ", ".join(map(str, given))
    if activation.card.kind == "stochastic":
        return _random_example(activation, name, given[0])
    lines = [f">>> {name}({told}).round(4)", repr(activation(*given).round(4))]
    if activation.card.kind == "elementwise":
        lines += [f">>> {name}.grad({told}).round(4)", repr(activation.grad(*given).round(4))]
    return "\n".join([">>> import nonlin as nl", *lines] if name.startswith("nl.") else lines)


def _random_example(activation: Any, name: str, x: Any) -> str:
    lines = [f">>> {name}({x}, generator=np.random.default_rng(0)).round(4)"]
    lines.append(repr(activation(x, generator=np.random.default_rng(0)).round(4)))
    return "\n".join([">>> import numpy as np, nonlin as nl", *lines] if name.startswith("nl.") else lines)


def _spelled(activation: Any) -> str:
    """Return what to type for an activation; its bare name where no word leads to it."""
    from nonlin.workbench.making import is_named

    grade = ".fast" if getattr(activation, "grade", "exact") == "fast" else ""
    return f"nl.{activation.name}{grade}" if is_named(activation) else str(activation.name)
