"""`nonlin exercise`: the list, a task, a file to begin with, a verdict with its exit code."""

from __future__ import annotations

import json
from functools import partial

import pytest

from nonlin.exercises import exercise, names


@pytest.fixture
def run(typed, monkeypatch, tmp_path):
    """Type the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return partial(typed, "exercise")


def test_all_are_listed(run) -> None:
    code, out, _ = run()
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert all(f"  {name} " in out for name in names())
    assert [each["name"] for each in json.loads(run("--json")[1])] == list(names())


@pytest.mark.parametrize("name", names())
def test_a_task_shows_what_to_do_and_how_to_check(run, name) -> None:
    code, out, _ = run(name)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert f"nonlin exercise {name} my_answer.py" in out
    for ask in exercise(name).asks:
        assert ask.name in out
    assert json.loads(run(name, "--json")[1])["starter"] == exercise(name).starter


def test_the_starter_is_the_file_itself(run) -> None:
    assert run("selu", "--starter")[1] == exercise("selu").starter


def test_a_right_answer_ends_with_0_a_wrong_one_with_1(run, tmp_path) -> None:
    (tmp_path / "a.py").write_text("def relu(x):\n    return max(0.0, x)\n")
    assert run("relu", "a.py")[:2] == (0, "Right\nrelu: all 7 values are right.\n")
    (tmp_path / "a.py").write_text("print('seen')\ndef relu(x):\n    return min(0.0, x)\n")
    code, out, _ = run("relu", "a.py")
    assert code == 1
    assert out.startswith("Wrong\nrelu: relu(-3.0) is not right.")
    assert "expected  0" in out
    assert "got       -3" in out
    assert "Hint: That keeps the smaller of the two" in out
    assert "seen" in out
    told = json.loads(run("relu", "a.py", "--json")[1])
    assert (told["right"], told["where"], told["got"]) == (False, "relu(-3.0)", "-3")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("rellu",), "nonlin: no exercise is called 'rellu'. Did you mean 'relu'"),
        (
            ("relu", "nowhere.py"),
            "nonlin: nowhere.py is not there; nonlin exercise relu --starter > nowhere.py",
        ),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(run, words, line) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith(line)
    assert err.count("\n") == 1
