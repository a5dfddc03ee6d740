"""Makes src/nonlin/__init__.pyi, from which editors and type checkers know every activation: python tools/stub.py."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

import nonlin
from nonlin import _LATER, _WORDS, catalog
from nonlin.workbench import named

STUB = Path(nonlin.__file__).with_suffix(".pyi")


def stub() -> str:
    """Return the text of the stub: the public names as they are, and an attribute for each activation."""
    return "\n".join([*_head(), "", *_get(), "", *_attributes()])


def _head() -> Iterator[str]:
    yield '"""The public names with their types; made by `python tools/stub.py`, never edited."""\n'
    yield "from typing import Any, Literal, overload\n"
    yield "from nonlin import errors as errors"
    for module, names in sorted(_homes().items()):
        yield from (f"from {module} import {name} as {name}" for name in sorted(names))
        if module == "nonlin.workbench":
            yield f"from {module} import {', '.join(sorted(_kinds()))}"  # for this file alone
    yield "\n__version__: str"
    yield "__all__ = ["
    yield from (f'    "{name}",' for name in nonlin.__all__)
    yield "]"


def _homes() -> dict[str, set[str]]:
    """Return the public names by the module that they are from."""
    homes: dict[str, set[str]] = {"nonlin.vocabulary": set(_WORDS)}
    for name, module in _LATER.items():
        homes.setdefault(module, set()).add(name)
    return homes


def _kinds() -> dict[str, list[str]]:
    """Return the names of the catalog by the class of their activations."""
    kinds: dict[str, list[str]] = {}
    for name in catalog.names():
        kinds.setdefault(type(named(name)).__name__, []).append(name)
    return kinds


def _get() -> Iterator[str]:
    """Yield `get`, which gives for the name of an activation its kind, and then `names`."""
    options = "dialect: str | None = None, **options: Any"
    for kind, names in sorted(_kinds().items()):
        yield f"@overload\ndef get(\n    name: {_literal(names)},"
        yield f"    dialect: None = None,\n    **options: Any,\n) -> {kind}: ..."
    yield f"@overload\ndef get(name: str, {options}) -> Activation:"
    yield indent(f'"""{inspect.getdoc(nonlin.get)}\n"""', "    ")
    yield "\ndef names() -> list[str]:"
    yield indent(f'"""{inspect.getdoc(nonlin.names)}"""', "    ")


def _literal(names: list[str]) -> str:
    """Return the type of these names, laid out as the formatter does."""
    if len(names) == 1:
        return f'Literal["{names[0]}"]'
    return "\n".join(["Literal[", *(f'        "{name}",' for name in names), "    ]"])


def _attributes() -> Iterator[str]:
    kind_of = {name: kind for kind, names in _kinds().items() for name in names}
    for name, kind in sorted(kind_of.items()):
        yield f'{name}: {kind}\n"""{named(name).summary}"""'
    yield ""


if __name__ == "__main__":
    STUB.write_text(stub(), encoding="utf-8")
    print(f"wrote {STUB}")
