"""The page as one HTML document: data, functions, style and scripts are inside, and nothing is fetched."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from string import Template
from typing import Any

import nonlin
from nonlin.bench import Record
from nonlin.bridges.javascript import script
from nonlin.explorer.entries import entries
from nonlin.explorer.speeds import recorded, speeds
from nonlin.report.palette import DARK, LIGHT, Theme
from nonlin.workbench import Activation
from nonlin.workbench.making import every

SCRIPTS = (
    "elements.js", "numbers.js", "state.js", "catalog.js", "chart.js", "export.js", "curves.js", "facts.js",
    "panel.js", "softmax.js", "signal.js", "network.js", "neuron.js", "reading.js", "data.js", "main.js",
)  # fmt: skip
"""In the order in which they are read: each uses only what stands before it."""


def explorer(own: Mapping[str, Activation] | None = None, bench: Record | None = None) -> str:
    """Return the explorer as one HTML document.

    Parameters
    ----------
    own : mapping of str to Activation, optional
        A person's own activations, by `package.module:name`, from which they are imported; they stand first.
    bench : Record, optional
        A record of `nonlin bench`, for the speeds; unless given, the one that ships.

    Returns
    -------
    str
        A document with a content security policy that allows exactly its own scripts and style, by their
        SHA-256, and no request to anywhere.

    Examples
    --------
    >>> import nonlin as nl
    >>> page = explorer()
    >>> page.startswith("<!doctype html>"), "https://" in page.partition("<script")[0]
    (True, False)
    """
    given = own or {}
    known = every(nonlin.names())
    found = [*given.values(), *(a for a in known if not any(a is mine for mine in given.values()))]
    style, code = _style(), _code(found)
    speed = speeds(bench) if bench else recorded()
    data = {"where": speed["where"], "entries": entries(found, given, speed["times"])}
    return Template(asset("explorer.html")).substitute(
        policy=policy(style, code),
        style=style,
        data=harmless(json.dumps(data, ensure_ascii=False, allow_nan=False)),
        code=code,
    )


def policy(style: str, code: str) -> str:
    """Return the content security policy: this style, this script, pictures that the script makes itself."""
    return (
        f"default-src 'none'; script-src {_hash(code)}; style-src {_hash(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def harmless(json_text: str) -> str:
    r"""Return JSON in which no word can end the element that holds it.

    Examples
    --------
    >>> harmless('"</script>"')
    '"\\u003c/script>"'
    """
    return json_text.replace("<", "\\u003c")


def asset(name: str) -> str:
    """Return the text of one of our own files."""
    return (files("nonlin.explorer") / "assets" / name).read_text(encoding="utf-8")


def _code(activations: Sequence[Activation]) -> str:
    parts = [script(activations), *map(asset, SCRIPTS)]
    return "\n".join(["", *parts])


def _style() -> str:
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}"
    return f"\n:root {{ {_variables(LIGHT)} }}\n{dark}\n{asset('explorer.css')}"


def _variables(theme: Theme) -> str:
    plain: dict[str, Any] = asdict(theme)
    named = {name: colour for name, colour in plain.items() if name != "series"}
    return " ".join(
        f"--{name}: {colour};"
        for name, colour in (named | {f"series-{i}": c for i, c in enumerate(theme.series)}).items()
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
