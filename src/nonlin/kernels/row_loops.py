"""Loops over the rows of a generalised ufunc, compiled to machine code by Numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import carray, cfunc, types
from numba.extending import intrinsic

from nonlin.kernels.interrupts import held_back
from nonlin.kernels.loops import FLAGS
from nonlin.kernels.memory import SIZES

LOOP = types.void(
    types.CPointer(types.intp), types.CPointer(types.intp), types.CPointer(types.intp), types.voidptr
)
ARITHMETIC = {"fastmath": {"contract"}, "error_model": "numpy", "boundscheck": False}
SCALARS = {"f": types.float32, "d": types.float64}

clear_flags = types.ExternalFunction("feclearexcept", types.int32(types.int32))
malloc = types.ExternalFunction("malloc", types.intp(types.intp))
free = types.ExternalFunction("free", types.void(types.intp))


def _pointer(scalar_type: Any) -> Any:
    @intrinsic
    def pointer(typing_context: Any, address: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            item = context.get_value_type(scalar_type)
            return builder.inttoptr(arguments[0], ir.PointerType(item))

        return types.CPointer(scalar_type)(types.intp), build

    return pointer


POINTERS = {code: _pointer(scalar) for code, scalar in SCALARS.items()}


def rows(function: Callable[..., Any], code: str, arrays: int, params: int) -> Any:
    """Return the compiled loop of a row function, which sees each row as contiguous float64.

    Parameters
    ----------
    function : compiled function
        `(row, ..., parameter, ..., out)`; stores into `out`.
    code : str
        "f" or "d", the dtype of rows in memory.
    arrays, params : int
        How many rows and how many float64 parameters come in.
    """
    names = {f"{letter}_": pointer for letter, pointer in POINTERS.items()}
    names |= {"np": np, "carray": carray, "malloc": malloc, "free": free, "clear_flags": clear_flags}
    namespace: dict[str, Any] = {**names, "function": function}
    exec(compile(rows_source(code, arrays, params), "<loop>", "exec"), namespace)
    with held_back():
        return cfunc(LOOP, nopython=True, **ARITHMETIC)(namespace["loop"])


def rows_source(code: str, arrays: int, params: int) -> str:
    """Return the Python text of that loop; its scratch comes from C, so that it needs no runtime of Numba's."""
    given = arrays + params
    core = {i: given + 1 + i for i in range(arrays)} | {given: given + 1 + arrays}
    numbers = [f"d_(addresses[{i}] + row * strides[{i}])[0]" for i in range(arrays, given)]
    call = ", ".join([*(f"r{i}" for i in range(arrays)), *numbers, f"r{given}"])
    put = "r{0}[j]" if code == "d" else "np.float32(r{0}[j])"
    return "\n".join([
        "def loop(addresses, sizes, strides, data):",
        "    n, m = sizes[0], sizes[1]",
        "    if m == 0:",
        "        return",
        f"    scratch = malloc(m * {8 * len(core)})",
        *(f"    r{i} = carray(d_(scratch + m * {8 * k}), m)" for k, i in enumerate(core)),
        "    for row in range(n):",
        *(line for i in range(arrays) for line in _moved(code, i, core[i], f"r{i}[j] = {{}}")),
        f"        function({call})",
        *_moved(code, given, core[given], f"{{}} = {put.format(given)}"),
        "    free(scratch)",
        f"    clear_flags({FLAGS})",
        "",
    ])  # fmt: skip


def _moved(code: str, array: int, stride: int, move: str) -> list[str]:
    """Return the lines that move a row between memory and its scratch, contiguous or not."""
    return [
        f"        at = addresses[{array}] + row * strides[{array}]",
        f"        if strides[{stride}] == {SIZES[code]}:",
        f"            near = {code}_(at)",
        "            for j in range(m):",
        f"                {move.format('near[j]')}",
        "        else:",
        "            for j in range(m):",
        f"                {move.format(f'{code}_(at + j * strides[{stride}])[0]')}",
    ]
