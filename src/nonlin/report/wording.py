"""How a cell, a number or a duration is spelled."""

from __future__ import annotations

from math import floor, isfinite, log10

from nonlin.report.page import Cell, Column, Span, Tag

NOTHING = "–"


def spell(cell: Cell, column: Column) -> str:
    """Return the words of a cell.

    Examples
    --------
    >>> spell(0.9722, Column("accuracy", "number", decimals=1, percent=True))
    '97.2'
    >>> spell(Span(-0.01, 0.02), Column("interval", "number", decimals=1, percent=True, signed=True))
    '−1.0 to +2.0'
    """
    if cell is None:
        return NOTHING
    if isinstance(cell, Span):
        return f"{spell(cell.low, column)} to {spell(cell.high, column)}"
    if isinstance(cell, Tag):
        return cell.text
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, str):
        return cell
    return spell_number(cell, column)


def spell_number(number: float, column: Column) -> str:
    if not isfinite(number):
        return NOTHING
    number = number * 100 if column.percent else number
    sign = "+" if column.signed else ""
    form = "," if isinstance(number, int) else ".3g"
    if column.decimals is not None:
        number, form = round(number, column.decimals) + 0.0, f",.{column.decimals}f"  # + 0.0: no minus zero
    return f"{number:{sign}{form}}".replace("-", "−")  # the minus of print, as wide as the plus


def header(column: Column) -> str:
    return f"{column.header} ({column.unit})" if column.unit else column.header


def sort_key(cell: Cell) -> str:
    """Return what a cell is sorted by: a number in full precision, or the word itself; nothing is last."""
    if isinstance(cell, Span):
        cell = cell.low
    if isinstance(cell, Tag):
        return cell.text
    return "" if cell is None else str(cell)


def meaningful_decimals(spread: float, most: int = 6) -> int:
    """Return how many decimals show a spread: one digit of it, or two if it begins with 1 or 2.

    Examples
    --------
    >>> meaningful_decimals(0.42), meaningful_decimals(0.18), meaningful_decimals(3.8)
    (1, 2, 0)
    """
    if not (isfinite(spread) and spread > 0):
        return 2
    leading = floor(log10(spread))
    digits = 2 if spread < 3 * 10.0**leading else 1
    return min(max(digits - 1 - leading, 0), most)


def duration(seconds: float) -> str:
    """Return a duration as a person would say it.

    Examples
    --------
    >>> duration(7.24), duration(151), duration(7260)
    ('7.2 s', '2 min 31 s', '2 h 1 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def listed(words: list[str] | tuple[str, ...], joint: str = "and") -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["relu", "gelu", "mish"])
    'relu, gelu and mish'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "seed"), counted(1797, "row")
    ('1 seed', '1,797 rows')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    return text[:1].lower() + text[1:]
