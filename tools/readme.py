"""The README's tables, made anew: each stands under the command that prints it."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

from typer.testing import CliRunner

from nonlin.cli import application

README = Path(__file__).parent.parent / "README.md"
TABLE = re.compile(r"(<!-- nonlin ([^\n]+) -->\n\n).*?(<!-- end -->)", re.DOTALL)


def renewed(text: str) -> str:
    """Return the text with what each command prints today."""
    return TABLE.sub(lambda found: f"{found[1]}{printed(found[2])}\n{found[3]}", text)


def printed(command: str) -> str:
    result = CliRunner().invoke(application(), shlex.split(command))
    if result.exit_code:
        sys.exit(f"nonlin {command}: {result.output}")
    return result.stdout


if __name__ == "__main__":
    README.write_text(renewed(README.read_text()))
