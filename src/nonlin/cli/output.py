"""How a command prints a page: as wide as the terminal, coloured only where that is seen."""

from __future__ import annotations

import codecs
import os
import shutil
import sys
from io import TextIOWrapper

from nonlin.report.page import Page

WIDEST = 100
SPELLED = {"−": "-", "–": "-", "─": "-", "′": "'", "×": "x", "…": "...", "∞": "inf", "·": "*"}
"""What stands for a letter in an encoding without it, where a question mark would be read wrongly."""


def show_page(page: Page, least: int = 0, widest: int = WIDEST) -> None:
    """Print a page to standard output, in so many columns as the terminal has, between two bounds."""
    from nonlin.report.as_text import as_text

    width = max(least, min(shutil.get_terminal_size((80, 24)).columns, widest))
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(as_text(page, width, colour), end="")


def spell_what_cannot_be_shown() -> None:
    """Let the two streams spell a letter that their encoding has not: a minus sign as "-", most as "?"."""
    codecs.register_error("nonlin", _spelled)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="nonlin")


def _spelled(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(SPELLED.get(letter, "?") for letter in error.object[error.start : error.end]), error.end
