"""Activations side by side: their facts, and how far apart their values and slopes are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nonlin.report.activation_page import how_known, number, smoothness
from nonlin.report.page import Block, Cell, Column, Page, Settings, Table, Text
from nonlin.report.wording import counted, listed, uncapital
from nonlin.workbench import Elementwise
from nonlin.workbench.differences import Difference


def comparison_page(
    activations: Sequence[Elementwise], differences: Sequence[Difference], with_cost: bool = True
) -> Page:
    """Return what `nonlin compare NAME NAME...` says.

    Parameters
    ----------
    activations : sequence of Elementwise
        At least two.
    differences : sequence of Difference
        Those of each pair.
    with_cost : bool
        Whether to measure what each costs.
    """
    names = [a.name for a in activations]
    told = [dict(_facts(a, with_cost)) for a in activations]
    rows = [(fact, *(facts[fact] for facts in told)) for fact in told[0]]
    unlike = tuple(row for row in rows if len(set(row[1:])) > 1)
    alike = tuple((row[0], row[1]) for row in rows if len(set(row[1:])) == 1)
    blocks: list[Block] = (
        [Table("Facts that differ", (Column("fact"), *map(Column, names)), unlike)] if unlike else []
    )
    blocks += [Settings("Facts that are the same", alike)] if alike else []
    blocks += [_apart(differences), Text(_how_known(activations), muted=True)]
    lead = (
        f"{counted(len(unlike), 'fact')} of {len(rows)} differ between {listed(names)}, at these parameters."
    )
    return Page(", ".join(map(repr, activations)), lead, tuple(blocks))


def _facts(activation: Elementwise, with_cost: bool) -> Iterator[tuple[str, str]]:
    f = activation.facts
    left, right = f.saturation
    yield "range", str(f.range)
    yield "limits", f"{number(f.limits[0])}, {number(f.limits[1])}"
    yield "asymptotes", ", ".join(str(line) if line else "none" for line in f.asymptotes)
    yield "zeros", str(f.zeros)
    yield "extrema", str(f.extrema)
    yield "kinks", str(f.kinks)
    yield "monotone", f.monotone or "no"
    yield "bends as a whole", f.curvature.whole or "both ways"
    yield "symmetry", f.parity or "none"
    yield "continuous derivatives", smoothness(f.smoothness)
    yield "Lipschitz constant", number(f.lipschitz)
    yield "saturates below", "never" if left is None else number(left)
    yield "saturates above", "never" if right is None else number(right)
    yield "mean of f(z)", number(f.mean)
    yield "mean of f(z)^2", number(f.second_moment)
    yield "chance of slope 0", number(f.zero_slope_mass)
    yield "gain", number(f.gain)
    yield "backward gain", number(f.backward_gain)
    yield "chi", number(f.chi)
    yield "variance 1 under gain", f.propagation.fate if f.propagation else "none"
    yield "bytes kept for backward", str(f.memory.bytes_per_value)
    if with_cost:
        yield "time of f, in copies", f"{f.cost.value:.1f}"
        yield "time of f with f', in copies", f"{f.cost.value_and_slope:.1f}"


def _apart(differences: Sequence[Difference]) -> Table:
    stretch = differences[0]
    columns = ("pair", "of", "largest", "at x =", "as x to -inf", "as x to inf")
    caption = f"How far apart, for x from {number(stretch.low)} to {number(stretch.high)}"
    return Table(caption, tuple(map(Column, columns)), tuple(_row(d) for d in differences))


def _row(d: Difference) -> tuple[Cell, ...]:
    far = ("not known" if end is None else number(end) for end in (d.far_left, d.far_right))
    return (" and ".join(d.of), d.quantity, number(d.largest), number(d.at), *far)


def _how_known(activations: Sequence[Elementwise]) -> str:
    """Return how facts and differences are known, in sentences."""
    told: dict[str, list[str]] = {}
    for activation in activations:
        told.setdefault(how_known(activation.facts), []).append(activation.name)
    facts = " ".join(f"{listed(names)}: {uncapital(sentence)}" for sentence, names in told.items())
    return f"{facts} Differences: numeric; far out from the limits and asymptotes. Times: measured here, now."
