"""SciPy's own functions, and the products that are written with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nonlin.bench.rivals import Rival
from nonlin.bench.setting import Array, Ready, Setting
from nonlin.errors import require


def set_up(setting: Setting) -> Ready | None:
    """Return the twin, or a product with `expit` or `ndtr`; gradients only for GELU, which NumPy has not."""
    special = require("scipy.special", "bench")
    x, g = setting.x, setting.g
    if setting.name == "gelu" and setting.task == "gradient" and setting.outputs is None:
        return Ready(lambda: (x * special.ndtr(x), g * (special.ndtr(x) + x * _density(x))))
    if setting.task == "gradient":
        return None
    if setting.outputs is None:
        value = _values(special).get(setting.name)
        return Ready(lambda: value(x, **setting.parameters)) if value else None
    ufunc = {"sigmoid": special.expit, "log_sigmoid": special.log_expit}.get(setting.name)
    (out,) = setting.outputs
    return Ready(lambda: ufunc(x, out=out)) if ufunc else None


def _values(special: Any) -> dict[str, Callable[..., Array]]:
    return {
        "gelu": lambda x: x * special.ndtr(x),
        "log_sigmoid": special.log_expit,
        "log_softmax": lambda z: special.log_softmax(z, axis=-1),
        "quick_gelu": lambda x: x * special.expit(1.702 * x),
        "sigmoid": special.expit,
        "silu": lambda x: x * special.expit(x),
        "softmax": lambda z: special.softmax(z, axis=-1),
        "swish": lambda x, beta: x * special.expit(beta * x),
    }


def _density(x: Array) -> Array:
    return np.exp(-0.5 * x**2) * float(1 / np.sqrt(2 * np.pi))


RIVAL = Rival("SciPy", ("scipy",), set_up, many_threads=False)
