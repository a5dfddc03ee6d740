"""Loops over memory, as NumPy calls them: `(addresses, sizes, strides, data)`, compiled to machine code."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from llvmlite import ir
from numba import cfunc, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from nonlin.kernels.interrupts import held_back

LOOP = types.void(
    types.CPointer(types.intp), types.CPointer(types.intp), types.CPointer(types.intp), types.voidptr
)
COMPILED = {"nopython": True, "fastmath": {"contract"}, "error_model": "numpy", "boundscheck": False}
_inner = njit(fastmath={"contract"}, error_model="numpy", boundscheck=False)
SCALARS = {"f": types.float32, "d": types.float64}
SIZES = {"f": 4, "d": 8}
BLOCK = 1024  # values that are computed in one go: 4 KiB of float32
GROUP = 64  # values that are judged together: where all are near, which is nearly always, no branch is taken

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


def _scratch(scalar_type: Any) -> Any:
    @intrinsic
    def scratch(typing_context: Any) -> Any:
        """Return the address of a block of memory on the stack, the same at every call from one place."""

        def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            item = context.get_value_type(scalar_type)
            block = cgutils.alloca_once(builder, ir.ArrayType(item, BLOCK))
            block.align = 64
            return builder.ptrtoint(block, ir.IntType(64))

        return types.intp(), build

    return scratch


def _mover(code: str, name: str) -> Any:
    """Return `take`, from strided memory to a contiguous block, or `put`, back again."""
    pointer = POINTERS[code]

    @_inner
    def take(address: Any, stride: Any, block: Any, n: Any) -> None:
        to = pointer(block)
        for i in range(n):
            to[i] = pointer(address + i * stride)[0]

    @_inner
    def put(address: Any, stride: Any, block: Any, n: Any) -> None:
        to = pointer(block)
        for i in range(n):
            pointer(address + i * stride)[0] = to[i]

    return take if name == "take" else put


MEMORY: dict[str, Any] = {
    **{f"{code}_": pointer for code, pointer in POINTERS.items()},
    **{f"scratch_{code}": _scratch(scalar) for code, scalar in SCALARS.items()},
    **{f"{name}_{code}": _mover(code, name) for code in SCALARS for name in ("take", "put")},
}
"""What the texts of loops call by name."""


@dataclass(frozen=True)
class Bodies:
    """The scalar functions of a loop over float32 or float64 arrays.

    Attributes
    ----------
    full : compiled function
        From float64 inputs and parameters to one number, or a tuple, of float64; right for any input.
    near : compiled function or None
        The short form for |x| <= reach.
    lanes : "d" or "f"
        What `near` computes in.
    reach : float
    """

    full: Callable[..., Any]
    near: Callable[..., Any] | None = None
    lanes: str = "d"
    reach: float = 0.0


def elementwise(bodies: Bodies, types_in: str, params: int, types_out: str) -> Any:
    """Return the compiled loop of an activation.

    Parameters
    ----------
    bodies : Bodies
    types_in, types_out : str
        A letter an array: "f" for float32, "d" for float64.
    params : int
        How many float64 parameters follow the input arrays.

    Returns
    -------
    cfunc
        Contiguous arrays run where they are, others by way of contiguous blocks. Each value is computed by
        itself, near ones by the short form and far ones by the full one, whatever their neighbours are.
    """
    names: dict[str, Any] = {"full": bodies.full, "near": bodies.near, "REACH": bodies.reach}
    for name, varying in (("block", False), ("varying_block", True)):
        if params or not varying:
            text = block_source(bodies, types_in, params, types_out, varying)
            names[name] = _inner(_define("block", text, names))
    return compile_loop(elementwise_source(types_in, params, types_out), names)


def block_source(bodies: Bodies, types_in: str, params: int, types_out: str, varying: bool = False) -> str:
    """Return the Python text of the function that works on contiguous arrays, with fixed or varying parameters."""
    arrays = types_in + types_out
    count = len(types_in)
    given = [f"p{i}_[i]" if varying else f"p{i}" for i in range(params)]
    inputs = [f"a{i}[i]" for i in range(count)]
    short = "near" if bodies.near else "full"
    lane = "np.float32" if bodies.near and bodies.lanes == "f" else "np.float64"
    put = [f"a{count + i}[i] = {_narrow(code)}(y{i})" for i, code in enumerate(types_out)]
    ys = ", ".join(f"y{i}" for i in range(len(types_out)))
    head = ", ".join(["n", *(f"at{i}" for i in range(len(arrays))), *(f"p{i}" for i in range(params))])
    lines = [f"def block({head}):", *(f"    a{i} = {code}_(at{i})" for i, code in enumerate(arrays))]
    lines += [f"    p{i}_ = d_(p{i})" for i in range(params if varying else 0)]
    lines += ["    for i in range(n):"]
    lines += [f"        {ys} = {short}({', '.join(f'{lane}({v})' for v in (*inputs, *given))})"]
    lines += [f"        {line}" for line in put]
    if bodies.near is None:
        return "\n".join([*lines, ""])
    return "\n".join([
        *lines,
        f"    for start in range(0, n, {GROUP}):",
        f"        stop = min(n, start + {GROUP})",
        "        far = 0",
        "        for i in range(start, stop):",
        "            far += 0 if abs(a0[i]) <= REACH else 1",
        "        for i in range(start, stop if far > 0 else start):",
        "            if not abs(a0[i]) <= REACH:",
        f"                {ys} = full({', '.join([*(f'np.float64({v})' for v in inputs), *given])})",
        *(f"                {line}" for line in put),
        "",
    ])  # fmt: skip


def elementwise_source(types_in: str, params: int, types_out: str) -> str:
    """Return the Python text of the loop that NumPy calls."""
    arrays = list(types_in + "d" * params + types_out)
    count, given = len(types_in), len(types_in) + params
    real = [i for i in range(len(arrays)) if not count <= i < given]
    fixed = " and ".join(f"strides[{i}] == 0" for i in range(count, given))
    apart = [f"addresses[0] != addresses[{i}]" for i in range(given, len(arrays))]
    contiguous = " and ".join([*(f"strides[{i}] == {SIZES[arrays[i]]}" for i in real), *apart])
    numbers = [f"d_(addresses[{i}])[0]" for i in range(count, given)]
    blocks = [f"a{i} = addresses[{i}] + start * {SIZES[arrays[i]]}" for i in real]
    lines = [
        "def loop(addresses, sizes, strides, data):",
        "    n = sizes[0]",
        *(f"    s{i} = scratch_{code}()" for i, code in enumerate(arrays)),
        f"    for start in range(0, n, {BLOCK}):",
        f"        m = min(n - start, {BLOCK})",
    ]
    direct = [*blocks, f"block({', '.join(['m', *(f'a{i}' for i in real), *numbers])})"]
    by_scratch = [
        *_moves("take", arrays, range(count)),
        f"block({', '.join(['m', *(f's{i}' for i in real), *numbers])})",
        *_moves("put", arrays, range(given, len(arrays))),
    ]
    all_by_scratch = [
        *_moves("take", arrays, range(given)),
        f"varying_block({', '.join(['m', *(f's{i}' for i in real), *(f's{i}' for i in range(count, given))])})",
        *_moves("put", arrays, range(given, len(arrays))),
    ]
    if params:
        lines += [f"        if not ({fixed}):", *_indented(all_by_scratch, 12), f"        elif {contiguous}:"]
    else:
        lines += [f"        if {contiguous}:"]
    lines += [*_indented(direct, 12), "        else:", *_indented(by_scratch, 12)]
    return "\n".join([*lines, f"    clear_flags({ALL_FLAGS})", ""])


def _moves(name: str, arrays: Sequence[str], which: Iterable[int]) -> list[str]:
    return [
        f"{name}_{arrays[i]}(addresses[{i}] + start * strides[{i}], strides[{i}], s{i}, m)" for i in which
    ]


def _indented(lines: Sequence[str], by: int) -> list[str]:
    return [" " * by + line for line in lines]


def _narrow(code: str) -> str:
    return "np.float32" if code == "f" else "np.float64"


def compile_loop(text: str, names: dict[str, Any]) -> Any:
    """Return the compiled function `loop` of a text, which sees `names` beside memory and NumPy."""
    with held_back():
        return cfunc(LOOP, **COMPILED)(_define("loop", text, names))


def _define(name: str, text: str, names: dict[str, Any]) -> Any:
    namespace = {"np": np, "clear_flags": clear_flags, **MEMORY, **names}
    exec(compile(text, "<loop>", "exec"), namespace)
    return namespace[name]
