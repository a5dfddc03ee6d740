"""The words that see a whole row, in PyTorch's operations along a dimension."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor


def row_words(dim: int) -> Mapping[str, Callable[..., Any]]:
    """Return each of them; what is one number of a row keeps a dimension of length 1."""
    return {
        "largest": lambda u: torch.amax(u, dim, keepdim=True),
        "total": lambda u: torch.sum(u, dim, keepdim=True),
        "size": lambda u: size(u, dim),
        "position": lambda u: _places(u, dim),
        "threshold": lambda u, power: threshold(u, power, dim),
        "kth_largest": lambda u, k: kth_largest(u, k, dim),
    }


def size(u: Tensor, dim: int) -> Tensor:
    """Return the length of the rows, counted, so that a traced batch of any size stays one."""
    return torch.sum(torch.ones_like(u), dim, keepdim=True)


def kth_largest(u: Tensor, k: Any, dim: int) -> Tensor:
    """Return the k-th of the elements, the largest first; -inf if there are fewer, inf if k is not positive."""
    falling = torch.sort(u, dim, descending=True).values
    reached = torch.amin(torch.where(_places(u, dim) < k, falling, torch.inf), dim, keepdim=True)
    return torch.where(k > size(u, dim), -torch.inf, reached)


def threshold(u: Tensor, power: float, dim: int) -> Tensor:
    """Return the number t with total(max(u - t, 0)^power) = 1, by sorting; the largest u is 0.

    What is below -1 has no share whatever the others are.
    """
    falling = torch.sort(torch.clamp(u, min=-1.0), dim, descending=True).values
    so_far, count = torch.cumsum(falling, dim), _places(u, dim) + 1.0
    if power == 1.0:
        sharing = _how_many(1.0 + count * falling > so_far, dim)
        return (so_far.gather(dim, sharing) - 1.0) / (sharing + 1)
    squares = torch.cumsum(falling * falling, dim)
    sharing = _how_many(_threshold_of(so_far, squares, count).detach() <= falling, dim)
    return _threshold_of(so_far.gather(dim, sharing), squares.gather(dim, sharing), (sharing + 1).to(u.dtype))


def _threshold_of(total: Tensor, squares: Tensor, count: Tensor) -> Tensor:
    mean = total / count
    scatter = squares / count - mean * mean
    return mean - torch.sqrt(torch.clamp(1.0 / count - scatter, min=0.0))


def _how_many(holds: Tensor, dim: int) -> Tensor:
    """Return one less than how many of the first hold."""
    return torch.clamp(holds.sum(dim, keepdim=True) - 1, min=0)


def _places(u: Tensor, dim: int) -> Tensor:
    shape = [1] * u.ndim
    shape[dim] = -1
    return torch.arange(u.shape[dim], dtype=u.dtype, device=u.device).reshape(shape).expand(u.shape)
