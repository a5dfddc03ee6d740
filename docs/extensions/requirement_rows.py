"""What was asked for, what does it and which test holds it: one file, shown by the directive `requirements`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from writing import rows as table

FILE = Path(__file__).parents[1] / "requirements.toml"

SETTING = """
import numpy as np, torch, nonlin, nonlin.exercises
import nonlin as nl, nonlin.torch as nlt

x = np.linspace(-3, 3, 13)

@nl.activation
def bent(x, a=0.5):
    "Bent identity with an adjustable bend."
    return x + a * (nl.hypot(x, 1) - 1)
"""
"""What every call finds."""

CHAPTERS = {
    "A": "The functions",
    "B": "What is known of each",
    "C": "Pictures",
    "D": "Experiments",
    "E": "Choosing",
    "F": "Common mistakes",
    "G": "PyTorch",
    "H": "Exercises",
}


@dataclass(frozen=True)
class Row:
    """One thing that was asked for."""

    id: str
    asked: str
    calls: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()


def rows_of(text: str) -> list[Row]:
    return [
        Row(**{k: tuple(v) if isinstance(v, list) else v for k, v in row.items()})
        for row in tomllib.loads(text)["row"]
    ]


def namespace() -> dict[str, Any]:
    found: dict[str, Any] = {"__name__": "requirements"}
    exec(compile(SETTING, "<setting>", "exec"), found)
    return found


def given(call: str, names: dict[str, Any]) -> str:
    """Return what a call gives, as Python shows it."""
    import numpy as np

    with np.printoptions(suppress=True, linewidth=100):
        return repr(eval(compile(call, "<call>", "eval"), names))


class Requirements(SphinxDirective):
    """A table of every row; then, by chapter, each call with what it gives when the page is built."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(FILE))
        names, rows = namespace(), rows_of(FILE.read_text())
        told = ["## All of it", table(["", "asked for", "done by", "tests"], map(_line, rows))]
        for letter, title in CHAPTERS.items():
            told.append(f"## {letter}. {title}")
            told += [_told(row, names) for row in rows if row.id.startswith(letter)]
        return self.parse_text_to_nodes("\n\n".join(told), allow_section_headings=True)


def _line(row: Row) -> list[str]:
    by = [*(f"`nonlin {command}`" for command in row.commands[:2]), *(f"`{call}`" for call in row.calls[:1])]
    pages = [f"[]({page})" for page in row.pages[:1]]
    return [row.id, row.asked, ", ".join((by + pages)[:2]), str(len(row.tests))]


def _told(row: Row, names: dict[str, Any]) -> str:
    parts = [f"**{row.id}** {row.asked}."]
    if row.calls:
        session = "\n".join(f">>> {call}\n{given(call, names)}" for call in row.calls)
        parts.append(f"```pycon\n{session}\n```")
    if row.commands:
        parts.append("```console\n" + "\n".join(f"$ nonlin {command}" for command in row.commands) + "\n```")
    if row.pages:
        parts.append("See " + ", ".join(f"[]({page})" for page in row.pages) + ".")
    parts.append("Held by " + ", ".join(f"`{test}`" for test in row.tests) + ".")
    return "\n\n".join(parts)


def setup(app: Any) -> dict[str, bool]:
    app.add_directive("requirements", Requirements)
    return {"parallel_read_safe": True}
