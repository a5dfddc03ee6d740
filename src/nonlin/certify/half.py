"""float16 and bfloat16: each of the 65,536 inputs, by balls."""

from __future__ import annotations

from typing import Any

import numpy as np

from nonlin.certify.block import extreme
from nonlin.certify.subject import Subject
from nonlin.certify.tally import Extreme, Tally

SURE = 2.0**-50  # the middle of a ball of 128 bits, rounded to float64, is nearer than this


def every_half(subject: Subject, quantity: str) -> Tally:
    """Return the tally of a quantity at every half-precision input.

    A result whose float64 truth, moved by 2^-50 both ways, rounds alike is decided by that; the rest, ties of
    a formula among them, by balls of rising precision.
    """
    patterns = np.arange(1 << 16, dtype=np.uint16).view(subject.form.dtype)
    with np.errstate(all="ignore"):
        finite = patterns[np.isfinite(patterns.astype(np.float32))]
        got = subject.compute(quantity)(finite)
        for_nan = subject.compute(quantity)(patterns[np.isnan(patterns.astype(np.float32))])
    truth = subject.truth(quantity)
    values = np.array([truth.value(float(at)) for at in finite])
    low, high = (_rounded(values * (1 + side * SURE), subject) for side in (-1, 1))
    sure = (low == high) & np.isfinite(values)
    right = sure & (low == got)
    wrong: list[Extreme] = []
    undecided = 0
    for i in np.flatnonzero(~right):
        rounded = truth.rounded(float(finite[i]), subject.form)
        undecided += rounded is None
        right[i] = rounded is not None and rounded == subject.form.exactly(float(got[i]))
        if not right[i]:
            wrong.append(extreme(subject, quantity, float(finite[i])))
    worst = max((_largest(subject, quantity, finite, got, values), *wrong), key=lambda e: e.ulp)
    return Tally(
        inputs=finite.size,
        right=int(right.sum()),
        by_balls=finite.size - undecided,
        undecided=undecided,
        nans=int(np.isnan(got.astype(np.float32)).sum()),
        wrong_zeros=int(((got == 0) & (values != 0) & (np.signbit(got) != (values < 0))).sum()),
        numbers_for_nan=int((~np.isnan(for_nan.astype(np.float32))).sum()),
        at_most=worst.ulp,
        away_at_most=worst.ulp,
        worst=worst,
        samples=0,
    )


def _rounded(values: np.ndarray, subject: Subject) -> Any:
    """Round float64 once to half precision."""
    form = subject.form
    exponent = np.clip(np.frexp(values)[1] - 1, form.least, form.most)
    unit = np.ldexp(1.0, exponent - form.digits + 1)
    with np.errstate(all="ignore"):
        nearest = np.rint(values / unit) * unit
        return np.where(abs(nearest) >= float(form.beyond), np.copysign(np.inf, nearest), nearest)


def _largest(subject: Subject, quantity: str, x: np.ndarray, got: np.ndarray, values: np.ndarray) -> Extreme:
    """Return the largest error: float64 says where to look first, balls how large it is.

    Where a formula cancels, float64's truth is wrong and its error only seems large, so the search goes on.
    """
    form = subject.form
    bound = float(form.beyond)
    exponent = np.clip(np.frexp(np.clip(values, -bound, bound))[1] - 1, form.least, form.most)
    difference = abs(np.clip(got.astype(np.float64), -bound, bound) - np.clip(values, -bound, bound))
    error = np.where(np.isnan(difference), np.inf, difference / np.ldexp(1.0, exponent - form.digits + 1))
    largest = None
    for i in np.argsort(-error, kind="stable"):
        if largest is not None and error[i] <= largest.ulp:
            break
        found = extreme(subject, quantity, float(x[i]))
        largest = max(filter(None, (largest, found)), key=lambda e: e.ulp)
    assert largest is not None
    return largest
