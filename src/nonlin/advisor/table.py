"""The table of rules: read, checked for gaps and contradictions, and asked."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any, Literal, get_args

from nonlin import catalog
from nonlin.advisor.findings import Practice
from nonlin.advisor.quoting import quotations
from nonlin.advisor.situation import domains, gate_names, possible
from nonlin.errors import NonlinError
from nonlin.facts.facts import NAMES
from nonlin.workbench import named

FILE = Path(__file__).with_name("rules.toml")

Topic = Literal["hidden", "gates", "output", "initialisation", "matters", "alternative", "watch"]
Evidence = Literal["proved fact", "controlled study", "common practice"]

ONE = ("hidden", "output", "initialisation", "matters")  # topics with exactly one answer
NAMED = ("hidden", "gates", "alternative")  # topics whose choice is a name of the catalog
WORDS = ("exp",)  # choices for an output that are words, not activations
FIELDS = {
    "name",
    "topic",
    "when",
    "say",
    "because",
    "source",
    "evidence",
    "choice",
    "loss",
    "code",
    "against",
}
NEEDED = ("name", "topic", "when", "say", "because", "source", "evidence")

Box = Mapping[str, frozenset[Any]]


class InvalidRules(NonlinError, ValueError):
    """A table of rules with a gap, a contradiction or a word that is not known."""


@dataclass(frozen=True)
class Rule:
    """One row: where it applies, what it says, why, and how that is known.

    Attributes
    ----------
    name, topic, say, because, evidence : str
    when : mapping of str to frozenset
        The values that each feature may have; features that are not named may have any.
    source : tuple of str
        Keys of the table's sources, or names of activations, whose own sources are meant.
    choice, loss, code : str
        What to take, its loss, how to write it; empty where there is nothing to take.
    against : mapping of str to frozenset
        Under "hidden" or "output", the names that this rule warns of.
    """

    name: str
    topic: Topic
    when: Box
    say: str
    because: str
    source: tuple[str, ...]
    evidence: Evidence
    choice: str = ""
    loss: str = ""
    code: str = ""
    against: Box = field(default_factory=dict)

    def applies(self, features: Mapping[str, Any]) -> bool:
        """Tell whether a situation has all the features that the rule asks for."""
        return all(features[name] in allowed for name, allowed in self.when.items())


@dataclass(frozen=True)
class Table:
    """All rules, what practice says of activations, their sources, and from how many layers on a network is deep."""

    rules: tuple[Rule, ...]
    practice: tuple[Practice, ...]
    sources: Mapping[str, str]
    deep_from: Mapping[str, int]

    def asked(self, topic: Topic, features: Mapping[str, Any]) -> list[Rule]:
        """Return the rules of a topic that apply."""
        return [rule for rule in self.rules if rule.topic == topic and rule.applies(features)]

    def one(self, topic: Topic, features: Mapping[str, Any]) -> Rule:
        """Return the rule of a topic that applies.

        Raises
        ------
        InvalidRules
            If it is not exactly one.
        """
        found = self.asked(topic, features)
        if len(found) != 1:
            names = ", ".join(rule.name for rule in found) or "none"
            raise InvalidRules(f"one rule must answer {topic} where {dict(features)}; there are: {names}")
        return found[0]


@cache
def shipped() -> Table:
    """Return the table that ships with the package."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> Table:
    """Return the table that a TOML text holds.

    Raises
    ------
    InvalidRules
        If it is not sound; the message names each fault.
    """
    told = tomllib.loads(text)
    rows, groups = told.get("rule", []), told.get("groups", {}) | {"gates": gate_names()}
    faults = [fault for row in rows for fault in _misshapen(row)]
    if not faults:
        sayings = tuple(_practice(row, told["sources"]) for row in told.get("practice", []))
        table = Table(tuple(_rule(row, groups) for row in rows), sayings, told["sources"], told["deep_from"])
        faults = [*_unsound(table), *contradictions(table), *gaps(table)]
    if faults:
        raise InvalidRules("the rules cannot be used: " + "; ".join(faults))
    return table


def _misshapen(row: Mapping[str, Any]) -> Iterator[str]:
    name = row.get("name", row)
    yield from (f"{name} lacks {key}" for key in NEEDED if key not in row or row[key] in ("", []))
    yield from (f"{name} has a word that is not known: {key}" for key in sorted(row.keys() - FIELDS))
    known = domains()
    yield from (
        f"{name} asks for {key}, which is no feature" for key in row.get("when", {}) if key not in known
    )


def _practice(row: Mapping[str, str], sources: Mapping[str, str]) -> Practice:
    return Practice(row["activation"], row["expected"], _cited(row["source"], sources))  # type: ignore[arg-type]


def _cited(key: str, sources: Mapping[str, str]) -> str:
    """Return a source as it is cited; an activation's name stands for that activation's own."""
    return sources[key] if key in sources else named(key).source


def _rule(row: Mapping[str, Any], groups: Mapping[str, Sequence[str]]) -> Rule:
    known = domains()
    boxes = {
        "when": {key: _allowed(values, known[key], groups) for key, values in row["when"].items()},
        "against": {key: frozenset(values) for key, values in row.get("against", {}).items()},
    }
    return Rule(**{**row, **boxes, "source": tuple(row["source"])})


def _allowed(
    values: Sequence[Any], domain: Sequence[Any], groups: Mapping[str, Sequence[str]]
) -> frozenset[Any]:
    """Return the values that are meant: "@group" stands for its members, "!" before all for all others."""
    negated = list(values[:1]) == ["!"]
    listed: list[Any] = []
    for value in values[negated:]:
        listed += groups.get(value[1:], [value]) if isinstance(value, str) and value[:1] == "@" else [value]
    return frozenset(domain) - frozenset(listed) if negated else frozenset(listed)


def _unsound(table: Table) -> Iterator[str]:
    known = domains()
    names = [rule.name for rule in table.rules]
    yield from (f"two rules are called {name}" for name in sorted({n for n in names if names.count(n) > 1}))
    for rule in table.rules:
        for key, allowed in rule.when.items():
            yield from (
                f"{rule.name}: {key} is never {value!r}"
                for value in sorted(allowed - set(known[key]), key=str)
            )
        if rule.topic not in get_args(Topic):
            yield f"{rule.name}: no topic is called {rule.topic!r}"
        if rule.evidence not in get_args(Evidence):
            yield f"{rule.name}: evidence is one of {', '.join(get_args(Evidence))}, not {rule.evidence!r}"
        for source in rule.source:
            if source not in table.sources and source not in catalog.names():
                yield f"{rule.name}: no source is called {source!r}"
        if rule.topic in NAMED and rule.choice not in known["hidden"]:
            yield f"{rule.name}: {rule.choice!r} is no activation for hidden layers"
        if rule.topic == "output" and not (rule.loss and rule.choice in (*catalog.names(), *WORDS)):
            yield f"{rule.name}: an output needs an activation and a loss"
        yield from (f"{rule.name}: {fault}" for fault in _misquoted(rule))


def _misquoted(rule: Rule) -> Iterator[str]:
    quoted = quotations(f"{rule.say} {rule.because}")
    for activation, fact in quoted:
        if activation != "hidden" and activation not in domains()["hidden"]:
            yield f"{activation!r} has no facts to quote"
        if fact.split(".")[0] not in NAMES:
            yield f"no fact is called {fact!r}"
    if bool(quoted) and "facts" not in rule.source and rule.evidence == "proved fact":
        yield "quotes facts, but does not name them as its source"


def contradictions(table: Table) -> Iterator[str]:
    """Yield a sentence for each two rules that say different things of one and the same situation."""
    for a, b in combinations(table.rules, 2):
        if a.topic == b.topic and a.topic in (*ONE, "gates") and meet(a.when, b.when):
            yield f"{a.name} and {b.name} both answer {a.topic} in some situation"
        for warning, advice in ((a, b), (b, a)):
            topic = "hidden" if advice.topic == "alternative" else advice.topic
            if advice.choice in warning.against.get(topic, ()) and meet(warning.when, advice.when):
                yield f"{advice.name} recommends {advice.choice}, of which {warning.name} warns"


def meet(a: Box, b: Box) -> bool:
    """Tell whether some situation has the features that both ask for."""
    both = {
        key: a.get(key, b.get(key, frozenset())) & b.get(key, a.get(key, frozenset())) for key in {*a, *b}
    }
    choices = product(*(sorted(values, key=str) for values in both.values()))
    return any(possible(dict(zip(both, values, strict=True))) for values in choices)


def gaps(table: Table) -> Iterator[str]:
    """Yield a sentence for each topic that some situation gets no answer to."""
    for topic in ONE:
        rules = [rule for rule in table.rules if rule.topic == topic]
        asked = sorted({key for rule in rules for key in rule.when})
        known = domains()
        for values in product(*(known[key] for key in asked)):
            features = dict(zip(asked, values, strict=True))
            if possible(features) and not any(rule.applies(features) for rule in rules):
                yield f"no rule answers {topic} where {features}"
                break


def features_of(table: Table, said: Any, hidden: str | None = None) -> dict[str, Any]:
    """Return the features of a situation; with the activation in its hidden layers, once it is known."""
    deep = said.depth is not None and said.depth >= table.deep_from[said.architecture]
    told = {key: getattr(said, key) for key in domains() if hasattr(said, key)}
    return told | {"deep": deep} | ({"hidden": hidden} if hidden else {})


def sources_of(table: Table, rule: Rule, quoted: Sequence[str]) -> tuple[str, ...]:
    """Return a rule's sources as they are cited.

    An activation's name stands for its own source, and `{names}` for those whose facts the rule has quoted.
    """
    cited = (_cited(key, table.sources) for key in rule.source)
    return tuple(text.replace("{names}", " ".join(dict.fromkeys(quoted))) for text in cited)
