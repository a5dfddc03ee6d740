"""How many threads share a large array, and the life of those threads.

They begin with the first large call, not before; what they do lies in `sharing`. A forked child has none of
its parent's threads, so it begins its own with its first large call: its results and speed are those of any
other process. Without POSIX threads (on Windows) every call runs by itself.
"""

from __future__ import annotations

import _thread
import atexit
import ctypes
import os
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from nonlin.errors import InvalidInput
from nonlin.kernels import pool

if TYPE_CHECKING:
    from nonlin.kernels.object_code import ObjectCode

VARIABLE = "NONLIN_NUM_THREADS"
MOST = 1024
AVAILABLE = os.name == "posix"

_chosen: int | None = None
_made: dict[str, Crew] = {}


def set_num_threads(n: int) -> None:
    """Set how many threads work on one large array, the caller's own included; 1 means no others.

    Arrays below 32,768 values are never shared. Results are the same, bit for bit, for any number.

    Parameters
    ----------
    n : int
        From 1 to 1024. At first it is the environment variable NONLIN_NUM_THREADS, else the number of
        processors that this process may use.

    Raises
    ------
    InvalidInput
        If n is no whole number, or out of range.

    Examples
    --------
    >>> import nonlin as nl
    >>> before = nl.get_num_threads()
    >>> nl.set_num_threads(2)
    >>> nl.get_num_threads()
    2
    >>> nl.set_num_threads(before)
    """
    global _chosen
    if isinstance(n, bool) or not hasattr(n, "__index__") or not 1 <= int(n) <= MOST:
        raise InvalidInput(f"set_num_threads({n!r}): give a whole number of threads from 1 to {MOST}")
    _chosen = int(n)
    for existing in _made.values():
        existing.dismiss(again=True)


def get_num_threads() -> int:
    """Return how many threads work on one large array.

    Raises
    ------
    InvalidInput
        If NONLIN_NUM_THREADS is set to anything but a whole number from 1 to 1024.
    """
    global _chosen
    if _chosen is None:
        _chosen = _from_environment()
    return _chosen


def _from_environment() -> int:
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return min(_processors(), MOST)
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise InvalidInput(f"{VARIABLE}={text!r}: give a whole number of threads from 1 to {MOST}")
    return int(text)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def way_in(name: str) -> int:
    """Return the address of `gate`, `share` or `worker` of `sharing`: compiled, or from disk."""
    from nonlin.kernels.cache import address

    def build() -> ObjectCode:
        from nonlin.kernels.sharing import object_code  # only to compile

        return object_code(name)

    return address(f"sharing {name}", build)


def crew() -> Crew:
    """Return the one crew of this process."""
    return _made.get("crew") or _made.setdefault("crew", Crew())  # atomic: no lock that a fork could catch


class Crew:
    """The workers of this process, and the memory by which they hear of work.

    Attributes
    ----------
    pool : int
        The address of that memory, which lives as long as the process: NumPy's loops refer to it.
    """

    def __init__(self) -> None:
        self._way_in = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(self._begin)
        self._lock = threading.Lock()
        self._workers: list[threading.Thread] = []
        get_num_threads()  # a wrong setting is refused before anything is made
        memory = ctypes.create_string_buffer((pool.POOL + 8) * 8)
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(memory))  # never freed, whoever outlives the interpreter
        self.pool = -(-ctypes.addressof(memory) // 64) * 64
        self._forget()
        os.register_at_fork(after_in_child=self._forget)
        atexit.register(self.dismiss, again=False)

    def dismiss(self, again: bool) -> None:
        """Send the workers home; the next large call begins anew if `again`, else it runs by itself."""
        with self._lock:
            self._set(pool.THREADS, 1)
            self._wake_all()
            for thread in self._workers:
                thread.join()
            self._workers = []
            self._rest(again)

    def _forget(self) -> None:
        """Start from nothing: a forked child has the memory of its parent, but none of its threads."""
        self._lock, self._workers = threading.Lock(), []
        ctypes.memset(self.pool, 0, pool.POOL * 8)
        self._c("pthread_mutex_init", pool.MUTEX, None)
        self._c("pthread_cond_init", pool.CONDITION, None)
        self._rest(again=True)

    def _rest(self, again: bool) -> None:
        self._set(pool.BEGIN, ctypes.cast(self._way_in, ctypes.c_void_p).value or 0)
        self._set(pool.THREADS, 0 if again and get_num_threads() > 1 else 1)

    def _begin(self, *_: Any) -> None:
        """Start the workers, unless another caller is at it."""
        if self._lock.acquire(blocking=False):
            try:
                self._start()
            except KeyboardInterrupt:  # it would be lost here, and arrives once NumPy is done
                threading.Timer(0.01, _thread.interrupt_main).start()
            finally:
                self._lock.release()

    def _start(self) -> None:
        if self._get(pool.THREADS):
            return
        self._set(pool.ENTRY, way_in("share"))
        run, count = way_in("worker"), get_num_threads()
        self._set(pool.THREADS, count)
        for index in range(1, count):
            thread = threading.Thread(
                target=self._work, args=(run, index), name=f"nonlin-{index}", daemon=True
            )
            try:
                thread.start()
            except RuntimeError:  # the system grants no more threads, or the interpreter is ending
                self._set(pool.THREADS, index)
                break
            self._workers.append(thread)

    def _work(self, run: int, index: int) -> None:
        desk = (ctypes.c_int64 * pool.DESK)()
        kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
        kind(run)(self.pool, ctypes.addressof(desk), index)

    def _wake_all(self) -> None:
        self._c("pthread_mutex_lock", pool.MUTEX)
        self._c("pthread_cond_broadcast", pool.CONDITION)
        self._c("pthread_mutex_unlock", pool.MUTEX)

    def _c(self, name: str, word: int, *rest: Any) -> None:
        getattr(ctypes.CDLL(None), name)(ctypes.c_void_p(self.pool + 8 * word), *rest)

    def _get(self, word: int) -> int:
        return ctypes.c_int64.from_address(self.pool + 8 * word).value

    def _set(self, word: int, value: int) -> None:
        ctypes.c_int64.from_address(self.pool + 8 * word).value = value
