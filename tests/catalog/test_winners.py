"""Winner-take-all: against Python's own stable sort, PyTorch's top k, and dense Jacobians; masks and infinities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.card import card_of
from nonlin.kernels.rowwise import lanes
from nonlin.vocabulary import Parameter, RowDefinition
from nonlin.vocabulary.row_words import kth_largest, z
from nonlin.workbench import RowWise
from row_oracles import winners

inf, nan = np.inf, np.nan
LENGTHS = [1, 2, 7, 8, 9, 16, 17, 33, 100, 1023, 1025, 3000]


@pytest.mark.parametrize("k", [1, 2, 3, 20, 5000])
def test_winners_are_the_first_of_a_stable_sort(k: int, dtype: Any) -> None:
    for n in LENGTHS:
        for at in (
            np.random.default_rng(n).normal(size=(2, n)).astype(dtype),
            np.arange(2 * n).reshape(2, n) % 5,
        ):
            at = at.astype(dtype)
            won = np.array([winners(row, k) for row in at])
            for f in (nl.winner_take_all, nl.winner_take_all.fast):
                assert np.array_equal(f(at, k=k), np.where(won, at, 0))
                assert np.array_equal(f.vjp(at, at + 1, k=k), np.where(won, at + 1, 0))


def test_a_row_of_another_axis_and_of_gaps(dtype: Any) -> None:
    at = np.random.default_rng(0).normal(size=(40, 6)).astype(dtype)
    assert np.array_equal(nl.winner_take_all(at, k=3, axis=0), nl.winner_take_all(at.T.copy(), k=3).T)
    assert np.array_equal(nl.winner_take_all(at[::2], k=3), nl.winner_take_all(at[::2].copy(), k=3))


def test_the_jacobian_is_diagonal_with_a_one_for_each_winner() -> None:
    at = np.array([0.5, -1.0, 2.0, 0.75])
    assert nl.winner_take_all(at).tolist() == [0, 0, 2, 0]
    assert nl.winner_take_all.jacobian(at, k=2).tolist() == np.diag([0, 0, 1, 1]).tolist()
    step = 1e-6
    for j in range(4):
        moved = nl.winner_take_all(at + step * np.eye(4)[j], k=2) - nl.winner_take_all(at, k=2)
        assert np.allclose(moved / step, nl.winner_take_all.jacobian(at, k=2)[:, j], rtol=0, atol=1e-9)
    assert (nl.winner_take_all.param_grad(at, "k") == 0).all()


@pytest.mark.parametrize(
    ("row", "k", "value"),
    [
        ([2.0, 2, 2], 2, [2, 2, 0]),
        ([-1.0, -3, -2], 1, [-1, 0, 0]),
        ([0.0, inf, inf], 1, [0, inf, 0]),
        ([-inf, -inf], 1, [-inf, 0]),
        ([-inf, 3, 4], 2, [0, 3, 4]),
        ([nan, 3, 4], 1, [nan, nan, nan]),
        ([1.0, 2], 7, [1, 2]),
        ([1.0, 2], 0, [0, 0]),
    ],
)
def test_ties_infinities_and_odd_counts(row: Any, k: int, value: Any, dtype: Any) -> None:
    for wider in (0, 30):  # a row of one vector, and one of several
        padded = dtype([*row, *[-inf] * wider])
        if k < 7:
            assert np.array_equal(
                nl.winner_take_all(padded, k=k),
                dtype([*value, *[nan if nan in row else 0] * wider]),
                equal_nan=True,
            )
    assert np.array_equal(nl.winner_take_all(dtype(row), k=k), dtype(value), equal_nan=True)


def test_masked_elements_do_not_compete(dtype: Any) -> None:
    at, mask = dtype([5, 4, 3, 2]), np.array([False, True, False, True])
    assert nl.winner_take_all(at, where=mask).tolist() == [0, 4, 0, 0]
    assert nl.winner_take_all(at, k=3, where=mask).tolist() == [0, 4, 0, 2]
    assert nl.winner_take_all.vjp(at, at, k=3, where=mask).tolist() == [0, 4, 0, 2]
    assert nl.winner_take_all(at, where=np.zeros(4, bool)).tolist() == [0, 0, 0, 0]


def test_as_pytorch_s_top_k_scattered() -> None:
    torch = pytest.importorskip("torch")
    import nonlin.torch as nlt

    at = torch.randn(50, 64, dtype=torch.float64, requires_grad=True)
    values, places = torch.topk(at, 7, -1)
    theirs = torch.zeros_like(at).scatter(-1, places, values)
    theirs.square().sum().backward()
    pulled, at.grad = at.grad, None
    ours = nlt.functional.winner_take_all(at, k=7)
    ours.square().sum().backward()
    assert torch.equal(ours, theirs)
    assert torch.equal(at.grad, pulled)


def test_other_frameworks_find_the_same_winners() -> None:
    torch, jax = pytest.importorskip("torch"), pytest.importorskip("jax")
    import nonlin.jax
    import nonlin.torch as nlt

    at = (np.arange(60).reshape(3, 20) * 7 % 11).astype(np.float32)
    at[2, 5] = nan
    compiled = torch.compile(nlt.module("winner_take_all", k=6), backend="eager", fullgraph=True)
    for k in (1, 6, 50):
        ours = nl.winner_take_all(at, k=k)
        assert np.array_equal(nonlin.jax.winner_take_all(at, k=k), ours, equal_nan=True)
        pulled = jax.grad(lambda a, k=k: nonlin.jax.winner_take_all(a, k=k)[:2].sum())(at)[:2]
        assert np.array_equal(pulled, nl.winner_take_all.vjp(at, np.ones_like(at), k=k)[:2])
    assert np.array_equal(compiled(torch.tensor(at)), nl.winner_take_all(at, k=6), equal_nan=True)


K = Parameter("k", 1)


def test_the_word_for_it_finds_the_kth_of_any_row(dtype: Any) -> None:
    definition = RowDefinition(
        value=kth_largest(z, K), vjp=z, formula="", latex="", parameters=[K], name="own"
    )
    f = RowWise(card_of(definition), definition)
    for n in LENGTHS:
        at = np.random.default_rng(n).integers(-9, 9, (3, n)).astype(dtype)
        falling = np.sort(at, -1)[:, ::-1]
        for k in {1, 2, n // 2 + 1, n}:
            wanted = falling[:, k - 1 : k] if k <= n else np.full((3, 1), -inf)
            assert (f(at, k=k) == wanted).all(), (n, k)
        assert (f(at, k=n + 1) == -inf).all()
        assert (f(at, k=0) == inf).all()
    for row in ([nan, 0, 1], [nan] * 40, [-inf] * 3, [inf] * 40):
        f(dtype(row), k=2)  # ends
    assert lanes(f.program("value"), "f", "fast") == "near"
