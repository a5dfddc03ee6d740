"""How far from 0 an input may be for a Program's short forms: near lanes without clamps, or float32 lanes."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nonlin.derivation.program import Program
from nonlin.kernels.primitives import PRIMITIVES, REACH
from nonlin.kernels.primitives.exp import Lanes
from nonlin.vocabulary import WORDS

LARGEST = 3.4028234663852886e38  # float32
GRID = [2.0 ** (k / 8) for k in range(1024)]  # from 1 to the largest float32
CHOICES = ("where", "abs", "sign")
STEEP = ("exp", "expm1", "sigmoid", "softplus", "tanh", "sech2", "normal_cdf", "normal_pdf", "erf")

PLAIN: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
    "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le, "eq": operator.eq,
    "ne": operator.ne, "and": operator.and_, "or": operator.or_, "not": operator.not_,
    "sqrt": math.sqrt, "pow": math.pow, "exp": math.exp, "expm1": math.expm1, "log": math.log,
    "log1p": math.log1p, "tanh": math.tanh, "sin": math.sin, "cos": math.cos, "erf": math.erf, "abs": abs,
    "sech2": lambda u: math.cosh(u) ** -2, "sigmoid": lambda u: 1 / (1 + math.exp(-u)),
    "softplus": lambda u: max(u, 0.0) + math.log1p(math.exp(-abs(u))),
    "normal_cdf": lambda u: math.erfc(-u / math.sqrt(2)) / 2, "normal_pdf": lambda u: math.exp(-u * u / 2),
    "sign": lambda u: math.copysign(1.0, u), "where": lambda condition, a, b: a if condition else b,
}  # fmt: skip
"""Each operation on Python's numbers, near enough to see how large an argument is."""


def reach(program: Program, lanes: Lanes) -> float:
    """Return the largest |x| up to which every word's argument is one that its short form takes.

    Parameters
    ----------
    program : Program
        None of its words' arguments depends on a parameter.
    lanes : "near" or "fast"

    Returns
    -------
    float
        0 if the lanes lack a word of the Program, or would lose digits of its argument; the largest float32
        if nothing limits it.
    """
    if any(s.operation in WORDS and s.operation not in PRIMITIVES[lanes] for s in program.steps):
        return 0.0
    if lanes == "fast" and not _arguments_are_exact(program):
        return 0.0
    values = dict.fromkeys((*program.inputs, *program.parameters), 1.0)
    far = 0.0
    for size in GRID:
        for x in (size, -size):
            arguments = _arguments(program, {**values, "x": x})
            if not all(abs(argument) <= REACH[lanes].get(word, math.inf) for word, argument in arguments):
                return far
        far = size
    return LARGEST


def depends_on_parameters(program: Program) -> bool:
    """Tell whether a word's argument depends on a parameter, so that the reach does."""
    touched = set(program.parameters)
    for step in program.steps:
        if touched & set(step.operands):
            if step.operation in WORDS and step.operation not in CHOICES:
                return True
            touched.add(step.name)
    return False


def _arguments_are_exact(program: Program) -> bool:
    """Tell whether float32 lanes hold every steep word's argument without rounding: x, -x, |x|, 2 x, ...

    exp(u) turns a relative error of u into |u| times as much: 1.702 x, rounded, costs 60 ulp at -40.
    """
    exact = set(program.inputs)
    for step in program.steps:
        numbers = [o for o in step.operands if isinstance(o, float)]
        names = {o for o in step.operands if isinstance(o, str)}
        scaled = step.operation == "mul" and all(math.frexp(o)[0] in (0.5, -0.5) for o in numbers)
        if step.operation in STEEP and not names <= exact:
            return False
        if names <= exact and (step.operation in ("neg", "abs") or (scaled and len(names) == 1)):
            exact.add(step.name)
    return True


def _arguments(program: Program, values: dict[str, float]) -> Iterator[tuple[str, float]]:
    """Yield each word with its argument."""
    known: dict[str, Any] = dict(values)
    for step in program.steps:
        operands = [known[o] if isinstance(o, str) else o for o in step.operands]
        if step.operation in WORDS and step.operation != "where":
            yield step.operation, operands[0]
        known[step.name] = _plain(step.operation, operands)


def _plain(operation: str, operands: Sequence[Any]) -> Any:
    try:
        return PLAIN[operation](*operands)
    except OverflowError:
        return math.inf
    except (ValueError, ZeroDivisionError):
        return math.nan
