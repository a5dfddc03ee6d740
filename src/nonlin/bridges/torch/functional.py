"""Every activation of the catalog as a function of tensors, by its name: `functional.gelu(x)`.

Parameters are numbers or tensors, to which gradients flow; tensors broadcast against the input as in PyTorch's
arithmetic. What mixes the elements of a row takes `dim`, the last one unless given, and a mask `where`; a gated
activation value and gate, or one tensor that holds both along `dim`; what draws noise an explicit `generator`.

>>> import torch
>>> relu6(torch.tensor([-1.0, 2.0, 7.0]))
tensor([0., 2., 6.])
>>> softmax(torch.zeros(2), dim=0, temperature=2.0)
tensor([0.5000, 0.5000])
>>> reglu(torch.tensor([3.0, 3.0]), torch.tensor([2.0, -2.0])), reglu(torch.tensor([3.0, 3.0, 2.0, -2.0]))
(tensor([6., 0.]), tensor([6., 0.]))
>>> gumbel_softmax(torch.zeros(4), hard=True, generator=torch.Generator().manual_seed(0)).sum()
tensor(1.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

import nonlin
from nonlin.bridges.arranging import Axes
from nonlin.bridges.noise import refuse_both, refuse_senseless
from nonlin.bridges.torch.derivatives import value
from nonlin.bridges.torch.elementwise import activate
from nonlin.bridges.torch.gated import activate_gated, unit
from nonlin.bridges.torch.parameters import resolved
from nonlin.bridges.torch.rowwise import activate_rows, rows_of
from nonlin.bridges.torch.stochastic import Noisy, activate_noisy, drawn
from nonlin.errors import did_you_mean
from nonlin.workbench import Activation, Elementwise, Gated, RowWise, Stochastic
from nonlin.workbench.splitting import Order
from nonlin.workbench.stochastic import RandomSlope


def function(activation: Activation) -> Callable[..., Tensor]:
    """Return an activation as a function of tensors.

    Parameters
    ----------
    activation : Activation

    Returns
    -------
    callable
        `(x, **parameters)`; `(z, dim=-1, where=None, **parameters)` for what mixes the elements of a row, of batch norm
        with dim=0, several dimensions being one row and `where` a mask of the elements that take part; `(x, gate)` or
        `(z, dim=-1, gate="last")` for a gated one. What draws noise takes a `torch.Generator` as `generator=`, or
        `noise=`, a tensor; `rrelu` without them has its mean slope, `gumbel_softmax` takes `dim` and `hard` too.
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

    def call(z: Tensor, /, dim: Axes | None = None, where: Any = None, **parameters: Any) -> Tensor:
        along = activation.axis if dim is None else dim
        return activate_rows(rows, z, along, resolved(activation, parameters), where)

    return call


def _gated(activation: Gated) -> Callable[..., Tensor]:
    itself = unit(activation.definition)

    def call(
        x: Tensor, given: Tensor | None = None, /, dim: int = -1, gate: Order | None = None, **parameters: Any
    ) -> Tensor:
        if given is not None:
            x, given = activation.in_order(x, given)
        order = activation.card.gate if gate is None else gate
        return activate_gated(itself, x, given, dim, order, resolved(activation, parameters))

    return call


def _stochastic(activation: Stochastic) -> Callable[..., Tensor]:
    made = Noisy(activation)

    def slopes(x: Tensor, /, generator: Any = None, noise: Any = None, **parameters: Any) -> Tensor:
        return call(x, generator, noise, parameters)

    def rows(
        z: Tensor, /, dim: int = -1, generator: Any = None, noise: Any = None, hard: bool = False, **parameters: Any
    ) -> Tensor:  # fmt: skip
        return call(z, generator, noise, parameters, dim=dim, hard=hard)

    def call(x: Tensor, generator: Any, noise: Any, parameters: Mapping[str, Any], **options: Any) -> Tensor:
        values = resolved(activation, parameters)
        refuse_senseless(activation, values)
        refuse_both(activation, "generator", generator, noise)
        given = drawn(made, x, generator, values) if noise is None else noise
        return activate_noisy(made, x, given, values, **options)

    return slopes if isinstance(activation, RandomSlope) else rows


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
