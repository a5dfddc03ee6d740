"""A Program becomes a ufunc of one dtype; each is compiled once, when it is first called."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import numpy as np

from nonlin.derivation.program import Program
from nonlin.kernels import emit, loops
from nonlin.kernels.primitives import Precision
from nonlin.kernels.ufunc import make_ufunc

Code = Literal["f", "d"]
PRECISIONS: dict[Code, Precision] = {"f": "single", "d": "double"}


@cache
def kernel(program: Program, code: Code) -> np.ufunc:
    """Return the ufunc `(inputs..., parameters...) -> outputs` for arrays of one dtype.

    Parameters
    ----------
    program : Program
    code : "f" or "d"
        float32 arrays in float64 lanes, rounded once; or float64 arrays. Parameters are float64 in both.
    """
    types_in, types_out = code * len(program.inputs), code * len(program.outputs)
    loop = _compiled(program, code)
    return make_ufunc("activation", "", [(types_in + "d" * len(program.parameters), types_out, loop.address)])


@cache
def _compiled(program: Program, code: Code) -> Any:
    body = emit.body(program, PRECISIONS[code])
    types_in, types_out = code * len(program.inputs), code * len(program.outputs)
    return loops.elementwise(body, types_in, len(program.parameters), types_out)
