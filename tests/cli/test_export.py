"""`nonlin export`: what it writes, where, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import nonlin as nl
from nonlin.bridges.javascript import javascript
from nonlin.bridges.latex import latex
from nonlin.bridges.mathml import mathml
from nonlin.cli import application
from nonlin.cli.commands.export import FORMATS
from nonlin.errors import NonlinError


def run(*words: str) -> Any:
    return CliRunner().invoke(application(), ["export", *words])


@pytest.mark.parametrize(
    ("form", "write"), [("javascript", javascript), ("latex", latex), ("mathml", mathml)]
)
def test_text_goes_to_standard_output_or_a_file(form: str, write: Any, tmp_path: Path) -> None:
    assert run(form, "GELU").output == write(nl.gelu)
    path = tmp_path / "a"
    assert run(form, "GELU", "--out", str(path)).output == f"wrote {path}\n"
    assert path.read_text() == write(nl.gelu)


def test_onnx_goes_to_a_file_or_a_pipe(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    path = tmp_path / "a.onnx"
    assert run("onnx", "silu", "--out", str(path)).exit_code == 0
    assert onnx.load(path).graph.name == "silu"
    assert run("onnx", "silu").stdout_bytes == path.read_bytes()


def test_an_onnx_model_of_a_gated_one_has_two_inputs_or_splits_one(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    from onnx.reference import ReferenceEvaluator

    path, z = tmp_path / "a.onnx", np.float32([[3.0, -3.0, 2.0, -2.0]])
    for order in ("last", "first", "interleaved"):
        assert run("onnx", "swiglu", "--gate", order, "--out", str(path)).exit_code == 0
        with np.errstate(over="ignore"):
            (got,) = ReferenceEvaluator(onnx.load(path)).run(None, {"x": z})
        np.testing.assert_allclose(got, nl.swiglu(z, gate=order), rtol=1e-6)
    assert run("onnx", "swiglu", "--out", str(path)).exit_code == 0
    assert [given.name for given in onnx.load(path).graph.input] == ["x", "gate"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("onnx", "glu", "--gate", "lst"), "gate='lst' is no order of values and gates in one array. Did you mean"),
        (("onnx", "relu", "--gate", "last"), "relu has no gate, so it takes no gate='last'"),
        (("javascript", "glu", "--gate", "last"), "--gate last splits the one input of an ONNX model; javascript"),
    ],
)  # fmt: skip
def test_a_gate_is_refused_in_one_line_where_there_is_none(words: tuple[str, ...], told: str) -> None:
    pytest.importorskip("onnx")
    refused = run(*words).exception
    assert isinstance(refused, NonlinError)
    assert told in str(refused)
    assert "\n" not in str(refused)


def test_onnx_is_not_printed_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnx")
    terminal = SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr("nonlin.cli.commands.export.sys", terminal)
    result = run("onnx", "silu")
    assert "nonlin export onnx silu --out silu.onnx" in str(result.exception)
    assert result.output == ""
    assert run("latex", "silu").output == latex(nl.silu)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("latx", "gelu"), "no format is called 'latx'. Did you mean 'latex'? There are: onnx, javascript"),
        (("latex", "misch"), "Did you mean 'mish'"),
        (
            ("latex", "gelu", "--out", "/no/such/folder/a"),
            "'/no/such/folder/a' cannot be written: there is no folder '/no/such/folder'",
        ),
    ],
)
def test_refuses_in_one_line(words: tuple[str, ...], told: str) -> None:
    refused = run(*words).exception
    assert isinstance(refused, NonlinError)
    assert told in str(refused)
    assert "\n" not in str(refused)


def test_bad_input_ends_with_code_two() -> None:
    words = [sys.executable, "-m", "nonlin", "export", "pdf", "gelu"]
    result = subprocess.run(words, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("nonlin: no format is called 'pdf'")


def test_help_names_the_formats_and_an_example() -> None:
    text = " ".join(run("--help").output.split())
    assert "nonlin export javascript gelu --out gelu.mjs" in text
    assert "nonlin export onnx swiglu --gate last --out swiglu.onnx" in text
    assert all(form in text for form in FORMATS)
