"""The activations to compare: catalog names, `package.module:object`, or Activation objects."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import nonlin as nl
from nonlin.errors import InvalidInput, did_you_mean
from nonlin.study.imports import in_their_code, load
from nonlin.study.settings import ACTIVATIONS
from nonlin.workbench import Activation, Elementwise


@dataclass(frozen=True)
class Candidate:
    """One activation of the study.

    Attributes
    ----------
    name : str
        Its key in the results.
    word : str
        What the person wrote to mean it.
    activation : nonlin.Activation
    """

    name: str
    word: str
    activation: Elementwise

    @property
    def gain(self) -> float:
        return float(self.activation.facts.gain)

    @property
    def parameters(self) -> dict[str, float]:
        return {parameter.name: float(parameter.default) for parameter in self.activation.parameters}

    def fingerprint(self) -> str:
        """Return a hash of what it computes: the Program of value and slope, parameters and gain."""
        told = (str(self.activation.program("value", "slope")), self.parameters, self.gain)
        return hashlib.sha256(repr(told).encode()).hexdigest()


def choose(wanted: Sequence[Any], reference: str | None) -> tuple[tuple[Candidate, ...], str]:
    """Return the candidates in the order given, and the name of the reference among them.

    Raises
    ------
    InvalidInput
        If one cannot be found or used, two share a name, or the reference is not among them.
    """
    if isinstance(wanted, str) or not len(wanted):
        given = f"activations={wanted!r}" if len(wanted) else "no activation is given"
        raise InvalidInput(f"{given}: give a list of names, such as {', '.join(ACTIVATIONS[:3])}")
    candidates = tuple(_candidate(each) for each in wanted)
    names = [candidate.name for candidate in candidates]
    for name, count in Counter(names).items():
        if count > 1:
            same = [c.word for c in candidates if c.name == name]
            raise InvalidInput(
                f"{' and '.join(map(repr, same))} are both the activation {name!r}; name each once"
            )
    return candidates, _reference(candidates, reference)


def _reference(candidates: Sequence[Candidate], reference: str | None) -> str:
    names = [candidate.name for candidate in candidates]
    if reference is None:
        return "relu" if "relu" in names else names[0]
    for candidate in candidates:
        if reference in (candidate.name, candidate.word):
            return candidate.name
    near = did_you_mean(reference, names)
    raise InvalidInput(
        f"the reference {reference!r} is not among the activations ({', '.join(names)}).{near}"
    )


def _candidate(wanted: Any) -> Candidate:
    if isinstance(wanted, str):
        word = wanted.strip()
        found = _own(word) if ":" in word else nl.get(word)
        return _checked(Candidate(found.name, word, _elementwise(found)))
    if not isinstance(wanted, Activation):
        raise InvalidInput(
            f"{wanted!r} is no activation; give a name, or decorate it with @nonlin.activation"
        )
    return _checked(Candidate(wanted.name, wanted.name, _elementwise(wanted)))


def _own(word: str) -> Activation:
    found = load(word)
    if not isinstance(found, Activation):
        raise InvalidInput(
            f"{word!r} is {_described(found)}, not an activation; decorate a function with @nonlin.activation"
        )
    return found


def _elementwise(activation: Activation) -> Elementwise:
    if not isinstance(activation, Elementwise):
        raise InvalidInput(
            f"{activation.name!r} {activation.nature}; a study compares activations of single values"
        )
    return activation


def _described(value: Any) -> str:
    return (
        "a plain function"
        if callable(value) and not isinstance(value, type)
        else f"of type {type(value).__name__}"
    )


def _checked(candidate: Candidate) -> Candidate:
    """Refuse an activation that no weights can be drawn for."""
    gain = in_their_code(f"working out the gain of {candidate.name!r}", lambda: candidate.gain)
    if not (math.isfinite(gain) and gain > 0):
        raise InvalidInput(
            f"{candidate.name!r} has gain {gain}, so no initial weights can be drawn for it; "
            "its mean square for standard normal input must be a positive number"
        )
    return candidate
