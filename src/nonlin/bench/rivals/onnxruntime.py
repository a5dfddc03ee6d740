"""ONNX Runtime on the processor: a model of one node, made in memory; values only."""

from __future__ import annotations

from typing import Any

from nonlin.bench.rivals import Rival
from nonlin.bench.setting import Ready, Setting
from nonlin.errors import require

OPSET = {"Swish": 24}  # Swish came with opset 24; every other node is older
ATTRIBUTES = {"negative_slope": "alpha", "beta": "alpha"}
WRITTEN: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "hard_sigmoid": (("HardSigmoid", {"alpha": 1 / 6, "beta": 0.5}),),
    "log_sigmoid": (("Neg", {}), ("Softplus", {}), ("Neg", {})),
    "relu6": (("Clip", {}),),
}
"""The chain of nodes for what has no twin among them."""


def set_up(setting: Setting) -> Ready | None:
    """Return a session's run, or its run with bound input and output; it computes no gradients."""
    if setting.task == "gradient" or setting.name == "identity":
        return None
    nodes = WRITTEN.get(setting.name) or _twin(setting)
    if nodes is None:
        return None
    further = _further(setting)
    session = _session(_model(nodes, further, setting.x.ndim), setting.threads)
    x = setting.x
    if setting.outputs is None:
        return Ready(lambda: session.run(None, {"x": x})[0])
    return _bound(session, setting)


def _twin(setting: Setting) -> tuple[tuple[str, dict[str, Any]], ...] | None:
    twin = setting.twins.get("onnx")
    if twin is None:
        return None
    given = {} if twin == "PRelu" else setting.parameters
    attributes = {ATTRIBUTES.get(name, name): number for name, number in given.items()}
    return ((str(twin), {**attributes, **getattr(twin, "arguments", {})}),)


def _further(setting: Setting) -> tuple[float, ...]:
    """Return the numbers that the node takes as inputs."""
    if setting.name == "prelu":
        return (setting.parameters["weight"],)
    return (0.0, 6.0) if setting.name == "relu6" else ()


def _model(nodes: Any, further: tuple[float, ...], dimensions: int) -> bytes:
    onnx = require("onnx", "bench")
    helper, float32 = onnx.helper, onnx.TensorProto.FLOAT
    shape = [f"d{i}" for i in range(dimensions)]
    names = ["x", *(f"h{i}" for i in range(1, len(nodes))), "y"]
    constants = [helper.make_tensor(f"c{i}", float32, [], [number]) for i, number in enumerate(further)]
    graph = helper.make_graph(
        [
            helper.make_node(op, [names[i], *(c.name for c in constants)], [names[i + 1]], **attributes)
            for i, (op, attributes) in enumerate(nodes)
        ],
        "one_activation",
        [helper.make_tensor_value_info("x", float32, shape)],
        [helper.make_tensor_value_info("y", float32, shape)],
        constants,
    )
    opset = max(OPSET.get(op, 20) for op, _ in nodes)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
    serialised: bytes = model.SerializeToString()
    return serialised


def _session(model: bytes, threads: int) -> Any:
    onnxruntime = require("onnxruntime", "bench")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _bound(session: Any, setting: Setting) -> Ready:
    (out,) = setting.outputs or ()
    binding = session.io_binding()
    for bind, name, array in (
        (binding.bind_input, "x", setting.x),
        (binding.bind_output, "y", out),
    ):
        bind(name, "cpu", 0, array.dtype, array.shape, array.ctypes.data)
    return Ready(lambda: session.run_with_iobinding(binding), lambda _: (out,))


RIVAL = Rival(
    "ONNX Runtime",
    ("onnxruntime", "onnx"),
    set_up,
    notes=(
        "ONNX Runtime runs a model of one node, with a bound output where outputs are reused; values only.",
    ),
)
