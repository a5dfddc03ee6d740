"""A page as text for a terminal or a log: complete without colour, and eighty columns are enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text as RichText

from nonlin.report import page as p
from nonlin.report.alternative import numbers_of
from nonlin.report.characters import bar_lines, field_lines, interval_lines
from nonlin.report.text_table import TONES, fitted

PLACES = 6  # columns of a chart's numbers that fit into eighty columns beside a name


def as_text(page: p.Page, width: int = 80, colour: bool = False) -> str:
    """Return the page as lines of at most `width` columns.

    Parameters
    ----------
    page : Page
        What to show.
    width : int
        Columns of the terminal.
    colour : bool
        Whether to add the terminal's colours; every word and sign is there without them.

    Examples
    --------
    >>> from nonlin.report.page import Page, Text
    >>> print(as_text(Page("A title", "The answer.", (Text("Its reason."),))))
    A title
    The answer.
    <BLANKLINE>
    Its reason.
    <BLANKLINE>
    """
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
        legacy_windows=False,
    )
    console.print(RichText(page.title, "dim"))
    console.print(RichText(page.lead, "bold"))
    for block in page.blocks:
        console.print(Padding(shown(block, width), (1, 0, 0, 0)))
    written = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in written.splitlines()) + "\n"


@singledispatch
def shown(block: p.Block, width: int) -> RenderableType:
    """Return one block as Rich prints it."""
    raise TypeError(f"no way to write a {type(block).__name__}")


@shown.register
def _(block: p.Text, width: int) -> RenderableType:
    return RichText(block.text, "dim" if block.muted else "")


@shown.register
def _(block: p.Items, width: int) -> RenderableType:
    table = RichTable.grid(padding=(0, 1, 0, 0))
    for place, item in enumerate(block.items, 1):
        table.add_row(f"{place}." if block.numbered else "-", RichText(item))
    return table


@shown.register
def _(block: p.Code, width: int) -> RenderableType:
    return Padding(RichText(block.text, no_wrap=False, overflow="fold"), (0, 0, 0, 4))


@shown.register
def _(block: p.Note, width: int) -> RenderableType:
    table = RichTable.grid(padding=(0, 1, 0, 0))
    table.add_row(RichText("!", TONES[block.tone]), RichText(block.text))
    return table


@shown.register
def _(block: p.Settings, width: int) -> RenderableType:
    table = RichTable.grid(padding=(0, 2, 0, 0))
    for name, value in block.entries:
        table.add_row(RichText(f"  {name}", "dim"), RichText(value, overflow="fold"))
    return Group(RichText(block.caption, "bold"), table)


@shown.register
def _(block: p.Section, width: int) -> RenderableType:
    heading = RichText(f"{block.title.upper()}\n{'─' * len(block.title)}", "bold")
    return Group(heading, *spaced(block.blocks, width))


@shown.register
def _(block: p.Details, width: int) -> RenderableType:
    return Group(RichText(block.summary, "bold"), *spaced(block.blocks, width))


@shown.register
def _(block: p.Table, width: int) -> RenderableType:
    parts = fitted(block, width)
    return Group(RichText(block.caption, "bold"), *(line for part in parts for line in (RichText(), part)))


@shown.register
def _(block: p.Chart, width: int) -> RenderableType:
    described = (RichText(block.title, "bold"), RichText(block.description, "dim"), RichText())
    intervals = [series for series in block.series if isinstance(series, p.Intervals)]
    bars = [series for series in block.series if isinstance(series, p.Bars)]
    if intervals:
        return Group(*described, *map(RichText, interval_lines(intervals[0], block.x, width)))
    if bars:
        return Group(*described, *map(RichText, bar_lines(bars[0], block.x, width)))
    fields = [series for series in block.series if isinstance(series, p.Field)]
    if fields:
        return Group(*described, *map(RichText, field_lines(fields[0], block.x, block.y, width)))
    return Group(*described[:2], numbers(block, width))


@shown.register
def _(block: p.Panels, width: int) -> RenderableType:
    described = (RichText(block.title, "bold"), RichText(block.description, "dim"))
    return Group(*described, numbers(block, width))


def spaced(blocks: Sequence[p.Block], width: int) -> Iterator[RenderableType]:
    for block in blocks:
        yield Padding(shown(block, width), (1, 0, 0, 0))


def numbers(chart: p.Chart | p.Panels, width: int) -> RenderableType:
    return shown(numbers_of(chart, PLACES), width)
