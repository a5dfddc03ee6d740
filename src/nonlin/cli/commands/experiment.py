"""`nonlin experiment`: the lab's questions, each answered by numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nonlin.cli.experiment_words import given, help_page
from nonlin.cli.naming import activation_of
from nonlin.cli.output import show_page
from nonlin.cli.step_progress import step_progress
from nonlin.errors import InvalidInput

if TYPE_CHECKING:
    from nonlin.lab import Record

context_settings = {"ignore_unknown_options": True, "help_option_names": []}
"""An experiment's own options are read by `given`, and its help is a page of its own."""


def command(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME [OPTIONS]]", help="An experiment, and its own options."),
    ] = None,
    run_all: Annotated[bool, typer.Option("--all", help="Run every experiment at its defaults.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write a page, FILE.html.", metavar="FILE")] = None,
    figure: Annotated[
        Path | None, typer.Option(help="Draw the charts: FILE.png, .svg or .pdf.", metavar="FILE")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    wants_help: Annotated[bool, typer.Option("--help", "-h", help="Show this, or NAME's options.")] = False,
) -> None:
    """Answer a question about activations by an experiment: seeded, decided from its numbers by a stated rule.

    Without a name it lists the experiments; NAME --help tells an experiment's own options.

    Examples:

    nonlin experiment vanishing-gradient --activation silu --depth 50

    nonlin experiment dying-relu --figure dying.png

    nonlin experiment --all --report lab.html
    """
    from nonlin import lab
    from nonlin.report.lab_page import experiments_page, record_page

    name, *rest = words or [""]
    if wants_help and not name:
        print(context.get_help())
    elif wants_help:
        show_page(help_page(lab.find(name)))
    elif run_all:
        _together(_all_of(name), report, figure, as_json)
    elif not name:
        show_page(experiments_page([(n, lab.find(n).question) for n in lab.names()]))
    else:
        record = _one(name, rest)
        _keep([record], report, figure)
        print(record.as_json()) if as_json else show_page(record_page(record))


def _one(name: str, rest: Sequence[str]) -> Record:
    from nonlin import lab

    experiment = lab.find(name)
    values = given(experiment, rest)
    with step_progress(experiment.name) as progress:
        return lab.run(experiment.name, progress=progress, resolve=activation_of, **values)


def _all_of(name: str) -> list[str]:
    from nonlin import lab

    if name:
        raise InvalidInput(f"--all runs every experiment at its defaults; leave out {name!r}, or leave out --all")
    return list(lab.names())


def _together(names: Sequence[str], report: Path | None, figure: Path | None, as_json: bool) -> None:
    from nonlin.report.lab_page import answers_page

    if figure:
        raise InvalidInput(f"--figure {figure} draws one experiment; give --report FILE.html for all")
    records = [_one(name, []) for name in names]
    _keep(records, report, None)
    if as_json:
        print("[" + ",\n".join(record.as_json() for record in records) + "]")
    else:
        show_page(answers_page(records))


def _keep(records: Sequence[Record], report: Path | None, figure: Path | None) -> None:
    """Write what was asked for."""
    from nonlin.report.as_html import as_html
    from nonlin.report.lab_page import record_page, records_page
    from nonlin.report.lab_picture import record_picture

    if figure:
        record_picture(records[0], figure)
    if report:
        page = record_page(records[0]) if len(records) == 1 else records_page(records)
        try:
            report.write_text(as_html(page), encoding="utf-8")
        except OSError as error:
            raise InvalidInput(f"{report} cannot be written: {error.strerror}") from error
