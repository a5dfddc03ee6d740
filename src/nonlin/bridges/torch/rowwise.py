"""Softmax and its relatives: on our row kernels in memory, elsewhere in PyTorch's operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from nonlin.bridges.arranging import Axes, in_rows
from nonlin.bridges.guard import in_plain_floats
from nonlin.bridges.masking import masked, refuse_other_masks
from nonlin.bridges.torch.arrays import CODES, Number, are_plain, as_array, need_gradients
from nonlin.bridges.torch.dtypes import as_real, wide
from nonlin.bridges.torch.row_words import row_words
from nonlin.bridges.torch.spelling import evaluate_rows
from nonlin.card import Shape
from nonlin.derivation.row_programs import row_program
from nonlin.derivation.steps import Program
from nonlin.errors import InvalidInput
from nonlin.kernels.rowwise import row_kernel
from nonlin.vocabulary import RowDefinition
from nonlin.workbench.arranging import count_of


def softmax(z: Tensor, dim: int, temperature: Number) -> Tensor:
    return torch.softmax(z / temperature, dim)


def log_softmax(z: Tensor, dim: int, temperature: Number) -> Tensor:
    return torch.log_softmax(z / temperature, dim)


IN_TORCH: Mapping[str, Callable[..., Tensor]] = {"torch.softmax": softmax, "torch.log_softmax": log_softmax}
"""What PyTorch has itself, by its name there, as `(z, dim, parameters...)`; all else is spelled by its formula."""


@dataclass(frozen=True, eq=False)
class Rows:
    """A row definition, and the Programs of its value: derived beforehand, since compilers trace what is called."""

    definition: RowDefinition
    value: Program
    masked: Program


@cache
def rows_of(definition: RowDefinition) -> Rows:
    """Return what PyTorch needs of a row definition."""
    plain, masked = (in_plain_floats(row_program(definition, "value", m)) for m in (False, True))
    return Rows(definition, plain, masked)


def activate_rows(
    rows: Rows, z: Tensor, dim: Axes, parameters: tuple[Number, ...], where: Any = None
) -> Tensor:
    """Return the activation along a dimension, or several as one, in the dtype of z.

    Parameters
    ----------
    rows : Rows
    z : Tensor
        At least one-dimensional.
    dim : int or tuple of int
    parameters : sequence of float or Tensor
        In the order of the definition; tensors broadcast against z.
    where : Tensor of bool, optional
        Which elements take part; it broadcasts to z.

    Raises
    ------
    InvalidInput
        If z is no real tensor, or has no such dimension, or the mask is none.
    """
    definition = rows.definition
    z = as_real(z, definition.name)
    mask = None if where is None else _mask(definition.name, where, z)
    dims = dim if isinstance(dim, tuple) else (dim,)
    for d in dims:
        if not -z.ndim <= d < z.ndim:
            raise InvalidInput(
                f"{definition.name} has no dimension dim={d} in a tensor of shape {tuple(z.shape)}"
            )
    if definition.arrangement is None and len(dims) == 1:
        return _along(rows, z, dims[0], parameters, mask)
    shape: Shape = "whole"
    count = 1
    if definition.arrangement is not None:
        shape, by = definition.arrangement.shape, definition.arrangement.by
        given = parameters[definition.parameters.index(by)]
        count = count_of(definition.name, shape, by.name, given, [z.shape[d] for d in dims])
    result: Tensor = in_rows(
        torch, lambda at, hidden: _along(rows, at, -1, parameters, hidden), z, dims, shape, count, mask
    )
    return result


def _mask(name: str, where: Any, z: Tensor) -> Tensor:
    """Return a mask as numbers, in the shape and dtype of z."""
    mask = where if isinstance(where, Tensor) else torch.as_tensor(where, device=z.device)
    refuse_other_masks(name, mask, mask.dtype is torch.bool, z.shape)
    return mask.to(wide(z).dtype).expand(z.shape)


def _along(
    rows: Rows, z: Tensor, dim: int, parameters: tuple[Number, ...], mask: Tensor | None = None
) -> Tensor:
    definition = rows.definition
    if (
        torch.compiler.is_compiling()
        or torch._C._get_tracing_state() is not None
        or not _on_kernels(z, parameters)
    ):
        return _in_torch(rows, z, dim, parameters, mask)
    if need_gradients(z, None, parameters):
        result: Tensor = RowsOnKernels.apply(rows, z, dim, mask, *parameters)  # type: ignore[no-untyped-call]
        return result
    return _computed(definition, "value", (z,), dim, parameters, mask)


class RowsOnKernels(torch.autograd.Function):
    """A row definition by the kernels; keeps the input only, and the mask."""

    @staticmethod
    def forward(
        ctx: Any, rows: Rows, z: Tensor, dim: int, mask: Tensor | None, *parameters: Number
    ) -> Tensor:
        """Compute, and keep what backward needs."""
        ctx.rows, ctx.dim = rows, dim
        ctx.fixed = tuple(None if isinstance(p, Tensor) else p for p in parameters)
        ctx.save_for_backward(z, mask, *(p if isinstance(p, Tensor) else None for p in parameters))
        return _computed(rows.definition, "value", (z,), dim, parameters, mask)

    @staticmethod
    def backward(ctx: Any, *h: Tensor) -> Any:
        """Pull the gradient h back; through PyTorch's operations where it shall be derived again."""
        z, mask, *tensors = ctx.saved_tensors
        parameters = tuple(t if f is None else f for t, f in zip(tensors, ctx.fixed, strict=True))
        _, by_z, _, _, *by_parameters = ctx.needs_input_grad
        wanted = (by_z, *by_parameters)
        again = torch.is_grad_enabled() or not are_plain(z, h[0], parameters)
        pull = _pulled_in_torch if again else _pulled_by_kernels
        dz, *dp = pull(ctx.rows, z, h[0], ctx.dim, parameters, wanted, mask)
        return None, dz, None, None, *dp


def _pulled_by_kernels(
    rows: Rows,
    z: Tensor,
    h: Tensor,
    dim: int,
    parameters: tuple[Number, ...],
    wanted: tuple[bool, ...],
    mask: Tensor | None,
) -> list[Tensor | None]:
    definition = rows.definition
    found = [_computed(definition, "vjp", (z, h), dim, parameters, mask) if wanted[0] else None]
    for symbol, parameter, needed in zip(definition.parameters, parameters, wanted[1:], strict=True):
        if not needed or not isinstance(parameter, Tensor):
            found.append(None)
            continue
        change = _computed(definition, symbol.name, (z,), dim, parameters, mask)
        found.append((h * change).sum().to(parameter.dtype).reshape(parameter.shape))
    return found


def _pulled_in_torch(
    rows: Rows,
    z: Tensor,
    h: Tensor,
    dim: int,
    parameters: tuple[Number, ...],
    wanted: tuple[bool, ...],
    mask: Tensor | None,
) -> list[Tensor | None]:
    given = zip((z, *parameters), wanted, strict=True)
    sources = [t for t, needed in given if needed and isinstance(t, Tensor)]
    with torch.enable_grad():
        y = _in_torch(rows, z, dim, parameters, mask)
        found = iter(torch.autograd.grad(y, sources, h, create_graph=True))
    return [next(found) if needed else None for needed in wanted]


def _in_torch(rows: Rows, z: Tensor, dim: int, parameters: tuple[Number, ...], mask: Tensor | None) -> Tensor:
    at = wide(z)
    numbers = [p.to(at.dtype) if isinstance(p, Tensor) else p for p in parameters]
    if mask is not None:

        def compute(t: Tensor, present: Tensor) -> Tensor:
            return evaluate_rows(rows.masked, {"z": t, "present": present}, dim, numbers)

        y: Tensor = masked(torch, row_words(dim), rows.definition, compute, at, at.detach(), mask)
        return y.to(z.dtype)
    native = IN_TORCH.get(rows.definition.twins.get("torch", ""))
    if native:
        return native(at, dim, *numbers).to(z.dtype)
    return evaluate_rows(rows.value, {"z": at}, dim, numbers).to(z.dtype)


def _computed(
    definition: RowDefinition,
    what: str,
    rows: tuple[Tensor, ...],
    dim: int,
    parameters: tuple[Number, ...],
    mask: Tensor | None = None,
) -> Tensor:
    z, out = rows[0], torch.empty_like(rows[0])
    kernel = row_kernel(row_program(definition, what, mask is not None), CODES[z.dtype])
    arrays = [as_array(t.to(z.dtype)) for t in (*rows, *([] if mask is None else [mask]))]
    numbers = [p.item() if isinstance(p, Tensor) else p for p in parameters]
    kernel(*arrays, *numbers, axis=dim, out=out.numpy())
    return out


def _on_kernels(z: Tensor, parameters: tuple[Any, ...]) -> bool:
    """Tell whether the kernels can: plain arrays, and one number a parameter."""
    return are_plain(z, None, parameters) and all(
        not isinstance(p, Tensor) or p.numel() == 1 for p in parameters
    )
