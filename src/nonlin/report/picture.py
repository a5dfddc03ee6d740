"""A matplotlib figure that a notebook shows by itself; importing this file needs matplotlib."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

SHARPNESS = 2  # pixels of the picture a pixel of the notebook


class Picture(Figure):
    """A figure that belongs to no window and to no global state.

    A plain Figure shows itself in a notebook only if pyplot made it. This one answers IPython's question
    for a PNG itself.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        FigureCanvasAgg(self)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        picture = BytesIO()
        self.savefig(picture, format="png", dpi=self.dpi * SHARPNESS)
        width, height = (round(inches * self.dpi) for inches in self.get_size_inches())
        return picture.getvalue(), {"width": width, "height": height}
