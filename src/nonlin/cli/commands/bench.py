"""`nonlin bench`: how fast, beside other libraries, on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nonlin.cli.bench_progress import shown
from nonlin.cli.output import show_page
from nonlin.cli.recorded import recorded
from nonlin.cli.writing import refuse_unwritable, write
from nonlin.errors import InvalidInput

if TYPE_CHECKING:
    from nonlin.bench import Record

HELP = """Compare the speed of nonlin with other libraries, on this machine.

PyTorch, JAX, ONNX Runtime, SciPy, numexpr and plain NumPy compute the same functions on the same float32 \
arrays, in one process, taking turns; before that, their results are compared. Whatever is not installed is \
left out (pip install 'nonlin\\[bench]' brings everything). Numbers are a rival's time divided by ours: above 1, \
nonlin is faster. Ctrl-C prints what is measured so far.

Examples:

nonlin bench

nonlin bench --functions gelu,silu --sizes 1048576 --rivals torch,jax --budget 20

nonlin bench --out speed.json

nonlin bench --table speed.json
"""


def command(
    functions: Annotated[
        str | None, typer.Option(help="Names, separated by commas. Default: the whole catalog.")
    ] = None,
    sizes: Annotated[str, typer.Option(help="Numbers of values.")] = "4096,1048576,16777216",
    rows: Annotated[
        str, typer.Option(help="Lengths of rows, for softmax and its kind; about a million values in all.")
    ] = "10,1000,50257",
    threads: Annotated[str, typer.Option(help="Numbers of threads; all means every usable core.")] = "1,all",
    rivals: Annotated[
        str | None,
        typer.Option(help="jax, numexpr, numpy, onnxruntime, scipy, torch. Default: every one installed."),
    ] = None,
    grades: Annotated[str, typer.Option(help="Our grades: exact, fast.")] = "exact,fast",
    budget: Annotated[
        float, typer.Option(help="Seconds in all; a guide, as everyone takes three turns at least.")
    ] = 300,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the JSON to this file as well.")] = None,
    table: Annotated[
        Path | None, typer.Option(help="Measure nothing: show what this file of --out holds.")
    ] = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="With --table: for a README.")] = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="With --table --markdown: the means over everything alone.")
    ] = False,
) -> None:
    from nonlin.bench import bench, make_plan

    if summary and not (table and as_markdown):
        raise InvalidInput("--summary is for --table FILE --markdown")
    if table is not None:
        record = recorded(table, "--table")
        print(_markdown(record, summary), end="") if as_markdown else _show(record, as_json)
        return
    if as_markdown:
        raise InvalidInput("--markdown is for --table FILE")

    plan = make_plan(
        None if functions is None else _words(functions),
        _numbers("--sizes", sizes),
        _numbers("--rows", rows),
        _words(threads),
        None if rivals is None else _words(rivals),
        _words(grades),
        budget,
    )
    refuse_unwritable(out)
    with shown() as progress:
        record = bench(plan, progress)
    try:
        if out is not None:
            write(out, record.as_json())
    finally:  # what took minutes is shown even if it cannot be kept
        _show(record, as_json)
    if not record.complete:
        print(f"nonlin bench: interrupted after {len(record.results)} comparisons", file=sys.stderr)
        raise typer.Exit(130)


command.__doc__ = HELP


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _numbers(option: str, text: str) -> list[int]:
    try:
        return [int(word) for word in _words(text)]
    except ValueError:
        raise InvalidInput(f"{option} {text!r}: give whole numbers separated by commas") from None


def _markdown(record: Record, summary: bool) -> str:
    from nonlin.report.bench_markdown import markdown, summary_markdown

    return summary_markdown(record) if summary else markdown(record)


def _show(record: Record, as_json: bool) -> None:
    from nonlin.report.bench_page import bench_summary

    print(record.as_json(), end="") if as_json else show_page(bench_summary(record), 80, 120)
