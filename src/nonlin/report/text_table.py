"""A table fitted into the columns of a terminal: what is too wide comes below, with the rows' names again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.table import Table as RichTable
from rich.text import Text as RichText

from nonlin.report.page import Cell, Column, Table, Tag
from nonlin.report.wording import header, spell

TONES = {"good": "bold green", "bad": "bold red", "warning": "yellow", "neutral": ""}
SIGNS = {"good": "▲ ", "bad": "▼ ", "warning": "! ", "neutral": ""}
WIDEST = 32  # columns of the widest cell that is not folded
GAP = 2  # columns between two columns of the table


def fitted(table: Table, width: int) -> Iterator[RichTable]:
    """Yield the table in as few parts as fit into the width, one below the other."""
    least = [narrow(table, place) for place in range(len(table.columns))]
    for places in side_by_side(least, width):
        yield part(table, places, widened(table, places, least, width))


def side_by_side(least: Sequence[int], width: int) -> list[list[int]]:
    """Return which columns fit beside each other; the first, the rows' names, is in every group.

    Examples
    --------
    >>> side_by_side([4, 8, 8, 8], width=26)
    [[0, 1, 2], [0, 3]]
    """
    groups, used = [[0]], least[0]
    for place in range(1, len(least)):
        if used + GAP + least[place] > width and len(groups[-1]) > 1:
            groups.append([0])
            used = least[0]
        groups[-1].append(place)
        used += GAP + least[place]
    return groups


def narrow(table: Table, place: int) -> int:
    """Return what a column needs: its longest cell, and its header's longest word."""
    words = [len(word) for word in header(table.columns[place]).split()]
    return min(max([longest_cell(table, place), *words]), WIDEST)


def longest_cell(table: Table, place: int) -> int:
    return max((worded(row[place], table.columns[place]).cell_len for row in table.rows), default=1)


def widened(table: Table, places: Sequence[int], least: Sequence[int], width: int) -> list[int]:
    """Return the widths of a group's columns; headers get on one line as long as there is room."""
    room = width - sum(least[place] for place in places) - GAP * (len(places) - 1)
    widths = []
    for place in places:
        more = max(min(len(header(table.columns[place])), WIDEST) - least[place], 0)
        more = more if more <= room else 0
        widths.append(least[place] + more)
        room -= more
    return widths


def part(table: Table, places: Sequence[int], widths: Sequence[int]) -> RichTable:
    shape = RichTable(
        box=SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim", collapse_padding=True
    )
    for place, width in zip(places, widths, strict=True):
        column = table.columns[place]
        side: Literal["right", "left"] = "right" if column.kind == "number" else "left"
        heading = RichText(header(column), justify=side)
        shape.add_column(heading, justify=side, overflow="fold", vertical="bottom", width=width)
    for row in table.rows:
        shape.add_row(*(worded(row[place], table.columns[place]) for place in places))
    return shape


def worded(cell: Cell, column: Column) -> RichText:
    if isinstance(cell, Tag):
        return RichText(SIGNS[cell.tone] + cell.text, TONES[cell.tone])
    return RichText(spell(cell, column))
