"""An activation as an ONNX model of its own, or as a function for somebody else's."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from onnx import FunctionProto, ModelProto, OperatorSetIdProto, ValueInfoProto, defs, helper

import nonlin
from nonlin.bridges.onnx.body import GATE, INPUT, NOISE, OUTPUT, Body, body
from nonlin.errors import InvalidInput
from nonlin.workbench import Activation
from nonlin.workbench.splitting import Order

OLDEST = 13
DOMAIN = "nonlin"


def model(
    activation: str | Activation,
    *,
    opset: int = 18,
    dtype: str = "float32",
    inputs: Collection[str] = (),
    axis: int | None = None,
    gate: Order | None = None,
    shape: Sequence[int | str] | None = None,
    **parameters: float,
) -> ModelProto:
    """Return an activation as a model of standard operators: out = f(x), for x of any shape.

    Tails, subnormals and limits are kept as far as the runtime's Exp, Log and Tanh keep them: a few ulp, where
    the operators of the same name lose all digits (ONNX Runtime's Sigmoid is 0 at -20). gelu_tanh and quick_gelu
    lose up to 170 ulp far on the left, where the rounded argument of an exponential is large. That takes more nodes
    than those operators do, 5 for ReLU, 18 for SiLU, 56 for GELU; where speed matters more, take the operator.
    softmax and log_softmax are the operators; of rrelu it is the evaluation form.

    Parameters
    ----------
    activation : str or Activation
        A name or alias, or an activation such as `nonlin.gelu` or your own.
    opset : int
        The version of the standard operators, from 13 on.
    dtype : "float32", "float64", "float16" or "bfloat16"
        Of input and output; half precision is computed in float32, and rounded once.
    inputs : collection of str, optional
        The parameters that are inputs of the model, of any shape that broadcasts against x; the others are
        constants.
    axis : int
        The axis along which softmax and its relatives work, and gated ones split; unless given the activation's own,
        mostly -1.
    gate : {"last", "first", "interleaved"}, optional
        Where the gates of a gated one stand in x along the axis: x then holds values and gates. Unless given, they
        are two inputs.
    shape : sequence of int or str, optional
        The shape of x and of the output, such as ("batch", 64); of maxout and of values and gates in one the output
        is shorter.
        Unless given it is left open: ONNX Runtime and the reference evaluator then take any, while `onnx.checker`
        asks every model for a shape.
    **parameters : float
        Values of the activation's parameters, for constants.

    Returns
    -------
    onnx.ModelProto
        With inputs "x", "gate" if it is a gated one of two, "noise" if it is a row that draws (such as
        `nonlin.gumbel_softmax.draw` gives), and those asked for, and the output "out".

    Raises
    ------
    UnknownActivation, UnknownParameter
        If there is no such name.
    InvalidInput
        If opset or dtype is none that can be written, or x cannot be split.

    Examples
    --------
    >>> import numpy as np, nonlin.onnx
    >>> from onnx.reference import ReferenceEvaluator
    >>> model = nonlin.onnx.model("leaky_relu", negative_slope=0.5)
    >>> ReferenceEvaluator(model).run(None, {"x": np.float32([-1, 2])})
    [array([-0.5,  2. ], dtype=float32)]
    """
    chosen = _chosen(activation, parameters)
    axis = chosen.card.axis if axis is None else axis
    made = body(chosen, dtype, inputs, axis, opset, gate)
    taken = [_typed(name, made, shape if name in (INPUT, GATE, NOISE) else None) for name in made.inputs]
    given = [_typed(OUTPUT, made, _shape_of_output(chosen, shape, axis, gate))]
    graph = helper.make_graph(made.nodes, chosen.name, taken, given, doc_string=chosen.summary)
    opsets = _opsets(opset)
    version = max(8, helper.find_min_ir_version_for(opsets))
    return helper.make_model(graph, opset_imports=opsets, ir_version=version, producer_name="nonlin")


def function(
    activation: str | Activation,
    *,
    name: str | None = None,
    opset: int = 18,
    dtype: str = "float32",
    inputs: Collection[str] = (),
    axis: int | None = None,
    gate: Order | None = None,
    **parameters: float,
) -> FunctionProto:
    """Return an activation as a function of the domain "nonlin", to be put into a model's `functions`.

    Parameters
    ----------
    activation, opset, dtype, inputs, axis, gate, **parameters
        As in `model`.
    name : str, optional
        The operator that nodes ask for; the activation's name unless given.

    Returns
    -------
    onnx.FunctionProto
        The model that takes it in imports the domain "nonlin", version 1, and the same opset.

    Examples
    --------
    >>> import nonlin.onnx
    >>> silu = nonlin.onnx.function("silu")
    >>> silu.domain, silu.name, list(silu.input)
    ('nonlin', 'silu', ['x'])
    """
    chosen = _chosen(activation, parameters)
    axis = chosen.card.axis if axis is None else axis
    made = body(chosen, dtype, inputs, axis, opset, gate)
    return helper.make_function(
        DOMAIN,
        name or chosen.name,
        list(made.inputs),
        [OUTPUT],
        made.nodes,
        _opsets(opset),
        doc_string=chosen.summary,
    )


def _chosen(activation: str | Activation, parameters: dict[str, float]) -> Activation:
    found = nonlin.get(activation) if isinstance(activation, str) else activation
    if not isinstance(found, Activation):
        raise InvalidInput(
            f"an activation or its name is needed, such as 'gelu' or nonlin.gelu; not {found!r}"
        )
    return found.bind(**parameters)


def _shape_of_output(
    activation: Activation, shape: Sequence[int | str] | None, axis: int, gate: Order | None
) -> Sequence[int | str] | None:
    """Return the shape of the input, but for blocks, which give one number each, and values and gates in one."""
    kind, by = activation.card.rows
    if shape is None or (kind != "blocks" and gate is None):
        return shape
    count = 2 if gate else int(activation.card.defaults[by])
    if not -len(shape) <= axis < len(shape):
        raise InvalidInput(f"{activation.name} has no axis {axis} in x of shape {tuple(shape)}")
    lengths, length = list(shape), shape[axis]
    if gate and isinstance(length, int) and length % 2:
        raise InvalidInput(
            f"{activation.name} splits axis {axis} into values and gates, and its length {length} is odd: "
            f"shape {tuple(shape)}"
        )
    lengths[axis] = length // count if isinstance(length, int) else "halves" if gate else "blocks"
    return lengths


def _typed(name: str, made: Body, shape: Sequence[int | str] | None = None) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, made.element, shape)


def _opsets(opset: int) -> list[OperatorSetIdProto]:
    newest = defs.onnx_opset_version()
    if not isinstance(opset, int) or not OLDEST <= opset <= newest:
        raise InvalidInput(f"opset={opset!r}: this version of onnx writes {OLDEST} to {newest}")
    return [helper.make_opsetid("", opset)]
