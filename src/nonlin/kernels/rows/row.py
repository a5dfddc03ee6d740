"""What is written for one row, whether it fits in a vector or not: its numbers, its elements' steps, its memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from llvmlite import ir

from nonlin.derivation.passes import Choice, Pass, Way
from nonlin.derivation.steps import Operand, Program, Step
from nonlin.kernels.control import Body, Variable
from nonlin.kernels.emit import OPERATORS, Value, Writer
from nonlin.kernels.lanes import DOUBLE, Lanes, Real, Truth, Whole, converted, where, whole_where
from nonlin.kernels.memory import ITEMS, SIZES, Place, place_at
from nonlin.kernels.primitives import PRIMITIVES
from nonlin.kernels.primitives.anywhere import ANYWHERE
from nonlin.kernels.rows.plan import Plan
from nonlin.kernels.rows.words import RowWord, fall, newton_step, repeated, size

BLOCK = 1024  # elements between two carries of partial sums; strided ones are copied so many at a time


class Row:
    """Writes what is done for one row.

    Parameters
    ----------
    body : Body
        Of a function `(addresses, sizes, strides, room)`.
    plan : Plan
    fetch, put : functions
        Copy strided elements to a block, and back.
    """

    def __init__(self, body: Body, plan: Plan, fetch: Any, put: Any) -> None:
        self.body, self.plan, self.fetch, self.put = body, plan, fetch, put
        self.lanes = Lanes(body.builder, ITEMS[plan.item], plan.count)
        self.narrow = Lanes(body.builder, ITEMS[plan.code], plan.count)
        _, sizes, strides, self.room = body.arguments
        self.m = sizes[1]
        arrays = [*range(plan.inputs), plan.result]
        self.steps: dict[int, Whole] = {a: strides[plan.result + 1 + i] for i, a in enumerate(arrays)}
        self.blocks = {a: body.space(plan.code, BLOCK) for a in arrays}
        self.numbers: dict[str, Value] = {}
        self.often = plan.keeps

    def begin(self, addresses: Sequence[Whole]) -> None:
        """Begin with the row whose arrays and parameters are at these addresses."""
        self.addresses, names = addresses, self.plan.program.parameters
        places = map(place_at, addresses[self.plan.inputs : self.plan.result])
        self.numbers = {name: place.load(self.body) for name, place in zip(names, places, strict=True)}

    def follow(self, way: Way) -> None:
        """Write the passes of a way and what is at its end; a second way on is taken so rarely that it is short."""
        for each in way.passes:
            self._calculate(each.numbers)
            self.find(each)
            self.numbers |= {s.name: size(self.body, self.m) for s in each.found if s.operation == "size"}
        if not isinstance(way.end, Choice):
            self._calculate(way.end.numbers)
            self.store(way.end, way.result)
            return
        chosen, numbers, often = self._number(way.end.condition), self.numbers, self.often
        assert isinstance(chosen, Truth)
        for condition, on in ((chosen, way.end.then), (~chosen, way.end.otherwise)):
            self.numbers = dict(numbers)
            with self.body.if_(condition):
                self.follow(on)
            self.often = False
        self.often = often

    def find(self, each: Pass) -> None:
        """Write a pass that finds numbers of the row."""
        raise NotImplementedError

    def store(self, end: Pass, result: Operand) -> None:
        """Write the pass that stores the result."""
        raise NotImplementedError

    def _calculate(self, steps: Sequence[Step]) -> None:
        for step in steps:
            word: Any = OPERATORS.get(step.operation) or PRIMITIVES["double"][step.operation]
            self.numbers[step.name] = word(*map(self._number, step.operands))

    def _number(self, operand: Operand) -> Value:
        return self.numbers[operand] if isinstance(operand, str) else self.body.constant(operand)

    def approach(self, step: Step, find_step: Callable[[RowWord], Real]) -> None:
        """Write the iteration to a `threshold`, which goes on as long as it grows, or down to a `kth_largest`."""
        grows = step.operation == "threshold"
        t, going = Variable(self.body.constant(-1.0 if grows else float("inf"))), self.body.variable(1)
        with self.body.while_(lambda: going.now > 0):
            spread = self._in_every_lane(t.now)
            if grows:
                ahead = t.now + find_step(newton_step(float(step.operands[1]), spread))
            else:
                k = self._number(step.operands[1])
                assert isinstance(k, Real)
                ahead = find_step(fall(k, t.now, spread))
            goes_on = ahead > t.now if grows else ahead < t.now
            going.now = whole_where(goes_on, 1, 0)
            t.now = where(goes_on, ahead, t.now)
        self.numbers[step.name] = t.now

    def computed(
        self,
        steps: Sequence[Step],
        outputs: Sequence[Operand],
        elements: Mapping[str, Real],
        start: Whole | int,
    ) -> list[Real]:
        """Write steps for a vector of elements, the first of which has the place `start` in the row.

        Elements that are asked for as they are stay as narrow as they are.
        """
        if not steps and all(o in elements for o in outputs):
            return [elements[str(o)] for o in outputs]
        given: dict[str, Any] = {name: converted(e, self.lanes) for name, e in elements.items()}
        given |= {s.name: self._positions(start) for s in steps if s.operation == "position"}
        steps = [s for s in steps if s.operation != "position"]
        names = {o for s in steps for o in s.operands} | set(outputs)
        given |= {name: self._spread(number) for name, number in self.numbers.items() if name in names}
        program = Program(tuple(given), (), tuple(steps), tuple(outputs))
        return RowWriter(program, self.plan.kind, self.lanes, given, {}).outputs()

    def _spread(self, number: Value) -> Value:
        """Return a number in every lane."""
        if isinstance(number, Truth):
            return Truth(self.lanes, self._repeated(number.value))
        return self._in_every_lane(number)

    def _in_every_lane(self, number: Real) -> Real:
        single = converted(number, Lanes(self.body.builder, self.lanes.item, 0))
        return Real(self.lanes, self._repeated(single.value))

    def _positions(self, start: Whole | int) -> Real:
        """Return the places of a vector's elements in the row."""
        item, count, builder = self.lanes.item, self.plan.count, self.body.builder
        order = ir.Constant(ir.VectorType(item, count), [ir.Constant(item, float(i)) for i in range(count)])
        begin = Real(self.body, builder.sitofp(self.body.whole(start).value, DOUBLE))
        return self._in_every_lane(begin) + Real(self.lanes, order)

    def _repeated(self, value: Any) -> Any:
        return repeated(value, self.plan.count, self.body.builder)

    def there(self, left: Whole) -> Truth:
        """Return in which lanes there are elements when so many are left."""
        builder, count, item = self.body.builder, self.plan.count, ir.IntType(32)
        limit = self._repeated(builder.trunc(left.value, item))
        order = ir.Constant(ir.VectorType(item, count), [ir.Constant(item, i) for i in range(count)])
        return Truth(self.lanes, builder.icmp_signed("<", order, limit))

    def source(self, array: int, start: Whole | int, m: Whole) -> Place:
        """Return where elements of an input lie side by side: in the array, or in a block they are copied to."""
        return self._side_by_side(array, start, m, fetched=True)

    def target(self, start: Whole | int, m: Whole) -> Place:
        """Return where results can be put side by side; `put_back` brings them to the array."""
        return self._side_by_side(self.plan.result, start, m, fetched=False)

    def put_back(self, start: Whole | int, m: Whole) -> None:
        """Copy results to the array, if they were put elsewhere."""
        array = self.plan.result
        with self.body.if_(self._has_gaps(array)):
            self.body.call(self.put, *self._strided(array, start), self.blocks[array].address, m)

    def _side_by_side(self, array: int, start: Whole | int, m: Whole, fetched: bool) -> Place:
        body, (address, step) = self.body, self._strided(array, start)
        at = body.variable(address)
        with body.if_(self._has_gaps(array)):
            at.now = self.blocks[array].address
            if fetched:
                body.call(self.fetch, address, step, self.blocks[array].address, m)
        return place_at(at.now)

    def _has_gaps(self, array: int) -> Truth:
        gaps: Truth = self.steps[array] != SIZES[self.plan.code]
        return gaps

    def _strided(self, array: int, start: Whole | int) -> tuple[Whole, Whole]:
        """Return the address of an element, and the step to the next."""
        return self.addresses[array] + self.steps[array] * start, self.steps[array]


class RowWriter(Writer):
    """Writes elements' steps in words that take any argument, whose rounding is not made up for."""

    def __init__(self, program: Program, kind: Any, *rest: Any) -> None:
        super().__init__(program, kind, *rest)
        self.words, self.guards, self.keeping = ANYWHERE[self.kind], False, set()
