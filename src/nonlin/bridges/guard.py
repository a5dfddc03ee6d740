"""Products that would be 0 times infinity far out, made products that a zero factor wins."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

from nonlin.derivation.steps import Operand, Program, Step
from nonlin.kernels.emit import VANISHING

BOUNDED = {"sigmoid", "sech2", "tanh", "erf", "normal_cdf", "normal_pdf", "sin", "cos", "sign"}
"""Words whose magnitude is at most 1."""


def guarded(program: Program) -> Program:
    """Return the Program with `zero_wins` for `mul` wherever one factor may underflow and one overflow.

    `zero_wins(a, b)` is a b, but 0 if either is 0: the limit of x^n exp(-x). And sin(u + pi/4) becomes
    (sin(u) + cos(u)) / sqrt(2): beside a large u pi/4 would lose its digits, which kernels carry on.
    """
    program = _unturned(program)
    vanishing: set[Operand] = set()
    bounded: set[Operand] = set()
    finite: set[Operand] = {"x", *program.parameters}
    steps = []
    for step in program.steps:
        risky = step.operation == "mul" and _risky(step, vanishing, finite)
        if step.operation in VANISHING or (step.operation in ("mul", "neg") and _any(step, vanishing)):
            vanishing.add(step.name)
        if step.operation in BOUNDED or (step.operation in ("mul", "neg") and _all(step, bounded)):
            bounded.add(step.name)
        if step.name in bounded or (_all(step, finite) and _keeps_finite(step, bounded)):
            finite.add(step.name)
        operation = "zero_wins" if risky else step.operation
        steps.append(replace(step, operation=operation, operands=_plain(step.operands)))
    return replace(program, steps=tuple(steps), outputs=_plain(program.outputs))


def in_plain_floats(program: Program) -> Program:
    """Return the Program with plain floats for its numbers."""
    steps = tuple(replace(step, operands=_plain(step.operands)) for step in program.steps)
    return replace(program, steps=steps, outputs=_plain(program.outputs))


def _unturned(program: Program) -> Program:
    steps: list[Step] = []
    sums = {s.name: s.operands for s in program.steps if s.operation == "add"}
    for step in program.steps:
        parts = sums.get(str(step.operands[0]), ()) if step.operation == "sin" else ()
        angle = [o for o in parts if isinstance(o, str)]
        turned = any(float(o) == math.pi / 4 for o in parts if not isinstance(o, str))
        if turned and len(angle) == 1:
            first, second, both = (f"{step.name}_{part}" for part in ("sin", "cos", "sum"))
            steps += [Step(first, "sin", (angle[0],)), Step(second, "cos", (angle[0],))]
            steps += [Step(both, "add", (first, second)), Step(step.name, "mul", (math.sqrt(0.5), both))]
        else:
            steps.append(step)
    return replace(program, steps=tuple(steps))


def _plain(operands: tuple[Operand, ...]) -> tuple[Operand, ...]:
    """Return the operands with plain floats for numbers, which compilers of other frameworks can trace."""
    return tuple(o if isinstance(o, str) else float(o) for o in operands)


def _risky(step: Step, vanishing: Collection[Operand], finite: Collection[Operand]) -> bool:
    variable = all(isinstance(o, str) for o in step.operands)
    return variable and _any(step, vanishing) and not _all(step, finite)


def _keeps_finite(step: Step, bounded: Collection[Operand]) -> bool:
    return step.operation in ("neg", "abs") or (step.operation == "mul" and _any(step, bounded))


def _any(step: Step, group: Collection[Operand]) -> bool:
    return any(o in group for o in step.operands)


def _all(step: Step, group: Collection[Operand]) -> bool:
    return all(o in group for o in step.operands)
