"""Which tensors are plain arrays in memory, and what the NumPy kernels make of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import forward_ad

from nonlin.bridges.torch.derivatives import Partial
from nonlin.kernels.grades import Code

Number = float | Tensor

CODES: dict[torch.dtype, Code] = {torch.float32: "f", torch.float64: "d"}

# Asked at every call, so each is looked up once.
_KINDS = frozenset([Tensor, nn.Parameter])
_STRIDED = torch.strided
_transforms_are_active = torch._C._are_functorch_transforms_active
_modes_are_active = torch._C._len_torch_dispatch_stack
_is_batched = torch._C._functorch.is_legacy_batchedtensor


def are_plain(x: Tensor, g: Tensor | None, parameters: Sequence[Number] = ()) -> bool:
    """Tell whether all tensors are float32 or float64 in memory, and nobody transforms or watches."""
    if not _is_plain(x) or (g is not None and not _is_plain(g)):
        return False
    if _transforms_are_active() or _modes_are_active() or forward_ad._current_level >= 0:
        return False
    return not parameters or all(_is_plain(p) for p in parameters if isinstance(p, Tensor))


def need_gradients(x: Tensor, g: Tensor | None, parameters: Sequence[Number] = ()) -> bool:
    """Tell whether autograd records, and one of these needs it."""
    if not torch.is_grad_enabled():
        return False
    if x.requires_grad or (g is not None and g.requires_grad):
        return True
    return any(p.requires_grad for p in parameters if isinstance(p, Tensor))


def computed(derivative: Partial, x: Tensor, g: Tensor | None, parameters: Sequence[Number]) -> Tensor:
    """Return g D(x), or D(x), by the kernels, into memory that PyTorch owns and lays out as x."""
    code, out = CODES[x.dtype], torch.empty_like(x)
    numbers = map(as_number, parameters)
    if g is None:
        derivative.compute(code)(as_array(x), *numbers, out.numpy())
    else:
        derivative.pull_back(code)(as_array(x), as_array(_laid_out_as(x, g)), *numbers, out.numpy())
    return out


def as_array(t: Tensor) -> Any:
    """Return a plain tensor as an array, on the same memory unless it is lazily negated."""
    return t.numpy(force=True)


def _laid_out_as(x: Tensor, g: Tensor) -> Tensor:
    """Return g in the layout of x: a copy costs less than a loop over unlike strides."""
    return g if g.stride() == x.stride() else torch.empty_like(x).copy_(g.detach())


def as_number(parameter: Number) -> Any:
    """Return a parameter as the kernels take it: a float, or a float64 array."""
    return as_array(parameter.double()) if isinstance(parameter, Tensor) else parameter


def _is_plain(t: Tensor) -> bool:
    return t.is_cpu and type(t) in _KINDS and t.dtype in CODES and t.layout is _STRIDED and not _is_batched(t)
