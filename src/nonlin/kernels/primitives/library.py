"""log, log1p and pow, from the C library: right to about 1 ulp, one value at a time.

No activation of the catalog needs them in an elementwise kernel; a person's own may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nonlin.kernels.lanes import Real


def _from_c(name: str) -> Callable[..., Real]:
    def word(*operands: Real) -> Real:
        lanes = operands[0].lanes
        return Real(lanes, lanes.library(name, *(o.value for o in operands)))

    return word


WORDS: Mapping[str, Callable[..., Real]] = {name: _from_c(name) for name in ("log", "log1p", "pow")}
