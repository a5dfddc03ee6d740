"""Activations as pictures: f with f', on one axis, in a grid, or as a family."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nonlin.errors import InvalidInput
from nonlin.report.curves import Layout, Shape, draw
from nonlin.workbench import Activation, Elementwise

if TYPE_CHECKING:
    from nonlin.report.picture import Picture

POINTS = 601
BESIDE = 1e-9  # how near to a kink the curve is drawn on either side


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
    if not low < high:
        raise InvalidInput(
            f"the inputs from {low:g} to {high:g} are no stretch; the first must be below the second"
        )
    found = [nonlin.get(a) if isinstance(a, str) else a for a in activations]
    return draw([shape(a, low, high) for a in found], layout, path)


def family(activation: Activation, parameter: str, values: Sequence[float]) -> list[Activation]:
    """Return the activation once for each value of one of its parameters."""
    return [activation.bind(**{parameter: v}) for v in values]


def shape(activation: Activation, low: float = -4.0, high: float = 4.0) -> Shape:
    """Return an activation's graph with its slope's, its kinks included.

    Raises
    ------
    InvalidInput
        If the activation works along an axis, so that it is no function of one number.
    """
    if not isinstance(activation, Elementwise):
        raise InvalidInput(
            f"{activation.name} works along an axis; only functions of one number can be drawn"
        )
    kinks = [k for k in activation.landmarks.kinks if low < k < high]
    near = [k + side for k in kinks for side in (-BESIDE, 0.0, BESIDE)]
    x = np.union1d(np.linspace(low, high, POINTS), near)
    value, slope = activation.value_and_grad(x)
    return Shape(_label(activation), x, value, slope, activation.latex, kinks)


def _label(activation: Activation) -> str:
    bound = ", ".join(f"{p.name}={p.default:g}" for p in activation.parameters)
    return f"{activation.name} ({bound})" if bound else activation.name
