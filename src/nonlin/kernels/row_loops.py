"""Loops over the rows of a generalised ufunc, compiled to machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nonlin.kernels.loops import ALL_FLAGS, SIZES, compile_loop


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
    return compile_loop(rows_source(code, arrays, params), {"function": function})


def rows_source(code: str, arrays: int, params: int) -> str:
    """Return the Python text of that loop."""
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
        *(f"    r{i} = np.empty(m, np.float64)" for i in core),
        "    for row in range(n):",
        *(line for i in range(arrays) for line in _moved(code, i, core[i], f"r{i}[j] = {{}}")),
        f"        function({call})",
        *_moved(code, given, core[given], f"{{}} = {put.format(given)}"),
        f"    clear_flags({ALL_FLAGS})",
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
