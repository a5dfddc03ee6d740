"""In which order a row is run over: each pass needs of the row what the passes before it have found.

    softmax:   pass  largest z                 number  1 / T
               pass  e = exp((z - top) / T)    total e, and e is kept
               pass  e (1 / total)             stored

Plain data without SymPy, from which machine code and JavaScript write their loops.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from nonlin.derivation.steps import Number, Operand, Program, Step

ROW_WORDS = ("largest", "total", "size", "threshold", "kth_largest")
"""Operations that make one number of a row."""

CHEAP = {
    "add", "sub", "mul", "div", "neg", "sqrt", "abs", "sign", "where", "gt", "ge", "lt", "le", "eq", "ne", "and", "or",
    "not", "position",
}  # fmt: skip
"""Operations on elements that are done again rather than kept."""


@dataclass(frozen=True)
class Pass:
    """One run over a row.

    Attributes
    ----------
    numbers : tuple of Step
        Of one number each; done before the run.
    elements : tuple of Step
        Done for each element.
    found : tuple of Step
        Words of `ROW_WORDS`, each of an element's step, or of an input.
    kept : tuple of str
        The elements' steps that a later pass takes up again.
    """

    numbers: tuple[Step, ...]
    elements: tuple[Step, ...]
    found: tuple[Step, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Once a row: one way or another, by a condition of numbers."""

    condition: Operand
    then: Way
    otherwise: Way


@dataclass(frozen=True)
class Way:
    """Passes, then the one that stores a result, or a choice between two ways on.

    Attributes
    ----------
    passes : tuple of Pass
    end : Pass or Choice
        Of a choice the numbers are done by a last pass over nothing.
    result : str or float
        What `end` stores, if it is a pass.
    """

    passes: tuple[Pass, ...]
    end: Pass | Choice
    result: Operand = ""


def way(program: Program, keeps: bool = True) -> Way:
    """Return the passes of a row program that has one output.

    Parameters
    ----------
    program : Program
    keeps : bool
        Whether what is not cheap is kept for later passes, or else done again.
    """
    (result,) = program.outputs
    return _Planner(by_reciprocals(program), keeps).way(result, frozenset())


def by_reciprocals(program: Program) -> Program:
    """Return a Program that divides by a number of the row once, and then multiplies."""
    varying, steps = varying_names(program), []
    for step in program.steps:
        if step.operation == "div" and step.operands[0] in varying and step.operands[1] not in varying:
            inverse = Step(f"{step.name}_inverse", "div", (Number.of(1.0), step.operands[1]))
            steps.append(inverse)
            step = Step(step.name, "mul", (step.operands[0], inverse.name))
        steps.append(step)
    return replace(program, steps=tuple(steps))


def varying_names(program: Program) -> set[Operand]:
    """Return the inputs and the steps that differ from element to element."""
    varying: set[Operand] = set(program.inputs)
    for step in program.steps:
        if step.operation not in ROW_WORDS and varying.intersection(step.operands):
            varying.add(step.name)
    return varying


class _Planner:
    def __init__(self, program: Program, keeps: bool) -> None:
        self.program, self.keeps = program, keeps
        self.varying = varying_names(program)

    @cached_property
    def steps(self) -> Mapping[Operand, Step]:
        return {step.name: step for step in self.program.steps}

    def way(self, result: Operand, known: frozenset[Operand]) -> Way:
        """Return the way to a result when some numbers are known."""
        last = self.steps.get(result)
        chosen = last is not None and last.operation == "where" and last.operands[0] not in self.varying
        if last is None or not chosen:
            *passes, end = self._passes(result, known)
            return Way(tuple(passes), end, result)
        condition, then, otherwise = last.operands
        passes = self._passes(condition, known)
        known = known.union(*({s.name for s in (*p.numbers, *p.found)} for p in passes))
        return Way(tuple(passes), Choice(condition, self.way(then, known), self.way(otherwise, known)))

    def _passes(self, goal: Operand, known: frozenset[Operand]) -> list[Pass]:
        """Return the passes to a goal, the last of which finds nothing more."""
        needed = self._needed([goal], known)
        turns = self._turns(needed, known)
        count = max((turns[s.name] for s in needed), default=0) + 1
        found = [
            [s for s in needed if s.operation in ROW_WORDS and turns[s.name] == i + 1] for i in range(count)
        ]
        numbers = [[s for s in needed if self._is_number(s) and turns[s.name] == i] for i in range(count)]
        ends = [[s.operands[0] for s in words] for words in found]
        if goal in self.varying:
            ends[-1].append(goal)
        done: set[Operand] = set()
        elements, taken = [], []
        for i in range(count):
            own = self._elements(ends[i], done)
            taken.append({o for s in own for o in s.operands if o in done} | done.intersection(ends[i]))
            done |= {s.name for s in own if self.keeps and s.operation not in CHEAP}
            elements.append(own)
        kept = [tuple(s.name for s in own if any(s.name in later for later in taken)) for own in elements]
        return [Pass(tuple(numbers[i]), tuple(elements[i]), tuple(found[i]), kept[i]) for i in range(count)]

    def _is_number(self, step: Step) -> bool:
        return step.name not in self.varying and step.operation not in ROW_WORDS

    def _needed(self, goals: Iterable[Operand], known: frozenset[Operand]) -> list[Step]:
        wanted = set(goals)
        for step in reversed(self.program.steps):
            if step.name in wanted and step.name not in known:
                wanted.update(step.operands)
        return [s for s in self.program.steps if s.name in wanted and s.name not in known]

    def _turns(self, needed: list[Step], known: frozenset[Operand]) -> dict[Operand, int]:
        """Return for each step how many passes must be over before it."""
        turns: dict[Operand, int] = {}
        for step in needed:
            before = max((turns.get(o, 0) for o in step.operands), default=0)
            turns[step.name] = before + (step.operation in ROW_WORDS)
        return turns

    def _elements(self, ends: Iterable[Operand], done: set[Operand]) -> list[Step]:
        """Return the steps of elements up to these ends, from what is kept on."""
        wanted = set(ends)
        for step in reversed(self.program.steps):
            if step.name in wanted and step.name in self.varying and step.name not in done:
                wanted.update(step.operands)
        return [s for s in self.program.steps if s.name in wanted & self.varying and s.name not in done]
