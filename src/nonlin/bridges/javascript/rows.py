"""An activation that mixes a row in JavaScript: arrays in, arrays out, one line a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nonlin.bridges.javascript.spelling import EXPRESSIONS
from nonlin.derivation.passes import ROW_WORDS, varying_names
from nonlin.derivation.steps import Operand, Program


def row_function(
    name: str, defaults: Mapping[str, str], program: Program, plain: Callable[[Operand], str]
) -> str:
    """Return a row program as the text of a function of arrays.

    Parameters
    ----------
    name : str
    defaults : mapping of str to str
        The default of each parameter, as text.
    program : Program
        See `nonlin.derivation.row_programs`.
    plain : callable
        The text of a name or a number.
    """
    varying = varying_names(program)

    def text(operand: Operand) -> str:
        return f"{plain(operand)}[i]" if operand in varying else plain(operand)

    def line(result: str, operation: str, operands: tuple[Operand, ...]) -> str:
        if operation in ROW_WORDS:
            return f"  const {result} = ${operation}({', '.join(map(plain, operands))});"
        if operation == "position":
            return f"  const {result} = $row(z, (i) => i);"
        value = EXPRESSIONS[operation](*map(text, operands))
        return f"  const {result} = {f'$row(z, (i) => {value})' if result in varying else value};"

    (output,) = program.outputs
    given = ", ".join([*program.inputs, *(f"{p} = {d}" for p, d in defaults.items())])
    lines = [line(s.name, s.operation, s.operands) for s in program.steps]
    last = str(output) if output in varying else f"$row(z, () => {text(output)})"
    return "\n".join([f"export function {name}({given}) {{", *lines, f"  return {last};", "}"])
