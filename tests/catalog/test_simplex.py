"""Sparsemax, 1.5-entmax, softmin and hardmax: against exact sorting, published values, dense Jacobians."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest
from scipy import special

import nonlin as nl
import row_oracles
from oracles import LONG
from row_oracles import long

inf, nan = np.inf, np.nan
EXACT = {"sparsemax": row_oracles.sparsemax, "entmax15": row_oracles.entmax15}

RANDOM = np.random.default_rng(3)
ROWS = {
    "two": [0.5, 0.3],
    "one": [7.0],
    "a clear winner": [30.0, 0.0, -5.0],
    "equal": [3.0] * 9,
    "near ties": [1.0, 1 - 2.0**-23, 1 - 2.0**-22, 0.0],
    "at the edge of the support": [1.0, 0.5, 0.0, -0.5, -1.0],
    "a large offset": (RANDOM.normal(size=20) / 4 + 2.0**20).astype(np.float32),
    "random": RANDOM.normal(size=40),
    "many near": RANDOM.normal(size=300) * 0.01,
    "far below": [0.0, 0.25, -1e30, -1e10],
    "infinitely below": [0.0, 0.25, -inf, 0.125],
}


def exactly(name: str, row: Any) -> Any:
    """An element at -inf has no share; the rest is as without it."""
    finite = np.isfinite(row)
    shares = np.zeros(len(row), LONG)
    shares[finite] = long(EXACT[name](np.asarray(row)[finite]))
    return shares


@pytest.mark.parametrize("row", ROWS)
@pytest.mark.parametrize("name", EXACT)
def test_shares_are_those_of_exact_sorting(name: str, row: str, dtype: Any) -> None:
    """Within 4 units of float64's last place at 1; in float32 rounded once from there."""
    z = np.array(ROWS[row], dtype)
    truth, got = exactly(name, z), nl.get(name)(z)
    rounded = np.spacing(np.abs(truth).astype(dtype)).astype(LONG) * (0.5 if dtype == np.float32 else 0)
    assert (np.abs(got - truth) <= rounded + 4 * LONG(2) ** -52).all()
    assert np.isclose(got.sum(dtype=float), 1, rtol=1e-6 if dtype == np.float32 else 1e-14)


@pytest.mark.parametrize("name", EXACT)
def test_a_vocabulary_of_fifty_thousand_words(name: str, dtype: Any) -> None:
    z = np.random.default_rng(4).normal(scale=0.3, size=50257).astype(dtype)
    largest_first = np.sort(z.astype(LONG))[::-1] / (1 if name == "sparsemax" else 2)
    count, so_far = np.arange(1, z.size + 1, dtype=LONG), np.cumsum(largest_first)
    if name == "sparsemax":
        guesses = (so_far - 1) / count
        threshold = guesses[(guesses < largest_first).sum() - 1]
        truth = np.maximum(z.astype(LONG) - threshold, 0)
    else:
        mean = so_far / count
        scatter = np.cumsum(largest_first**2) / count - mean**2
        guesses = mean - np.sqrt(np.maximum(1 / count - scatter, 0))
        threshold = guesses[(guesses <= largest_first).sum() - 1]
        truth = np.maximum(z.astype(LONG) / 2 - threshold, 0) ** 2
    got = nl.get(name)(z)
    assert np.abs(got - truth).max() < (1e-7 if dtype == np.float32 else 1e-14)
    assert ((got > 0) == (truth > 1e-12)).mean() > 0.9999


def test_keras_sparsemax_that_does_not_sum_to_one() -> None:
    """keras-team/keras#23425: Keras 3.15 gives [0.35, 0.15], and [0, 0, 0, 0] for three ties."""
    assert np.allclose(nl.sparsemax([0.5, 0.3]), [0.6, 0.4], rtol=0, atol=1e-16)
    assert np.allclose(nl.sparsemax([1.0, 1, 1, 0]), [1 / 3, 1 / 3, 1 / 3, 0], rtol=0, atol=1e-16)
    assert "keras#23425" in nl.sparsemax.definition.twins["keras"].differs


def test_values_that_the_authors_of_entmax_publish() -> None:
    """deep-spin/entmax, README: softmax, sparsemax and 1.5-entmax of [-2, 0, 0.5]."""
    z = [-2.0, 0.0, 0.5]
    assert nl.softmax(z).round(4).tolist() == [0.0486, 0.3592, 0.5922]
    assert nl.sparsemax(z).tolist() == [0, 0.25, 0.75]
    assert nl.entmax15(z).round(4).tolist() == [0, 0.3260, 0.6740]


def test_entmax_lies_between_softmax_and_sparsemax() -> None:
    z = np.random.default_rng(1).normal(size=(50, 12))
    counts = [(nl.get(name)(z) > 0).sum() for name in ("sparsemax", "entmax15", "softmax")]
    assert counts == sorted(counts)
    assert counts[0] < counts[1] < counts[2]


@pytest.mark.parametrize("name", ["sparsemax", "entmax15", "softmin", "hardmax"])
@pytest.mark.parametrize(
    ("z", "shares"),
    [
        ([0.0, -inf], [1, 0]),
        ([0.0, inf], [0, 1]),
        ([-inf, inf, 3.0], [0, 1, 0]),
        ([-inf], [1]),
        ([inf], [1]),
        ([0.0, nan], [nan, nan]),
        ([nan, inf], [nan, nan]),
        ([nan], [nan]),
    ],
)
def test_rows_that_are_not_finite(name: str, z: Any, shares: Any, dtype: Any) -> None:
    at = -dtype(z) if name == "softmin" else dtype(z)
    for f in (nl.get(name), nl.get(name).fast):
        assert np.array_equal(f(at), dtype(shares), equal_nan=True)


@pytest.mark.parametrize("name", ["softmax", "sparsemax", "entmax15"])
def test_a_row_of_minus_infinities_has_no_limit_and_raises_nothing(name: str, dtype: Any) -> None:
    """deep-spin/entmax#19: an IndexError there. Here NaN, as of softmax: it depends on which is the larger."""
    f = nl.get(name)
    for n in (2, 5, 40):
        z = np.full(n, -inf, dtype)
        assert np.isnan(f(z)).all()
        assert np.isnan(f(-z)).all()
        assert (f(z, where=np.zeros(n, bool)) == 0).all()  # a mask says what was meant


def test_hardmax_takes_the_first_of_the_largest(dtype: Any) -> None:
    assert nl.hardmax(dtype([1, 3, 3, 2])).tolist() == [0, 1, 0, 0]
    assert nl.hardmax(dtype([-inf, -inf])).tolist() == [1, 0]
    assert nl.hardmax(dtype([inf, inf, 0])).tolist() == [1, 0, 0]
    z = np.random.default_rng(0).integers(0, 4, (20, 50)).astype(dtype)
    assert np.array_equal(nl.hardmax(z), np.eye(50)[z.argmax(-1)])
    assert (nl.hardmax.vjp(z, z) == 0).all()
    assert (nl.hardmax.jacobian(z) == 0).all()


def test_softmin_is_the_softmax_of_the_negative(dtype: Any) -> None:
    z, g = np.random.default_rng(0).normal(size=(2, 5, 30)).astype(dtype)
    assert np.allclose(nl.softmin(z), special.softmax(-z.astype(float), axis=-1), rtol=3e-7, atol=0)
    assert np.array_equal(nl.softmin(z, temperature=0.5), nl.softmax(-z, temperature=0.5))
    assert np.array_equal(nl.softmin.vjp(z, g), -nl.softmax.vjp(-z, g))
    assert np.array_equal(nl.softmin.param_grad(z, "temperature"), nl.softmax.param_grad(-z, "temperature"))


# --- derivatives ---------------------------------------------------------------------------------------------


def dense(name: str, z: Any) -> Any:
    """The Jacobian by the formula of its support: diag(s) - s s^T / sum(s), s = shares^(2 - alpha)."""
    shares = nl.get(name)(np.asarray(z, float)).astype(LONG)
    s = (shares > 0).astype(LONG) if name == "sparsemax" else np.sqrt(shares)
    return s[..., None] * np.eye(z.shape[-1]) - s[..., :, None] * s[..., None, :] / s.sum(-1)[..., None, None]


@pytest.mark.parametrize("shape", [(1,), (5,), (4, 7), (2, 3, 40), (0, 5)])
@pytest.mark.parametrize("name", EXACT)
def test_jacobians_and_products_are_the_dense_ones(name: str, shape: Any, dtype: Any) -> None:
    z, g = np.random.default_rng(1).normal(size=(2, *shape)).astype(dtype)
    f, expected, bound = nl.get(name), dense(name, z), 4e-7 if dtype == np.float32 else 2e-15
    np.testing.assert_allclose(f.jacobian(z).astype(LONG), expected, rtol=0, atol=bound)
    product = np.einsum("...i,...ij->...j", g.astype(LONG), expected)
    np.testing.assert_allclose(f.vjp(z, g).astype(LONG), product, rtol=0, atol=4 * bound)


@pytest.mark.parametrize("name", EXACT)
def test_the_jacobian_is_the_derivative(name: str) -> None:
    z, step = np.array([0.31, -0.17, 0.52, -2.0, 0.08]), mp.mpf(10) ** -30
    with mp.workdps(row_oracles.DIGITS):
        columns = []
        for j in range(z.size):
            up, down = ([mp.mpf(v) + s * step * (i == j) for i, v in enumerate(z)] for s in (1, -1))
            moved = [_plain(name, row) for row in (up, down)]
            columns.append([float((a - b) / (2 * step)) for a, b in zip(*moved, strict=True)])
    assert np.allclose(nl.get(name).jacobian(z), np.array(columns).T, rtol=0, atol=1e-15)


def _plain(name: str, z: Any) -> Any:
    """By bisection at many digits: no sorting, and nothing of float64."""
    power = 1 if name == "sparsemax" else 2
    u = [v / power for v in z]
    low, high = max(u) - 1, max(u)
    for _ in range(380):
        middle = (low + high) / 2
        total = mp.fsum(max(v - middle, 0) ** power for v in u)
        low, high = (middle, high) if total > 1 else (low, middle)
    return [max(v - low, 0) ** power for v in u]


@pytest.mark.parametrize("name", EXACT)
def test_what_has_no_share_has_no_gradient(name: str, dtype: Any) -> None:
    z, g = dtype([1.0, -inf, 0.9, -5.0, 0.8]), dtype([0.3, inf, -1.0, nan, 2.0])
    for f in (nl.get(name), nl.get(name).fast):
        product = f.vjp(z, g)
        assert np.isfinite(product[[0, 2, 4]]).all()
        assert product[3] == product[1] == 0


def test_float16_and_integers() -> None:
    assert nl.sparsemax(np.float16([0.5, 0.3])).dtype == np.float16
    assert nl.entmax15([1, 2]).dtype == np.float64
    assert nl.hardmax(np.int8([1, 2])).tolist() == [0, 1]
