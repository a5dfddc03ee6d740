"""Which dtype is computed in, float64 in itself, everything narrower in float32; and which one results."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from nonlin.errors import InvalidInput

HALVES = (torch.float16, torch.bfloat16)

WIDENED = frozenset(["softmax", "softmin", "log_softmax", "softplus", "thresholded_softplus"])
"""What PyTorch's autocast on CUDA gives in float32, whatever it is given; all else keeps its dtype there."""


def as_real(x: Any, name: str) -> Tensor:
    """Return x, in the dtype of the result: its own, for integers the default one, or what autocast wants.

    Raises
    ------
    InvalidInput
        If x is no real tensor.
    """
    if not isinstance(x, Tensor):
        raise InvalidInput(f"{name} works on PyTorch tensors here, not on {type(x).__name__}")
    if x.is_complex():
        raise InvalidInput(f"{name} works on real tensors, not on {x.dtype}")
    if x.dtype in HALVES and x.is_cuda and name in WIDENED and torch.is_autocast_enabled("cuda"):
        return x.to(torch.float32)
    return x if x.is_floating_point() else x.to(torch.get_default_dtype())


def wide(t: Tensor) -> Tensor:
    """Return t, in float32 if it is narrower."""
    return t if t.dtype in (torch.float32, torch.float64) else t.to(torch.float32)
