"""Jacobians and products of softmax and log-softmax against dense ones, PyTorch's and JAX's."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

import nonlin as nl
from oracles import LONG

SHAPES = [(1,), (5,), (4, 7), (3, 1), (2, 3, 6), (0, 5), (300, 17)]
TOLERANCE = {np.float32: 4e-6, np.float64: 1e-14}


def given(shape: tuple[int, ...], dtype: Any) -> tuple[Any, Any]:
    z, g = np.random.default_rng(24).normal(scale=3, size=(2, *shape))
    return z.astype(dtype), g.astype(dtype)


def dense(name: str, z: Any, temperature: float) -> Any:
    """The Jacobian of every row by the textbook, in extended precision."""
    p = special.softmax(z.astype(LONG) / LONG(temperature), axis=-1)
    eye = np.eye(z.shape[-1], dtype=LONG)
    if name == "softmax":
        return p[..., :, None] * (eye - p[..., None, :]) / LONG(temperature)
    return (eye - p[..., None, :]) / LONG(temperature)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("temperature", [1.0, 0.5, 3.0])
def test_jacobians_and_products_are_the_dense_ones(
    rowwise: Any, shape: Any, temperature: float, dtype: Any
) -> None:
    z, g = given(shape, dtype)
    expected, bound = dense(rowwise.name, z, temperature), TOLERANCE[dtype] / temperature
    got = rowwise.jacobian(z, temperature=temperature)
    assert got.shape == (*shape, shape[-1])
    assert got.dtype == dtype
    np.testing.assert_allclose(got.astype(LONG), expected, rtol=0, atol=bound)
    product = np.einsum("...i,...ij->...j", g.astype(LONG), expected)
    np.testing.assert_allclose(
        rowwise.vjp(z, g, temperature=temperature).astype(LONG), product, rtol=0, atol=16 * bound
    )


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_products_along_any_axis_are_the_dense_ones(rowwise: Any, axis: int, dtype: Any) -> None:
    z, g = given((4, 5, 6), dtype)
    rows, upstream = (np.moveaxis(a, axis, -1) for a in (z, g))
    product = np.einsum("...i,...ij->...j", upstream.astype(LONG), dense(rowwise.name, rows, 1.0))
    got = np.moveaxis(rowwise.vjp(z, g, axis=axis), axis, -1)
    np.testing.assert_allclose(got.astype(LONG), product, rtol=0, atol=16 * TOLERANCE[dtype])


def test_products_do_not_depend_on_layout_or_threads(rowwise: Any, dtype: Any) -> None:
    z, g = given((400, 130), dtype)
    before, expected = nl.get_num_threads(), rowwise.vjp(z[:200].copy(), g[:200].copy())
    try:
        for count in (1, 2, 3):
            nl.set_num_threads(count)
            for _ in range(2):
                whole = rowwise.vjp(z, g)
                assert whole[:200].tobytes() == expected.tobytes()
                assert np.array_equal(rowwise.vjp(z[::-1], g[::-1]), whole[::-1])
                assert np.array_equal(rowwise.vjp(np.asfortranarray(z), g), whole)
    finally:
        nl.set_num_threads(before)


# --- PyTorch and JAX -----------------------------------------------------------------------------------------


def masked(dtype: Any) -> tuple[Any, Any]:
    z, g = given((6, 9), dtype)
    z[2, 3] = z[4, :5] = -np.inf
    return z, g


def agree(name: str, dtype: Any, product: Any, jacobian: Any) -> None:
    """Compare with another library's product and Jacobian for `masked(dtype)`, at temperature 2."""
    f, (z, g) = nl.get(name), masked(dtype)
    bound = 8 * TOLERANCE[dtype]
    np.testing.assert_allclose(f.vjp(z, g, temperature=2.0), product, rtol=bound, atol=bound)
    kept = slice(0, 2)  # PyTorch's Jacobian of a masked row of log_softmax holds NaN, ours the limit
    np.testing.assert_allclose(f.jacobian(z, temperature=2.0)[kept], jacobian[kept], rtol=bound, atol=bound)


def test_pytorch_agrees(rowwise: Any, dtype: Any) -> None:
    torch = pytest.importorskip("torch")
    z, g = (torch.tensor(a) for a in masked(dtype))

    def row(t: Any) -> Any:
        return getattr(torch, rowwise.name)(t / 2.0, -1)

    _, product = torch.autograd.functional.vjp(row, z, g)
    jacobian = torch.stack([torch.autograd.functional.jacobian(row, r) for r in z])
    agree(rowwise.name, dtype, product.numpy(), jacobian.numpy())


JAX = """
import sys
import jax
import numpy as np

jax.config.update("jax_enable_x64", True)
given, results = np.load(sys.argv[1]), {}
for name in ("softmax", "log_softmax"):
    for letter in "fd":
        z, g = given[f"z.{letter}"], given[f"g.{letter}"]
        row = lambda t: getattr(jax.nn, name)(t / 2.0, axis=-1)
        results[f"product.{name}.{letter}"] = jax.vjp(row, z)[1](g)[0]
        results[f"jacobian.{name}.{letter}"] = jax.vmap(jax.jacobian(row))(z)
np.savez(sys.argv[2], **results)
"""


@pytest.mark.skipif(find_spec("jax") is None, reason="jax is not installed")
def test_jax_agrees(tmp_path: Path) -> None:
    """In a process of its own: once loaded, JAX warns of every fork."""
    given = {
        f"{what}.{np.dtype(d).char}": a for d in TOLERANCE for what, a in zip("zg", masked(d), strict=True)
    }
    np.savez(tmp_path / "given.npz", **given)
    arguments = [str(tmp_path / "given.npz"), str(tmp_path / "results.npz")]
    subprocess.run([sys.executable, "-c", JAX, *arguments], check=True, timeout=120, capture_output=True)
    with np.load(tmp_path / "results.npz") as results:
        for dtype in TOLERANCE:
            for name in ("softmax", "log_softmax"):
                letter = np.dtype(dtype).char
                agree(name, dtype, *(results[f"{what}.{name}.{letter}"] for what in ("product", "jacobian")))
