"""What a person says of their network, checked; and the features of it that rules ask for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from nonlin import catalog
from nonlin.advisor.words import ARCHITECTURES, NORMALISATIONS, TASKS, read
from nonlin.errors import InvalidInput
from nonlin.workbench import Activation, Elementwise, Gated, named

NOT_SAID = "not said"
DEPTH_UNLESS_SAID = 10  # for numbers that compound with depth


@dataclass(frozen=True)
class Situation:
    """A network before it is built, in this room's words.

    Attributes
    ----------
    architecture, task : str
    depth : int or None
        Hidden layers, or blocks; None: not said.
    normalisation : str
        "none", "batch", "layer", "group", "instance", "rms" or "not said".
    gated, mobile, self_normalising : bool
    planned : str or None
        The hidden activation that the person has in mind.
    """

    architecture: str
    task: str
    depth: int | None = None
    normalisation: str = NOT_SAID
    gated: bool = False
    mobile: bool = False
    self_normalising: bool = False
    planned: str | None = None


def situation(
    architecture: object,
    task: object,
    depth: int | None = None,
    normalisation: object = None,
    batch_norm: bool | None = None,
    gated: bool = False,
    mobile: bool = False,
    self_normalising: bool = False,
    activation: str | Activation | None = None,
) -> Situation:
    """Return what was said, in this room's words.

    Raises
    ------
    InvalidInput, UnknownActivation
        If a word is unknown, or two of them contradict each other.
    """
    kind = read("architecture", architecture, ARCHITECTURES)
    if depth is not None and (isinstance(depth, bool) or not isinstance(depth, int) or depth < 1):
        raise InvalidInput(f"depth={depth!r}: give the number of hidden layers or blocks, 1 or more")
    if gated and kind != "transformer":
        raise InvalidInput(
            f"gated=True speaks of a Transformer's feed-forward block; for architecture={kind!r} leave it out"
        )
    if self_normalising and kind != "mlp":
        raise InvalidInput(
            f"self_normalising=True: SELU's proof is for fully connected layers (mlp); for architecture={kind!r} "
            "leave it out"
        )
    return Situation(
        kind,
        read("task", task, TASKS),
        depth,
        _normalisation(normalisation, batch_norm),
        bool(gated),
        bool(mobile),
        bool(self_normalising),
        None if activation is None else _planned(activation),
    )


def _normalisation(word: object, batch_norm: bool | None) -> str:
    said = NOT_SAID if word is None else read("normalisation", word, NORMALISATIONS)
    if batch_norm is None:
        return said
    if batch_norm and said not in (NOT_SAID, "batch"):
        raise InvalidInput(f"batch_norm=True contradicts normalisation={word!r}; leave one of them out")
    if not batch_norm and said == "batch":
        raise InvalidInput(f"batch_norm=False contradicts normalisation={word!r}; leave one of them out")
    return "batch" if batch_norm else said


def _planned(word: str | Activation) -> str:
    name = catalog.canonical(word.name if isinstance(word, Activation) else word)
    found = named(name)
    if not isinstance(found, Elementwise | Gated):
        raise InvalidInput(
            f"activation={name!r} {found.nature}, so it is none for hidden layers; see nonlin list"
        )
    return name


@cache
def hidden_names() -> tuple[str, ...]:
    """Return the names that may stand in hidden layers: those of one number, and the gated ones."""
    return tuple(n for n in catalog.names() if isinstance(named(n), Elementwise | Gated))


@cache
def gate_names() -> tuple[str, ...]:
    """Return the names of the gated activations."""
    return tuple(n for n in catalog.names() if isinstance(named(n), Gated))


def domains() -> dict[str, tuple[Any, ...]]:
    """Return every feature that a rule may ask for, with all its values."""
    return {
        "architecture": tuple(ARCHITECTURES),
        "task": tuple(TASKS),
        "normalisation": (NOT_SAID, *NORMALISATIONS),
        "deep": (False, True),
        "gated": (False, True),
        "mobile": (False, True),
        "self_normalising": (False, True),
        "hidden": hidden_names(),
    }


def possible(features: dict[str, Any]) -> bool:
    """Tell whether a situation can have these features: gates are a Transformer's, SELU's proof an MLP's."""
    kind = features.get("architecture")
    return not (features.get("gated") and kind not in (None, "transformer")) and not (
        features.get("self_normalising") and kind not in (None, "mlp")
    )
