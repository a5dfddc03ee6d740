"""The page of certificates: one row a function, dtype and grade; the README's table is made from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nonlin.certify import Certificate, Tally
from nonlin.report.page import Block, Cell, Column, Page, Settings, Table, Tag, Text

COLUMNS = (
    Column("function"),
    Column("dtype"),
    Column("inputs"),
    Column("value", kind="number", decimals=4, unit="ulp"),
    Column("right", kind="number", decimals=4, percent=True, unit="%", help="Correctly rounded values."),
    Column("slope", kind="number", decimals=4, unit="ulp"),
    Column("right", kind="number", decimals=4, percent=True, unit="%", help="Correctly rounded slopes."),
    Column(
        "near roots",
        help="The bound of the slope's error near its roots (within 1/8; grade fast 3/4), in itself.",
    ),
    Column("promise"),
)


def certificate_table(certificates: Iterable[Certificate]) -> Table:
    """Return the table of certificates."""
    return Table("Certified errors", COLUMNS, tuple(map(_row, certificates)))


def certificate_page(certificates: Sequence[Certificate]) -> Page:
    """Return the page of certificates."""
    kept = sum(c.kept for c in certificates)
    lead = f"{kept} of {len(certificates)} certificates keep what their dtype and grade promise."
    return Page("Certificates", lead, (certificate_table(certificates),))


def markdown(certificates: Iterable[Certificate]) -> str:
    """Return the table for a README."""
    rows = [
        [_plain(cell, column) for cell, column in zip(_row(c), COLUMNS, strict=True)] for c in certificates
    ]
    head = [f"{c.header} ({c.unit})" if c.unit else c.header for c in COLUMNS]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _row(c: Certificate) -> tuple[Cell, ...]:
    value, slope = (c.measured.get(q) for q in ("value", "slope"))
    near = f"{slope.near_size_at_most:.2g}" if slope and c.roots else ""
    promise = Tag("kept", "good") if c.kept else Tag("missed", "bad")
    inputs = "all" if c.exhaustive else f"{max(t.inputs for t in c.measured.values()):,}"
    dtype = c.dtype if c.grade == "exact" else f"{c.dtype} {c.grade}"
    return (c.function, dtype, inputs, *_told(value), *_told(slope), near, promise)


def _told(tally: Tally | None) -> tuple[Cell, Cell]:
    return (tally.away_at_most, tally.right / tally.inputs) if tally else (None, None)


def _plain(cell: Cell, column: Column) -> str:
    if isinstance(cell, Tag):
        return cell.text
    if isinstance(cell, float):
        return f"{cell * (100 if column.percent else 1):.{column.decimals or 4}f}"
    return "" if cell is None else str(cell)


def one_certificate(c: Certificate) -> Page:
    """Return the page of one certificate."""
    judged = "keeps" if c.kept else "misses"
    promise = "correctly rounded" if "float16" in c.dtype else f"within {c.promised:g} ulp"
    lead = f"{c.function}, {c.dtype}, grade {c.grade}: {judged} its promise ({promise})."
    blocks: list[Block] = [Settings(q, tuple(_entries(c, t))) for q, t in c.measured.items()]
    right = "right" if c.special["right"] else "wrong, see the JSON"
    others = (("NaN, infinities, zeros", right), ("one pass unlike two", f"{c.differs:,} results"))
    blocks += [Settings("Besides", others), Text(f"Inputs: {c.inputs}."), Text(c.decided, muted=True)]
    return Page(f"Certificate of {c.function}", lead, tuple(blocks))


def _entries(c: Certificate, t: Tally) -> Iterable[tuple[str, str]]:
    yield "inputs", f"{t.inputs:,} finite"
    yield "correctly rounded", f"{t.right:,} ({100 * t.right / t.inputs:.6f} %)"
    if t.worst:
        at, got, truth = t.worst.at, t.worst.got, t.worst.truth
        yield "worst found", f"{t.worst.ulp:.6f} ulp at x = {at!r} ({at.hex()}): {got!r}, truth {truth}"
    yield "no error above", f"{t.at_most:.6f} ulp"
    if t.near_at_most:
        roots = ", ".join(f"{r:.6g}" for r in c.roots)
        yield "away from roots", f"{t.away_at_most:.6f} ulp"
        yield (
            "near roots",
            f"{t.near_at_most:.4g} ulp, {t.near_size_at_most:.2g} in itself, within {c.near:g} of {roots}",
        )
    yield "decided by balls", f"{t.by_balls:,}" + (f"; undecided {t.undecided:,}" if t.undecided else "")
    if t.nans or t.numbers_for_nan or t.wrong_zeros:
        wrong = f"{t.nans:,} NaN for a number, {t.numbers_for_nan:,} numbers for NaN"
        yield "wrong", f"{wrong}, {t.wrong_zeros:,} zeros of the wrong sign after an underflow"
    yield "reference's error", f"{t.reference_error:.2g}, measured at {t.samples:,} inputs"
