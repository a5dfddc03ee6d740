"""The truth at one input: how far a result is from it, and what it is."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, ctx

from nonlin.derivation.formats import Format
from nonlin.derivation.rounding import BITS, Rounding

ENOUGH = Fraction(1, 1 << 40)  # an error in ulp is told to this


class Truth(Rounding):
    """A formula's true value by ball arithmetic, and the errors of results."""

    def error(self, at: float, got: float, fmt: Format) -> tuple[float, float]:
        """Return |got - truth| in units in the last place of the truth, and in itself."""
        if got != got:
            return float("inf"), float("inf")
        found, bound = fmt.exactly(got), fmt.beyond
        for low, high in self.enclosures(at):
            low, high = (min(max(end, -bound), bound) for end in (low, high))
            unit = fmt.unit(min(abs(low), abs(high)))
            settled = (high - low) < ENOUGH * unit and unit == fmt.unit(max(abs(low), abs(high)))
            if settled:
                break
        difference = abs(found - (low + high) / 2)
        return float(difference / unit), float(difference)

    def distance(self, at: float, high: float, low: float = 0.0) -> tuple[float, float]:
        """Return |high + low - truth| and |truth|, each as a float, for measuring a reference."""
        if self._exact is not None and abs(high) < float("inf"):
            exact = self._exact(Fraction(at))
            return float(abs(Fraction(high) + Fraction(low) - exact)), float(abs(exact))
        for bits in BITS:
            ball = self.ball(at, bits)
            with ctx.workprec(bits + 64):
                difference = abs(ball - arb(high) - arb(low))
            if difference.rad() <= difference.mid() / 8 or (low == 0 and ball.rel_accuracy_bits() >= 90):
                break
        return float(difference.upper()), float(abs(ball).mid())

    def value(self, at: float) -> float:
        """Return the truth as a float, 0 where a rational formula is exactly that."""
        return float(self.ball(at).mid() if self._exact is None else self._exact(Fraction(at)))

    def told(self, at: float) -> str:
        """Return the value in 20 digits."""
        return str(self.ball(at, 256).mid().str(20, radius=False))
