"""Loops over memory, as NumPy calls them: `(addresses, sizes, strides, data)`, in LLVM's language.

The inner function `compute` works on contiguous groups, a vector each. The loop hands it arrays where they are
if they are contiguous, and else, as for the last few values, blocks that are copied there and back.
"""

from __future__ import annotations

import operator
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from llvmlite import ir

from nonlin.derivation.steps import Program
from nonlin.kernels import emit
from nonlin.kernels.control import Body, function
from nonlin.kernels.grades import Code
from nonlin.kernels.lanes import (
    DOUBLE,
    FLOAT,
    WORD,
    Lanes,
    Real,
    Truth,
    Whole,
    converted,
    repeated,
    where,
    whole_where,
)
from nonlin.kernels.memory import ITEMS, PLACE, SIZES, WORDS, Place, place_at
from nonlin.kernels.object_code import has_wide_vectors
from nonlin.kernels.pool import LARGE
from nonlin.kernels.primitives.exp import Kind
from nonlin.kernels.sharing import hand_over

BLOCK = 1024  # values that are copied in one go

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
    """Write `compute(n, step, places...)`: n is a whole number of groups, step that of parameters in bytes."""
    compute, body = function(module, "compute", [WORD, WORD, *[PLACE] * len(plan.arrays)], internal=True)
    n, step, *places = body.arguments
    scratch = [body.space(plan.code, plan.count) for _ in range(plan.outputs)]
    with body.for_together(n, [plan.count, 1]) as (start, group):
        sources = [place.item(plan.code, start) for place in places[: plan.inputs]]
        varying = group * step
        numbers = [place.after(varying) for place in places[plan.inputs : plan.inputs + plan.parameters]]
        results = _group(body, plan, sources, numbers, scratch)
        for place, result in zip(places[-plan.outputs :], results, strict=True):
            place.item(plan.code, start).store(result)
    body.return_()
    return compute


def _group(
    body: Body, plan: Plan, sources: Sequence[Place], numbers: Sequence[Place], scratch: Sequence[Place]
) -> list[Real]:
    """Write the computation of one group, and return its results as vectors."""
    if plan.kind == "double":
        return _full(body, plan, plan.count, sources, numbers)
    builder = body.builder
    lanes = Lanes(builder, FLOAT if plan.kind == "fast" else DOUBLE, plan.count)
    narrow = Lanes(builder, ITEMS[plan.code], plan.count)
    given, lost = _given(plan, lanes, sources, numbers)
    outputs, holds = emit.short(plan.program, plan.kind, lanes, given, lost)
    near = [converted(y, narrow) for y in outputs]
    masks = [builder.bitcast(h.value, ir.IntType(plan.count)) for h in holds]
    everywhere = reduce(builder.and_, masks)
    some_far = Truth(body, builder.icmp_unsigned("!=", everywhere, ir.Constant(everywhere.type, -1)))
    before = builder.block
    with body.if_(some_far, likely=False):
        for result, space in zip(near, scratch, strict=True):
            space.store(result)
        _mend(body, plan, masks, sources, numbers, scratch)
        mended = [space.load(narrow) for space in scratch]
        after = builder.block
    results = []
    for result, other in zip(near, mended, strict=True):
        phi = builder.phi(result.value.type)
        phi.add_incoming(result.value, before)
        phi.add_incoming(other.value, after)
        results.append(Real(narrow, phi))
    return results


def _mend(
    body: Body,
    plan: Plan,
    masks: Sequence[Any],
    sources: Sequence[Place],
    numbers: Sequence[Place],
    scratch: Sequence[Place],
) -> None:
    """Write the full form over the far values of a group, a chunk at a time; near ones stay as they are."""
    with body.for_together(plan.count, [plan.chunk, 1]) as (start, _):  # as certified, word for word
        results = _full(
            body,
            plan,
            plan.chunk,
            [place.item(plan.code, start) for place in sources],
            [place.item("d", start) for place in numbers],
        )
        for result, mask, space in zip(results, masks, scratch, strict=True):
            near = _part(mask, start, result.lanes)
            place = space.item(plan.code, start)
            place.store(where(near, place.load(result.lanes), result))


def _part(mask: Any, start: Whole, lanes: Lanes) -> Truth:
    """Return the bits of a mask from that lane on."""
    builder = lanes.builder
    shift = builder.trunc(start.value, mask.type) if mask.type.width < 64 else start.value
    bits = builder.trunc(builder.lshr(mask, shift), ir.IntType(lanes.count))
    return Truth(lanes, builder.bitcast(bits, lanes.vector(ir.IntType(1))))


def _full(
    body: Body, plan: Plan, count: int, sources: Sequence[Place], numbers: Sequence[Place]
) -> list[Real]:
    lanes = Lanes(body.builder, DOUBLE, count)
    given, _ = _given(plan, lanes, sources, numbers)
    narrow = Lanes(body.builder, ITEMS[plan.code], count)
    return [converted(y, narrow) for y in emit.full(plan.program, lanes, given, deep=plan.code == "d")]


def _given(
    plan: Plan, lanes: Lanes, sources: Sequence[Place], numbers: Sequence[Place]
) -> tuple[dict[str, Real], dict[str, Real]]:
    """Load inputs and parameters into lanes; return them by name, and what the lanes lack of parameters."""
    narrow, wide = (Lanes(lanes.builder, item, lanes.count) for item in (ITEMS[plan.code], DOUBLE))
    given = {
        name: converted(source.load(narrow), lanes)
        for name, source in zip(plan.program.inputs, sources, strict=True)
    }
    lost = {}
    for name, place in zip(plan.program.parameters, numbers, strict=True):
        exact = place.load(wide)
        given[name] = converted(exact, lanes)
        if lanes.item == FLOAT:
            lost[name] = converted(exact - converted(given[name], wide), lanes)
    return given, lost


def _write_loop(module: Any, plan: Plan, compute: Any) -> None:
    _, body = function(module, "loop", [WORDS] * 4)
    _write_gate(body)
    codes, given = plan.arrays, plan.inputs + plan.parameters
    arrays, parameters = range(len(codes)), range(plan.inputs, given)
    addresses, strides = ([table[i] for i in arrays] for table in (body.arguments[0], body.arguments[2]))
    n = body.arguments[1][0]
    blocks = [body.space(code, BLOCK) for code in codes]
    in_place = _all(body, [strides[i] == SIZES[codes[i]] for i in arrays if i not in parameters])
    fixed = _all(body, [strides[i] == 0 for i in parameters])
    step = whole_where(fixed, 0, 8 * plan.count)
    for i in parameters:
        _repeat(place_at(addresses[i]), blocks[i], plan.count)
    folds = _folds(body, plan, addresses, strides)
    direct = whole_where(in_place & fixed & ~folds, n & -plan.count, 0)
    most = whole_where(folds, 1, BLOCK)
    with body.if_(direct > 0):
        places = [blocks[i] if i in parameters else place_at(addresses[i]) for i in arrays]
        body.call(compute, direct, 0, *places)
    with body.for_(n, most, start=direct) as start:
        m = (n - start).at_most(most)
        padded = (m + (plan.count - 1)) & -plan.count
        here = [a + start * s for a, s in zip(addresses, strides, strict=True)]
        for i in range(given):
            _take(body, codes[i], here[i], strides[i], blocks[i], m, padded, plan.count)
        body.call(compute, padded, step, *blocks)
        for i in range(given, len(codes)):
            _put(body, codes[i], here[i], strides[i], blocks[i], m)
    clear_flags(body)
    body.return_()


def _folds(body: Body, plan: Plan, addresses: Sequence[Whole], strides: Sequence[Whole]) -> Truth:
    """Write whether each result is the next input, as in `reduce` and `accumulate` of a ufunc with two inputs."""
    if (plan.inputs + plan.parameters, plan.outputs) != (2, 1):
        return body.truth(False)
    return (strides[2] == 0) | (addresses[2] == addresses[0] + strides[0])


def _write_gate(body: Body) -> None:
    """Let waiting threads share a large array, if NumPy handed over the pool in which they wait."""
    _, sizes, _, data = tables = body.arguments
    with body.if_((data.address != 0) & (sizes[0] >= LARGE), likely=False):
        hand_over(body, *tables)


def _repeat(place: Place, block: Place, count: int) -> None:
    """Write the first group of a parameter's block: its first value, over and over."""
    single, group = (Lanes(place.lanes.builder, DOUBLE, n) for n in (0, count))
    block.store(repeated(place.load(single), group))


def _take(
    body: Body, code: str, address: Whole, stride: Whole, block: Place, m: Whole, padded: Whole, count: int
) -> None:
    """Copy strided values to a block, zeros after them up to a whole group."""
    group, single = (Lanes(body.builder, ITEMS[code], n) for n in (count, 0))
    block.item(code, padded - count).store(group.constant(0.0))
    with body.for_(m) as i:
        block.item(code, i).store(place_at(address + i * stride).load(single))


def _put(body: Body, code: str, address: Whole, stride: Whole, block: Place, m: Whole) -> None:
    """Copy a block's values to strided memory."""
    single = Lanes(body.builder, ITEMS[code], 0)
    with body.for_(m) as i:
        place_at(address + i * stride).store(block.item(code, i).load(single))


def clear_flags(body: Body) -> None:
    """Write that NumPy shall warn of nothing that the arithmetic inside has raised."""
    with body.if_(body.c("fetestexcept", FLAGS) != 0, likely=False):
        body.c("feclearexcept", FLAGS)


def _all(body: Body, conditions: Sequence[Truth]) -> Truth:
    return reduce(operator.and_, conditions, body.truth(True))
