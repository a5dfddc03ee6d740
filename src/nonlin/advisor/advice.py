"""What is advised: recommendations, each with its reason, its source and the strength of its evidence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from nonlin.advisor.quoting import Quote
from nonlin.advisor.situation import Situation
from nonlin.advisor.table import Evidence, Topic


@dataclass(frozen=True)
class Recommendation:
    """One line of advice.

    Attributes
    ----------
    rule : str
        The row of the table that it comes from.
    topic : str
    choice : str
        What to take, such as "gelu"; empty where there is nothing to take.
    text : str
        The advice, in a sentence or two.
    reason : str
    source : tuple of str
        Papers, threads, or the catalog's facts.
    evidence : "proved fact", "controlled study" or "common practice"
    loss, code : str
        For an output, the loss that belongs to it; and how to write it in PyTorch.
    quotes : tuple of Quote
        The facts of the catalog that it quotes.
    details : tuple of str
        What was measured, a line each.
    """

    rule: str
    topic: Topic
    choice: str
    text: str
    reason: str
    source: tuple[str, ...]
    evidence: Evidence
    loss: str = ""
    code: str = ""
    quotes: tuple[Quote, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Advice:
    """What to put into a network, why, and how well that is known.

    Printed, it is the page that `nonlin advise` shows.

    Attributes
    ----------
    situation : Situation
        The question, in this room's words.
    hidden, output, initialisation : Recommendation
    gates : Recommendation or None
        Of a recurrent network.
    matters : Recommendation
        Whether the choice of the hidden activation matters here.
    alternatives, watch : tuple of Recommendation
        What else may do; and what to watch for.
    """

    situation: Situation
    hidden: Recommendation
    gates: Recommendation | None
    output: Recommendation
    initialisation: Recommendation
    matters: Recommendation
    alternatives: tuple[Recommendation, ...]
    watch: tuple[Recommendation, ...]

    def __iter__(self) -> Any:
        """Yield every recommendation."""
        gates = () if self.gates is None else (self.gates,)
        yield from (self.hidden, *gates, self.output, self.initialisation, self.matters)
        yield from (*self.alternatives, *self.watch)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON."""
        from nonlin.facts.fact import as_plain

        plain: dict[str, Any] = as_plain(asdict(self))
        return plain

    def __str__(self) -> str:
        from nonlin.report.advice_page import advice_page
        from nonlin.report.as_text import as_text

        return as_text(advice_page(self))

    __repr__ = __str__
