"""A row that fits in a vector: loaded once, computed in registers, stored."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nonlin.derivation.passes import Pass
from nonlin.derivation.steps import Operand
from nonlin.kernels.lanes import DOUBLE, Lanes, Real, Whole, converted
from nonlin.kernels.rows.row import Row
from nonlin.kernels.rows.words import APPROACHED, ROW_WORDS, RowWord


class Vector(Row):
    """Writes what is done for a row of at most as many elements as a vector holds."""

    def begin(self, addresses: Sequence[Whole]) -> None:
        """Load the row."""
        super().begin(addresses)
        self.mask = self.there(self.m)
        names = enumerate(self.plan.program.inputs)
        self.elements: dict[str, Real] = {
            n: self.source(i, 0, self.m).load(self.narrow, self.mask) for i, n in names
        }

    def find(self, each: Pass) -> None:
        """Write words of the vector."""
        asked = [s for s in each.found if s.operation != "size"]
        values = self.computed(each.elements, [s.operands[0] for s in asked], self.elements, 0)
        for step, value in zip(asked, values, strict=True):
            if step.operation in APPROACHED:
                self.approach(step, partial(self._word, value))
            else:
                self.numbers[step.name] = self._word(value, ROW_WORDS[step.operation])

    def _word(self, value: Real, word: RowWord) -> Real:
        wide = value if word.exact else converted(value, Lanes(self.body.builder, DOUBLE, self.plan.count))
        return word.folded(word.only(wide, self.mask), self.body)

    def store(self, end: Pass, result: Operand) -> None:
        """Write the results to memory."""
        (value,) = self.computed(end.elements, [result], self.elements, 0)
        self.target(0, self.m).store(converted(value, self.narrow), self.mask)
        self.put_back(0, self.m)
