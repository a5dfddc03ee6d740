"""A Program becomes a ufunc of one dtype and grade; each is compiled once, when it is first called."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import numpy as np

from nonlin.derivation.program import Program
from nonlin.kernels import emit, loops
from nonlin.kernels.primitives import Precision
from nonlin.kernels.primitives.exp import Lanes
from nonlin.kernels.reach import depends_on_parameters, reach
from nonlin.kernels.ufunc import make_ufunc

Code = Literal["f", "d"]
Grade = Literal["exact", "fast"]
PRECISIONS: dict[Code, Precision] = {"f": "single", "d": "double"}


@cache
def kernel(program: Program, code: Code, grade: Grade = "exact") -> np.ufunc:
    """Return the ufunc `(inputs..., parameters...) -> outputs` for arrays of one dtype.

    Parameters
    ----------
    program : Program
    code : "f" or "d"
        float32 arrays, rounded once; or float64 arrays. Parameters are float64 in both.
    grade : "exact" or "fast"
        For float32: float64 lanes, or float32 lanes where the input is near enough to 0 for their digits.
        float64 has one grade.
    """
    types_in, types_out = code * len(program.inputs), code * len(program.outputs)
    loop = _compiled(program, code, grade)
    return make_ufunc("activation", "", [(types_in + "d" * len(program.parameters), types_out, loop.address)])


@cache
def _compiled(program: Program, code: Code, grade: Grade = "exact") -> Any:
    types_in, types_out = code * len(program.inputs), code * len(program.outputs)
    bodies = _bodies(program, code, "fast" if grade == "fast" else "near")
    return loops.elementwise(bodies, types_in, len(program.parameters), types_out)


def fits_fast_lanes(program: Program) -> bool:
    """Tell whether float32 lanes hold the digits of a Program for inputs near 0, whatever its parameters."""
    return not depends_on_parameters(program) and reach(program, "fast") > 0.0


def _bodies(program: Program, code: Code, lanes: Lanes) -> loops.Bodies:
    """Return the full body, with a short one for near inputs where there is one for any parameters."""
    full = emit.body(program, PRECISIONS[code])
    far = 0.0 if code == "d" or depends_on_parameters(program) else reach(program, lanes)
    if far == 0.0:
        return loops.Bodies(full)
    return loops.Bodies(full, emit.near(program, lanes), "f" if lanes == "fast" else "d", far)
