"""How a command prints a page: as wide as the terminal, coloured only where that is seen."""

from __future__ import annotations

import os
import shutil
import sys

from nonlin.report.as_text import as_text
from nonlin.report.page import Page

WIDEST = 100


def show_page(page: Page) -> None:
    """Print a page to standard output."""
    width = min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(as_text(page, width, colour), end="")
