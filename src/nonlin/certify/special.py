"""What has no nearest number: NaN, both infinities, both zeros."""

from __future__ import annotations

from typing import Any

import numpy as np

from nonlin.certify.certificate import PROMISED
from nonlin.certify.subject import Subject


def special(subject: Subject) -> dict[str, Any]:
    """Return what is given for special inputs, and whether it is right.

    Returns
    -------
    dict
        "right", and for each quantity the results for -inf, -0.0, 0.0, inf and NaN. Right means: NaN for NaN;
        the limit at an infinity, where there is one; at 0 what the grade promises; and -0.0 for -0.0 where
        a function passes through 0 with a slope.
    """
    dtype = subject.form.dtype
    x = np.array([-np.inf, -0.0, 0.0, np.inf, np.nan]).astype(dtype)
    found: dict[str, Any] = {"right": True}
    facts = subject.activation.facts
    for quantity, limits in (("value", facts.limits), ("slope", facts.slope_limits)):
        got = subject.compute(quantity)(x)
        found[quantity] = {str(float(a)): str(float(y)) for a, y in zip(x, got, strict=True)}
        found["right"] &= _right(subject, quantity, got, limits)
    return found


def _right(subject: Subject, quantity: str, got: np.ndarray, limits: tuple[float, float]) -> bool:
    at_infinity = all(
        np.isnan(limit) or _is_limit(y, limit, subject) for y, limit in zip(got[[0, 3]], limits, strict=True)
    )
    most = PROMISED[subject.form.name, subject.grade]
    at_zero = all(subject.truth(quantity).error(0.0, float(y), subject.form)[0] <= most for y in got[1:3])
    return bool(np.isnan(got[4]) and at_infinity and at_zero and _sign_kept(subject, quantity, got))


def _is_limit(got: Any, limit: float, subject: Subject) -> bool:
    """Tell whether a result is the limit, rounded to the dtype; limits are known to 1e-12."""
    near = np.isfinite(limit) and abs(float(got) - limit) <= 1e-12 * abs(limit)
    return bool(got == subject.form.dtype.type(limit) or near)


def _sign_kept(subject: Subject, quantity: str, got: np.ndarray) -> bool:
    truth = subject.truth(quantity)
    left, right = (truth.ball(side * 2.0**-300) for side in (-1, 1))
    rises = left < 0 < right
    return not rises or bool(np.signbit(got[1]) and not np.signbit(got[2]))
