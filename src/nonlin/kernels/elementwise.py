"""A Program becomes a ufunc of one dtype and grade; each is compiled once, when it is first called."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np

from nonlin.derivation.program import Program
from nonlin.kernels import loops
from nonlin.kernels.emit import fits, only_chooses
from nonlin.kernels.loops import Code
from nonlin.kernels.object_code import ObjectCode, from_ir, load
from nonlin.kernels.primitives.exp import Kind
from nonlin.kernels.ufunc import make_ufunc

Grade = Literal["exact", "fast"]
Precision = Literal["single", "double"]
PRECISIONS: dict[Code, Precision] = {"f": "single", "d": "double"}
"""How many digits of a slope near its roots the arrays of a dtype can hold."""


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
    address = load(object_code(program, code, grade))
    return make_ufunc("activation", "", [(types_in + "d" * len(program.parameters), types_out, address)])


def object_code(program: Program, code: Code, grade: Grade) -> ObjectCode:
    """Return the machine code of a Program's loop."""
    return from_ir(loops.loop(program, code, lanes(program, code, grade)), "loop")


def lanes(program: Program, code: Code, grade: Grade) -> Kind:
    """Return the lanes in which most values are computed."""
    if code == "d":
        return "double"
    return "fast" if only_chooses(program) or (grade == "fast" and fits(program, "fast")) else "near"
