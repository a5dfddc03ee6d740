"""Loops over the rows of a generalised ufunc, compiled to machine code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nonlin.kernels.loops import ALL_FLAGS, compile_loop


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
    wide_or_narrow = "np.float32" if code == "f" else "np.float64"
    core = {i: given + 1 + i for i in range(arrays)} | {given: given + 1 + arrays}
    scratch = [f"    r{i} = np.empty(m, np.float64)" for i in core]
    load = [
        line
        for i in range(arrays)
        for line in (
            f"        from_{i} = addresses[{i}] + row * strides[{i}]",
            "        for j in range(m):",
            f"            r{i}[j] = {code}_(from_{i} + j * strides[{core[i]}])[0]",
        )
    ]
    numbers = [f"d_(addresses[{i}] + row * strides[{i}])[0]" for i in range(arrays, given)]
    call = ", ".join([*(f"r{i}" for i in range(arrays)), *numbers, f"r{given}"])
    return "\n".join([
        "def loop(addresses, sizes, strides, data):",
        "    n, m = sizes[0], sizes[1]",
        "    if m == 0:",
        "        return",
        *scratch,
        "    for row in range(n):",
        *load,
        f"        function({call})",
        f"        to = addresses[{given}] + row * strides[{given}]",
        "        for j in range(m):",
        f"            {code}_(to + j * strides[{core[given]}])[0] = {wide_or_narrow}(r{given}[j])",
        f"    clear_flags({ALL_FLAGS})",
        "",
    ])  # fmt: skip
