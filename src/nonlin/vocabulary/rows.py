"""A definition that mixes the elements of a row: softmax and its relatives, each by row formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nonlin.errors import InvalidDefinition
from nonlin.vocabulary.arrangement import Arrangement
from nonlin.vocabulary.definition import as_written
from nonlin.vocabulary.parameter import Parameter
from nonlin.vocabulary.row_words import g, z
from nonlin.vocabulary.twin import as_twins


@dataclass(frozen=True, kw_only=True, eq=False)
class RowDefinition:
    """An activation along one axis: value(z)[i] for each element z[i] of a row.

    All are formulas in the words of `nonlin.vocabulary`, those of `row_words` included.

    Parameters
    ----------
    value : expression
        The value at an element, of `z` and parameters.
    vjp : expression
        The pullback, of `z`, `g` and parameters: at j it is the sum over i of g[i] d value[i] / d z[j].
    param_grads : mapping of str to expression
        For each parameter d value / d parameter, at each element.
    formula, latex : str
        The formula of one element as people write it, for a terminal and in LaTeX.
    masked : float
        The value of an element that a mask leaves out.
    axis : int
        Along which it works unless told.
    arrangement : Arrangement, optional
        How the axis becomes rows, if it is not one row. With blocks and windows the value is one number a row,
        and `total(g)` its upstream gradient.
    parameters, source, aliases, twins, name, summary
        As in `Definition`; what the arrangement counts by is one of the parameters.

    Raises
    ------
    InvalidDefinition
        If a formula uses a symbol that is neither an input nor a stated parameter.
    """

    value: Any
    vjp: Any
    formula: str
    latex: str
    param_grads: Mapping[str, Any] = field(default_factory=dict)
    masked: float = 0.0
    axis: int = -1
    arrangement: Arrangement | None = None
    parameters: Sequence[Parameter] = ()
    source: str = ""
    aliases: Sequence[str] = ()
    twins: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    summary: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "twins", as_twins(self.twins))
        object.__setattr__(self, "parameters", tuple(self.parameters))
        for what in ("value", "vjp"):
            object.__setattr__(self, what, as_written(getattr(self, what)))
        object.__setattr__(self, "param_grads", {p: as_written(e) for p, e in self.param_grads.items()})
        for what, formula in self.formulas.items():
            known = {z, g, *self.parameters} if what == "vjp" else {z, *self.parameters}
            if unknown := sorted(map(str, formula.free_symbols - known)):
                raise InvalidDefinition(
                    f"{self.name or 'the row formula'} ({what}) uses {', '.join(unknown)}, which is neither an "
                    "input nor one of its parameters; list it in parameters=[...]"
                )

    @property
    def formulas(self) -> dict[str, Any]:
        """The formulas by what they compute: "value", "vjp", and each parameter's name."""
        return {"value": self.value, "vjp": self.vjp, **self.param_grads}

    def named(self, name: str, summary: str) -> RowDefinition:
        """Return the same definition under a name."""
        return replace(self, name=name, summary=summary)

    def bound(self, **defaults: float) -> RowDefinition:
        """Return the same definition with other defaults for its parameters."""
        return self._with({p: p.with_default(defaults.get(p.name, p.default)) for p in self.parameters}, {})

    def renamed(self, names: Mapping[str, str]) -> RowDefinition:
        """Return the same definition with other words for its parameters."""
        return self._with({p: p.with_name(names.get(p.name, p.name)) for p in self.parameters}, names)

    def _with(self, renewed: Mapping[Parameter, Parameter], names: Mapping[str, str]) -> RowDefinition:
        value, vjp = (formula.xreplace(renewed) for formula in (self.value, self.vjp))
        gradients = {names.get(p, p): formula.xreplace(renewed) for p, formula in self.param_grads.items()}
        arrangement = self.arrangement and self.arrangement.renewed(renewed)
        return replace(
            self, value=value, vjp=vjp, param_grads=gradients, parameters=tuple(renewed.values()),
            arrangement=arrangement,
        )  # fmt: skip
