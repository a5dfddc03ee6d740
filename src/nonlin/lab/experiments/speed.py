"""How long does each function take on a million numbers, beside NumPy's plain form, and how steep is it at 1?

The plain forms are those that are written on a blackboard, in NumPy; nonlin computes the same in one pass. Both
are run in turns on the same normal numbers, one thread, and the median counts. Times are this machine's and differ
from run to run, so nothing is asserted of them; values and slopes are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import erf, pi, sqrt
from statistics import median
from typing import Any

import numpy as np

import nonlin
from nonlin.lab.network import Array
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, BarChart, Shown, table
from nonlin.workbench import Elementwise

CLOSE = 1e-4
CRITERION = (
    f"Asserted: nonlin's values agree with the plain forms' within {CLOSE:g}, and the slopes at 1 "
    "with differences of the "
    f"plain forms' values in float64. Times are told, not judged."
)


def sigmoid(x: Array) -> Any:
    return 1 / (1 + np.exp(-x))


def tanh(x: Array) -> Any:
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def leaky(x: Array) -> Any:
    return np.where(x > 0, x, 0.01 * x)


def elu(x: Array) -> Any:
    return np.where(x > 0, x, np.exp(x) - 1)


def selu(x: Array) -> Any:
    return 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * (np.exp(x) - 1))


def gelu_tanh(x: Array) -> Any:
    return 0.5 * x * (1 + np.tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))


def mish(x: Array) -> Any:
    return x * np.tanh(np.log(1 + np.exp(x)))


PLAIN: dict[str, Callable[[Any], Any]] = {
    "relu": lambda x: np.maximum(0, x),
    "sigmoid": sigmoid,
    "tanh": tanh,
    "leaky_relu": leaky,
    "elu": elu,
    "selu": selu,
    "gelu_tanh": gelu_tanh,
    "quick_gelu": lambda x: x * sigmoid(1.702 * x),
    "silu": lambda x: x * sigmoid(x),
    "mish": mish,
    "softplus": lambda x: np.log(1 + np.exp(x)),
}
"""Of the functions that NumPy can write in a line."""

SCALAR: dict[str, Callable[[float], float]] = {"gelu": lambda x: 0.5 * x * (1 + erf(x / sqrt(2)))}
"""NumPy has no erf: only the slope is compared."""

NAMES = (
    "relu",
    "sigmoid",
    "tanh",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "gelu_tanh",
    "quick_gelu",
    "silu",
    "mish",
)


@dataclass(frozen=True)
class Settings:
    """What is timed."""

    activations: tuple[Elementwise, ...] = option(NAMES, "Which are timed.")
    numbers: int = option(1_000_000, "Normal numbers, float32.", 1, 100_000_000)
    repeats: int = option(7, "Rounds; the median counts.", 1, 1000)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the medians in milliseconds, the slopes at 1, and how far both ways are apart."""
    x = np.random.default_rng(settings.seed).standard_normal(settings.numbers).astype(np.float32)
    found = {f.name: agreement(f, x) for f in settings.activations}
    ways = [way for f in settings.activations for way in ways_of(f, x)]
    with one_thread():
        taken = [[timed(call) for _, _, call in ways] for _ in watched(range(settings.repeats), progress)]
    times: dict[str, dict[str, float]] = {f.name: {} for f in settings.activations}
    for (name, way, _), milliseconds in zip(ways, zip(*taken, strict=True), strict=True):
        times[name][way] = median(milliseconds)
    return {"numbers": settings.numbers, "of": found, "milliseconds": times}


@contextmanager
def one_thread() -> Iterator[None]:
    """Let nonlin use one thread, as NumPy does."""
    before = nonlin.get_num_threads()
    nonlin.set_num_threads(1)
    try:
        yield
    finally:
        nonlin.set_num_threads(before)


def timed(call: Callable[[], Any]) -> float:
    """Return the milliseconds of a call, after one that is not counted."""
    call()
    begun = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - begun)


def ways_of(f: Elementwise, x: Any) -> list[tuple[str, str, Callable[[], Any]]]:
    out, second = np.empty_like(x), PLAIN.get(f.name)
    ways: list[tuple[str, str, Callable[[], Any]]] = [
        (f.name, "value", lambda: f(x, out=out)),
        (f.name, "value and slope", lambda: f.value_and_grad(x)),
        (f.name, "slope", lambda: f.grad(x, out=out)),
    ]
    return [*ways, (f.name, "plain NumPy", lambda: second(x))] if second else ways


def agreement(f: Elementwise, x: Any) -> dict[str, Any]:
    """Return the slope at 1 from the kernel and from the plain form, and the greatest difference of values."""
    by_hand = PLAIN.get(f.name) or SCALAR.get(f.name)
    h = 1e-5
    other = float((by_hand(1 + h) - by_hand(1 - h)) / (2 * h)) if by_hand else None
    plain = PLAIN.get(f.name)
    apart = float(np.max(np.abs(f(x) - plain(x)))) if plain else None
    return {
        "slope at 1": float(f.grad(1.0)),
        "slope at 1, by differences": other,
        "greatest difference": apart,
    }


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare values and slopes; tell the times."""
    of, times = numbers["of"], numbers["milliseconds"]
    wrong = [name for name, one in of.items() if not agrees(one)]
    fastest = min(times, key=lambda name: times[name]["value"])
    slowest = max(times, key=lambda name: times[name]["value"])
    shares = sorted(t["plain NumPy"] / t["value"] for t in times.values() if "plain NumPy" in t)
    beside = f"; plain NumPy takes {shares[0]:.3g} to {shares[-1]:.3g} times as long" if shares else ""
    return Verdict(
        "values agree" if not wrong else "values differ",
        f"On {numbers['numbers']:,} numbers nonlin takes from {times[fastest]['value']:.2g} ms ({fastest}) to "
        f"{times[slowest]['value']:.2g} ms ({slowest}){beside}; "
        + (f"values or slopes differ: {', '.join(wrong)}." if wrong else "values and slopes agree."),
        holds=not wrong,
    )


def agrees(one: dict[str, Any]) -> bool:
    other, apart = one["slope at 1, by differences"], one["greatest difference"]
    return (other is None or abs(other - one["slope at 1"]) <= CLOSE) and (apart is None or apart <= CLOSE)


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the times, and put the slopes beside them."""
    times, of = numbers["milliseconds"], numbers["of"]
    bars = [
        (f"{name}, {whose}", t[key], whose)
        for name, t in times.items()
        for whose, key in (("nonlin", "value"), ("NumPy", "plain NumPy"))
        if key in t
    ]
    names, lengths, groups = zip(*bars, strict=True)
    rows = [
        (
            name,
            *(t.get(way) for way in ("value", "slope", "value and slope", "plain NumPy")),
            of[name]["slope at 1"],
        )
        for name, t in times.items()
    ]
    return (
        BarChart(
            f"Time for {numbers['numbers']:,} values", "Median; float32, one array after the other.",
            names, lengths, Axis("milliseconds"), groups,
        ),
        table(
            "Times in milliseconds, and the slope at 1",
            ("activation", "value", "slope", "value and slope", "NumPy's value", "slope at 1"), rows,
        ),
    )  # fmt: skip
