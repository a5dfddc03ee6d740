"""The words typed at a terminal: each command is one file in `commands`, a few lines over the API."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from pkgutil import iter_modules
from typing import TextIO

import typer

from nonlin.cli import commands
from nonlin.errors import ExtensionWarning, NonlinError


def application() -> typer.Typer:
    """Build the terminal application from the files in `commands`: the file's name is the command's."""
    app = typer.Typer(
        name="nonlin",
        help="The workbench for activation functions.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for module in sorted(iter_modules(commands.__path__), key=lambda m: m.name):
        name = module.name.rstrip("_")
        found = import_module(f"{commands.__name__}.{module.name}")
        app.command(name, context_settings=getattr(found, "context_settings", None))(found.command)
    return app


def _root() -> None:
    """Pick, understand and compare activation functions."""


def main() -> None:
    """Run the terminal application; bad input ends in one line and exit code 2."""
    warnings.showwarning = _show_in_one_line
    try:
        application()()
    except NonlinError as refused:
        print(f"nonlin: {refused}", file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        print("nonlin: interrupted", file=sys.stderr)
        raise SystemExit(130) from None


def _show_in_one_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning of ours as a line, and any other as Python does."""
    if issubclass(category, ExtensionWarning):
        print(f"nonlin: {message}", file=sys.stderr)
    else:
        _as_python_does(message, category, filename, lineno, file, line)


_as_python_does = warnings.showwarning
