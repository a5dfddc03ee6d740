"""`nonlin explore`: the file it writes, with a person's own function, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from nonlin.cli import application
from nonlin.errors import NonlinError

OWN = """
import nonlin as nl

@nl.activation
def wavy(x, a=0.5):
    "A wavy line."
    return x + a * nl.sin(x)
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "wavy_file.py").write_text(OWN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    return lambda *words: (
        CliRunner().invoke(application(), ["explore", *words], catch_exceptions=True),
        opened,
    )


def data_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition('id="catalog">')[2].partition("</script>")[0]


def entries_of(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(data_of(path))["entries"]
    return found


def test_it_writes_one_file_and_opens_it_only_if_asked(run: Any, tmp_path: Path) -> None:
    done, opened = run("--out", "a.html", "--no-open", "--with", "wavy_file:wavy")
    assert (done.exit_code, done.output.strip(), opened) == (0, "wrote a.html", [])
    first, *others = entries_of(tmp_path / "a.html")
    assert (first["name"], first["origin"], first["summary"]) == ("wavy", "wavy_file:wavy", "A wavy line.")
    assert "from wavy_file import wavy" in first["code"]["NumPy"]
    assert "gelu" in [entry["name"] for entry in others]
    done, opened = run("--out", "b.html")
    assert opened == [(tmp_path / "b.html").as_uri()]


def test_speeds_are_those_of_the_record(run: Any, tmp_path: Path) -> None:
    shipped, mine = Path(__file__).parents[2] / "docs/bench.json", tmp_path / "mine.json"
    mine.write_text(
        shipped.read_text(encoding="utf-8").replace('"AMD EPYC"', '"My <own> machine"'), encoding="utf-8"
    )
    done, _ = run("--out", "a.html", "--no-open", "--bench", "mine.json")
    assert done.exit_code == 0
    assert json.loads(data_of(tmp_path / "a.html"))["where"].startswith("My <own> machine")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--with", "gelu"], "package.module:name"),
        (["--with", "no_such_file:wavy"], "no_such_file"),
        (["--with", "wavy_file:flat"], "flat"),
        (["--out", "missing/a.html"], "cannot be written"),
        (["--bench", "missing.json"], "--bench 'missing.json' cannot be read"),
        (["--bench", "wavy_file.py"], "no benchmark written by nonlin bench"),
    ],
)
def test_what_it_refuses(run: Any, words: list[str], told: str) -> None:
    done, opened = (
        run(*words, "--no-open") if "--out" in words else run(*words, "--out", "a.html", "--no-open")
    )
    assert isinstance(done.exception, NonlinError)
    assert told in str(done.exception)
    assert opened == []
