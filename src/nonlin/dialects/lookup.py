"""From a word, as somebody's framework spells it, to the one activation that is meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from nonlin import catalog, store
from nonlin.dialects.frameworks import FRAMEWORKS, Framework, framework, framework_of_path
from nonlin.dialects.meanings import Meaning, meanings
from nonlin.errors import AmbiguousActivation, InvalidInput, UnknownActivation, did_you_mean


@dataclass(frozen=True)
class Entry:
    """A meaning under one of its spellings.

    Attributes
    ----------
    meaning : Meaning
    spelling : str
    chosen : bool
        Whether the word alone says this: by default, or because it names the argument too ("gelu_tanh").
    """

    meaning: Meaning
    spelling: str
    chosen: bool


@dataclass(frozen=True)
class Choice:
    """An activation of ours, and how a framework has it; `bound` holds parameters in that framework's words."""

    name: str
    entry: Entry | None = None
    bound: Mapping[str, Any] = field(default_factory=dict)


def choose(word: object, options: Mapping[str, Any], also: Collection[str] = ()) -> Choice:
    """Return what a word means when no dialect is given; `also` are further names, which mean themselves.

    Raises
    ------
    UnknownActivation
        If nobody calls anything so.
    AmbiguousActivation
        If frameworks mean different functions; the message lists them.
    """
    said = _normal(word)
    if said in also:
        return Choice(said, bound=options)
    root = framework_of_path(said)
    if root is not None:
        return choose_in(word, root.word, options)
    if said in catalog.names() or not (found := _by_framework(said)):
        return Choice(catalog.canonical(str(word), also), bound=options)
    alias = catalog.aliases().get(said)
    if len({m.function for m in found}) > 1 or alias not in (None, found[0].name):
        raise AmbiguousActivation(_ambiguous(word, found, alias))
    return Choice(found[0].name, bound={**dict(found[0].defaults), **options})


def choose_in(word: object, dialect: object, options: Mapping[str, Any]) -> Choice:
    """Return what a framework means by a word, given these arguments.

    Raises
    ------
    InvalidInput
        If there is no such dialect, or the function knows no such argument.
    UnknownActivation
        If the framework has nothing of that name; the message says what is near and who has it.
    """
    speaker = framework(dialect)
    entries = _entries(speaker, _normal(word))
    if not entries:
        raise UnknownActivation(_unknown(word, speaker))
    plain = next((e for e in entries if e.chosen), None)
    options = {
        k: v for k, v in options.items() if v is not None or not plain or k not in _parameters(plain.meaning)
    }
    bound = {k: v for k, v in options.items() if plain and k in _parameters(plain.meaning)}
    asked = {k: v for k, v in options.items() if k not in bound}
    fitting = (
        [e for e in entries if e.chosen] if not asked else [e for e in entries if _has(e.meaning, asked)]
    )
    if not fitting:
        raise InvalidInput(_no_such_options(word, speaker, entries, asked))
    return Choice(fitting[0].meaning.name, fitting[0], bound)


@cache
def contested() -> Mapping[str, str]:
    """Return what to tell of each name of ours that means several functions when it is written together."""
    known = store.name_of("contested", catalog.written(), store.sources("dialects"))
    return store.remembered(known, lambda: {n: told for n in catalog.names() if (told := _contest(n))})


def _contest(name: str) -> str:
    together = name.replace("_", "")
    found = [m for said in (name, together) for m in _by_framework(said)] if together != name else []
    if {m.name for m in found} <= {name}:
        return ""
    ours = " or ".join(f"nonlin.{n}" for n in _our_names(found, name))
    return (
        f"{_meant(name, found)}; here it is nonlin's own. Without this warning: "
        f"dialect={found[0].dialect!r}, or {ours}"
    )


def table(speaker: Framework) -> Mapping[str, Sequence[Entry]]:
    """Return what a framework means by each word, the likeliest first; of one spelling that with most parameters."""
    return _table(speaker.word)


@cache
def _table(dialect: str) -> dict[str, list[Entry]]:
    speaker = framework(dialect)
    found: dict[str, list[Entry]] = {}
    for meaning in meanings():
        if meaning.dialect == dialect:
            for spelling in meaning.spellings:
                for key, chosen in _keys(meaning, spelling):
                    found.setdefault(key, []).append(Entry(meaning, spelling, chosen))
    for entries in found.values():
        entries.sort(key=lambda e: (speaker.rank(e.spelling), -len(_parameters(e.meaning))))
    return found


def _keys(meaning: Meaning, spelling: str) -> Iterable[tuple[str, bool]]:
    """Yield the words for a spelling: every end of its path, and each with an argument that is a word."""
    parts = spelling.lower().split(".")
    ends = [".".join(parts[i:]) for i in range(len(parts))]
    yield from ((end, meaning.by_default) for end in ends)
    words = [value for _, value in meaning.options if isinstance(value, str) and value != "none"]
    yield from ((f"{end}_{value.lower()}", True) for end in ends for value in words)


def _normal(word: object) -> str:
    said = str(word).strip().lower().replace("-", "_")
    return said.removeprefix("tf.") if said.startswith("tf.keras.") else said


def _entries(speaker: Framework, said: str) -> Sequence[Entry]:
    known = table(speaker)
    return next((known[way] for way in _ways(speaker, said) if way in known), ())


def _ways(speaker: Framework, said: str) -> Iterable[str]:
    """Yield a word as it was said, with its module in full, and bare if only the framework stands before it."""
    yield said
    module, _, name = said.rpartition(".")
    if module in speaker.short:
        yield f"{speaker.short[module]}.{name}".lower()
    if module in speaker.words:
        yield name
    if speaker.in_place and said.endswith(speaker.in_place):
        yield from _ways(speaker, said.removesuffix(speaker.in_place))


def _by_framework(said: str) -> list[Meaning]:
    """Return the meaning that each framework gives to a word by itself; of a family its simplest member."""
    found = []
    for speaker in FRAMEWORKS:
        chosen = [e for e in _entries(speaker, said) if e.chosen]
        found += [e.meaning for e in chosen if e.spelling == chosen[0].spelling][-1:]
    return found


def _parameters(meaning: Meaning) -> set[str]:
    words = dict(meaning.words)
    return {words.get(p.name, p.name) for p in catalog.card(meaning.name).parameters}


def _has(meaning: Meaning, asked: Mapping[str, Any]) -> bool:
    options = dict(meaning.options)
    return all(k in options and _same(options[k], v) for k, v in asked.items())


def _same(ours: Any, given: Any) -> bool:
    """Compare two arguments; True is no 1, and text is compared in lower case."""
    if isinstance(ours, str) and isinstance(given, str):
        return ours.lower() == given.lower()
    return isinstance(ours, bool) == isinstance(given, bool) and bool(ours == given)


def _unknown(word: object, speaker: Framework) -> str:
    """Say what is near in that framework, which others know the word, and what this one calls their function."""
    others = {m.dialect: m for m in _by_framework(_normal(word))}
    near = did_you_mean(_normal(word).rpartition(".")[2], _bare_words(speaker))
    told = f"{speaker.title} has no activation {word!r}.{near}"
    ours = {m.name for m in others.values()} | {n for n in [_normal(word)] if n in catalog.names()}
    called = sorted({m.spellings[0] for m in meanings() if m.dialect == speaker.word and m.name in ours})
    if called:
        told += f" It calls that function {' or '.join(map(repr, called))}."
    if others:
        told += f" Known in: {', '.join(others)}."
    return told if near or called or others else f"{told} Its names: nonlin list --dialect {speaker.word}"


def _bare_words(speaker: Framework) -> list[str]:
    return [key for key in table(speaker) if "." not in key]


def _ambiguous(word: object, found: Sequence[Meaning], alias: str | None) -> str:
    names = " or ".join(map(repr, _our_names(found, alias)))
    return f"{_meant(word, found)}. Say dialect={found[0].dialect!r}, or nonlin's own name: {names}"


def _meant(word: object, found: Sequence[Meaning]) -> str:
    groups: dict[str, dict[str, None]] = {}
    for meaning in found:
        groups.setdefault(_described(meaning), {})[meaning.dialect] = None
    told = "; ".join(f"{what} in {', '.join(who)}" for what, who in groups.items())
    return f"{word!r} means different functions: {told}"


def _our_names(found: Sequence[Meaning], first: str | None) -> list[str]:
    return list(dict.fromkeys([*([first] if first else []), *(m.name for m in found)]))


def _described(meaning: Meaning) -> str:
    name, bound = meaning.function
    given = ", ".join(f"{parameter}={value}" for parameter, value in sorted(bound))
    return f"{name}({given})" if given else name


def _no_such_options(
    word: object, speaker: Framework, entries: Sequence[Entry], asked: Mapping[str, Any]
) -> str:
    given = ", ".join(f"{k}={v!r}" for k, v in asked.items())
    choices = dict.fromkeys(f"{k}={v!r} ({e.meaning.name})" for e in entries for k, v in e.meaning.options)
    if not asked:
        return f"{speaker.title}'s {word!r} needs an argument: {', '.join(choices)}"
    known = f"It knows {', '.join(choices)}" if choices else "It chooses no other function by an argument"
    return f"{speaker.title}'s {word!r} knows no {given}. {known}"


def shortest(meaning: Meaning, spelling: str | None = None) -> str:
    """Return the shortest word that means this in its dialect, with the arguments that it needs.

    Examples
    --------
    >>> [shortest(m) for m in meanings() if m.name == "gelu" and m.dialect == "keras"]
    ['gelu', 'gelu(approximate=False)']
    """
    path = spelling or meaning.spellings[0]
    parts, known = path.split("."), table(framework(meaning.dialect))
    ends = [".".join(parts[-i:]) for i in range(1, len(parts) + 1)]
    return meaning.call(next((end for end in ends if _leads_to(meaning, known[end.lower()])), path))


def _leads_to(meaning: Meaning, entries: Sequence[Entry]) -> bool:
    fitting = [e for e in entries if e.chosen or not meaning.by_default]
    options = dict(meaning.options) if not meaning.by_default else {}
    first = next((e.meaning for e in fitting if _has(e.meaning, options)), None)
    if first is not None and meaning.spellings == first.spellings:  # a member of its family
        return True
    return first is not None and first.function == meaning.function and first.kink == meaning.kink
