"""Facts quoted in a rule's words: `{gelu.gain}`, `{hidden.chi^depth}`; the numbers come from the catalog."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nonlin.errors import NoSuchFacts
from nonlin.workbench import Elementwise, named

QUOTE = re.compile(r"\{(\w+)\.([a-z_.]+)(\^depth)?\}")
WORD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Quote:
    """A fact as it was quoted.

    Attributes
    ----------
    activation, fact : str
        Such as "gelu" and "self_normalising.fate".
    power : int
        The depth it was raised to; 1 if it was not.
    value : object
        The fact itself, before it was raised or rounded.
    how : str
        "proved" or "numeric".
    """

    activation: str
    fact: str
    power: int
    value: Any
    how: str


def quotations(text: str) -> list[tuple[str, str]]:
    """Return the activations and facts that a text quotes.

    Examples
    --------
    >>> quotations("chi {relu.chi}, over {depth} layers {hidden.chi^depth}")
    [('relu', 'chi'), ('hidden', 'chi')]
    """
    return [(activation, fact) for activation, fact, _ in QUOTE.findall(text)]


def quoted(text: str, hidden: str, depth: int, words: Mapping[str, str]) -> tuple[str, tuple[Quote, ...]]:
    """Return a text with its facts and words filled in, and the facts.

    Parameters
    ----------
    text : str
    hidden : str
        The activation that `{hidden}` stands for.
    depth : int
        What `^depth` raises to.
    words : mapping of str to str
        Further words in braces.

    Examples
    --------
    >>> quoted("gain {hidden.gain}, {depth} layers", "relu", 3, {})[0]
    'gain 1.414, 3 layers'
    """
    found: list[Quote] = []

    def fact(match: re.Match[str]) -> str:
        quote = _quote(hidden if match[1] == "hidden" else match[1], match[2], depth if match[3] else 1)
        found.append(quote)
        return in_words(quote)

    known = {"hidden": hidden, "depth": str(depth), **words}
    return WORD.sub(lambda match: known[match[1]], QUOTE.sub(fact, text)), tuple(found)


def _quote(name: str, path: str, power: int) -> Quote:
    activation = named(name)
    if not isinstance(activation, Elementwise):
        raise NoSuchFacts(f"{name} {activation.nature}, so it has no facts to quote")
    first, *rest = path.split(".")
    fact = activation.facts[first]
    value = fact.value
    for part in rest:
        value = getattr(value, part)
    return Quote(name, path, power, value, fact.how)


def in_words(quote: Quote) -> str:
    """Return the words of a quotation; saturation is told as the interval outside of which it holds."""
    if quote.fact == "saturation":
        low, high = quote.value
        return f"[{'-inf' if low is None else worded(low)}, {'inf' if high is None else worded(high)}]"
    return worded(quote.value if quote.power == 1 else quote.value**quote.power)


def worded(value: Any) -> str:
    """Return a fact's value in words, to four digits.

    Examples
    --------
    >>> worded(1.41421356), worded((-1.0, 1.0)), worded(5e-20)
    ('1.414', '-1 and 1', '5e-20')
    """
    if isinstance(value, tuple):
        return " and ".join(map(worded, value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if math.isinf(value):
        return "infinitely many" if value > 0 else "-inf"
    return f"{value + 0.0:.2g}" if 0 < abs(value) < 1e-3 else f"{value + 0.0:.4g}"
