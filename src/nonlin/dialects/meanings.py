"""What each framework means by each of its spellings, gathered from the catalog; kept on disk as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from nonlin import catalog, store
from nonlin.dialects.frameworks import FRAMEWORKS

if TYPE_CHECKING:
    from nonlin.vocabulary import Twin


@dataclass(frozen=True)
class Meaning:
    """One activation as one framework has it.

    Attributes
    ----------
    dialect : str
        The framework's word: "torch", "keras", ...
    name : str
        The activation's name here.
    spellings : tuple of str
        Theirs, all with this meaning.
    options : tuple of (str, value)
        The arguments that make a spelling mean this.
    by_default : bool
        Whether the spelling means this without arguments too.
    words : tuple of (str, str)
        Our parameters (and "axis") with their words.
    defaults : tuple of (str, float)
        Defaults that differ from ours, by our names.
    kink : KinkRule
        Their slope at kinks, "stated" if it is ours.
    gate : "last" or "first"
        Which of the two inputs of a gated one is the gate; ours has it last.
    differs : str
        Where and why we differ on purpose.
    """

    dialect: str
    name: str
    spellings: tuple[str, ...]
    options: tuple[tuple[str, Any], ...] = ()
    by_default: bool = True
    words: tuple[tuple[str, str], ...] = ()
    defaults: tuple[tuple[str, float], ...] = ()
    kink: Any = "stated"
    gate: Literal["last", "first"] = "last"
    differs: str = ""

    @property
    def spelling(self) -> str:
        """The first spelling, with the arguments that it needs to mean this."""
        return self.call(self.spellings[0])

    @property
    def function(self) -> tuple[str, frozenset[tuple[str, str]]]:
        """What two meanings share when they compute the same: the name, and to six digits what is bound to it."""
        ours = {"gate": "last"} | {n: f"{v:.6g}" for n, v in catalog.card(self.name).defaults.items()}
        told = {("gate", self.gate), *((name, f"{value:.6g}") for name, value in self.defaults)}
        return self.name, frozenset(told - ours.items())

    @property
    def parameters(self) -> dict[str, float]:
        """Its parameters with their defaults, in the framework's words."""
        words, given = dict(self.words), dict(self.defaults)
        ours = catalog.card(self.name).defaults
        if "axis" in given:
            ours = {"axis": given["axis"], **ours}
        return {words.get(name, name): given.get(name, value) for name, value in ours.items()}

    def call(self, spelling: str) -> str:
        """Return one of the spellings, with the arguments that it needs to mean this."""
        given = ", ".join(f"{word}={value:.6g}" if isinstance(value, float) else f"{word}={value!r}"
                          for word, value in self.options)  # fmt: skip
        return spelling if self.by_default else f"{spelling}({given})"


@cache
def meanings() -> tuple[Meaning, ...]:
    """Return every meaning of every framework, in alphabetical order of our names."""
    return store.remembered(
        store.name_of("meanings", catalog.written(), store.sources("dialects")), _gathered
    )


def meanings_of(name: str) -> tuple[Meaning, ...]:
    """Return what the frameworks have of one activation of ours, framework by framework."""
    return tuple(m for m in meanings() if m.name == name)


def near_in_name(name: str) -> tuple[Meaning, ...]:
    """Return what the frameworks have of one activation of ours, and what else they call by its name."""
    called = {name, name.replace("_", "")}
    found = (m for m in meanings() if m.name == name or called & {bare(s) for s in m.spellings})
    order = [f.word for f in FRAMEWORKS]
    return tuple(sorted(found, key=lambda m: (order.index(m.dialect), m.name != name)))


def bare(spelling: str) -> str:
    """Return a spelling without its module, in lower case.

    Examples
    --------
    >>> bare("torch.nn.LeakyReLU")
    'leakyrelu'
    """
    return spelling.rpartition(".")[2].lower()


def as_dict(meaning: Meaning) -> dict[str, Any]:
    """Return a meaning as plain data for JSON."""
    return {
        "dialect": meaning.dialect,
        "spellings": [meaning.call(spelling) for spelling in meaning.spellings],
        "name": meaning.name,
        "parameters": meaning.parameters,
        "words": dict(meaning.words),
        "kink": meaning.kink,
        "gate": meaning.gate if catalog.card(meaning.name).kind == "gated" else None,
        "differs": meaning.differs,
    }


def _gathered() -> tuple[Meaning, ...]:
    found = []
    for name in catalog.names():
        twins: Mapping[str, Twin] = catalog.load(name).twins
        for framework in FRAMEWORKS:
            spoken = [twin for word in framework.words if word in twins for twin in twins[word].all]
            found += [_meaning(framework.word, name, twin) for twin in spoken]
    return tuple(found)


def _meaning(dialect: str, name: str, twin: Twin) -> Meaning:
    return Meaning(
        dialect=dialect,
        name=name,
        spellings=(str(twin), *twin.also),
        options=tuple(twin.arguments.items()),
        by_default=twin.by_default,
        words=tuple(twin.names.items()),
        defaults=tuple((parameter, float(value)) for parameter, value in twin.defaults.items()),
        kink=twin.kink,
        gate=twin.gate,
        differs=twin.differs,
    )
