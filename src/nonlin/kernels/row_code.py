"""A row function of a definition, compiled by Numba: each word in it is replaced by its primitive."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from numba import njit

from nonlin.kernels.grades import Code
from nonlin.kernels.numba_words import word
from nonlin.kernels.object_code import ObjectCode, from_numba
from nonlin.kernels.row_loops import ARITHMETIC, rows
from nonlin.vocabulary import Word


def object_code(function: Callable[..., Any], code: Code, arrays: int, params: int) -> ObjectCode:
    """Return the machine code of a row function's loop."""
    return from_numba(rows(spelled(function, code), code, arrays, params))


@cache
def spelled(function: Callable[..., Any], code: Code) -> Any:
    """Return the compiled function, each word in it (and in what it calls) replaced by its primitive."""
    known = function.__globals__
    names = {name: _primitive(known[name], code) for name in function.__code__.co_names if name in known}
    return njit(forceinline=True, **ARITHMETIC)(FunctionType(function.__code__, names))


def _primitive(value: Any, code: Code) -> Any:
    if isinstance(value, type) and issubclass(value, Word):
        return word(value.__name__, code)
    return spelled(value, code) if isinstance(value, FunctionType) else value
