"""`nonlin bench` as it is typed: a table or JSON out, one line for whatever is wrong."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from functools import partial

import pytest

from nonlin.bench import Record

TINY = ["--sizes", "64", "--threads", "1", "--rivals", "numpy", "--budget", "0.05"]


IMPATIENT = """
from nonlin.cli import main, progress
progress.SECONDS_BETWEEN_LINES = 0
main()
"""


@pytest.fixture
def run(typed):
    return partial(typed, "bench")


def test_a_table_is_printed(run, tmp_path):
    code, out, err = run("--functions", "relu,silu", *TINY, "--out", tmp_path / "b.json")
    assert code == 0, err
    for said in ("relu", "silu", "NumPy", "× copy", "exact gradient", "WHERE NONLIN IS BEHIND", "numpy 2"):
        assert said in out
    assert max(map(len, out.splitlines())) <= 120
    record = Record.from_json((tmp_path / "b.json").read_text())
    assert {result.case.function for result in record.results} == {"relu", "silu"}


def test_json_and_nothing_else(run):
    code, out, _ = run("--functions", "relu", *TINY, "--json")
    assert code == 0
    assert len(json.loads(out)["results"]) == 4
    assert Record.from_json(out).complete


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rivals", "tourch"], "nonlin: no rival is called 'tourch'. Did you mean 'torch'?"),
        (["--functions", "gelu,silo"], "nonlin: no activation is called 'silo'. Did you mean 'silu'"),
        (["--sizes", "many"], "nonlin: --sizes 'many': give whole numbers separated by commas"),
        (["--threads", "x"], "nonlin: --threads x: give 'all' or a number"),
        (["--budget", "-1"], "nonlin: --budget -1: give a positive number of seconds"),
        (
            ["--out", "nowhere/b.json"],
            "nonlin: --out 'nowhere/b.json' cannot be written: there is no folder 'nowhere'",
        ),
    ],
)
def test_bad_input_ends_in_one_line_and_exit_code_2(run, words, said):
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert err.startswith(said)
    assert err.count("\n") == 1


def test_help_shows_an_example(run):
    code, out, _ = run("--help")
    assert code == 0
    assert "nonlin bench --functions gelu,silu" in out
    assert "nonlin[bench]" in out


def test_control_c_prints_what_was_measured(tmp_path):
    words = ["bench", "--threads", "1", "--rivals", "numpy", "--sizes", "64,4096", "--budget", "60", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, *words, "--out", str(tmp_path / "b.json")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    told = iter(process.stderr.readline, "")
    assert any(line.startswith("3 of ") for line in told)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "interrupted after" in err
    record = Record.from_json(out)
    assert not record.complete
    assert record.results
    assert Record.from_json((tmp_path / "b.json").read_text()) == record
