"""From what a person says of a network to advice: the rules that apply, with their facts filled in."""

from __future__ import annotations

from nonlin.advisor import findings, studies
from nonlin.advisor.advice import Advice, Recommendation
from nonlin.advisor.quoting import quoted
from nonlin.advisor.situation import DEPTH_UNLESS_SAID, Situation, situation
from nonlin.advisor.studies import Kept
from nonlin.advisor.table import Rule, Table, features_of, shipped, sources_of
from nonlin.workbench import Activation


def advise(
    *,
    architecture: str,
    task: str,
    depth: int | None = None,
    normalisation: str | None = None,
    batch_norm: bool | None = None,
    gated: bool = False,
    mobile: bool = False,
    self_normalising: bool = False,
    activation: str | Activation | None = None,
) -> Advice:
    """Advice on activations: hidden layers, output with its loss, initialisation, what to watch for.

    Each line has its reason, its source, and how strong the evidence is: "proved fact", "controlled study" or
    "common practice". The rules are the rows of one table, `nonlin/advisor/rules.toml`; the facts in them are the
    catalog's.

    Parameters
    ----------
    architecture : {"mlp", "cnn", "transformer", "rnn"}
        Or another word for one of them, such as "resnet", "vit", "lstm".
    task : str
        "binary", "multiclass", "multilabel", "regression", "positive_regression", "counts", "bounded_regression",
        "probabilities" or "quantiles".
    depth : int, optional
        Hidden layers, or blocks of a Transformer.
    normalisation : {"none", "batch", "layer", "group", "instance", "rms"}, optional
    batch_norm : bool, optional
        True: `normalisation="batch"`; False: not that.
    gated : bool
        Whether a Transformer's feed-forward blocks may be gated.
    mobile : bool
        Whether it runs on a phone or a smaller device.
    self_normalising : bool
        Whether an MLP is to keep mean and variance by its activation alone.
    activation : str or Activation, optional
        The hidden activation that you have in mind: initialisation and warnings then speak of it.

    Returns
    -------
    Advice

    Raises
    ------
    InvalidInput, UnknownActivation
        If a word is not known, or two contradict each other.

    Examples
    --------
    >>> import nonlin as nl
    >>> advice = nl.advise(architecture="cnn", task="multi-label", mobile=True)
    >>> advice.hidden.choice, advice.hidden.evidence, advice.output.choice
    ('hard_swish', 'controlled study', 'sigmoid')
    """
    said = situation(
        architecture, task, depth, normalisation, batch_norm, gated, mobile, self_normalising, activation
    )
    return advised(said, shipped())


def advised(said: Situation, table: Table) -> Advice:
    """Return what a table advises in a situation."""
    features = features_of(table, said)
    hidden = table.one("hidden", features)
    in_mind = said.planned or hidden.choice
    features = features_of(table, said, in_mind)

    def told(rule: Rule) -> Recommendation:
        return _recommendation(rule, table, in_mind, said.depth or DEPTH_UNLESS_SAID, features["deep"])

    gates = table.asked("gates", features)
    return Advice(
        said,
        told(hidden),
        told(gates[0]) if gates else None,
        told(table.one("output", features)),
        told(table.one("initialisation", features)),
        told(table.one("matters", features)),
        tuple(told(rule) for rule in table.asked("alternative", features)),
        tuple(told(rule) for rule in table.asked("watch", features)),
    )


def _recommendation(rule: Rule, table: Table, hidden: str, depth: int, deep: bool) -> Recommendation:
    found = _studies(table, deep) if "{studies}" in rule.say else ()
    words = {"studies": findings.answer(found)} if found else {}
    text, said = quoted(rule.say, hidden, depth, words)
    reason, given = quoted(rule.because, hidden, depth, words)
    quotes = (*said, *given)
    return Recommendation(
        rule.name,
        rule.topic,
        rule.choice.replace("{hidden}", hidden),
        text,
        reason,
        sources_of(table, rule, [quote.activation for quote in quotes]),
        rule.evidence,
        rule.loss,
        rule.code.replace("{hidden}", hidden),
        quotes,
        findings.lines(table.practice, found) if found else (),
    )


def _studies(table: Table, deep: bool) -> tuple[Kept, ...]:
    """Return the shipped studies of perceptrons that are deep, or of those that are not."""
    return tuple(s for s in studies.shipped() if (studies.layers(s) >= table.deep_from["mlp"]) == deep)
