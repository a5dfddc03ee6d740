"""`nonlin certify` at a terminal: one function, several, a person's own, the table, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nonlin", "certify", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_persons_own_function_is_certified_and_written(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import nonlin as nl\n\n@nl.activation\ndef bent(x):\n"
        '    "Bent identity."\n    return x + (nl.hypot(x, 1) - 1) / 2\n'
    )
    words = ("mine:bent", "--blocks", "8", "--json", "--out", "found")
    done = run(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["function"] == "bent"
    assert told["command"].startswith("nonlin certify mine:bent ")
    assert json.loads((tmp_path / "found/bent-float32-exact.json").read_text()) == told


def test_a_promise_that_is_missed_is_told_by_the_exit_code(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import nonlin as nl\n\n@nl.activation\ndef bent(x):\n"
        '    "Its square overflows."\n    return x + (nl.sqrt(x**2 + 1) - 1) / 2\n'
    )
    done = run("mine:bent", "--blocks", "8", folder=tmp_path)
    assert done.returncode == 1
    assert "misses its promise" in done.stdout


def test_several_functions_make_a_table_that_can_be_shown_again(tmp_path: Path) -> None:
    done = run("relu", "tanh", "--dtype", "float16", "--out", "found", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "relu" in done.stdout
    assert "tanh" in done.stdout
    table = run("--table", "--markdown", "--out", "found", folder=tmp_path).stdout.splitlines()
    assert len(table) == 4
    assert table[2] == "| `relu` | all | all |"
    worst = run("--table", "--markdown", "--summary", "--out", "found", folder=tmp_path).stdout.splitlines()
    assert worst[2:] == ["| float16 | 2 | 2 | 0.500 | 0.500 | 100 % | none |"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "give a name"),
        (("geluu",), "Did you mean"),
        (("--table", "--summary"), "--summary is for --table --markdown"),
        (("softmax",), "input by input"),
        (("gelu", "--dtype", "int8"), "int8"),
        (("gelu", "--what", "bend"), "bend"),
        (("gelu", "--dtype", "float64", "--exhaustive"), "2^64"),
        (("nowhere:mine",), "nowhere"),
    ],
)
def test_what_cannot_be_certified_ends_in_one_line_and_code_2(
    words: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    done = run(*words, folder=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
