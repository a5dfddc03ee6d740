"""The lines to copy run as they stand, and give what the library gives."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.explorer.code import code

os.environ.setdefault("KERAS_BACKEND", "jax")  # its own default needs TensorFlow
X = np.linspace(-3, 3, 8)
PAIRS = [(name, word) for name in nl.names() for word in ("NumPy", "ONNX") if word in code(nl.get(name))]
EACH = ("gelu", "leaky_relu", "softmax", "maxout", "swiglu", "rrelu", "gumbel_softmax")


def ran(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(text, names)
    return names


def truth(f: Any) -> np.ndarray:
    return np.asarray(f(X, np.linspace(3, -3, 8)) if f.card.kind == "gated" else f(X))


@pytest.mark.parametrize(("name", "word"), PAIRS)
def test_numpy_and_onnx(name: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if word == "ONNX":
        pytest.importorskip("onnx")
    made, f = ran(code(nl.get(name))[word], tmp_path, monkeypatch), nl.get(name)
    if word == "ONNX":
        assert (tmp_path / f"{name}.onnx").stat().st_size > 0
    elif f.card.kind != "stochastic":
        assert np.asarray(made["y"]).tolist() == truth(f).tolist()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gumbel_softmax", "# Its inputs are x and noise."),
        ("swiglu", "# Its inputs are x and gate."),
        ("rrelu", "# As it is evaluated: leaky_relu with the mean slope."),
        ("gelu", ""),
    ],
)
def test_a_model_in_onnx_has_the_inputs_that_are_told(
    name: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("onnx")
    text = code(nl.get(name))["ONNX"].partition("\n\n# ONNX's own")[0]
    inputs = [one.name for one in ran(text, tmp_path, monkeypatch)["model"].graph.input]
    assert [line for line in text.splitlines() if line.startswith("#")] == ([told] if told else [])
    assert inputs == (told[:-1].partition("are ")[2].split(" and ") if "inputs" in told else ["x"])


@pytest.mark.parametrize("word", ["PyTorch", "JAX", "Keras"])
@pytest.mark.parametrize("name", EACH)
def test_tensors(name: str, word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip({"PyTorch": "torch"}.get(word, word.lower()))
    made, f = ran(code(nl.get(name))[word], tmp_path, monkeypatch), nl.get(name)
    y = np.asarray(made["y"], float)
    if f.card.kind == "stochastic":
        assert y.shape == X.shape
    else:
        assert y == pytest.approx(truth(f), rel=1e-5, abs=1e-6)


def test_a_persons_own_is_imported_from_where_it_is(own: Any) -> None:
    lines = code(own["my.functions:bent"], "my.functions:bent")
    assert set(lines) == {"NumPy", "PyTorch", "JAX", "Keras", "ONNX"}
    for text in lines.values():
        assert "from my.functions import bent\n" in text
    assert "nlt.module(bent, a=0.5)" in lines["PyTorch"]
