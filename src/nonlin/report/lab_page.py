"""The page of an experiment, or of several: question, criterion, verdict, pictures, and how to do it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from nonlin.lab.record import Record
from nonlin.lab.showing import Axis, BarChart, Chart, Curve, Dots, Field, Mosaic, Shown, Table
from nonlin.report import page as p
from nonlin.report.wording import capital, counted, duration

FEW = 4  # significant digits of a table's numbers


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
    rows = tuple((r.experiment, p.Tag(r.answer, "neutral" if r.holds else "bad"), r.seconds) for r in records)
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
    return replace(answers, blocks=(*answers.blocks, *sections), key=key(records))


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


def verdict(record: Record) -> tuple[p.Block, ...]:
    return (p.Note(record.verdict),)


def blocks_of(record: Record) -> Iterator[p.Block]:
    if not record.holds:
        yield p.Note("What this experiment asserts does not hold here.", "bad")
    yield p.Text(f"What counts as an answer: {record.criterion}", muted=True)
    yield from (block(one) for one in record.shown)
    made_by = ", ".join(f"{name} {version}" for name, version in record.versions.items())
    yield p.Text(f"Took {duration(record.seconds)} with {made_by}.", muted=True)
    yield p.Code(typed(record))


def typed(record: Record) -> str:
    """Return the command that does it again."""
    options = (f"--{name.replace('_', '-')} {value.split('(')[0]}" for name, value in record.settings.items())
    return " ".join([f"nonlin experiment {record.experiment}", *options])


def block(shown: Shown) -> p.Block:
    """Return a chart or a table as the page has it."""
    if isinstance(shown, Table):
        return table(shown)
    if isinstance(shown, BarChart):
        return p.Chart(
            shown.title,
            shown.description,
            (p.Bars(shown.names, shown.lengths),),
            axis(shown.x),
            p.Axis(""),
        )
    return p.Chart(shown.title, shown.description, series(shown), axis(shown.x), axis(shown.y))


def series(chart: Chart) -> tuple[p.Series, ...]:
    return tuple(map(drawn, chart.series))


def drawn(one: Curve | Dots | Field | Mosaic) -> p.Series:
    if isinstance(one, Field):
        return p.Field(one.title, one.x, one.y, one.z, one.log, one.middle, one.level)
    if isinstance(one, Mosaic):
        return p.Mosaic(one.title, one.polygons, one.values)
    return p.Line(one.name, one.x, one.y) if isinstance(one, Curve) else p.Marks(one.name, one.x, one.y)


def axis(of: Axis) -> p.Axis:
    return p.Axis(of.title, log=of.log)


def table(of: Table) -> p.Table:
    columns = tuple(p.Column(head, kind(of, place)) for place, head in enumerate(of.columns))
    return p.Table(of.title, columns, tuple(tuple(map(cell, row)) for row in of.rows))


def kind(of: Table, place: int) -> Literal["text", "number"]:
    words = any(isinstance(row[place], str) for row in of.rows)
    return "text" if words else "number"


def cell(value: p.Cell) -> p.Cell:
    """Return a number as a word of four significant digits: -0.125, 4.54e-05."""
    return f"{value:.{FEW}g}".replace("-", "−") if isinstance(value, float) else value


def key(records: Sequence[Record]) -> p.Key:
    """Return the names that have colours, in the order in which they first occur."""
    names = (name for record in records for shown in record.shown for name in names_of(shown))
    return p.Key(tuple(dict.fromkeys(names)))


def names_of(shown: Shown) -> tuple[str, ...]:
    if isinstance(shown, BarChart):
        return shown.names
    series = shown.series if isinstance(shown, Chart) else ()
    return tuple(one.name for one in series if isinstance(one, Curve | Dots))
