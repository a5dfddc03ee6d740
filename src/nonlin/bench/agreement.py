"""Before anything is timed, a contestant must have computed the same function."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nonlin.bench.setting import Array, Ready, Setting

RELATIVE, ABSOLUTE = 1e-5, 1e-5
TOLERANCE = f"{RELATIVE:g} of each value plus {ABSOLUTE:g} of the largest: what float32 formulas lose where they cancel"
COMPARED = 65536  # values of each array, evenly spread over it


def disagreement(setting: Setting, ready: Ready, wanted: Sequence[Array]) -> str | None:
    """Return in words where a contestant's answer differs from ours, or None if it agrees.

    `wanted` are our answers at the places of `spread(setting.x)`. A reused output is filled with NaN
    first, so that an answer which is not written cannot pass.
    """
    for out in setting.outputs or ():
        out.fill(np.nan)
    answers = ready.read(ready.call())
    if len(answers) != len(wanted):
        return f"it gave {len(answers)} arrays, not {len(wanted)}"
    return first_difference(setting, answers, wanted, spread(setting.x))


def spread(x: Array) -> slice:
    """Return evenly spaced places along the first axis that hold about 65,536 values."""
    return slice(None, None, max(1, x.size // COMPARED))


def first_difference(
    setting: Setting, answers: Sequence[Array], wanted: Sequence[Array], places: slice
) -> str | None:
    for what, answer, right in zip(("the value", "the gradient"), answers, wanted, strict=False):
        if answer.shape != setting.x.shape or answer.dtype != np.float32:
            return f"{what} has shape {answer.shape} and dtype {answer.dtype}"
        got = answer[places]
        error = np.abs(got.astype(np.float64) - right)
        allowed = RELATIVE * np.abs(right.astype(np.float64)) + ABSOLUTE * float(np.abs(right).max())
        beyond = ~(error <= allowed)
        if beyond.any():
            at = np.unravel_index(np.argmax(beyond), beyond.shape)
            x = setting.x[places]
            return f"{what} at x = {x[at]:.6g} is {got[at]:.6g}, ours {right[at]:.6g}"
    return None
