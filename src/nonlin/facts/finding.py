"""One fact of a definition at a time: proved where a proof is found, else numeric, and said which."""

from __future__ import annotations

from functools import lru_cache

from nonlin.errors import InvalidDefinition, InvalidInput
from nonlin.facts.analysis import analysis, at_full_precision
from nonlin.facts.fact import Fact
from nonlin.facts.moments import Moments
from nonlin.facts.numeric import numeric
from nonlin.facts.pieces import NotProved
from nonlin.facts.proof import Proof
from nonlin.facts.shape import SHAPE
from nonlin.facts.spread import SPREAD
from nonlin.vocabulary import Definition

NAMES = (*SHAPE, *SPREAD)


def find(definition: Definition, name: str) -> Fact:
    """Return a fact of an elementwise definition at its default parameters.

    Parameters
    ----------
    definition : Definition
    name : str
        One of `NAMES`.

    Raises
    ------
    InvalidInput
        If there is no such fact.
    """
    if name not in NAMES:
        raise InvalidInput(f"no fact is called {name!r}; the facts are {', '.join(NAMES)}")
    try:
        proof = proved(definition, name)
    except NotProved as reason:
        return Fact(name, numeric(definition, name), "numeric", f"from samples: {reason}")
    return Fact(name, proof.value, "proved", proof.because, proof.bounds)


@at_full_precision
def proved(definition: Definition, name: str) -> Proof:
    """Return a fact with its proof.

    Raises
    ------
    NotProved
        If none was found.
    """
    try:
        if name in SHAPE:
            return SHAPE[name](analysis(definition))
        return SPREAD[name](moments(definition))
    except (InvalidDefinition, ArithmeticError, ValueError) as reason:
        raise NotProved(str(reason)) from reason


@lru_cache(256)
def moments(definition: Definition) -> Moments:
    """Return the one store of moments of a definition."""
    return Moments(analysis(definition))
