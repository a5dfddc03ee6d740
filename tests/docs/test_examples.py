"""Every example in the documents runs, and shows what it really gives."""

from __future__ import annotations

import doctest
import os
import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from nonlin.cli import application

os.environ.setdefault("KERAS_BACKEND", "jax")  # its own default needs TensorFlow
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MADE = ("activations", "reference")
PAGES = sorted(p for p in DOCS.rglob("*.md") if p.relative_to(DOCS).parts[0] not in (*MADE, "pictures"))
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


def blocks(path: Path, language: str) -> list[str]:
    """Return the code of that language in a page, each block after as many empty lines as stand before it."""
    text = path.read_text()
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return ["\n" * text[: m.start(1)].count("\n") + m[1] for m in found]


def name(path: Path) -> str:
    return str(path.relative_to(DOCS))


@pytest.mark.parametrize("path", [p for p in PAGES if blocks(p, "pycon")], ids=name)
def test_a_page_s_sessions_show_what_python_shows(path: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": path.stem}
    with np.printoptions():
        for block in blocks(path, "pycon"):
            session = doctest.DocTestParser().get_doctest(block, namespace, name(path), str(path), 0)
            told: list[str] = []
            doctest.DocTestRunner(optionflags=FLAGS).run(session, out=told.append, clear_globs=False)
            namespace |= session.globs
            assert not told, "".join(told)


def typed(path: Path) -> list[str]:
    lines = "\n".join(blocks(path, "console")).splitlines()
    shown = re.findall(r"^```\{nonlin\} (.*)$", path.read_text(), re.MULTILINE)
    return [line.removeprefix("$ nonlin ") for line in lines if line.startswith("$ nonlin ")] + shown


COMMANDS = [(name(path), command) for path in PAGES for command in typed(path)]


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_command_of_a_page_exists_with_its_options(page: str, command: str) -> None:
    """Parsed, not run: those that show their output are run while the page is built."""
    known = typer.main.get_command(application()).commands  # type: ignore[attr-defined]
    first, *rest = shlex.split(command)
    assert first in known, f"{page}: nonlin {command}"
    known[first].make_context(f"nonlin {first}", rest, resilient_parsing=False)


def test_pages_have_examples_and_none_is_of_a_language_that_nobody_runs() -> None:
    assert len([p for p in PAGES if blocks(p, "pycon")]) > 10
    allowed = {"pycon", "console", "bash", "toml"}
    for path in PAGES:
        languages = set(re.findall(r"^```([a-z]+)$", path.read_text(), re.MULTILINE))
        assert languages <= allowed, (name(path), languages - allowed)


def test_shell_lines_are_of_installing_and_make_alone() -> None:
    """Nothing that this package does hides in a block that is not run."""
    for path in PAGES:
        for line in "\n".join(blocks(path, "bash")).split("\n"):
            assert re.match(r"$|pip install |make |# ", line), (name(path), line)
