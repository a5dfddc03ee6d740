"""Threads: the same bits for any number of them, under concurrent callers, forks, interrupts and at exit.

A soak of a minute: NONLIN_SOAK=60 python -m pytest tests/kernels/test_threads.py -k soak
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from llvmlite import ir

import nonlin as nl
from nonlin.errors import InvalidInput
from nonlin.kernels import control, threads
from nonlin.kernels.memory import WORDS, place_at
from nonlin.kernels.object_code import from_ir, load
from nonlin.kernels.threads import AVAILABLE, crew
from nonlin.kernels.ufunc import make_ufunc

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="without POSIX threads every call runs by itself")

LARGE = 32768
SIZES = (LARGE - 1, LARGE, LARGE + 1, 49152, 100_003, 524_288)
SOAK = float(os.environ.get("NONLIN_SOAK", "3"))


@pytest.fixture(autouse=True)
def same_number_afterwards() -> Iterator[None]:
    before = nl.get_num_threads()
    yield
    nl.set_num_threads(before)


def normal(size: Any, dtype: Any = np.float32) -> Any:
    values = np.random.default_rng(3).normal(scale=4, size=size).astype(dtype)
    values.flat[:5] = np.inf, -np.inf, np.nan, -0.0, 1e-40
    return values


def with_threads(count: int, call: Callable[[], Any]) -> Any:
    nl.set_num_threads(count)
    call()  # which starts them
    return call()


def same(one: Any, other: Any) -> bool:
    return one.tobytes() == other.tobytes()


def workers() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("nonlin-")]


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a Python program in a process of its own; more than a minute is a hang."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("count", [2, 3, 8])
@pytest.mark.parametrize("size", SIZES)
def test_the_same_bits_for_any_number_of_threads(size: int, count: int, dtype: Any) -> None:
    x = normal(size, dtype)
    for function in (nl.sigmoid, nl.gelu.grad, lambda v: nl.silu.vjp(v, v[::-1])):
        alone = with_threads(1, lambda f=function: f(x))
        assert same(with_threads(count, lambda f=function: f(x)), alone)
    assert len(workers()) == count - 1 or size < LARGE


@pytest.mark.parametrize("count", [2, 8])
def test_the_same_bits_in_any_layout(count: int) -> None:
    x = normal((400, 400))
    for view in (
        x[:, ::2],
        x.T,
        x[::-1, ::-1],
        x.ravel()[::2],
        x.ravel()[::-1],
        x.astype(">f4"),
        x[None, 3:],
    ):
        assert same(
            with_threads(count, lambda v=view: nl.tanh(v)), with_threads(1, lambda v=view: nl.tanh(v))
        )


@pytest.mark.parametrize("count", [2, 8])
def test_the_same_bits_where_the_output_is_the_input(count: int) -> None:
    x = normal(100_003)
    alone = with_threads(1, lambda: nl.silu(x))
    for _ in range(5):
        y = x.copy()
        assert with_threads(count, lambda: True)
        nl.silu(y, out=y)
        assert same(y, alone)
        y = x.copy()
        nl.silu(y[:-1], out=y[1:])  # NumPy computes as if there were no overlap
        assert same(y[1:], alone[:-1])


@pytest.mark.parametrize(
    "shape", [(5000, 10), (1024, 33), (33, 1024), (3, 20_000), (4, 50, 300), (1, 100_000)]
)
def test_rows_are_shared_whole(rowwise: Any, shape: tuple[int, ...]) -> None:
    z = normal(shape)
    for call in (
        lambda: rowwise(z),
        lambda: rowwise(z, axis=0),
        lambda: rowwise.vjp(z, z[::-1]),
        lambda: rowwise(z, temperature=np.linspace(1, 2, shape[-2]) if len(shape) > 1 else 1.0),
    ):
        alone = with_threads(1, call)
        assert same(with_threads(2, call), alone)
        assert same(with_threads(8, call), alone)


def plain_sum() -> int:
    """The address of a loop that adds two arrays, one number after the other."""
    module = ir.Module("sum")
    _, body = control.function(module, "loop", [WORDS] * 4)
    addresses, sizes, strides, _ = body.arguments
    with body.for_(sizes[0]) as i:
        a, b, result = (place_at(addresses[k] + i * strides[k]) for k in range(3))
        result.store(a.load(body) + b.load(body))
    body.return_()
    return load(from_ir(str(module), "loop"))


def test_reductions_and_accumulations_run_in_their_order() -> None:
    add: Any = make_ufunc("add", "", [("dd", "d", plain_sum())])
    ones = np.ones(300_000)
    nl.set_num_threads(8)
    for _ in range(5):
        assert add.reduce(ones) == ones.size
        assert same(add.accumulate(ones), np.cumsum(ones))


def test_eight_callers_at_once_soak() -> None:
    nl.set_num_threads(3)
    arrays = [normal(size) for size in (1000, *SIZES)]
    table = normal((600, 100))
    right = [nl.mish(x) for x in arrays]
    right_table = nl.softmax(table)
    end = time.monotonic() + SOAK

    def call(seed: int) -> int:
        order, calls = np.random.default_rng(seed), 0
        while time.monotonic() < end:
            i = int(order.integers(len(arrays)))
            assert same(nl.mish(arrays[i]), right[i])
            assert same(nl.softmax(table), right_table)
            calls += 1
        return calls

    with ThreadPoolExecutor(8) as callers:
        assert min(callers.map(call, range(8))) > 0


def test_the_number_may_change_while_others_compute() -> None:
    x = normal(200_000)
    right, finished = nl.sigmoid(x), threading.Event()

    def call(_: int) -> bool:
        fine = True
        while not finished.is_set():
            fine &= same(nl.sigmoid(x), right)
        return fine

    with ThreadPoolExecutor(3) as callers:
        answers = callers.map(call, range(3))
        for count in (1, 2, 8, 3, 1, 5, 2) * 6:
            nl.set_num_threads(count)
            assert same(nl.sigmoid(x), right)
            assert nl.get_num_threads() == count
        finished.set()
        assert all(answers)
    assert len(workers()) <= 1


def test_one_thread_means_no_others() -> None:
    nl.set_num_threads(4)
    nl.relu(normal(100_000))
    nl.relu(normal(100_000))
    assert workers() == ["nonlin-1", "nonlin-2", "nonlin-3"]
    nl.set_num_threads(1)
    assert workers() == []
    nl.relu(normal(100_000))
    assert workers() == []


FORKED = """
import multiprocessing, os, threading, numpy as np, nonlin as nl
x = np.linspace(-5, 5, 200_000, dtype="f")
right = nl.sigmoid(x)
names = lambda: [t.name for t in threading.enumerate() if t.name.startswith("nonlin-")]
busy = threading.Thread(target=lambda: [nl.sigmoid(x) for _ in range(600)])
busy.start()  # forks happen while the pool is in use
for _ in range(20):
    child = os.fork()
    if child == 0:
        assert names() == []
        assert all((nl.sigmoid(x) == right).all() for _ in range(3))
        assert names() == ["nonlin-1", "nonlin-2"], names()
        grandchild = os.fork()
        if grandchild == 0:
            os._exit(7 if (nl.sigmoid(x) == right).all() else 1)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(grandchild, 0)[1]))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
busy.join()
assert (nl.sigmoid(x) == right).all() and names() == ["nonlin-1", "nonlin-2"]
print("done")
"""


def test_a_forked_child_has_threads_of_its_own() -> None:
    finished = run(FORKED, NONLIN_NUM_THREADS="3", PYTHONWARNINGS="ignore")
    assert (finished.stdout, finished.stderr, finished.returncode) == ("done\n", "", 0)


def child_sum(x: Any) -> float:
    return float(nl.sigmoid(x).sum())


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.filterwarnings(
    "ignore:os.fork.. was called:RuntimeWarning"
)  # JAX, if another test has loaded it
def test_processes_of_each_kind(method: str) -> None:
    x = np.linspace(-5, 5, 200_000, dtype=np.float32)
    nl.set_num_threads(2)
    right = child_sum(x)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map_async(child_sum, [x] * 6).get(timeout=60) == [right] * 6


EXIT = """
import atexit, threading, time
import numpy as np

def afterwards():  # registered first, so called last
    assert (nl.sigmoid(x) == right).all()
    print(sum(t.name.startswith("nonlin-") for t in threading.enumerate()))

atexit.register(afterwards)
import nonlin as nl
x = np.ones(200_000, "f")
right = nl.sigmoid(x)
for _ in range(3):
    nl.sigmoid(x)
assert any(t.name == "nonlin-3" for t in threading.enumerate())
{more}
print(time.monotonic(), end=" ")
"""


@pytest.mark.parametrize(
    "more",
    [
        "",
        "time.sleep(0.05)",  # the workers sleep
        "threading.Thread(target=lambda: [nl.sigmoid(x) for _ in range(10**9)], daemon=True).start()",
        "nl.set_num_threads(4); atexit.register(lambda: nl.sigmoid(x))",
    ],
    ids=["spinning", "sleeping", "a daemon computes", "another handler computes"],
)
def test_a_process_ends_well_whatever_still_computes(more: str) -> None:
    finished = run(EXIT.format(more=more), NONLIN_NUM_THREADS="4")
    ended = time.monotonic()
    assert (finished.returncode, finished.stderr) == (0, "")
    began_to_end, left = finished.stdout.split()
    assert ended - float(began_to_end) < 20  # far less than what still computes would take
    assert left == "0"


def test_the_environment_sets_the_number() -> None:
    program = "import nonlin as nl; print(nl.get_num_threads(), nl.relu([1.0])[0])"
    assert run(program, NONLIN_NUM_THREADS="5").stdout == "5 1.0\n"
    assert run(program, NONLIN_NUM_THREADS="").stdout.split()[0] == str(len(os.sched_getaffinity(0)))
    assert (
        run("import nonlin as nl; nl.set_num_threads(2)\n" + program, NONLIN_NUM_THREADS="5").stdout
        == "2 1.0\n"
    )


WRONG = "NONLIN_NUM_THREADS={!r}: give a whole number of threads from 1 to 1024"


@pytest.mark.parametrize("text", ["two", "0", "-1", "1.5", "1025"])
def test_a_wrong_environment_is_one_clear_line(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_chosen", None)
    monkeypatch.setenv("NONLIN_NUM_THREADS", text)
    with pytest.raises(InvalidInput) as caught:
        nl.get_num_threads()
    assert str(caught.value) == WRONG.format(text)


def test_a_wrong_environment_refuses_the_first_call() -> None:
    finished = run("import nonlin as nl; nl.relu([1.0])", NONLIN_NUM_THREADS="two")
    assert finished.stderr.splitlines()[-1] == f"nonlin.errors.InvalidInput: {WRONG.format('two')}"


@pytest.mark.parametrize("n", [0, -1, 1025, 1.5, "two", None, True, float("nan")])
def test_a_wrong_number_is_one_clear_line(n: Any) -> None:
    before = nl.get_num_threads()
    with pytest.raises(InvalidInput) as caught:
        nl.set_num_threads(n)
    assert str(caught.value) == f"set_num_threads({n!r}): give a whole number of threads from 1 to 1024"
    assert nl.get_num_threads() == before


def test_numbers_of_numpy_are_numbers() -> None:
    nl.set_num_threads(np.int64(3))
    assert nl.get_num_threads() == 3


def test_nothing_starts_before_it_is_needed() -> None:
    program = """
import threading, nonlin as nl
nl.set_num_threads(3)
nl.sigmoid([1.0] * 1000)
print(threading.active_count())
nl.sigmoid([1.0] * 100_000)
print(threading.active_count())
"""
    assert run(program).stdout == "1\n3\n"


INTERRUPTED = """
import os, signal, threading, time, numpy as np, nonlin as nl
x = np.ones(2_000_000, "f")
nl.sigmoid(x)
threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        nl.sigmoid(x, out=x)
    print("never")
except KeyboardInterrupt:
    print("interrupted")
assert (nl.sigmoid(np.zeros(100_000, "f")) == 0.5).all()
"""


def test_an_interrupt_arrives_during_long_work() -> None:
    finished = run(INTERRUPTED, NONLIN_NUM_THREADS="3")
    assert (finished.stdout, finished.stderr, finished.returncode) == ("interrupted\n", "", 0)


@pytest.mark.parametrize(
    ("failure", "said"), [("KeyboardInterrupt", "caught"), ("MemoryError", "MemoryError")]
)
def test_what_fails_while_threads_begin_costs_no_result(failure: str, said: str) -> None:
    program = f"""
import sys, time, numpy as np, nonlin as nl
from nonlin.kernels.threads import crew
def fail(): raise {failure}
crew()._start = fail
sys.unraisablehook = lambda what: print(what.exc_type.__name__)
x, y = np.zeros(100_000, "f"), np.empty(100_000, "f")
try:
    nl.sigmoid(x, out=y)
    time.sleep(5)
except KeyboardInterrupt:
    print("caught")
assert (y == 0.5).all()
"""
    finished = run(program, NONLIN_NUM_THREADS="3")
    assert (finished.stdout, finished.stderr) == (f"{said}\n", "")


def test_the_pool_is_at_rest_after_each_call() -> None:
    from nonlin.kernels import pool

    nl.set_num_threads(3)
    for _ in range(20):
        nl.sigmoid(normal(100_000))
        words = [crew()._get(w) for w in (pool.BUSY, pool.OPEN)]
        assert words == [0, 0]
