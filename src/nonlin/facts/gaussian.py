"""Moments of a function of a standard normal variable, by Gauss-Legendre quadrature between the kinks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from nonlin.facts.fact import Gaussian
from nonlin.facts.landmarks import Interval

REACH = 13.0  # the normal density beyond is below 1e-37
PANEL = 0.5
NODES = 12


def gaussian(
    value: Callable[[float], float],
    slope: Callable[[float], float],
    kinks: Sequence[float],
    flats: Sequence[Interval],
) -> Gaussian:
    """Return the moments of a function that is smooth between its kinks, to about 12 digits."""
    points, weights = _rule(tuple(kinks))
    values, slopes = (np.array([f(t) for t in points]) for f in (value, slope))
    return Gaussian(
        mean=float(weights @ values),
        second_moment=float(weights @ values**2),
        slope_second_moment=float(weights @ slopes**2),
        zero_slope_mass=sum(_probability(high) - _probability(low) for low, high in flats),
    )


def rates(value: Callable[[float], float], kinks: Sequence[float]) -> tuple[float, float]:
    """Return E[(z^2 - 1) f(z)] / 2 and E[(z^2 - 1) f(z)^2] / 2: how moments change with the variance of z."""
    points, weights = _rule(tuple(kinks))
    values, weights = np.array([value(t) for t in points]), weights * (np.array(points) ** 2 - 1) / 2
    return float(weights @ values), float(weights @ values**2)


@cache
def _rule(kinks: tuple[float, ...]) -> tuple[list[float], np.ndarray]:
    """Return quadrature points and weights for E g(z), with panels that end at the kinks."""
    ends = sorted({*np.arange(-REACH, REACH + PANEL, PANEL), *(k for k in kinks if abs(k) < REACH)})
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    low, high = np.array(ends[:-1])[:, None], np.array(ends[1:])[:, None]
    points = ((low + high) / 2 + (high - low) / 2 * nodes).ravel()
    density = np.exp(-(points**2) / 2) / math.sqrt(2 * math.pi)
    return points.tolist(), ((high - low) / 2 * weights).ravel() * density


def _probability(below: float) -> float:
    return math.erfc(-below / math.sqrt(2)) / 2
