"""Memory does not grow: a million small calls, large ones that threads share, and calls that fail."""

from __future__ import annotations

import contextlib
import mmap
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nonlin as nl

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from Linux's /proc")

MEGABYTE = 2**20
PAGE = 4096


@pytest.fixture
def threads() -> Iterator[None]:
    before = nl.get_num_threads()
    nl.set_num_threads(3)
    yield
    nl.set_num_threads(before)


def resident() -> int:
    """Return the bytes that this process has in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def growth(call: Callable[[], Any], times: int) -> int:
    for _ in range(times // 20 + 10):
        call()  # which allocates what stays
    before = resident()
    for _ in range(times):
        call()
    return resident() - before


def small() -> dict[str, Callable[[], Any]]:
    x, out, z = np.linspace(-3, 3, 16, dtype=np.float32), np.empty(16, np.float32), np.linspace(-2, 2, 10)
    row = np.empty(10)
    return {
        "value": lambda: nl.silu(x, out=out),
        "fast": lambda: nl.gelu.fast(x),
        "slope of strided": lambda: nl.mish.grad(x[::2]),
        "both": lambda: nl.gelu.value_and_grad(z),
        "rows": lambda: nl.softmax(z, out=row),
        "parameter": lambda: nl.swish(x, beta=1.5),
    }


@pytest.mark.parametrize("name", small())
def test_a_million_small_calls_leave_nothing_behind(name: str) -> None:
    assert growth(small()[name], 1_000_000 // len(small())) < MEGABYTE


def test_shared_calls_leave_nothing_behind(threads: None) -> None:
    x, z = np.zeros(65_536, np.float32), np.zeros((64, 1024))
    out, rows = np.empty_like(x), np.empty_like(z)
    assert growth(lambda: (nl.silu(x, out=out), nl.softmax(z, out=rows)), 2000) < MEGABYTE


def test_calls_that_fail_leave_nothing_behind() -> None:
    x, wrong = np.zeros(1000), np.zeros(7)

    def fail() -> None:
        with contextlib.suppress(ValueError):
            nl.silu(x, out=wrong)

    assert growth(fail, 20_000) < MEGABYTE


def test_a_leak_would_be_seen() -> None:
    """Of pages from the system: what the allocator hands out may have been resident before."""
    kept: list[Any] = []

    def leak() -> None:
        kept.append(mmap.mmap(-1, PAGE))
        kept[-1][0] = 1

    assert growth(leak, 2000) > MEGABYTE
