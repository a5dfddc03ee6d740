"""The words for row functions, which Numba compiles: each primitive writes its instructions into Numba's code."""

from __future__ import annotations

from functools import cache
from typing import Any

from numba import types
from numba.extending import intrinsic

from nonlin.kernels.grades import Code
from nonlin.kernels.lanes import DOUBLE, Lanes, Real
from nonlin.kernels.primitives import PRIMITIVES
from nonlin.kernels.primitives.exp import Kind, clipped

KINDS: dict[Code, Kind] = {"f": "near", "d": "double"}
WITHIN = {"exp": 700.0, "expm1": 700.0, "sigmoid": 700.0, "softplus": 700.0, "tanh": 350.0, "sech2": 350.0,
          "normal_pdf": 14.5, "normal_cdf": 14.5, "erf": 10.0}  # fmt: skip
"""The arguments that near forms take; beyond them the result is that at the bound, far below any float32."""


@cache
def word(name: str, code: Code) -> Any:
    """Return the word as a function of one float64 for code that Numba compiles."""
    kind = KINDS[code]

    @intrinsic
    def function(typing: Any, u: Any) -> Any:
        def write(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            given = Real(Lanes(builder, DOUBLE, 0), arguments[0])
            if kind == "near" and name in WITHIN:
                given = clipped(given, -WITHIN[name], WITHIN[name])
            return PRIMITIVES[kind][name](given).value

        return types.float64(types.float64), write

    return function
