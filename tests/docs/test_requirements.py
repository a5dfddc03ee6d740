"""Every row of what was asked for is done by something that is there, runs, and is held by a test."""

from __future__ import annotations

import ast
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from nonlin import exercises, lab
from nonlin.cli import application

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "docs/extensions"))

from requirement_rows import FILE, Row, given, namespace, rows_of  # noqa: E402

ASKED = [
    *(f"A{i}" for i in range(1, 17)), "B", "C", *(f"D{i}" for i in range(1, 16)), "E", "F", "G", "H",
]  # fmt: skip
FIGURES = {
    "nl.sigmoid([-5.0, -2.0, 0.0, 2.0, 5.0]).round(4)": "array([0.0067, 0.1192, 0.5   , 0.8808, 0.9933])",
    "nl.sigmoid.grad([-5.0, -2.0, 0.0, 2.0, 5.0]).round(4)": "array([0.0066, 0.105 , 0.25  , 0.105 , 0.0066])",
    "nl.sigmoid.facts.lipschitz": "0.25",
    "nl.tanh.grad([0.0, 1.0, 2.0, 3.0]).round(4)": "array([1.    , 0.42  , 0.0707, 0.0099])",
    "nl.softmax([2.0, 1.0, 0.1]).round(4)": "array([0.659 , 0.2424, 0.0986])",
    "nl.softmax([-2.4, 0.9, -0.1]).round(8)": "array([0.0262558 , 0.71186405, 0.26188015])",
    "round(nl.silu.facts.range.low, 3), round(nl.mish.facts.range.low, 3)": "(-0.278, -0.309)",
    "round(nl.gelu.facts.range.low, 2)": "-0.17",
    "round(float((nl.sigmoid(0.0) - 1) * nl.sigmoid.grad(0.0)), 3)": "-0.125",
    "f'{(nl.sigmoid(-10.0) - 1) * nl.sigmoid.grad(-10.0):.2e}'": "'-4.54e-05'",
    "[round(float(nl.get(n).grad(1.0)), 4) for n in ('relu', 'sigmoid', 'tanh', 'leaky_relu', 'elu', 'quick_gelu')]": (
        "[1.0, 0.1966, 0.42, 1.0, 1.0, 1.0678]"
    ),
}
"""Figures that the tutorials print, for the calls that give them."""

QUICK = ("list", "show", "facts", "compare", "export", "advise", "exercise")
"""Commands that are run; the others are parsed, and what they name must be there."""

ROWS = rows_of(FILE.read_text())
CALLS = [(row.id, call) for row in ROWS for call in row.calls]
COMMANDS = sorted({command for row in ROWS for command in row.commands})
PAGES = sorted({page for row in ROWS for page in row.pages})
TESTS = sorted({test for row in ROWS for test in row.tests})


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return namespace()


def test_every_row_is_there_once_and_in_order() -> None:
    assert [row.id for row in ROWS] == ASKED


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_says_what_does_it_and_what_holds_it(row: Row) -> None:
    assert len(row.asked) > 20
    assert row.calls or row.commands
    assert row.tests


@pytest.mark.parametrize(("row", "call"), CALLS)
def test_a_call_runs_and_gives_the_figures_that_are_known(row: str, call: str, names: dict[str, Any]) -> None:
    found = given(call, names)
    assert found not in ("False", "None"), call
    assert found == FIGURES.get(call, found)


def test_every_figure_is_of_a_call_that_is_there() -> None:
    assert set(FIGURES) <= {call for _, call in CALLS}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_there_with_what_it_names(command: str) -> None:
    first, *rest = shlex.split(command)
    known = typer.main.get_command(application()).commands  # type: ignore[attr-defined]
    known[first].make_context(first, [*rest])
    if first == "experiment":
        assert rest[0] in lab.names()
    if first == "exercise" and rest:
        assert exercises.exercise(rest[0]).title
    if first in QUICK:
        result = CliRunner().invoke(application(), [first, *rest])
        assert result.exit_code == 0, result.output
        assert result.stdout


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_there(page: str) -> None:
    assert (ROOT / "docs" / page).is_file()


@pytest.mark.parametrize("test", TESTS)
def test_a_test_that_holds_a_row_is_there(test: str) -> None:
    path, _, function = test.partition("::")
    defined = {
        n.name for n in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(n, ast.FunctionDef)
    }
    assert function in defined if function else any(name.startswith("test_") for name in defined)


def test_a_row_that_points_nowhere_would_be_seen(names: dict[str, Any]) -> None:
    with pytest.raises(AttributeError):
        given("nl.geluu(1.0)", names)
    with pytest.raises(KeyError):
        test_a_command_is_there_with_what_it_names("explode")
    with pytest.raises(AssertionError):
        test_a_test_that_holds_a_row_is_there("tests/docs/test_requirements.py::test_nothing")
    with pytest.raises(AssertionError):
        test_a_page_is_there("nowhere.md")
