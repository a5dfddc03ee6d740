"""Every activation of the catalog as a function of tensors, by its name: `functional.gelu(x)`.

Parameters are numbers or tensors, to which gradients flow; tensors broadcast against the input as in PyTorch's
arithmetic. What mixes the elements of a row takes `dim`, the last one unless given.

>>> import torch
>>> relu6(torch.tensor([-1.0, 2.0, 7.0]))
tensor([0., 2., 6.])
>>> softmax(torch.zeros(2), dim=0, temperature=2.0)
tensor([0.5000, 0.5000])
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

import nonlin
from nonlin.bridges.torch.derivatives import value
from nonlin.bridges.torch.elementwise import activate
from nonlin.bridges.torch.parameters import resolved
from nonlin.bridges.torch.rowwise import activate_rows, rows_of
from nonlin.errors import did_you_mean
from nonlin.workbench import Activation, Elementwise, RowWise


def function(activation: Activation) -> Callable[..., Tensor]:
    """Return an activation as a function of tensors.

    Parameters
    ----------
    activation : Activation

    Returns
    -------
    callable
        `(x, **parameters)`, or `(z, dim=-1, **parameters)` for what mixes the elements of a row.
    """
    made = _rows(activation) if isinstance(activation, RowWise) else _elementwise(activation)
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

    def call(z: Tensor, /, dim: int = -1, **parameters: Any) -> Tensor:
        return activate_rows(rows, z, dim, resolved(activation, parameters))

    return call


def __getattr__(name: str) -> Callable[..., Tensor]:
    if name.startswith("_") or name not in nonlin.names():
        raise AttributeError(f"nonlin.torch.functional has no {name!r}.{did_you_mean(name, nonlin.names())}")
    globals()[name] = function(nonlin.get(name))
    return globals()[name]  # type: ignore[no-any-return]


def __dir__() -> list[str]:
    return nonlin.names()
