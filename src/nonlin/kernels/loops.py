"""Loops over memory, as NumPy calls them: `(addresses, sizes, strides, data)`, compiled to machine code."""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import cfunc, types
from numba.extending import intrinsic

LOOP = types.void(
    types.CPointer(types.intp), types.CPointer(types.intp), types.CPointer(types.intp), types.voidptr
)
COMPILED = {"nopython": True, "fastmath": {"contract"}, "error_model": "numpy", "boundscheck": False}
SCALARS = {"f": types.float32, "d": types.float64}
SIZES = {"f": 4, "d": 8}

# What the arithmetic inside raises (an inexact zero, an overflow on the way to a limit) says nothing of the
# result, so the flags that NumPy would warn of are cleared.
clear_flags = types.ExternalFunction("feclearexcept", types.int32(types.int32))
ALL_FLAGS = 0x3D if platform.machine() in ("x86_64", "AMD64") else 0x1F


def _pointer(scalar_type: Any) -> Any:
    @intrinsic
    def pointer(typing_context: Any, address: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            item = context.get_value_type(scalar_type)
            return builder.inttoptr(arguments[0], ir.PointerType(item))

        return types.CPointer(scalar_type)(types.intp), build

    return pointer


POINTERS = {code: _pointer(scalar) for code, scalar in SCALARS.items()}


def elementwise(body: Callable[..., Any], types_in: str, params: int, types_out: str) -> Any:
    """Return the compiled loop of a scalar body.

    Parameters
    ----------
    body : compiled function
        From float64 inputs and parameters to a tuple, or to one number, of float64.
    types_in, types_out : str
        A letter an array: "f" for float32, "d" for float64.
    params : int
        How many float64 parameters follow the input arrays.

    Returns
    -------
    cfunc
        With a fast path for contiguous arrays and fixed parameters, and a general one for any strides.
    """
    text = elementwise_source(types_in, params, types_out)
    return compile_loop(text, {"body": body})


def elementwise_source(types_in: str, params: int, types_out: str) -> str:
    """Return the Python text of that loop."""
    arrays = list(types_in + "d" * params + types_out)
    count, given = len(types_in), len(types_in) + params
    contiguous = " and ".join(
        f"strides[{i}] == {0 if count <= i < given else SIZES[code]}" for i, code in enumerate(arrays)
    )
    fixed = [f"        p{i} = d_(addresses[{i}])" for i in range(count, given)]
    fixed = [line + "[0]" for line in fixed]
    bases = [
        f"        a{i} = {arrays[i]}_(addresses[{i}])" for i in range(len(arrays)) if not count <= i < given
    ]
    fast = [f"np.float64(a{i}[i])" for i in range(count)] + [f"p{i}" for i in range(count, given)]
    slow = [f"np.float64({arrays[i]}_(addresses[{i}] + i * strides[{i}])[0])" for i in range(given)]
    results = [f"y{i}" for i in range(given, len(arrays))]
    put_fast = [f"            a{i}[i] = {_narrow(arrays[i])}(y{i})" for i in range(given, len(arrays))]
    put_slow = [
        f"            {arrays[i]}_(addresses[{i}] + i * strides[{i}])[0] = {_narrow(arrays[i])}(y{i})"
        for i in range(given, len(arrays))
    ]
    take = ", ".join(results)
    return "\n".join([
        "def loop(addresses, sizes, strides, data):",
        "    n = sizes[0]",
        f"    if {contiguous}:",
        *bases,
        *fixed,
        "        for i in range(n):",
        f"            {take} = body({', '.join(fast)})",
        *put_fast,
        "    else:",
        "        for i in range(n):",
        f"            {take} = body({', '.join(slow)})",
        *put_slow,
        f"    clear_flags({ALL_FLAGS})",
        "",
    ])  # fmt: skip


def _narrow(code: str) -> str:
    return "np.float32" if code == "f" else "np.float64"


def compile_loop(text: str, names: dict[str, Any]) -> Any:
    pointers = {f"{code}_": pointer for code, pointer in POINTERS.items()}
    namespace = {"np": np, "clear_flags": clear_flags, **pointers, **names}
    exec(compile(text, "<loop>", "exec"), namespace)
    return cfunc(LOOP, **COMPILED)(namespace["loop"])
