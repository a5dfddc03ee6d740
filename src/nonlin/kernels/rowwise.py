"""A row function of a definition becomes a generalised ufunc of one dtype."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np

from nonlin.kernels import row_loops
from nonlin.kernels.elementwise import Code
from nonlin.kernels.primitives import PRIMITIVES
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
    return row_loops.rows(spelled(function), code, arrays, params)


@cache
def spelled(function: Callable[..., Any]) -> Any:
    """Return the compiled function, each word in it (and in what it calls) replaced by its primitive."""
    return scalar(
        FunctionType(function.__code__, _replaced(function.__globals__, function.__code__.co_names))
    )


def _replaced(names: dict[str, Any], used: tuple[str, ...]) -> dict[str, Any]:
    return {name: _primitive(names[name]) for name in used if name in names}


def _primitive(value: Any) -> Any:
    if isinstance(value, type) and issubclass(value, Word):
        return PRIMITIVES["double"][value.__name__]
    return spelled(value) if isinstance(value, FunctionType) else value
