"""The words typed at a terminal: each command is one file in `commands`, a few lines over the API."""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any, TextIO

import typer
from typer.main import get_command

import nonlin
from nonlin.cli import commands
from nonlin.cli.output import spell_what_cannot_be_shown
from nonlin.errors import ExtensionWarning, NonlinError


def application() -> typer.Typer:
    """Build the terminal application from the files in `commands`: the file's name is the command's."""
    app = typer.Typer(
        name="nonlin",
        help="The workbench for activation functions.",
        invoke_without_command=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "token_normalize_func": _british},
    )
    app.callback()(_root)
    for module in sorted(iter_modules(commands.__path__), key=lambda m: m.name):
        name = module.name.rstrip("_")
        found = import_module(f"{commands.__name__}.{module.name}")
        app.command(name, context_settings=getattr(found, "context_settings", None))(found.command)
    return app


def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        print(f"nonlin {nonlin.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)


def _british(option: str) -> str:
    """Take --normalization for --normalisation, --self-normalizing for --self-normalising."""
    return option.replace("ization", "isation").replace("izing", "ising")


def main() -> None:
    """Run the terminal application; bad input ends in one line and exit code 2."""
    warnings.showwarning = _show_in_one_line
    spell_what_cannot_be_shown()
    raise SystemExit(_ended(sys.argv[1:]))


def _ended(words: list[str]) -> int:
    """Run a command and return its exit code."""
    try:
        _run(words)
    except typer.Exit as end:
        return end.exit_code
    except _Misuse as wrong:
        return _said(f"{' '.join(wrong.format_message().split())} (see {wrong.ctx.command_path} --help)", 2)
    except NonlinError as refused:
        return _said(str(refused), 2)
    except KeyboardInterrupt:
        return _said("interrupted", 130)
    except BrokenPipeError:  # whoever read has seen enough, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return 0


def _run(words: list[str]) -> None:
    command = get_command(application())
    with command.make_context("nonlin", words) as context:
        command.invoke(context)
    sys.stdout.flush()


def _said(line: str, code: int) -> int:
    print(f"nonlin: {line}", file=sys.stderr)
    return code


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
_Misuse: Any = typer.BadParameter.__base__  # UsageError, wherever this version of Typer has it
