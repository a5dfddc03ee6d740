"""A Program becomes a ufunc of one dtype and grade; each is compiled once on a machine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from nonlin.derivation.steps import Program
from nonlin.kernels.cache import address, remembered
from nonlin.kernels.grades import Code, Grade
from nonlin.kernels.object_code import ObjectCode, from_ir
from nonlin.kernels.ufunc import make_ufunc

if TYPE_CHECKING:
    from nonlin.kernels.primitives.exp import Kind


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
    return make_ufunc("activation", "", [loop(program, code, grade)])


def loop(program: Program, code: Code, grade: Grade = "exact") -> tuple[str, str, int]:
    """Return the dtype letters of a loop's inputs and outputs, and its address: compiled, or from disk."""
    types_in, types_out = code * len(program.inputs), code * len(program.outputs)
    place = address(f"{program!r} {code} {grade}", lambda: object_code(program, code, grade))
    return types_in + "d" * len(program.parameters), types_out, place


def object_code(program: Program, code: Code, grade: Grade) -> ObjectCode:
    """Return the machine code of a Program's loop."""
    from nonlin.kernels import loops  # only to compile: code from disk needs none of it

    return from_ir(loops.loop(program, code, lanes(program, code, grade)), "loop")


def lanes(program: Program, code: Code, grade: Grade) -> Kind:
    """Return the lanes in which most values are computed."""
    if code == "d":
        return "double"
    return "fast" if _fits_fast_lanes(program, grade) else "near"


def _fits_fast_lanes(program: Program, grade: Grade) -> bool:
    def judge() -> bool:
        from nonlin.kernels.emit import fits, only_chooses

        return only_chooses(program) or (grade == "fast" and fits(program, "fast"))

    return remembered(f"fits {program!r} {grade}", judge)
