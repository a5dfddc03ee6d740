"""Threads beneath NumPy: a loop that cuts large arrays into chunks and shares them with waiting workers.

A worker never comes back from machine code: it spins for a moment, then sleeps until there is work. Handing
over through Python would cost 60 microseconds; a spinning worker takes up a chunk in about one. The caller
works too, and never waits for a worker that has not begun, so a busy machine costs little. When the workers
serve another caller, the call runs by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import cfunc, njit, types

from nonlin.kernels.interrupts import held_back
from nonlin.kernels.machine import (
    WORDS,
    add,
    address_of,
    call,
    give_way,
    load,
    lock,
    offset,
    pause,
    sleep,
    store,
    swap,
    unlock,
    wake_one,
    words_at,
)
from nonlin.kernels.object_code import ObjectCode, from_numba
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

COMPILED = {"error_model": "numpy", "boundscheck": False}

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Return the function as machine code, compiled when first used."""
    return njit(**COMPILED)(function)  # type: ignore[no-any-return]


def gate(addresses: Any, sizes: Any, strides: Any, data: Any) -> None:
    """Call a row loop itself for a small array, and the pool's way in for a large one.

    The first large call lets the workers begin; that happens in Python and may fail, so no work is done there.
    """
    values = sizes[0]
    for i in range(1, data[DIMENSIONS]):
        values *= max(sizes[i], 1)  # a few long rows are shared as many short ones are
    pool = words_at(data[POOL_ADDRESS])
    large = sizes[0] > 1 and values >= LARGE
    if large and load(pool, THREADS) == 0:
        call(load(pool, BEGIN), addresses, sizes, strides, data)
    large = large and load(pool, THREADS) > 1
    if large:
        call(load(pool, ENTRY), addresses, sizes, strides, data)
    else:
        call(data[LOOP], addresses, sizes, strides, words_at(0))


def share(addresses: Any, sizes: Any, strides: Any, data: Any) -> None:
    """Call the loop of `data` on many chunks, each by whichever thread is free."""
    pool = words_at(data[POOL_ADDRESS])
    if load(pool, THREADS) < 2 or not separable(addresses, sizes[0], strides, data) or swap(pool, BUSY, 1):
        call(data[LOOP], addresses, sizes, strides, words_at(0))  # without the pool: it runs by itself
        return
    publish(pool, addresses, sizes, strides, data)
    store(pool, OPEN, 1)
    wake(pool)
    take_chunks(pool, offset(pool, CALLERS_DESK))
    store(pool, OPEN, 0)
    await_workers(pool)
    store(pool, BUSY, 0)


def worker(pool: Any, desk: Any, index: int) -> None:
    """Take chunks of whatever job is open, until there are to be no more than `index` threads."""
    spins = 0
    while load(pool, THREADS) > index:
        if load(pool, OPEN) and load(pool, NEXT) < load(pool, LENGTH):
            add(pool, ACTIVE, 1)
            if load(pool, OPEN):  # it may have closed before this worker was counted
                take_chunks(pool, desk)
            add(pool, ACTIVE, -1)
            spins = 0
        elif spins < SPINS:
            pause()
            spins += 1
        else:
            nap(pool, index)
            spins = 0


@compiled
def separable(addresses: Any, length: int, strides: Any, data: Any) -> bool:
    """Tell whether no chunk reads what another writes: outputs lie apart from inputs, or on one exactly.

    A reduction (an output that stays) and an accumulation (an output that reads its neighbour) are not.
    """
    for o in range(data[INPUTS], data[ARRAYS]):
        if strides[o] == 0:
            return False
        for i in range(data[INPUTS]):
            same = addresses[i] == addresses[o] and strides[i] == strides[o]
            if not same and overlapping(addresses[i], strides[i], addresses[o], strides[o], length):
                return False
    return True


@compiled
def overlapping(a: int, step_a: int, b: int, step_b: int, length: int) -> bool:
    last_a, last_b = a + (length - 1) * step_a, b + (length - 1) * step_b
    return min(a, last_a) <= max(b, last_b) and min(b, last_b) <= max(a, last_a)


@compiled
def publish(pool: Any, addresses: Any, sizes: Any, strides: Any, data: Any) -> None:
    row = 1
    for i in range(1, data[DIMENSIONS]):
        row *= max(sizes[i], 1)
    store(pool, JOB, address_of(data))
    store(pool, ADDRESSES, address_of(addresses))
    store(pool, SIZES, address_of(sizes))
    store(pool, STRIDES, address_of(strides))
    store(pool, LENGTH, sizes[0])
    store(pool, CHUNK, max(1, CHUNK_VALUES // row))
    store(pool, NEXT, 0)


@compiled
def take_chunks(pool: Any, desk: Any) -> None:
    """Run the open job's loop on one chunk after the other until none is left."""
    data, addresses = words_at(load(pool, JOB)), words_at(load(pool, ADDRESSES))
    sizes, strides = words_at(load(pool, SIZES)), words_at(load(pool, STRIDES))
    length, chunk = load(pool, LENGTH), load(pool, CHUNK)
    own_sizes, own_addresses = offset(desk, 0), offset(desk, DESK // 2)
    for i in range(1, data[DIMENSIONS]):
        own_sizes[i] = sizes[i]
    start = add(pool, NEXT, chunk)
    while start < length:
        own_sizes[0] = min(chunk, length - start)
        for i in range(data[ARRAYS]):
            own_addresses[i] = addresses[i] + start * strides[i]
        call(data[LOOP], own_addresses, own_sizes, strides, words_at(0))
        start = add(pool, NEXT, chunk)


@compiled
def wake(pool: Any) -> None:
    """Wake as many sleeping workers as there are chunks for."""
    chunks = -(-load(pool, LENGTH) // load(pool, CHUNK))
    if load(pool, SLEEPING) and chunks > 1:
        lock(offset(pool, MUTEX))
        for _ in range(min(load(pool, SLEEPING), chunks - 1)):
            wake_one(offset(pool, CONDITION))
        unlock(offset(pool, MUTEX))


@compiled
def await_workers(pool: Any) -> None:
    waits = 0
    while load(pool, ACTIVE):
        if waits < WAITS:
            pause()
        else:
            give_way()
        waits += 1


@compiled
def nap(pool: Any, index: int) -> None:
    """Sleep until a job is open or this worker is to leave."""
    lock(offset(pool, MUTEX))
    add(pool, SLEEPING, 1)
    while load(pool, OPEN) == 0 and load(pool, THREADS) > index:
        sleep(offset(pool, CONDITION), offset(pool, MUTEX))
    add(pool, SLEEPING, -1)
    unlock(offset(pool, MUTEX))


_SIGNATURES = {gate: (WORDS,) * 4, share: (WORDS,) * 4, worker: (WORDS, WORDS, types.int64)}


def object_code(name: str) -> ObjectCode:
    """Return the machine code of `gate`, `share` or `worker`."""
    function = {"gate": gate, "share": share, "worker": worker}[name]
    with held_back():
        return from_numba(cfunc(types.void(*_SIGNATURES[function]), nopython=True, **COMPILED)(function))
