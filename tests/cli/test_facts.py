"""`nonlin facts`: prints, writes, refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from nonlin.cli import application
from nonlin.errors import InvalidInput


def run(*words: str) -> str:
    result = CliRunner().invoke(application(), ["facts", *words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_it_says_value_proof_and_reason() -> None:
    text = run("gelu")
    for words in ("-0.169971", "Proved", "1.53353044", "rigorous integration", "Lipschitz".lower()):
        assert words in text, words
    assert "Measured" not in text


def test_json_holds_every_fact_and_how_it_is_known() -> None:
    told = json.loads(run("selu", "--json"))
    assert told["self_normalising"]["fate"] == "attracting"
    assert told["known"]["gain"]["how"] == "proved"
    assert [t["name"] for t in json.loads(run("relu", "tanh", "--json"))] == ["relu", "tanh"]


def test_the_cost_is_measured_when_asked_for() -> None:
    assert json.loads(run("relu", "--json", "--cost"))["cost"]["value"] > 0


def test_a_function_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "of_mine.py").write_text(
        "import nonlin as nl\n\n@nl.activation\ndef swing(x):\n    return x * nl.cos(x)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    text = run("of_mine:swing")
    assert "Numeric, not proved" in text
    assert "perhaps more" in text
    with pytest.raises(InvalidInput, match="of_mine:swing"):
        run("of_mine:swing", "--write", str(tmp_path))


def test_files_are_written(tmp_path: Path) -> None:
    assert str(tmp_path / "relu.json") in run("relu", "--write", str(tmp_path))
    assert json.loads((tmp_path / "relu.json").read_text())["facts"]["mean"]["value"] == pytest.approx(
        0.398942, abs=1e-6
    )


def test_what_has_no_facts_is_refused() -> None:
    with pytest.raises(InvalidInput, match="softmax mixes"):
        run("softmax")
    with pytest.raises(InvalidInput, match="give a name"):
        run()
