"""Which dtype is computed in: float64 in itself, everything narrower in float32."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from nonlin.errors import InvalidInput


def as_real(x: Any, name: str) -> Tensor:
    """Return x, or for integers x in the default dtype.

    Raises
    ------
    InvalidInput
        If x is no real tensor.
    """
    if not isinstance(x, Tensor):
        raise InvalidInput(f"{name} works on PyTorch tensors here, not on {type(x).__name__}")
    if x.is_complex():
        raise InvalidInput(f"{name} works on real tensors, not on {x.dtype}")
    return x if x.is_floating_point() else x.to(torch.get_default_dtype())


def wide(t: Tensor) -> Tensor:
    """Return t, in float32 if it is narrower."""
    return t if t.dtype in (torch.float32, torch.float64) else t.to(torch.float32)
