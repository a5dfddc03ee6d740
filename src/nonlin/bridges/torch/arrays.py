"""Which tensors are plain arrays in memory, and what the NumPy kernels make of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad

from nonlin.bridges.torch.derivatives import Partial
from nonlin.kernels.elementwise import Code

Number = float | Tensor

CODES: dict[torch.dtype, Code] = {torch.float32: "f", torch.float64: "d"}


def are_plain(x: Tensor, *others: Any) -> bool:
    """Tell whether x is float32 or float64 in memory, the others too or no tensors, and nobody transforms.

    Others that are tensors may be of another of the two dtypes, and of any shape.
    """
    return (
        _is_plain(x)
        and all(_is_plain(t) for t in others if isinstance(t, Tensor))
        and not torch._C._are_functorch_transforms_active()
        and not torch._C._len_torch_dispatch_stack()
        and forward_ad._current_level < 0
    )


def need_gradients(*given: Any) -> bool:
    """Tell whether autograd records, and one of these needs it."""
    return torch.is_grad_enabled() and any(isinstance(t, Tensor) and t.requires_grad for t in given)


def computed(derivative: Partial, x: Tensor, g: Tensor | None, parameters: Sequence[Number]) -> Tensor:
    """Return g D(x), or D(x), by the kernels, into memory that PyTorch owns and lays out as x."""
    code, out = CODES[x.dtype], torch.empty_like(x)
    numbers = map(as_number, parameters)
    if g is None:
        derivative.kernels[code](x.detach().numpy(), *numbers, out.numpy())
    else:
        like_x = g.detach().to(x.dtype).numpy()
        derivative.pullbacks[code](x.detach().numpy(), like_x, *numbers, out.numpy())
    return out


def as_number(parameter: Number) -> Any:
    """Return a parameter as the kernels take it: a float, or a float64 array."""
    return parameter.detach().double().numpy() if isinstance(parameter, Tensor) else parameter


def _is_plain(t: Tensor) -> bool:
    return (
        type(t) in (Tensor, nn.Parameter)
        and t.is_cpu
        and t.dtype in CODES
        and t.layout is torch.strided
        and not t.is_neg()
        and not torch._C._functorch.is_legacy_batchedtensor(t)
    )
