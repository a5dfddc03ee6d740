"""Parts of an ONNX tensor: groups and blocks of the last axis, windows of any, values and gates."""

from __future__ import annotations

from nonlin.bridges.onnx.spelling import where
from nonlin.bridges.onnx.writer import Value
from nonlin.card import Shape
from nonlin.errors import InvalidInput
from nonlin.workbench.splitting import Order, parts


def rows(z: Value, shape: Shape, count: int, axis: int) -> Value:
    """Return the rows as a new last axis.

    Raises
    ------
    InvalidInput
        If groups or blocks are asked for along another axis than -1, the last: the rank is not known here.
    """
    if shape == "windows":
        return _stacked([_neighbour(z, i - count // 2, axis) for i in range(count)])
    if axis != -1:
        raise InvalidInput(f"in ONNX {shape} are cut along the last axis: axis=-1, not axis={axis}")
    lengths = _numbers(z, [count, -1] if shape == "groups" else [-1, count])
    before = z.writer.node(
        "Slice", z.writer.node("Shape", z), _numbers(z, [0]), _numbers(z, [-1]), _numbers(z, [0])
    )
    return z.writer.node("Reshape", z, z.writer.node("Concat", before, lengths, axis=0))


def values(y: Value, z: Value, shape: Shape) -> Value:
    """Return the results of all rows along the axis."""
    if shape == "groups":
        return z.writer.node("Reshape", y, z.writer.node("Shape", z))
    return z.writer.node("Gather", y, z.writer.node("Constant", value_int=0), axis=-1)


def halves(z: Value, order: Order, axis: int) -> tuple[Value, Value]:
    """Return the values and the gates that stand along an axis; a runtime refuses one of odd length.

    Raises
    ------
    InvalidInput
        If there is no such order.
    """
    of_values, of_gates = parts(0, order)
    if order != "interleaved":
        first, second = _split(z, axis)
        return (first, second) if order == "last" else (second, first)
    values, gates = (_every_second(z, one.start, axis) for one in (of_values, of_gates))
    # Which changes nothing, but fails where one is longer, instead of broadcasting 1 against 2.
    return z.writer.node("Reshape", values, z.writer.node("Shape", gates)), gates


def _split(z: Value, axis: int) -> tuple[Value, Value]:
    writer = z.writer
    length = writer.node("Gather", writer.node("Shape", z), _numbers(z, [axis]))
    half = writer.node("Div", length, _numbers(z, [2]))
    first = writer.node("Split", z, writer.node("Concat", half, half, axis=0), axis=axis)
    second = Value(writer, f"{first.name}_rest")
    writer.nodes[-1].output.append(second.name)
    return first, second


def _every_second(z: Value, start: int, axis: int) -> Value:
    return z.writer.node("Slice", z, *(_numbers(z, [n]) for n in (start, 2**62, axis, 2)))


def _stacked(parts: list[Value]) -> Value:
    writer = parts[0].writer
    apart = [writer.node("Unsqueeze", p, _numbers(p, [-1])) for p in parts]
    return writer.node("Concat", *apart, axis=-1)


def _neighbour(z: Value, step: int, axis: int) -> Value:
    """Return for each element the one so many places further on, 0 beyond the ends."""
    if step == 0:
        return z
    head, tail = _part(z, 0, step, axis), _part(z, step, 2**62, axis)
    return z.writer.node("Concat", *([tail, _zeros(head)] if step > 0 else [_zeros(tail), head]), axis=axis)


def _part(z: Value, start: int, end: int, axis: int) -> Value:
    return z.writer.node("Slice", z, *(_numbers(z, [n]) for n in (start, end, axis)))


def _zeros(z: Value) -> Value:
    return where(z.writer.node("IsNaN", z), 0.0, 0.0)


def _numbers(z: Value, numbers: list[int]) -> Value:
    return z.writer.node("Constant", value_ints=numbers)
