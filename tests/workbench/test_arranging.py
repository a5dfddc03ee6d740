"""Several axes as one row; groups, blocks and windows of an axis, against NumPy's reshaping and PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput

Z, G = np.random.default_rng(0).normal(size=(2, 4, 6, 5))


def test_several_axes_are_one_row(rowwise: Any, dtype: Any) -> None:
    z, g = Z.astype(dtype), G.astype(dtype)
    for axes, other in (((0, 2), (4, 6, 5)), ((2, 0), (4, 6, 5)), ((-1, -2), None), ((0, 1, 2), None)):
        moved = np.moveaxis(z, axes, range(-len(axes), 0))
        flat = moved.reshape(*moved.shape[: 3 - len(axes)], -1)
        expected = np.moveaxis(rowwise(flat).reshape(moved.shape), range(-len(axes), 0), axes)
        assert np.array_equal(rowwise(z, axis=axes), expected), other
        pulled = rowwise.vjp(flat, np.moveaxis(g, axes, range(-len(axes), 0)).reshape(flat.shape))
        expected = np.moveaxis(pulled.reshape(moved.shape), range(-len(axes), 0), axes)
        assert np.array_equal(rowwise.vjp(z, g, axis=axes), expected)
    assert np.array_equal(rowwise(z, axis=(1,)), rowwise(z, axis=1))


def test_out_of_several_axes(rowwise: Any) -> None:
    out = np.empty_like(Z)
    assert rowwise(Z, axis=(0, 1), out=out) is out
    assert np.array_equal(out, rowwise(Z, axis=(0, 1)))


def test_blocks_have_one_axis() -> None:
    with pytest.raises(
        InvalidInput, match="maxout gives one number for 2, so it works along one axis, not 2"
    ):
        nl.maxout(Z, axis=(0, 1))


def test_other_libraries_arrays_have_one_axis() -> None:
    da = pytest.importorskip("dask.array")
    with pytest.raises(InvalidInput, match=r"several axes .* NumPy arrays, not on dask"):
        nl.softmax(da.from_array(Z), axis=(0, 1))
