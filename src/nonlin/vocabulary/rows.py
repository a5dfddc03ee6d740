"""A definition that mixes the elements of a row: softmax and its relatives; written by hand, in loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nonlin.vocabulary.parameter import Parameter
from nonlin.vocabulary.twin import as_twins


@dataclass(frozen=True, kw_only=True, eq=False)
class RowDefinition:
    """An activation along one axis: out[0..n) = value(z[0..n)).

    The functions see float64 rows whatever the user's dtype, are written as plain loops over them in the
    words of `nonlin.vocabulary`, and store into their last argument. With parameters p, ...:

    Parameters
    ----------
    value : callable
        `value(z, p, ..., out)`.
    vjp : callable
        `vjp(z, g, p, ..., out)`: out[j] = sum over i of g[i] d value_i / d z_j.
    param_grads : mapping of str to callable
        `param_grads["p"](z, p, ..., out)`: out[i] = d value_i / d p.
    formula, latex : str
        The formula of one element, for a terminal and in LaTeX.
    parameters, source, aliases, twins, name, summary
        As in `Definition`.
    """

    value: Callable[..., Any]
    vjp: Callable[..., Any]
    formula: str
    latex: str
    param_grads: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    parameters: Sequence[Parameter] = ()
    source: str = ""
    aliases: Sequence[str] = ()
    twins: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    summary: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "twins", as_twins(self.twins))

    def named(self, name: str, summary: str) -> RowDefinition:
        """Return the same definition under a name."""
        return replace(self, name=name, summary=summary)

    def bound(self, **defaults: float) -> RowDefinition:
        """Return the same definition with other defaults for its parameters."""
        renewed = tuple(p.with_default(defaults.get(p.name, p.default)) for p in self.parameters)
        return replace(self, parameters=renewed)

    def renamed(self, names: Mapping[str, str]) -> RowDefinition:
        """Return the same definition with other words for its parameters."""
        renewed = tuple(p.with_name(names.get(p.name, p.name)) for p in self.parameters)
        gradients = {names.get(name, name): function for name, function in self.param_grads.items()}
        return replace(self, parameters=renewed, param_grads=gradients)
