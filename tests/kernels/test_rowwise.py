"""Softmax and log-softmax against mpmath, SciPy, PyTorch and the dense Jacobian."""

from __future__ import annotations

from typing import Any

import hypothesis.extra.numpy as arrays
import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

import nonlin as nl
from nonlin.errors import InvalidInput, UnknownParameter
from oracles import LONG, to_long, worst

inf, nan = np.inf, np.nan
quick = settings(max_examples=60, deadline=None, database=None)


def shares(z: Any, temperature: float = 1.0) -> Any:
    """The plain softmax of one row, at 60 digits."""
    with mp.workdps(60):
        powers = [mp.exp(mp.mpf(float(v)) / mp.mpf(temperature)) for v in z]
        total = mp.fsum(powers)
        return np.array([to_long(p / total) for p in powers], LONG)


def logarithms(z: Any, temperature: float = 1.0) -> Any:
    """The plain log-softmax of one row, at 60 digits beyond those that cancel."""
    with mp.workdps(2000):
        powers = [mp.exp(mp.mpf(float(v)) / mp.mpf(temperature)) for v in z]
        total = mp.fsum(powers)
        return np.array([to_long(mp.log(p / total)) for p in powers], LONG)


ROWS = {
    "tutorial": [2.0, 1.0, 0.1],
    "random": np.random.default_rng(5).normal(scale=5, size=40),
    "far apart": [0.0, -80.0, -100.0, -103.0],
    "one element": [7.0],
    "equal": [3.0] * 9,
    "a clear winner": [30.0, 0.0, -5.0],
    "a tiny lead": [1e-7, 0.0],
}


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("temperature", [1.0, 0.1, 7.3])
def test_each_share_is_right_to_the_last_place(row: str, temperature: float, dtype: Any) -> None:
    z = np.array(ROWS[row], dtype)
    bound = 0.51 if dtype == np.float32 else 4 + 2 * np.ptp(z) / temperature  # float64: z / T is rounded
    error, where = worst(nl.softmax(z, temperature=temperature), shares(z, temperature), z)
    assert error <= bound, where
    error, where = worst(nl.log_softmax(z, temperature=temperature), logarithms(z, temperature), z)
    assert error <= bound, where


def test_figures_of_the_tutorials() -> None:
    assert nl.softmax([2.0, 1.0, 0.1]).round(4).tolist() == [0.6590, 0.2424, 0.0986]
    assert nl.softmax([-2.4, 0.9, -0.1]).round(8).tolist() == [0.0262558, 0.71186405, 0.26188015]


@given(
    z=arrays.arrays(
        np.float64, arrays.array_shapes(min_dims=1, max_dims=3, max_side=6), elements=st.floats(-50, 50)
    ),
    data=st.data(),
)
@quick
def test_any_axis_of_any_array_agrees_with_scipy(z: Any, data: Any) -> None:
    axis = data.draw(st.integers(-z.ndim, z.ndim - 1))
    assert np.allclose(nl.softmax(z, axis=axis), special.softmax(z, axis=axis), rtol=1e-13, atol=0)
    assert np.allclose(
        nl.log_softmax(z, axis=axis), special.log_softmax(z, axis=axis), rtol=1e-12, atol=1e-14
    )


def test_rows_sum_to_one_and_keep_their_order(dtype: Any) -> None:
    z = np.random.default_rng(6).normal(size=(50, 12)).astype(dtype)
    p = nl.softmax(z)
    assert np.allclose(p.sum(-1), 1, rtol=1e-6)
    assert np.array_equal(p.argsort(-1), z.argsort(-1))
    assert np.array_equal(nl.softmax(z + dtype(0)), p)


def test_a_low_temperature_sharpens_and_a_high_one_flattens() -> None:
    z = [2.0, 1.0, 0.1]
    assert nl.softmax(z, temperature=0.05)[0] > 0.999999
    assert np.allclose(nl.softmax(z, temperature=1e6), 1 / 3, atol=1e-6)
    assert np.array_equal(nl.softmax(z, temperature=2.0), nl.softmax(np.array(z) / 2))
    assert np.array_equal(nl.softmax.bind(temperature=2.0)(z), nl.softmax(z, temperature=2.0))


def test_one_temperature_a_row() -> None:
    z = np.arange(6.0).reshape(2, 3) ** 2
    both = nl.softmax(z, temperature=[1.0, 4.0])
    assert np.array_equal(both[0], nl.softmax(z[0]))
    assert np.array_equal(both[1], nl.softmax(z[1], temperature=4.0))


def test_a_vocabulary_of_50257_words(dtype: Any) -> None:
    z = np.random.default_rng(7).normal(scale=6, size=50257).astype(dtype)
    truth = special.softmax(z.astype(LONG))
    error, where = worst(nl.softmax(z), truth, z)
    assert error <= (0.51 if dtype == np.float32 else 4 + 2 * np.ptp(z) + z.size**0.5), where
    assert np.allclose(
        nl.log_softmax(z), special.log_softmax(z.astype(LONG)), rtol=1e-6 if dtype == np.float32 else 1e-13
    )


def test_huge_values_do_not_overflow(dtype: Any) -> None:
    z = np.array([1e30, 1e30, 0.0, -1e30], dtype)
    assert nl.softmax(z).tolist() == [0.5, 0.5, 0.0, 0.0]
    assert np.allclose(nl.log_softmax(z)[:2], -np.log(2))
    assert nl.log_softmax(z)[2] == -z[0]
    assert nl.softmax(np.array([np.finfo(dtype).max, -np.finfo(dtype).max], dtype)).tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("z", "p", "log_p"),
    [
        ([0.0, -inf], [1, 0], [0, -inf]),
        ([-inf, 0.0, 0.0], [0, 0.5, 0.5], [-inf, -np.log(2), -np.log(2)]),
        ([0.0, inf], [0, 1], [-inf, 0]),  # the limit; PyTorch and SciPy give NaN
        ([-inf, inf, 3.0], [0, 1, 0], [-inf, 0, -inf]),
        ([inf], [1], [0]),
        ([-inf], [1], [0]),
        ([inf, inf], [nan, nan], [nan, nan]),  # no limit: it depends on which is the larger
        ([-inf, -inf], [nan, nan], [nan, nan]),  # a fully masked row, as in PyTorch, JAX and SciPy
        ([0.0, nan], [nan, nan], [nan, nan]),
        ([nan, 0.0], [nan, nan], [nan, nan]),
        ([nan], [nan], [nan]),
        ([inf, nan], [nan, nan], [nan, nan]),
    ],
)
def test_rows_that_are_not_finite(z: Any, p: Any, log_p: Any, dtype: Any) -> None:
    assert np.array_equal(nl.softmax(dtype(z)), dtype(p), equal_nan=True)
    assert np.array_equal(nl.log_softmax(dtype(z)), dtype(log_p), equal_nan=True)


def test_masked_places_pass_no_gradient(dtype: Any) -> None:
    z, g = dtype([1.0, -inf, 2.0]), dtype([0.3, 5.0, -1.0])
    for f in (nl.softmax, nl.log_softmax):
        assert np.isfinite(f.vjp(z, g)[[0, 2]]).all()
    assert nl.softmax.vjp(z, g)[1] == 0
    assert np.isfinite(nl.softmax.param_grad(z, "temperature")).all()


@pytest.mark.parametrize("temperature", [1.0, 0.3])
def test_the_dense_jacobian_is_the_textbooks(temperature: float, dtype: Any) -> None:
    z = np.random.default_rng(8).normal(size=(3, 5)).astype(dtype)
    p = special.softmax(z.astype(float) / temperature, axis=-1)
    eye, tolerance = np.eye(5), 2 * float(np.finfo(dtype).eps) / temperature
    expected = (p[:, :, None] * eye - p[:, :, None] * p[:, None, :]) / temperature
    assert np.allclose(nl.softmax.jacobian(z, temperature=temperature), expected, atol=tolerance)
    expected = (eye - p[:, None, :]) / temperature
    assert np.allclose(nl.log_softmax.jacobian(z, temperature=temperature), expected, atol=tolerance)
    assert nl.softmax.jacobian(z).dtype == dtype


def test_the_jacobian_is_the_derivative(rowwise: Any) -> None:
    z, step = np.array([0.3, -1.1, 2.0]), mp.mpf(10) ** -20
    plain = shares if rowwise.name == "softmax" else logarithms
    for j in range(3):
        with mp.workdps(60):
            up, down = ([mp.mpf(v) + s * step * (i == j) for i, v in enumerate(z)] for s in (1, -1))
            column = [
                float((a - b) / (2 * step))
                for a, b in zip(_exact(plain, up), _exact(plain, down), strict=True)
            ]
        assert np.allclose(rowwise.jacobian(z)[:, j], column, atol=1e-15)


def _exact(plain: Any, z: Any) -> list[Any]:
    powers = [mp.exp(v) for v in z]
    total = mp.fsum(powers)
    return [p / total if plain is shares else mp.log(p / total) for p in powers]


@given(
    z=arrays.arrays(
        np.float64, arrays.array_shapes(min_dims=1, max_dims=3, max_side=5), elements=st.floats(-20, 20)
    ),
    seed=st.integers(0, 99),
)
@quick
def test_the_product_is_the_dense_jacobian_times_the_gradient(z: Any, seed: int) -> None:
    g = np.random.default_rng(seed).normal(size=z.shape)
    for f in (nl.softmax, nl.log_softmax):
        dense = np.einsum("...ij,...i->...j", f.jacobian(z), g)
        assert np.allclose(f.vjp(z, g), dense, rtol=1e-12, atol=1e-14)


def test_the_product_along_another_axis(rowwise: Any) -> None:
    z, g = np.random.default_rng(9).normal(size=(2, 4, 5))
    assert np.array_equal(rowwise.vjp(z, g, axis=0), rowwise.vjp(z.T, g.T).T)


def test_products_agree_with_pytorch(rowwise: Any) -> None:
    torch = pytest.importorskip("torch")
    z, g = np.random.default_rng(10).normal(size=(2, 7, 11))
    leaf = torch.tensor(z, requires_grad=True)
    getattr(torch, rowwise.name)(leaf, -1).backward(torch.tensor(g))
    assert np.allclose(rowwise.vjp(z, g), leaf.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_the_gradient_of_the_cross_entropy_is_p_minus_y() -> None:
    z, y = np.array([2.0, 1.0, 0.1]), np.array([0.0, 1.0, 0.0])
    assert np.allclose(nl.log_softmax.vjp(z, -y), nl.softmax(z) - y, rtol=1e-15)


@pytest.mark.parametrize("temperature", [1.0, 0.4])
def test_the_derivative_by_the_temperature(rowwise: Any, temperature: float) -> None:
    z = np.array([0.3, -1.1, 2.0])
    with mp.workdps(60):
        ones = [
            float(
                mp.diff(
                    lambda t, i=i: _exact(_plain(rowwise), [mp.mpf(v) / t for v in z])[i], mp.mpf(temperature)
                )
            )
            for i in range(3)
        ]
    assert np.allclose(rowwise.param_grad(z, "temperature", temperature=temperature), ones, rtol=1e-13)


def _plain(rowwise: Any) -> Any:
    return shares if rowwise.name == "softmax" else logarithms


def test_layouts_and_out(rowwise: Any, dtype: Any) -> None:
    z = np.random.default_rng(11).normal(size=(6, 8)).astype(dtype)
    expected = rowwise(z)
    assert np.array_equal(rowwise(np.asfortranarray(z)), expected)
    assert np.array_equal(rowwise(z.astype(z.dtype.newbyteorder("S"))), expected)
    assert np.array_equal(rowwise(z[::-1, ::-1]), rowwise(z[::-1, ::-1].copy()))
    assert np.array_equal(rowwise(z.T, axis=0), expected.T)
    out = z.copy()
    assert rowwise(out, out=out) is out
    assert np.array_equal(out, expected)
    out = z.copy()
    rowwise(out, axis=0, out=out)
    assert np.array_equal(out, rowwise(z, axis=0))
    assert rowwise(z[:0]).shape == (0, 8)
    assert rowwise(z[:, :0]).shape == (6, 0)


def test_integers_and_halves(rowwise: Any) -> None:
    assert rowwise([1, 2]).dtype == np.float64
    assert rowwise(np.int8([1, 2])).dtype == np.float16
    assert rowwise(np.float16([1, 2])).dtype == np.float16


def test_what_makes_no_sense_is_refused(rowwise: Any) -> None:
    with pytest.raises(InvalidInput, match=f"{rowwise.name} works along an axis.*give a row"):
        rowwise(1.0)
    for method in ("grad", "value_and_grad", "derivative"):
        with pytest.raises(InvalidInput, match=rf"{rowwise.name}\.jacobian.*{rowwise.name}\.vjp"):
            getattr(rowwise, method)([1.0, 2.0])
    with pytest.raises(ValueError, match="axis 3"):
        rowwise([1.0], axis=3)
    with pytest.raises(UnknownParameter, match=r"no parameter 'temprature'.*Did you mean 'temperature'"):
        rowwise([1.0], temprature=2.0)
    with pytest.raises(UnknownParameter, match="no parameter 'temp'"):
        rowwise.param_grad([1.0], "temp")
