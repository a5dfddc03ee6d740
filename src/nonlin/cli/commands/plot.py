"""`nonlin plot NAME...`: activations with their slopes, as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nonlin.cli.naming import activation_of
from nonlin.cli.writing import refuse_unwritable
from nonlin.errors import InvalidInput


def command(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Names, or package.module:object.")],
    out: Annotated[Path, typer.Option(help="Where to save: .png, .svg or .pdf.")] = Path("activations.png"),
    layout: Annotated[str, typer.Option(help="auto, grid or overlay.")] = "auto",
    low: Annotated[float, typer.Option(help="The least input.")] = -4.0,
    high: Annotated[float, typer.Option(help="The greatest input.")] = 4.0,
    vary: Annotated[str, typer.Option(help="A family: one parameter's values, PARAMETER=A,B,C.")] = "",
) -> None:
    """Plot activations with their slopes: one, a grid, an overlay, or a family.

    Example: nonlin plot leaky_relu --vary negative_slope=0.01,0.1,0.3 --out leaky.png
    """
    from nonlin.plotting import family, plot
    from nonlin.report.curves import FORMATS

    refuse_unwritable(out, "--out", FORMATS)
    chosen = [activation_of(name) for name in names]
    if vary:
        parameter, values = _varied(vary)
        chosen = [member for a in chosen for member in family(a, parameter, values)]
        layout = "overlay" if layout == "auto" else layout
    plot(*chosen, path=out, layout=layout, low=low, high=high)  # type: ignore[arg-type]  # draw says what it takes
    print(f"wrote {out}")


def _varied(text: str) -> tuple[str, list[float]]:
    parameter, _, values = text.partition("=")
    try:
        return parameter.strip(), [float(v) for v in values.split(",")]
    except ValueError:
        raise InvalidInput(f"--vary {text!r}: write PARAMETER=A,B,C, such as beta=0.5,1,2") from None
