"""Nodes as they are written down: arithmetic on values that stand for tensors."""

from __future__ import annotations

from typing import Any

from onnx import NodeProto, TensorProto, helper

Operand = Any
"""A Value or a number."""


class Writer:
    """Writes nodes one after another; a number becomes a constant once.

    Parameters
    ----------
    element : int
        The `TensorProto.DataType` of all numbers.
    """

    def __init__(self, element: int) -> None:
        self.element = element
        self.nodes: list[NodeProto] = []
        self._constants: dict[tuple[bool, str], Value] = {}

    def node(self, operator: str, *operands: Operand, **attributes: Any) -> Value:
        """Write a node, and return what it computes."""
        names = [self.value(o).name for o in operands]
        made = Value(self, f"v{len(self.nodes)}")
        self.nodes.append(helper.make_node(operator, names, [made.name], **attributes))
        return made

    def value(self, operand: Operand) -> Value:
        """Return a number as a constant, and a value as it is."""
        if isinstance(operand, Value):
            return operand
        key = (isinstance(operand, bool), repr(operand))
        if key not in self._constants:
            element = TensorProto.BOOL if isinstance(operand, bool) else self.element
            tensor = helper.make_tensor("value", element, [], [operand])
            self._constants[key] = self.node("Constant", value=tensor)
        return self._constants[key]


class Value:
    """The name of a tensor, with arithmetic that writes nodes."""

    def __init__(self, writer: Writer, name: str) -> None:
        self.writer, self.name = writer, name

    def __add__(self, other: Operand) -> Value:
        return self.writer.node("Add", self, other)

    def __radd__(self, other: Operand) -> Value:
        return self.writer.node("Add", other, self)

    def __sub__(self, other: Operand) -> Value:
        return self.writer.node("Sub", self, other)

    def __rsub__(self, other: Operand) -> Value:
        return self.writer.node("Sub", other, self)

    def __mul__(self, other: Operand) -> Value:
        return self.writer.node("Mul", self, other)

    def __truediv__(self, other: Operand) -> Value:
        return self.writer.node("Div", self, other)

    def __rtruediv__(self, other: Operand) -> Value:
        return self.writer.node("Div", other, self)

    def __neg__(self) -> Value:
        return self.writer.node("Neg", self)
