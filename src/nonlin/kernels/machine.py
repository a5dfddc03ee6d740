"""What threads need of the system, for code that is being written: mutexes, conditions, a moment's rest."""

from __future__ import annotations

import platform

from nonlin.kernels.control import NOTHING, Body
from nonlin.kernels.memory import Words


def lock(body: Body, mutex: Words) -> None:
    """Write a wait until no other thread has the mutex, and take it."""
    body.c("pthread_mutex_lock", mutex)


def unlock(body: Body, mutex: Words) -> None:
    """Write that the mutex is given back."""
    body.c("pthread_mutex_unlock", mutex)


def sleep(body: Body, condition: Words, mutex: Words) -> None:
    """Write a sleep until woken, or for no reason; the mutex is free meanwhile."""
    body.c("pthread_cond_wait", condition, mutex)


def wake_one(body: Body, condition: Words) -> None:
    """Write that one of the threads that sleep on the condition wakes."""
    body.c("pthread_cond_signal", condition)


def give_way(body: Body) -> None:
    """Write that other threads may have the rest of this one's time slice."""
    body.c("sched_yield")


def pause(body: Body) -> None:
    """Tell the processor that this thread is spinning."""
    if platform.machine() in ("x86_64", "AMD64"):
        body.c("llvm.x86.sse2.pause", answer=NOTHING)
