"""`nonlin certify`: how far a function is from the truth, proved and written down."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

import nonlin
from nonlin.cli.certify_progress import Expected, shown
from nonlin.cli.naming import chosen
from nonlin.cli.output import show_page
from nonlin.cli.writing import make_folder
from nonlin.errors import InvalidInput

if TYPE_CHECKING:
    from nonlin.certify import Certificate, Subject

HELP = """Measure how far a function's value and slope are from the truth.

Every result is weighed against a fast reference whose error is itself measured; what that cannot decide is \
decided by ball arithmetic, which proves its answers. Without --exhaustive a stratified sample is measured, in \
seconds; with it all 2^32 float32 inputs, in about a minute a function on two cores. float16 and bfloat16 are \
always measured whole, float64 never. After Ctrl-C the same command goes on. The exit code is 1 if a promise is missed.

Examples:

nonlin certify gelu

nonlin certify my_module:mine --dtype float64

nonlin certify --all --exhaustive --out certificates

nonlin certify --table
"""


def command(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Names, or package.module:object.")
    ] = None,
    dtype: Annotated[
        str, typer.Option(help="float32, float64, float16 or bfloat16; several with commas.")
    ] = "float32",
    grade: Annotated[str, typer.Option(help="exact or fast; both with a comma.")] = "exact",
    exhaustive: Annotated[bool, typer.Option("--exhaustive", help="All 2^32 float32 inputs.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Every elementwise function of the catalog.")
    ] = False,
    what: Annotated[str, typer.Option(help="value, slope or both.")] = "value,slope",
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for certificates. Default: nonlin-certify with --exhaustive, else none."),
    ] = None,
    table: Annotated[
        bool,
        typer.Option(
            "--table", help="Measure nothing: show the certificates in --out, else the shipped ones."
        ),
    ] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="With --table: for a README.")] = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="With --table --markdown: the worst of every dtype and grade.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Threads. Default: one a core.")] = None,
    blocks: Annotated[
        int | None, typer.Option(min=1, max=1024, help="Only so many of the 1024 blocks, to try it out.")
    ] = None,
) -> None:
    from nonlin.certify import elementwise_names
    from nonlin.certify.certificate import FOLDER

    if summary and not (table and as_markdown):
        raise InvalidInput("--summary is for --table --markdown")
    if table:
        _show(_stored(out or FOLDER, names or ()), as_json, as_markdown, summary)
        return
    words = chosen(names, elementwise_names() if everything else None, "nothing to certify")
    if as_markdown:
        raise InvalidInput("--markdown is for --table")
    folder = out or (Path("nonlin-certify") if exhaustive else None)
    subjects = [_subject(w, d, g) for d in _split(dtype) for g in _split(grade) for w in words]
    found = _measured(subjects, exhaustive, _split(what), folder, workers, blocks)
    _show(found, as_json, False)
    if not all(certificate.kept for certificate in found):
        raise typer.Exit(1)


command.__doc__ = HELP


def _stored(folder: Path, words: Sequence[str]) -> list[Certificate]:
    """Return the certificates in a folder; only those of the functions that are named, if any are."""
    from nonlin.certify import certificates

    wanted = {word.rpartition(":")[2] if ":" in word else nonlin.get(word).name for word in words}
    found = [c for c in certificates(folder) if not wanted or c.function in wanted]
    if not found:
        raise InvalidInput(f"{str(folder)!r} holds no certificate{' of ' if words else ''}{', '.join(words)}")
    return found


def _split(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _subject(word: str, dtype: str, grade: str) -> Subject:
    from nonlin.certify import subject

    if ":" not in word:
        return subject(nonlin.get(word), dtype, grade)
    from nonlin.study.imports import load

    return subject(load(word), dtype, grade, word)


def _measured(
    subjects: Sequence[Subject],
    exhaustive: bool,
    what: Sequence[str],
    folder: Path | None,
    workers: int | None,
    blocks: int | None,
) -> list[Certificate]:
    from nonlin.certify import Progress, certify

    expected, found = Expected(len(subjects)), []
    if folder:
        make_folder(folder)
        print(
            f"Everything goes to {folder}; after an interruption the same command goes on.", file=sys.stderr
        )
    with shown(expected) as told:
        for subject in subjects:
            last: list[Progress] = []

            def watch(progress: Progress, last: list[Progress] = last) -> None:
                last[:] = [progress]
                told(progress)

            whole = exhaustive and (len(subjects) == 1 or subject.form.name != "float64")
            found.append(certify(subject, whole, what, folder, watch, workers, blocks))
            expected.finished(last[0] if last else None)
    return found


def _show(found: Sequence[Certificate], as_json: bool, as_markdown: bool, summary: bool = False) -> None:
    from nonlin.report.certificate_page import certificate_page, markdown, summary_markdown

    if as_json:
        told: list[Any] = [json.loads(c.as_json()) for c in found]
        print(json.dumps(told[0] if len(told) == 1 else told, indent=1))
    elif as_markdown:
        print(summary_markdown(found) if summary else markdown(found), end="")
    elif len(found) == 1:
        from nonlin.report.certificate_page import one_certificate

        show_page(one_certificate(found[0]))
    else:
        show_page(certificate_page(found))
