"""The one rule of differentiation that every elementwise activation follows, and who computes it.

`scaled(D, x, g)` is g D(x), for a partial derivative D of the activation. Its own gradients are again of this
form, so that derivatives of any order are exact, and a backward pass needs nothing but the input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd import forward_ad

from nonlin.bridges.torch.arrays import Number, are_plain, computed, need_gradients
from nonlin.bridges.torch.derivatives import Partial
from nonlin.bridges.torch.dtypes import as_real, wide
from nonlin.bridges.torch.spelling import evaluate


def activate(value: Partial, x: Tensor, parameters: Sequence[Number]) -> Tensor:
    """Return the activation at x, in the dtype of x.

    Parameters
    ----------
    value : Partial
        The activation itself.
    x : Tensor
        Any device, shape and layout. Half precision is computed in float32 and rounded once; integers become
        the default dtype.
    parameters : sequence of float or Tensor
        In the order of the definition; tensors broadcast against x.

    Raises
    ------
    InvalidInput
        If x is no real tensor.
    """
    x = as_real(x, value.definition.name)
    if parameters:
        x = _widened(x, parameters)
    return scaled(value, x, None, parameters)


def _widened(x: Tensor, parameters: Sequence[Number]) -> Tensor:
    many = [p for p in parameters if isinstance(p, Tensor) and p.ndim]
    return torch.broadcast_tensors(x, *many)[0] if many else x  # type: ignore[no-untyped-call]


def scaled(derivative: Partial, x: Tensor, g: Tensor | None, parameters: Sequence[Number]) -> Tensor:
    """Return g D(x), or D(x) if g is None, in the dtype of x; differentiable in every tensor, to any order."""
    compiling, learning = torch.compiler.is_compiling(), need_gradients(x, g, parameters)
    if compiling and learning:
        return InTorch.apply(derivative, x, g, *parameters)  # type: ignore[no-any-return, no-untyped-call]
    if compiling or torch._C._get_tracing_state() is not None:
        return traced(derivative, x, g, parameters)
    if not are_plain(x, g, parameters):
        return WithTangents.apply(derivative, x, g, *parameters)  # type: ignore[no-any-return, no-untyped-call]
    if learning:
        return OnKernels.apply(derivative, x, g, *parameters)  # type: ignore[no-any-return, no-untyped-call]
    return computed(derivative, x, g, parameters)


def traced(derivative: Partial, x: Tensor, g: Tensor | None, parameters: Sequence[Number]) -> Tensor:
    """Return g D(x), or D(x), in PyTorch's operations."""
    at = wide(x)
    numbers = [p.to(at.dtype) if isinstance(p, Tensor) else p for p in parameters]
    y = evaluate(derivative.program, at, numbers)
    return (y if g is None else g.to(at.dtype) * y).to(x.dtype)


class OnKernels(torch.autograd.Function):
    """`scaled`, by the kernels; keeps the input, and g if there is one."""

    @staticmethod
    def forward(ctx: Any, derivative: Partial, x: Tensor, g: Tensor | None, *parameters: Number) -> Tensor:
        """Compute, and keep what backward needs."""
        _keep(ctx, derivative, x, g, parameters)
        return computed(derivative, x, g, parameters)

    @staticmethod
    def backward(ctx: Any, *h: Tensor) -> Any:
        """Pull the gradient h back to every tensor."""
        return _gradients(ctx, *h)


class InTorch(torch.autograd.Function):
    """`scaled`, in PyTorch's operations; what a compiler traces."""

    generate_vmap_rule = True

    @staticmethod
    def forward(derivative: Partial, x: Tensor, g: Tensor | None, *parameters: Number) -> Tensor:
        """Compute."""
        return traced(derivative, x, g, parameters)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        """Keep what backward needs."""
        derivative, x, g, *parameters = inputs
        _keep(ctx, derivative, x, g, parameters)

    @staticmethod
    def backward(ctx: Any, *h: Tensor) -> Any:
        """Pull the gradient h back to every tensor."""
        return _gradients(ctx, *h)


class WithTangents(InTorch):
    """`InTorch` with the forward mode and any nesting of transforms, which a compiler cannot trace."""

    generate_vmap_rule = False

    @staticmethod
    def vmap(info: Any, in_dims: tuple[Any, ...], derivative: Partial, x: Tensor, *others: Any) -> Any:
        """Compute for all of a batch at once, its dimension first."""
        rank = x.ndim - (in_dims[1] is not None)
        x, g, *parameters = (_batched(t, dim, rank) for t, dim in zip((x, *others), in_dims[1:], strict=True))
        x = x.expand(info.batch_size, *x.shape[-rank:] if rank else ())
        return scaled(derivative, x, None if g is None else g.expand(x.shape), parameters), 0

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        """Keep what backward and jvp need."""
        derivative, x, g, *parameters = inputs
        _keep(ctx, derivative, x, g, parameters)
        ctx.save_for_forward(*_tensors(x, g, parameters))

    @staticmethod
    def jvp(ctx: Any, *tangents: Any) -> Any:
        """Push the tangents of every tensor forward, themselves differentiable in the forward mode."""
        # PyTorch turns the forward mode off in here, which silently makes second tangents 0.
        with forward_ad._set_fwd_grad_enabled(True):
            return _tangent(*_at_this_level(_kept(ctx)), *tangents[1:])


def _batched(given: Any, dim: int | None, rank: int) -> Any:
    """Return a tensor with its batch in front, and as many dimensions behind as broadcasting to `rank` takes."""
    if dim is None:
        return given
    first = given.movedim(dim, 0)
    return first.reshape(first.shape[0], *[1] * (rank + 1 - first.ndim), *first.shape[1:])


def _tangent(
    derivative: Partial, x: Tensor, g: Tensor | None, parameters: Sequence[Number], dx: Any, dg: Any, *dp: Any
) -> Tensor:
    changes = [(derivative.by_input(), dx)]
    changes += [(derivative.by_parameter(name), d) for name, d in zip(derivative.names, dp, strict=True)]
    parts = [
        scaled(slope, x, d.expand(x.shape) if g is None else g * d, parameters)
        for slope, d in changes
        if d is not None
    ]
    if dg is not None:
        parts.append(scaled(derivative, x, dg, parameters))
    return sum(parts[1:], parts[0])


def _at_this_level(given: Any) -> Any:
    """Return tensors, however nested, without the tangents that are pushed right now."""
    if isinstance(given, tuple):
        return tuple(map(_at_this_level, given))
    return torch.ops.aten._fw_primal(given, 0) if isinstance(given, Tensor) else given


def _gradients(ctx: Any, h: Tensor) -> tuple[Any, ...]:
    derivative, x, g, parameters = _kept(ctx)
    _, by_x, by_g, *by_parameters = ctx.needs_input_grad
    both = h if g is None else wide(h) * wide(g)
    dx = scaled(derivative.by_input(), x, both, parameters) if by_x else None
    dg = scaled(derivative, x, h, parameters) if by_g else None
    dp = [
        _summed(scaled(derivative.by_parameter(name), wide(x), wide(both), parameters), p) if needed else None
        for name, p, needed in zip(derivative.names, parameters, by_parameters, strict=True)
    ]
    return None, dx, dg, *dp


def _summed(gradient: Tensor, parameter: Any) -> Tensor:
    total: Tensor = gradient.sum_to_size(parameter.shape).to(parameter.dtype)
    return total


def _keep(ctx: Any, derivative: Partial, x: Tensor, g: Tensor | None, parameters: Sequence[Number]) -> None:
    ctx.derivative = derivative
    ctx.fixed = tuple(None if isinstance(p, Tensor) else p for p in parameters) if parameters else ()
    ctx.save_for_backward(*_tensors(x, g, parameters))


def _kept(ctx: Any) -> tuple[Partial, Tensor, Tensor | None, tuple[Number, ...]]:
    x, g, *tensors = ctx.saved_tensors
    parameters = (
        tuple(t if f is None else f for t, f in zip(tensors, ctx.fixed, strict=True)) if tensors else ()
    )
    return ctx.derivative, x, g, parameters


def _tensors(x: Tensor, g: Tensor | None, parameters: Sequence[Number]) -> tuple[Tensor | None, ...]:
    return (x, g, *(p if isinstance(p, Tensor) else None for p in parameters)) if parameters else (x, g)
