"""The page of an experiment, or of several: question, criterion, verdict, pictures, and how to do it again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from math import isfinite
from typing import Literal

from nonlin.lab.record import Record
from nonlin.lab.showing import Axis, BarChart, Chart, Curve, Dots, Field, Mosaic, Shown, Table
from nonlin.report import page as p
from nonlin.report.palette import LIGHT
from nonlin.report.wording import capital, counted, duration

FEW = 4  # significant digits of a table's numbers
MANY = 40  # dots that would hide each other


def record_page(record: Record) -> p.Page:
    """Return the page of one experiment.

    Parameters
    ----------
    record : Record
        What it left behind.
    """
    return p.Page(record.question, record.verdict, tuple(blocks_of(record)), key([record]))


def answers_page(records: Sequence[Record]) -> p.Page:
    """Return the answers of several experiments, without their pictures.

    Parameters
    ----------
    records : sequence of Record
    """
    rows = tuple((r.experiment, answer(r), r.seconds) for r in records)
    columns = (
        p.Column("experiment"),
        p.Column("answer"),
        p.Column("time", "number", decimals=1, unit="s"),
    )
    lead = f"{counted(len(records), 'experiment')}, each seeded, each decided from its numbers by a rule stated before."
    return p.Page("The lab", lead, (p.Table("What was asked, and what the numbers say", columns, rows),))


def records_page(records: Sequence[Record]) -> p.Page:
    """Return one page of several experiments: their answers, then each with its pictures.

    Parameters
    ----------
    records : sequence of Record
    """
    sections = tuple(
        p.Section(capital(r.experiment.replace("-", " ")), (p.Text(r.question), *verdict(r), *blocks_of(r)))
        for r in records
    )
    answers = answers_page(records)
    columns = (p.Column("experiment"), p.Column("question"), p.Column("answer"))
    rows = tuple((r.experiment, r.question, answer(r)) for r in records)
    table = p.Table("What was asked, and what the numbers say", columns, rows)
    return replace(answers, blocks=(table, *sections), key=key(records))


def experiments_page(experiments: Sequence[tuple[str, str]]) -> p.Page:
    """Return the list of experiments.

    Parameters
    ----------
    experiments : sequence of (str, str)
        Each name with its question.
    """
    return p.Page(
        "The lab",
        f"{counted(len(experiments), 'question')} that numbers answer; run one with: nonlin experiment NAME",
        (p.Settings("Experiments", tuple(experiments)),),
    )


def answer(record: Record) -> p.Tag:
    return p.Tag(record.answer, "neutral" if record.holds else "bad")


def verdict(record: Record) -> tuple[p.Block, ...]:
    return (p.Note(record.verdict),)


def blocks_of(record: Record) -> Iterator[p.Block]:
    if not record.holds:
        yield p.Note("What this experiment asserts does not hold here.", "bad")
    yield p.Text(f"Stated beforehand: {record.criterion}", muted=True)
    yield from (block(one) for one in record.shown)
    made_by = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    yield p.Text(f"Took {duration(record.seconds)} with {made_by}.", muted=True)
    yield p.Code(typed(record))


def typed(record: Record) -> str:
    """Return the command that does it again."""
    named = (
        (name.replace("_", "-"), re.sub(r"\([^)]*\)", "", value)) for name, value in record.settings.items()
    )
    options = (f"--{name} {value}" for name, value in named)
    return " ".join([f"nonlin experiment {record.experiment}", *options])


def block(shown: Shown) -> p.Block:
    """Return a chart or a table as the page has it."""
    if isinstance(shown, Table):
        return table(shown)
    if isinstance(shown, BarChart):
        return p.Chart(
            shown.title,
            shown.description,
            (p.Bars(shown.names, shown.lengths, groups=shown.groups),),
            axis(shown.x),
            p.Axis(""),
        )
    return p.Chart(shown.title, shown.description, series(shown), axis(shown.x), axis(shown.y))


def series(chart: Chart) -> tuple[p.Series, ...]:
    return tuple(drawn(one, chart.paired) for one in chart.series)


def drawn(one: Curve | Dots | Field | Mosaic, paired: Set[str]) -> p.Series:
    if isinstance(one, Field):
        return p.Field(**vars(one))
    if isinstance(one, Mosaic):
        return p.Mosaic(**vars(one))
    if isinstance(one, Dots):
        return p.Marks(one.name, one.x, one.y, shape="point" if len(one.x) > MANY else "dot")
    if one.beside:
        return p.Line(one.name, one.x, one.y, label=one.label, stroke="dashed")
    return p.Line(one.name, one.x, one.y, stroke="solid" if one.name in paired else "own")


def axis(of: Axis) -> p.Axis:
    return p.Axis(of.title, log=of.log)


def table(of: Table) -> p.Table:
    columns = tuple(p.Column(head, kind(of, place)) for place, head in enumerate(of.columns))
    return p.Table(of.title, columns, tuple(tuple(map(cell, row)) for row in of.rows))


def kind(of: Table, place: int) -> Literal["text", "number"]:
    words = any(isinstance(row[place], str) for row in of.rows)
    return "text" if words else "number"


def cell(value: p.Cell) -> p.Cell:
    """Return a number as a word of four significant digits: -0.125, 4.54e-05; nothing if it is none."""
    if not isinstance(value, float):
        return value
    return f"{value + 0.0:.{FEW}g}".replace("-", "−") if isfinite(value) else None


def key(records: Sequence[Record]) -> p.Key:
    """Return the names that have colours, so ordered that few of one experiment share a colour."""
    groups = [{name for shown in record.shown for name in names_of(shown)} for record in records]
    left = list(
        dict.fromkeys(name for record in records for shown in record.shown for name in names_of(shown))
    )
    placed: list[str] = []
    while left:
        alike = placed[-len(LIGHT.series) :: -len(LIGHT.series)]
        rivals = {name for group in groups for name in group if group & set(alike)}
        placed.append(left.pop(next((i for i, name in enumerate(left) if name not in rivals), 0)))
    return p.Key(tuple(placed))


def names_of(shown: Shown) -> tuple[str, ...]:
    if isinstance(shown, BarChart):
        return shown.groups or shown.names
    series = shown.series if isinstance(shown, Chart) else ()
    return tuple(one.name for one in series if isinstance(one, Curve | Dots))
