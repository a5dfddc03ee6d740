"""The page of a benchmark: how many times faster, and where nonlin is behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf

from nonlin.bench.ours import THEN_VJP
from nonlin.bench.ratios import Ratio, against_libraries, behind, means, ratios
from nonlin.bench.record import Case, Record
from nonlin.bench.rivals import FLOOR
from nonlin.report.page import (
    Block,
    Cell,
    Code,
    Column,
    Details,
    Items,
    Note,
    Page,
    Section,
    Settings,
    Table,
    Tag,
    Text,
)
from nonlin.report.wording import counted, duration

MOST_LOSSES = 20  # rows in a terminal; the whole page has them all
TASKS = {"value": "value", "gradient": "value and gradient"}


def bench_summary(record: Record) -> Page:
    """Return the page for a terminal: geometric means, each function, and the worst losses."""
    return _page(record, MOST_LOSSES, ())


def bench_page(record: Record) -> Page:
    """Return the whole page: with every loss and every median."""
    return _page(record, None, (Details("Every median", medians(record)),))


def _page(record: Record, most: int | None, more: tuple[Block, ...]) -> Page:
    found = list(ratios(record))
    if not found:
        return Page("Speed beside other libraries", "Nothing was measured.", notes(record))
    blocks = (
        Text(
            "Each number is a rival's time divided by nonlin's: 2 is twice as fast, and ▼ below 1 is behind; "
            "only × copy is nonlin's time divided by that of copying the values. Like is compared with "
            "like: the same arrays, threads, and fresh or reused outputs."
        ),
        *warnings(record),
        Section("Over all functions", (everything(record, found), *overall(record, found))),
        Section("Function by function", tuple(by_function(record, found))),
        Section("Where nonlin is behind", losses(record, found, most)),
        Section("How it was measured", how(record)),
        *more,
    )
    return Page("Speed beside other libraries", lead(record, found), blocks)


def lead(record: Record, found: Sequence[Ratio]) -> str:
    """Return in how many comparisons nonlin is ahead, and in how many it is not."""
    libraries = against_libraries(found)
    if not libraries:
        return "No rival was measured."
    lost = len(behind(libraries))
    return (
        f"nonlin is ahead in {len(libraries) - lost:,} of {counted(len(libraries), 'comparison')} with other "
        f"libraries, and behind in {lost:,}."
    )


def warnings(record: Record) -> tuple[Block, ...]:
    return (
        () if record.complete else (Note("Interrupted: these are the cases measured until then.", "warning"),)
    )


def everything(record: Record, found: Sequence[Ratio]) -> Table:
    """Return the geometric means over all cases, a row for each of our ways."""
    mean = means(found, lambda one: (_way(one), one.rival))
    rivals = _rivals(record, found)
    return Table(
        "Geometric means over functions, sizes, outputs and threads",
        (Column("nonlin"), *_columns(record, rivals)),
        tuple(
            (way, *(_cell(mean.get((way, name)), name) for name in rivals))
            for way in dict.fromkeys(map(_way, found))
        ),
    )


def overall(record: Record, found: Sequence[Ratio]) -> Iterable[Table]:
    """Yield a table for each of our ways: geometric means over the functions, by size, output and threads."""
    for kind in _kinds(found):
        some = [one for one in found if _kind(one) == kind]
        mean = means(some, lambda one: (_place(one.case), one.rival))
        rivals = _rivals(record, some)
        functions = counted(len({one.case.function for one in some}), "function")
        yield Table(
            f"{_way(some[0])} on {counted(kind[3], 'thread')}: geometric means over {functions}"
            + (" of rows" if kind[2] else ""),
            (
                Column("row" if kind[2] else "values", "number", decimals=0),
                Column("output"),
                *_columns(record, rivals),
            ),
            tuple(
                (*place, *(_cell(mean.get((place, name)), name) for name in rivals))
                for place in sorted({_place(one.case) for one in some})
            ),
        )


def by_function(record: Record, found: Sequence[Ratio]) -> Iterable[Table]:
    """Yield a table for each of our ways: geometric means of each function, the least first."""
    for way in dict.fromkeys(map(_way, found)):
        some = [one for one in found if _way(one) == way]
        mean = means(some, lambda one: (one.case.function, one.rival))
        rivals = _rivals(record, some)
        yield Table(
            f"{way}: geometric means over sizes, outputs and threads, the least first",
            (Column("function"), *_columns(record, rivals)),
            tuple(
                (name, *(_cell(mean.get((name, rival)), rival) for rival in rivals))
                for name in _least_first(mean)
            ),
            sortable=True,
        )


def _least_first(mean: Mapping[tuple[str, str], float]) -> list[str]:
    least: dict[str, float] = {}
    for (function, rival), ratio in mean.items():
        least[function] = min(least.get(function, inf), ratio if rival != FLOOR else inf)
    return sorted(least, key=least.__getitem__)


def losses(record: Record, found: Sequence[Ratio], most: int | None) -> tuple[Block, ...]:
    """Return where nonlin loses, the worst first: each function, way and rival once, at its worst."""
    lost = behind(found)
    if not lost:
        return (Text("Nowhere in this run."),)
    rows = tuple(
        (one.case.function, _way(one), record.titles[one.rival], _cell(one.ratio), _where(one.case))
        for one in _worst(lost)
    )
    table = Table(
        f"In {len(lost):,} of {counted(len(against_libraries(found)), 'comparison')}; each function and rival "
        "once, the worst first",
        (
            Column("function"),
            Column("nonlin"),
            Column("rival"),
            Column("ratio", "number", decimals=2),
            Column("at its worst, on threads"),
        ),
        rows[:most],
        sortable=True,
    )
    rest = len(rows) - len(table.rows)
    return (
        (table, Text(f"And {rest:,} more such rows; every median: --out FILE.", muted=True))
        if rest
        else (table,)
    )


def _worst(lost: Iterable[Ratio]) -> list[Ratio]:
    worst: dict[tuple[str, str, str], Ratio] = {}
    for one in lost:
        worst.setdefault((one.case.function, _way(one), one.rival), one)
    return list(worst.values())


def medians(record: Record) -> tuple[Block, ...]:
    """Return every measured median, in microseconds."""
    names = list(dict.fromkeys(name for result in record.results for name in result.timings))
    columns = (
        Column("function"),
        Column("task"),
        Column("values", "number", decimals=0),
        Column("row", "number", decimals=0),
        Column("output"),
        Column("threads", "number", decimals=0),
        *(Column(record.titles.get(name, name), "number", unit="µs") for name in names),
    )
    rows = tuple(
        (
            *(result.case.function, TASKS[result.case.task], result.case.values, result.case.row),
            *(result.case.output, result.case.threads),
            *(result.timings[name].median * 1e6 if name in result.timings else None for name in names),
        )
        for result in record.results
    )
    return (Table("Median of one call", columns, rows, sortable=True),)


def notes(record: Record) -> tuple[Block, ...]:
    return (Items(record.notes),) if record.notes else ()


def how(record: Record) -> tuple[Block, ...]:
    """Return what a reader needs to doubt the numbers, and to measure them again."""
    processor, cores, system = (record.machine.get(word) for word in ("processor", "cores", "system"))
    entries = (
        ("machine", f"{processor}, {counted(cores or 0, 'usable core')}, {system}"),
        ("versions", ", ".join(f"{name} {number}" for name, number in record.versions.items())),
        ("measured", f"{record.started}, in {duration(record.seconds)}"),
        ("inputs", f"float32, {record.settings.get('inputs')}"),
        ("agreement", f"checked before timing, within {record.settings.get('tolerance')}"),
    )
    return (
        Items(
            (
                "One process; everyone takes turns in an order that rotates; medians; no garbage collection.",
                "exact gives the gradient in one pass, f(x) with f'(x), by value_and_grad; exact + vjp gives "
                "f(x), then g f'(x) in a second pass, as a backward pass does.",
                "copy is numpy.copyto, which computes nothing; two copies for the gradient.",
                *record.notes,
            )
        ),
        Settings("", entries),
        Code(record.command),
    )


def _way(one: Ratio) -> str:
    """Return what of ours is compared; the second way, value then vjp, is always a gradient's.

    Examples
    --------
    >>> _way(Ratio(Case("gelu", "gradient", 16, None, "fresh", 1), "exact", "torch", 1.0))
    'exact gradient'
    """
    return one.ours if THEN_VJP in one.ours else f"{one.ours} {one.case.task}"


def _kind(one: Ratio) -> tuple[str, str, bool, int]:
    return one.ours, one.case.task, one.case.row is not None, one.case.threads


def _kinds(found: Iterable[Ratio]) -> list[tuple[str, str, bool, int]]:
    """Return what gets a table of its own: elementwise functions first, values before gradients."""
    tasks = list(TASKS)
    order = dict.fromkeys(map(_kind, found))
    return sorted(order, key=lambda kind: (kind[2], tasks.index(kind[1]), kind[0], kind[3]))


def _place(case: Case) -> tuple[int, str]:
    return case.row or case.values, case.output


def _where(case: Case) -> str:
    size = f"{case.values:,}" if case.row is None else f"rows of {case.row:,}"
    return f"{size} {case.output}, on {case.threads}"


def _rivals(record: Record, some: Iterable[Ratio]) -> list[str]:
    """Return the rivals that occur, in the record's order; the copy is last."""
    present = {one.rival for one in some}
    return [name for name in record.titles if name in present and name != FLOOR] + [FLOOR] * (
        FLOOR in present
    )


def _columns(record: Record, rivals: Iterable[str]) -> tuple[Column, ...]:
    return tuple(
        Column("× copy", "number", decimals=1, help="nonlin's time over that of copying the values.")
        if name == FLOOR
        else Column(record.titles[name], "number", decimals=2)
        for name in rivals
    )


def _cell(ratio: float | None, rival: str = "") -> Cell:
    """Return a rival's time over ours, with a mark below 1; for the copy, ours over the copy's."""
    if ratio is None:
        return None
    if rival == FLOOR:
        return 1 / ratio
    return Tag(_below_one(ratio), "bad") if ratio < 1 else ratio


def _below_one(ratio: float) -> str:
    """Spell a ratio below 1 with two digits, never rounded up to a draw.

    Examples
    --------
    >>> _below_one(0.876), _below_one(0.999), _below_one(0.0041)
    ('0.88', '0.99', '0.0041')
    """
    return "0.99" if ratio > 0.99 else f"{ratio:#.2g}"
