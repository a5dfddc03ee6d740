"""Results read from a table by the bits of their inputs, in machine code: a ufunc for halves."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir

from nonlin.kernels.cache import address
from nonlin.kernels.control import Body, function
from nonlin.kernels.lanes import WORD, Whole
from nonlin.kernels.memory import WORDS, words_at
from nonlin.kernels.object_code import ObjectCode, from_ir
from nonlin.kernels.ufunc import make_ufunc

OPEN = 0xFFFF
"""The bits of a result that is not yet decided: a NaN that no result has."""

BITS = ir.IntType(16)
SIZE = 2  # bytes


@cache
def look_up(letter: str, outputs: int) -> np.ufunc:
    """Return the ufunc `(words, x) -> results` for the dtype of that letter.

    `words` is the address, as a number, of 8-byte words: the first becomes 1 when an open result is met, and then
    there is for each output the address of its table.
    """
    place = address(f"look up {outputs}", lambda: _object_code(outputs))
    return make_ufunc("look_up", "", [("q" + letter, letter * outputs, place)])


def _object_code(outputs: int) -> ObjectCode:
    module = ir.Module("look_up")
    _write(module, outputs)
    return from_ir(str(module), "loop")


def _write(module: Any, outputs: int) -> None:
    _, body = function(module, "loop", [WORDS] * 4)
    addresses, sizes, strides, _ = body.arguments
    words = words_at(words_at(addresses[0])[0])
    tables = [words[1 + i] for i in range(outputs)]
    places = [(addresses[1 + i], strides[1 + i]) for i in range(1 + outputs)]
    with body.for_(sizes[0]) as n:
        x, *y = (place + n * stride for place, stride in places)
        offset = _bits(body, x) * SIZE  # read once: an output may be stored where it was
        for table, result in zip(tables, y, strict=True):
            found = _bits(body, table + offset)
            _store(body, found, result)
            with body.if_(found == OPEN, likely=False):
                words[0] = 1
    body.return_()


def _bits(body: Body, place: Whole) -> Whole:
    """Read 16 bits as a number."""
    read = body.builder.load(body.builder.inttoptr(place.value, BITS.as_pointer()))
    return Whole(body, body.builder.zext(read, WORD))


def _store(body: Body, number: Whole, place: Whole) -> None:
    bits = body.builder.trunc(number.value, BITS)
    body.builder.store(bits, body.builder.inttoptr(place.value, BITS.as_pointer()))
