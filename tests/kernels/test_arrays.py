"""Any shape, layout, byte order and dtype: the same numbers, bit for bit."""

from __future__ import annotations

from typing import Any

import hypothesis.extra.numpy as arrays
import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nonlin as nl
from nonlin.errors import InvalidInput

CASES = ["gelu", "silu", "hard_swish", "elu", "softsign"]
quick = settings(max_examples=60, deadline=None, database=None)


def bits(array: Any) -> Any:
    return np.ascontiguousarray(array).view(np.uint8).tobytes()


@pytest.fixture(params=CASES)
def f(request: pytest.FixtureRequest) -> Any:
    """A few activations that take different paths through a kernel."""
    return nl.get(request.param)


def sample(dtype: Any, n: int = 720) -> Any:
    return np.random.default_rng(4).normal(scale=4, size=n).astype(dtype)


# --- Layout -------------------------------------------------------------------------------------------------


LAYOUTS = {
    "fortran": lambda a: np.asfortranarray(a.reshape(24, 30)),
    "transposed": lambda a: a.reshape(24, 30).T,
    "every third": lambda a: a[::3],
    "backwards": lambda a: a[::-1],
    "both backwards": lambda a: a.reshape(24, 30)[::-1, ::-2],
    "column": lambda a: a.reshape(24, 30)[:, 7],
    "broadcast": lambda a: np.broadcast_to(a[:30], (24, 30)),
    "one value broadcast": lambda a: np.broadcast_to(a[0], (24, 30)),
    "five axes": lambda a: a.reshape(2, 3, 4, 5, 6).transpose(3, 0, 4, 2, 1),
    "swapped bytes": lambda a: a.astype(a.dtype.newbyteorder("S")),
    "unaligned": lambda a: np.frombuffer(b"\0" + a.tobytes(), np.uint8)[1:].view(a.dtype),
    "read-only": lambda a: read_only(a),
    "empty": lambda a: a[:0].reshape(0, 5),
    "zero-dimensional": lambda a: a[3].reshape(()),
}


def read_only(array: Any) -> Any:
    copy = array.copy()
    copy.setflags(write=False)
    return copy


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("method", ["__call__", "grad", "value_and_grad"])
def test_results_do_not_depend_on_layout(f: Any, dtype: Any, layout: str, method: str) -> None:
    view = LAYOUTS[layout](sample(dtype))
    plain = np.array(view, dtype, order="C")
    got, expected = getattr(f, method)(view), getattr(f, method)(plain)
    assert np.shape(got) == np.shape(expected)
    assert bits(got) == bits(expected)


@given(
    data=arrays.arrays(
        st.sampled_from([np.float32, np.float64]),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=7),
        elements={"allow_nan": True, "allow_infinity": True},
    ),
    seed=st.integers(0, 2**32 - 1),
)
@quick
def test_any_view_of_any_array_gives_what_its_elements_give_one_by_one(data: Any, seed: int) -> None:
    draw = np.random.default_rng(seed)
    steps = tuple(slice(None, None, int(draw.choice([-2, -1, 1, 2]))) for _ in data.shape)
    view = data.transpose(draw.permutation(data.ndim))[steps]
    one_by_one = np.array([nl.mish(v) for v in view.ravel()], data.dtype).reshape(view.shape)
    got = np.asarray(nl.mish(view))
    assert got.dtype == data.dtype
    assert np.array_equal(got, one_by_one, equal_nan=True)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 65, 127, 1000, 4097])
def test_results_do_not_depend_on_size_or_offset(f: Any, dtype: Any, n: int) -> None:
    x = sample(dtype, 4200)
    whole, slopes = f.value_and_grad(x)
    for offset in (0, 1, 3, 7):
        part = x[offset : offset + n]
        assert bits(f(part)) == bits(whole[offset : offset + n])
        assert bits(f.grad(part)) == bits(slopes[offset : offset + n])


def test_a_scalar_gives_a_scalar_and_a_list_an_array() -> None:
    assert isinstance(nl.relu(1.5), np.float64)
    assert isinstance(nl.relu(np.float32(1.5)), np.float32)
    assert isinstance(nl.relu(3), np.float64)
    assert np.array_equal(nl.relu([[-1, 2], [3, -4]]), [[0, 2], [3, 0]])
    assert nl.relu([]).shape == (0,)
    assert all(np.isscalar(v) for v in nl.silu.value_and_grad(1.0))


def test_a_masked_array_keeps_its_mask() -> None:
    masked = np.ma.array([1.0, 2.0], mask=[False, True])
    assert nl.silu(masked).mask.tolist() == [False, True]


# --- Dtypes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given_dtype", [bool, "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]
)
def test_dtypes_promote_as_in_numpy_exp(f: Any, given_dtype: str) -> None:
    x = np.array([0, 1], given_dtype)
    expected = np.exp(x).dtype
    assert f(x).dtype == expected
    assert f.grad(x).dtype == expected
    assert f.vjp(x, x).dtype == expected
    assert np.allclose(f(x), f(x.astype(float)), rtol=1e-3)


def test_bfloat16_stays_bfloat16() -> None:
    x = np.array([-2, 0.5, 3], ml_dtypes.bfloat16)
    for result in (nl.gelu(x), nl.gelu.grad(x), nl.gelu.vjp(x, x), *nl.gelu.value_and_grad(x)):
        assert result.dtype == ml_dtypes.bfloat16


def test_a_plain_number_never_widens_a_result() -> None:
    x = np.float32([1, 2])
    assert nl.silu.vjp(x, 2.0).dtype == np.float32
    assert nl.silu.vjp(x, 2).dtype == np.float32
    assert nl.silu.vjp(x, np.float64(2)).dtype == np.float64
    assert nl.swish(x, beta=2.0).dtype == np.float32
    assert nl.swish(x, beta=np.float64([2.0, 3.0])).dtype == np.float32


@pytest.mark.parametrize(
    "wrong",
    [
        1j, np.array([1j]), "abc", np.array(["a"]), None, np.array([1, "a"], object), np.longdouble([1]), 10**30,
        np.array(["2020-01-01"], "M8[D]"), np.array([1], ml_dtypes.float8_e5m2), np.array([1], "m8[s]"),
    ],
    ids=lambda v: repr(v)[:30],
)  # fmt: skip
@pytest.mark.parametrize("method", ["__call__", "grad", "value_and_grad"])
def test_what_is_no_real_number_is_refused_in_one_clear_line(wrong: Any, method: str) -> None:
    with pytest.raises(InvalidInput, match="real floats up to float64"):
        getattr(nl.silu, method)(wrong)
    with pytest.raises(InvalidInput, match="real floats up to float64"):
        nl.softmax([wrong] if np.ndim(wrong) == 0 else wrong)


def test_a_ragged_list_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no array"):
        nl.silu([[1.0], [1.0, 2.0]])


def test_a_tensor_is_refused_with_the_way_out() -> None:
    torch = pytest.importorskip("torch")
    with pytest.raises(InvalidInput, match=r"torch\.Tensor.*nonlin\.torch"):
        nl.silu(torch.ones(2))


# --- out= ---------------------------------------------------------------------------------------------------


def test_out_is_filled_and_returned(f: Any, dtype: Any) -> None:
    x = sample(dtype)
    out = np.empty_like(x)
    assert f(x, out=out) is out
    assert bits(out) == bits(f(x))
    pair = np.empty_like(x), np.empty_like(x)
    value, slope = f.value_and_grad(x, out=pair)
    assert value is pair[0]
    assert slope is pair[1]
    assert bits(pair[1]) == bits(f.grad(x))


def test_out_may_be_the_input_itself(f: Any, dtype: Any) -> None:
    x = sample(dtype)
    expected, product = f(x), f.vjp(x, x)
    same = x.copy()
    f(same, out=same)
    assert bits(same) == bits(expected)
    same = x.copy()
    f.vjp(same, same, out=same)
    assert bits(same) == bits(product)


@pytest.mark.parametrize(
    ("into", "from_"),
    [(slice(1, None), slice(-1)), (slice(-1), slice(1, None)), (slice(None, None, -1), slice(None))],
)
def test_out_may_overlap_the_input(f: Any, dtype: Any, into: slice, from_: slice) -> None:
    x = sample(dtype)
    expected = f(x[from_].copy())
    f(x[from_], out=x[into])
    assert bits(x[into]) == bits(expected)


def test_out_of_any_layout(f: Any, dtype: Any) -> None:
    x = sample(dtype).reshape(24, 30)
    out = np.zeros((30, 48), dtype).T[::2]
    f(x, out=out)
    assert bits(out) == bits(f(x))


def test_out_of_another_float_is_cast_as_numpy_casts() -> None:
    x = np.float32([-1, 2])
    assert np.array_equal(nl.silu(x, out=np.empty(2)), nl.silu(x).astype(float))
    assert np.array_equal(nl.silu(x.astype(float), out=np.empty(2, np.float32)), nl.silu(x))


@pytest.mark.parametrize("half", [np.float16, ml_dtypes.bfloat16])
def test_out_of_half_precision_is_rounded_once_too(half: Any) -> None:
    x = np.arange(2**16, dtype=np.uint16).view(half)
    x = x[np.isfinite(x.astype(np.float32))]
    out = np.empty_like(x)
    assert nl.mish(x, out=out) is out
    assert bits(out) == bits(nl.mish(x))
    pair = np.empty_like(x), np.empty_like(x)
    nl.mish.value_and_grad(x, out=pair)
    assert bits(pair[1]) == bits(nl.mish.grad(x))


@pytest.mark.parametrize(
    "out", [np.empty(2, int), np.empty(3, np.float32), [0.0, 0.0], read_only(np.zeros(2, np.float32))],
    ids=["integers", "another shape", "a list", "read-only"],
)  # fmt: skip
def test_an_out_that_cannot_be_filled_is_refused(out: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        nl.silu(np.float32([1, 2]), out=out)


def test_a_pair_without_out_once_failed_for_float32_and_float64_alone(dtype: Any) -> None:
    value, slope = nl.silu.value_and_grad(dtype([0.0]))
    assert (value[0], slope[0]) == (0.0, 0.5)


# --- Parameters ---------------------------------------------------------------------------------------------


def test_parameters_broadcast_against_the_input() -> None:
    x, beta = sample(np.float32, 6), np.array([0.5, 1.0, 2.0])
    table = nl.swish(x, beta=beta[:, None])
    assert table.shape == (3, 6)
    assert table.dtype == np.float32
    for row, b in zip(table, beta, strict=True):
        assert bits(row) == bits(nl.swish.bind(beta=b)(x))


@given(
    shape=arrays.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=4), seed=st.integers(0, 99)
)
@quick
def test_products_broadcast_as_numpy_multiplies(shape: Any, seed: int) -> None:
    draw = np.random.default_rng(seed)
    x, g = (draw.normal(size=s) for s in shape.input_shapes)
    assert nl.tanh.vjp(x, g).shape == shape.result_shape
    assert np.allclose(nl.tanh.vjp(x, g), nl.tanh.grad(x) * g, rtol=1e-15)


@pytest.mark.parametrize("what", ["a", None, 1j, np.array([1j]), np.longdouble(1)], ids=repr)
def test_a_parameter_that_is_no_number_is_refused_by_its_name(what: Any) -> None:
    with pytest.raises(InvalidInput, match="swish: beta="):
        nl.swish([1.0], beta=what)
    with pytest.raises(InvalidInput, match="swish: beta="):
        nl.swish.bind(beta=what)


@pytest.mark.parametrize("integer", [2, np.int8(2), np.float16(2), True, [1, 2]])
def test_parameters_may_be_integers_halves_and_lists(integer: Any) -> None:
    x = np.float32([0.5, 1.5])
    assert bits(nl.swish(x, beta=integer)) == bits(nl.swish(x, beta=np.asarray(integer, float)))


# --- Thread safety: a kernel is compiled and called from several threads at once ----------------------------


def test_several_threads_may_call_an_activation_that_is_not_yet_compiled() -> None:
    from concurrent.futures import ThreadPoolExecutor

    @nl.activation
    def fresh(x: Any, a: float = 0.73) -> Any:
        return x * nl.tanh(a * x) + nl.normal_cdf(x)

    x = sample(np.float32)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: fresh(x), range(8)))
    assert len({bits(r) for r in results}) == 1
