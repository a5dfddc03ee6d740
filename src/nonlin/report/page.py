"""What a page says, as plain frozen data: a title, one leading sentence, and blocks of a small closed set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["neutral", "good", "bad", "warning"]


@dataclass(frozen=True)
class Span:
    """An interval in a table's cell, from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True)
class Tag:
    """A word in a table's cell that carries a judgement."""

    text: str
    tone: Tone = "neutral"


Cell: TypeAlias = bool | int | float | str | Span | Tag | None


@dataclass(frozen=True)
class Column:
    """How one column of a table reads.

    Parameters
    ----------
    header : str
        The words above the column.
    kind : {"text", "name", "number"}
        "name" is a name of the page's key and bears its colour; "number" is aligned at the right.
    decimals : int, optional
        Digits after the point; without it, three significant digits.
    signed : bool
        Whether a positive number shows its plus.
    percent : bool
        Whether the numbers are shares, shown times 100. The unit says which hundredths they are.
    unit : str
        Shown once, in the header.
    help : str
        One sentence for whoever does not know the header's word.
    """

    header: str
    kind: Literal["text", "name", "number"] = "text"
    decimals: int | None = None
    signed: bool = False
    percent: bool = False
    unit: str = ""
    help: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of cells under columns; the first cell of each row names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sortable: bool = False


@dataclass(frozen=True)
class Axis:
    """One axis of a chart.

    Parameters
    ----------
    title : str
        What is measured, with its unit.
    log : bool
        Whether the scale is logarithmic.
    range : pair of float, optional
        The ends of the axis, in the data's own unit.
    percent : bool
        Whether the data are shares, shown times 100.
    unit : str
        Shown after each number of the axis, such as "%".
    rule : float, optional
        Where a line crosses the chart, such as zero in a chart of differences.
    """

    title: str
    log: bool = False
    range: tuple[float, float] | None = None
    percent: bool = False
    unit: str = ""
    rule: float | None = None


Numbers: TypeAlias = tuple[float | None, ...]


@dataclass(frozen=True)
class Line:
    """A line through points, with a band from `low` to `high` if both are given; None leaves a gap.

    `name` is a name of the page's key and decides the colour; `label` says what this line is, if the name
    alone does not.
    """

    name: str
    x: Numbers
    y: Numbers
    low: Numbers = ()
    high: Numbers = ()
    label: str = ""
    stroke: Literal["own", "solid", "dashed"] = "own"
    points: bool = False


@dataclass(frozen=True)
class Marks:
    """Single points, each with its own note; many of them are drawn as the shape "point", small and translucent."""

    name: str
    x: Numbers
    y: Numbers
    label: str = ""
    shape: Literal["dot", "ring", "cross", "point"] = "dot"
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Intervals:
    """One row a name: a point, its interval if there is one, and a judgement at the end of the row.

    The point is filled where the judgement has a tone, and hollow where it is neutral.
    """

    names: tuple[str, ...]
    x: Numbers
    low: Numbers
    high: Numbers
    judgements: tuple[Tag, ...] = ()


@dataclass(frozen=True)
class Bars:
    """One horizontal bar a name, with a whisker from `low` to `high` if both are given.

    A bar has the colour of its name, or of its group if there are `groups`, one a bar.
    """

    names: tuple[str, ...]
    x: Numbers
    low: Numbers = ()
    high: Numbers = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """A number at every place of a grid, shown by shades; `z[j][i]` stands at x[i], y[j].

    Parameters
    ----------
    title : str
        What the number is; it stands beside the scale.
    log : bool
        Whether shades follow its logarithm.
    middle : float, optional
        Where one hue turns into the other; without it there is one scale from dark to light.
    level : float, optional
        Along which a line is drawn.
    """

    title: str
    x: Numbers
    y: Numbers
    z: tuple[Numbers, ...]
    log: bool = False
    middle: float | None = None
    level: float | None = None


@dataclass(frozen=True)
class Mosaic:
    """Polygons that cover a piece of the plane, each shaded by its value; `title` says what that is."""

    title: str
    polygons: tuple[tuple[tuple[float, float], ...], ...]
    values: tuple[float, ...]

    @property
    def x(self) -> Numbers:
        """Where the corners are, from left to right."""
        return tuple(x for polygon in self.polygons for x, _ in polygon)

    @property
    def y(self) -> Numbers:
        """Where the corners are, from below to above."""
        return tuple(y for polygon in self.polygons for _, y in polygon)


Series: TypeAlias = Line | Marks | Intervals | Bars | Field | Mosaic


@dataclass(frozen=True)
class Chart:
    """A picture of data; `description` says in words what it shows to whoever cannot see it."""

    title: str
    description: str
    series: tuple[Series, ...]
    x: Axis
    y: Axis


@dataclass(frozen=True)
class Panels:
    """Small charts side by side that share their axes, one a name."""

    title: str
    description: str
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Text:
    """A paragraph; the muted one says what is only there to be looked up."""

    text: str
    muted: bool = False


@dataclass(frozen=True)
class Items:
    """Sentences, one under the other; numbered if their order matters."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Code:
    """What to type, or what was printed, letter by letter."""

    text: str


@dataclass(frozen=True)
class Settings:
    """Keys with their values, each as it would be typed."""

    caption: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Note:
    """A remark that must not be overlooked."""

    text: str
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Details:
    """Blocks that stay folded until they are asked for."""

    summary: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Section:
    """Blocks under a heading."""

    title: str
    blocks: tuple[Block, ...]


Block: TypeAlias = Text | Items | Code | Table | Chart | Panels | Settings | Note | Details | Section


@dataclass(frozen=True)
class Key:
    """The names that keep one colour, dash and marker through all charts of a page, in this order.

    The reference, if there is one, is drawn in neutral grey.
    """

    names: tuple[str, ...] = ()
    reference: str | None = None


@dataclass(frozen=True)
class Page:
    """A title, the answer in one sentence, and the blocks that support it."""

    title: str
    lead: str
    blocks: tuple[Block, ...] = ()
    key: Key = Key()
