"""`nonlin experiment`: the lab's questions, each answered by numbers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nonlin.cli.experiment_words import given, help_page
from nonlin.cli.naming import activation_of
from nonlin.cli.output import show_page
from nonlin.cli.step_progress import step_progress
from nonlin.cli.writing import refuse_unwritable, write
from nonlin.errors import InvalidInput

if TYPE_CHECKING:
    from nonlin.lab import Record

context_settings = {"ignore_unknown_options": True, "help_option_names": []}
"""An experiment's own options are read by `given`, and its help is a page of its own."""


HELP = """Answer a question about activations by an experiment: seeded, decided from its numbers by a stated rule.

Without a name it lists the experiments; NAME --help tells an experiment's own options. The exit code is 1 if what \
an experiment asserts does not hold.

Examples:

nonlin experiment vanishing-gradient --activation silu --depth 50

nonlin experiment dying-relu --out dying.png

nonlin experiment --all --report lab.html
"""


def command(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME [OPTIONS]", help="An experiment, and its own options."),
    ] = None,
    run_all: Annotated[bool, typer.Option("--all", help="Run every experiment at its defaults.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write a page, FILE.html.", metavar="FILE")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Draw the charts: FILE.png, .svg or .pdf.", metavar="FILE")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    wants_help: Annotated[bool, typer.Option("--help", "-h", help="Show this, or NAME's options.")] = False,
) -> None:
    from nonlin import lab

    name, *rest = words or [""]
    if wants_help:
        show_page(help_page(lab.find(name))) if name else print(context.get_help())
    elif run_all:
        _all(name, report, out, as_json)
    elif name:
        _one(name, rest, report, out, as_json)
    else:
        _list(as_json)


command.__doc__ = HELP


def _list(as_json: bool) -> None:
    import json

    from nonlin import lab
    from nonlin.report.lab_page import experiments_page

    questions = {name: lab.find(name).question for name in lab.names()}
    print(json.dumps(questions, indent=1)) if as_json else show_page(
        experiments_page(tuple(questions.items()))
    )


def _one(name: str, rest: Sequence[str], report: Path | None, out: Path | None, as_json: bool) -> None:
    from nonlin.report.lab_page import record_page

    _refuse_early(report, out)
    record = _run(name, rest)
    _keep([record], report, out)
    print(record.as_json()) if as_json else show_page(record_page(record))
    _exit_code([record])


def _all(name: str, report: Path | None, out: Path | None, as_json: bool) -> None:
    from nonlin import lab
    from nonlin.report.lab_page import answers_page

    if name:
        raise InvalidInput(
            f"--all runs every experiment at its defaults; leave out {name!r}, or leave out --all"
        )
    if out:
        raise InvalidInput(f"--out {out} draws one experiment; give --report FILE.html for all")
    _refuse_early(report, out)
    records = [_run(one, []) for one in lab.names()]
    _keep(records, report, None)
    if as_json:
        print("[" + ",\n".join(record.as_json() for record in records) + "]")
    else:
        show_page(answers_page(records))
    _exit_code(records)


def _run(name: str, rest: Sequence[str]) -> Record:
    from nonlin import lab

    experiment = lab.find(name)
    values = given(experiment, rest)
    try:
        with step_progress(experiment.name) as progress:
            return lab.run(experiment.name, progress=progress, resolve=activation_of, **values)
    except KeyboardInterrupt:
        print(f"nonlin: interrupted during {experiment.name}; nothing was written", file=sys.stderr)
        raise typer.Exit(130) from None


def _refuse_early(report: Path | None, out: Path | None) -> None:
    """Refuse, before anything is computed, files that cannot be written."""
    from nonlin.errors import require
    from nonlin.report.curves import FORMATS

    refuse_unwritable(report, "--report", (".html",))
    refuse_unwritable(out, "--out", FORMATS)
    if report:
        require("plotly", "report")
    if out:
        require("matplotlib", "plot")


def _keep(records: Sequence[Record], report: Path | None, out: Path | None) -> None:
    """Write what was asked for."""
    from nonlin.report.as_html import as_html
    from nonlin.report.lab_page import record_page, records_page
    from nonlin.report.lab_picture import record_picture

    if out:
        record_picture(records[0], out)
    if report:
        page = record_page(records[0]) if len(records) == 1 else records_page(records)
        write(report, as_html(page), "--report")


def _exit_code(records: Sequence[Record]) -> None:
    if not all(record.holds for record in records):
        raise typer.Exit(1)
