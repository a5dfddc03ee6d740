"""A Program becomes the body of a loop: one compiled function from a few numbers to a few numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from nonlin.derivation.program import Operand, Program, Step
from nonlin.kernels.primitives import PRIMITIVES, Precision
from nonlin.kernels.primitives.exp import Lanes
from nonlin.kernels.primitives.scalar import scalar
from nonlin.kernels.primitives.select import zero_wins

OPERATORS = {
    "add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-({})", "sqrt": "math.sqrt({})",
    "gt": "{} > {}", "ge": "{} >= {}", "lt": "{} < {}", "le": "{} <= {}", "eq": "{} == {}", "ne": "{} != {}",
    "and": "{} and {}", "or": "{} or {}", "not": "not {}",
}  # fmt: skip

VANISHING = {"exp", "sigmoid", "sech2", "softplus", "normal_cdf", "normal_pdf"}
"""Words that can underflow to 0 while another factor overflows."""

SLOW = {"log", "log1p"}
"""Words that grow too slowly to tell a large argument from an infinite one."""

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
    namespace |= {"nan_kept": nan_kept, "at_infinity": AT_INFINITY[precision], "unless_nan": unless_nan}
    exec(compile(source(program, precision), "<kernel>", "exec"), namespace)
    namespace["formula"] = scalar(namespace["formula"])
    return scalar(namespace["body"])  # type: ignore[no-any-return]


def near(program: Program, lanes: Lanes) -> Callable[..., Any]:
    """Return the compiled short form of a Program, for finite inputs within its reach.

    Parameters
    ----------
    program : Program
    lanes : "near" or "fast"
        float64 lanes without clamps, or float32 lanes.
    """
    namespace: dict[str, Any] = {f"word_{name}": word for name, word in PRIMITIVES[lanes].items()}
    namespace |= {"math": math, "real": np.float32 if lanes == "fast" else np.float64}
    exec(compile(near_source(program), "<kernel>", "exec"), namespace)
    return scalar(namespace["formula"])  # type: ignore[no-any-return]


def near_source(program: Program) -> str:
    """Return the Python text of the short form: the steps, and every number in the lanes' own type."""
    names = {name: f"a{i}" for i, name in enumerate((*program.inputs, *program.parameters))}
    head = ", ".join(names.values())
    lines = [f"def formula({head}):"]
    for step in program.steps:
        operands = [_typed(o, names) for o in step.operands]
        names[step.name] = step.name
        lines.append(f"    {step.name} = {_spell(step, operands, guarded=False)}")
    return "\n".join([*lines, f"    return {', '.join(_typed(o, names) for o in program.outputs)}", ""])


def source(program: Program, precision: Precision) -> str:
    """Return the Python text of that function; every name in it is made here, none comes from a user.

    The formula sees FAR for infinity. A logarithm of FAR is a small number, so a formula that holds one is
    also asked at infinity itself, and that answer is taken unless it is NaN.
    """
    names = {name: f"a{i}" for i, name in enumerate((*program.inputs, *program.parameters))}
    head = ", ".join(names.values())
    steps = [f"    {step.name} = {text}" for step, text in _spelled(program, precision, names)]
    formula = [f"def formula({head}):", *steps]
    formula += [f"    return {', '.join(_text(o, names) for o in program.outputs)}", ""]
    rest = head.removeprefix("a0")
    count = range(len(program.outputs))
    body = [f"def body({head}):", "    x = FAR if a0 > FAR else a0", "    x = -FAR if x < -FAR else x"]
    body += [f"    {', '.join(f'y{i}' for i in count)} = formula(x{rest})"]
    finish = "at_infinity" if program.inputs == ("x",) else "nan_kept"
    results = [f"{finish}(y{i}, a0, x)" for i in count]
    if any(step.operation in SLOW for step in program.steps):
        body += [f"    {', '.join(f'z{i}' for i in count)} = formula(a0{rest})"]
        results = [f"unless_nan(z{i}, {far})" for i, far in enumerate(results)]
    return "\n".join([*formula, *body, f"    return {', '.join(results)}", ""])


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


def _typed(operand: Operand, names: dict[str, str]) -> str:
    return names[operand] if isinstance(operand, str) else f"real({operand!r})"


def _text(operand: Operand, names: dict[str, str]) -> str:
    return names[operand] if isinstance(operand, str) else f"({operand!r})"


@scalar
def nan_kept(y: Any, given: Any, x: Any) -> Any:
    return given if given != given else y


@scalar
def unless_nan(y: Any, otherwise: Any) -> Any:
    return y if y == y else otherwise


@scalar
def at_infinity_single(y: Any, given: Any, x: Any) -> Any:
    size = abs(y)
    factor = 1e300 if size > 1e15 else (1e-300 if size < 1e-15 else 1.0)
    far = y * (factor if given != x else 1.0)
    return given if given != given else far


@scalar
def at_infinity_double(y: Any, given: Any, x: Any) -> Any:
    size = abs(y)
    factor = 1e300 if size > 1e150 else (1e-300 if size < 1e-150 else 1.0)
    far = y * (factor if given != x else 1.0)
    return given if given != given else far


AT_INFINITY = {"single": at_infinity_single, "double": at_infinity_double}
"""What has grown large by FAR is infinite at infinity, what has fallen small is zero; NaN stays NaN."""
