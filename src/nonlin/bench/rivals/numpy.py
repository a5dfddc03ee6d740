"""The plain NumPy of the tutorials, in float32; where NumPy has the function itself, that one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.bench.rivals import Rival
from nonlin.bench.setting import Array, Ready, Setting

ZERO, ONE = np.float32(0), np.float32(1)  # a Python number would make `where` compute in float64
ROOT = float(np.sqrt(2 / np.pi))
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805


@dataclass(frozen=True)
class Formulas:
    """The value and the slope as they are taught, and the value with `out=` where it is one call of NumPy."""

    value: Callable[..., Any]
    slope: Callable[..., Any]
    into: Callable[..., Any] | None = None


def sigmoid(x: Array) -> Any:
    return 1 / (1 + np.exp(-x))


def leaky(x: Array, slope: float) -> Any:
    return np.where(x > 0, x, slope * x)


def leaky_slope(x: Array, slope: float) -> Any:
    return np.where(x > 0, ONE, np.float32(slope))


def elu(x: Array, alpha: float) -> Any:
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def elu_slope(x: Array, alpha: float) -> Any:
    return np.where(x > 0, ONE, alpha * np.exp(x))


def celu(x: Array, alpha: float) -> Any:
    return np.maximum(x, 0) + np.minimum(alpha * (np.exp(x / alpha) - 1), 0)


def swish(x: Array, beta: float = 1) -> Any:
    return x * sigmoid(beta * x)


def swish_slope(x: Array, beta: float = 1) -> Any:
    s = sigmoid(beta * x)
    return s * (1 + beta * x * (1 - s))


def mish(x: Array) -> Any:
    return x * np.tanh(np.log1p(np.exp(x)))


def mish_slope(x: Array) -> Any:
    t = np.tanh(np.log1p(np.exp(x)))
    return t + x * sigmoid(x) * (1 - t**2)


def gelu_tanh(x: Array) -> Any:
    return 0.5 * x * (1 + np.tanh(ROOT * (x + 0.044715 * x**3)))


def gelu_tanh_slope(x: Array) -> Any:
    t = np.tanh(ROOT * (x + 0.044715 * x**3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t**2) * ROOT * (1 + 3 * 0.044715 * x**2)


def hard_swish_slope(x: Array) -> Any:
    return np.where(x <= -3, ZERO, np.where(x >= 3, ONE, (2 * x + 3) / 6))


def softmax(z: Array) -> Any:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(z: Array) -> Any:
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


ELEMENTWISE: dict[str, Formulas] = {
    "celu": Formulas(celu, lambda x, alpha: np.where(x > 0, ONE, np.exp(x / alpha))),
    "elu": Formulas(elu, elu_slope),
    "gelu_tanh": Formulas(gelu_tanh, gelu_tanh_slope),
    "hard_sigmoid": Formulas(
        lambda x: np.clip(x / 6 + 0.5, 0, 1), lambda x: np.where(np.abs(x) < 3, np.float32(1 / 6), ZERO)
    ),
    "hard_swish": Formulas(lambda x: x * np.clip(x + 3, 0, 6) / 6, hard_swish_slope),
    "leaky_relu": Formulas(
        lambda x, negative_slope: leaky(x, negative_slope),
        lambda x, negative_slope: leaky_slope(x, negative_slope),
    ),
    "log_sigmoid": Formulas(lambda x: -np.log(1 + np.exp(-x)), lambda x: 1 - sigmoid(x)),
    "mish": Formulas(mish, mish_slope),
    "prelu": Formulas(lambda x, weight: leaky(x, weight), lambda x, weight: leaky_slope(x, weight)),
    "quick_gelu": Formulas(lambda x: swish(x, 1.702), lambda x: swish_slope(x, 1.702)),
    "relu": Formulas(
        lambda x: np.maximum(x, 0), lambda x: x > 0, into=lambda x, out: np.maximum(x, 0, out=out)
    ),
    "relu6": Formulas(
        lambda x: np.clip(x, 0, 6), lambda x: (x > 0) & (x < 6), into=lambda x, out: np.clip(x, 0, 6, out=out)
    ),
    "selu": Formulas(
        lambda x: SELU_SCALE * elu(x, SELU_ALPHA), lambda x: SELU_SCALE * elu_slope(x, SELU_ALPHA)
    ),
    "sigmoid": Formulas(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x))),
    "silu": Formulas(swish, swish_slope),
    "softplus": Formulas(lambda x: np.log(1 + np.exp(x)), sigmoid),
    "softsign": Formulas(lambda x: x / (1 + np.abs(x)), lambda x: 1 / (1 + np.abs(x)) ** 2),
    "swish": Formulas(swish, swish_slope),
    "tanh": Formulas(np.tanh, lambda x: 1 - np.tanh(x) ** 2, into=lambda x, out: np.tanh(x, out=out)),
}

ROWS: dict[str, tuple[Callable[[Array], Any], Callable[[Array, Array], Any]]] = {
    "softmax": (softmax, lambda y, g: y * (g - (y * g).sum(axis=-1, keepdims=True))),
    "log_softmax": (log_softmax, lambda y, g: g - np.exp(y) * g.sum(axis=-1, keepdims=True)),
}
"""The value, and the gradient from that value."""


def set_up(setting: Setting) -> Ready | None:
    """Return the tutorials' formula; both formulas, one after the other, for the gradient."""
    x, g, parameters = setting.x, setting.g, setting.parameters
    if setting.name in ROWS:
        return _rows(setting)
    formulas = ELEMENTWISE.get(setting.name)
    if formulas is None:
        return None
    value, slope, into = formulas.value, formulas.slope, formulas.into
    if setting.outputs is None:
        if setting.task == "value":
            return Ready(lambda: value(x, **parameters))
        return Ready(lambda: (value(x, **parameters), g * slope(x, **parameters)))
    if setting.task == "gradient" or into is None:
        return None
    (out,) = setting.outputs
    return Ready(lambda: into(x, out))


def _rows(setting: Setting) -> Ready | None:
    x, g = setting.x, setting.g
    value, gradient = ROWS[setting.name]
    if setting.outputs is not None:
        return None
    if setting.task == "value":
        return Ready(lambda: value(x))

    def both() -> Any:
        y = value(x)
        return y, gradient(y, g)

    return Ready(both)


RIVAL = Rival(
    "NumPy",
    ("numpy",),
    set_up,
    many_threads=False,
    notes=(
        "NumPy is what tutorials write, in float32, or NumPy's own function (tanh, maximum, clip); "
        "it writes into a given array only where it is one call.",
    ),
)
