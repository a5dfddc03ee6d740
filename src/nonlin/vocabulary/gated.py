"""A definition of two inputs: a value, and the gate that lets it through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from nonlin.errors import InvalidDefinition
from nonlin.vocabulary.claims import Claim
from nonlin.vocabulary.definition import (
    Definition,
    KinkRule,
    as_written,
    refuse_other_kink_rules,
    refuse_reserved_names,
    refuse_unknown_symbols,
)
from nonlin.vocabulary.parameter import Parameter
from nonlin.vocabulary.twin import as_twins
from nonlin.vocabulary.words import gate, x

_RESERVED = ("x", "gate", "g", "z", "out", "axis", "name")


@dataclass(frozen=True, kw_only=True, eq=False)
class GatedDefinition:
    """A gated activation: y = formula(x, gate), the product of a function of x and one of the gate.

    Parameters
    ----------
    formula : expression
        Such as `x * sigmoid(gate)`, in the words of `nonlin.vocabulary`.
    claims : sequence of Claim, optional
        Each asks at a pair: `Value(at=(x, gate), is_=...)`.
    parameters, source, aliases, twins, learnable, kink_rule, name, summary
        As in `Definition`.

    Raises
    ------
    InvalidDefinition
        If the formula is no such product, or uses a symbol that is neither an input nor a stated parameter.
    """

    formula: Any
    parameters: Sequence[Parameter] = ()
    source: str = ""
    aliases: Sequence[str] = ()
    twins: Mapping[str, Any] = field(default_factory=dict)
    claims: Sequence[Claim] = ()
    learnable: Sequence[str] = ()
    kink_rule: KinkRule = "stated"
    name: str = ""
    summary: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "formula", as_written(self.formula))
        for frozen in ("parameters", "aliases", "claims", "learnable"):
            object.__setattr__(self, frozen, tuple(getattr(self, frozen)))
        object.__setattr__(self, "twins", as_twins(self.twins))
        refuse_reserved_names(self, _RESERVED)
        refuse_unknown_symbols(self, x, gate)
        self._refuse_what_is_no_product()

    @cached_property
    def value_factor(self) -> Definition:
        """What is let through, a function of x."""
        return self._factor("value", self._factors[0])

    @cached_property
    def gate_factor(self) -> Definition:
        """How far the gate is open, as a function of one input."""
        return self._factor("gate", self._factors[1].xreplace({gate: x}))

    @property
    def factors(self) -> tuple[Definition, Definition]:
        """Both, that of x first."""
        return self.value_factor, self.gate_factor

    def named(self, name: str, summary: str) -> GatedDefinition:
        """Return the same definition under a name."""
        return replace(self, name=name, summary=summary)

    def bound(self, **defaults: float) -> GatedDefinition:
        """Return the same definition with other defaults for its parameters."""
        renewed = {p: p.with_default(defaults.get(p.name, p.default)) for p in self.parameters}
        formula = self.formula.xreplace(renewed)
        return replace(self, formula=formula, parameters=tuple(renewed.values()), claims=())

    def renamed(self, names: Mapping[str, str]) -> GatedDefinition:
        """Return the same definition with other words for its parameters."""
        renewed = {p: p.with_name(names.get(p.name, p.name)) for p in self.parameters}
        learned = tuple(names.get(name, name) for name in self.learnable)
        formula = self.formula.xreplace(renewed)
        return replace(self, formula=formula, parameters=tuple(renewed.values()), learnable=learned)

    def with_kink_rule(self, rule: Any) -> GatedDefinition:
        """Return the same definition with other slopes at its kinks, a `KinkRule`."""
        refuse_other_kink_rules(rule)
        return replace(self, kink_rule=rule)

    @cached_property
    def _factors(self) -> tuple[Any, Any]:
        """The formula as a function of x and one of the gate, whose product it is."""
        of_x, of_gate = self.formula.as_independent(gate, as_Add=False)
        return of_x, of_gate

    def _factor(self, part: str, formula: Any) -> Definition:
        used = tuple(p for p in self.parameters if p in formula.free_symbols)
        return Definition(
            formula=formula, parameters=used, kink_rule=self.kink_rule,
            name=f"{self.name}_{part}", summary=f"The {part} of {self.name}: f(x) = {formula}.", source=self.source,
        )  # fmt: skip

    def _refuse_what_is_no_product(self) -> None:
        of_x, of_gate = self._factors
        if not of_x.has(x) or not of_gate.has(gate) or of_gate.has(x):
            raise InvalidDefinition(
                f"{self.name or 'the formula'} = {self.formula} is no function of x times a function of gate; "
                "write it as such a product, like x * sigmoid(gate)"
            )
