"""Gated activations in PyTorch, JAX, ONNX, JavaScript, LaTeX and MathML: as in NumPy, with gradients."""

from __future__ import annotations

import copy
import json
import pickle
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

torch = pytest.importorskip("torch")

import nonlin.torch as nlt  # noqa: E402

NAMES = [name for name in nl.names() if nl.get(name).card.kind == "gated"]
ORDERS = ("last", "first", "interleaved")
F32 = np.float32


def numbers(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape) * 3


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_torch_gives_the_bits_of_numpy_in_value_and_both_gradients(name: str, dtype: Any) -> None:
    x, gate, g = (torch.tensor(numbers(3, 5, seed=s), dtype=dtype) for s in (1, 2, 3))
    leaves = x.clone().requires_grad_(), gate.clone().requires_grad_()
    y = getattr(nlt.functional, name)(*leaves)
    y.backward(g)
    assert torch.equal(y.detach(), torch.tensor(nl.get(name)(x.numpy(), gate.numpy())))
    wanted = nl.get(name).vjp(x.numpy(), gate.numpy(), g.numpy())
    assert all(torch.equal(t.grad, torch.tensor(d)) for t, d in zip(leaves, wanted, strict=True))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("dim", [0, -1])
@pytest.mark.parametrize("name", ["glu", "swiglu_clamped"])
def test_torch_splits_as_numpy_does(name: str, dim: int, order: Any) -> None:
    z = torch.tensor(numbers(4, 6), dtype=torch.float32, requires_grad=True)
    module = nlt.module(name, dim=dim, gate=order)
    y = module(z)
    y.sum().backward()
    f = nl.get(name)
    assert torch.equal(y.detach(), torch.tensor(f(z.detach().numpy(), axis=dim, gate=order)))
    assert torch.equal(z.grad, torch.tensor(f.grad(z.detach().numpy(), axis=dim, gate=order)))


@pytest.mark.parametrize("name", NAMES)
def test_torch_derives_it_twice(name: str) -> None:
    x, gate = (torch.tensor(numbers(6, seed=s), dtype=torch.float64, requires_grad=True) for s in (1, 2))
    parameters = {
        p.name: torch.tensor(p.default, dtype=torch.float64, requires_grad=True)
        for p in nl.get(name).parameters
    }

    def f(x: Any, gate: Any, *values: Any) -> Any:
        return getattr(nlt.functional, name)(x, gate, **dict(zip(parameters, values, strict=True)))

    assert torch.autograd.gradcheck(f, (x, gate, *parameters.values()))
    assert torch.autograd.gradgradcheck(f, (x, gate, *parameters.values()))
    z = torch.cat([x, gate]).detach().requires_grad_()
    assert torch.autograd.gradgradcheck(getattr(nlt.functional, name), (z,))


@pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")
@pytest.mark.parametrize("name", NAMES)
def test_torch_transforms_and_compilers_see_the_same(name: str) -> None:
    z = torch.tensor(numbers(4, 6), dtype=torch.float32, requires_grad=True)
    module, wanted = nlt.module(name), None
    (wanted,) = torch.autograd.grad(module(z).sum(), z)
    torch.testing.assert_close(torch.vmap(module)(z), module(z))
    torch.testing.assert_close(torch.func.grad(lambda t: module(t).sum())(z.detach()), wanted)
    torch._dynamo.reset()
    compiled = torch.compile(module, fullgraph=True, backend="eager")
    torch.testing.assert_close(torch.autograd.grad(compiled(z).sum(), z)[0], wanted)
    torch._dynamo.reset()
    half = module(z.detach().bfloat16())
    assert half.dtype == torch.bfloat16
    torch.testing.assert_close(
        half.float(), module(z.detach().bfloat16().float()).bfloat16().float(), rtol=8e-3, atol=0
    )


def test_torch_broadcasts_and_mixes_dtypes() -> None:
    x = torch.randn(3, 1, requires_grad=True)
    gate = torch.randn(4, dtype=torch.float64, requires_grad=True)
    y = nlt.functional.swiglu(x, gate)
    assert (y.shape, y.dtype) == ((3, 4), torch.float64)
    y.sum().backward()
    assert (x.grad.shape, x.grad.dtype, gate.grad.shape) == ((3, 1), torch.float32, (4,))
    x, gate = torch.randn(3, 1, requires_grad=True), torch.randn(1, 4, requires_grad=True)
    nlt.functional.swiglu(x, gate).sum().backward()
    by_x, by_gate = nl.swiglu.grad(x.detach().numpy(), gate.detach().numpy())
    np.testing.assert_allclose(x.grad.numpy()[:, 0], by_x.sum(1), rtol=1e-5)
    np.testing.assert_allclose(gate.grad.numpy()[0], by_gate.sum(0), rtol=1e-5)


def test_a_module_learns_says_what_it_is_and_is_stored() -> None:
    module = nlt.module("swiglu", learnable=["beta"], gate="first")
    assert repr(module) == "nonlin.swiglu(dim=-1, gate='first', beta=1 learned)"
    z = torch.randn(3, 4)
    module(z).sum().backward()
    wanted = nl.swiglu.param_grad(z.numpy(), "beta", gate="first").sum()
    assert module.beta.grad.item() == pytest.approx(float(wanted), rel=1e-5)
    for again in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        assert torch.equal(again(z), module(z))
    torch.testing.assert_close(nlt.module("glu")(z), torch.nn.GLU()(z))
    assert torch.equal(nlt.module("swiglu")(z, z), nlt.functional.swiglu(z, z))


@pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")
@pytest.mark.parametrize("name", ["swiglu", "swiglu_clamped"])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("channel_dim", [1, -1])
def test_each_channel_learns_parameters_of_its_own(name: str, order: Any, channel_dim: int) -> None:
    f, z = nl.get(name), torch.tensor(numbers(5, 4, 6), requires_grad=True)
    channels = 4 if channel_dim == 1 else 3
    names = [p.name for p in f.parameters]
    module = nlt.module(
        name, learnable=names, channels=channels, channel_dim=channel_dim, gate=order
    ).double()
    values = {n: np.linspace(0.5, 2, channels) * f.card.defaults[n] for n in names}
    shape = (channels, 1) if channel_dim == 1 else (channels,)
    given = {n: v.reshape(shape) for n, v in values.items()}
    with torch.no_grad():
        for n, v in values.items():
            getattr(module, n).copy_(torch.tensor(v))
    y = module(z)
    assert type(y.grad_fn).__name__ == "GatedOnKernelsBackward"
    wide, h = z.detach().numpy(), numbers(5, 4, 3, seed=3)
    np.testing.assert_array_equal(y.detach(), f(wide, gate=order, **given))
    y.backward(torch.tensor(h))
    np.testing.assert_array_equal(z.grad, f.vjp(wide, h, gate=order, **given))
    for n in names:
        change = h * f.param_grad(wide, n, gate=order, **given)
        np.testing.assert_allclose(
            getattr(module, n).grad,
            change.sum((0, 2) if channel_dim == 1 else (0, 1)),
            rtol=1e-10,
            atol=1e-12,
        )
    again = pickle.loads(pickle.dumps(module))
    again.load_state_dict(module.state_dict())
    assert torch.equal(again(z), y)
    torch._dynamo.reset()
    torch.testing.assert_close(torch.compile(module, fullgraph=True, backend="eager")(z), y)
    torch._dynamo.reset()


def test_glus_of_a_model_are_swapped_along_their_dimension() -> None:
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.GLU(dim=1))
    x = torch.randn(2, 4)
    with torch.no_grad():
        expected = model(x)
        swapped = nlt.swap(model, {"GLU": "glu"}).model
        assert repr(swapped[1]) == "nonlin.glu(dim=1, gate='last')"
        torch.testing.assert_close(swapped(x), expected)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: nlt.module("glu", gate="lst"), "gate='lst' is no order"),
        (lambda: nlt.module("relu", gate="last"), "relu has no gate, so it takes no gate=last"),
        (lambda: nlt.module("swiglu", channels=3), r"channels=3 needs a parameter to learn .*learnable=\['beta'\]"),
        (lambda: nlt.module("glu", channels=3), "glu has no parameter to learn"),
        (
            lambda: nlt.module("swiglu", learnable=["beta"], channels=4)(torch.ones(2, 4)),
            "swiglu has 4 channels in dimension 1, and was given a tensor of shape",
        ),
        (lambda: nlt.functional.glu(torch.ones(3)), "its length 3 is odd"),
        (lambda: nlt.functional.glu(torch.ones(3, dtype=torch.complex64)), "real tensors"),
        (lambda: nlt.init_(torch.nn.Linear(2, 2), for_="glu"), "glu has two inputs, .*so no gain"),
    ],
)  # fmt: skip
def test_torch_refuses_in_one_line(call: Any, told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        call()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", NAMES)
def test_jax_has_value_gradients_and_derivatives_of_any_order(name: str) -> None:
    jax = pytest.importorskip("jax")
    from jax.test_util import check_grads

    import nonlin.jax as nlj

    f, g = nl.get(name), getattr(nlj, name)
    x, gate = numbers(40).astype(F32), numbers(40, seed=2).astype(F32)
    np.testing.assert_allclose(jax.jit(g)(x, gate), f(x, gate), rtol=1e-5, atol=1e-7)
    for i, wanted in enumerate(f.grad(x, gate)):
        got = jax.grad(lambda *a: g(*a).sum(), argnums=i)(x, gate)
        np.testing.assert_allclose(got, wanted, rtol=1e-5, atol=3e-6)
    z = numbers(4, 6).astype(F32)
    for order in ORDERS:
        np.testing.assert_allclose(g(z, axis=0, gate=order), f(z, axis=0, gate=order), rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(jax.vmap(g)(z), f(z), rtol=1e-5, atol=1e-7)
    with jax.enable_x64(True):
        check_grads(g, (x[:8].astype(float), gate[:8].astype(float)), order=2)
    assert g(jax.numpy.ones(2, "bfloat16"), jax.numpy.ones(2, "bfloat16")).dtype == "bfloat16"


def test_jax_has_limits() -> None:
    pytest.importorskip("jax")
    import nonlin.jax as nlj

    x, gate = F32([np.inf, np.inf, 0, 1, np.nan]), F32([-np.inf, 2, np.inf, -np.inf, 1])
    np.testing.assert_array_equal(nlj.swiglu(x, gate), nl.swiglu(x, gate))


def evaluated(model: Any, **inputs: np.ndarray) -> np.ndarray:
    from onnx.reference import ReferenceEvaluator

    with np.errstate(all="ignore"):
        return np.asarray(ReferenceEvaluator(model).run(None, inputs)[0])


def in_runtime(model: Any, **inputs: np.ndarray) -> np.ndarray:
    ort = pytest.importorskip("onnxruntime")
    return np.asarray(ort.InferenceSession(model.SerializeToString()).run(None, inputs)[0])


@pytest.mark.parametrize("run", [evaluated, in_runtime])
@pytest.mark.parametrize("name", NAMES)
def test_onnx_models_compute_the_same(name: str, run: Any) -> None:
    pytest.importorskip("onnx")
    import nonlin.onnx

    x = np.append(numbers(60), [np.inf, np.nan, 0.0, 1.0]).astype(F32)
    gate = np.append(numbers(60, seed=2), [-np.inf, 1.0, np.inf, np.nan]).astype(F32)
    got = run(nonlin.onnx.model(name), x=x, gate=gate)
    np.testing.assert_allclose(got, nl.get(name)(x, gate), rtol=2e-5, atol=1e-30)


@pytest.mark.parametrize("opset", [13, 18, 21])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", NAMES)
def test_onnx_models_split_one_input(name: str, order: Any, opset: int) -> None:
    onnx = pytest.importorskip("onnx")
    import nonlin.onnx

    for axis, shape in ((-1, (3, 4)), (0, (4, 3)), (1, (2, 4, 3))):
        x = numbers(*shape).astype(F32)
        model = nonlin.onnx.model(name, gate=order, axis=axis, opset=opset)
        assert [i.name for i in model.graph.input] == ["x"]
        assert all(node.domain == "" for node in model.graph.node)
        wanted = nl.get(name)(x, axis=axis, gate=order)
        np.testing.assert_allclose(in_runtime(model, x=x), wanted, rtol=2e-5, atol=1e-30)
        if opset == 18:
            np.testing.assert_allclose(evaluated(model, x=x), wanted, rtol=2e-5, atol=1e-30)
            stated = nonlin.onnx.model(name, gate=order, axis=axis, opset=opset, shape=shape)
            onnx.checker.check_model(stated, full_check=True)
            assert in_runtime(stated, x=x).shape == wanted.shape


@pytest.mark.parametrize("order", ORDERS)
def test_onnx_splits_halves_and_open_lengths(order: Any) -> None:
    pytest.importorskip("onnx")
    import nonlin.onnx

    x = numbers(3, 4).astype(np.float16)
    model = nonlin.onnx.model("swiglu", gate=order, dtype="float16", inputs=["beta"], shape=("batch", "both"))
    got = in_runtime(model, x=x, beta=np.array(0.5, np.float16))
    np.testing.assert_array_equal(got, nl.swiglu(x, gate=order, beta=0.5))
    own = nonlin.onnx.function("glu", gate=order)
    assert list(own.input) == ["x"]
    with pytest.raises(Exception, match=r"(?i)split|reshape|mismatch"):  # the runtime's own
        in_runtime(nonlin.onnx.model("glu", gate=order), x=np.ones((2, 3), F32))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda model: model("glu", gate="lst"), "gate='lst' is no order of values and gates"),
        (lambda model: model("relu", gate="last"), "relu has no gate, so it takes no gate='last'"),
        (lambda model: model("glu", gate="last", shape=(2, 3)), "its length 3 is odd"),
        (lambda model: model("glu", gate="last", axis=2, shape=(2, 4)), "has no axis 2"),
    ],
)
def test_onnx_refuses_in_one_line(call: Any, told: str) -> None:
    pytest.importorskip("onnx")
    import nonlin.onnx

    with pytest.raises(InvalidInput, match=told):
        call(nonlin.onnx.model)


def test_an_onnx_parameter_can_be_an_input() -> None:
    pytest.importorskip("onnx")
    import nonlin.onnx

    model = nonlin.onnx.model("swiglu", inputs=["beta"], dtype="float64")
    x, gate, beta = numbers(5), numbers(5, seed=2), np.array(2.0)
    np.testing.assert_allclose(
        evaluated(model, x=x, gate=gate, beta=beta), nl.swiglu(x, gate, beta=2.0), rtol=1e-12
    )


@pytest.fixture
def onnx_swiglu() -> Any:
    """ONNX's own operator by its reference evaluator, as a function of its inputs A and B."""
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    if onnx.defs.onnx_opset_version() < 28:
        pytest.skip("SwiGLU came with opset 28")
    told = [helper.make_tensor_value_info(name, kind, None) for name in "ABY"]
    node = helper.make_node("SwiGLU", ["A", "B"], ["Y"], alpha=1.5)
    graph = helper.make_graph([node], "one", told[:2], told[2:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 28)])
    return lambda a, b: evaluated(model, A=a, B=b)


def in_onnx_dialect() -> Any:
    return nl.get("SwiGLU", dialect="onnx", alpha=1.5)


def test_the_swiglu_of_onnx_takes_the_gate_first_as_the_operator_does(onnx_swiglu: Any) -> None:
    a, b = numbers(3, 10).astype(F32), numbers(3, 10, seed=2).astype(F32)
    f, wanted = nl.get("SwiGLU", dialect="onnx"), onnx_swiglu(a, b)
    np.testing.assert_allclose(f(a, b, alpha=1.5), wanted, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(f(np.concatenate([a, b], -1), alpha=1.5), wanted, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(
        f(np.concatenate([b, a], -1), gate="last", alpha=1.5), wanted, rtol=1e-5, atol=1e-7
    )
    assert np.isnan(onnx_swiglu(F32([-np.inf]), F32([1.0])))  # what `differs` tells
    assert f(F32([-np.inf]), F32([1.0]), alpha=1.5) == 0


@pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")
def test_in_torch_a_dialect_that_has_the_gate_first_has_it_first(onnx_swiglu: Any) -> None:
    f, made = in_onnx_dialect(), nlt.module(in_onnx_dialect())
    a, b = (torch.tensor(numbers(3, 4, seed=s), dtype=torch.float32, requires_grad=True) for s in (1, 2))
    wanted = torch.tensor(onnx_swiglu(a.detach().numpy(), b.detach().numpy()))
    call = nlt.functional.function(f)
    for y in (
        call(a, b),
        made(a, b),
        made(x=b, gate=a),
        made(torch.cat([a, b], -1)),
        call(torch.cat([a, b], -1)),
    ):
        torch.testing.assert_close(y.detach(), wanted, rtol=1e-5, atol=1e-7)
    made(a, b).sum().backward()
    for t, d in zip((a, b), f.grad(a.detach().numpy(), b.detach().numpy()), strict=True):
        torch.testing.assert_close(t.grad, torch.tensor(d))
    again = pickle.loads(pickle.dumps(made))
    assert torch.equal(again(a, b), made(a, b))
    assert repr(again) == "nonlin.swiglu(dim=-1, gate='first', alpha=1.5)"
    torch._dynamo.reset()
    torch.testing.assert_close(torch.compile(made, fullgraph=True, backend="eager")(a, b), made(a, b))
    torch._dynamo.reset()


def test_what_replaces_a_glu_of_torch_has_its_gates_last_whatever_its_dialect() -> None:
    model, z = torch.nn.Sequential(torch.nn.GLU(dim=1)), torch.randn(2, 4)
    swapped = nlt.swap(model, {"GLU": in_onnx_dialect()}).model
    torch.testing.assert_close(swapped(z), nlt.functional.swiglu(z, beta=1.5))


def test_in_jax_a_dialect_that_has_the_gate_first_has_it_first(onnx_swiglu: Any) -> None:
    pytest.importorskip("jax")
    import nonlin.jax as nlj

    a, b = numbers(3, 4).astype(F32), numbers(3, 4, seed=2).astype(F32)
    call = nlj.function(in_onnx_dialect())
    for y in (call(a, b), call(np.concatenate([a, b], -1))):
        np.testing.assert_allclose(y, onnx_swiglu(a, b), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("shape", [(5,), ()])
def test_a_model_in_onnx_has_its_inputs_in_the_order_of_the_dialect(onnx_swiglu: Any, shape: Any) -> None:
    import nonlin.onnx

    a, b = (numbers(*shape, seed=s).astype(F32) if shape else F32(s) for s in (1, 2))
    model = nonlin.onnx.model(in_onnx_dialect())
    assert [one.name for one in model.graph.input] == ["gate", "x"]
    assert list(nonlin.onnx.function(in_onnx_dialect(), inputs=["alpha"]).input) == ["gate", "x", "alpha"]
    np.testing.assert_allclose(evaluated(model, gate=a, x=b), onnx_swiglu(a, b), rtol=1e-5, atol=1e-7)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_in_javascript_a_dialect_that_has_the_gate_first_has_it_first(tmp_path: Path) -> None:
    f = in_onnx_dialect()
    (tmp_path / "f.mjs").write_text(javascript(f))
    (tmp_path / "run.mjs").write_text(
        "import { swiglu as f, swiglu_slopes as d } from './f.mjs';\n"
        "console.log(JSON.stringify([f(-0.5, 3), ...d(-0.5, 3)]));\n"
    )
    told = subprocess.run(["node", str(tmp_path / "run.mjs")], capture_output=True, text=True, check=True)
    np.testing.assert_allclose(json.loads(told.stdout), [f(-0.5, 3.0), *f.grad(-0.5, 3.0)], rtol=1e-12)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
@pytest.mark.parametrize("name", NAMES)
def test_javascript_computes_the_same(name: str, tmp_path: Path) -> None:
    (tmp_path / "f.mjs").write_text(javascript(nl.get(name)))
    x = np.append(numbers(60), [1e300, 0.0]).tolist()
    gate = np.append(numbers(60, seed=2), [-1e300, 1e308]).tolist()
    (tmp_path / "run.mjs").write_text(
        f"import {{ {name} as f, {name}_slopes as d }} from './f.mjs';\n"
        f"const x = {json.dumps(x)}, gate = {json.dumps(gate)};\n"
        "console.log(JSON.stringify(x.map((v, i) => [f(v, gate[i]), ...d(v, gate[i])].map(String))));\n"
    )
    told = subprocess.run(["node", str(tmp_path / "run.mjs")], capture_output=True, text=True, check=True)
    got = np.array(json.loads(told.stdout.replace("Infinity", "inf")), float).T
    wanted = nl.get(name)(x, gate), *nl.get(name).grad(x, gate)
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-15)


def test_latex_and_mathml_have_the_value_and_both_slopes() -> None:
    assert latex(nl.bilinear) == (
        "f(x, \\mathrm{gate}) = \\mathrm{gate} x\n\\frac{\\partial f}{\\partial x} = \\mathrm{gate}\n"
        "\\frac{\\partial f}{\\partial \\mathrm{gate}} = x\n"
    )
    for name in NAMES:
        lines = mathml(nl.get(name)).splitlines()
        assert len(lines) == 3
        for line in lines:
            ElementTree.fromstring(line)  # our own text
