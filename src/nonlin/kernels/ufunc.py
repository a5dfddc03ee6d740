"""A compiled loop becomes a real numpy.ufunc, so that NumPy does what it does best.

Broadcasting, strides, byte order, casting, `out=`, `where=`, overlap, 0-d and empty arrays, and the protocol
by which dask, xarray and pandas take part, are NumPy's own.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from nonlin.kernels import threads

# Positions in the table of NumPy's documented C interface for ufuncs, which never change.
_FROM_FUNCTION, _FROM_FUNCTION_AND_SIGNATURE = 1, 31
_NO_IDENTITY = -1

_kept: list[Any] = []  # what NumPy points to must live as long as the process


def _interface() -> Any:
    capsule = np._core._multiarray_umath._UFUNC_API  # type: ignore[attr-defined]
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return ctypes.cast(get(capsule, None), ctypes.POINTER(ctypes.c_void_p))


def make_ufunc(
    name: str, doc: str, loops: Sequence[tuple[str, str, int]], signature: str | None = None
) -> np.ufunc:
    """Return a ufunc of these loops.

    Parameters
    ----------
    name, doc : str
        Its name and its help text.
    loops : sequence of (str, str, int)
        For each: the dtype letters of its inputs, of its outputs, and the loop's address; NumPy takes the
        first to which the inputs can be cast safely.
    signature : str, optional
        The core dimensions of a generalised ufunc, such as "(n),()->(n)".
    """
    inputs, outputs = len(loops[0][0]), len(loops[0][1])
    letters = "".join(i + o for i, o, _ in loops)
    ways_in = [_shared(i, o, address, signature) for i, o, address in loops]
    functions = (ctypes.c_void_p * len(loops))(*(function for function, _ in ways_in))
    data = (ctypes.c_void_p * len(loops))(*(job and ctypes.addressof(job) for _, job in ways_in))
    kinds = (ctypes.c_char * len(letters)).from_buffer(bytearray(np.dtype(letter).num for letter in letters))
    texts = ctypes.c_char_p(name.encode()), ctypes.c_char_p(doc.encode())
    position = _FROM_FUNCTION if signature is None else _FROM_FUNCTION_AND_SIGNATURE
    arguments: list[Any] = [functions, data, kinds, len(loops), inputs, outputs, _NO_IDENTITY, *texts, 0]
    argument_types: list[Any] = (
        [ctypes.c_void_p] * 3 + [ctypes.c_int] * 4 + [ctypes.c_char_p] * 2 + [ctypes.c_int]
    )
    if signature is not None:
        arguments.append(ctypes.c_char_p(signature.encode()))
        argument_types.append(ctypes.c_char_p)
    create = ctypes.PYFUNCTYPE(ctypes.py_object, *argument_types)(_interface()[position])
    _kept.extend([functions, data, ways_in, kinds, texts, arguments])
    return create(*arguments)  # type: ignore[no-any-return]


def _shared(types_in: str, types_out: str, address: int, signature: str | None) -> tuple[int, Any]:
    """Return the function by which threads share that loop, and what NumPy is to hand to it.

    An elementwise loop sees by itself whether an array is large; a row loop has a gate before it.
    """
    if not threads.AVAILABLE:
        return address, None
    dimensions = 1 + len(set(re.findall(r"\w+", signature or "")))
    arrays = len(types_in), len(types_in) + len(types_out)
    job = (ctypes.c_int64 * 5)(address, *arrays, dimensions, threads.crew().pool)
    return (address if signature is None else threads.way_in("gate")), job
