"""A Program becomes the body of a loop: one compiled function from a few numbers to a few numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from nonlin.derivation.program import Operand, Program, Step
from nonlin.kernels.primitives import PRIMITIVES, Precision
from nonlin.kernels.primitives.scalar import scalar
from nonlin.kernels.primitives.select import zero_wins

OPERATORS = {
    "add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-({})", "sqrt": "math.sqrt({})",
    "gt": "{} > {}", "ge": "{} >= {}", "lt": "{} < {}", "le": "{} <= {}", "eq": "{} == {}", "ne": "{} != {}",
    "and": "{} and {}", "or": "{} or {}", "not": "not {}",
}  # fmt: skip

VANISHING = {"exp", "sigmoid", "sech2", "softplus", "normal_cdf", "normal_pdf"}
"""Words that can underflow to 0 while another factor overflows."""

FAR = {"single": 1e40, "double": 1.7976931348623157e308}
"""What stands for infinity inside a kernel, so that no 0 times inf or inf minus inf arises.

Just above the largest float32, so that x^7 exp(-x), a third derivative, vanishes in float64 lanes too.
"""


def body(program: Program, precision: Precision) -> Callable[..., Any]:
    """Return the compiled scalar function `(inputs..., parameters...) -> outputs` of a Program.

    NaN inputs give NaN, infinite ones the limit.
    """
    namespace: dict[str, Any] = {f"word_{name}": word for name, word in PRIMITIVES[precision].items()}
    namespace |= {"math": math, "FAR": FAR[precision], "zero_wins": zero_wins}
    namespace |= {"nan_kept": nan_kept, "at_infinity": AT_INFINITY[precision]}
    exec(compile(source(program, precision), "<kernel>", "exec"), namespace)
    return scalar(namespace["body"])  # type: ignore[no-any-return]


def source(program: Program, precision: Precision) -> str:
    """Return the Python text of that function; every name in it is made here, none comes from a user."""
    names = {name: f"a{i}" for i, name in enumerate((*program.inputs, *program.parameters))}
    head = ", ".join(names.values())
    names["x"] = "x"
    lines = [f"def body({head}):", "    x = FAR if a0 > FAR else a0", "    x = -FAR if x < -FAR else x"]
    lines += [f"    {step.name} = {text}" for step, text in _spelled(program, precision, names)]
    finish = "at_infinity" if program.inputs == ("x",) else "nan_kept"
    results = ", ".join(f"{finish}({_text(o, names)}, a0, x)" for o in program.outputs)
    return "\n".join([*lines, f"    return {results}", ""])


def _spelled(program: Program, precision: Precision, names: dict[str, str]) -> Iterator[tuple[Step, str]]:
    vanishing: set[Operand] = set()
    for step in program.steps:
        operands = [_text(o, names) for o in step.operands]
        small = [o in vanishing for o in step.operands]
        if step.operation in VANISHING or (step.operation in ("mul", "neg") and any(small)):
            vanishing.add(step.name)
        names[step.name] = step.name
        yield step, _spell(step, operands, guarded=precision == "double" and any(small))


def _spell(step: Step, operands: list[str], guarded: bool) -> str:
    if step.operation == "mul" and guarded and all(isinstance(o, str) for o in step.operands):
        return f"zero_wins({', '.join(operands)})"
    if step.operation in OPERATORS:
        return OPERATORS[step.operation].format(*operands)
    return f"word_{step.operation}({', '.join(operands)})"


def _text(operand: Operand, names: dict[str, str]) -> str:
    return names[operand] if isinstance(operand, str) else f"({operand!r})"


@scalar
def nan_kept(y: Any, given: Any, x: Any) -> Any:
    return given if given != given else y


@scalar
def at_infinity_single(y: Any, given: Any, x: Any) -> Any:
    far = y * 1e300 if given != x and abs(y) > 1e15 else y
    return given if given != given else far


@scalar
def at_infinity_double(y: Any, given: Any, x: Any) -> Any:
    far = y * 1e300 if given != x and abs(y) > 1e150 else y
    return given if given != given else far


AT_INFINITY = {"single": at_infinity_single, "double": at_infinity_double}
"""A value that has grown large by FAR is taken for an infinite limit; a NaN input stays NaN."""
