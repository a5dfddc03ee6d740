"""`nonlin compare`: facts side by side, differences, one's own function too; and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import nonlin as nl
from nonlin.cli import application
from nonlin.errors import NonlinError

MINE = """import nonlin as nl

@nl.activation
def mine(x):
    "Twice the ReLU."
    return 2 * nl.relu(x)

@nl.activation
def wave(x):
    "A wave."
    return nl.sin(x)
"""


def run(*words: str) -> Any:
    return CliRunner().invoke(application(), list(words))


def test_facts_stand_side_by_side_and_differences_below() -> None:
    text = run("compare", "relu", "softplus", "--no-cost").output
    assert max(map(len, text.splitlines())) <= 80
    rows = {
        " ".join(line.split()[:-2]): line.split()[-2:] for line in text.splitlines() if len(line.split()) > 2
    }
    assert rows["gain"] == [f"{nl.relu.facts.gain:.6g}", f"{nl.softplus.facts.gain:.6g}"]
    assert rows["chance of slope 0"] == ["0.5", "0"]
    differ, same = text.split("Facts that are the same")
    assert "monotone" in same
    assert "monotone" not in differ
    value = next(line for line in text.splitlines() if line.startswith("relu and softplus  value"))
    assert value.split()[4:] == ["0.693147", "0", "0", "0"]
    assert "time of f" not in text


def test_as_json_everything_is_there_and_nothing_that_json_lacks() -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    told = json.loads(run("compare", "relu", "GELU", "step", "--json").output, parse_constant=refuse)
    assert [a["name"] for a in told["activations"]] == ["relu", "gelu", "step"]
    assert all(a["cost"]["value"] > 0 for a in told["activations"])
    assert [(d["of"], d["quantity"]) for d in told["differences"]][:2] == [
        (["relu", "gelu"], "value"),
        (["relu", "gelu"], "slope"),
    ]
    assert len(told["differences"]) == 6
    assert told["differences"][0]["largest"] == pytest.approx(0.16997120747990366, abs=1e-12)


def test_one_s_own_can_be_shown_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "compared_module.py").write_text(MINE)
    monkeypatch.chdir(tmp_path)
    told = json.loads(
        run("compare", "relu", "compared_module:mine", "--no-cost", "--high", "4", "--json").output
    )
    assert told["differences"][0]["largest"] == pytest.approx(4)
    assert told["differences"][1]["far_right"] == 1
    assert "Twice the ReLU." in run("show", "compared_module:mine").output
    assert "none at -inf, none at inf" in " ".join(run("show", "compared_module:wave").output.split())
    assert "sin" in run("export", "latex", "compared_module:wave").output
    refused = run("show", "compared_module:nl").exception
    assert "is of type module; let it name an activation" in str(refused)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("gelu",), "nothing to compare 'gelu' with"),
        (("gelu", "softmax"), "softmax is no function of one number"),
        (("gelu", "gleu"), "'gelu'"),
        (("gelu", "relu", "--low", "3", "--high", "1"), "from 3 to 1 are no stretch"),
        (("gelu", "no_such_module:f"), "there is no module 'no_such_module'"),
    ],
)
def test_it_refuses_in_one_line(words: tuple[str, ...], told: str) -> None:
    refused = run("compare", *words).exception
    assert isinstance(refused, NonlinError)
    assert told in str(refused)
    assert "\n" not in str(refused)
