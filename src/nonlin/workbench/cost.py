"""What an activation costs on this machine, in times of copying the same array."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from nonlin.facts.fact import Cost

SIZE = 1 << 18  # float32 values: 1 MB, beyond the first caches
TURNS = 31


def cost(activation: Any) -> Cost:
    """Measure an elementwise activation against `numpy.copyto`, taking turns, on one thread; the median of 31."""
    from nonlin.kernels.threads import get_num_threads, set_num_threads

    before = get_num_threads()
    set_num_threads(1)
    try:
        return _measured(activation)
    finally:
        set_num_threads(before)


def _measured(activation: Any) -> Cost:
    x = np.random.default_rng(0).standard_normal(SIZE, dtype=np.float32)
    y, dy = np.empty_like(x), np.empty_like(x)
    calls = (
        lambda: np.copyto(y, x),
        lambda: activation(x, out=y),
        lambda: activation.value_and_grad(x, out=(y, dy)),
    )
    turns = [[_seconds(call) for call in calls] for _ in range(TURNS + 1)][1:]
    copy, value, both = (median(column) for column in zip(*turns, strict=True))
    return Cost(value / copy, both / copy, SIZE)


def _seconds(call: Callable[[], object]) -> float:
    call()  # an untimed one first: it fills caches
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
