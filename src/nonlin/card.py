"""A card: what can be said of an activation without its formula; plain data that loads in no time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Shape = Literal["whole", "groups", "blocks", "windows"]
Kind = Literal["elementwise", "gated", "rowwise", "stochastic"]


@dataclass(frozen=True)
class Parameter:
    """A parameter as users give it.

    Attributes
    ----------
    name : str
        The keyword.
    default : float
        Its value unless given.
    meaning : str
        A few words for help texts.
    """

    name: str
    default: float
    meaning: str = ""


@dataclass(frozen=True)
class Card:
    """The light face of an activation.

    Attributes
    ----------
    name, summary, source : str
    aliases : tuple of str
    parameters : tuple of Parameter
    kind : "elementwise", "gated", "rowwise" or "stochastic"
    kink_rule : str or float
        See `nonlin.vocabulary.KinkRule`.
    fast_lanes : bool
        Whether the fast grade computes in float32 lanes.
    words : tuple of (str, str)
        Our parameters (and "axis") with the words that stand for them, where these are a framework's.
    dialect, spelling : str
        Whose words they are, and what is meant in that framework.
    axis : int
        Along which a row-wise one works unless told.
    gate : "last" or "first"
        Which of the two inputs of a gated one is the gate; so it is in one array unless told.
    rows : (str, str)
        How the axis becomes rows, and by which parameter: see `nonlin.vocabulary.Arrangement`.
    fingerprint : str
        Of the formula: facts that were derived of another one do not belong to this card.
    noise : tuple of (str, str, str)
        Of one that draws noise: what it is without, what is drawn, the parameter that it becomes.
    """

    name: str
    summary: str
    source: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    kind: Kind
    kink_rule: Any = "stated"
    fast_lanes: bool = True
    words: tuple[tuple[str, str], ...] = ()
    dialect: str = field(default="", repr=False)  # what is kept on disk is found by the repr
    spelling: str = field(default="", repr=False)
    axis: int = -1
    gate: Literal["last", "first"] = field(default="last", repr=False)
    rows: tuple[Shape, str] = ("whole", "")
    noise: tuple[str, ...] = field(default=(), repr=False)
    fingerprint: str = ""

    @property
    def defaults(self) -> dict[str, float]:
        """The default of each parameter by its name."""
        return {p.name: p.default for p in self.parameters}

    def bound(self, values: Mapping[str, Any]) -> Card:
        """Return the same card with other defaults."""
        renewed = (replace(p, default=float(values.get(p.name, p.default))) for p in self.parameters)
        return replace(self, parameters=tuple(renewed))

    def worded(self, words: Mapping[str, str]) -> Card:
        """Return the same card with other words for its parameters."""
        renamed = tuple(replace(p, name=words.get(p.name, p.name)) for p in self.parameters)
        shape, by = self.rows
        return replace(self, parameters=renamed, words=tuple(words.items()), rows=(shape, words.get(by, by)))


def card_of(definition: Any) -> Card:
    """Return the card of any definition."""
    arrangement = getattr(definition, "arrangement", None)
    return Card(
        name=definition.name,
        summary=definition.summary,
        source=definition.source,
        aliases=tuple(definition.aliases),
        parameters=tuple(Parameter(p.name, p.default, p.meaning) for p in definition.parameters),
        kind=_kind(definition),
        kink_rule=getattr(definition, "kink_rule", "stated"),
        fast_lanes=getattr(definition, "fast_lanes", False),
        axis=getattr(definition, "axis", -1),
        rows=(arrangement.shape, arrangement.by.name) if arrangement else ("whole", ""),
        noise=_noise(definition),
        fingerprint=hashlib.sha256(str(definition.formula).encode()).hexdigest()[:16],
    )


def _noise(definition: Any) -> tuple[str, ...]:
    return (definition.of, definition.noise, definition.becomes) if hasattr(definition, "noise") else ()


def _kind(definition: Any) -> Kind:
    if hasattr(definition, "gate_factor"):
        return "gated"
    if hasattr(definition, "noise"):
        return "stochastic"
    return "rowwise" if hasattr(definition, "vjp") else "elementwise"
