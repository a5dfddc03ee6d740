"""Other frameworks' own functions, called by the spelling that the catalog gives, with their own gradients."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.dialects import Meaning

os.environ.setdefault("KERAS_BACKEND", "jax")  # its own default needs TensorFlow
os.environ.setdefault("DEV", "PYTHON")  # tinygrad's own default needs a compiler of C

Answer = tuple[np.ndarray, np.ndarray]

NEEDED = {
    "torch.nn.functional.prelu": {"weight": 0.25},
    "torch.prelu": {"weight": 0.25},
    "mlx.nn.prelu": {"alpha": 0.25},
}
"""Arguments that have no default there."""


def attribute(path: str) -> Any:
    """Return what a dotted path names: a function, a class, or a method of one."""
    parts = path.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            found: Any = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        for name in parts[end:]:
            found = getattr(found, name)
        return found
    raise AssertionError(f"{path} cannot be imported")


def with_slope(meaning: Meaning, spelling: str, x: np.ndarray, given: Mapping[str, Any]) -> Answer:
    """Return the framework's own value and slope."""
    arguments = {**NEEDED.get(spelling, {}), **dict(meaning.options), **given}
    return FRAMEWORKS[meaning.dialect](attribute(spelling), x, arguments)


def in_torch(native: Any, x: np.ndarray, arguments: Mapping[str, Any]) -> Answer:
    torch = pytest.importorskip("torch")
    leaf = torch.tensor(x, requires_grad=True)
    if "weight" in arguments:
        arguments = {"weight": torch.tensor([arguments["weight"]], dtype=leaf.dtype)}
    call = native(**arguments).to(leaf.dtype) if isinstance(native, type) else partial(native, **arguments)
    value = call(leaf)
    value.sum().backward()
    return value.detach().numpy(), leaf.grad.numpy()


def in_jax(native: Any, x: np.ndarray, arguments: Mapping[str, Any]) -> Answer:
    jax = pytest.importorskip("jax")
    with jax.enable_x64(x.dtype == np.float64):
        value, back = jax.vjp(lambda at: native(at, **arguments), jax.numpy.asarray(x))
        (slope,) = back(jax.numpy.ones_like(value))
        return np.asarray(value), np.asarray(slope)


def in_keras(native: Any, x: np.ndarray, arguments: Mapping[str, Any]) -> Answer:
    keras = pytest.importorskip("keras")
    call = native(**arguments) if isinstance(native, type) else partial(native, **arguments)
    return {"jax": in_jax, "torch": in_torch}[keras.backend.backend()](call, x.astype(np.float32), {})


def in_mlx(native: Any, x: np.ndarray, arguments: Mapping[str, Any]) -> Answer:
    mx = pytest.importorskip("mlx.core")
    arguments = {
        k: mx.array([v]) if k == "alpha" and native.__name__ == "prelu" else v for k, v in arguments.items()
    }
    call = native(**arguments) if isinstance(native, type) else partial(native, **arguments)
    at = mx.array(x.astype(np.float32))
    return np.array(call(at)), np.array(mx.grad(lambda a: call(a).sum())(at))


def in_tinygrad(native: Any, x: np.ndarray, arguments: Mapping[str, Any]) -> Answer:
    tinygrad = pytest.importorskip("tinygrad")
    at = tinygrad.Tensor(x.astype(np.float32).tolist(), device="PYTHON")
    value = native(at, **arguments)
    if native is tinygrad.Tensor.sign:  # its constant slope would be made by a compiler of C
        return np.float32(value.tolist()), np.zeros_like(x, np.float32)
    return np.float32(value.tolist()), np.float32(value.sum().gradient(at)[0].tolist())


FRAMEWORKS: Mapping[str, Callable[[Any, np.ndarray, Mapping[str, Any]], Answer]] = {
    "torch": in_torch, "jax": in_jax, "keras": in_keras, "mlx": in_mlx, "tinygrad": in_tinygrad,
}  # fmt: skip


def in_onnx(operator: str, x: np.ndarray, arguments: Mapping[str, Any]) -> np.ndarray:
    """Return the value by ONNX's own reference evaluator; it has no slopes."""
    onnx = pytest.importorskip("onnx")
    if operator.startswith("RNN."):
        return in_a_recurrent_step(operator.removeprefix("RNN."), x, arguments)
    from onnx.reference import ReferenceEvaluator

    told = {"PRelu": {"slope": 0.25}, "Clip": {"min": -1.0, "max": 1.0}}.get(operator, {})
    attributes = {k: v for k, v in arguments.items() if k not in told}
    shape = (1,) if operator == "PRelu" else ()
    inputs = {k: np.full(shape, arguments.get(k, v), np.float32) for k, v in told.items()}
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    node = helper.make_node(operator, ["x", *inputs], ["y"], **attributes)
    given = [helper.make_tensor_value_info(name, kind, None) for name in ("x", *inputs)]
    graph = helper.make_graph([node], "one", given, [helper.make_tensor_value_info("y", kind, None)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 24)])
    with np.errstate(all="ignore"):
        (value,) = ReferenceEvaluator(model).run(None, {"x": x.astype(np.float32), **inputs})
    return np.asarray(value)


def in_a_recurrent_step(activation: str, x: np.ndarray, arguments: Mapping[str, Any]) -> np.ndarray:
    """Return the value by ONNX Runtime's RNN, one step whose weight is 1; alpha and beta are told if not given."""
    onnx = pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")

    told = {**{p.name: p.default for p in nl.get(activation, dialect="onnx").parameters}, **arguments}
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    attributes = {f"activation_{name}": [float(value)] for name, value in told.items()}
    node = helper.make_node(
        "RNN", ["x", "w", "r"], ["y"], hidden_size=1, activations=[activation], **attributes
    )
    given = [helper.make_tensor_value_info(name, kind, [None, None, 1]) for name in ("x", "w", "r")]
    graph = helper.make_graph([node], "one", given, [helper.make_tensor_value_info("y", kind, None)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    one = np.ones((1, 1, 1), np.float32)
    (value,) = session.run(None, {"x": x.astype(np.float32).reshape(1, -1, 1), "w": one, "r": 0 * one})
    return np.asarray(value).reshape(x.shape)
