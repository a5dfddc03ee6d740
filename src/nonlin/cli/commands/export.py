"""`nonlin export FORMAT NAME`: an activation in another language."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

import nonlin
from nonlin.cli.naming import activation_of
from nonlin.cli.writing import write
from nonlin.errors import InvalidInput, did_you_mean


def onnx(activation: nonlin.Activation, gate: Any = None) -> bytes:
    from nonlin.onnx import model

    return bytes(model(activation, gate=gate).SerializeToString())


def javascript(activation: nonlin.Activation) -> str:
    from nonlin.bridges.javascript import javascript

    return javascript(activation)


def latex(activation: nonlin.Activation) -> str:
    from nonlin.bridges.latex import latex

    return latex(activation)


def mathml(activation: nonlin.Activation) -> str:
    from nonlin.bridges.mathml import mathml

    return mathml(activation)


FORMATS: Mapping[str, Callable[..., str | bytes]] = {
    "onnx": onnx, "javascript": javascript, "latex": latex, "mathml": mathml,
}  # fmt: skip
"""Each format, and what writes an activation in it."""


def command(
    format: Annotated[str, typer.Argument(metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")],  # noqa: A002
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A name or an alias, in any case, or package.module:object.")
    ],
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output unless given.")] = None,
    gate: Annotated[
        str | None,
        typer.Option(
            help="For a gated one in ONNX: where the gates stand in one input that holds values and gates along its "
            "last axis: last, first or interleaved (gate, value, ...). Unless given, the model has two inputs."
        ),
    ] = None,
) -> None:
    """Write an activation in another language: value, and slope where the language has a place for it.

    Example: nonlin export javascript gelu --out gelu.mjs

    Example: nonlin export onnx swiglu --gate last --out swiglu.onnx
    """
    if format.lower() not in FORMATS:
        raise InvalidInput(
            f"no format is called {format!r}.{did_you_mean(format, FORMATS)} There are: {', '.join(FORMATS)}"
        )
    if gate is not None and format.lower() != "onnx":
        raise InvalidInput(
            f"--gate {gate} splits the one input of an ONNX model; {format} takes no such option"
        )
    options = {} if gate is None else {"gate": gate}
    written = FORMATS[format.lower()](activation_of(name), **options)
    if out is None:
        _print(written, format, name)
        return
    write(out, written)
    print(f"wrote {out}")


def _print(written: str | bytes, form: str, name: str) -> None:
    if isinstance(written, bytes) and sys.stdout.isatty():
        raise InvalidInput(
            f"{form} is no text for a terminal; write a file: nonlin export {form} {name} --out {name}.{form}"
        )
    typer.echo(written if isinstance(written, bytes) else written.encode(), nl=False)
