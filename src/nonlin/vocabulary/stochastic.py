"""A definition with noise in it: another activation, to which something random is given at every call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nonlin.vocabulary.parameter import Parameter
from nonlin.vocabulary.twin import as_twins

Noise = Literal["uniform", "gumbel"]
"""Numbers between the parameters `lower` and `upper`, or standard Gumbel numbers: -log(-log(u))."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StochasticDefinition:
    """An activation that draws noise: y = of(x), with a random number for each element.

    Parameters
    ----------
    of : str
        The activation of the catalog that it is once the noise is known.
    noise : "uniform" or "gumbel"
        What is drawn for each element.
    becomes : str, optional
        The parameter of `of` that the noise is a value of; unless given, noise is added to the input, and the
        parameters are those of `of`.
    formula, latex : str
        What is computed, for a terminal and in LaTeX.
    parameters, source, aliases, twins, name, summary
        As in `Definition`.
    """

    of: str
    noise: Noise
    formula: str
    latex: str
    becomes: str = ""
    parameters: Sequence[Parameter] = ()
    source: str = ""
    aliases: Sequence[str] = ()
    twins: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    summary: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "twins", as_twins(self.twins))

    def named(self, name: str, summary: str) -> StochasticDefinition:
        """Return the same definition under a name."""
        return replace(self, name=name, summary=summary)

    def bound(self, **defaults: float) -> StochasticDefinition:
        """Return the same definition with other defaults for its parameters."""
        renewed = tuple(p.with_default(defaults.get(p.name, p.default)) for p in self.parameters)
        return replace(self, parameters=renewed)

    def renamed(self, names: Mapping[str, str]) -> StochasticDefinition:
        """Return the same definition with other words for its parameters."""
        return replace(
            self, parameters=tuple(p.with_name(names.get(p.name, p.name)) for p in self.parameters)
        )
