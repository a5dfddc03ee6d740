"""Programs as plain data: straight-line steps over the words; no SymPy here, so they load in no time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Operand = str | float
"""The name of an input, a parameter or an earlier step; or a number."""


class Number(float):
    """A float64, and the `rest` that it lacks of the number that a formula means."""

    rest: float = 0.0

    @classmethod
    def of(cls, number: float, rest: float = 0.0) -> Number:
        """Return the number with what it lacks."""
        made = cls(number)
        made.rest = rest
        return made

    def __repr__(self) -> str:
        return float.__repr__(self) + (f"{self.rest:+.17g}" if self.rest else "")

    __str__ = float.__repr__

    def __eq__(self, other: object) -> bool:
        if math.isnan(self):  # so that a formula with one equals itself
            return isinstance(other, float) and math.isnan(other)
        return float.__eq__(self, other) is True and self.rest == getattr(other, "rest", 0.0)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return (
            0 if math.isnan(self) else hash((float(self), self.rest)) if self.rest else float.__hash__(self)
        )


@dataclass(frozen=True)
class Step:
    """`name = operation(operands)`."""

    name: str
    operation: str
    operands: tuple[Operand, ...]

    def __str__(self) -> str:
        return f"{self.name} = {self.operation}({', '.join(map(str, self.operands))})"


@dataclass(frozen=True)
class Program:
    """Steps from inputs and parameters to outputs; frozen, printable, without SymPy inside.

    Attributes
    ----------
    inputs : tuple of str
        Array inputs, such as ("x",) or ("x", "g").
    parameters : tuple of str
        Scalar inputs, in the order of the definition.
    steps : tuple of Step
        Each uses only what stands above it.
    outputs : tuple of (str or float)
        One operand a formula.
    """

    inputs: tuple[str, ...]
    parameters: tuple[str, ...]
    steps: tuple[Step, ...]
    outputs: tuple[Operand, ...]

    def __str__(self) -> str:
        head = f"program({', '.join((*self.inputs, *self.parameters))})"
        return "\n    ".join([head, *map(str, self.steps), f"return {', '.join(map(str, self.outputs))}"])


def angles(program: Program, output: Operand) -> tuple[Operand, ...]:
    """Return the arguments of each sine and cosine on the way to an output."""
    needed, found = {output}, []
    for step in reversed(program.steps):
        if step.name in needed:
            needed.update(step.operands)
            found += [step.operands[0]] * (step.operation in ("sin", "cos"))
    return tuple(found)


def run(program: Program, values: Mapping[str, Any], spelling: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the outputs, with each operation computed by its spelling: the way into any eager language.

    Parameters
    ----------
    program : Program
    values : mapping of str to object
        Inputs and parameters by name.
    spelling : mapping of str to callable
        One callable an operation, such as `{"mul": operator.mul, "exp": torch.exp, ...}`.
    """
    known = dict(values)

    def look(operand: Operand) -> Any:
        return known[operand] if isinstance(operand, str) else operand

    for step in program.steps:
        known[step.name] = spelling[step.operation](*map(look, step.operands))
    return tuple(map(look, program.outputs))
