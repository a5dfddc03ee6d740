"""Sparsemax, 1.5-entmax, hardmax, softmin, maxout and the normalisations in PyTorch, ONNX and JavaScript."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

import nonlin as nl
import nonlin.torch as nlt
from nonlin.bridges.javascript import javascript
from nonlin.bridges.torch.recognition import of_module, words_of
from nonlin.errors import InvalidInput

F = nlt.functional
GIVEN: dict[str, dict[str, float]] = {
    "softmin": {"temperature": 0.5}, "hardmax": {}, "sparsemax": {}, "entmax15": {}, "layer_norm": {"eps": 0.1},
    "winner_take_all": {"k": 3},
    "rms_norm": {}, "batch_norm": {}, "group_norm": {"groups": 3}, "maxout": {"k": 3},
    "local_response_norm": {"size": 4, "alpha": 0.5},
}  # fmt: skip
NAMES = [pytest.param(n, g, id=n) for n, g in GIVEN.items()]
Z, G = np.random.default_rng(0).normal(size=(2, 3, 4, 6))
HARD = np.array(
    [[0.5, 0.3, 0.3, -np.inf, 0.1, 0.0], [np.inf, 1, 2, 3, 4, 5], [np.nan, 1, 2, 3, 4, 5], [7, 7, 7, 7, 7, 7]]
)


def upstream(y: Any) -> Any:
    return np.resize(G, y.shape)


# --- PyTorch -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dim", [None, 0, -1, (0, 2)])
@pytest.mark.parametrize(("name", "given"), NAMES)
def test_values_and_gradients_of_tensors(name: str, given: Any, dim: Any) -> None:
    z, f = torch.tensor(Z, requires_grad=True), nl.get(name)
    if name == "maxout" and dim == (0, 2):
        with pytest.raises(
            InvalidInput, match="maxout gives one number for 3, so it works along one axis, not 2"
        ):
            F.maxout(z, dim=dim, **given)
        return
    y = getattr(F, name)(z, dim=dim, **given)
    expected = f(Z, axis=dim, **given)
    np.testing.assert_allclose(y.detach(), expected, rtol=1e-15, atol=1e-15)
    y.backward(torch.tensor(upstream(expected)))
    np.testing.assert_allclose(
        z.grad, f.vjp(Z, upstream(expected), axis=dim, **given), rtol=1e-13, atol=1e-14
    )


@pytest.mark.parametrize(("name", "given"), NAMES)
def test_the_formula_in_pytorchs_operations(name: str, given: Any) -> None:
    """Under transforms, compilers and on other devices."""
    z, f = torch.tensor(Z), nl.get(name)
    value, pull = torch.func.vjp(torch.func.vmap(lambda t: getattr(F, name)(t, dim=-1, **given)), z)
    expected = f(Z, axis=-1, **given)
    np.testing.assert_allclose(value, expected, rtol=1e-13, atol=1e-14)
    (got,) = pull(torch.tensor(upstream(expected)))
    np.testing.assert_allclose(got, f.vjp(Z, upstream(expected), axis=-1, **given), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("name", "given"), NAMES)
def test_two_derivatives_in_pytorch(name: str, given: Any) -> None:
    z = torch.tensor(Z[0, :2], requires_grad=True)
    assert gradcheck(lambda t: getattr(F, name)(t, dim=-1, **given), z)
    if name != "hardmax":
        assert gradgradcheck(lambda t: getattr(F, name)(t, dim=-1, **given), z)


def test_images_are_normalised_as_by_pytorchs_layers() -> None:
    x = torch.randn(5, 6, 4, 4, generator=torch.Generator().manual_seed(0))
    for ours, theirs in (
        (nlt.module("batch_norm", dim=(0, 2, 3)), torch.nn.BatchNorm2d(6, affine=False)),
        (nlt.module("group_norm", groups=3, dim=(1, 2, 3)), torch.nn.GroupNorm(3, 6)),
        (nlt.module("layer_norm", dim=(1, 2, 3)), torch.nn.LayerNorm((6, 4, 4))),
        (nlt.module("local_response_norm", size=5, dim=1), torch.nn.LocalResponseNorm(5)),
    ):
        torch.testing.assert_close(ours(x), theirs(x))


def test_a_network_learns_through_them() -> None:
    torch.manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Linear(2, 24), nlt.module("maxout", k=3), nlt.module("batch_norm"), torch.nn.Linear(8, 3),
        nlt.module("entmax15"),
    )  # fmt: skip
    x = torch.randn(200, 2)
    y = torch.nn.functional.one_hot((x[:, 0] > 0).long() + (x[:, 1] > 0).long(), 3).float()
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = (model(x) - y).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]


def test_what_counts_is_not_learned_and_must_fit() -> None:
    with pytest.raises(InvalidInput, match="k counts, so it cannot be learned"):
        nlt.module("maxout", learnable=["k"])
    with pytest.raises(InvalidInput, match="6 elements cannot be cut into 4 equal groups"):
        F.group_norm(torch.tensor(Z), groups=4)
    with pytest.raises(InvalidInput, match=r"maxout: k=1.5 is no whole number"):
        F.maxout(torch.tensor(Z), k=1.5)


def test_normalisation_layers_are_not_taken_for_activations() -> None:
    assert words_of("layer_norm") == words_of("batch_norm") == set()
    assert of_module(torch.nn.LayerNorm(3)) is None
    assert words_of("softmin") == {"softmin"}


# --- ONNX ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opset", [13, 18, 21])
@pytest.mark.parametrize(("name", "given"), NAMES)
def test_as_standard_operators(name: str, given: Any, opset: int) -> None:
    onnx, runtime = pytest.importorskip("onnx"), pytest.importorskip("onnxruntime")
    from onnx.reference import ReferenceEvaluator

    import nonlin.onnx

    f, x = nl.get(name), Z.astype(np.float32)
    model = nonlin.onnx.model(name, opset=opset, **given)
    onnx.checker.check_model(nonlin.onnx.model(name, opset=opset, shape=(3, 4, 6), **given), full_check=True)
    session = runtime.InferenceSession(model.SerializeToString())
    for (got,) in (session.run(None, {"x": x}), ReferenceEvaluator(model).run(None, {"x": x})):
        np.testing.assert_allclose(got, f(x, **given), rtol=2e-6, atol=5e-7)
    if name not in ("group_norm", "maxout"):
        along = nonlin.onnx.model(name, opset=opset, axis=1, **given)
        session = runtime.InferenceSession(along.SerializeToString())
        np.testing.assert_allclose(
            session.run(None, {"x": x})[0], f(x, axis=1, **given), rtol=2e-6, atol=5e-7
        )


@pytest.mark.parametrize(
    "name", ["softmin", "hardmax", "sparsemax", "entmax15", "layer_norm", "rms_norm", "winner_take_all"]
)
def test_hard_rows_as_standard_operators(name: str) -> None:
    runtime = pytest.importorskip("onnxruntime")
    import nonlin.onnx

    x = HARD.astype(np.float32)
    session = runtime.InferenceSession(nonlin.onnx.model(name).SerializeToString())
    np.testing.assert_allclose(session.run(None, {"x": x})[0], nl.get(name)(x), rtol=2e-6, atol=5e-7)


def test_what_onnx_cannot_have_is_told() -> None:
    pytest.importorskip("onnx")
    import nonlin.onnx

    with pytest.raises(InvalidInput, match="in ONNX groups are cut along the last axis: axis=-1, not axis=1"):
        nonlin.onnx.model("group_norm", axis=1, groups=2)
    with pytest.raises(InvalidInput, match="k counts, so it is a constant and no input"):
        nonlin.onnx.model("maxout", inputs=["k"])


# --- JavaScript ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
@pytest.mark.parametrize(("name", "given"), NAMES)
def test_in_node(name: str, given: Any, tmp_path: Path) -> None:
    f, z = nl.get(name).bind(**given), Z[0, :2].ravel()
    g = upstream(f(z))
    calls = [
        f"{name}({json.dumps(z.tolist())})",
        f"{name}_vjp({json.dumps(z.tolist())}, {json.dumps(g.tolist())})",
    ]
    script = tmp_path / "run.mjs"
    script.write_text(f"{javascript(f)}\nconsole.log(JSON.stringify([{', '.join(calls)}]));\n")
    run = subprocess.run(["node", str(script)], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    value, product = json.loads(run.stdout)
    np.testing.assert_allclose(value, f(z), rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(product, f.vjp(z, g), rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", GIVEN)
def test_in_latex(name: str) -> None:
    assert len(nl.get(name).latex) > 10
    assert nl.get(name).latex.count("{") == nl.get(name).latex.count("}")
