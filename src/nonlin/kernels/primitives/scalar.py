"""How every primitive is compiled: inlined into its kernel, branch-free, with no flag that changes a result.

Only contraction (fused multiply-add) is allowed: it keeps NaN, infinities, signed zeros and the order of
operations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

scalar = njit(forceinline=True, fastmath={"contract"}, error_model="numpy", boundscheck=False)


def horner(coefficients: tuple[float, ...], real: type[Any] = np.float64) -> Callable[..., Any]:
    """Return the compiled polynomial with these coefficients, constant term first, in float64 or float32."""
    text = f"real({coefficients[-1]!r})"
    for c in reversed(coefficients[:-1]):
        text = f"({text}) * t + real({c!r})"
    namespace: dict[str, Any] = {"real": real}
    exec(compile(f"def polynomial(t):\n    return {text}\n", "<polynomial>", "exec"), namespace)
    return scalar(namespace["polynomial"])  # type: ignore[no-any-return]
