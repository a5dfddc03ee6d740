"""Every name of the catalog in every bridge: nothing is left out, and what cannot be says so in one line."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import nonlin as nl
from nonlin.bridges.javascript import javascript
from nonlin.bridges.latex import latex
from nonlin.bridges.mathml import mathml
from nonlin.errors import InvalidInput

NAMES = nl.names()
DRAWS_ROWS = [n for n in NAMES if nl.get(n).card.kind == "stochastic" and not nl.get(n).card.noise[2]]
X = np.random.default_rng(0).normal(scale=2, size=(4, 6)).astype(np.float32)
NOISE = np.random.default_rng(1).uniform(0.2, 0.3, X.shape).astype(np.float32)


def noise(name: str) -> dict[str, Any]:
    """Return the noise of what draws some."""
    return {"noise": NOISE} if nl.get(name).card.kind == "stochastic" else {}


def truth(name: str, x: Any = X) -> Any:
    return nl.get(name)(x.astype(float), **noise(name))


def pulled(name: str, g: Any) -> Any:
    """Return the pullback in NumPy; of an elementwise one without `vjp` for doubles of both."""
    return nl.get(name).vjp(X.astype(float), g.astype(float), **noise(name))


def near(got: Any, wanted: Any, digits: float = 2e-5) -> None:
    np.testing.assert_allclose(np.asarray(got), wanted, rtol=digits, atol=3e-6)


@pytest.mark.parametrize("name", NAMES)
def test_in_pytorch(name: str) -> None:
    torch = pytest.importorskip("torch")
    import nonlin.torch as nlt

    given = {n: torch.tensor(v) for n, v in noise(name).items()}
    wanted, module = truth(name), nlt.module(name).eval()
    for f in (getattr(nlt.functional, name), module):
        x = torch.tensor(X, requires_grad=True)
        y = f(x, **given)
        assert y.dtype == torch.float32
        near(y.detach(), wanted)
        g = np.resize(X, wanted.shape)
        if y.requires_grad:
            y.backward(torch.tensor(g))
            near(x.grad, pulled(name, g), 1e-4)
        assert f(x.detach().bfloat16(), **given).dtype == torch.bfloat16
    assert module.load_state_dict(nlt.module(name).state_dict())


@pytest.mark.parametrize("name", NAMES)
def test_in_jax(name: str) -> None:
    jax = pytest.importorskip("jax")
    import nonlin.jax as nlj

    f = lambda x: getattr(nlj, name)(x, **noise(name))  # noqa: E731
    wanted = truth(name)
    value, pull = jax.vjp(jax.jit(f), X)
    near(value, wanted)
    g = np.resize(X, wanted.shape)
    near(pull(jax.numpy.asarray(g))[0], pulled(name, g), 1e-4)
    assert jax.eval_shape(f, jax.ShapeDtypeStruct(X.shape, "bfloat16")).dtype == "bfloat16"


@pytest.mark.parametrize("name", NAMES)
def test_in_onnx_runtime(name: str) -> None:
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    import nonlin.onnx

    split = {"gate": "last"} if nl.get(name).card.kind == "gated" else {}
    model = nonlin.onnx.model(name, **split)
    assert {node.domain for node in model.graph.node} == {""}
    session = runtime.InferenceSession(model.SerializeToString())
    given = noise(name) if name in DRAWS_ROWS else {}
    near(session.run(None, {"x": X, **given})[0], nl.get(name)(X.astype(float), **given))
    assert nonlin.onnx.function(name).name == name


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_in_node(tmp_path: Path) -> None:
    lines = []
    for name in NAMES:
        (tmp_path / f"{name}.mjs").write_text(javascript(nl.get(name)))
        stochastic = "f(row, noise)" if name in DRAWS_ROWS else "row.map((v, i) => f(v, noise[i]))"
        call = {
            "rowwise": "f(row)",
            "stochastic": stochastic,
            "gated": "row.slice(0, 3).map((v, i) => f(v, row[3 + i]))",
        }
        lines.append(f"  {{ const m = await import('./{name}.mjs'), f = m.{name} ?? m.{name}_;")
        lines.append(f"    out.push({call.get(nl.get(name).card.kind, 'row.map((v) => f(v))')}); }}")
    row, drawn = (json.dumps(a[0].astype(float).tolist()) for a in (X, NOISE))
    (tmp_path / "run.mjs").write_text(
        f"const row = {row}, noise = {drawn}, out = [];\n"
        + "\n".join(lines)
        + "\nconsole.log(JSON.stringify(out));\n"
    )
    told = subprocess.run(["node", str(tmp_path / "run.mjs")], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    for name, got in zip(NAMES, json.loads(told.stdout), strict=True):
        given = {"noise": NOISE[0]} if nl.get(name).card.kind == "stochastic" else {}
        given |= {"axis": -1} if nl.get(name).card.kind == "rowwise" else {}
        wanted = nl.get(name)(X[0].astype(float), **given)
        np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-14, err_msg=name)


@pytest.mark.parametrize("name", NAMES)
def test_in_latex_and_mathml(name: str) -> None:
    text = latex(nl.get(name))
    assert text.count("{") == text.count("}")
    assert all(" = " in line for line in text.splitlines())
    for line in mathml(nl.get(name)).splitlines():
        assert ElementTree.fromstring(line).tag == "math"


@pytest.mark.parametrize("name", NAMES)
def test_in_pandas_xarray_and_dask(name: str) -> None:
    """What keeps a shape keeps its kind and labels, lazily where dask is inside; the others name the way."""
    pd, xr = pytest.importorskip("pandas"), pytest.importorskip("xarray")
    da, f = pytest.importorskip("dask.array"), nl.get(name)
    x, given, wanted = X.astype(float), noise(name), truth(name)
    table = pd.DataFrame(x, columns=list("abcdef"))
    array = xr.DataArray(x, dims=("time", "kind"))
    lazy = da.from_array(x, chunks=(2, 6) if f.card.axis == -1 else (4, 3))
    in_parts = f.card.rows[0] != "whole"
    for one in (table, array, lazy, xr.DataArray(lazy, dims=array.dims)):
        is_lazy = "dask" in type(getattr(one, "data", one)).__module__ or one is lazy
        if name == "maxout" or (in_parts and is_lazy):
            with pytest.raises(InvalidInput, match=r"give numpy\.asarray of"):
                f(one)
            continue
        got = f(one, **given)
        if name not in DRAWS_ROWS:
            assert type(got) is type(one)
            assert ("dask" in type(getattr(got, "data", got)).__module__) == is_lazy
        near(got, wanted, 1e-12)


def test_a_gated_one_keeps_the_labels_of_its_values() -> None:
    pd, xr = pytest.importorskip("pandas"), pytest.importorskip("xarray")
    x = X.astype(float)
    table = pd.DataFrame(x, columns=list("abcdef"))
    assert list(nl.glu(table).columns) == ["a", "b", "c"]
    assert list(nl.glu(table, gate="first").columns) == ["d", "e", "f"]
    assert list(nl.glu(table, gate="interleaved", axis=1).columns) == ["b", "d", "f"]
    assert list(nl.glu(table, axis=0).index) == [0, 1]
    near(nl.glu(table, gate="interleaved"), nl.glu(x, gate="interleaved"), 1e-15)
    array = xr.DataArray(x, dims=("time", "kind"), coords={"kind": list("abcdef")})
    for axis, number in (("kind", 1), ("time", 0)):
        got = nl.swiglu(array, axis=axis, gate="first", beta=0.5)
        near(got, nl.swiglu(x, axis=number, gate="first", beta=0.5), 1e-15)
        assert got.dims == array.dims
    with pytest.raises(InvalidInput, match="only a NumPy array is split into values and gates, not a pandas"):
        nl.glu.grad(table)


@pytest.mark.parametrize("name", NAMES)
def test_initial_weights_for_every_name_or_a_reason(name: str) -> None:
    torch = pytest.importorskip("torch")
    import nonlin.torch as nlt

    model = torch.nn.Sequential(torch.nn.Linear(64, 64), nlt.module(name).eval())
    if nl.get(name).card.kind != "elementwise" and name != "rrelu":
        with pytest.raises(nl.errors.NonlinError, match=name):
            nlt.init_(model, for_=name)
        return
    nlt.init_(model, for_=name)
    assert torch.isfinite(model[0].weight).all()
    assert model[0].weight.std() > 0
