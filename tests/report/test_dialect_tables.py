"""Who means what: the table in `nonlin show`, the lists of words, and the page of names, which is fresh."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import nonlin as nl
from nonlin.cli import application
from nonlin.dialects import FRAMEWORKS, framework, meanings
from nonlin.errors import InvalidInput
from nonlin.report.dialect_tables import dialect_blocks, dialect_page, union_markdown
from nonlin.report.page import Table

PAGE = Path(__file__).parents[2] / "docs/names.md"


def run(*words: str, columns: int = 80) -> str:
    result = CliRunner().invoke(application(), list(words), env={"COLUMNS": str(columns)})
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_show_tells_who_means_what_by_the_name() -> None:
    lines = [line.split() for line in run("show", "gelu").splitlines()]
    assert ["jax", "gelu", "gelu_tanh", "but", "for", "2"] in lines
    assert ["jax", "gelu(approximate=False)", "gelu", "but", "for", "3"] in lines
    assert any("(pytorch#187806)" in word for line in lines for word in line)


def test_show_tells_defaults_and_kinks() -> None:
    text = run("show", "leaky_relu")
    assert "LeakyReLU              negative_slope=0.3" in text
    assert "alpha=0.01" in text
    assert "agrees, kink: right" in text
    assert max(map(len, text.splitlines())) <= 80


def test_show_as_json_holds_the_dialects() -> None:
    told = json.loads(run("show", "leaky_relu", "--json"))["dialects"]
    (onnx,) = (m for m in told if m["dialect"] == "onnx")
    assert onnx["words"] == {"negative_slope": "alpha"}
    assert list(onnx["parameters"]) == ["alpha"]
    assert {m["parameters"]["negative_slope"] for m in told if m["dialect"] == "keras"} == {0.2, 0.3}


def test_what_nobody_else_has_has_no_table() -> None:
    assert dialect_blocks("no_such_name") == []


@pytest.mark.parametrize("dialect", [f.word for f in FRAMEWORKS])
def test_every_word_of_a_listed_dialect_can_be_had(dialect: str) -> None:
    (table,) = dialect_page(framework(dialect)).blocks
    assert isinstance(table, Table)
    assert len(table.rows) >= 3
    for word, name, _ in table.rows:
        if "(" not in str(word):
            assert nl.get(str(word), dialect=dialect).name == name


def test_a_dialect_is_listed() -> None:
    lines = [line.split() for line in run("list", "--dialect", "PyTorch", columns=100).splitlines()]
    assert ["LeakyReLU", "leaky_relu", "negative_slope=0.01"] in lines
    assert ["gelu(approximate='tanh')", "gelu_tanh"] in lines


def test_an_unknown_dialect_is_refused() -> None:
    result = CliRunner().invoke(application(), ["list", "--dialect", "torsch"])
    assert isinstance(result.exception, InvalidInput)


def test_the_union_marks_who_has_what() -> None:
    marks = {
        line.split()[0]: line.split()[1:] for line in run("list", "--union").splitlines() if line.split()
    }
    assert len(marks["swish"]) == 1
    assert len(marks["relu"]) == 8
    entries: list[Any] = json.loads(run("list", "--union", "--json"))
    assert len(entries) == len(meanings())


def test_the_page_of_names_is_fresh() -> None:
    told = "docs/names.md is stale; make it by: nonlin list --union --markdown > docs/names.md"
    assert PAGE.read_text("utf-8") == run("list", "--union", "--markdown") == union_markdown(), told


def test_the_page_names_every_activation_and_every_reason() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"| `{name}` |" in text for name in nl.names())
    assert all(meaning.differs in text for meaning in meanings())
