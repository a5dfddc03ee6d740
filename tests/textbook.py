"""Plain formulas of the rest of the catalog, for `oracles`: value, slope and second derivative, by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath as mp
import numpy as np

Number = Any
LONG = np.longdouble
Three = tuple[Number, Number, Number]

ZERO, ONE = mp.mpf(0), mp.mpf(1)
NOTHING = (ZERO, ZERO, ZERO)


def _line(x: Number, slope: Number = 1, offset: Number = 0) -> Three:
    return slope * x + offset, mp.mpf(slope), ZERO


def _flat(value: Number) -> Three:
    return mp.mpf(value), ZERO, ZERO


def _between(x: Number, low: Number, high: Number, ends: bool) -> Three:
    """Clip; with `ends` the slope at a bound is that inside."""
    inside = low <= x <= high if ends else low < x < high
    return min(max(x, low), high), mp.mpf(inside), ZERO


def _shrink(x: Number, bias: Number, lambd: Number) -> Three:
    if abs(x) <= lambd:
        return NOTHING
    return _line(x, 1, -bias if x > 0 else bias)


def _sparse_plus(x: Number) -> Three:
    if x <= -1:
        return NOTHING
    return _line(x) if x >= 1 else ((x + 1) ** 2 / 4, (x + 1) / 2, ONE / 2)


def _hard_mish(x: Number) -> Three:
    if x <= -2:
        return NOTHING
    return _line(x) if x >= 0 else (x * (x + 2) / 2, x + 1, ONE)


def _ramp(x: Number, alpha: Number, beta: Number) -> Three:
    line = alpha * x + beta
    return _line(x, alpha, beta) if 0 < line < 1 else _flat(line >= 1)


TAYLOR: Mapping[str, Callable[..., Three]] = {
    "relu_squared": lambda x: (x * x, 2 * x, mp.mpf(2)) if x > 0 else NOTHING,
    "threshold": lambda x, threshold=0, default_value=0: _line(x) if x > threshold else _flat(default_value),
    "thresholded_relu": lambda x, alpha=1: _line(x) if x > alpha else NOTHING,
    "hard_tanh": lambda x, min_val=-1, max_val=1: _between(x, mp.mpf(min_val), mp.mpf(max_val), ends=False),
    "clip": lambda x, **bounds: _between(
        x, mp.mpf(bounds.get("min", -1)), mp.mpf(bounds.get("max", 1)), ends=True
    ),
    "hard_mish": _hard_mish,
    "soft_shrink": lambda x, lambd=0.5: _shrink(x, mp.mpf(lambd), mp.mpf(lambd)),
    "hard_shrink": lambda x, lambd=0.5: _shrink(x, ZERO, mp.mpf(lambd)),
    "shrink": lambda x, bias=0, lambd=0.5: _shrink(x, mp.mpf(bias), mp.mpf(lambd)),
    "sparse_plus": _sparse_plus,
    "sparse_sigmoid": lambda x: _ramp(x, ONE / 2, ONE / 2),
    "sloped_hard_sigmoid": lambda x, alpha=0.2, beta=0.5: _ramp(x, mp.mpf(alpha), mp.mpf(beta)),
    "step": lambda x, threshold=0: _flat(x >= threshold),
    "sign": lambda x: _flat(mp.sign(x)),
    "tlu": lambda x, tau=0: _line(x) if x > tau else _flat(tau),
    "affine_tlu": lambda x, alpha=0, tau=0: _line(x) if x > alpha * x + tau else _line(x, alpha, tau),
}
"""For each activation: value, slope and second derivative at x."""

PARAMETER: Mapping[tuple[str, str], Callable[..., Number]] = {
    ("threshold", "default_value"): lambda x, default_value=0: mp.mpf(x <= 0),
    ("hard_tanh", "max_val"): lambda x, max_val=1: mp.mpf(x >= max_val),
    ("clip", "max"): lambda x, **bounds: mp.mpf(x > bounds["max"]),
    ("soft_shrink", "lambd"): lambda x, lambd=0.5: -mp.sign(x) if abs(x) > lambd else ZERO,
    ("sloped_hard_sigmoid", "alpha"): lambda x, alpha=0.2: x if abs(alpha * x) < 0.5 else ZERO,
    ("tlu", "tau"): lambda x, tau=0: mp.mpf(x <= tau),
    ("affine_tlu", "alpha"): lambda x, alpha=0: ZERO if x > alpha * x else x,
}
"""For each activation and parameter: the derivative by the parameter."""


def _quadratic(x: np.ndarray, low: float, high: float, value: Any, slope: Any) -> tuple[Any, Any]:
    """0 up to `low`, the input from `high` on, a polynomial between."""
    return (
        np.where(x <= low, 0, np.where(x >= high, x, value)),
        np.where(x <= low, 0, np.where(x >= high, 1, slope)),
    )


def _ramp_long(x: np.ndarray) -> tuple[Any, Any]:
    alpha = LONG(0.2)
    line = alpha * x + LONG(0.5)
    return np.clip(line, 0, 1), np.where((line > 0) & (line < 1), alpha, 0)


FAST: Mapping[str, Callable[[np.ndarray], tuple[Any, Any]]] = {
    "relu_squared": lambda x: (np.where(x > 0, x * x, 0), np.where(x > 0, 2 * x, 0)),
    "threshold": lambda x: (np.where(x > 0, x, 0), x > 0),
    "thresholded_relu": lambda x: (np.where(x > 1, x, 0), x > 1),
    "hard_tanh": lambda x: (np.clip(x, -1, 1), np.abs(x) < 1),
    "clip": lambda x: (np.clip(x, -1, 1), np.abs(x) <= 1),
    "hard_mish": lambda x: _quadratic(x, -2, 0, x * (x + 2) / 2, x + 1),
    "soft_shrink": lambda x: (np.copysign(np.maximum(np.abs(x) - 0.5, 0), x), np.abs(x) > 0.5),
    "hard_shrink": lambda x: (np.where(np.abs(x) > 0.5, x, 0), np.abs(x) > 0.5),
    "shrink": lambda x: (np.where(np.abs(x) > 0.5, x, 0), np.abs(x) > 0.5),
    "sparse_plus": lambda x: _quadratic(x, -1, 1, (x + 1) ** 2 / 4, (x + 1) / 2),
    "sparse_sigmoid": lambda x: (np.clip((x + 1) / 2, 0, 1), np.where(np.abs(x) < 1, 0.5, 0)),
    "sloped_hard_sigmoid": _ramp_long,
    "step": lambda x: (x >= 0, 0),
    "sign": lambda x: (np.sign(x), 0),
    "tlu": lambda x: (np.maximum(x, 0), x > 0),
    "affine_tlu": lambda x: (np.maximum(x, 0), x > 0),
}
"""For each activation: value and slope of an array in extended precision, at the default parameters."""
