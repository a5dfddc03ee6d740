"""Activations as pictures: f with f', on one axis, in a grid, or as a family."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from nonlin.errors import InvalidInput
from nonlin.report.curves import Layout, draw
from nonlin.report.graphs import shape
from nonlin.workbench import Activation

if TYPE_CHECKING:
    from nonlin.report.picture import Picture


def plot(
    *activations: str | Activation,
    path: str | Path | None = None,
    layout: Layout = "auto",
    low: float = -4.0,
    high: float = 4.0,
) -> Picture:
    """Draw activations with their slopes.

    Parameters
    ----------
    *activations : str or Activation
        Names, or activations; a family is one activation with several bindings.
    path : str or Path, optional
        Where to save the picture; its end says the format: .png, .svg or .pdf.
    layout : {"auto", "grid", "overlay"}
        "grid" gives each its own axes, "overlay" draws all into one.
    low, high : float
        The stretch of inputs to draw.

    Returns
    -------
    Picture
        A matplotlib Figure that belongs to no window; a notebook shows it.

    Raises
    ------
    InvalidInput
        If there is nothing to draw, or an activation works along an axis.

    Examples
    --------
    >>> import nonlin as nl
    >>> picture = nl.plot("relu", "gelu", layout="overlay")
    """
    import nonlin

    if not activations:
        raise InvalidInput("nothing to plot; name at least one activation, such as gelu")
    if not -inf < low < high < inf:
        raise InvalidInput(
            f"the inputs from {low:g} to {high:g} are no stretch; give two finite numbers, the first below the second"
        )
    found = [nonlin.get(a) if isinstance(a, str) else a for a in activations]
    return draw([shape(a, low, high) for a in found], layout, path)


def family(activation: Activation, parameter: str, values: Sequence[float]) -> list[Activation]:
    """Return the activation once for each value of one of its parameters."""
    return [activation.bind(**{parameter: v}) for v in values]
