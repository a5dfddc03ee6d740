"""Advice as a page: what to take, whether it matters, what else may do, what to watch for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nonlin.advisor import Advice, Recommendation, Situation
from nonlin.report.page import Block, Code, Items, Page, Section, Text

HEADINGS = {
    "hidden": "Hidden layers",
    "gates": "Gates",
    "output": "Output and loss",
    "initialisation": "Initialisation",
    "matters": "Does it matter here?",
}
KINDS = {"mlp": "an MLP", "cnn": "a CNN", "transformer": "a Transformer", "rnn": "a recurrent network"}


def advice_page(advice: Advice) -> Page:
    """Return what `nonlin advise` says."""
    first = [r for r in (advice.hidden, advice.gates, advice.output, advice.initialisation) if r]
    blocks = [Section(_heading(r), tuple(_told(r, advice.situation))) for r in (*first, advice.matters)]
    if advice.alternatives:
        blocks.append(Section("What else may do", (_listed(advice.alternatives),)))
    blocks.append(Section("Watch for", (_listed(advice.watch),)))
    return Page(asked(advice.situation), lead(advice), tuple(blocks))


def asked(said: Situation) -> str:
    """Return the question in one line.

    Examples
    --------
    >>> asked(Situation("cnn", "multilabel", 50, "batch", mobile=True))
    'Advice for a CNN, multilabel, 50 layers deep, batch normalisation, mobile'
    """
    parts = [KINDS[said.architecture], said.task.replace("_", " ")]
    parts += [f"{said.depth} layer{'s' * (said.depth > 1)} deep"] if said.depth else []
    parts += {"not said": [], "none": ["no normalisation"]}.get(
        said.normalisation, [f"{said.normalisation} normalisation"]
    )
    flags = (("gated", said.gated), ("mobile", said.mobile), ("self-normalising", said.self_normalising))
    parts += [word for word, is_so in flags if is_so]
    return "Advice for " + ", ".join(parts + ([f"with {said.planned} in mind"] if said.planned else []))


def lead(advice: Advice) -> str:
    """Return the answer in one sentence."""
    gates = f", {advice.gates.choice} for the gates" if advice.gates else ""
    return (
        f"{advice.hidden.choice} in the hidden layers{gates}; {advice.output.choice} at the output, "
        f"with {advice.output.loss}; weights: {advice.initialisation.choice}."
    )


def _heading(told: Recommendation) -> str:
    return HEADINGS[told.topic] + (f": {told.choice}" if told.choice else "")


def _told(told: Recommendation, said: Situation) -> Iterator[Block]:
    yield Text(told.text)
    if told.topic == "hidden" and said.planned not in (None, told.choice):
        yield Text(f"You have {said.planned} in mind: initialisation and warnings below speak of that.")
    if told.loss:
        yield Text(f"Loss: {told.loss}.")
    if told.code:
        yield Code(told.code)
    yield Text(f"Why: {told.reason}")
    yield Text(known(told), muted=True)
    if told.details:
        yield Items(told.details)


def known(told: Recommendation) -> str:
    """Return how strong the evidence is, and where it stands."""
    return f"{told.evidence.capitalize()}: {'; '.join(told.source)}."


def _listed(several: Sequence[Recommendation]) -> Items:
    return Items(tuple(f"{told.text} {told.reason}\n{known(told)}" for told in several))
