"""A call that finds its kernel ready gives what the general way gives: value, dtype, kind and error."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput, NonlinError, UnknownParameter
from nonlin.kernels.apply import apply

WARM = [np.float32([0.5]), np.array([0.5])]
KINDS = {
    "float32": np.float32([-1.5, 0.0, 2.0]),
    "float64": np.array([-1.5, 0.0, 2.0]),
    "swapped bytes": np.array([-1.5, 2.0], np.dtype(np.float32).newbyteorder()),
    "0-d": np.array(-1.5, np.float32),
    "empty": np.empty((0, 3), np.float32),
    "float": -1.5,
    "int": -2,
    "bool": True,
    "numpy.float32": np.float32(-1.5),
    "numpy.float64": np.float64(-1.5),
    "numpy.float16": np.float16(-1.5),
    "numpy.int64": np.int64(-2),
    "list": [-1.5, 2.0],
    **{
        dtype: np.array([0, 1, 3]).astype(dtype) for dtype in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8")
    },
    "longlong": np.array([0, 1, 3], np.longlong),
    "float16": np.float16([-1.5, 2.0]),
    "masked": np.ma.array([-1.5, 2.0], mask=[True, False]),
    "a subclass": np.ones((2, 2), np.float32).view(np.recarray),
}


def same(got: Any, expected: Any) -> None:
    if isinstance(expected, tuple):
        assert isinstance(got, tuple)
        assert len(got) == len(expected)
        for g, e in zip(got, expected, strict=True):
            same(g, e)
        return
    assert type(got) is type(expected)
    assert got.dtype == expected.dtype
    assert np.ma.allequal(got, expected)


@pytest.fixture(params=[nl.gelu, nl.leaky_relu, nl.gelu.fast], ids=repr)
def f(request: pytest.FixtureRequest) -> Any:
    """An activation whose kernels are ready: without parameters and with one."""
    for x in WARM:
        request.param.value_and_grad(x), request.param(x), request.param.grad(x), request.param.vjp(x, x)
    return request.param


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_input(f: Any, kind: str) -> None:
    x = KINDS[kind]
    same(f(x), apply(f._kernels("value"), (x,), f._fixed))
    same(f.grad(x), apply(f._kernels("slope"), (x,), f._fixed))
    same(f.derivative(1)(x), apply(f._kernels(1), (x,), f._fixed))
    same(f.value_and_grad(x), apply(f._kernels("value", "slope"), (x,), f._fixed))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", ["same", "float", "float32", "float64"])
def test_every_pair_of_inputs(f: Any, kind: str, other: str) -> None:
    x = KINDS[kind]
    g = x if other == "same" else {"float": 2.0, "float32": np.float32(2), "float64": np.array(2.0)}[other]
    same(f.vjp(x, g), apply(f._kernels("pullback"), (x, g), f._fixed))


@pytest.mark.parametrize(
    "slope", [0.25, 0.0, -0.0, 1, 0, True, np.float64(0.25), np.float32(0.25), np.array(0.25)]
)
@pytest.mark.parametrize("kind", ["float32", "float64", "float", "i8", "list"])
def test_every_kind_of_parameter(kind: str, slope: Any) -> None:
    x = KINDS[kind]
    bound = nl.leaky_relu.bind(negative_slope=float(slope))
    for _ in range(2):
        same(nl.leaky_relu(x, negative_slope=slope), bound(x))
        same(nl.leaky_relu.vjp(x, x, negative_slope=slope), bound.vjp(x, x))
    assert np.array_equal(np.signbit(nl.leaky_relu(x, negative_slope=slope)), np.signbit(bound(x)))


def test_several_parameters_in_any_order() -> None:
    @nl.activation
    def line(x: Any, a: float = 2.0, b: float = 3.0) -> Any:
        return a * x + b

    x = np.float32([1.0])
    for _ in range(2):
        assert [line(x)[0], line(x, b=5.0)[0], line(x, a=4.0)[0]] == [5, 7, 7]
        assert line(x, b=5.0, a=4.0)[0] == line(x, a=4.0, b=5.0)[0] == 9
        with pytest.raises(UnknownParameter, match="line has no parameter 'c'"):
            line(x, a=1.0, c=2.0)
        with pytest.raises(UnknownParameter, match="line has no parameter 'c'"):
            line(x, a=1.0, b=1.0, c=2.0)


@pytest.mark.parametrize("huge", [2**64, -(2**63) - 1, 10**400])
def test_an_integer_beyond_numpys_is_no_parameter(huge: int) -> None:
    with pytest.raises(InvalidInput, match="leaky_relu: negative_slope="):
        nl.leaky_relu(WARM[0], negative_slope=huge)


def test_outputs_are_given_as_to_a_ufunc(f: Any) -> None:
    x, out, other = np.float32([-1, 2]), np.empty(2, np.float32), np.empty(2, np.float32)
    for call, results in ((f, f(x)), (f.grad, f.grad(x))):
        assert call(x, out) is call(x, out=out) is call(x, out=(out,)) is out
        assert np.array_equal(out, results)
    pair = f.value_and_grad(x, out=(out, other))
    assert pair[0] is out
    assert pair[1] is other
    assert np.array_equal(out, f(x))
    assert np.array_equal(other, f.grad(x))
    with pytest.raises(TypeError):
        f.value_and_grad(x, out=out)
    single = np.empty(())
    assert f(2.0, out=single) is single
    assert single == f(2.0)


@pytest.mark.parametrize(
    "x", [np.float32([[1, 2], [3, 5]]), np.array([[1.0, 2.0], [3.0, 5.0]])], ids=["f", "d"]
)
def test_rows(x: Any) -> None:
    nl.softmax(x), nl.softmax.vjp(x, x)
    expected, product = (
        apply(nl.softmax._kernels(what), (x,) * n, [1.0]) for what, n in (("value", 1), ("vjp", 2))
    )
    out = np.empty_like(x)
    for axis in (-1, 1, None, np.int64(-1)):
        same(nl.softmax(x, axis=axis), expected)
        same(nl.softmax.vjp(x, x, axis=axis), product)
        assert nl.softmax(x, axis=axis, out=out) is nl.softmax(x, axis, (out,)) is out
        same(out, expected)
    same(nl.softmax(x, axis=0), nl.softmax(x.T).T)
    same(nl.softmax.vjp(x, x, axis=0, out=out), nl.softmax.vjp(x.T, x.T).T)
    same(nl.softmax(x, temperature=2.0), nl.softmax(x / 2))
    same(nl.softmax.vjp(x, x[0]), nl.softmax.vjp(x, np.stack([x[0], x[0]])))
    for lacks in ((np.array(1.0, x.dtype),), (1.0,)):
        with pytest.raises(InvalidInput, match="give a row"):
            nl.softmax(*lacks)
    with pytest.raises(InvalidInput, match="give a row"):
        nl.softmax.vjp(x, np.array(1.0, x.dtype))
    with pytest.raises(NonlinError, match="softmax has no parameter"):
        nl.softmax(x, temp=2.0)
