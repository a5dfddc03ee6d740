"""A row function of a definition becomes a generalised ufunc of one dtype; it is compiled once on a machine."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from nonlin import catalog
from nonlin.card import path_of
from nonlin.kernels.cache import address
from nonlin.kernels.grades import Code
from nonlin.kernels.object_code import ObjectCode, load
from nonlin.kernels.ufunc import make_ufunc


@cache
def row_kernel(function: str | Callable[..., Any], code: Code, arrays: int, params: int) -> np.ufunc:
    """Return the gufunc `(row, ..., parameter, ...) -> row` for rows of one dtype; inside, all is float64.

    Parameters
    ----------
    function : str or callable
        The row function, or the path of one in the catalog, such as "nonlin.catalog.softmax.value".
    code : "f" or "d"
    arrays, params : int
        How many rows and how many parameters come in.
    """
    signature = ",".join(["(n)"] * arrays + ["()"] * params) + "->(n)"
    types_in = code * arrays + "d" * params
    return make_ufunc(
        "activation", "", [(types_in, code, _address(function, code, arrays, params))], signature
    )


def _address(function: str | Callable[..., Any], code: Code, arrays: int, params: int) -> int:
    def build() -> ObjectCode:
        from nonlin.kernels.row_code import object_code  # which needs Numba

        found = catalog.function(function) if isinstance(function, str) else function
        return object_code(found, code, arrays, params)

    path = function if isinstance(function, str) else path_of(function)
    what = f"{path} {code} {arrays} {params} {catalog.written()}"
    return address(what, build) if path else load(build())
