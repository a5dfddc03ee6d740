"""The graph of an activation with its slope's, as points to be drawn."""

from __future__ import annotations

import numpy as np

from nonlin.errors import InvalidInput
from nonlin.report.curves import Shape
from nonlin.workbench import Activation, Elementwise

POINTS = 601
BESIDE = 1e-9  # how near to a kink the curve is drawn on either side


def shape(activation: Activation, low: float = -4.0, high: float = 4.0) -> Shape:
    """Return an activation's graph with its slope's, its kinks included.

    Raises
    ------
    InvalidInput
        If the activation works along an axis, so that it is no function of one number.
    """
    if not isinstance(activation, Elementwise):
        raise InvalidInput(
            f"{activation.name} {activation.nature}; only functions of one number can be drawn"
        )
    kinks = [k for k in activation.landmarks.kinks if low < k < high]
    near = [k + side for k in kinks for side in (-BESIDE, 0.0, BESIDE)]
    x = np.union1d(np.linspace(low, high, POINTS), near)
    value, slope = activation.value_and_grad(x)
    return Shape(_label(activation), x, value, slope, activation.latex, kinks)


def _label(activation: Activation) -> str:
    bound = ", ".join(f"{p.name}={p.default:g}" for p in activation.parameters)
    return f"{activation.name} ({bound})" if bound else activation.name
