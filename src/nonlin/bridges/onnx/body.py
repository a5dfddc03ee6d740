"""The nodes of one activation: computed in float32 or float64, NaN for NaN, the limit for an infinity."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from onnx import NodeProto, TensorProto, helper

from nonlin.bridges.guard import guarded
from nonlin.bridges.onnx import arranging
from nonlin.bridges.onnx.spelling import row_spelling, spelling, where
from nonlin.bridges.onnx.writer import Operand, Value, Writer
from nonlin.derivation.programs import programs
from nonlin.derivation.row_programs import row_program
from nonlin.derivation.steps import Program, Step, angles, run
from nonlin.errors import InvalidInput, UnknownParameter
from nonlin.vocabulary import Definition, GatedDefinition, RowDefinition
from nonlin.workbench import Activation, Gated
from nonlin.workbench.arranging import count_of
from nonlin.workbench.splitting import Order
from nonlin.workbench.stochastic import RandomRows, RandomSlope

DTYPES = {
    "float16": TensorProto.FLOAT16, "bfloat16": TensorProto.BFLOAT16,
    "float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE,
}  # fmt: skip

INPUT, GATE, NOISE, OUTPUT = "x", "gate", "noise", "out"  # no parameter is called so


@dataclass(frozen=True)
class Body:
    """Nodes from inputs to the output.

    Attributes
    ----------
    inputs : tuple of str
        "x", "gate" if it is a gated one of two inputs, in the order of its dialect, "noise" if it is a row that
        draws, then the parameters that are inputs.
    element : int
        The `TensorProto.DataType` of inputs and output.
    nodes : list of NodeProto
        The last one computes "out".
    """

    inputs: tuple[str, ...]
    element: int
    nodes: list[NodeProto]


def body(
    activation: Activation,
    dtype: str,
    inputs: Collection[str],
    axis: int,
    opset: int,
    gate: Order | None = None,
) -> Body:
    """Write the nodes of an activation; half precision is computed in float32, and rounded once.

    A gated one has value and gate as two inputs, or as one that is split along the axis in the order of `gate`.

    Raises
    ------
    UnknownParameter
        If it has no such parameter for an input.
    InvalidInput
        If the dtype is none of `DTYPES`, or `gate` is no order, or is given to what has no gate.
    """
    if dtype not in DTYPES:
        raise InvalidInput(f"dtype={dtype!r} is none of {', '.join(DTYPES)}")
    for unknown in [name for name in inputs if name not in activation.card.defaults]:
        raise UnknownParameter.of(activation.name, unknown, list(activation.card.defaults))
    if gate is not None and not isinstance(activation, Gated):
        raise InvalidInput(f"{activation.name} has no gate, so it takes no gate={gate!r}")
    outside = DTYPES[dtype]
    inside = TensorProto.DOUBLE if dtype == "float64" else TensorProto.FLOAT
    writer = Writer(inside)

    def taken(name: str) -> Value:
        return _cast(Value(writer, name), outside, inside)

    arrays = in_order = (INPUT, NOISE) if isinstance(activation, RandomRows) else (INPUT,)
    if isinstance(activation, Gated) and gate is None:
        arrays, in_order = (INPUT, GATE), activation.in_order(INPUT, GATE)
    values = {p.name: taken(p.name) if p.name in inputs else p.default for p in activation.parameters}
    given = [taken(name) for name in arrays]
    given = given if gate is None else list(arranging.halves(given[0], gate, axis))
    y = _computed(activation, given, values, axis, opset)
    last = _cast(y, inside, outside)
    writer.nodes.append(helper.make_node("Identity", [last.name], [OUTPUT]))
    return Body((*in_order, *(n for n in values if n in inputs)), outside, writer.nodes)


def _cast(value: Value, origin: int, to: int) -> Value:
    return value if origin == to else value.writer.node("Cast", value, to=to)


def _computed(
    activation: Activation, arrays: Sequence[Value], values: Mapping[str, Operand], axis: int, opset: int
) -> Value:
    definition, x = activation.definition, arrays[0]
    if isinstance(definition, GatedDefinition):
        return _gated(definition, arrays, values)
    if not isinstance(definition, Definition | RowDefinition):
        return _drawn(activation, arrays, values, axis, opset)
    if not isinstance(definition, RowDefinition):
        return _elementwise(guarded(programs(definition, ("value",))), x, values)
    native = IN_ONNX.get(definition.twins.get("onnx", ""))
    return native(x, axis, *values.values()) if native else _rows(definition, x, values, axis, opset)


def _gated(definition: GatedDefinition, arrays: Sequence[Value], values: Mapping[str, Operand]) -> Value:
    """Return the product of both factors; 0 where one of them is, even if the other is infinite."""
    a, b = (
        _elementwise(guarded(programs(factor, ("value",))), at, values)
        for factor, at in zip(definition.factors, arrays, strict=True)
    )
    return spelling(a.writer)["zero_wins"](a, b)


def _drawn(
    activation: Activation, arrays: Sequence[Value], values: Mapping[str, Operand], axis: int, opset: int
) -> Value:
    """Return a row of the input plus noise, or the evaluation form of a random slope, as PyTorch's exporters do."""
    if isinstance(activation, RandomRows):
        return _computed(activation.of, [arrays[0] + arrays[1]], values, axis, opset)
    random_slope = cast(RandomSlope, activation)
    if asked := [name for name, given in values.items() if isinstance(given, Value)]:
        raise InvalidInput(
            f"{activation.name} has its mean slope in ONNX, a constant: {asked[0]} is no input of a model"
        )
    form = random_slope.evaluation
    return _computed(form, arrays, form.card.defaults, -1, opset)


def softmax(z: Value, axis: int, temperature: Operand) -> Value:
    return z.writer.node("Softmax", _per(z, temperature), axis=axis)


def log_softmax(z: Value, axis: int, temperature: Operand) -> Value:
    return z.writer.node("LogSoftmax", _per(z, temperature), axis=axis)


def _per(z: Value, temperature: Operand) -> Value:
    return z if temperature == 1.0 else z / temperature


IN_ONNX: Mapping[str, Callable[..., Value]] = {"Softmax": softmax, "LogSoftmax": log_softmax}
"""The operators that are a row definition, as `(z, axis, parameters...)`; all else is spelled by its formula."""


def _rows(definition: RowDefinition, z: Value, values: Mapping[str, Operand], axis: int, opset: int) -> Value:
    if definition.arrangement is None:
        return _row(definition, z, values, axis, opset)
    shape, by = definition.arrangement.shape, definition.arrangement.by.name
    if isinstance(values[by], Value):
        raise InvalidInput(f"{definition.name}: {by} counts, so it is a constant and no input of a model")
    count = count_of(definition.name, shape, by, values[by], [0])
    y = _row(definition, arranging.rows(z, shape, count, axis), values, -1, opset)
    return arranging.values(y, z, shape)


def _row(definition: RowDefinition, z: Value, values: Mapping[str, Operand], axis: int, opset: int) -> Value:
    program, writer = row_program(definition, "value"), z.writer
    words = {**spelling(writer), **row_spelling(axis, opset)}
    y = writer.value(run(program, {"z": z, **values}, words)[0])
    return writer.node("Expand", y, writer.node("Shape", z))


def _elementwise(program: Program, x: Value, values: Mapping[str, Operand]) -> Value:
    writer = x.writer
    if has_its_limits(program, values):
        y = _run(program, x, values)
    else:
        far = float(np.finfo(np.float64 if writer.element == TensorProto.DOUBLE else np.float32).max)
        large = far**0.25  # at infinity beyond it is infinite, and what is below 1 / large is 0
        near = writer.node("Clip", x, -far, far)
        turning = angles(program, program.outputs[0])
        y, *turned = _outputs(replace(program, outputs=(*program.outputs[:1], *turning)), near, values)
        grown = writer.node("Greater", writer.node("Abs", y), large)
        infinite = writer.node("IsInf", x)
        y = where(writer.node("And", infinite, grown), y * far, y)
        fallen = writer.node("Less", writer.node("Abs", y), 1 / large)
        y = where(writer.node("And", infinite, fallen), y / far, y)
        for angle in turned:  # a sine has no limit
            wild = writer.node("Greater", writer.node("Abs", angle), large)
            lost = writer.node("And", writer.node("And", infinite, writer.node("Not", grown)), wild)
            y = where(lost, math.nan, y)
    return where(writer.node("IsNaN", x), x, y)


def _run(program: Program, x: Value, values: Mapping[str, Operand]) -> Value:
    return _outputs(program, x, values)[0]


def _outputs(program: Program, x: Value, values: Mapping[str, Operand]) -> list[Value]:
    return [x.writer.value(y) for y in run(program, {"x": x, **values}, spelling(x.writer))]


def has_its_limits(program: Program, values: Mapping[str, Any]) -> bool:
    """Tell whether no step can meet infinity minus infinity, or a multiple of it by 0: words by themselves cannot."""
    return all(_meets_a_number(step, values) for step in program.steps if step.operation in RISKY)


RISKY = {"add", "sub", "mul", "div", "pow", "sin", "cos", "zero_wins"}


def _meets_a_number(step: Step, values: Mapping[str, Any]) -> bool:
    numbers = [values.get(o, o) if isinstance(o, str) else o for o in step.operands]
    return any(isinstance(n, float) and n != 0 and math.isfinite(n) for n in numbers) and step.operation in {
        "add", "sub", "mul",
    }  # fmt: skip
