"""A row program becomes a generalised ufunc of one dtype and grade; it is compiled once on a machine."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from nonlin.derivation.passes import CHEAP, ROW_WORDS, varying_names
from nonlin.derivation.steps import Program
from nonlin.kernels.cache import address
from nonlin.kernels.grades import Code, Grade
from nonlin.kernels.object_code import ObjectCode, from_ir
from nonlin.kernels.ufunc import make_ufunc

if TYPE_CHECKING:
    from nonlin.kernels.primitives.exp import Kind

FAST = {*CHEAP, *ROW_WORDS, "exp"} - {"position", "threshold", "kth_largest"}
"""Operations that float32 lanes have for rows."""


@cache
def row_kernel(program: Program, code: Code, grade: Grade = "exact") -> np.ufunc:
    """Return the gufunc `(row, ..., parameter, ...) -> row` for rows of one dtype.

    Parameters
    ----------
    program : Program
        See `nonlin.derivation.row_programs`.
    code : "f" or "d"
    grade : "exact" or "fast"
        For float32: float64 lanes, or float32 lanes where they have the program's words. float64 has one grade.
    """
    arrays, parameters = len(program.inputs), len(program.parameters)
    signature = ",".join(["(n)"] * arrays + ["()"] * parameters) + "->(n)"
    place = address(f"{program!r} {code} {grade}", lambda: object_code(program, code, grade))
    return make_ufunc("activation", "", [(code * arrays + "d" * parameters, code, place)], signature)


def object_code(program: Program, code: Code, grade: Grade) -> ObjectCode:
    """Return the machine code of a row program's loop."""
    from nonlin.kernels.rows.loop import loop  # only to compile: code from disk needs none of it

    return from_ir(loop(program, code, lanes(program, code, grade)), "loop")


def lanes(program: Program, code: Code, grade: Grade) -> Kind:
    """Return the lanes in which elements are computed; numbers of a whole row are always float64."""
    if code == "d":
        return "double"
    return "fast" if grade == "fast" and _fits(program) else "near"


def _fits(program: Program) -> bool:
    varying = varying_names(program)
    asked = (s.operation for s in program.steps if s.name in varying or s.operation in ROW_WORDS)
    return FAST.issuperset(asked)
