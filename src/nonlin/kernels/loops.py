"""Loops over memory, as NumPy calls them: `(addresses, sizes, strides, data)`, in LLVM's language.

The inner function `compute` works on contiguous groups, a vector each. The loop hands it arrays where they are
if they are contiguous, and else, as for the last few values, blocks that are copied there and back.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from llvmlite import ir

from nonlin.derivation.steps import Program
from nonlin.kernels import emit
from nonlin.kernels.grades import Code
from nonlin.kernels.lanes import BYTE, DOUBLE, FLOAT, WORD, Lanes, Real, converted
from nonlin.kernels.object_code import has_wide_vectors
from nonlin.kernels.pool import BEGIN, ENTRY, LARGE, POOL_ADDRESS, THREADS
from nonlin.kernels.primitives.exp import Kind

ITEMS = {"f": FLOAT, "d": DOUBLE}
SIZES = {"f": 4, "d": 8}
BLOCK = 1024  # values that are copied in one go
POINTER, WORDS = BYTE.as_pointer(), WORD.as_pointer()

# What the arithmetic inside raises (an overflow on the way to a limit) says nothing of the result, so the
# flags that NumPy would warn of are cleared: all but "inexact".
FLAGS = 0x1D if platform.machine() in ("x86_64", "AMD64") else 0x0F


@dataclass(frozen=True)
class Plan:
    """What a loop computes, and in which lanes.

    Attributes
    ----------
    program : Program
    code : "f" or "d"
        The dtype of the arrays; parameters are float64.
    kind : "near", "fast" or "double"
        The lanes of the short form; "double" for none: the full form everywhere.
    wide : bool
        Whether vectors have 512 bits rather than 256.
    """

    program: Program
    code: Code
    kind: Kind
    wide: bool

    @cached_property
    def count(self) -> int:
        """How many values are computed at a time."""
        return {"near": 8, "fast": 16, "double": 4}[self.kind] * (2 if self.wide else 1)

    @cached_property
    def chunk(self) -> int:
        """How many values the full form takes at a time."""
        return 8 if self.wide else 4

    @property
    def inputs(self) -> int:
        return len(self.program.inputs)

    @property
    def parameters(self) -> int:
        return len(self.program.parameters)

    @property
    def outputs(self) -> int:
        return len(self.program.outputs)

    @property
    def arrays(self) -> str:
        """The code of every array that NumPy hands over."""
        return self.code * self.inputs + "d" * self.parameters + self.code * self.outputs


def loop(program: Program, code: Code, kind: Kind) -> str:
    """Return the text of a module whose function `loop` NumPy can call."""
    plan = Plan(program, code, kind, has_wide_vectors())
    module = ir.Module("kernel")
    _write_loop(module, plan, _write_compute(module, plan))
    return str(module)


def arithmetic(program: Program, code: Code, kind: Kind, wide: bool) -> str:
    """Return the text of what that loop computes, without how it moves through memory."""
    return str(_write_compute(ir.Module("kernel"), Plan(program, code, kind, wide)))


def _write_compute(module: Any, plan: Plan) -> Any:
    """Write `compute(n, step, addresses...)`: n is a whole number of groups, step that of parameters in bytes."""
    kind = ir.FunctionType(ir.VoidType(), [WORD, WORD, *[POINTER] * len(plan.arrays)])
    function = _function(module, kind, "compute", internal=True)
    builder = ir.IRBuilder(function.append_basic_block())
    n, step, *addresses = function.args
    scratch = [_space(builder, plan.code, plan.count) for _ in range(plan.outputs)]
    with _counting(builder, n, plan.count) as (start, group):
        sources = [_item(builder, a, plan.code, start) for a in addresses[: plan.inputs]]
        varying = builder.mul(group, step)
        numbers = [builder.gep(a, [varying]) for a in addresses[plan.inputs : plan.inputs + plan.parameters]]
        results = _group(builder, plan, sources, numbers, scratch)
        for address, value in zip(addresses[-plan.outputs :], results, strict=True):
            _store(builder, value, _item(builder, address, plan.code, start))
    builder.ret_void()
    return function


def _group(
    builder: Any, plan: Plan, sources: Sequence[Any], numbers: Sequence[Any], scratch: Sequence[Any]
) -> list[Any]:
    """Write the computation of one group, and return its results as vectors."""
    if plan.kind == "double":
        return _full(builder, plan, plan.count, sources, numbers)
    lanes = Lanes(builder, FLOAT if plan.kind == "fast" else DOUBLE, plan.count)
    given, lost = _given(plan, lanes, sources, numbers)
    outputs, holds = emit.short(plan.program, plan.kind, lanes, given, lost)
    near = [converted(y, Lanes(builder, ITEMS[plan.code], plan.count)).value for y in outputs]
    masks = [builder.bitcast(h.value, ir.IntType(plan.count)) for h in holds]
    everywhere = reduce(builder.and_, masks)
    some_far = builder.icmp_unsigned("!=", everywhere, ir.Constant(everywhere.type, -1))
    before = builder.block
    with builder.if_then(some_far, likely=False):
        for value, space in zip(near, scratch, strict=True):
            _store(builder, value, space)
        _mend(builder, plan, masks, sources, numbers, scratch)
        mended = [_load(builder, space, plan.code, plan.count) for space in scratch]
        after = builder.block
    results = []
    for value, other in zip(near, mended, strict=True):
        phi = builder.phi(value.type)
        phi.add_incoming(value, before)
        phi.add_incoming(other, after)
        results.append(phi)
    return results


def _mend(
    builder: Any,
    plan: Plan,
    masks: Sequence[Any],
    sources: Sequence[Any],
    numbers: Sequence[Any],
    scratch: Sequence[Any],
) -> None:
    """Write the full form over the far values of a group, a chunk at a time; near ones stay as they are."""
    with _counting(builder, ir.Constant(WORD, plan.count), plan.chunk) as (start, _):
        values = _full(
            builder,
            plan,
            plan.chunk,
            [_item(builder, s, plan.code, start) for s in sources],
            [_item(builder, a, "d", start) for a in numbers],
        )
        for value, mask, space in zip(values, masks, scratch, strict=True):
            shifted = builder.lshr(mask, _as(builder, start, mask.type))
            bits = builder.trunc(shifted, ir.IntType(plan.chunk))
            near = builder.bitcast(bits, ir.VectorType(ir.IntType(1), plan.chunk))
            place = _item(builder, space, plan.code, start)
            kept = _load(builder, place, plan.code, plan.chunk)
            _store(builder, builder.select(near, kept, value), place)


def _full(builder: Any, plan: Plan, count: int, sources: Sequence[Any], numbers: Sequence[Any]) -> list[Any]:
    lanes = Lanes(builder, DOUBLE, count)
    given, _ = _given(plan, lanes, sources, numbers)
    narrow = Lanes(builder, ITEMS[plan.code], count)
    return [converted(y, narrow).value for y in emit.full(plan.program, lanes, given, deep=plan.code == "d")]


def _given(
    plan: Plan, lanes: Lanes, sources: Sequence[Any], numbers: Sequence[Any]
) -> tuple[dict[str, Real], dict[str, Real]]:
    """Load inputs and parameters into lanes; return them by name, and what the lanes lack of parameters."""
    builder = lanes.builder
    narrow, wide = (Lanes(builder, item, lanes.count) for item in (ITEMS[plan.code], DOUBLE))
    given = {
        name: converted(Real(narrow, _load(builder, source, plan.code, lanes.count)), lanes)
        for name, source in zip(plan.program.inputs, sources, strict=True)
    }
    lost = {}
    for name, address in zip(plan.program.parameters, numbers, strict=True):
        exact = Real(wide, _load(builder, address, "d", lanes.count))
        given[name] = converted(exact, lanes)
        if lanes.item == FLOAT:
            lost[name] = converted(exact - converted(given[name], wide), lanes)
    return given, lost


def _write_loop(module: Any, plan: Plan, compute: Any) -> None:
    function = _function(module, ir.FunctionType(ir.VoidType(), [WORDS] * 4), "loop")
    builder = ir.IRBuilder(function.append_basic_block())
    tables = function.args
    _write_gate(builder, tables)
    codes = plan.arrays
    given = plan.inputs + plan.parameters
    moved = [*range(plan.inputs), *range(given, len(codes))]
    blocks = [_space(builder, code, BLOCK) for code in codes]
    addresses, strides = (
        [_word(builder, table, i) for i in range(len(codes))] for table in (tables[0], tables[2])
    )
    n = _word(builder, tables[1], 0)
    nothing = ir.Constant(WORD, 0)
    in_place = _all(
        builder, [builder.icmp_signed("==", strides[i], ir.Constant(WORD, SIZES[codes[i]])) for i in moved]
    )
    fixed = _all(builder, [builder.icmp_signed("==", strides[i], nothing) for i in range(plan.inputs, given)])
    step = builder.select(fixed, nothing, ir.Constant(WORD, 8 * plan.count))
    _fill_parameters(builder, plan, addresses, blocks)
    whole = builder.and_(n, ir.Constant(WORD, -plan.count))
    folds = _folds(builder, plan, addresses, strides)
    direct = builder.select(_all(builder, [in_place, fixed, builder.not_(folds)]), whole, nothing)
    most = builder.select(folds, ir.Constant(WORD, 1), ir.Constant(WORD, BLOCK))
    places = [_pointer(builder, a) for a in addresses]
    for i in range(plan.inputs, given):
        places[i] = blocks[i]
    with builder.if_then(builder.icmp_signed(">", direct, nothing)):
        builder.call(compute, [direct, nothing, *places])
    left = builder.sub(n, direct)
    with _counting(builder, left, most) as (start, _):
        m = _smaller(builder, builder.sub(left, start), most)
        at = builder.add(direct, start)
        padded = builder.and_(
            builder.add(m, ir.Constant(WORD, plan.count - 1)), ir.Constant(WORD, -plan.count)
        )
        here = [builder.add(a, builder.mul(at, s)) for a, s in zip(addresses, strides, strict=True)]
        for i in range(given):
            _take(builder, codes[i], here[i], strides[i], blocks[i], m, padded, plan.count)
        builder.call(compute, [padded, step, *blocks])
        for i in range(given, len(codes)):
            _put(builder, codes[i], here[i], strides[i], blocks[i], m)
    _clear_flags(builder)
    builder.ret_void()


def _folds(builder: Any, plan: Plan, addresses: Sequence[Any], strides: Sequence[Any]) -> Any:
    """Write whether each result is the next input, as in `reduce` and `accumulate` of a ufunc with two inputs."""
    if (plan.inputs + plan.parameters, plan.outputs) != (2, 1):
        return ir.Constant(ir.IntType(1), 0)
    stays = builder.icmp_signed("==", strides[2], ir.Constant(WORD, 0))
    follows = builder.icmp_signed("==", addresses[2], builder.add(addresses[0], strides[0]))
    return builder.or_(stays, follows)


def _write_gate(builder: Any, tables: Sequence[Any]) -> None:
    """Let waiting threads share a large array, if NumPy handed over the pool in which they wait.

    The first large call lets them begin; that happens in Python and may fail, so no work is done there.
    """
    data = tables[3]
    given = builder.icmp_unsigned("!=", builder.ptrtoint(data, WORD), ir.Constant(WORD, 0))
    large = builder.icmp_signed(">=", _word(builder, tables[1], 0), ir.Constant(WORD, LARGE))
    with builder.if_then(builder.and_(given, large), likely=False):
        pool = builder.inttoptr(_word(builder, data, POOL_ADDRESS), WORDS)
        none_began = builder.icmp_signed("==", _atomic(builder, pool, THREADS), ir.Constant(WORD, 0))
        with builder.if_then(none_began, likely=False):
            _call(builder, _atomic(builder, pool, BEGIN), tables)
        several = builder.icmp_signed(">", _atomic(builder, pool, THREADS), ir.Constant(WORD, 1))
        with builder.if_then(several):
            _call(builder, _atomic(builder, pool, ENTRY), tables)
            builder.ret_void()


def _fill_parameters(builder: Any, plan: Plan, addresses: Sequence[Any], blocks: Sequence[Any]) -> None:
    """Write the first group of each parameter's block: its first value, over and over."""
    lanes = Lanes(builder, DOUBLE, plan.count)
    for i in range(plan.inputs, plan.inputs + plan.parameters):
        value = builder.load(_pointer(builder, addresses[i]), typ=DOUBLE, align=1)
        vector = ir.Constant(lanes.vector(DOUBLE), ir.Undefined)
        for k in range(plan.count):
            vector = builder.insert_element(vector, value, ir.Constant(ir.IntType(32), k))
        _store(builder, vector, blocks[i])


def _take(
    builder: Any, code: str, address: Any, stride: Any, block: Any, m: Any, padded: Any, count: int
) -> None:
    """Copy strided values to a block, zeros after them up to a whole group."""
    zeros = ir.Constant(ir.VectorType(ITEMS[code], count), [ir.Constant(ITEMS[code], 0.0)] * count)
    last = builder.sub(padded, ir.Constant(WORD, count))
    _store(builder, zeros, _item(builder, block, code, last))
    with _counting(builder, m, 1) as (i, _):
        source = _pointer(builder, builder.add(address, builder.mul(i, stride)))
        value = builder.load(source, typ=ITEMS[code], align=1)
        _store(builder, value, _item(builder, block, code, i))


def _put(builder: Any, code: str, address: Any, stride: Any, block: Any, m: Any) -> None:
    """Copy a block's values to strided memory."""
    with _counting(builder, m, 1) as (i, _):
        value = builder.load(_item(builder, block, code, i), typ=ITEMS[code], align=1)
        _store(builder, value, _pointer(builder, builder.add(address, builder.mul(i, stride))))


def _clear_flags(builder: Any) -> None:
    number = ir.IntType(32)
    kind = ir.FunctionType(number, [number])
    flags = [ir.Constant(number, FLAGS)]
    raised = builder.call(_external(builder, "fetestexcept", kind), flags)
    with builder.if_then(builder.icmp_signed("!=", raised, ir.Constant(number, 0)), likely=False):
        builder.call(_external(builder, "feclearexcept", kind), flags)


def _function(module: Any, kind: Any, name: str, internal: bool = False) -> Any:
    function = ir.Function(module, kind, name)
    if internal:
        function.linkage = "internal"
        function.attributes.add("noinline")
    function.attributes.add("nounwind")
    return function


def _external(builder: Any, name: str, kind: Any) -> Any:
    known = builder.module.globals
    return known[name] if name in known else ir.Function(builder.module, kind, name)


@contextmanager
def _counting(builder: Any, stop: Any, step: Any) -> Iterator[tuple[Any, Any]]:
    """Write a loop from 0 below `stop`; what is written inside sees the count and the number of the turn."""
    before, step = builder.block, step if isinstance(step, ir.Value) else ir.Constant(WORD, step)
    check, body, after = (builder.append_basic_block(name) for name in ("check", "body", "after"))
    builder.branch(check)
    builder.position_at_end(check)
    start, turn = builder.phi(WORD), builder.phi(WORD)
    for phi in (start, turn):
        phi.add_incoming(ir.Constant(WORD, 0), before)
    builder.cbranch(builder.icmp_signed("<", start, stop), body, after)
    builder.position_at_end(body)
    yield start, turn
    start.add_incoming(builder.add(start, step), builder.block)
    turn.add_incoming(builder.add(turn, ir.Constant(WORD, 1)), builder.block)
    builder.branch(check)
    builder.position_at_end(after)


def _space(builder: Any, code: str, count: int) -> Any:
    """Return the address of room on the stack for so many values."""
    with builder.goto_entry_block():
        room = builder.alloca(ir.ArrayType(ITEMS[code], count))
        room.align = 64
        return builder.bitcast(room, POINTER)


def _pointer(builder: Any, address: Any) -> Any:
    return builder.inttoptr(address, POINTER)


def _item(builder: Any, address: Any, code: str, index: Any) -> Any:
    return builder.gep(address, [builder.mul(index, ir.Constant(WORD, SIZES[code]))])


def _load(builder: Any, address: Any, code: str, count: int) -> Any:
    kind = ir.VectorType(ITEMS[code], count)
    return builder.load(builder.bitcast(address, kind.as_pointer()), align=1)


def _store(builder: Any, value: Any, address: Any) -> None:
    builder.store(value, builder.bitcast(address, value.type.as_pointer()), align=1)


def _word(builder: Any, table: Any, index: int) -> Any:
    return builder.load(builder.gep(table, [ir.Constant(WORD, index)]))


def _atomic(builder: Any, table: Any, index: int) -> Any:
    place = builder.gep(table, [ir.Constant(WORD, index)])
    return builder.load_atomic(place, "seq_cst", 8)


def _call(builder: Any, address: Any, tables: Sequence[Any]) -> None:
    kind = ir.FunctionType(ir.VoidType(), [WORDS] * 4)
    builder.call(builder.inttoptr(address, kind.as_pointer()), tables)


def _all(builder: Any, conditions: Sequence[Any]) -> Any:
    result = ir.Constant(ir.IntType(1), 1)
    for condition in conditions:
        result = builder.and_(result, condition)
    return result


def _smaller(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.icmp_signed("<", a, b), a, b)


def _as(builder: Any, word: Any, kind: Any) -> Any:
    return builder.trunc(word, kind) if kind.width < 64 else word
