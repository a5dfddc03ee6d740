"""Who means what: an activation in the words of other frameworks, and where we differ on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nonlin import catalog
from nonlin.dialects import FRAMEWORKS, Framework, Meaning, choose_in, meanings, near_in_name, shortest
from nonlin.report.page import Block, Cell, Column, Items, Page, Table, Text

AGREES, DIFFERS = "✓", "◇"

COLUMNS = (
    Column("framework"), Column("spelling"), Column("here"), Column("parameters"),
    Column("agreement", help="with what nonlin.get(word, dialect=...) computes"),
)  # fmt: skip

TITLES = {framework.word: framework.title for framework in FRAMEWORKS}


def dialect_blocks(name: str) -> list[Block]:
    """Return the table of who means what by a name, and the reasons where we differ; nothing where nobody has it."""
    found = near_in_name(name)
    if not found:
        return []
    reasons = numbered(found)
    rows = [_row(alike, reasons) for alike in _together(found)]
    blocks: list[Block] = [_without_idle_columns(Table("In other frameworks", COLUMNS, tuple(rows)), name)]
    told = Text("Where ours differs on purpose:")
    return [*blocks, told, Items(tuple(reasons), numbered=True)] if reasons else blocks


def _without_idle_columns(table: Table, name: str) -> Table:
    """Return the table without a column that says only the page's own name, or nothing."""
    told = [i for i in range(len(table.columns)) if {row[i] for row in table.rows} not in ({name}, {""})]
    rows = tuple(tuple(row[i] for i in told) for row in table.rows)
    return replace(table, columns=tuple(table.columns[i] for i in told), rows=rows)


def numbered(found: Iterable[Meaning]) -> dict[str, int]:
    """Return each reason to differ with its number, in the order in which they are met."""
    reasons = dict.fromkeys(m.differs for m in found if m.differs)
    return {reason: i for i, reason in enumerate(reasons, 1)}


def _together(found: Iterable[Meaning]) -> list[list[Meaning]]:
    """Return the meanings of one framework together that differ in their spelling alone."""
    alike: dict[tuple[object, ...], list[Meaning]] = {}
    for m in found:
        alike.setdefault((m.dialect, m.function, m.words, m.kink, m.differs), []).append(m)
    return list(alike.values())


def _row(alike: Sequence[Meaning], reasons: dict[str, int]) -> tuple[Cell, ...]:
    meaning, told = alike[0], [shortest(m, s) for m in alike for s in m.spellings]
    agreement = f"but for {reasons[meaning.differs]}" if meaning.differs else "agrees"
    kink = "" if meaning.kink == "stated" else f", kink: {meaning.kink}"
    return meaning.dialect, ", ".join(dict.fromkeys(told)), meaning.name, _given(meaning), agreement + kink


def _given(meaning: Meaning) -> str:
    """Return the parameters of a meaning in the framework's words, and that its gate comes first."""
    parameters = [f"{name}={value:g}" for name, value in meaning.parameters.items()]
    return ", ".join([*parameters, *(["gate first"] if meaning.gate == "first" else [])])


def union_page() -> Page:
    """Return every activation with a mark for each framework that has it."""
    by_place = _by_place()
    rows = [
        (name, *(_mark(by_place.get((name, f.word), ())) for f in FRAMEWORKS)) for name in catalog.names()
    ]
    columns = (Column("name"), *(Column(f.word) for f in FRAMEWORKS))
    agreeing = sum(not m.differs for m in meanings())
    lead = (
        f"{len(meanings())} meanings in {len(FRAMEWORKS)} frameworks; {agreeing} agree with ours to the last."
    )
    legend = (
        f"{AGREES} agrees in that dialect; {DIFFERS} differs on purpose: nonlin show NAME says where and why."
    )
    return Page(
        "Activations in other frameworks",
        lead,
        (Table("Who has what", columns, tuple(rows)), Text(legend, muted=True)),
    )


def dialect_page(framework: Framework) -> Page:
    """Return the words of one framework, and what they are here."""
    rows = []
    for meaning in (m for m in meanings() if m.dialect == framework.word):
        words = [shortest(meaning, s) for s in meaning.spellings]
        rows += [(word, meaning.name, _given(meaning)) for word in words if _means(word, meaning)]
    rows = sorted(set(rows), key=lambda row: (row[0].lower(), row))
    columns = (Column(f"in {framework.title}"), Column("here"), Column("parameters"))
    lead = f"{len(rows)} words; use one: nonlin.get(WORD, dialect={framework.word!r})"
    return Page(f"The activations of {framework.title}", lead, (Table("Words", columns, tuple(rows)),))


def _means(word: str, meaning: Meaning) -> bool:
    """Tell whether a word alone means this, and not the same function with more parameters."""
    return "(" in word or choose_in(word, meaning.dialect, {}).name == meaning.name


def union_markdown() -> str:
    """Return the page of all names: a row an activation, a tick a framework, and the reasons below."""
    by_place, reasons = _by_place(), numbered(meanings())
    lines = [
        "# Names in other frameworks", "",
        f"{AGREES} `nonlin.get(word, dialect=...)` computes what the framework computes; {DIFFERS} it does so but for "
        "what the number says, where ours differs on purpose. Values in brackets are the framework's own defaults "
        "where ours are others. Seen in PyTorch 2.13, Keras 3.15, JAX 0.10, ONNX 1.23, MLX 0.32 and tinygrad 0.14, "
        "which the tests run; Hugging Face 5.23, timm 1.0.31 and TensorFlow Addons 0.23 by their source. Made by "
        "`nonlin list --union --markdown`.", "",
        f"| here | {' | '.join(TITLES.values())} |",
        "|---" * (len(FRAMEWORKS) + 1) + "|",
    ]  # fmt: skip
    for name in catalog.names():
        cells = (_cell(by_place.get((name, f.word), ()), reasons) for f in FRAMEWORKS)
        lines.append(f"| `{name}` | {' | '.join(cells)} |")
    lines += ["", "## Where nonlin differs, and why", ""]
    for reason, i in reasons.items():
        who = dict.fromkeys(f"`{m.name}` ({m.dialect})" for m in meanings() if m.differs == reason)
        lines.append(f"{i}. {', '.join(who)}: {reason}")
    return "\n".join(lines) + "\n"


def _by_place() -> dict[tuple[str, str], list[Meaning]]:
    found: dict[tuple[str, str], list[Meaning]] = {}
    for meaning in meanings():
        found.setdefault((meaning.name, meaning.dialect), []).append(meaning)
    return found


def _mark(found: Sequence[Meaning]) -> str:
    if not found:
        return ""
    return DIFFERS if all(m.differs for m in found) else AGREES


def _cell(found: Sequence[Meaning], reasons: dict[str, int]) -> str:
    """Return the words of one framework for one activation, words of the same meaning together."""
    told = []
    for alike in _together(found):
        meaning = alike[0]
        words = ", ".join(f"`{w}`" for w in dict.fromkeys(shortest(m, s) for m in alike for s in m.spellings))
        words_of = dict(meaning.words)
        given = ", ".join(f"{words_of.get(p, p)}={value}" for p, value in sorted(meaning.function[1]))
        mark = f"{DIFFERS}<sup>{reasons[meaning.differs]}</sup>" if meaning.differs else AGREES
        told.append(" ".join(filter(None, [mark, words, f"({given})" if given else ""])))
    return "<br>".join(told)
