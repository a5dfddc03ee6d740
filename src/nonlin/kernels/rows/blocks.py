"""A row of any length: run over once a pass, a block at a time; what is not cheap and needed again is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce

from nonlin.derivation.passes import CHEAP, Pass
from nonlin.derivation.steps import Operand, Step
from nonlin.kernels.lanes import DOUBLE, Lanes, Real, Truth, Whole, converted, whole_where
from nonlin.kernels.memory import SIZES, Place, place_at
from nonlin.kernels.rows.row import BLOCK, Row
from nonlin.kernels.rows.words import APPROACHED, ROW_WORDS, Found, RowWord

SIDE_BY_SIDE = 2  # vectors taken at once where there is little to compute


@dataclass(frozen=True)
class Block:
    """A part of a row.

    Attributes
    ----------
    start, length : Whole
        Its first element in the row, and how many there are.
    sources : mapping of str to Place
        Where each input that is used lies.
    found : sequence of mapping of str to Found
        What was found in it, by vectors that stand side by side.
    """

    start: Whole
    length: Whole
    sources: Mapping[str, Place]
    found: Sequence[Mapping[str, Found]]


@dataclass(frozen=True)
class Taken:
    """A vector of a block: from the element `at` on, in all lanes or those where there are elements."""

    block: Block
    at: Whole
    there: Truth | None
    found: Mapping[str, Found]


class Blocks(Row):
    """Writes what is done for a row of any length."""

    def begin(self, addresses: Sequence[Whole]) -> None:
        """Choose where things are kept: the first in the result's own memory, if that is of the same type."""
        super().begin(addresses)
        plan, size = self.plan, SIZES[self.plan.item]
        self.keeping = {name: self.room + self.m * (size * i) for i, name in enumerate(plan.kept[::-1])}
        if plan.kept and plan.item == plan.code:
            name = plan.kept[0]
            self.keeping[name] = whole_where(
                self._has_gaps(plan.result), self.keeping[name], addresses[plan.result]
            )

    def find(self, each: Pass) -> None:
        """Write a run over the row that finds words of it, and as many as it takes for what is approached."""
        self._find(each, {s.name: ROW_WORDS[s.operation] for s in each.found if s.operation in ROW_WORDS})
        for step in each.found:
            if step.operation in APPROACHED:
                self.approach(step, partial(self._found, each, step))

    def _found(self, each: Pass, step: Step, word: RowWord) -> Real:
        self._find(each, {step.name: word})
        number = self.numbers.pop(step.name)
        assert isinstance(number, Real)
        return number

    def _find(self, each: Pass, words: Mapping[str, RowWord]) -> None:
        """Write one run over the row."""
        asked = [s for s in each.found if s.name in words]
        if not asked:
            return
        found = {s.name: Found(words[s.name], self._carrying(each, words[s.name])) for s in asked}

        def visit(taken: Taken) -> None:
            outputs = [*(s.operands[0] for s in asked), *each.kept]
            values = self._computed(each, outputs, taken)
            for step, value in zip(asked, values, strict=False):
                so_far = taken.found[step.name]
                so_far.take(so_far.word.only(converted(value, so_far.lanes), taken.there))
            for name, value in zip(each.kept, values[len(asked) :], strict=True):
                self._kept(name, taken).store(value, taken.there)

        for block in self._blocks(each, asked, words):
            self._run(each, block, visit)
            for name, whole in found.items():
                whole.take(reduce(whole.word.joined, (part[name].now for part in block.found)))
        for name, whole in found.items():
            self.numbers[name] = whole.word.folded(whole.now, self.body)

    def store(self, end: Pass, result: Operand) -> None:
        """Write a run over the row that stores the result."""
        for block in self._blocks(end, [], {}, result):
            target = self.target(block.start, block.length)

            def visit(taken: Taken, target: Place = target) -> None:
                (value,) = self._computed(end, [result], taken)
                target.item(self.plan.code, taken.at).store(converted(value, self.narrow), taken.there)

            self._run(end, block, visit)
            self.put_back(block.start, block.length)

    def _blocks(
        self, each: Pass, asked: Sequence[Step], words: Mapping[str, RowWord], *more: Operand
    ) -> Iterable[Block]:
        """Write a loop over the blocks; what is done for the one that is yielded is written inside."""
        used = {o for s in (*each.elements, *asked) for o in s.operands}.union(more)
        with self.body.for_(self.m, BLOCK) as start:
            length = (self.m - start).at_most(BLOCK)
            sources = {
                name: self.source(i, start, length)
                for i, name in enumerate(self.plan.program.inputs)
                if name in used
            }
            lanes = self._adding(each)
            found = [
                {name: Found(word, lanes) for name, word in words.items()} for _ in range(self._side(each))
            ]
            yield Block(start, length, sources, found)

    def _run(self, each: Pass, block: Block, visit: Callable[[Taken], None]) -> None:
        """Write loops over a block: by vectors side by side, then by what is left of them."""
        count, side, done = self.plan.count, self._side(each), self.body.whole(0)
        if self.often or not self.plan.masks_freely:
            done = block.length & -(count * side)
            with self.body.for_(done, count * side) as at:
                for i, found in enumerate(block.found):
                    visit(Taken(block, at + i * count, None, found))
        with self.body.for_(block.length, count, start=done) as at:
            visit(Taken(block, at, self.there(block.length - at), block.found[0]))

    def _side(self, each: Pass) -> int:
        lengthy = any(s.operation not in CHEAP for s in each.elements)
        return 1 if lengthy or not self.often else SIDE_BY_SIDE

    def _adding(self, each: Pass) -> Lanes:
        """Return the lanes of what is found in a block: the largest of elements as they are needs no others."""
        plain = not each.elements and all(s.operation == "largest" for s in each.found)
        return self.narrow if plain else self.lanes

    def _carrying(self, each: Pass, word: RowWord) -> Lanes:
        """Return the lanes of what is found in a row: float64 for sums."""
        return self._adding(each) if word.exact else Lanes(self.body.builder, DOUBLE, self.plan.count)

    def _computed(self, each: Pass, outputs: Sequence[Operand], taken: Taken) -> list[Real]:
        """Write a pass's steps for one vector, from inputs and from what is kept."""
        wanted = {o for s in each.elements for o in s.operands} | set(outputs)
        own = {s.name for s in each.elements}
        elements = {
            name: place.item(self.plan.code, taken.at).load(self.narrow, taken.there)
            for name, place in taken.block.sources.items()
        }
        for name in self.plan.kept:
            if name in wanted - own:
                elements[name] = self._kept(name, taken).load(self.lanes, taken.there)
        return self.computed(each.elements, outputs, elements, taken.block.start + taken.at)

    def _kept(self, name: str, taken: Taken) -> Place:
        return place_at(self.keeping[name]).item(self.plan.item, taken.block.start + taken.at)
