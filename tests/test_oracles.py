"""The truth must be true: fast oracles against mpmath, hand-derived slopes against its numerical derivative."""

from __future__ import annotations

from functools import partial
from typing import Any

import ml_dtypes
import mpmath as mp
import numpy as np
import pytest

import nonlin as nl
from oracles import (
    LONG,
    ORACLES,
    Oracle,
    exact_array,
    exactly,
    nearest_halves,
    neighbours,
    seams,
    spread,
    to_long,
    ulps,
)

F32 = np.float32


def test_every_elementwise_activation_of_the_catalog_has_an_oracle() -> None:
    assert {n for n in nl.names() if nl.get(n).card.kind == "elementwise"} == set(ORACLES)


def test_fast_oracles_are_right_to_a_ten_thousandth_of_a_float32_ulp(oracle: Oracle) -> None:
    x = neighbours(seams(oracle, F32), 2)
    x = x[
        np.min(np.abs(x[:, None] - np.array([*oracle.roots, np.inf])), axis=1) > 1e-4
    ]  # mpmath alone looks there
    for fast, plain in zip(oracle.fast(x), (oracle.value, oracle.slope), strict=True):
        fast, truth = (np.clip(y, -1e300, 1e300) for y in (fast, exact_array(plain, x)))
        assert np.all(np.abs(fast - truth) <= 1e-4 * (LONG(2) ** -24 * np.abs(truth) + LONG(2) ** -149)), (
            oracle.name
        )


@pytest.mark.parametrize("order", [1, 2])
def test_slopes_derived_by_hand_are_the_derivatives(oracle: Oracle, order: int) -> None:
    below, above = (oracle.value, oracle.slope)[order - 1], (oracle.slope, oracle.second)[order - 1]
    for x in (-40.1, -7.3, -4.0, -2.9, -1.2, -0.3, -1e-3, 2e-3, 0.4, 1.7, 2.95, 5.5, 6.5, 21.0):
        with mp.workdps(60):
            numerical = mp.diff(below, mp.mpf(x))
            assert abs(numerical - above(mp.mpf(x))) < mp.mpf(10) ** -20 * (1 + abs(numerical)), (
                oracle.name,
                x,
            )


def by_parameter(name: str, parameter: str, x: mp.mpf, value: mp.mpf) -> mp.mpf:
    return ORACLES[name].value(x, **{parameter: value})


def test_derivatives_by_parameters_derived_by_hand_are_the_derivatives() -> None:
    from oracles import _PARAMETER

    for (name, parameter), plain in _PARAMETER.items():
        for x in (-7.3, -0.3, 0.4, 5.5):
            with mp.workdps(60):
                numerical = mp.diff(partial(by_parameter, name, parameter, mp.mpf(x)), mp.mpf(0.7))
                assert abs(numerical - plain(mp.mpf(x), **{parameter: mp.mpf(0.7)})) < mp.mpf(10) ** -20


def test_precision_is_raised_until_a_cancellation_is_harmless() -> None:
    assert float(exactly(lambda x: mp.exp(x) - 1, 1e-300)) == 1e-300
    assert float(exactly(lambda x: (mp.exp(x) - mp.exp(-x)) / (mp.exp(x) + mp.exp(-x)), 1e-200)) == 1e-200


def test_extended_numbers_keep_eighteen_digits() -> None:
    with mp.workdps(60):
        third = to_long(mp.mpf(1) / 3)
    assert abs(third * 3 - 1) < 2e-19
    assert to_long(mp.mpf("1e-400")) > 0


@pytest.mark.parametrize(
    ("got", "truth", "error"),
    [
        (1.0, 1.0, 0.0),
        (1.0, 1.0 + 2.0**-24, 0.5),
        (1.0, 2.0, 2.0**22),
        (1.0 - 2.0**-24, 1.0, 0.5),  # the unit is that of the truth's binade
        (0.0, 2.0**-149, 1.0),
        (2.0**-149, 0.0, 1.0),
        (0.0, -0.0, 0.0),
        (np.inf, np.inf, 0.0),
        (np.inf, 3.5e38, 0.0),
        (np.inf, 2.0**128 - 2.0**104, 1.0),
        (2.0**128 - 2.0**104, np.inf, 1.0),
        (-np.inf, np.inf, 2.0**25),
        (np.nan, np.nan, 0.0),
        (np.nan, 1.0, np.inf),
        (1.0, np.nan, np.inf),
    ],
)
def test_an_error_in_ulps_is_what_a_careful_person_would_say(got: float, truth: float, error: float) -> None:
    assert ulps(F32([got]), LONG(truth))[0] == pytest.approx(error, rel=1e-3)


def test_neighbours_cross_zero_and_stay_finite() -> None:
    near = neighbours(F32([0.0, np.finfo(F32).max]), 2)
    assert set(near[:4]) <= {F32(s * k * 2.0**-149) for s in (-1, 1) for k in range(3)}
    assert np.isfinite(near).all()
    assert near.max() == np.finfo(F32).max


def test_a_spread_reaches_both_ends_of_the_range() -> None:
    sizes = np.abs(spread(ORACLES["silu"], 2000))
    assert sizes.min() < 1e-290
    assert sizes.max() > 1e290


def nearest(plain: Any, x: list[float], dtype: Any = np.float16) -> list[float]:
    truth = np.array([LONG(float(plain(mp.mpf(v)))) for v in x], LONG)
    return nearest_halves(plain, truth, np.array(x, dtype))[0].tolist()


def test_halves_round_ties_to_even_and_beyond_the_largest_to_infinity() -> None:
    third = 2.0**-11
    assert nearest(lambda x: 1 + third, [1.0]) == [1.0]
    assert nearest(lambda x: 1 + 3 * third, [1.0]) == [1 + 4 * third]
    assert nearest(lambda x: x / 2, [3 * 2.0**-24, -(2.0**-24), 2.0**-23]) == [2.0**-23, 0.0, 2.0**-24]
    assert nearest(lambda x: x * 2, [65504.0, -65504.0, 32752.0]) == [np.inf, -np.inf, 65504.0]
    assert nearest(lambda x: x + 16, [65504.0]) == [np.inf]
    assert nearest(lambda x: x + mp.mpf("15.9999"), [65504.0]) == [65504.0]


def test_a_half_is_nearest_by_a_term_that_no_float_holds() -> None:
    small = 2.0**-133
    plain = ORACLES["silu"].value
    assert nearest(plain, [3 * small, -3 * small], ml_dtypes.bfloat16) == [2 * small, -small]
    assert nearest_halves(plain, LONG([1.5]) * small, np.array([3 * small], ml_dtypes.bfloat16))[1] == 1
