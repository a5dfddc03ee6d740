"""Functions, loops and choices: Python's `with` writes what in LLVM's language are jumps between blocks.

    with body.while_(lambda: left.now > 0):          check:  load, compare, jump to body or after
        with body.if_(words[0] == 7):                body:   load, compare, jump to then or on
            words[0] = 8                             then:   store
        left.now -= 1                                        load, subtract, store, jump to check

A Python function that takes a Body writes its instructions in place, wherever it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from llvmlite import ir

from nonlin.kernels.lanes import DOUBLE, WORD, Lanes, Real, Truth, Whole
from nonlin.kernels.memory import ITEMS, PLACE, WORDS, Place, Words

INT, NOTHING = ir.IntType(32), ir.VoidType()  # C's own
WRAPPERS: dict[Any, Any] = {WORD: Whole, WORDS: Words, PLACE: Place, DOUBLE: Real}
N = TypeVar("N", Whole, Real, Truth)
Given = Whole | Words | Place | int


class Body(Lanes):
    """The body of a function while it is written; its own numbers are single: int64, float64.

    Attributes
    ----------
    arguments : list of Whole, Words or Place
        What the function is given.
    """

    def __init__(self, function: Any) -> None:
        super().__init__(ir.IRBuilder(function.append_basic_block()), DOUBLE, 0)
        self.arguments: list[Any] = [self._wrapped(argument) for argument in function.args]

    @contextmanager
    def if_(self, condition: Truth, likely: bool | None = None) -> Iterator[None]:
        """Write what is done only if the condition holds; `with if_(a), if_(b)` asks b only where a holds."""
        with self.builder.if_then(condition.value, likely=likely):
            yield

    @contextmanager
    def while_(self, condition: Callable[[], Truth]) -> Iterator[Callable[[], None]]:
        """Write what is done as long as the condition holds; what it yields, called, begins the next turn."""
        check, turn, after = self._blocks("check", "body", "after")
        self.builder.branch(check)
        self.builder.position_at_end(check)
        self.builder.cbranch(condition().value, turn, after)
        self.builder.position_at_end(turn)
        yield lambda: self.builder.branch(check)
        self.builder.branch(check)
        self.builder.position_at_end(after)

    @contextmanager
    def for_(self, stop: int | Whole, step: int | Whole = 1, start: int | Whole = 0) -> Iterator[Whole]:
        """Write what is done for each number of `range(start, stop, step)`; the step is positive."""
        with self.for_together(stop, [step], start) as (number,):
            yield number

    @contextmanager
    def for_together(
        self, stop: int | Whole, steps: Sequence[int | Whole], start: int | Whole = 0
    ) -> Iterator[tuple[Whole, ...]]:
        """Write what is done as long as the first number is below `stop`; each grows by a step of its own."""
        builder, before = self.builder, self.builder.block
        first, end = self.whole(start).value, self.whole(stop).value
        check, turn, after = self._blocks("check", "body", "after")
        builder.branch(check)
        builder.position_at_end(check)
        numbers = [builder.phi(WORD) for _ in steps]
        for number in numbers:
            number.add_incoming(first, before)
        builder.cbranch(builder.icmp_signed("<", numbers[0], end), turn, after)
        builder.position_at_end(turn)
        yield tuple(Whole(self, number) for number in numbers)
        for number, step in zip(numbers, steps, strict=True):
            number.add_incoming(builder.add(number, self.whole(step).value), builder.block)
        builder.branch(check)
        builder.position_at_end(after)

    def return_(self) -> None:
        """Write the end of a function that returns nothing."""
        self.builder.ret_void()

    def variable(self, start: int | Whole) -> Variable[Whole]:
        """Return a number that changes as the written code runs."""
        return Variable(self.whole(start))

    def space(self, code: str, count: int) -> Place:
        """Return room on the stack for so many numbers, at the beginning of a cache line."""
        with self.builder.goto_entry_block():
            room = self.builder.alloca(ir.ArrayType(ITEMS[code], count))
            room.align = 64
            return Place(self, self.builder.bitcast(room, PLACE))

    def c(self, name: str, *given: Given, answer: Any = INT) -> Any:
        """Call a function of C and return its answer, an int if not said; a Python int is given as C's int."""
        values = [ir.Constant(INT, g) if isinstance(g, int) else g.value for g in given]
        known = self.builder.module.globals
        if name not in known:
            ir.Function(self.builder.module, ir.FunctionType(answer, [v.type for v in values]), name)
        return self._wrapped(self.builder.call(known[name], values))

    def call(self, function: Any, *given: Given) -> None:
        """Call a function of the same module that returns nothing."""
        self.builder.call(function, [self._value(g) for g in given])

    def call_at(self, address: Whole, *given: Given) -> None:
        """Call the function at an address, which returns nothing."""
        values = [self._value(g) for g in given]
        kind = ir.FunctionType(NOTHING, [v.type for v in values])
        self.builder.call(self.builder.inttoptr(address.value, kind.as_pointer()), values)

    def _value(self, given: Given) -> Any:
        return self.whole(given).value if isinstance(given, int) else given.value

    def _wrapped(self, value: Any) -> Any:
        """Return LLVM's value as what it is by its type."""
        if value.type == NOTHING:
            return None
        if value.type == INT:
            return Whole(self, self.builder.sext(value, WORD))
        return WRAPPERS[value.type](self, value)

    def _blocks(self, *names: str) -> list[Any]:
        return [self.builder.append_basic_block(name) for name in names]


class Variable(Generic[N]):
    """A number that changes as the written code runs: `now` reads it and sets it.

    It stands in memory only until LLVM gives it a register.
    """

    def __init__(self, start: N) -> None:
        self._lanes = start.lanes
        self._kind: Callable[..., N] = type(start)
        with self._lanes.builder.goto_entry_block():
            self._room = self._lanes.builder.alloca(start.value.type)
        self.now = start

    @property
    def now(self) -> N:
        return self._kind(self._lanes, self._lanes.builder.load(self._room))

    @now.setter
    def now(self, number: N | int) -> None:
        value = self._lanes.whole(number) if isinstance(number, int) else number
        self._lanes.builder.store(value.value, self._room)


def function(module: Any, name: str, kinds: Sequence[Any], internal: bool = False) -> tuple[Any, Body]:
    """Begin a function that takes these kinds and returns nothing; return it and its body.

    An internal one is called from its own module alone, and stays a function there.
    """
    made = ir.Function(module, ir.FunctionType(NOTHING, kinds), name)
    if internal:
        made.linkage = "internal"
        made.attributes.add("noinline")
    made.attributes.add("nounwind")
    return made, Body(made)
