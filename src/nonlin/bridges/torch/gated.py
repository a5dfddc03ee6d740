"""Gated activations of tensors: on kernels, both gradients in one pass; elsewhere the product of two activations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nonlin.bridges.torch.arrays import CODES, Number, are_plain, as_array, as_number, need_gradients
from nonlin.bridges.torch.derivatives import value
from nonlin.bridges.torch.dtypes import as_real, wide
from nonlin.bridges.torch.elementwise import activate
from nonlin.derivation.gated import programs
from nonlin.kernels.elementwise import kernel
from nonlin.kernels.grades import PRECISIONS, Code
from nonlin.vocabulary import GatedDefinition
from nonlin.workbench.splitting import Order, split


class Unit:
    """A gated definition with all that computes it."""

    def __init__(self, definition: GatedDefinition) -> None:
        self.definition, self.name = definition, definition.name
        self.names = [p.name for p in definition.parameters]
        self.factors = [(value(f), [p.name for p in f.parameters]) for f in definition.factors]

    def kernel(self, code: Code, what: str) -> np.ufunc:
        """Return the kernel of "value", "pullback" or a parameter's derivative, for a dtype."""
        return kernel(programs(self.definition, (what,), PRECISIONS[code]), code)

    def in_torch(self, x: Tensor, gate: Tensor, parameters: Sequence[Number]) -> Tensor:
        """Return the product of both activations, in PyTorch's operations where its tensors are not plain."""
        given = dict(zip(self.names, parameters, strict=True))
        a, b = (
            activate(one, wide(t), [given[name] for name in names])
            for (one, names), t in zip(self.factors, (x, gate), strict=True)
        )
        return (a * b).to(torch.promote_types(x.dtype, gate.dtype))


@cache
def unit(definition: GatedDefinition) -> Unit:
    """Return what computes a gated definition."""
    return Unit(definition)


def activate_gated(
    made: Unit, x: Tensor, gate: Tensor | None, dim: int, order: Order, parameters: Sequence[Number]
) -> Tensor:
    """Return f(x, gate), or f of one tensor that holds both.

    Parameters
    ----------
    made : Unit
    x : Tensor
        The value; or value and gate along `dim`, if there is no second tensor.
    gate : Tensor or None
        Broadcasts against x.
    dim : int
    order : {"last", "first", "interleaved"}
        Where the gates stand along `dim`.
    parameters : sequence of float or Tensor
        In the order of the definition; tensors broadcast.

    Raises
    ------
    InvalidInput
        If a tensor is not real, or cannot be split.
    """
    x = as_real(x, made.name)
    gate = None if gate is None else as_real(gate, made.name)
    values, gates = _pair(made, x, gate, (dim, order))
    if not _on_kernels(values, gates, parameters):
        return made.in_torch(values, gates, parameters)
    if gate is not None:
        x, gate = values, gates = torch.broadcast_tensors(x, gate)  # type: ignore[no-untyped-call]
    if need_gradients(values, gates, parameters):
        result: Tensor = GatedOnKernels.apply(made, x, gate, dim, order, *parameters)  # type: ignore[no-untyped-call]
        return result
    return _value(made, values, gates, parameters)


class GatedOnKernels(torch.autograd.Function):
    """A gated unit by the kernels; keeps its inputs only, and pulls back to both in one pass."""

    @staticmethod
    def forward(
        ctx: Any, made: Unit, x: Tensor, gate: Tensor | None, dim: int, order: Order, *parameters: Number
    ) -> Tensor:
        """Compute, and keep what backward needs."""
        ctx.made, ctx.place = made, (dim, order)
        ctx.fixed = tuple(None if isinstance(p, Tensor) else p for p in parameters)
        ctx.save_for_backward(x, gate, *(p if isinstance(p, Tensor) else None for p in parameters))
        return _value(made, *_pair(made, x, gate, ctx.place), parameters)

    @staticmethod
    def backward(ctx: Any, *h: Tensor) -> Any:
        """Pull the gradient h back; through PyTorch's operations where it shall be derived again."""
        x, gate, *tensors = ctx.saved_tensors
        parameters = tuple(t if f is None else f for t, f in zip(tensors, ctx.fixed, strict=True))
        _, by_x, by_gate, _, _, *by_parameters = ctx.needs_input_grad
        wanted = (by_x, by_gate, *by_parameters)
        again = torch.is_grad_enabled() or not are_plain(x, h[0], parameters)
        pull = _pulled_in_torch if again else _pulled_by_kernels
        dx, dgate, *dp = pull(ctx.made, x, gate, ctx.place, parameters, h[0], wanted)
        return None, dx, dgate, None, None, *dp


Place = tuple[int, Order]


def _pair(made: Unit, x: Tensor, gate: Tensor | None, place: Place) -> tuple[Tensor, Tensor]:
    return split(made.name, x, *place) if gate is None else (x, gate)


def _value(made: Unit, x: Tensor, gate: Tensor, parameters: Sequence[Number]) -> Tensor:
    out = torch.empty(x.shape, dtype=x.dtype)
    arrays = as_array(x), as_array(gate)
    made.kernel(CODES[x.dtype], "value")(*arrays, *map(as_number, parameters), out.numpy())
    return out


def _pulled_by_kernels(
    made: Unit, x: Tensor, gate: Tensor | None, place: Place, parameters: Sequence[Number], h: Tensor,
    wanted: Sequence[bool],
) -> list[Tensor | None]:  # fmt: skip
    values, gates = pair = _pair(made, x, gate, place)
    dx = torch.empty(x.shape, dtype=x.dtype)
    dgate = None if gate is None else torch.empty(gate.shape, dtype=x.dtype)
    arrays, numbers = [as_array(t) for t in (values, gates, h)], [as_number(p) for p in parameters]
    outs = tuple(as_array(t) for t in _pair(made, dx, dgate, place))
    made.kernel(CODES[x.dtype], "pullback")(*arrays, *numbers, out=outs)
    found: list[Tensor | None] = [dx, dgate]
    for name, parameter, needed in zip(made.names, parameters, wanted[2:], strict=True):
        found.append(_of_parameter(made, name, pair, parameters, h, parameter) if needed else None)
    return found


def _of_parameter(
    made: Unit,
    name: str,
    pair: tuple[Tensor, Tensor],
    parameters: Sequence[Number],
    h: Tensor,
    parameter: Any,
) -> Tensor:
    x, gate = pair
    change = torch.empty(x.shape, dtype=x.dtype)
    arrays = as_array(x), as_array(gate)
    made.kernel(CODES[x.dtype], name)(*arrays, *map(as_number, parameters), change.numpy())
    total: Tensor = (h * change).sum_to_size(parameter.shape).to(parameter.dtype)
    return total


def _pulled_in_torch(
    made: Unit, x: Tensor, gate: Tensor | None, place: Place, parameters: Sequence[Number], h: Tensor,
    wanted: Sequence[bool],
) -> list[Tensor | None]:  # fmt: skip
    given = zip((x, gate, *parameters), wanted, strict=True)
    sources = [t for t, needed in given if needed and isinstance(t, Tensor)]
    with torch.enable_grad():
        y = made.in_torch(*_pair(made, x, gate, place), parameters)
        found = iter(torch.autograd.grad(y, sources, h, create_graph=True))
    return [next(found) if needed else None for needed in wanted]


def _on_kernels(x: Tensor, gate: Tensor, parameters: Sequence[Number]) -> bool:
    """Tell whether the kernels can: plain arrays of one dtype, parameters that do not widen the result."""
    if torch.compiler.is_compiling() or torch._C._get_tracing_state() is not None:
        return False
    if x.dtype != gate.dtype or not are_plain(x, gate, parameters):
        return False
    shape = np.broadcast_shapes(x.shape, gate.shape)
    many = [p.shape for p in parameters if isinstance(p, Tensor) and p.ndim]
    return np.broadcast_shapes(shape, *many) == shape
