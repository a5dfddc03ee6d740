"""`nonlin advise`: what it prints, as text and as JSON, and what it refuses."""

from __future__ import annotations

import json
from functools import partial

import pytest


@pytest.fixture
def run(typed):
    return partial(typed, "advise")


def test_each_line_has_its_reason_its_source_and_its_evidence(run) -> None:
    code, out, _ = run("--architecture", "transformer", "--task", "multiclass", "--depth", "24")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    headings = [line for line in out.splitlines() if line.isupper()]
    assert headings[:3] == [
        "HIDDEN LAYERS: GELU",
        "OUTPUT AND LOSS: SOFTMAX",
        "INITIALISATION: NORMAL, STANDARD DEVIATION 0.02",
    ]
    for heading in headings[:4]:
        section = out[out.index(heading) :]
        assert "Why: " in section
    assert out.count("Proved fact: ") + out.count("Controlled study: ") + out.count("Common practice: ") >= 8


def test_json_holds_the_same(run) -> None:
    code, out, _ = run("--architecture", "mlp", "--task", "binary", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["hidden"]["choice"] == "relu"
    assert told["hidden"]["evidence"] == "common practice"
    assert {"rule", "text", "reason", "source", "evidence", "quotes"} <= told["initialisation"].keys()


def test_the_page_is_written_as_html(run, tmp_path) -> None:
    path = tmp_path / "advice.html"
    code, out, _ = run("--architecture", "cnn", "--task", "binary", "--report", str(path))
    assert code == 0
    assert out.startswith("Advice for a CNN, binary\n")
    assert "<title>Advice for a CNN, binary" in path.read_text()
    assert (
        run("--architecture", "cnn", "--task", "binary", "--report", str(tmp_path / "no" / "a.html"))[0] == 2
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ("--architecture", "mlp", "--task", "binary", "--report", "a.pdf"),
            "nonlin: --report 'a.pdf' does not end in",
        ),
        (("--task", "binary"), "nonlin: --architecture is missing; give one of mlp, cnn, transformer, rnn\n"),
        (("--architecture", "mlp"), "nonlin: --task is missing; give one of binary, "),
        (("--architecture", "mlpp", "--task", "binary"), "Did you mean 'mlp'?\n"),
        (("--architecture", "mlp", "--task", "binary", "--depth", "0"), "nonlin: depth=0: give the number"),
        (("--architecture", "mlp", "--task", "binary", "--activation", "gelo"), "Did you mean 'gelu'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(run, words, line) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert line in err
    assert err.count("\n") == 1
