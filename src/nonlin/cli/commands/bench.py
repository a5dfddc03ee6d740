"""`nonlin bench`: how fast, beside other libraries, on this machine."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nonlin.cli.bench_progress import shown
from nonlin.cli.recorded import recorded
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

nonlin bench --table docs/bench.json

nonlin bench --functions gelu,silu --sizes 1048576 --rivals torch,jax --budget 20
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
        print(_markdown(record, summary) if as_markdown else _as_table(record), end="")
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
    if out is not None and not out.parent.is_dir():
        raise InvalidInput(f"--out {out}: there is no folder {out.parent}")
    with shown() as progress:
        record = bench(plan, progress)
    if out is not None:
        _write(out, record.as_json())
    print(record.as_json() if as_json else _as_table(record), end="")
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


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"--out {path} cannot be written: {error.strerror}") from error


def _markdown(record: Record, summary: bool) -> str:
    from nonlin.report.bench_markdown import markdown, summary_markdown

    return summary_markdown(record) if summary else markdown(record)


def _as_table(record: Record) -> str:
    from nonlin.report.as_text import as_text
    from nonlin.report.bench_page import bench_summary

    width = max(80, min(120, shutil.get_terminal_size().columns))
    return as_text(bench_summary(record), width, colour=sys.stdout.isatty())
