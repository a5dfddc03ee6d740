"""A Program becomes machine code for numbers in lanes: the steps, each as its primitive writes it."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property, reduce

import numpy as np

from nonlin.derivation.steps import Number, Operand, Program, Step, angles
from nonlin.kernels.lanes import Lanes, Real, Truth, fma, fused, sqrt, where
from nonlin.kernels.primitives import CIRCLING, PRIMITIVES, STEEP
from nonlin.kernels.primitives.deep import SPLIT, Split
from nonlin.kernels.primitives.exp import Kind
from nonlin.kernels.primitives.select import zero_wins

Value = Real | Truth

OPERATORS: Mapping[str, Callable[..., Value]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "neg": lambda a: -a, "sqrt": sqrt,
    "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b,
    "and": lambda a, b: a & b, "or": lambda a, b: a | b, "not": lambda a: ~a,
}  # fmt: skip

CHOICES = {"where", "abs", "sign", "neg", "gt", "ge", "lt", "le", "eq", "ne", "and", "or", "not"}
"""Operations that are exact in any lanes."""

VANISHING = {"exp", "sigmoid", "sech2", "softplus", "normal_cdf", "normal_pdf"}
"""Words that can underflow to 0 while another factor overflows."""

SLOW = {"log", "log1p"}
"""Words that grow too slowly to tell a large argument from an infinite one."""

FAR = 1.7976931348623157e308
"""What stands for infinity inside a kernel, so that no 0 times inf or inf minus inf arises."""

BEYOND = 1e150
"""What has grown beyond is infinite at infinity."""

LARGEST = 3.4028234663852886e38  # float32
TAME = 32768.0  # in fast lanes x to the eighth power must not overflow


def short(
    program: Program, kind: Kind, lanes: Lanes, given: Mapping[str, Real], lost: Mapping[str, Real]
) -> tuple[list[Real], list[Truth]]:
    """Write the short form of a Program; return its outputs, and where each is right.

    That depends only on what the output itself is computed from, so it is the same whatever stands beside it.

    Parameters
    ----------
    program : Program
    kind : "near" or "fast"
    lanes : Lanes
        Of float64 for "near", of float32 for "fast".
    given : mapping of str to Real
        The inputs and parameters by name.
    lost : mapping of str to Real
        What the lanes could not hold of a parameter.
    """
    writer = Writer(program, kind, lanes, given, lost)
    outputs = writer.outputs()
    limit = TAME if kind == "fast" and not only_chooses(program) else LARGEST
    tame = reduce(operator.and_, [abs(given[name]) <= limit for name in sources(program)])
    return outputs, [reduce(operator.and_, writer.conditions(o), tame) for o in program.outputs]


def full(program: Program, lanes: Lanes, given: Mapping[str, Real], deep: bool) -> list[Real]:
    """Write the form of a Program that is right for any input: NaN gives NaN, infinity the limit.

    A `deep` one keeps its digits down to the smallest float64; float32 results end long before.

    The formula sees FAR for infinity. A logarithm of FAR is a small number, so a formula that holds one is
    also asked at infinity itself, and that answer is taken unless it is NaN.
    """
    if len(sources(program)) > 1:
        return full_of_several(program, lanes, given, deep)
    asked = given["x"]
    x = within_far(asked)
    writer = Writer(program, "double", lanes, {**given, "x": x}, {}, deep)
    outputs = writer.outputs()
    if program.inputs == ("x",):
        outputs = [at_infinity(y, asked, x) for y in outputs]
    else:
        outputs = [where(asked != asked, asked, y) for y in outputs]
    outputs = [writer.without_limit(y, o, asked, x) for y, o in zip(outputs, program.outputs, strict=True)]
    if not any(step.operation in SLOW for step in program.steps):
        return outputs
    there = Writer(program, "double", lanes, given, {}, deep).outputs()
    return [where(z == z, z, y) for z, y in zip(there, outputs, strict=True)]


def full_of_several(program: Program, lanes: Lanes, given: Mapping[str, Real], deep: bool) -> list[Real]:
    """Write that form for a Program of several inputs.

    What follows from one input alone is put at its limit there before it meets another input; in such a product
    a zero wins over an infinity.
    """
    writer = OfSeveral(program, lanes, given, deep)
    outputs = writer.outputs()
    for name in sources(program):
        outputs = [where(given[name] != given[name], given[name], y) for y in outputs]
    return outputs


def sources(program: Program) -> list[str]:
    """Return the inputs of the activation: all but the upstream gradient."""
    return [name for name in program.inputs if name != "g"]


def within_far(asked: Real) -> Real:
    """Return what stands for an input inside a kernel."""
    x = where(asked > FAR, FAR, asked)
    return where(x < -FAR, -FAR, x)


def at_infinity(y: Real, asked: Real, x: Real) -> Real:
    """What has grown large by FAR is infinite at infinity, what has fallen small is zero; NaN stays NaN."""
    size = abs(y)
    factor = where(size > BEYOND, 1e300, where(size < 1e-150, 1e-300, 1.0))
    far = y * where(asked != x, factor, 1.0)
    return where(asked != asked, asked, far)


def only_chooses(program: Program) -> bool:
    """Tell whether a Program only picks among its numbers, which is exact in any lanes."""
    return all(step.operation in CHOICES for step in program.steps) and not program.parameters


def fits(program: Program, kind: Kind) -> bool:
    """Tell whether these lanes have all of a Program's words."""
    return all(s.operation in PRIMITIVES[kind] or s.operation in OPERATORS for s in program.steps)


class Writer:
    """Writes a Program's steps; what the rounding of a steep word's argument lost goes on into the word.

    A `deep` one also puts back what a sum over words lost, and all that is computed from it.
    """

    def __init__(
        self,
        program: Program,
        kind: Kind,
        lanes: Lanes,
        given: Mapping[str, Real],
        lost: Mapping[str, Real],
        deep: bool = False,
    ) -> None:
        self.program = program if kind == "double" else without_quotients(program)
        self.kind, self.lanes = kind, lanes
        self.words, self.guards = PRIMITIVES[kind], kind == "double"
        self.known: dict[str, Value] = dict(given)
        self.lost = dict(lost)
        self.deep = deep
        self.split: dict[Operand, Split] = {}
        self.lost_of_first: dict[Operand, Real] = {}
        self.products: dict[Operand, Sequence[Real]] = {}
        self.needed: dict[Operand, frozenset[int]] = {}
        self.vanishing: set[Operand] = set()
        self.feeding = feeding(program, CIRCLING if kind == "near" else STEEP)
        self.summed = built_on_sums_of_words(program) if deep else set()
        self.keeping = self.feeding | self.summed | feeding_sums(program, self.summed)

    def outputs(self) -> list[Real]:
        for step in self.program.steps:
            before = len(self.lanes.conditions)
            self.known[step.name] = self._written(step)
            own = range(before, len(self.lanes.conditions))
            self.needed[step.name] = frozenset(own).union(*(self.needed.get(o, ()) for o in step.operands))
        return [self._completed(o) if o in self.summed else self._number(o) for o in self.program.outputs]

    def without_limit(self, y: Real, output: Operand, asked: Real, x: Real) -> Real:
        """Return NaN at infinity where the angle of a sine grows without bound, and the output does not."""
        found = [abs(self._number(angle)) > BEYOND for angle in angles(self.program, output)]
        if not found:
            return y
        bounded = (abs(y) < BEYOND) & (y != 0.0)
        return where((asked != x) & reduce(operator.or_, found) & bounded, math.nan, y)

    def conditions(self, output: Operand) -> list[Truth]:
        """Return what the words on the way to an output require."""
        return [self.lanes.conditions[i] for i in sorted(self.needed.get(output, ()))]

    def _written(self, step: Step) -> Value:
        small = [o in self.vanishing for o in step.operands]
        if step.operation in VANISHING or (step.operation in ("mul", "neg") and any(small)):
            self.vanishing.add(step.name)
        if self.deep and (pair := self._split(step)) is not None:
            self.split[step.name] = pair
            if step.name in self.keeping:
                self._keep_what_a_split_lost(step, pair)
            return pair[0] * pair[1]
        if step.operation in STEEP:
            argument = step.operands[0]
            return self.words[step.operation](self._number(argument), self._lost(argument))
        value = self._arithmetic(step, guarded=self.guards and any(small))
        if step.name in self.keeping:
            self._keep_what_is_lost(step, value)
        return value

    def _split(self, step: Step) -> Split | None:
        """Write what may fall below the smallest normal number as two factors, the second a power of two."""
        if step.operation in SPLIT:
            argument = step.operands[0]
            return SPLIT[step.operation](self._number(argument), self._lost(argument))
        first, *others = self._split_first(step)
        if first not in self.split:
            return None
        a, b = self.split[first]
        match step.operation:
            case "neg":
                return -a, b
            case "mul":
                return zero_wins(a, self._number(others[0])), b
            case "div" if first == step.operands[0]:
                return a / self._number(others[0]), b
        return None

    def _split_first(self, step: Step) -> list[Operand]:
        return sorted(step.operands, key=lambda o: o not in self.split)

    def _arithmetic(self, step: Step, guarded: bool) -> Value:
        if step.operation in ("add", "sub"):
            return self._sum(step)
        if step.operation == "mul":
            a, b = self.products[step.name] = [self._number(o) for o in step.operands]
            return zero_wins(a, b) if guarded and _both_vary(step) else a * b
        spelled = OPERATORS.get(step.operation) or self.words[step.operation]
        return spelled(*map(self._value, step.operands))

    def _sum(self, step: Step) -> Real:
        """Write a sum; a product in it is fused with it, wherever else that product may be used."""
        a, b = map(self._number, step.operands)
        minus = step.operation == "sub"
        if (factors := self._factors(step.operands[1])) is not None:
            c, d = factors
            return fused(-c if minus else c, d, a)
        if (factors := self._factors(step.operands[0])) is not None:
            c, d = factors
            return fused(c, d, -b if minus else b)
        return a - b if minus else a + b

    def _factors(self, operand: Operand) -> Sequence[Real] | None:
        """Return the factors of an operand that is a product which needs no guard."""
        return None if operand in self.vanishing else self.products.get(operand)

    def _value(self, operand: Operand) -> Value:
        return self.known[operand] if isinstance(operand, str) else self.lanes.constant(operand)

    def _number(self, operand: Operand) -> Real:
        value = self._value(operand)
        assert isinstance(value, Real)
        return value

    def _lost(self, operand: Operand) -> Real | None:
        """Return what an operand's rounding lost; None for nothing."""
        if isinstance(operand, str):
            return self.lost.get(operand)
        rest = _rest_of(operand, self.kind)
        return self.lanes.constant(rest) if rest else None

    def _keep_what_is_lost(self, step: Step, value: Value) -> None:
        lost = LOST.get(step.operation)
        if lost is None or not isinstance(value, Real):
            return
        scaled = any(_is_power_of_two(o) for o in step.operands)
        operands, rests = [self._value(o) for o in step.operands], self._rests(step)
        rest = lost(value, operands, rests, scaled)
        if rest is not None and step.operation == "div" and step.operands[1] in self.needed:
            rest = where(abs(rest) <= abs(value), rest, 0.0)  # 1 / inf is 0, and has lost nothing
        if rest is not None:
            self.lost[step.name] = rest

    def _rests(self, step: Step) -> Rests:
        """Return what the operands lost; a choice on the way to an output asks only those built on sums of words.

        So what stands beside an output in its Program changes none of its bits.
        """
        narrow = step.operation == "where" and step.name in self.summed
        return [None if narrow and o not in self.summed else self._lost(o) for o in step.operands]

    def _keep_what_a_split_lost(self, step: Step, pair: Split) -> None:
        """Keep what the first factor lost, beside it and in full size."""
        if step.operation in SPLIT:
            return
        split, *others = self._split_first(step)
        operands = [self.split[split][0], *map(self._number, others)]
        rests = [self.lost_of_first.get(split), *map(self._lost, others)]
        rest = LOST[step.operation](pair[0], operands, rests, False)
        if rest is not None:
            rest = where(abs(rest) <= abs(pair[0]), rest, 0.0)  # where a zero won over infinity
            self.lost_of_first[step.name] = rest
            self.lost[step.name] = rest * pair[1]

    def _completed(self, output: Operand) -> Real:
        """Return an output with what it lost."""
        if output in self.split:
            first, second = self.split[output]
            return _with(first, self.lost_of_first.get(output)) * second
        return _with(self._number(output), self._lost(output))


def _with(value: Real, rest: Real | None) -> Real:
    """Add what is smaller than the value: not the NaN that an overflow leaves, nor 0 to a signed zero."""
    return value if rest is None else where(abs(rest) < abs(value), value + rest, value)


class OfSeveral(Writer):
    """Writes the full form of a Program of several inputs, which meet at their limits."""

    def __init__(self, program: Program, lanes: Lanes, given: Mapping[str, Real], deep: bool) -> None:
        self.asked = {name: given[name] for name in sources(program)}
        self.shown = {name: within_far(asked) for name, asked in self.asked.items()}
        super().__init__(program, "double", lanes, {**given, **self.shown}, {}, deep)

    @cached_property
    def origins(self) -> dict[Operand, frozenset[str]]:
        """The inputs behind every input and step."""
        found: dict[Operand, frozenset[str]] = {name: frozenset([name]) for name in self.program.inputs}
        for step in self.program.steps:
            found[step.name] = frozenset().union(*(found.get(o, frozenset()) for o in step.operands))
        return found

    def meet(self, step: Step) -> bool:
        """Tell whether numbers that follow from several inputs are brought together."""
        return len(self.origins[step.name]) > 1

    def outputs(self) -> list[Real]:
        written = super().outputs()
        return [self._limit(o, y) for o, y in zip(self.program.outputs, written, strict=True)]

    def _written(self, step: Step) -> Value:
        if not self.meet(step):
            return super()._written(step)
        known, split = dict(self.known), dict(self.split)
        for operand in step.operands:
            self._put_at_limit(operand)
        written = super()._written(step)
        self.known, self.split = known, split | {k: v for k, v in self.split.items() if k == step.name}
        return written

    def _put_at_limit(self, operand: Operand) -> None:
        if isinstance(operand, str) and isinstance(value := self.known[operand], Real):
            self.known[operand] = self._limit(operand, value)
        if operand in self.split:
            first, second = self.split[operand]
            self.split[operand] = self._limit(operand, first), second

    def _limit(self, operand: Operand, value: Real) -> Real:
        """Return a number that follows from one input alone at that input's infinity."""
        behind = self.origins.get(operand, frozenset())
        name = next(iter(behind)) if len(behind) == 1 else ""
        return at_infinity(value, self.asked[name], self.shown[name]) if name in self.asked else value

    def _arithmetic(self, step: Step, guarded: bool) -> Value:
        if step.operation == "mul" and self.meet(step):
            return zero_wins(*map(self._number, step.operands))
        return super()._arithmetic(step, guarded)


def without_quotients(program: Program) -> Program:
    """Return a Program that multiplies by 1 / 6 instead of dividing by 6: a tenth of the time, one rounding more."""
    steps = []
    for step in program.steps:
        if step.operation == "div" and isinstance(step.operands[1], float):
            step = Step(step.name, "mul", (step.operands[0], _reciprocal(step.operands[1])))
        steps.append(step)
    return replace(program, steps=tuple(steps))


def _reciprocal(number: float) -> Number:
    exact = 1 / (Fraction(number) + Fraction(getattr(number, "rest", 0.0)))
    return Number.of(float(exact), float(exact - Fraction(float(exact))))


def feeding(program: Program, words: Collection[str] = STEEP) -> set[str]:
    """Return the steps whose value goes into one of these words, by way of arithmetic alone."""
    found: set[str] = set()
    for step in reversed(program.steps):
        if step.operation in words or step.name in found:
            found |= {o for o in step.operands if isinstance(o, str)}
    return found


def feeding_sums(program: Program, summed: Collection[str]) -> set[str]:
    """Return the steps whose value goes into one of these, by way of arithmetic alone and not by its choices."""
    found: set[str] = set()
    for step in reversed(program.steps):
        chosen = step.operation == "where" and step.name in summed
        if (step.name in summed or step.name in found) and not chosen:
            found |= {o for o in step.operands if isinstance(o, str)}
    return found


def built_on_sums_of_words(program: Program) -> set[str]:
    """Return the steps that are sums with a word in them, or arithmetic with such a sum: terms may cancel."""
    words: set[Operand] = set()
    found: set[str] = set()
    for step in program.steps:
        if step.operation in SPLIT or any(o in words for o in step.operands):
            words.add(step.name)
        sums = step.operation in ("add", "sub") and step.name in words
        if step.operation in LOST and (sums or any(o in found for o in step.operands)):
            found.add(step.name)
    return found


Rests = Sequence[Real | None]


def _of_product(value: Real, operands: Sequence[Real], rests: Rests, scaled: bool) -> Real | None:
    (a, b), (da, db) = operands, rests
    parts = [] if scaled else [fma(a, b, -value)]
    parts += [d * other for d, other in ((da, b), (db, a)) if d is not None]
    return _sum(parts)


def _of_sum(value: Real, operands: Sequence[Real], rests: Rests, scaled: bool) -> Real | None:
    """By Knuth's two-sum; `value` may be another rounding, of a fused product, which the operand's rest allows for."""
    a, b = operands
    plain = a + b
    shown = plain - a
    return _sum(
        [(plain - value) + ((a - (plain - shown)) + (b - shown)), *(d for d in rests if d is not None)]
    )


def _of_difference(value: Real, operands: Sequence[Real], rests: Rests, scaled: bool) -> Real | None:
    (a, b), (da, db) = operands, rests
    return _of_sum(value, (a, -b), (da, None if db is None else -db), scaled)


def _of_quotient(value: Real, operands: Sequence[Real], rests: Rests, scaled: bool) -> Real | None:
    (a, b), (da, db) = operands, rests
    rest = fma(-value, b, a)
    rest = rest if da is None else rest + da
    return (rest if db is None else rest - value * db) / b


def _of_negative(value: Real, operands: Sequence[Real], rests: Rests, scaled: bool) -> Real | None:
    return None if rests[0] is None else -rests[0]


def _of_size(value: Real, operands: Sequence[Real], rests: Rests, scaled: bool) -> Real | None:
    return None if rests[0] is None else where(operands[0] < 0.0, -rests[0], rests[0])


def _of_choice(value: Real, operands: Sequence[Value], rests: Rests, scaled: bool) -> Real | None:
    _, da, db = rests
    if da is None and db is None:
        return None
    condition = operands[0]
    return where(condition, 0.0 if da is None else da, 0.0 if db is None else db)  # type: ignore[arg-type]


LOST: Mapping[str, Callable[..., Real | None]] = {
    "mul": _of_product, "add": _of_sum, "sub": _of_difference, "div": _of_quotient, "neg": _of_negative,
    "abs": _of_size, "where": _of_choice,
}  # fmt: skip
"""What each operation's rounding loses, from the operands and what theirs lost."""


def _sum(parts: Sequence[Real]) -> Real | None:
    return sum(parts[1:], start=parts[0]) if parts else None


def _is_power_of_two(operand: Operand) -> bool:
    return isinstance(operand, float) and abs(math.frexp(operand)[0]) == 0.5


def _both_vary(step: Step) -> bool:
    return all(isinstance(o, str) for o in step.operands)


def _rest_of(number: float, kind: Kind) -> float:
    """Return what the lanes' constant lacks of the number that a formula means."""
    rest = number.rest if isinstance(number, Number) else 0.0
    return rest + (number - float(np.float32(number))) if kind == "fast" else rest
