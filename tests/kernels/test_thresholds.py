"""The threshold of a row, and places in it, in rows of any length."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
import row_oracles
from nonlin.card import card_of
from nonlin.kernels.rowwise import lanes
from nonlin.vocabulary import RowDefinition, inf, max, where
from nonlin.vocabulary.row_words import first, known, largest, position, threshold, z
from nonlin.workbench import RowWise

LENGTHS = [1, 2, 7, 8, 9, 16, 17, 33, 100, 1023, 1025, 4097]


def own(value: Any) -> RowWise:
    definition = RowDefinition(value=value, vjp=z, formula="", latex="", name="own")
    return RowWise(card_of(definition), definition)


TAU = {power: own(threshold(z - largest(z), power)) for power in (1, 2)}
SHARES = {1: own(max(z - largest(z) - threshold(z - largest(z), 1), 0))}


@pytest.mark.parametrize("power", [1, 2])
@pytest.mark.parametrize("grade", ["exact", "fast"])
def test_powers_above_the_threshold_sum_to_one(power: int, grade: str, dtype: Any) -> None:
    f = TAU[power] if grade == "exact" else TAU[power].fast
    for n in LENGTHS:
        for scale in (1e-3, 1, 50):
            at = (np.random.default_rng(n).normal(size=(2, n)) * scale).astype(dtype)
            tau = f(at).astype(float)
            assert (tau == tau[:, :1]).all()
            above = np.maximum(at - at.max(-1, keepdims=True).astype(float) - tau, 0)
            assert np.allclose((above**power).sum(-1), 1, rtol=0, atol=8 * n * float(np.finfo(dtype).eps)), n


@pytest.mark.parametrize("n", [2, 40, 3000])
def test_a_row_that_takes_many_turns(n: int) -> None:
    """Each of Newton's steps leaves out only some: shares fall by half, and then by half."""
    at = -np.log1p(np.arange(n)[::-1]) / np.log(2)
    truth = row_oracles.long(row_oracles.sparsemax(at))
    assert np.abs(SHARES[1](at) - truth).max() < 4e-16


def test_rows_without_a_number_end() -> None:
    for row in ([np.nan, 0, 1], [-np.inf] * 3, [np.inf, 0, 0], [np.inf] * 3, [np.nan] * 40, [np.inf] * 40):
        for f in TAU.values():
            f(np.array(row))


def test_float32_lanes_have_no_threshold() -> None:
    assert lanes(TAU[1].program("value"), "f", "fast") == "near"


def test_places_are_counted_from_zero(dtype: Any) -> None:
    f = own(position(z))
    for n in LENGTHS:
        assert np.array_equal(f(np.zeros((2, n), dtype)), np.tile(np.arange(n, dtype=dtype), (2, 1)))
        assert np.array_equal(f.fast(np.zeros((n, 2), dtype), axis=0)[:, 0], np.arange(n))


def test_the_first_of_several(dtype: Any) -> None:
    f = own(where(first(z >= largest(z)), 1, 0))
    for n in LENGTHS:
        at = np.random.default_rng(n).integers(0, 3, (5, n)).astype(dtype)
        assert np.array_equal(f(at).argmax(-1), at.argmax(-1))
        assert (f(at).sum(-1) == 1).all()


def test_all_but_nan_is_known() -> None:
    f = own(where(known(z), 1, 0))
    assert f(np.array([np.nan, np.inf, -np.inf, 0.0])).tolist() == [0, 1, 1, 1]
    assert f.program("value").steps
    assert own(where(z > -inf, 1, 0))(np.array([-np.inf, 0.0])).tolist() == [0, 1]
    assert nl.softmax.program("value").inputs == ("z",)
