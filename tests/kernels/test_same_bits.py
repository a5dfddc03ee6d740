"""The same bits wherever a value stands: any size, offset, stride, alignment, thread count, and company."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nonlin as nl

NAMES = ["elu", "gelu", "gelu_tanh", "hard_swish", "mish", "prelu", "softsign", "swish"]
GRADES = [(np.float32, "exact"), (np.float32, "fast"), (np.float64, "exact")]
SHARED = 40_000  # values, of which several threads take parts

each_grade = pytest.mark.parametrize(("dtype", "grade"), GRADES, ids=["exact", "fast", "float64"])
quick = settings(max_examples=40, deadline=None, database=None)


def graded(name: str, grade: str) -> Any:
    return nl.get(name).fast if grade == "fast" else nl.get(name)


def same(one: Any, other: Any) -> bool:
    return bool(np.ascontiguousarray(one).tobytes() == np.ascontiguousarray(other).tobytes())


def values(size: int, dtype: Any, seed: int = 22) -> Any:
    """Numbers of which one in ten is far from 0, or none at all."""
    draw = np.random.default_rng(seed)
    x = draw.normal(scale=4, size=size)
    far = draw.random(size) < 0.1
    specials = [np.inf, -np.inf, np.nan, -0.0, 1e-40, -1e-40, 1e30, -1e30, 120, -120, -700, 88.8]
    x[far] = draw.choice(specials, far.sum())
    return x.astype(dtype)


def laid_out(x: Any, stride: int, shift: int, seed: int) -> Any:
    """The same values, `stride` items apart, beginning `shift` bytes after a boundary of 64."""
    room = np.frombuffer(np.random.default_rng(seed).bytes(abs(stride) * x.nbytes + 256), np.uint8).copy()
    start = -room.ctypes.data % 64 + shift
    view = room[start : start + abs(stride) * x.nbytes].view(x.dtype)[:: abs(stride)][: x.size]
    view = view[::-1] if stride < 0 else view
    view[...] = x
    return view


@pytest.fixture
def threads() -> Iterator[None]:
    before = nl.get_num_threads()
    yield
    nl.set_num_threads(before)


@each_grade
@given(
    name=st.sampled_from(NAMES),
    size=st.integers(0, 70),
    offset=st.integers(0, 130),
    strides=st.tuples(st.sampled_from([1, 1, 2, 3, -1, -2]), st.sampled_from([1, 1, 2, 5, -1])),
    shifts=st.tuples(st.integers(0, 63), st.integers(0, 63)),
    seed=st.integers(0, 99),
)
@quick
def test_wherever_a_value_lies(
    dtype: Any, grade: str, name: str, size: int, offset: int, strides: Any, shifts: Any, seed: int
) -> None:
    """Odd shifts give arrays that are not even aligned to their items."""
    f, every = graded(name, grade), values(200, dtype, seed)
    whole, slopes = f.value_and_grad(every)
    part = slice(offset, offset + size)
    x = laid_out(every[part], strides[0], shifts[0], seed)
    out = laid_out(np.zeros(x.size, dtype), strides[1], shifts[1], seed + 1)
    before = out.base.copy()
    assert same(f(x), whole[part])
    assert same(f.grad(x), slopes[part])
    f(x, out=out)
    assert same(out, whole[part])
    out[...] = 0
    assert same(out.base, before)  # nothing else was written
    assert same(x, every[part])


@each_grade
@pytest.mark.parametrize("name", NAMES)
def test_each_size_and_each_alignment(dtype: Any, grade: str, name: str) -> None:
    f, every = graded(name, grade), values(80, dtype)
    whole, slopes = f.value_and_grad(every)
    for size in range(71):
        x = laid_out(every[:size], 1, size % 9, size)
        value, slope = f.value_and_grad(x)
        assert same(value, whole[:size])
        assert same(slope, slopes[:size])
        assert same(f(x), whole[:size])


@each_grade
@pytest.mark.parametrize("name", NAMES)
def test_for_any_number_of_threads(dtype: Any, grade: str, name: str, threads: None) -> None:
    f, x = graded(name, grade), values(SHARED, dtype)
    x[: SHARED // 2] = values(SHARED // 2, dtype, 1)[::-1]
    expected = np.concatenate([np.stack(f.value_and_grad(piece)) for piece in np.array_split(x, 97)], axis=1)
    for count in (1, 2, 3):
        nl.set_num_threads(count)
        for _ in range(2):  # the first call lets the threads begin
            assert same(np.stack(f.value_and_grad(x)), expected)
            assert same(f(x), expected[0])
            assert same(f(x[::-1]), expected[0, ::-1])
            assert same(f.grad(laid_out(x, -2, 3, 0)), expected[1])


@each_grade
def test_value_slope_and_pullback_agree_bit_for_bit(activation: Any, dtype: Any, grade: str) -> None:
    f, x = graded(activation.name, grade), values(3000, dtype)
    value, slope = f.value_and_grad(x)
    assert same(value, f(x))
    assert same(slope, f.grad(x))
    for g in (1, -1, 0.5, 4):  # by which a product is exact, but for the least numbers
        product = f.vjp(x, np.full_like(x, g))
        fine = ~(np.abs(slope) < 16 * np.finfo(dtype).tiny) & (slope != 0) & ~np.isinf(slope)
        np.testing.assert_array_equal(product[fine], (slope * dtype(g))[fine])
        left = 1e-153 if activation.name == "sqrt_softplus" else 4 * np.finfo(dtype).smallest_subnormal
        assert (np.abs(product[slope == 0]) <= left).all()  # a root of what vanished is not yet 0


@each_grade
def test_an_activation_with_parameters_agrees_with_itself_bound(dtype: Any, grade: str) -> None:
    x = values(500, dtype)
    for name, parameter in (("swish", "beta"), ("elu", "alpha"), ("prelu", "weight")):
        f = graded(name, grade)
        one = f(x, **{parameter: 1.7})
        assert same(f.bind(**{parameter: 1.7})(x), one)
        assert same(f(x, **{parameter: np.full(x.shape, 1.7)}), one)  # a value each: no longer one for all
        each = np.random.default_rng(3).uniform(0.5, 2, x.size)
        singly = np.array([f(v, **{parameter: p}) for v, p in zip(x, each, strict=True)])
        assert same(f(x, **{parameter: each}), singly)
        assert same(f(x[::-1], **{parameter: each[::-1]}), singly[::-1])


# --- Outputs that overlap inputs -----------------------------------------------------------------------------


@each_grade
@given(
    name=st.sampled_from(NAMES),
    size=st.integers(1, 300),
    shift=st.integers(-40, 40),
    step=st.sampled_from([1, 2, -1, -3]),
)
@quick
def test_an_output_that_overlaps_its_input_is_right(
    dtype: Any, grade: str, name: str, size: int, shift: int, step: int
) -> None:
    f, room = graded(name, grade), values(4 * size + 100, dtype)
    x = room[50 : 50 + 3 * size : abs(step)][:: 1 if step > 0 else -1]
    out = room[50 + shift : 50 + shift + x.size]
    expected = f(x.copy())
    assert f(x, out=out) is out
    assert same(out, expected)


@each_grade
def test_two_outputs_that_overlap_the_input(dtype: Any, grade: str) -> None:
    f, x = graded("gelu", grade), values(SHARED, dtype)
    value, slope = f.value_and_grad(x)
    for count in (100, SHARED):
        room = x.copy()
        g = np.ones(count, dtype)
        f.vjp(room[:count], g, out=room[:count])
        np.testing.assert_array_equal(room[:count], slope[:count])
        room = x.copy()
        f(room[: count - 7], out=room[7:count])
        assert same(room[7:count], value[: count - 7])


def test_an_output_that_cannot_be_written_is_refused() -> None:
    x = np.zeros(8)
    x.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        nl.gelu(np.ones(8), out=x)
    with pytest.raises(ValueError, match=r"shape|broadcast"):
        nl.gelu(np.ones(8), out=np.ones(7))
