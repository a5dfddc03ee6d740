"""`nonlin experiment`: lists questions, runs one or all, writes pages and pictures, says what fails."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from typer.testing import CliRunner

from nonlin import lab
from nonlin.cli import application
from nonlin.errors import NonlinError

MINE = """import nonlin as nl

@nl.activation
def mine(x):
    "Twice the ReLU."
    return 2 * nl.relu(x)
"""


WATCHED = """
from nonlin.cli import main
from nonlin.lab.experiments import approximation

fitted, told = approximation.fitted, []

def watched(*given):
    fit = fitted(*given)
    told or told.append(print("at work", flush=True))
    return fit

approximation.fitted = watched
main()
"""


def run(*words: str) -> Any:
    return CliRunner().invoke(application(), ["experiment", *words])


def test_without_a_name_it_lists_every_question() -> None:
    text = " ".join(run().output.split())
    for name in lab.names():
        assert f"{name} {lab.find(name).question}" in text
    assert json.loads(run("--json").output)["one-neuron"] == lab.find("one-neuron").question


def test_one_is_run_with_its_own_options() -> None:
    result = run("vanishing-gradient", "--activation", "silu", "--depth=12", "--inputs", "50", "--json")
    told = json.loads(result.output)
    assert result.exit_code == 0
    assert told["settings"] | {"activation": "silu", "depth": "12", "inputs": "50"} == told["settings"]


def test_what_is_printed_is_complete_in_eighty_columns() -> None:
    text = run("one-neuron").output
    assert max(map(len, text.splitlines())) <= 80
    assert "A sigmoid neuron saturates: dL/dw is -0.125" in text
    assert "nonlin experiment one-neuron --activation sigmoid" in text


def test_an_assertion_that_fails_is_told_and_is_exit_code_1() -> None:
    result = run("depth-without-activation", "--activation", "identity", "--steps", "20")
    assert result.exit_code == 1
    assert "does not hold" in result.output


def test_one_s_own_activation_takes_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "experiment_module.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    told = json.loads(run("one-neuron", "--activation", "experiment_module:mine", "--json").output)
    assert told["numbers"]["of"]["mine"]["dL/dw"][1] == -2


@pytest.mark.parametrize("name", lab.names())
def test_each_tells_its_options(name: str) -> None:
    text = run(name, "--help").output
    assert lab.find(name).question.split()[0] in text
    assert "--seed" in text


@pytest.mark.parametrize("end", ["png", "svg"])
def test_a_picture_is_written(tmp_path: Path, end: str) -> None:
    file = tmp_path / f"neuron.{end}"
    assert run("one-neuron", "--out", str(file)).exit_code == 0
    assert file.read_bytes()[:5] in (b"\x89PNG\r", b"<?xml")


def test_a_page_is_written_and_fetches_nothing(tmp_path: Path) -> None:
    file = tmp_path / "lab.html"
    assert run("one-neuron", "--report", str(file)).exit_code == 0
    text = file.read_text()
    assert "default-src &#39;none&#39;" in text
    assert "How much does one neuron learn" in text


def test_an_interrupt_leaves_one_line() -> None:
    words = [sys.executable, "-c", WATCHED, "experiment", "approximation", "--seeds", "1000"]
    with subprocess.Popen(words, stdout=PIPE, stderr=PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "at work\n"
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=120)
    assert (out, said) == ("", "nonlin: interrupted during approximation; nothing was written\n")
    assert process.returncode == 130


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("one-neurn",), "Did you mean 'one-neuron'"),
        (("one-neuron", "--activtion", "relu"), "Did you mean '--activation'"),
        (("one-neuron", "--far"), "--far needs a value, such as --far -10"),
        (("one-neuron", "relu"), "'relu' is no option"),
        (("one-neuron", "--activation", "rleu"), "'rleu'"),
        (("one-neuron", "--activation", "no_such_module:f"), "there is no module 'no_such_module'"),
        (("one-neuron", "--out", "a.gif"), "'a.gif' does not end in .png or .svg or .pdf"),
        (("one-neuron", "--report", "no/such/folder/a.html"), "there is no folder 'no/such/folder'"),
        (("one-neuron", "--report", "a.txt"), "'a.txt' does not end in .html"),
        (("depth-without-activation", "--sizes", "3,2,1"), "--sizes 3,2,1: begin and end with 1"),
        (("linear-regions", "--activation", "gelu"), "gelu is not of straight pieces"),
        (("--all", "one-neuron"), "leave out 'one-neuron'"),
        (("--all", "--out", "a.png"), "--out a.png draws one experiment"),
    ],
)
def test_it_refuses_in_one_line(words: tuple[str, ...], told: str) -> None:
    refused = run(*words).exception
    assert isinstance(refused, NonlinError)
    assert told in str(refused)
    assert "\n" not in str(refused)
