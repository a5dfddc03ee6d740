"""`nonlin advise`: hidden activation, output with its loss, initialisation, what to watch for; with reasons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from nonlin.advisor.words import ARCHITECTURES, NORMALISATIONS, TASKS
from nonlin.cli.output import show_page
from nonlin.cli.writing import refuse_unwritable, write
from nonlin.errors import InvalidInput


def command(
    architecture: Annotated[
        str | None, typer.Option(help=f"{', '.join(ARCHITECTURES)}; or resnet, vit, lstm, ...")
    ] = None,
    task: Annotated[str | None, typer.Option(help=", ".join(TASKS).replace("_", "-") + ".")] = None,
    depth: Annotated[int | None, typer.Option(help="Hidden layers, or blocks of a Transformer.")] = None,
    normalisation: Annotated[str | None, typer.Option(help=f"{', '.join(NORMALISATIONS)}.")] = None,
    batch_norm: Annotated[
        bool | None, typer.Option("--batch-norm/--no-batch-norm", help="Short for --normalisation batch.")
    ] = None,
    gated: Annotated[bool, typer.Option("--gated", help="Feed-forward blocks may be gated.")] = False,
    mobile: Annotated[bool, typer.Option("--mobile", help="It runs on a phone or less.")] = False,
    self_normalising: Annotated[
        bool, typer.Option("--self-normalising", help="Mean and variance by the activation alone.")
    ] = False,
    activation: Annotated[
        str | None, typer.Option(help="The hidden activation that you have in mind.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the page as HTML to this file as well.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Advise on activations for a network: each line with its reason, its source and how well it is known.

    Example: nonlin advise --architecture transformer --task multiclass --depth 24
    """
    from nonlin.advisor import advise

    refuse_unwritable(report, "--report", (".html",))
    advice = advise(
        architecture=_said("--architecture", architecture, ARCHITECTURES),
        task=_said("--task", task, TASKS),
        depth=depth,
        normalisation=normalisation,
        batch_norm=batch_norm,
        gated=gated,
        mobile=mobile,
        self_normalising=self_normalising,
        activation=activation,
    )
    from nonlin.report.advice_page import advice_page

    page = advice_page(advice)
    if report:
        from nonlin.report.as_html import as_html

        write(report, as_html(page), "--report")
    if as_json:
        print(json.dumps(advice.as_dict(), indent=2, allow_nan=False))
    else:
        show_page(page)


def _said(option: str, word: str | None, known: Mapping[str, object]) -> str:
    if word is None:
        raise InvalidInput(f"{option} is missing; give one of {', '.join(known)}")
    return word
