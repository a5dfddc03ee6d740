"""Masked elements count as if they were not there: in the value, the pullback, the Jacobian, by parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput

inf, nan = np.inf, np.nan
WHOLE = [n for n in nl.names() if nl.get(n).card.kind == "rowwise" and nl.get(n).card.rows[0] == "whole"]
MASKED = {"log_softmax": -inf}


def drawn(n: int, dtype: Any = np.float64) -> Any:
    random = np.random.default_rng(n)
    return (*random.normal(scale=2, size=(2, 6, n)).astype(dtype), random.random((6, n)) < 0.6)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("n", [3, 16, 40, 1100])
def test_a_masked_row_is_the_row_without_what_is_masked(name: str, n: int, dtype: Any) -> None:
    f, (z, g, mask) = nl.get(name), drawn(n, dtype)
    value, product = f(z, axis=-1, where=mask), f.vjp(z, g, axis=-1, where=mask)
    tolerance = 30 * float(np.finfo(dtype).eps)
    for i in range(6):
        kept = mask[i]
        if not kept.any():
            continue
        near: dict[str, Any] = {"rtol": tolerance, "atol": tolerance * 4}
        np.testing.assert_allclose(value[i, kept], f(z[i, kept]), **near)
        np.testing.assert_allclose(product[i, kept], f.vjp(z[i, kept], g[i, kept]), **near)
        for p in f.parameters:
            got = f.param_grad(z, p.name, axis=-1, where=mask)[i]
            np.testing.assert_allclose(got[kept], f.param_grad(z[i, kept], p.name), **near)
            assert (got[~kept] == 0).all()
    assert (value[~mask] == MASKED.get(name, 0)).all()
    assert (product[~mask] == 0).all()


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("hidden", [nan, inf, -inf, 1e300])
def test_what_is_hidden_is_not_seen(name: str, hidden: float) -> None:
    f, (z, g, mask) = nl.get(name), drawn(20)
    there, shown = np.where(mask, z, hidden), np.where(mask, g, nan)
    for grade in (f, f.fast):
        assert np.array_equal(grade(there, axis=-1, where=mask), grade(z, axis=-1, where=mask))
        product = grade.vjp(z, g, axis=-1, where=mask)
        assert np.array_equal(grade.vjp(there, shown, axis=-1, where=mask), product)


@pytest.mark.parametrize("name", WHOLE)
def test_a_row_of_which_nothing_is_left(name: str, dtype: Any) -> None:
    f, (z, g, _) = nl.get(name), drawn(20, dtype)
    nothing = MASKED.get(name, 0)
    assert (f(z, where=False) == nothing).all()
    assert (f.vjp(z, g, where=False) == 0).all()
    assert (f.jacobian(z, where=False) == 0).all()
    assert (f(np.full(5, -inf, dtype), where=[False] * 5) == nothing).all()


def test_the_softmax_of_attention_masks() -> None:
    """PyTorch gives NaN for a fully masked row (pytorch#55056), keras.layers.Softmax and jax's where= give 0."""
    z, mask = np.array([[1.0, 2, 3], [1, 2, 3]]), np.array([[True, False, True], [False, False, False]])
    share = 1 / (1 + np.exp(-2.0))
    assert np.allclose(nl.softmax(z, where=mask), [[1 - share, 0, share], [0, 0, 0]], rtol=1e-15)
    assert nl.log_softmax(z, where=mask)[1].tolist() == [-inf] * 3
    assert nl.softmax([-inf, 5.0], where=[True, False]).tolist() == [1, 0]  # the only one there takes all


def test_jax_agrees() -> None:
    jax = pytest.importorskip("jax")
    z, _, mask = drawn(9, np.float32)
    z, mask = z[mask.any(-1)], mask[mask.any(-1)]
    np.testing.assert_allclose(
        nl.softmax(z, where=mask), jax.nn.softmax(z, where=jax.numpy.asarray(mask)), rtol=1e-6
    )


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_the_dense_jacobian_has_no_row_and_no_column_for_a_masked_one(name: str) -> None:
    f, (z, g, mask) = nl.get(name), drawn(7)
    dense = f.jacobian(z, where=mask)
    assert dense.shape == (6, 7, 7)
    assert (dense[~mask] == 0).all()
    assert (dense.swapaxes(-1, -2)[~mask] == 0).all()
    product = np.einsum("...ij,...i->...j", dense, g)
    np.testing.assert_allclose(f.vjp(z, g, where=mask), product, rtol=1e-12, atol=1e-14)


def test_masks_broadcast_and_follow_the_axis() -> None:
    z, mask = drawn(5)[0], np.array([True, True, False, True, False])
    assert np.array_equal(nl.softmax(z, where=mask), nl.softmax(z, where=np.tile(mask, (6, 1))))
    assert np.array_equal(nl.softmax(z.T, axis=0, where=mask[:, None]), nl.softmax(z, where=mask).T)
    assert np.array_equal(nl.softmax(z, where=np.True_), nl.softmax(z, where=True))
    out = np.empty_like(z)
    assert nl.softmax(z, where=mask, out=out) is out
    assert np.array_equal(out, nl.softmax(z, where=mask))
    assert nl.softmax(z.astype(np.float16), where=mask).dtype == np.float16
    both = nl.softmax(z, axis=(0, 1), where=mask)
    assert both.sum() == pytest.approx(1)
    assert (both[:, ~mask] == 0).all()


def test_masks_that_make_no_sense_are_refused() -> None:
    with pytest.raises(InvalidInput, match="booleans, not int64"):
        nl.softmax([1.0, 2.0], where=[1, 0])
    with pytest.raises(InvalidInput, match=r"where= of shape \(3,\) does not broadcast to \(2,\)"):
        nl.softmax([1.0, 2.0], where=[True, True, False])


def test_a_dask_array_takes_a_mask() -> None:
    da = pytest.importorskip("dask.array")
    z, mask = drawn(5)[0], drawn(5)[2]
    lazy = nl.softmax(da.from_array(z, chunks=(2, 5)), where=da.from_array(mask, chunks=(2, 5)))
    assert np.array_equal(lazy.compute(scheduler="synchronous"), nl.softmax(z, where=mask))


def test_masks_of_pandas_and_for_pandas() -> None:
    pd = pytest.importorskip("pandas")
    z, _, mask = drawn(4)
    names = {"columns": list("abcd"), "index": list("uvwxyz")}
    table = pd.DataFrame(z, **names)
    for where in (mask, pd.DataFrame(mask, **names), mask[0], pd.Series(mask[0], index=list("abcd"))):
        got = nl.log_softmax(table, where=where)
        pd.testing.assert_frame_equal(got, pd.DataFrame(nl.log_softmax(z, where=np.asarray(where)), **names))
    row = nl.softmax(pd.Series(z[0], name="one"), where=mask[0])
    pd.testing.assert_series_equal(row, pd.Series(nl.softmax(z[0], where=mask[0]), name="one"))
    assert isinstance(nl.softmax.vjp(table, z, where=mask), pd.DataFrame)
    with pytest.raises(InvalidInput, match="two DataFrames have other labels"):
        nl.softmax(table, where=pd.DataFrame(mask, **names).iloc[::-1])


def test_masks_of_xarray_follow_its_dimensions() -> None:
    xr = pytest.importorskip("xarray")
    z, g, mask = drawn(4)
    array, there = (xr.DataArray(a, dims=("time", "kind"), coords={"kind": list("abcd")}) for a in (z, mask))
    upstream = xr.DataArray(g, dims=("time", "kind"), coords=array.coords)
    for axis, number in ((-1, -1), ("kind", -1), ("time", 0)):
        wanted = nl.softmax(z, axis=number, where=mask)
        for where in (mask, there, there.T):
            got = nl.softmax(array, axis=axis, where=where)
            assert got.dims == array.dims
            assert got.coords.equals(array.coords)
            np.testing.assert_array_equal(got, wanted)
        product = nl.softmax.vjp(array, upstream.T, axis=axis, where=there)
        np.testing.assert_array_equal(product, nl.softmax.vjp(z, g, axis=number, where=mask))
        np.testing.assert_array_equal(
            nl.softmax(array, axis=axis, where=there[:, 0]), nl.softmax(z, axis=number, where=mask[:, :1])
        )
    with pytest.raises(InvalidInput, match=r"two arrays have other labels .*; align them first"):
        nl.softmax(array, where=there.assign_coords(kind=list("abce")))


def test_masks_of_xarray_stay_lazy() -> None:
    xr, da = pytest.importorskip("xarray"), pytest.importorskip("dask.array")
    z, _, mask = drawn(4)
    array, there = (xr.DataArray(a, dims=("time", "kind")) for a in (z, mask))
    for where in (there, there.chunk({"time": 2}), mask):
        got = nl.softmax(array.chunk({"time": 2}), axis="kind", where=where)
        assert isinstance(got.data, da.Array)
        np.testing.assert_array_equal(got.compute(scheduler="synchronous"), nl.softmax(z, where=mask))
