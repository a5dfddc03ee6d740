"""Halves: tables, ties, parameters, and every kind of array."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import nonlin as nl
from nonlin.derivation.formats import FORMATS
from nonlin.kernels import half, half_table
from nonlin.kernels.half import Halves
from nonlin.kernels.half_rounding import near_tie, rounded
from nonlin.kernels.half_table import Tables

F16, BF16 = np.dtype(np.float16), np.dtype(ml_dtypes.bfloat16)
PATTERNS = np.arange(2**16, dtype=np.uint16)
TIE = 3 * 2.0**-133  # silu of it is 1.5 bfloat16 subnormals and a little more


@pytest.fixture(autouse=True)
def no_tables() -> None:
    """Each test begins without tables."""
    half.forget_tables()


@pytest.fixture(params=[F16, BF16], ids=["float16", "bfloat16"])
def dtype(request: pytest.FixtureRequest) -> Any:
    return request.param


def bits(array: Any) -> np.ndarray:
    return np.asarray(array).view(np.uint16)


@pytest.mark.parametrize("name", ["gelu", "celu", "hard_sigmoid", "prelu", "identity"])
def test_results_are_the_same_bits_with_a_table_and_without(name: str, dtype: Any) -> None:
    f, x = nl.get(name), PATTERNS.view(dtype)
    pieces = []
    for piece in np.split(x, 64):
        half.forget_tables()
        pieces.append([bits(y) for y in (f(piece), f.grad(piece), *f.value_and_grad(piece))])
    whole = [bits(y) for y in (f(x), f.grad(x), *f.value_and_grad(x))]
    for i, y in enumerate(whole):
        assert np.array_equal(np.concatenate([piece[i] for piece in pieces]), y)
    assert np.array_equal(whole[0], whole[2])
    assert np.array_equal(whole[1], whole[3])
    again = bits(f(x[::-1]))[::-1]
    assert np.array_equal(again, whole[0])


def fractions_rounded(exact: list[Fraction], dtype: Any) -> list[float]:
    """Round to even by whole numbers of the smallest steps."""
    info = ml_dtypes.finfo(dtype)
    results = []
    for number in exact:
        exponent = int(info.minexp)
        while abs(number) >= Fraction(2) ** (exponent + 1):
            exponent += 1
        unit = Fraction(2) ** (exponent - int(info.nmant))
        results.append(float(round(number / unit) * unit))
    return results


@pytest.mark.parametrize("slope", [0.2, 0.25, -0.5, 1 / 3])
def test_parameters_are_taken_exactly(slope: float, dtype: Any) -> None:
    x = PATTERNS[1 << 15 :: 7].view(dtype)
    x = x[np.isfinite(x.astype(np.float32))]
    got = nl.leaky_relu(x, negative_slope=slope)
    assert got.dtype == dtype
    assert got.astype(float).tolist() == fractions_rounded(
        [Fraction(slope) * Fraction(float(v)) for v in x], dtype
    )
    assert np.array_equal(bits(nl.leaky_relu.bind(negative_slope=slope)(x)), bits(got))


def test_zeros_of_both_signs_are_different_parameters(dtype: Any) -> None:
    x = np.full(half.ENOUGH, -1, dtype)
    signs = [np.signbit(nl.leaky_relu(x, negative_slope=s)[0].astype(float)) for s in (0.0, -0.0, 0.0)]
    assert signs == [True, False, True]


@pytest.mark.parametrize("rule", [1 / 3, "left", "right", "middle"])
def test_the_slope_at_a_kink_is_rounded_too(rule: Any, dtype: Any) -> None:
    expected = {"left": 0.0, "right": 1.0, "middle": 0.5}.get(rule, rule)
    got = nl.relu.at_kink(rule).grad(np.zeros(half.ENOUGH, dtype))
    assert np.all(got == np.array(expected).astype(dtype))


def test_arrays_of_parameters_and_odd_numbers_are_rounded_once(dtype: Any) -> None:
    x = np.linspace(-4, 4, 50).astype(dtype)
    weights = np.linspace(0, 1, 3)[:, None]
    wide = nl.prelu(x.astype(np.float64), weight=weights)
    assert np.array_equal(bits(nl.prelu(x, weight=weights)), bits(rounded(wide, dtype)))
    assert np.isnan(nl.prelu(x, weight=np.nan)[x < 0].astype(float)).all()
    assert nl.prelu(x, weight=np.inf)[0] == -np.inf
    assert not half._halves.cache_info().currsize


@pytest.mark.parametrize("count", [100, 100_000], ids=["without a table", "with a table"])
def test_every_layout_is_served(count: int, dtype: Any) -> None:
    x = np.resize(np.linspace(-5, 5, 997).astype(dtype), 2 * count)
    expected = bits(nl.silu(x.copy()))
    assert np.array_equal(bits(nl.silu(x[::2])), expected[::2])
    assert np.array_equal(bits(nl.silu(x[::-1])), expected[::-1])
    square = x.reshape(2, -1, 4)
    for turned in (square.T, square.transpose(1, 0, 2), square[:, ::2]):
        y = nl.silu(turned)
        assert np.array_equal(bits(y), bits(nl.silu(turned.copy())))
        assert np.argsort(y.strides).tolist() == np.argsort(turned.strides).tolist()
    buffer = np.zeros(2 * x.size + 1, np.uint8)
    unaligned = buffer[1:].view(dtype)
    unaligned[:] = x
    assert np.array_equal(bits(nl.silu(unaligned)), expected)
    unaligned.flags.writeable = False
    assert np.array_equal(bits(nl.silu(unaligned)), expected)
    assert nl.silu(x[:0]).shape == (0,)
    assert nl.silu(x[:0]).dtype == dtype
    single = nl.silu(x[5])
    assert isinstance(single, dtype.type)
    assert bits(single) == expected[5]
    assert isinstance(nl.silu(x[5:6].reshape(())), dtype.type)
    assert np.array_equal(bits(nl.silu(np.broadcast_to(x[5], (3, 4)))), np.full((3, 4), expected[5]))


def test_other_byte_orders_and_small_integers_become_native_halves() -> None:
    x = np.resize(np.arange(-128, 128), 1 << 16)
    expected = bits(nl.tanh(x.astype(np.float16)))
    for kind in (">f2", "<f2", np.int8):
        y = nl.tanh(x.astype(kind))
        assert y.dtype == np.float16
        assert np.array_equal(bits(y), expected)
    assert nl.tanh(np.array([True, False])).dtype == np.float16


def test_a_file_in_memory_is_an_array(tmp_path: Path) -> None:
    x = np.memmap(tmp_path / "x", np.float16, "w+", shape=(1 << 16,))
    x[:] = np.linspace(-3, 3, x.size)
    assert np.array_equal(bits(nl.mish(x)), bits(nl.mish(np.array(x))))


def test_a_masked_array_keeps_its_mask() -> None:
    x = np.ma.masked_invalid(np.array([-1, np.nan, 2], np.float16))
    y = nl.silu(x)
    assert y.dtype == np.float16
    assert y.mask.tolist() == [False, True, False]


@pytest.mark.parametrize("count", [64, 1 << 16])
def test_results_go_where_they_are_wanted(count: int, dtype: Any) -> None:
    x = np.resize(np.linspace(-5, 5, 911).astype(dtype), count)
    value, slope = nl.gelu.value_and_grad(x)
    room = np.zeros((2, 2 * count), dtype)
    out = room[0, ::2], room[1, ::2]
    assert nl.gelu.value_and_grad(x, out=out)[0] is out[0]
    assert np.array_equal(bits(out[0]), bits(value))
    assert np.array_equal(bits(out[1]), bits(slope))
    wide = np.zeros(count, np.float32)
    assert nl.gelu(x, out=wide) is wide
    assert np.array_equal(wide, value.astype(np.float32))
    shifted = np.concatenate([x, x[:1]])
    nl.gelu(shifted[:-1], out=shifted[1:])
    assert np.array_equal(bits(shifted[1:]), bits(value))
    assert nl.gelu(x, out=x) is x
    assert np.array_equal(bits(x), bits(value))


@pytest.mark.parametrize("more", [1, 1 << 16])
def test_special_values(more: int, dtype: Any) -> None:
    nans = PATTERNS[np.isnan(PATTERNS.view(dtype).astype(np.float32))]
    x = np.concatenate([nans.view(dtype)[-3:], np.zeros(more, dtype)])
    for y in nl.gelu.value_and_grad(x):
        assert np.isnan(y[:3].astype(float)).all()
    both = np.resize(np.array([np.inf, -np.inf, 0.0, -0.0]), 4 * more).astype(dtype)
    value, slope = nl.silu.value_and_grad(both)
    assert value[:4].astype(float).tolist() == [np.inf, 0, 0, 0]
    assert np.signbit(value[2:4].astype(float)).tolist() == [False, True]
    assert slope[:4].astype(float).tolist() == [1, 0, 0.5, 0.5]


def test_tables_are_kept_for_so_many_functions_only(dtype: Any) -> None:
    x = np.linspace(-1, 1, 10).astype(dtype)
    for slope in np.linspace(0, 1, half.KEPT + 10):
        nl.leaky_relu(x, negative_slope=float(slope))
    assert half._halves.cache_info().currsize == half.KEPT


def test_what_is_not_decided_is_rounded_as_it_is() -> None:
    def nearest(output: int, at: np.ndarray) -> np.ndarray:
        return np.full(at.shape, np.nan)

    function = Halves(lambda wide: wide / 2, nearest, FORMATS["float16"])
    x = np.array([3, -3, 1, -1], np.float16) * np.float16(2.0**-24)
    y = function(x)
    assert y.tolist() == [2.0**-23, -(2.0**-23), 0.0, 0.0]
    assert np.signbit(y).tolist() == [False, True, False, True]


def test_ties_are_decided_once_and_all_together() -> None:
    asked = []

    def decide(ties: np.ndarray) -> np.ndarray:
        asked.append(ties.tolist())
        return np.full(ties.size, 7, np.uint16)

    table = Tables("H", [PATTERNS // 2 * 2], [np.isin(PATTERNS, [5, 9])], [decide])
    assert table(np.array([1, 2, 3], np.uint16)).tolist() == [0, 2, 2]
    assert asked == []
    for _ in range(2):
        assert table(np.array([[4, 5], [9, 8]], np.uint16)).tolist() == [[4, 7], [7, 8]]
    assert asked == [[5, 9]]


def test_a_table_lives_as_long_as_somebody_can_ask_it() -> None:
    x = PATTERNS.view(F16)
    expected = bits(nl.gelu(x))
    ready = nl.gelu._value[F16]
    assert isinstance(ready, partial)  # nothing is open, so NumPy is asked at once
    half.forget_tables()
    gc.collect()
    reused = [np.full(1 << 16, 7, np.uint16) for _ in range(50)]
    assert np.array_equal(bits(ready(x)), expected), len(reused)


def test_forgotten_tables_leave_memory() -> None:
    def lives() -> int:
        gc.collect()
        return sum(type(o) is Tables for o in gc.get_objects())

    before = lives()
    for divisor in range(2, half.KEPT + 10):
        nl.leaky_relu(PATTERNS.view(F16), negative_slope=1 / divisor)
    assert lives() <= before + half.KEPT
    half.forget_tables()
    assert lives() <= before


def test_both_results_may_lie_where_the_inputs_were(dtype: Any) -> None:
    x = np.resize(np.linspace(-5, 5, 911).astype(dtype), 1 << 16)
    value, slope = nl.mish.value_and_grad(x)
    room = x.copy(), np.empty_like(x)
    nl.mish.value_and_grad(room[0], out=room)
    assert np.array_equal(bits(room), bits((value, slope)))


def test_a_parameter_that_is_changed_in_place_counts(dtype: Any) -> None:
    x, weight = np.full(1 << 15, -1, dtype), np.array(0.5)
    assert nl.prelu(x, weight=weight)[0] == -0.5
    weight[()] = 0.25
    assert nl.prelu(x, weight=weight)[0] == -0.25


@pytest.mark.parametrize("form", [FORMATS["float16"], FORMATS["bfloat16"]], ids=["float16", "bfloat16"])
def test_numbers_beside_a_tie_are_in_doubt_and_others_are_not(form: Any) -> None:
    draw = np.random.default_rng(1)
    x = PATTERNS[draw.integers(1, 0x7BFF if form.name == "float16" else 0x7F7F, 500)].view(form.dtype)
    x = x.astype(np.float64) * draw.choice([-1, 1], x.size)
    size = np.maximum(np.frexp(x)[1] - 1, form.least)
    tie = x + np.copysign(np.ldexp(0.5, size - form.digits + 1), x)
    assert near_tie(tie, form).all()
    for step in (2.0**-45, -(2.0**-45)):
        assert near_tie(tie * (1 + step), form).all()
    normal = np.abs(x) >= 2.0**form.least
    for step in (2.0**-38, -(2.0**-38)):
        assert not near_tie(tie * (1 + step), form)[normal].any()
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan])
    assert not near_tie(np.concatenate([x, special, x * (1 + 2.0**-50)]), form).any()


def test_threads_that_come_together_get_the_same() -> None:
    x = PATTERNS.view(BF16)
    x = x[np.isfinite(x.astype(np.float32))]
    expected = bits(nl.silu(x))
    half.forget_tables()
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(bits(nl.silu(x)))) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(found) == 8
    assert all(np.array_equal(y, expected) for y in found)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_while_a_tie_is_being_decided_does_no_harm() -> None:
    x = np.array([TIE], BF16)
    expected = int(bits(nl.silu(x))[0])
    half.forget_tables()
    with half_table._deciding:
        child = os.fork()
        if not child:
            signal.alarm(60)
            os._exit(0 if int(bits(nl.silu(x))[0]) == expected else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_the_truth_is_loaded_for_a_tie_that_nobody_met_before(tmp_path: Path) -> None:
    script = f"""
import sys, numpy as np, ml_dtypes, nonlin as nl
for dtype in (np.float16, ml_dtypes.bfloat16):
    for count in (100, 100_000):
        nl.gelu.value_and_grad(np.linspace(-8, 8, count).astype(dtype))
before = "nonlin.derivation.rounding" in sys.modules
y = nl.silu(np.array([{TIE}], ml_dtypes.bfloat16))
print(before, "nonlin.derivation.rounding" in sys.modules, "sympy" in sys.modules, y.view(np.uint16)[0])
"""
    for told in (["False", "True", "True", "2"], ["False", "False", "False", "2"]):
        environment = {**os.environ, "NONLIN_CACHE": str(tmp_path)}
        run = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
        )
        assert run.stdout.split() == told


def test_one_function_has_one_rounding() -> None:
    x = PATTERNS.view(BF16)[: 1 << 15]
    value, slope = nl.silu.value_and_grad(x)
    assert np.array_equal(bits(nl.silu.derivative(0)(x)), bits(value))
    assert np.array_equal(bits(nl.silu.derivative(1)(x)), bits(slope))
    assert np.array_equal(bits(nl.silu.fast(x)), bits(value))
    own = nl.activation(as_written)
    assert np.array_equal(bits(own(x)), bits(value))


def as_written(x: Any) -> Any:
    """The input times its sigmoid, as a person writes it."""
    return x * nl.sigmoid(x)
