"""Numbers in lanes: Python arithmetic on them writes LLVM's instructions, each for all lanes at once.

A primitive is thereby an ordinary Python function: `u * PER_LN2 + ROUNDER` writes a multiplication and an
addition of vectors. Nothing is fused but by `fma` and `fused`, so a result never depends on what is computed
beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Union

from llvmlite import ir

FLOAT, DOUBLE = ir.FloatType(), ir.DoubleType()
BYTE, WORD = ir.IntType(8), ir.IntType(64)


@dataclass
class Lanes:
    """Where instructions are written, and for how many numbers of what type.

    Attributes
    ----------
    builder : llvmlite.ir.IRBuilder
    item : llvmlite.ir.Type
        FLOAT or DOUBLE.
    count : int
        Numbers in a vector; 0 for a single number that is no vector.
    conditions : list of Truth
        Under which the short forms that were used hold, as their primitives state it.
    """

    builder: Any
    item: Any
    count: int

    def __post_init__(self) -> None:
        self.conditions: list[Truth] = []

    def vector(self, item: Any) -> Any:
        """Return the type of a vector of such items."""
        return ir.VectorType(item, self.count) if self.count else item

    def constant(self, number: float) -> Real:
        """Return that number in each lane."""
        return Real(self, self._constant(self.item, float(number)))

    def whole(self, number: int | Whole) -> Whole:
        """Return that integer, as wide as the lanes' floats, in each lane."""
        return number if isinstance(number, Whole) else Whole(self, self._constant(self.integer, number))

    def truth(self, holds: bool) -> Truth:
        """Return true or false in each lane."""
        return Truth(self, self._constant(ir.IntType(1), int(holds)))

    def require(self, condition: Truth) -> None:
        """State that what is being written is right only where the condition holds."""
        self.conditions.append(condition)

    @cached_property
    def integer(self) -> Any:
        """The integer type as wide as the lanes' floats."""
        return ir.IntType(32 if self.item == FLOAT else 64)

    def intrinsic(self, name: str, *operands: Any) -> Any:
        """Call LLVM's intrinsic `llvm.NAME` of floats."""
        return self.builder.call(self._declared(f"llvm.{name}.{self._suffix}", operands), operands)

    def library(self, name: str, *operands: Any) -> Any:
        """Call a function of C's mathematical library, lane by lane."""
        if not self.count:
            return self.builder.call(self._declared(name, operands), operands)
        result = ir.Constant(self.vector(self.item), ir.Undefined)
        for i in range(self.count):
            index = ir.Constant(ir.IntType(32), i)
            given = [self.builder.extract_element(o, index) for o in operands]
            value = self.builder.call(self._declared(name, given), given)
            result = self.builder.insert_element(result, value, index)
        return result

    @property
    def _suffix(self) -> str:
        return f"v{self.count}" * bool(self.count) + ("f32" if self.item == FLOAT else "f64")

    def _constant(self, item: Any, number: float) -> Any:
        if not self.count:
            return ir.Constant(item, number)
        return ir.Constant(self.vector(item), [ir.Constant(item, number)] * self.count)

    def _declared(self, name: str, operands: Sequence[Any]) -> Any:
        module = self.builder.module
        if name not in module.globals:
            kind = ir.FunctionType(operands[0].type, [o.type for o in operands])
            ir.Function(module, kind, name).attributes.add("nounwind")
        return module.globals[name]


Given = Union["Real", float, int]


class Real:
    """A floating-point number in each lane; it knows of which other number it is the negative."""

    def __init__(self, lanes: Lanes, value: Any, negative_of: Real | None = None) -> None:
        self.lanes, self.value, self.negative_of = lanes, value, negative_of

    def __add__(self, other: Given) -> Real:
        return self._binary("fadd", other)

    def __sub__(self, other: Given) -> Real:
        return self._binary("fsub", other)

    def __mul__(self, other: Given) -> Real:
        return self._binary("fmul", other)

    def __truediv__(self, other: Given) -> Real:
        return self._binary("fdiv", other)

    def __radd__(self, other: float) -> Real:
        return self.lanes.constant(other) + self

    def __rsub__(self, other: float) -> Real:
        return self.lanes.constant(other) - self

    def __rmul__(self, other: float) -> Real:
        return self.lanes.constant(other) * self

    def __rtruediv__(self, other: float) -> Real:
        return self.lanes.constant(other) / self

    def __neg__(self) -> Real:
        return self.negative_of or Real(self.lanes, self.lanes.builder.fneg(self.value), self)

    def __abs__(self) -> Real:
        return Real(self.lanes, self.lanes.intrinsic("fabs", self.value))

    def __gt__(self, other: Given) -> Truth:
        return self._compared(">", other)

    def __ge__(self, other: Given) -> Truth:
        return self._compared(">=", other)

    def __lt__(self, other: Given) -> Truth:
        return self._compared("<", other)

    def __le__(self, other: Given) -> Truth:
        return self._compared("<=", other)

    def __eq__(self, other: Given) -> Truth:  # type: ignore[override]
        return self._compared("==", other)

    def __ne__(self, other: Given) -> Truth:  # type: ignore[override]
        return Truth(self.lanes, self.lanes.builder.fcmp_unordered("!=", self.value, self._same(other).value))

    __hash__ = None  # type: ignore[assignment]

    def bits(self) -> Whole:
        """Return the same bits as integers."""
        lanes = self.lanes
        return Whole(lanes, lanes.builder.bitcast(self.value, lanes.vector(lanes.integer)))

    def _same(self, other: Given) -> Real:
        return other if isinstance(other, Real) else self.lanes.constant(other)

    def _binary(self, instruction: str, other: Given) -> Real:
        return Real(self.lanes, getattr(self.lanes.builder, instruction)(self.value, self._same(other).value))

    def _compared(self, sign: str, other: Given) -> Truth:
        return Truth(self.lanes, self.lanes.builder.fcmp_ordered(sign, self.value, self._same(other).value))


class Whole:
    """An integer in each lane, as wide as the lanes' floats; it wraps around."""

    def __init__(self, lanes: Lanes, value: Any) -> None:
        self.lanes, self.value = lanes, value

    def __add__(self, other: Whole | int) -> Whole:
        return self._binary("add", other)

    def __sub__(self, other: Whole | int) -> Whole:
        return self._binary("sub", other)

    def __mul__(self, other: Whole | int) -> Whole:
        return self._binary("mul", other)

    def __floordiv__(self, other: Whole | int) -> Whole:
        """Divide; neither may be negative."""
        return self._binary("udiv", other)

    def __and__(self, other: Whole | int) -> Whole:
        return self._binary("and_", other)

    def __lshift__(self, other: Whole | int) -> Whole:
        return self._binary("shl", other)

    def __rshift__(self, other: Whole | int) -> Whole:
        return self._binary("ashr", other)

    def __gt__(self, other: Whole | int) -> Truth:
        return self._compared(">", other)

    def __ge__(self, other: Whole | int) -> Truth:
        return self._compared(">=", other)

    def __lt__(self, other: Whole | int) -> Truth:
        return self._compared("<", other)

    def __le__(self, other: Whole | int) -> Truth:
        return self._compared("<=", other)

    def __eq__(self, other: Whole | int) -> Truth:  # type: ignore[override]
        return self._compared("==", other)

    def __ne__(self, other: Whole | int) -> Truth:  # type: ignore[override]
        return self._compared("!=", other)

    __hash__ = None  # type: ignore[assignment]

    def at_least(self, other: Whole | int) -> Whole:
        """Return the larger of the two."""
        return whole_where(self > other, self, other)

    def at_most(self, other: Whole | int) -> Whole:
        """Return the smaller of the two."""
        return whole_where(self < other, self, other)

    def real(self) -> Real:
        """Return the same bits as floats."""
        lanes = self.lanes
        return Real(lanes, lanes.builder.bitcast(self.value, lanes.vector(lanes.item)))

    def _binary(self, instruction: str, other: Whole | int) -> Whole:
        value = self.lanes.whole(other).value
        return Whole(self.lanes, getattr(self.lanes.builder, instruction)(self.value, value))

    def _compared(self, sign: str, other: Whole | int) -> Truth:
        return Truth(
            self.lanes, self.lanes.builder.icmp_signed(sign, self.value, self.lanes.whole(other).value)
        )


class Truth:
    """True or false in each lane."""

    def __init__(self, lanes: Lanes, value: Any) -> None:
        self.lanes, self.value = lanes, value

    def __and__(self, other: Truth) -> Truth:
        return Truth(self.lanes, self.lanes.builder.and_(self.value, other.value))

    def __or__(self, other: Truth) -> Truth:
        return Truth(self.lanes, self.lanes.builder.or_(self.value, other.value))

    def __invert__(self) -> Truth:
        return Truth(self.lanes, self.lanes.builder.not_(self.value))


def where(condition: Truth, a: Given, b: Given) -> Real:
    """Return a in the lanes where the condition holds, else b."""
    lanes = condition.lanes
    a, b = (c if isinstance(c, Real) else lanes.constant(c) for c in (a, b))
    return Real(lanes, lanes.builder.select(condition.value, a.value, b.value))


def whole_where(condition: Truth, a: Whole | int, b: Whole | int) -> Whole:
    """Return the integer a in the lanes where the condition holds, else b."""
    lanes = condition.lanes
    return Whole(lanes, lanes.builder.select(condition.value, lanes.whole(a).value, lanes.whole(b).value))


def fma(a: Real, b: Given, c: Given) -> Real:
    """Return a b + c, rounded once on every processor."""
    return Real(a.lanes, a.lanes.intrinsic("fma", a.value, a._same(b).value, a._same(c).value))


def fused(a: Real, b: Given, c: Given) -> Real:
    """Return a b + c, rounded once where the processor does so as fast as it multiplies, else twice."""
    return Real(a.lanes, a.lanes.intrinsic("fmuladd", a.value, a._same(b).value, a._same(c).value))


def sqrt(u: Real) -> Real:
    """Return the square root, correctly rounded."""
    return Real(u.lanes, u.lanes.intrinsic("sqrt", u.value))


def with_sign_of(size: Real, u: Real) -> Real:
    """Return |size| with the sign of u, that of a zero too."""
    return Real(u.lanes, u.lanes.intrinsic("copysign", size.value, u.value))


def converted(u: Real, lanes: Lanes) -> Real:
    """Return the number in lanes of another type, rounded once if they are narrower."""
    if u.lanes.item == lanes.item:
        return Real(lanes, u.value)
    instruction = lanes.builder.fptrunc if lanes.item == FLOAT else lanes.builder.fpext
    return Real(lanes, instruction(u.value, lanes.vector(lanes.item)))


def repeated(u: Real, lanes: Lanes) -> Real:
    """Return a single number in each of these lanes, of the same type."""
    vector = ir.Constant(lanes.vector(lanes.item), ir.Undefined)
    for i in range(lanes.count):
        vector = lanes.builder.insert_element(vector, u.value, ir.Constant(ir.IntType(32), i))
    return Real(lanes, vector)


def polynomial(t: Real, coefficients: Sequence[float]) -> Real:
    """Return the polynomial with these coefficients, constant term first, by Horner's rule."""
    value = t.lanes.constant(coefficients[-1])
    for c in reversed(coefficients[:-1]):
        value = fused(value, t, c)
    return value
