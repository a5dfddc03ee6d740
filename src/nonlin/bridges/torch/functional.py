"""Every activation of the catalog as a function of tensors, by its name: `functional.gelu(x)`.

Parameters are numbers or tensors, to which gradients flow; tensors broadcast against the input as in PyTorch's
arithmetic. What mixes the elements of a row takes `dim`, the last one unless given; a gated activation value and gate,
or one tensor that holds both along `dim`.

>>> import torch
>>> relu6(torch.tensor([-1.0, 2.0, 7.0]))
tensor([0., 2., 6.])
>>> softmax(torch.zeros(2), dim=0, temperature=2.0)
tensor([0.5000, 0.5000])
>>> reglu(torch.tensor([3.0, 3.0]), torch.tensor([2.0, -2.0])), reglu(torch.tensor([3.0, 3.0, 2.0, -2.0]))
(tensor([6., 0.]), tensor([6., 0.]))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

import nonlin
from nonlin.bridges.arranging import Axes
from nonlin.bridges.torch.derivatives import value
from nonlin.bridges.torch.elementwise import activate
from nonlin.bridges.torch.gated import activate_gated, unit
from nonlin.bridges.torch.parameters import resolved
from nonlin.bridges.torch.rowwise import activate_rows, rows_of
from nonlin.errors import InvalidInput, did_you_mean
from nonlin.workbench import Activation, Elementwise, Gated, RowWise
from nonlin.workbench.splitting import Order


def function(activation: Activation) -> Callable[..., Tensor]:
    """Return an activation as a function of tensors.

    Parameters
    ----------
    activation : Activation

    Returns
    -------
    callable
        `(x, **parameters)`; `(z, dim=-1, **parameters)` for what mixes the elements of a row, of batch norm with dim=0,
        several dimensions being one row; `(x, gate)` or `(z, dim=-1, gate="last")` for a gated one.

    Raises
    ------
    InvalidInput
        If it draws noise.
    """
    made = KINDS[activation.card.kind](activation)
    made.__name__ = made.__qualname__ = activation.name
    made.__doc__ = activation.summary
    return made


def _elementwise(activation: Activation) -> Callable[..., Tensor]:
    assert isinstance(activation, Elementwise)
    itself = value(activation.definition)

    def call(x: Tensor, /, **parameters: Any) -> Tensor:
        return activate(itself, x, resolved(activation, parameters))

    return call


def _rows(activation: RowWise) -> Callable[..., Tensor]:
    rows = rows_of(activation.definition)

    def call(z: Tensor, /, dim: Axes | None = None, **parameters: Any) -> Tensor:
        along = activation.axis if dim is None else dim
        return activate_rows(rows, z, along, resolved(activation, parameters))

    return call


def _gated(activation: Gated) -> Callable[..., Tensor]:
    itself = unit(activation.definition)

    def call(
        x: Tensor, given: Tensor | None = None, /, dim: int = -1, gate: Order = "last", **parameters: Any
    ) -> Tensor:
        return activate_gated(itself, x, given, dim, gate, resolved(activation, parameters))

    return call


def _stochastic(activation: Activation) -> Callable[..., Tensor]:
    raise InvalidInput(f"{activation.name} {activation.nature}, and has no form in PyTorch yet")


KINDS: Mapping[str, Callable[[Any], Callable[..., Tensor]]] = {
    "elementwise": _elementwise, "rowwise": _rows, "gated": _gated, "stochastic": _stochastic,
}  # fmt: skip


def __getattr__(name: str) -> Callable[..., Tensor]:
    if name.startswith("_") or name not in nonlin.names():
        raise AttributeError(f"nonlin.torch.functional has no {name!r}.{did_you_mean(name, nonlin.names())}")
    globals()[name] = function(nonlin.get(name))
    return globals()[name]  # type: ignore[no-any-return]


def __dir__() -> list[str]:
    return nonlin.names()
