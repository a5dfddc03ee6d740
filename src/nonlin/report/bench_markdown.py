"""The tables of a benchmark for a README: means over everything, and each function beside its fastest rival."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nonlin.bench.ratios import Ratio, against_libraries, means, ratios
from nonlin.bench.record import Record
from nonlin.bench.rivals import FLOOR

WAYS = {
    ("exact", "value"): "exact, value",
    ("fast", "value"): "fast, value",
    ("exact", "gradient"): "exact, value and gradient",
    ("fast", "gradient"): "fast, value and gradient",
}
"""What of ours is shown, by contestant and task, and its title."""

Way = tuple[str, str]


def markdown(record: Record) -> str:
    """Return the tables; each number is a rival's time over ours, a geometric mean over sizes, outputs and threads."""
    every = [one for one in ratios(record) if _way(one) in WAYS]
    found = [one for one in every if one.case.row is None]
    tables = (_overall(record, found), _by_function(record, found), _by_row(record, every))
    return "\n".join(line for table in tables for line in (*_table(table), "")).rstrip("\n") + "\n"


def summary_markdown(record: Record) -> str:
    """Return the table of means, and a line for each of our ways that says who is faster than it and where."""
    every = [one for one in ratios(record) if _way(one) in WAYS]
    found = [one for one in every if one.case.row is None]
    tables = (_overall(record, found), _behind(record, every))
    return "\n\n".join("\n".join(_table(table)) for table in tables) + "\n"


def _behind(record: Record, every: Sequence[Ratio]) -> Iterable[Sequence[str]]:
    """Yield, for each way, the functions that some library computes faster, each with the fastest."""
    mean = means(against_libraries(every), lambda one: (_way(one), _subject(one), one.rival))
    yield ["", "where another is faster"]
    for way, title in WAYS.items():
        subjects = sorted({subject for w, subject, _ in mean if w == way})
        of = {s: {r: ratio for (w, t, r), ratio in mean.items() if (w, t) == (way, s)} for s in subjects}
        fastest = {s: min(rivals, key=rivals.__getitem__) for s, rivals in of.items()}
        told = [
            f"{s} {min(of[s][r], 0.99):.2f} ({record.titles[r]})" for s, r in fastest.items() if of[s][r] < 1
        ]
        yield [title, ", ".join(told) or "nowhere"]


def _subject(one: Ratio) -> str:
    name = f"`{one.case.function}`"
    return name if one.case.row is None else f"{name} of rows of {one.case.row:,}"


def _overall(record: Record, found: Sequence[Ratio]) -> Iterable[Sequence[str]]:
    mean = means(found, lambda one: (_way(one), one.rival))
    rivals = [name for name in record.titles if name != FLOOR and any(one.rival == name for one in found)]
    yield ["", *(record.titles[name] for name in rivals), "time of a copy"]
    for way, title in WAYS.items():
        copy = mean.get((way, FLOOR))
        yield [
            title,
            *(_spelled(mean.get((way, name))) for name in rivals),
            f"× {1 / copy:.1f}" if copy else "–",
        ]


def _by_function(record: Record, found: Sequence[Ratio]) -> Iterable[Sequence[str]]:
    mean = means(against_libraries(found), lambda one: (one.case.function, _way(one), one.rival))
    yield ["", *(f"{title}: PyTorch | fastest rival" for title in WAYS.values())]
    for function in sorted({one.case.function for one in found}):
        yield [f"`{function}`", *(_beside(record, mean, function, way) for way in WAYS)]


def _by_row(record: Record, every: Sequence[Ratio]) -> Iterable[Sequence[str]]:
    some = [one for one in against_libraries(every) if one.case.row is not None and one.case.task == "value"]
    mean = means(some, lambda one: (one.case.function, one.case.row, one.ours, one.rival))
    rivals = [name for name in record.titles if any(one.rival == name for one in some)]
    yield ["rows of", *(record.titles[name] for name in rivals)]
    for function, row, grade in sorted({(one.case.function, one.case.row or 0, one.ours) for one in some}):
        numbers = (_spelled(mean.get((function, row, grade, name))) for name in rivals)
        yield [f"`{function}`, {row:,}, {grade}", *numbers]


def _beside(record: Record, mean: Mapping[tuple[str, Way, str], float], function: str, way: Way) -> str:
    """Return the ratios to PyTorch and to whoever is fastest."""
    rivals = {rival: ratio for (f, w, rival), ratio in mean.items() if (f, w) == (function, way)}
    if not rivals:
        return "– | –"
    fastest = min(rivals, key=rivals.__getitem__)
    name = "" if fastest == "torch" else f" ({record.titles[fastest]})"
    return f"{_spelled(rivals.get('torch'))} | {_spelled(rivals[fastest])}{name}"


def _way(one: Ratio) -> Way:
    return one.ours, one.case.task


def _spelled(ratio: float | None) -> str:
    """Spell a ratio, one below 1 in bold and never rounded up to a draw."""
    return "–" if ratio is None else f"{ratio:.2f}" if ratio >= 1 else f"**{min(ratio, 0.99):.2f}**"


def _table(rows: Iterable[Sequence[str]]) -> Iterable[str]:
    head, *rest = (" | ".join(row) for row in rows)
    yield f"| {head} |"
    yield "|---" * (head.count("|") + 1) + "|"
    yield from (f"| {row} |" for row in rest)
