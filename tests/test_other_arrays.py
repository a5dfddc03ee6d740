"""dask, xarray, pandas and polars: their own kind goes in and comes out, by NumPy's protocol."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput

X = np.linspace(-3, 3, 12, dtype=np.float32)
WAYS = {
    "value": (nl.gelu, nl.gelu),
    "slope": (nl.gelu.grad, nl.gelu.grad),
    "fast": (nl.silu.fast, nl.silu.fast),
    "product": (lambda x: nl.gelu.vjp(x, x), lambda x: nl.gelu.vjp(x, x)),
    "second": (nl.gelu.derivative(2), nl.gelu.derivative(2)),
    "product with numpy's": (
        lambda x: nl.gelu.vjp(x, np.cos(X).reshape(x.shape)),
        lambda x: nl.gelu.vjp(x, np.cos(X)),
    ),
    "by a parameter": (lambda x: nl.swish.param_grad(x, "beta"), lambda x: nl.swish.param_grad(x, "beta")),
    "parameter": (lambda x: nl.swish(x, beta=2.0), lambda x: nl.swish(x, beta=2.0)),
    "ufunc": (nl.gelu.ufunc, nl.gelu),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Any:
    """A way to call an activation, and the same on plain arrays."""
    return WAYS[request.param]


def same(got: Any, expected: Any) -> None:
    got = np.asarray(got)
    assert got.dtype == expected.dtype
    assert np.array_equal(got, expected)


# --- The ufunc ----------------------------------------------------------------------------------------------


def test_it_is_a_ufunc_that_says_what_it_is() -> None:
    ufunc = nl.swish.ufunc
    assert isinstance(ufunc, np.ufunc)
    assert (ufunc.__name__, ufunc.nin, ufunc.nout) == ("swish", 2, 1)
    assert ufunc.types == ["fd->f", "dd->d"]
    assert nl.swish.summary in ufunc.__doc__
    assert nl.swish.ufunc is ufunc


def test_it_gives_the_bits_of_the_call(activation: Any, dtype: Any) -> None:
    x = np.random.default_rng(8).normal(scale=6, size=500).astype(dtype)
    got = activation.ufunc(x, *(p.default for p in activation.parameters))
    assert got.tobytes() == activation(x).tobytes()


def test_where_and_out_are_numpys() -> None:
    out = np.full(12, 9, np.float32)
    assert nl.gelu.ufunc(X, out=out, where=X > 0) is out
    assert np.array_equal(out, np.where(X > 0, nl.gelu(X), np.float32(9)))


def test_tables_of_parameters() -> None:
    table = nl.swish.ufunc.outer(X, [0.5, 1.0, 2.0])
    assert table.shape == (12, 3)
    assert np.array_equal(table[:, 2], nl.swish(X, beta=2.0))


def test_a_fold_is_refused_where_it_cannot_be() -> None:
    with pytest.raises(ValueError, match="binary"):
        nl.gelu.ufunc.reduce(X)
    with pytest.raises(TypeError, match="not compatible with swish"):
        nl.swish.ufunc.accumulate(X)


def test_a_fold_takes_one_value_after_the_other() -> None:
    """A group of values computed together would all begin from the same one."""
    same = np.broadcast_to(0.7, 40)
    for x in (np.linspace(0.5, 1.5, 40), np.linspace(0.5, 1.5, 80)[::2], np.linspace(1.5, 0.5, 5000), same):
        steps = [x[0]]
        for beta in x[1:]:
            steps.append(nl.swish(steps[-1], beta=beta))
        assert np.array_equal(nl.swish.ufunc.accumulate(x), np.array(steps))
        assert nl.swish.ufunc.reduce(x) == steps[-1]
        assert nl.swish.ufunc.reduceat(x, [0]) == steps[-1]


def test_integers_promote_as_numpy_promotes() -> None:
    assert nl.gelu.ufunc(np.int8([1])).dtype == np.float32
    assert nl.gelu.ufunc([1, 2]).dtype == np.float64
    with pytest.raises(TypeError, match="gelu"):
        nl.gelu.ufunc(1j)


# --- pandas -------------------------------------------------------------------------------------------------


def test_a_series_keeps_its_index_name_and_dtype(way: Any) -> None:
    pd = pytest.importorskip("pandas")
    series = pd.Series(X, index=[f"row {i}" for i in range(12)], name="input")
    got = way[0](series)
    assert isinstance(got, pd.Series)
    assert got.index.equals(series.index)
    assert got.name == "input"
    same(got, way[1](X))


def test_a_series_with_missing_values_keeps_them() -> None:
    pd = pytest.importorskip("pandas")
    series = pd.Series([1.0, None, -2.0], dtype="Float32")
    got = nl.gelu(series)
    assert got.dtype == series.dtype
    assert got.isna().tolist() == [False, True, False]
    same(got[[0, 2]].to_numpy(np.float32), nl.gelu(np.float32([1, -2])))


def test_a_frame_keeps_its_labels_and_dtypes() -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": X, "b": X.astype(float)})
    got = nl.gelu(frame)
    assert got.columns.tolist() == ["a", "b"]
    same(got["a"], nl.gelu(X))
    same(got["b"], nl.gelu(X.astype(float)))


def test_both_results_of_a_series() -> None:
    pd = pytest.importorskip("pandas")
    value, slope = nl.gelu.value_and_grad(pd.Series(X, index=range(5, 17)))
    assert value.index.tolist() == slope.index.tolist() == list(range(5, 17))
    same(slope, nl.gelu.grad(X))


# --- xarray -------------------------------------------------------------------------------------------------


def test_a_data_array_keeps_its_dimensions_and_coordinates(way: Any) -> None:
    xr = pytest.importorskip("xarray")
    array = xr.DataArray(X.reshape(3, 4), dims=("row", "column"), coords={"row": [10, 20, 30]})
    got = way[0](array)
    assert isinstance(got, xr.DataArray)
    assert got.dims == ("row", "column")
    assert got.row.values.tolist() == [10, 20, 30]
    same(got, way[1](X).reshape(3, 4))


def test_apply_ufunc_takes_it() -> None:
    xr = pytest.importorskip("xarray")
    array = xr.DataArray(X, dims="row")
    same(xr.apply_ufunc(nl.gelu.ufunc, array), nl.gelu(X))
    same(xr.apply_ufunc(nl.gelu, array), nl.gelu(X))
    lazy = xr.apply_ufunc(nl.gelu.ufunc, array.chunk(5), dask="allowed")
    same(lazy.compute(), nl.gelu(X))


# --- dask ---------------------------------------------------------------------------------------------------


def test_a_dask_array_stays_lazy_in_its_chunks(way: Any) -> None:
    da = pytest.importorskip("dask.array")
    lazy = way[0](da.from_array(X, chunks=5))
    assert isinstance(lazy, da.Array)
    assert lazy.chunks == ((5, 5, 2),)
    assert lazy.dtype == np.float32
    same(lazy.compute(scheduler="synchronous"), way[1](X))


def test_halves_of_a_dask_array_stay_halves() -> None:
    da = pytest.importorskip("dask.array")
    x = X.astype(np.float16)
    same(nl.gelu(da.from_array(x, chunks=5)).compute(scheduler="synchronous"), nl.gelu(x))


def test_a_pair_of_lazy_arrays_is_lazy() -> None:
    da, xr = pytest.importorskip("dask.array"), pytest.importorskip("xarray")
    lazy = da.from_array(X, chunks=5)
    for array, kind in ((lazy, da.Array), (xr.DataArray(lazy, dims="row"), xr.DataArray)):
        pair = nl.swish.value_and_grad(array, beta=2.0)
        for got, expected in zip(pair, nl.swish.value_and_grad(X, beta=2.0), strict=True):
            assert isinstance(got, kind)
            assert got.chunks == ((5, 5, 2),)
            same(got.compute(scheduler="synchronous"), expected)


def test_parameters_may_be_lazy_too() -> None:
    da = pytest.importorskip("dask.array")
    lazy, beta = da.from_array(X, chunks=5), np.linspace(0.5, 2, 12)
    got = nl.swish(lazy, beta=da.from_array(beta, chunks=5))
    assert isinstance(got, da.Array)
    same(got.compute(scheduler="synchronous"), nl.swish(X, beta=beta))


def test_rows_of_one_chunk_are_mixed_and_cut_rows_are_refused() -> None:
    da = pytest.importorskip("dask.array")
    z = X.reshape(3, 4)
    lazy = nl.softmax(da.from_array(z, chunks=(1, 4)))
    same(lazy.compute(scheduler="synchronous"), nl.softmax(z))
    with pytest.raises(InvalidInput, match=r"dask\.Array.*multiple chunks"):
        nl.softmax(da.from_array(z, chunks=(3, 2)))


# --- Rows of what bears labels ------------------------------------------------------------------------------

Z = X.reshape(3, 4)
ROWS = {
    "value": lambda z, axis: nl.softmax(z, axis=axis),
    "parameter": lambda z, axis: nl.log_softmax(z, axis=axis, temperature=2.0),
    "product": lambda z, axis: nl.softmax.vjp(z, z, axis=axis),
    "product with numpy's": lambda z, axis: nl.softmax.vjp(z, np.cos(Z), axis=axis),
    "by a parameter": lambda z, axis: nl.softmax.param_grad(z, "temperature", axis=axis),
}


@pytest.mark.parametrize("of", ROWS)
@pytest.mark.parametrize("axis", [0, -1])
def test_rows_of_a_frame_keep_their_labels(of: str, axis: int) -> None:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(Z, index=["u", "v", "w"], columns=list("abcd"))
    got = ROWS[of](frame, axis)
    assert isinstance(got, pd.DataFrame)
    assert got.index.tolist() == ["u", "v", "w"]
    assert got.columns.tolist() == list("abcd")
    same(got, ROWS[of](Z, axis))


def test_the_softmax_of_a_series_keeps_its_index_and_name() -> None:
    pd = pytest.importorskip("pandas")
    got = nl.softmax(pd.Series(X, index=range(5, 17), name="logits"))
    assert got.index.tolist() == list(range(5, 17))
    assert got.name == "logits"
    same(got, nl.softmax(X))


@pytest.mark.parametrize("of", ROWS)
@pytest.mark.parametrize(("axis", "number"), [("row", 0), ("column", 1), (-1, -1)])
@pytest.mark.parametrize("lazy", [False, True])
def test_rows_of_a_data_array_keep_their_labels(of: str, axis: Any, number: int, lazy: bool) -> None:
    xr = pytest.importorskip("xarray")
    array = xr.DataArray(Z, dims=("row", "column"), coords={"row": [10, 20, 30]}, name="logits")
    if lazy:
        array = array.chunk({"row": -1, "column": 2} if number == 0 else {"row": 2, "column": -1})
    got = ROWS[of](array, axis)
    assert isinstance(got, xr.DataArray)
    assert (got.dims, got.name, got.row.values.tolist()) == (("row", "column"), "logits", [10, 20, 30])
    assert got.chunks == array.chunks
    same(got.compute(scheduler="synchronous") if lazy else got, ROWS[of](Z, number))


# --- polars -------------------------------------------------------------------------------------------------


def test_a_polars_series_stays_one() -> None:
    pl = pytest.importorskip("polars")
    got = nl.gelu(pl.Series("input", X))
    assert isinstance(got, pl.Series)
    assert got.dtype == pl.Float32
    same(got.to_numpy(), nl.gelu(X))
