"""numpy.copyto: what it costs to move the values and compute nothing; two copies where two arrays are made."""

from __future__ import annotations

import numpy as np

from nonlin.bench.rivals import Rival
from nonlin.bench.setting import Ready, Setting


def set_up(setting: Setting) -> Ready:
    """Copy x; with the gradient, x and g."""
    sources = (setting.x, setting.g)[: 1 + (setting.task == "gradient")]
    if setting.outputs is None:
        return Ready(lambda: tuple(source.copy() for source in sources))
    pairs = tuple(zip(setting.outputs, sources, strict=True))

    def copied() -> None:
        for out, source in pairs:
            np.copyto(out, source)

    return Ready(copied, lambda _: setting.outputs or ())


RIVAL = Rival("copy", ("numpy",), set_up, many_threads=False)
