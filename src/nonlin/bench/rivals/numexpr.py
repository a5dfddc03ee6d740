"""numexpr: the tutorials' formulas as one expression, evaluated block by block on several threads."""

from __future__ import annotations

from typing import Any

import numpy as np

from nonlin.bench.rivals import Rival
from nonlin.bench.setting import Ready, Setting
from nonlin.errors import require

SIGMOID = "1 / (1 + exp(-x))"
TANH = "tanh(k * (x + c * x * x * x))"
SOFTPLUS_TANH = "tanh(log1p(exp(x)))"

EXPRESSIONS: dict[str, tuple[str, str]] = {
    "celu": ("where(x > 0, x, alpha * expm1(x / alpha))", "where(x > 0, one, exp(x / alpha))"),
    "elu": ("where(x > 0, x, alpha * expm1(x))", "where(x > 0, one, alpha * exp(x))"),
    "gelu_tanh": (
        f"x * (1 + {TANH}) / 2",
        f"(1 + {TANH}) / 2 + x * (1 - {TANH} ** 2) * k * (1 + 3 * c * x * x) / 2",
    ),
    "hard_sigmoid": (
        "where(x <= -3, zero, where(x >= 3, one, (x + 3) / 6))",
        "where(abs(x) < 3, one / 6, zero)",
    ),
    "hard_swish": (
        "where(x <= -3, zero, where(x >= 3, x, x * (x + 3) / 6))",
        "where(x <= -3, zero, where(x >= 3, one, (2 * x + 3) / 6))",
    ),
    "leaky_relu": ("where(x > 0, x, negative_slope * x)", "where(x > 0, one, negative_slope)"),
    "log_sigmoid": ("-log1p(exp(-x))", "1 / (1 + exp(x))"),
    "mish": (
        f"x * {SOFTPLUS_TANH}",
        f"{SOFTPLUS_TANH} + x * (1 - {SOFTPLUS_TANH} ** 2) / (1 + exp(-x))",
    ),
    "prelu": ("where(x > 0, x, weight * x)", "where(x > 0, one, weight)"),
    "quick_gelu": ("x / (1 + exp(-q * x))", "(1 + exp(-q * x) * (1 + q * x)) / (1 + exp(-q * x)) ** 2"),
    "relu": ("where(x > 0, x, zero)", "where(x > 0, one, zero)"),
    "relu6": ("where(x > 0, where(x < 6, x, six), zero)", "where((x > 0) & (x < 6), one, zero)"),
    "selu": (
        "scale * where(x > 0, x, depth * expm1(x))",
        "scale * where(x > 0, one, depth * exp(x))",
    ),
    "sigmoid": (SIGMOID, "exp(-x) / (1 + exp(-x)) ** 2"),
    "silu": ("x / (1 + exp(-x))", "(1 + exp(-x) * (1 + x)) / (1 + exp(-x)) ** 2"),
    "softplus": ("log1p(exp(x))", SIGMOID),
    "softsign": ("x / (1 + abs(x))", "1 / (1 + abs(x)) ** 2"),
    "swish": (
        "x / (1 + exp(-beta * x))",
        "(1 + exp(-beta * x) * (1 + beta * x)) / (1 + exp(-beta * x)) ** 2",
    ),
    "tanh": ("tanh(x)", "1 - tanh(x) ** 2"),
}

CONSTANTS = {
    "zero": 0.0, "one": 1.0, "six": 6.0, "k": float(np.sqrt(2 / np.pi)), "c": 0.044715, "q": 1.702,
    "scale": 1.0507009873554805, "depth": 1.6732632423543772,
}  # fmt: skip
"""A number with a point inside an expression would make numexpr compute in float64."""


def set_up(setting: Setting) -> Ready | None:
    """Return the expression; value and slope are two, since numexpr writes one array at a time."""
    numexpr = require("numexpr", "bench")
    if setting.name not in EXPRESSIONS:
        return None
    value, slope = EXPRESSIONS[setting.name]
    scalars = {name: np.float32(number) for name, number in {**CONSTANTS, **setting.parameters}.items()}
    variables: dict[str, Any] = {**scalars, "x": setting.x, "g": setting.g}
    expressions = (value,) if setting.task == "value" else (value, f"g * ({slope})")
    outputs = setting.outputs or (None,) * len(expressions)

    def evaluated() -> Any:
        return tuple(
            numexpr.evaluate(expression, local_dict=variables, global_dict={}, out=out)
            for expression, out in zip(expressions, outputs, strict=True)
        )

    return Ready(evaluated)


def hold(threads: int) -> int:
    """Use that many threads; return how many it used before."""
    numexpr = require("numexpr", "bench")
    return int(numexpr.set_num_threads(threads))


RIVAL = Rival("numexpr", ("numexpr",), set_up, hold)
