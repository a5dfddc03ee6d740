"""What a kernel is made for: the dtype of the arrays, and the grade."""

from __future__ import annotations

from typing import Literal

Code = Literal["f", "d"]
"""float32 or float64."""

Grade = Literal["exact", "fast"]
Precision = Literal["single", "double"]

PRECISIONS: dict[Code, Precision] = {"f": "single", "d": "double"}
"""How many digits of a slope near its roots the arrays of a dtype can hold."""
