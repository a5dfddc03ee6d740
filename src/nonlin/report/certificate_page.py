"""The page of certificates: one row a function, dtype and grade; the README's table is made from it."""

from __future__ import annotations

import math
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
        help="The bound of the slope's error near its roots (within 1/8; grade fast 1, float64 3/2), in itself.",
    ),
    Column("promise"),
)


KINDS = {
    ("float32", "exact"): "float32",
    ("float32", "fast"): "fast",
    ("float64", "exact"): "float64",
    ("float16", "exact"): "float16",
    ("bfloat16", "exact"): "bfloat16",
}
"""Dtypes and grades, and what a README calls them."""

SUMMARY = (
    "",
    "functions",
    "at every input",
    "largest error of a value",
    "of a slope",
    "least share of right results",
    "promise missed by",
)
"""The columns of the short table."""

SAMPLED = "†"
"""Stands behind what was measured at a sample of float32, not at all 2^32 inputs."""

FAST = ("float32", "fast")
"""The grade that has no certificate of its own where it computes as the exact one does."""


def certificate_table(certificates: Iterable[Certificate]) -> Table:
    """Return the table of certificates."""
    return Table("Certified errors", COLUMNS, tuple(map(_row, certificates)))


def certificate_page(certificates: Sequence[Certificate]) -> Page:
    """Return the page of certificates."""
    kept = sum(c.kept for c in certificates)
    sampled = sum(c.dtype == "float32" and not c.exhaustive for c in certificates)
    lead = f"{kept} of {len(certificates)} certificates keep what their dtype and grade promise."
    if sampled:
        lead += f" {sampled} of float32 are of a sample; the others of all 2^32 inputs."
    return Page("Certificates", lead, (certificate_table(certificates),))


def markdown(certificates: Iterable[Certificate]) -> str:
    """Return the table for a README: a row a function, the largest error in ulp and the share of right results.

    A dagger stands behind what was measured at a sample of float32.
    """
    found = {(c.function, c.dtype, c.grade): c for c in certificates}
    kinds = [kind for kind in KINDS if any(key[1:] == kind for key in found)]
    head = ["", *(f"{KINDS[kind]}, {quantity}" for kind in kinds for quantity in ("value", "slope"))]
    lines = [head, ["---"] * len(head)]
    for function in sorted({name for name, _, _ in found}):
        cells = [_brief(found.get((function, *kind)), q, kind) for kind in kinds for q in ("value", "slope")]
        lines.append([f"`{function}`", *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def summary_markdown(certificates: Iterable[Certificate]) -> str:
    """Return the worst of every dtype and grade, for a README: a row each, and who misses its promise."""
    found = list(certificates)
    groups = {kind: [c for c in found if (c.dtype, c.grade) == kind] for kind in KINDS}
    lines = [list(SUMMARY), ["---"] * len(SUMMARY)]
    lines += [[KINDS[kind], *_summed(some)] for kind, some in groups.items() if some]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _summed(some: Sequence[Certificate]) -> Iterable[str]:
    """Yield how many, how many of them whole, the worst value and slope of those that keep the promise, who misses."""
    kept, missing = [c for c in some if c.kept], [c.function for c in some if not c.kept]
    yield str(len(some))
    yield str(sum(c.exhaustive for c in some))
    yield from (_worst(kept, quantity) for quantity in ("value", "slope"))
    yield f"{100 * min((_share(c) for c in kept), default=0):.4g} %"
    yield ", ".join(f"`{name}`" for name in missing) or "none"


def _worst(some: Iterable[Certificate], quantity: str) -> str:
    of = max(some, key=lambda c: c.measured[quantity].away_at_most, default=None)
    if of is None:
        return "–"
    error = f"{of.measured[quantity].away_at_most:.3f}"
    return error if error <= "0.500" else f"{error} (`{of.function}`)"  # at a half many are equal


def _share(c: Certificate) -> float:
    """Return the least share of correctly rounded results, of value or slope."""
    return min(t.right / t.inputs for t in c.measured.values())


def _brief(c: Certificate | None, quantity: str, kind: tuple[str, str]) -> str:
    tally = c.measured.get(quantity) if c else None
    if c is None or tally is None:
        return "as float32" if kind == FAST else "–"
    right = tally.right / tally.inputs
    if c.dtype in ("float16", "bfloat16"):
        return "all" if right == 1 else f"**{100 * right:.3f} %**"
    shown = min(math.floor(1e4 * right) / 100, 99.99) if right < 1 else 100
    error = c.error_of(tally)
    told = f"{error:.3f} ({shown:g} %)"
    if c.wave and tally.near_at_most > c.promised:
        told = f"{tally.near_size_at_most * 2**52:.3f} × 2⁻⁵² ({shown:g} %)"
        error = math.inf if tally.near_size_at_most > c.promised_near else error
    sampled = f" {SAMPLED}" * (c.dtype == "float32" and not c.exhaustive)
    return (told if error <= c.promised else f"**{told}**") + sampled


def _row(c: Certificate) -> tuple[Cell, ...]:
    value, slope = (c.measured.get(q) for q in ("value", "slope"))
    near = f"{slope.near_size_at_most:.2g}" if slope and (c.roots or c.wave) else ""
    promise = Tag("kept", "good") if c.kept else Tag("missed", "bad")
    inputs = "all" if c.exhaustive else f"{max(t.inputs for t in c.measured.values()):,}"
    dtype = c.dtype if c.grade == "exact" else f"{c.dtype} {c.grade}"
    return (c.function, dtype, inputs, *_told(c, value), *_told(c, slope), near, promise)


def _told(c: Certificate, tally: Tally | None) -> tuple[Cell, Cell]:
    if tally is None:
        return None, None
    only_in_itself = c.wave and tally.near_at_most > c.promised
    return None if only_in_itself else c.error_of(tally), tally.right / tally.inputs


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
        roots = "a root (they have no end)" if c.wave else ", ".join(f"{r:.6g}" for r in c.roots)
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
