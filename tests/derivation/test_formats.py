"""Formats round fractions as NumPy rounds numbers, ties to even."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from nonlin.derivation.formats import FORMATS
from oracles import LONG


@pytest.mark.parametrize("name", FORMATS)
def test_fractions_round_as_numpy_rounds(name: str) -> None:
    form, draw = FORMATS[name], np.random.default_rng(0)
    info = ml_dtypes.finfo(form.dtype)
    ends = [float(info.max), float(info.smallest_subnormal), float(info.tiny), 1.0]
    wide = np.concatenate([draw.standard_normal(300) * 2.0 ** draw.integers(-30, 30, 300), ends])
    longs = wide.astype(LONG) * (1 + LONG(2) ** -draw.integers(2, 62, wide.size))
    for number in longs:
        high = float(number)
        if high == np.inf:
            continue
        exact = Fraction(high) + Fraction(float(number - high))
        with np.errstate(over="ignore"):
            expected = (_sticky(number) if name in ("float16", "bfloat16") else number).astype(form.dtype)
        assert form.rounded(exact) == form.exactly(float(expected)), number


def _sticky(number: Any) -> Any:
    """Round to float32 with the last bit set where inexact: the next rounding is then the only one."""
    near = np.float32(number)
    below = near if abs(LONG(near)) <= abs(number) else np.nextafter(near, np.float32(0))
    return (np.uint32(below.view(np.uint32)) | np.uint32(LONG(below) != number)).view(np.float32)


@pytest.mark.parametrize("name", FORMATS)
def test_ties_go_to_the_even_neighbour_and_overflow_to_infinity(name: str) -> None:
    form = FORMATS[name]
    unit = form.unit(Fraction(1))
    assert form.rounded(1 + unit / 2) == 1
    assert form.rounded(1 + 3 * unit / 2) == 1 + 2 * unit
    assert form.rounded(1 + unit / 2 + Fraction(1, 1 << 2000)) == 1 + unit
    assert form.rounded(form.beyond - form.unit(form.beyond / 2) / 2) == form.beyond
    assert form.rounded(form.unit(Fraction(0)) / 2) == 0
