"""Threads beneath NumPy: a loop that cuts large arrays into chunks and shares them with waiting workers.

A worker never comes back from machine code: it spins for a moment, then sleeps until there is work. Handing
over through Python would cost 60 microseconds; a spinning worker takes up a chunk in about one. The caller
works too, and never waits for a worker that has not begun, so a busy machine costs little. When the workers
serve another caller, the call runs by itself.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from nonlin.kernels.control import Body, function
from nonlin.kernels.lanes import WORD, Truth, Whole
from nonlin.kernels.machine import give_way, lock, pause, sleep, unlock, wake_one
from nonlin.kernels.memory import WORDS, Shared, Words, words_at
from nonlin.kernels.object_code import ObjectCode, from_ir
from nonlin.kernels.pool import (
    ACTIVE,
    ADDRESSES,
    ARRAYS,
    BEGIN,
    BUSY,
    CALLERS_DESK,
    CHUNK,
    CHUNK_VALUES,
    CONDITION,
    DESK,
    DIMENSIONS,
    ENTRY,
    INPUTS,
    JOB,
    LARGE,
    LENGTH,
    LOOP,
    MUTEX,
    NEXT,
    OPEN,
    POOL_ADDRESS,
    SIZES,
    SLEEPING,
    STRIDES,
    THREADS,
)

SPINS = 8000  # of a worker before it sleeps: 0.1 to 0.4 ms, by processor
WAITS = 1000  # of the caller for the last chunks, before it gives its time slice away


def gate(body: Body, addresses: Words, sizes: Words, strides: Words, data: Words) -> None:
    """Call a row loop itself for a small array, and the pool's way in for a large one."""
    values = sizes[0] * row_values(body, sizes, data)  # a few long rows are shared as many short ones are
    with body.if_((sizes[0] > 1) & (values >= LARGE)):
        hand_over(body, addresses, sizes, strides, data)
    run(body, data, addresses, sizes, strides)


def hand_over(body: Body, addresses: Words, sizes: Words, strides: Words, data: Words) -> None:
    """Return after the pool's way in has done all, if there are several threads; else go on.

    The first large call lets the workers begin; that happens in Python and may fail, so no work is done there.
    """
    pool = words_at(data[POOL_ADDRESS]).shared()
    with body.if_(pool[THREADS] == 0, likely=False):
        body.call_at(pool[BEGIN], addresses, sizes, strides, data)
    with body.if_(pool[THREADS] > 1):
        body.call_at(pool[ENTRY], addresses, sizes, strides, data)
        body.return_()


def share(body: Body, addresses: Words, sizes: Words, strides: Words, data: Words) -> None:
    """Call the loop of `data` on many chunks, each by whichever thread is free."""
    pool = words_at(data[POOL_ADDRESS]).shared()
    may_share = (pool[THREADS] > 1) & separable(body, addresses, sizes[0], strides, data)
    with body.if_(may_share), body.if_(pool.swap(BUSY, 1) == 0):
        publish(body, pool, addresses, sizes, strides, data)
        pool[OPEN] = 1
        wake(body, pool)
        take_chunks(body, pool, pool[CALLERS_DESK:])
        pool[OPEN] = 0
        await_workers(body, pool)
        pool[BUSY] = 0
        body.return_()
    run(body, data, addresses, sizes, strides)  # without the pool: it runs by itself


def worker(body: Body, words: Words, desk: Words, index: Whole) -> None:
    """Take chunks of whatever job is open, until there are to be no more than `index` threads."""
    pool, spins = words.shared(), body.variable(0)
    with body.while_(lambda: pool[THREADS] > index) as again:
        with body.if_(pool[OPEN] == 1), body.if_(pool[NEXT] < pool[LENGTH]):
            pool.add(ACTIVE, 1)
            with body.if_(pool[OPEN] == 1):  # it may have closed before this worker was counted
                take_chunks(body, pool, desk)
            pool.add(ACTIVE, -1)
            spins.now = 0
            again()
        with body.if_(spins.now < SPINS):
            pause(body)
            spins.now += 1
            again()
        nap(body, pool, index)
        spins.now = 0


def separable(body: Body, addresses: Words, length: Whole, strides: Words, data: Words) -> Truth:
    """Tell whether no chunk reads what another writes: outputs lie apart from inputs, or on one exactly.

    A reduction (an output that stays) and an accumulation (an output that reads its neighbour) are not.
    """
    conflicts = body.variable(0)
    with body.for_(data[ARRAYS], start=data[INPUTS]) as o:
        with body.if_(strides[o] == 0):
            conflicts.now += 1
        with body.for_(data[INPUTS]) as i:
            same = (addresses[i] == addresses[o]) & (strides[i] == strides[o])
            with body.if_(~same & overlapping(addresses[i], strides[i], addresses[o], strides[o], length)):
                conflicts.now += 1
    return conflicts.now == 0


def overlapping(a: Whole, step_a: Whole, b: Whole, step_b: Whole, length: Whole) -> Truth:
    last_a, last_b = a + (length - 1) * step_a, b + (length - 1) * step_b
    return (a.at_most(last_a) <= b.at_least(last_b)) & (b.at_most(last_b) <= a.at_least(last_a))


def row_values(body: Body, sizes: Words, data: Words) -> Whole:
    """Return how many values a row has; an elementwise loop's has one."""
    values = body.variable(1)
    with body.for_(data[DIMENSIONS], start=1) as i:
        values.now *= sizes[i].at_least(1)
    return values.now


def publish(body: Body, pool: Shared, addresses: Words, sizes: Words, strides: Words, data: Words) -> None:
    pool[JOB] = data.address
    pool[ADDRESSES] = addresses.address
    pool[SIZES] = sizes.address
    pool[STRIDES] = strides.address
    pool[LENGTH] = sizes[0]
    pool[CHUNK] = (body.whole(CHUNK_VALUES) // row_values(body, sizes, data)).at_least(1)
    pool[NEXT] = 0


def take_chunks(body: Body, pool: Shared, desk: Words) -> None:
    """Run the open job's loop on one chunk after the other until none is left."""
    data, addresses, sizes, strides = (words_at(pool[w]) for w in (JOB, ADDRESSES, SIZES, STRIDES))
    length, chunk = pool[LENGTH], pool[CHUNK]
    own_sizes, own_addresses = desk, desk[DESK // 2 :]
    with body.for_(data[DIMENSIONS], start=1) as i:
        own_sizes[i] = sizes[i]
    start = body.variable(pool.add(NEXT, chunk))
    with body.while_(lambda: start.now < length):
        own_sizes[0] = chunk.at_most(length - start.now)
        with body.for_(data[ARRAYS]) as i:
            own_addresses[i] = addresses[i] + start.now * strides[i]
        run(body, data, own_addresses, own_sizes, strides)
        start.now = pool.add(NEXT, chunk)


def run(body: Body, data: Words, addresses: Words, sizes: Words, strides: Words) -> None:
    """Call the loop that does the work, which sees no pool."""
    body.call_at(data[LOOP], addresses, sizes, strides, words_at(body.whole(0)))


def wake(body: Body, pool: Shared) -> None:
    """Wake as many sleeping workers as there are chunks for."""
    chunks = (pool[LENGTH] + pool[CHUNK] - 1) // pool[CHUNK]
    with body.if_((pool[SLEEPING] > 0) & (chunks > 1)):
        lock(body, pool[MUTEX:])
        with body.for_(pool[SLEEPING].at_most(chunks - 1)):
            wake_one(body, pool[CONDITION:])
        unlock(body, pool[MUTEX:])


def await_workers(body: Body, pool: Shared) -> None:
    waits = body.variable(0)
    with body.while_(lambda: pool[ACTIVE] > 0) as again:
        waits.now += 1
        with body.if_(waits.now > WAITS):
            give_way(body)
            again()
        pause(body)


def nap(body: Body, pool: Shared, index: Whole) -> None:
    """Sleep until a job is open or this worker is to leave."""
    lock(body, pool[MUTEX:])
    pool.add(SLEEPING, 1)
    with body.while_(lambda: (pool[OPEN] == 0) & (pool[THREADS] > index)):
        sleep(body, pool[CONDITION:], pool[MUTEX:])
    pool.add(SLEEPING, -1)
    unlock(body, pool[MUTEX:])


FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "gate": (gate, [WORDS] * 4),
    "share": (share, [WORDS] * 4),
    "worker": (worker, [WORDS, WORDS, WORD]),
}


def object_code(name: str) -> ObjectCode:
    """Return the machine code of `gate`, `share` or `worker`."""
    write, kinds = FUNCTIONS[name]
    module = ir.Module("sharing")
    _, body = function(module, name, kinds)
    write(body, *body.arguments)
    body.return_()
    return from_ir(str(module), name)
