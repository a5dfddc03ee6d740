"""What a user gives for an activation's parameters: numbers, or tensors that gradients flow to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from numbers import Real
from typing import Any

from torch import Tensor

from nonlin.bridges.torch.arrays import Number
from nonlin.errors import InvalidInput, UnknownParameter
from nonlin.workbench import Activation


def resolved(activation: Activation, given: Mapping[str, Any]) -> tuple[Number, ...]:
    """Return a value for each parameter: the given ones, else the defaults.

    Raises
    ------
    UnknownParameter
        If the activation has no such parameter.
    InvalidInput
        If a value is neither a real number nor a tensor.
    """
    refuse_unknown(activation, given)
    return tuple(
        _number(activation, p.name, given[p.name]) if p.name in given else p.default
        for p in activation.parameters
    )


def refuse_unknown(activation: Activation, names: Collection[str]) -> None:
    """Raise UnknownParameter for a name that is no parameter of the activation."""
    known = [p.name for p in activation.parameters]
    for name in names:
        if name not in known:
            raise UnknownParameter.of(activation.name, name, known)


def _number(activation: Activation, name: str, value: Any) -> Number:
    if isinstance(value, Tensor) and not value.is_complex():
        return value
    if isinstance(value, Real):
        return float(value)
    raise InvalidInput(f"{activation.name}: {name}={value!r} is neither a real number nor a tensor")
