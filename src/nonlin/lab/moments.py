"""What a layer of infinite width does to variances, correlations and gradients: Gaussian integrals of f and f'.

A layer takes u with variance q to z = W f(u) + b, weights of variance w^2 / inputs and biases of variance b^2.
Then q' = w^2 E f(u)^2 + b^2, a correlation c becomes c' = (w^2 E f(u1) f(u2) + b^2) / q', and the mean square of a
gradient is multiplied by chi = w^2 E f'(u)^2 on its way back (Poole et al. 2016, arXiv:1606.05340; Schoenholz et
al. 2017, arXiv:1611.01232).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from nonlin.lab.network import Array
from nonlin.workbench import Elementwise

REACH = 10.0  # standard deviations: exp(-50) is beyond float64's rounding
NODES = 40
JOINTS = (-20.0, -5.0, -1.0, 0.0, 1.0, 5.0, 20.0)
"""Where f may turn quickly, in its own input: a wide Gaussian sees sigmoids as steps."""


@dataclass(frozen=True)
class Layers:
    """Layers of an activation, infinitely wide.

    Attributes
    ----------
    weight, bias : float
        w and b: the spread of a unit's weights, times the square root of their number, and of the biases.
    """

    activation: Elementwise
    weight: float
    bias: float = 0.0

    def variance(self, q: float) -> float:
        """Return the variance after a layer."""
        return (
            self.weight**2 * mean(lambda u: self.activation(u) ** 2, q, joints(self.activation))
            + self.bias**2
        )

    def chi(self, q: float) -> float:
        """Return what a layer multiplies the mean square of gradients by; infinite where f jumps."""
        if self.activation.facts.smoothness < 0:
            return float("inf")
        return self.backward(q)

    def backward(self, q: float) -> float:
        """Return the same by the slope that backpropagation uses, which sees no jump."""
        return self.weight**2 * mean(lambda u: self.activation.grad(u) ** 2, q, joints(self.activation))

    def correlation(self, c: float, q: float) -> float:
        """Return the correlation after a layer of two inputs of variance q each."""
        product = self.weight**2 * mean_product(self.activation, c, q) + self.bias**2
        return min(product / self.variance(q), 1.0)

    def variances(self, q: float, depth: int) -> list[float]:
        """Return the variance before each of `depth` layers' activations, the first of them q."""
        found = [q]
        while len(found) < depth:
            found.append(self.variance(found[-1]))
        return found


@cache
def joints(f: Elementwise) -> tuple[float, ...]:
    return tuple(sorted({*JOINTS, *(float(k) for k in f.facts.kinks if np.isfinite(k))}))


@cache
def legendre() -> tuple[Array, Array]:
    return np.polynomial.legendre.leggauss(NODES)


def mean(g: Any, q: float, at: tuple[float, ...]) -> float:
    """Return E g(u) for u normal with mean 0 and variance q; g may bend at the joints.

    Examples
    --------
    >>> round(mean(lambda u: np.maximum(u, 0) ** 2, 3.0, (0.0,)), 12)
    1.5
    """
    if not np.isfinite(q):
        return float("nan")
    z, weights = rule(np.array(at) / np.sqrt(q) if q > 0 else np.zeros(1))
    return float(np.sum(weights * density(z) * g(np.sqrt(q) * z)))


def rule(breaks: Array) -> tuple[Array, Array]:
    """Return nodes and weights on [-REACH, REACH], Gauss and Legendre's between the breaks and every 2.5."""
    ends = np.unique(np.clip([*np.arange(-REACH, REACH + 1, 2.5), *breaks], -REACH, REACH))
    nodes, weights = legendre()
    half, middle = np.diff(ends) / 2, (ends[1:] + ends[:-1]) / 2
    return (middle[:, None] + half[:, None] * nodes).ravel(), (half[:, None] * weights).ravel()


def density(z: Array) -> Array:
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def mean_product(f: Elementwise, c: float, q: float) -> float:
    """Return E f(u1) f(u2) for two normal numbers of variance q and correlation c.

    u2 = c u1 + sqrt(1 - c^2) v, and the inner integral over v breaks where u2 meets a joint.
    """
    if abs(c) >= 1:
        return mean(lambda u: f(u) * f(np.sign(c) * u), q, symmetric(joints(f)))
    spread, rest = np.sqrt(q), np.sqrt(1 - c * c)
    first, weights = rule(np.array(joints(f)) / spread)
    inner = [average(f, u, spread * rest) for u in c * spread * first]
    return float(np.sum(weights * density(first) * f(spread * first) * np.array(inner)))


def average(f: Elementwise, centre: float, spread: float) -> float:
    """Return E f(centre + spread v)."""
    v, weights = rule((np.array(joints(f)) - centre) / spread)
    return float(np.sum(weights * density(v) * f(centre + spread * v)))


def symmetric(at: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted({*at, *(-a for a in at)}))


def fixed_point(layers: Layers, start: float = 1.0, steps: int = 400) -> float:
    """Return where the variance settles; 0 or infinity if it shrinks or grows without end."""
    q = start
    for after in iterated(layers, start, steps):
        if abs(after - q) <= 1e-10 * max(after, q):
            return after
        q = after
        if not 1e-12 < q < 1e12:
            break
    return 0.0 if q < 1e-6 else float("inf") if not q < 1e6 else q


def iterated(layers: Layers, q: float, steps: int) -> Iterator[float]:
    for _ in range(steps):
        q = layers.variance(q)
        yield q
