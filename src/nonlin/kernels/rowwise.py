"""A row function of a definition becomes a generalised ufunc of one dtype."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np

from nonlin.kernels import row_loops
from nonlin.kernels.elementwise import PRECISIONS, Code
from nonlin.kernels.primitives import PRIMITIVES, Precision
from nonlin.kernels.primitives.scalar import scalar
from nonlin.kernels.ufunc import make_ufunc
from nonlin.vocabulary import Word


@cache
def row_kernel(function: Callable[..., Any], code: Code, arrays: int, params: int) -> np.ufunc:
    """Return the gufunc `(row, ..., parameter, ...) -> row` for rows of one dtype; inside, all is float64."""
    loop = _compiled(function, code, arrays, params)
    signature = ",".join(["(n)"] * arrays + ["()"] * params) + "->(n)"
    types_in = code * arrays + "d" * params
    return make_ufunc("activation", "", [(types_in, code, loop.address)], signature)


@cache
def _compiled(function: Callable[..., Any], code: Code, arrays: int, params: int) -> Any:
    return row_loops.rows(spelled(function, PRECISIONS[code]), code, arrays, params)


@cache
def spelled(function: Callable[..., Any], precision: Precision) -> Any:
    """Return the compiled function, each word in it (and in what it calls) replaced by its primitive."""
    known = function.__globals__
    names = {name: _primitive(known[name], precision) for name in function.__code__.co_names if name in known}
    return scalar(FunctionType(function.__code__, names))


def _primitive(value: Any, precision: Precision) -> Any:
    if isinstance(value, type) and issubclass(value, Word):
        return PRIMITIVES[precision][value.__name__]
    return spelled(value, precision) if isinstance(value, FunctionType) else value
