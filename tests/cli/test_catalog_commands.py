"""`nonlin list`, `show` and `plot`: what they print, what they refuse, and in how many words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import nonlin
from nonlin.cli import application
from nonlin.errors import NonlinError


def run(*words: str) -> Any:
    return CliRunner().invoke(application(), list(words))


def refused(*words: str) -> str:
    result = run(*words)
    assert isinstance(result.exception, NonlinError), result.output
    return str(result.exception)


def test_list_names_every_activation_within_eighty_columns() -> None:
    lines = run("list").output.splitlines()
    assert {line.split()[0] for line in lines if line.startswith("  ") and line.split()} >= set(
        nonlin.names()
    )
    assert max(map(len, lines)) <= 80


def test_list_as_json_holds_parameters_and_sources() -> None:
    entries = {entry["name"]: entry for entry in json.loads(run("list", "--json").output)}
    assert list(entries) == nonlin.names()
    assert entries["leaky_relu"]["parameters"] == {"negative_slope": 0.01}
    assert all(entry["source"] and entry["summary"] for entry in entries.values())


def test_show_says_formula_slope_facts_source_and_aliases() -> None:
    text = run("show", "GELU_new").output
    for words in (
        "gelu_tanh",
        "f'(x) =",
        "1.53358",
        "-0.170041",
        "arXiv:1606.08415",
        "gelu_pytorch_tanh",
        "proved",
    ):
        assert words in text, words


def test_show_as_json_holds_the_facts() -> None:
    entry = json.loads(run("show", "selu", "--json").output)
    assert entry["facts"]["gain"] == pytest.approx(1)
    assert entry["facts"]["gaussian"]["mean"] == pytest.approx(0, abs=1e-12)
    assert entry["facts"]["known"]["gain"]["how"] == "proved"


def test_show_of_a_row_function_has_no_facts_of_one_number() -> None:
    text = run("show", "softmax").output
    assert "exp(z_i / T) / sum_j exp(z_j / T)" in text
    assert "Lipschitz" not in text


def test_an_unknown_name_is_repeated_with_the_nearest() -> None:
    assert "'misch'" in refused("show", "misch")
    assert "Did you mean 'mish'" in refused("plot", "misch")


@pytest.mark.parametrize("end", ["png", "svg", "pdf"])
def test_plot_writes_a_picture(end: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{end}"
    assert run("plot", "relu", "gelu", "--layout", "overlay", "--out", str(path)).output == f"wrote {path}\n"
    assert path.read_bytes()[:5] in {b"\x89PNG\r", b"<?xml", b"%PDF-"}


def test_plot_draws_a_family(tmp_path: Path) -> None:
    path = tmp_path / "family.svg"
    assert run("plot", "leaky_relu", "--vary", "negative_slope=0.01,0.3", "--out", str(path)).exit_code == 0
    assert path.read_text().count("negative_slope=0.") >= 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("gelu", "--out", "a.doc"), "--out 'a.doc' does not end in .png or .svg or .pdf"),
        (("softmax",), "softmax mixes the elements of a row"),
        (("gelu", "--low", "3", "--high", "1"), "from 3 to 1"),
        (("swish", "--vary", "beta=a"), "--vary 'beta=a'"),
        (("swish", "--vary", "bata=1"), "no parameter 'bata'. Did you mean 'beta'"),
    ],
)
def test_plot_refuses_in_one_line(words: tuple[str, ...], told: str) -> None:
    text = refused("plot", *words)
    assert told in text
    assert "\n" not in text


def test_bad_input_ends_in_one_line_and_code_two() -> None:
    result = subprocess.run([sys.executable, "-m", "nonlin", "show", "misch"], capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("nonlin: no activation is called 'misch'.")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["list", "show", "plot", "study", "bench", "certify"])
def test_help_shows_an_example(name: str) -> None:
    assert f"nonlin {name}" in " ".join(run(name, "--help").output.split())
