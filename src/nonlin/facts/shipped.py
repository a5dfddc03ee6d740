"""Facts that ship with the package: one JSON file an activation, written by `nonlin facts --write`, read in no time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nonlin import catalog
from nonlin.card import Card
from nonlin.facts.fact import (
    Bend,
    Curvature,
    Fact,
    Line,
    Memory,
    Places,
    Propagation,
    Range,
    SelfNormalising,
    as_plain,
)
from nonlin.facts.facts import NAMES
from nonlin.machine import machine, versions

FOLDER = Path(__file__).parent.parent / "facts_data"
DISTRIBUTIONS = ("nonlin", "sympy", "python-flint", "numpy")


def shipped(card: Card, folder: Path = FOLDER) -> Callable[[str], Fact] | None:
    """Return what finds a shipped fact of a card by its name; None if the card is not of the shipped formula.

    Parameters
    ----------
    card : Card
        Of the catalog; with other defaults it is another function, in a framework's words the same.
    folder : pathlib.Path, optional

    Returns
    -------
    callable or None
    """
    told = _read(folder / f"{card.name}.json")
    if told is None or told["fingerprint"] != card.fingerprint:
        return None
    if list(told["parameters"].values()) != list(as_plain(card.defaults).values()):
        return None
    if told["facts"].keys() != set(NAMES):
        return None
    return lambda name: _fact(name, told["facts"][name])


def derived(card: Card) -> str:
    """Return all facts of a card of the catalog as JSON, derived now, with how and where they were derived."""
    from nonlin.facts.finding import find

    definition, begun = catalog.definition(card), time.perf_counter()
    facts = {name: _plain(find(definition, name)) for name in NAMES}
    told = {
        "function": card.name,
        "formula": str(definition.formula),
        "parameters": as_plain(card.defaults),
        "fingerprint": card.fingerprint,
        "command": f"nonlin facts {card.name} --write",
        "versions": versions(DISTRIBUTIONS),
        "machine": machine(),
        "seconds": round(time.perf_counter() - begun, 2),
        "facts": facts,
    }
    return json.dumps(told, indent=1, allow_nan=False) + "\n"


def write(card: Card, folder: Path) -> Path:
    """Derive the facts of a card of the catalog, write them to `folder/NAME.json`, and return that path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{card.name}.json"
    path.write_text(derived(card))
    return path


def stale(name: str, folder: Path = FOLDER) -> str | None:
    """Return a sentence that says what to type if shipped facts are missing or of another formula; else None."""
    again = f"nonlin facts {name} --write {FOLDER.name}, then copy it to src/nonlin/{FOLDER.name}"
    if not (folder / f"{name}.json").exists():
        return f"{name} ships no facts; make them: {again}"
    if shipped(catalog.card(name), folder) is None:
        return f"the facts of {name} are of another formula; make them anew: {again}"
    return None


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text()) if path.exists() else None


def _plain(fact: Fact) -> dict[str, Any]:
    value = fact.value
    if isinstance(value, Places):
        value = {
            "at": tuple(value),
            "stretches": value.stretches,
            "period": value.period,
            "endless": value.endless,
        }
    return {
        "value": as_plain(value),
        "how": fact.how,
        "because": fact.because,
        "bounds": as_plain(fact.bounds),
    }


def _fact(name: str, told: Mapping[str, Any]) -> Fact:
    bounds = tuple((_number(a), _number(b)) for a, b in told["bounds"])
    return Fact(name, VALUES.get(name, _number)(told["value"]), told["how"], told["because"], bounds)


def _number(plain: Any) -> Any:
    """Return a number that JSON may lack; anything else as it is."""
    return float(plain) if plain in ("inf", "-inf", "nan") else plain


def _numbers(plain: Any) -> tuple[Any, ...]:
    return tuple(_numbers(p) if isinstance(p, list) else _number(p) for p in plain)


def _fields(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _number(value) if not isinstance(value, list) else tuple(value) for name, value in plain.items()
    }


def _places(plain: Mapping[str, Any]) -> Places:
    return Places.of(_numbers(plain["at"]), _numbers(plain["stretches"]), plain["period"], plain["endless"])


def _curvature(plain: Mapping[str, Any]) -> Curvature:
    return Curvature(plain["whole"], tuple(Bend(**_fields(b)) for b in plain["bends"]))


VALUES: Mapping[str, Callable[[Any], Any]] = {
    "range": lambda p: Range(**_fields(p)),
    "limits": _numbers,
    "slope_limits": _numbers,
    "asymptotes": lambda p: tuple(line and Line(**_fields(line)) for line in p),
    "zeros": _places, "extrema": _places, "inflections": _places, "kinks": _places, "jumps": _places,
    "curvature": _curvature,
    "saturation": _numbers,
    "memory": lambda p: Memory(**p),
    "propagation": lambda p: p and Propagation(**_fields(p)),
    "self_normalising": lambda p: p and SelfNormalising(**_fields(p)),
}  # fmt: skip
"""How each value that is no plain number or word is read."""
