"""Loops over rows, as NumPy calls them: `(addresses, sizes, strides, data)`, in LLVM's language.

A row that fits in a vector is computed in registers, a longer one block by block. The order of all additions
depends on the length of the row alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from llvmlite import ir

from nonlin.derivation.steps import Program
from nonlin.kernels.control import NOTHING, Body, function
from nonlin.kernels.grades import Code
from nonlin.kernels.lanes import WORD, Lanes, whole_where
from nonlin.kernels.loops import clear_flags
from nonlin.kernels.memory import ITEMS, SIZES, WORDS, place_at
from nonlin.kernels.object_code import has_wide_vectors
from nonlin.kernels.primitives.exp import Kind
from nonlin.kernels.rows.blocks import Blocks
from nonlin.kernels.rows.plan import Plan
from nonlin.kernels.rows.row import Row
from nonlin.kernels.rows.vector import Vector

ROOM = 4096  # numbers that are kept on the stack; those of longer rows are kept elsewhere


def loop(program: Program, code: Code, kind: Kind) -> str:
    """Return the text of a module whose function `loop` NumPy can call."""
    plan = Plan(program, code, kind, masks_freely=has_wide_vectors())
    bare, module = replace(plan, keeps=False), ir.Module("kernel")
    fetch, put = (_write_copy(module, name, code) for name in ("fetch", "put"))
    short = _write_rows(module, "short", lambda body: Vector(body, bare, fetch, put))
    long = _write_rows(module, "long", lambda body: Blocks(body, plan, fetch, put))
    _, body = function(module, "loop", [WORDS] * 4)
    addresses, sizes, strides, _ = body.arguments
    m = sizes[1]
    with body.if_((m > 0) & (m <= plan.count)):
        body.call(short, addresses, sizes, strides, 0)
    with body.if_(m > plan.count):
        if plan.kept:
            alone = _write_rows(module, "alone", lambda body: Blocks(body, bare, fetch, put))
            _call_with_room(body, plan, long, alone)
        else:
            body.call(long, addresses, sizes, strides, 0)
    clear_flags(body)
    body.return_()
    return str(module)


def _call_with_room(body: Body, plan: Plan, long: Any, alone: Any) -> None:
    """Call the loop with room for what it keeps; where there is no memory, the one that keeps nothing."""
    addresses, sizes, strides, _ = body.arguments
    values = sizes[1] * len(plan.kept)
    if plan.item == plan.code:  # the result's own memory serves, unless it has gaps
        gaps = strides[plan.result + 1 + plan.inputs] != SIZES[plan.code]
        values = whole_where(gaps, values, values - sizes[1])
    with body.if_(values <= ROOM):
        body.call(long, addresses, sizes, strides, body.space(plan.item, ROOM).address)
    with body.if_(values > ROOM):
        room = body.c("malloc", values * SIZES[plan.item], answer=WORD)
        with body.if_(room != 0):
            body.call(long, addresses, sizes, strides, room)
            body.c("free", room, answer=NOTHING)
        with body.if_(room == 0):
            body.call(alone, addresses, sizes, strides, 0)


def _write_rows(module: Any, name: str, begin: Callable[[Body], Row]) -> Any:
    """Write a function `(addresses, sizes, strides, room)` that computes every row."""
    made, body = function(module, name, [WORDS, WORDS, WORDS, WORD], internal=True)
    addresses, sizes, strides, _ = body.arguments
    row = begin(body)
    with body.for_(sizes[0]) as number:
        row.begin([addresses[i] + number * strides[i] for i in range(row.plan.result + 1)])
        row.follow(row.plan.way)
    body.return_()
    return made


def _write_copy(module: Any, name: str, code: Code) -> Any:
    """Write a function `(address, step, block, m)` that copies strided elements to a block, or back."""
    made, body = function(module, name, [WORD] * 4, internal=True)
    address, step, block, m = body.arguments
    single = Lanes(body.builder, ITEMS[code], 0)
    with body.for_(m) as i:
        far, near = place_at(address + i * step), place_at(block).item(code, i)
        source, target = (far, near) if name == "fetch" else (near, far)
        target.store(source.load(single))
    body.return_()
    return made
