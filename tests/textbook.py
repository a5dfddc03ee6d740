"""Plain formulas of the rest of the catalog, for `oracles`: value, slope and second derivative, by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath as mp
import numpy as np
from scipy import special

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


def _exp(x: Number) -> Number:
    return mp.exp(max(min(x, 3 * 10**6), -3 * 10**6))


def _sigmoid(x: Number) -> Number:
    return 1 / (1 + _exp(-x)) if x > 0 else _exp(x) / (1 + _exp(x))


def _softplus(x: Number) -> Number:
    return mp.log1p(_exp(x)) if x < 0 else x + mp.log1p(_exp(-x))


def _sech2(x: Number) -> Number:
    return 4 * _exp(-2 * abs(x)) / (1 + _exp(-2 * abs(x))) ** 2


def _lisht(x: Number) -> Three:
    t, q = mp.tanh(x), _sech2(x)
    return x * t, t + x * q, 2 * q - 2 * x * t * q


def _laplace(x: Number, mu: Number, sigma: Number) -> Three:
    u = max(min((x - mu) / sigma, mp.mpf(10) ** 6), -(mp.mpf(10) ** 6))
    bell = _exp(-u * u / 2) / mp.sqrt(2 * mp.pi)
    return mp.erfc(-u / mp.sqrt(2)) / 2, bell / sigma, -u * bell / sigma**2


def _sqrt_softplus(x: Number) -> Three:
    root, s = mp.sqrt(_softplus(x)), _sigmoid(x)
    return root, s / (2 * root), s * _sigmoid(-x) / (2 * root) - s * s / (4 * root**3)


def _scaled_tanh(x: Number, alpha: Number, beta: Number) -> Three:
    t, q = mp.tanh(beta * x), _sech2(beta * x)
    return alpha * t, alpha * beta * q, -2 * alpha * beta**2 * t * q


def _gelu_clipped(x: Number, **bounds: Number) -> Three:
    cdf, bell, slope = _laplace(x, ZERO, ONE)
    value = x * cdf if x > -(10**6) else ZERO
    high = mp.mpf(bounds.get("max", 10))
    return _flat(high) if value > high else (value, cdf + x * bell, 2 * bell + x * slope)


def _softplus_beta(x: Number, beta: Number) -> Three:
    s = _sigmoid(beta * x)
    return _softplus(beta * x) / beta, s, beta * s * _sigmoid(-beta * x)


def _tanh_shrink(x: Number) -> Three:
    t = mp.tanh(x)
    return x - t if abs(x) > mp.mpf("1e-18") else x**3 / 3, t * t, 2 * t * _sech2(x)


def _squareplus(x: Number, b: Number) -> Three:
    h = mp.sqrt(x * x + b)
    return (x + h) / 2, (1 + x / h) / 2, b / (2 * h**3)


def _exp_rest(x: Number) -> Number:
    return _exp(x) - 1 - x if abs(x) > mp.mpf("1e-18") else x * x / 2 * (1 + x / 3)


def _xielu(x: Number, alpha_p: Number, alpha_n: Number, beta: Number) -> Three:
    if x >= 0:
        return alpha_p * x * x + beta * x, 2 * alpha_p * x + beta, 2 * alpha_p
    e = _exp(x)
    rest = _exp_rest(x)
    return alpha_n * rest + beta * x, alpha_n * (e - 1) + beta, alpha_n * e


def _sine(x: Number, omega: Number) -> Three:
    s, c = mp.sin(omega * x), mp.cos(omega * x)
    return s, omega * c, -(omega**2) * s


def _snake(x: Number, alpha: Number, beta: Number) -> Three:
    twice = 2 * alpha * x
    value = x + mp.sin(alpha * x) ** 2 / beta if beta else x
    return value, 1 + mp.sin(twice) * alpha / beta, 2 * alpha**2 * mp.cos(twice) / beta


def _keras_relu(x: Number, **given: Any) -> Three:
    slope, top, threshold = (
        mp.mpf(given.get(name, default))
        for name, default in [("negative_slope", 0), ("max_value", mp.inf), ("threshold", 0)]
    )
    if x <= threshold:
        return _line(x, slope, -slope * threshold)
    return _line(x) if x <= top else _flat(top)


TAYLOR: Mapping[str, Callable[..., Three]] = {
    "keras_relu": _keras_relu,
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
    "exponential": lambda x: (_exp(x),) * 3,
    "lisht": _lisht,
    "laplace": lambda x, mu=0.707107, sigma=0.282095: _laplace(x, mp.mpf(mu), mp.mpf(sigma)),
    "sqrt_softplus": _sqrt_softplus,
    "scaled_tanh": lambda x, alpha=1.7159, beta=2 / 3: _scaled_tanh(x, mp.mpf(alpha), mp.mpf(beta)),
    "affine": lambda x, alpha=1, beta=0: _line(x, mp.mpf(alpha), mp.mpf(beta)),
    "gelu_clipped": _gelu_clipped,
    "softplus_beta": lambda x, beta=1: _softplus_beta(x, mp.mpf(beta)),
    "tanh_shrink": _tanh_shrink,
    "squareplus": lambda x, b=4: _squareplus(x, mp.mpf(b)),
    "xielu": lambda x, alpha_p=0.8, alpha_n=0.8, beta=0.5: _xielu(
        x, mp.mpf(alpha_p), mp.mpf(alpha_n), mp.mpf(beta)
    ),
    "sine": lambda x, omega=1: _sine(x, mp.mpf(omega)),
    "snake": lambda x, alpha=1: _snake(x, mp.mpf(alpha), mp.mpf(alpha)),
    "snake_beta": lambda x, alpha=1, beta=1: _snake(x, mp.mpf(alpha), mp.mpf(beta)),
    "tlu": lambda x, tau=0: _line(x) if x > tau else _flat(tau),
    "affine_tlu": lambda x, alpha=0, tau=0: _line(x) if x > alpha * x + tau else _line(x, alpha, tau),
}
"""For each activation: value, slope and second derivative at x."""

PARAMETER: Mapping[tuple[str, str], Callable[..., Number]] = {
    ("threshold", "default_value"): lambda x, default_value=0: mp.mpf(x <= 0),
    ("keras_relu", "negative_slope"): lambda x, negative_slope=0: min(x, ZERO),
    ("hard_tanh", "max_val"): lambda x, max_val=1: mp.mpf(x >= max_val),
    ("clip", "max"): lambda x, **bounds: mp.mpf(x > bounds["max"]),
    ("soft_shrink", "lambd"): lambda x, lambd=0.5: -mp.sign(x) if abs(x) > lambd else ZERO,
    ("sloped_hard_sigmoid", "alpha"): lambda x, alpha=0.2: x if abs(alpha * x) < 0.5 else ZERO,
    ("tlu", "tau"): lambda x, tau=0: mp.mpf(x <= tau),
    ("scaled_tanh", "alpha"): lambda x, alpha=1.7159: mp.tanh(mp.mpf(2 / 3) * x),
    ("squareplus", "b"): lambda x, b=4: 1 / (4 * mp.sqrt(x * x + b)),
    ("xielu", "alpha_n"): lambda x, alpha_n=0.8: ZERO if x >= 0 else _exp_rest(x),
    ("sine", "omega"): lambda x, omega=1: x * mp.cos(omega * x),
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


def _laplace_long(x: np.ndarray) -> tuple[Any, Any]:
    u = (x - LONG(0.707107)) / LONG(0.282095)
    bell = np.exp(-u * u / 2) / np.sqrt(8 * np.arctan(LONG(1)))
    return special.ndtr(u.astype(np.float64)), bell / LONG(0.282095)


def _softplus_long(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _sigmoid_long(x: np.ndarray) -> np.ndarray:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def _sqrt_softplus_long(x: np.ndarray) -> tuple[Any, Any]:
    root, left = np.sqrt(_softplus_long(x)), np.exp(np.minimum(x, 0) / 2)
    return np.where(x < -50, left, root), np.where(x < -50, left / 2, _sigmoid_long(x) / (2 * root))


def _sech2_long(x: np.ndarray) -> np.ndarray:
    e = np.exp(-2 * np.abs(x))
    return 4 * e / (1 + e) ** 2


def _scaled_tanh_long(x: np.ndarray) -> tuple[Any, Any]:
    alpha, beta = LONG(1.7159), LONG(2 / 3)
    return alpha * np.tanh(beta * x), alpha * beta * _sech2_long(beta * x)


def _gelu_clipped_long(x: np.ndarray) -> tuple[Any, Any]:
    cdf = special.ndtr(x.astype(np.float64)).astype(LONG)
    bell = np.exp(-x * x / 2) / np.sqrt(8 * np.arctan(LONG(1)))
    return np.where(x > 10, 10, x * cdf), np.where(x > 10, 0, cdf + x * bell)


def _tanh_shrink_long(x: np.ndarray) -> tuple[Any, Any]:
    w, third = x * x, 1 / LONG(3)
    series = x * w * (third - w * (LONG(2) / 15 - w * (LONG(17) / 315 - w * (LONG(62) / 2835))))
    return np.where(w < 1e-3, series, x - np.tanh(x)), np.tanh(x) ** 2


def _squareplus_long(x: np.ndarray) -> tuple[Any, Any]:
    h = np.hypot(x, 2)
    return np.where(x > 0, (x + h) / 2, 2 / (h - x)), np.where(x > 0, (1 + x / h) / 2, 2 / (h * (h - x)))


def _xielu_long(x: np.ndarray) -> tuple[Any, Any]:
    a, left = LONG(0.8), np.expm1(np.minimum(x, 0))
    return np.where(x >= 0, a * x * x, a * (left - x)) + x / 2, np.where(x >= 0, 2 * a * x, a * left) + 0.5


def _snake_long(x: np.ndarray) -> tuple[Any, Any]:
    return x + np.sin(x) ** 2, (np.sin(x) + np.cos(x)) ** 2


FAST: Mapping[str, Callable[[np.ndarray], tuple[Any, Any]]] = {
    "keras_relu": lambda x: (np.maximum(x, 0), x > 0),
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
    "exponential": lambda x: (np.exp(x), np.exp(x)),
    "lisht": lambda x: (x * np.tanh(x), np.tanh(x) + x * _sech2_long(x)),
    "laplace": _laplace_long,
    "sqrt_softplus": _sqrt_softplus_long,
    "scaled_tanh": _scaled_tanh_long,
    "affine": lambda x: (x, np.ones_like(x)),
    "gelu_clipped": _gelu_clipped_long,
    "softplus_beta": lambda x: (_softplus_long(x), _sigmoid_long(x)),
    "tanh_shrink": _tanh_shrink_long,
    "squareplus": _squareplus_long,
    "xielu": _xielu_long,
    "sine": lambda x: (np.sin(x), np.cos(x)),
    "snake": _snake_long,
    "snake_beta": _snake_long,
    "tlu": lambda x: (np.maximum(x, 0), x > 0),
    "affine_tlu": lambda x: (np.maximum(x, 0), x > 0),
}
"""For each activation: value and slope of an array in extended precision, at the default parameters."""
