"""What several threads need of the machine, which Numba lacks: atomic words, addresses, calls by address."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

WORD = 8  # bytes
WORDS = types.CPointer(types.int64)

_word = ir.IntType(64)
_pointer = ir.PointerType(_word)
_no_answer = types.void


def _instruction(answer: Any, given: tuple[Any, ...], build: Callable[..., Any]) -> Any:
    """Return what `build(builder, *values)` emits, as a function of these types for compiled code."""

    def code(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        result = build(builder, *values)
        return context.get_dummy_value() if answer is _no_answer else result

    def typed(typing: Any, *arguments: Any) -> Any:
        return answer(*given), code

    names = ["typing", *(f"argument_{i}" for i in range(len(given)))]
    typed.__signature__ = Signature([Parameter(n, Parameter.POSITIONAL_ONLY) for n in names])  # type: ignore[attr-defined]
    return intrinsic(typed)


def _at(builder: Any, pointer: Any, index: Any) -> Any:
    return builder.gep(pointer, [index])


def _call(builder: Any, address: Any, *values: Any) -> Any:
    kind = ir.FunctionType(ir.VoidType(), [_pointer] * len(values))
    return builder.call(builder.inttoptr(address, ir.PointerType(kind)), values)


def _pause(builder: Any) -> Any:
    if "x86" in builder.module.triple:
        kind = ir.FunctionType(ir.VoidType(), [])
        builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse2.pause"), [])


_one, _two = (WORDS, types.int64), (WORDS, types.int64, types.int64)

load = _instruction(
    types.int64, _one, lambda b, words, i: b.load_atomic(_at(b, words, i), "seq_cst", WORD, typ=_word)
)
store = _instruction(
    _no_answer, _two, lambda b, words, i, value: b.store_atomic(value, _at(b, words, i), "seq_cst", WORD)
)
add = _instruction(
    types.int64, _two, lambda b, words, i, value: b.atomic_rmw("add", _at(b, words, i), value, "seq_cst")
)
swap = _instruction(
    types.int64, _two, lambda b, words, i, value: b.atomic_rmw("xchg", _at(b, words, i), value, "seq_cst")
)
"""Word i as it is; set it; add to it and swap it, returning what it was."""

offset = _instruction(WORDS, _one, _at)
words_at = _instruction(WORDS, (types.int64,), lambda b, address: b.inttoptr(address, _pointer))
address_of = _instruction(types.int64, (WORDS,), lambda b, words: b.ptrtoint(words, _word))

call = _instruction(_no_answer, (types.int64, WORDS, WORDS, WORDS, WORDS), _call)
"""Call the loop at an address: `(addresses, sizes, strides, data)`."""

pause = _instruction(_no_answer, (), _pause)
"""Tell the processor that this thread is spinning."""

lock = types.ExternalFunction("pthread_mutex_lock", types.int32(WORDS))
unlock = types.ExternalFunction("pthread_mutex_unlock", types.int32(WORDS))
sleep = types.ExternalFunction("pthread_cond_wait", types.int32(WORDS, WORDS))
wake_one = types.ExternalFunction("pthread_cond_signal", types.int32(WORDS))
give_way = types.ExternalFunction("sched_yield", types.int32())
