"""`nonlin study`: compare activations on data, with progress, and go on where it stopped."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from nonlin.cli.output import show_page
from nonlin.cli.trial_progress import Shown, shown
from nonlin.cli.writing import writing
from nonlin.errors import InvalidInput

if TYPE_CHECKING:
    from nonlin.study import Study

Number = TypeVar("Number", int, float)

HELP = """Compare activations by training the same network with each, fairly, on your data.

DATA is digits, breast_cancer, wine or diabetes, or a .csv, .tsv, .parquet or .npz file with --target.

Every activation is tuned over the same learning rates with the same budget, starts with its own gain, \
and is trained from the same seeds; the test part is used once. Each finished trial is stored at once: \
after Ctrl-C the same command goes on.

Examples:

nonlin study digits

nonlin study houses.csv --target price -a relu,gelu,my_module:mine

nonlin study churn.parquet --target churned --model my_models:network
"""


def command(
    data: Annotated[
        str, typer.Argument(metavar="DATA", help="A data set's name, or a file.", show_default=False)
    ],
    target: Annotated[str | None, typer.Option(help="The column to predict; needed for a file.")] = None,
    activations: Annotated[
        list[str] | None,
        typer.Option(
            "--activations",
            "-a",
            help="Names, or package.module:object; separated by commas, or the option repeated. "
            "Default: relu, leaky_relu, elu, selu, gelu, silu, mish, tanh.",
        ),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(help="Compare the others to this one. Default: relu, else the first.")
    ] = None,
    hidden: Annotated[str, typer.Option(help="Units of each hidden layer.")] = "128,128",
    model: Annotated[
        str | None,
        typer.Option(
            help="Your own network: package.module:factory, called with (activation, inputs, outputs); "
            "activation() makes one."
        ),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Epochs of each trial. Default: 10 to 60, for about 400 steps.")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(help="Rows of a step. Default: 16 to 256, by the number of rows.")
    ] = None,
    learning_rates: Annotated[
        str, typer.Option(help="Rates that each activation is tuned over.")
    ] = "0.0004,0.0016,0.006,0.025,0.1",
    seeds: Annotated[int, typer.Option(help="Paired final trials of each activation.")] = 5,
    tuning_seeds: Annotated[int, typer.Option(help="Trials of each activation at each rate.")] = 2,
    validation_share: Annotated[float, typer.Option(help="Share of the rows to choose rates by.")] = 0.2,
    test_share: Annotated[float, typer.Option(help="Share of the rows to compare by.")] = 0.2,
    split_seed: Annotated[int, typer.Option(help="Divides the rows.")] = 0,
    confidence: Annotated[float, typer.Option(help="Of all intervals together.")] = 0.95,
    task: Annotated[
        str | None, typer.Option(help="classification or regression. Default: by the target's values.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(help="Column to leave out; repeat the option for more.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for everything. Default: named after the data and settings."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Set stored trials aside and begin anew.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print results.json, and nothing else, on stdout.")
    ] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write no report.html.")] = False,
) -> None:
    from nonlin.study import ACTIVATIONS, Settings, announcement, conduct, default_folder, make_plan
    from nonlin.study.results import FILE

    settings = Settings(
        hidden=_numbers(int, "--hidden", hidden),
        model=model,
        epochs=epochs,
        batch_size=batch_size,
        learning_rates=_numbers(float, "--learning-rates", learning_rates),
        tuning_seeds=tuning_seeds,
        seeds=seeds,
        validation_share=validation_share,
        test_share=test_share,
        split_seed=split_seed,
        confidence=confidence,
        task=task,  # type: ignore[arg-type]  # Settings says what it may be
        target=target,
        drop=tuple(drop or ()),
    )
    words = list(ACTIVATIONS) if activations is None else _listed(activations)
    folder = out or default_folder(data, words, reference, settings)
    with shown() as progress, _interruption_told(progress, folder):
        plan = make_plan(data, words, reference, settings)
        for sentence in announcement(plan):
            _say(sentence)
        _say(f"Everything goes to {folder}; after an interruption the same command goes on.")
        found = conduct(plan, folder, fresh=fresh, progress=progress)
    report = None if no_report else _write_report(found, folder)
    _show(found, as_json)
    _say(f"In {folder}: {FILE}" + (f", and the report to open: {report}" if report else ""))


command.__doc__ = HELP


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _listed(options: Sequence[str] | None) -> list[str]:
    return [word.strip() for option in options or () for word in option.split(",") if word.strip()]


def _numbers(kind: type[Number], option: str, text: str) -> tuple[Number, ...]:
    try:
        return tuple(kind(word) for word in text.split(",") if word.strip())
    except ValueError:
        wanted = "whole numbers" if kind is int else "numbers"
        raise InvalidInput(f"{option} {text!r}: give {wanted} separated by commas") from None


@contextmanager
def _interruption_told(progress: Shown, folder: Path) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        last = progress.last
        kept = (
            f"{last.done} of {last.total} trials are stored in {folder}"
            if last
            else "nothing was trained yet"
        )
        _say(f"nonlin study: interrupted; {kept}; the same command goes on from there.")
        raise typer.Exit(130) from None


def _write_report(found: Study, folder: Path) -> Path:
    from nonlin.report.as_html import as_html
    from nonlin.report.study_page import study_page

    path, half = folder / "report.html", folder / "report.html.part"
    with writing(path, kept="the results are kept"):
        half.write_text(as_html(study_page(dict(found.results))), encoding="utf-8")
        half.replace(path)
    return path


def _show(found: Study, as_json: bool) -> None:
    from nonlin.report.study_page import study_summary

    if as_json:
        print(json.dumps(found.results, indent=1, allow_nan=False))
    else:
        show_page(study_summary(dict(found.results)), 80, 120)
