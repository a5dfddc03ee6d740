"""Advice: answers everywhere, quotes the catalog's facts, and refuses what cannot be meant."""

from __future__ import annotations

import json
from itertools import product

import pytest

import nonlin as nl
from nonlin.advisor import advise
from nonlin.advisor.situation import hidden_names
from nonlin.advisor.words import ARCHITECTURES, NORMALISATIONS, TASKS
from nonlin.errors import InvalidInput, UnknownActivation


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_situation_is_answered_whole(architecture: str) -> None:
    for task, depth, normalisation in product(TASKS, (None, 1, 2, 500), (None, *NORMALISATIONS)):
        advice = advise(architecture=architecture, task=task, depth=depth, normalisation=normalisation)
        for line in advice:
            assert line.text
            assert line.reason
            assert line.source
            assert "{" not in line.text + line.reason + "".join(line.source)


@pytest.mark.parametrize("name", hidden_names())
def test_any_activation_may_be_in_mind(name: str) -> None:
    for architecture, depth in product(("mlp", "cnn", "transformer", "rnn"), (None, 200)):
        advice = advise(architecture=architecture, task="binary", depth=depth, activation=name)
        assert advice.situation.planned == name
        json.dumps(advice.as_dict(), allow_nan=False)


def test_quoted_facts_are_the_catalog_s() -> None:
    advice = advise(architecture="mlp", task="binary", depth=24, activation="mish")
    quotes = {(q.activation, q.fact): q for line in advice for q in line.quotes}
    assert quotes["mish", "gain"].value == nl.mish.facts.gain
    assert quotes["sigmoid", "chi"].value == nl.sigmoid.facts.chi
    assert f"{nl.mish.facts.gain:.4g}" in advice.initialisation.text
    saturation = next(line for line in advice.watch if line.rule == "deep-saturation")
    assert f"{nl.sigmoid.facts.chi**24:.2g}" in saturation.reason


def test_a_changed_fact_changes_the_words(monkeypatch) -> None:
    from nonlin.advisor import quoting

    monkeypatch.setattr(quoting, "worded", lambda value: "THIS")
    assert "THIS / sqrt(fan_in)" in advise(architecture="mlp", task="binary").initialisation.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"architecture": "mpl"}, "architecture='mpl' is none of mlp, cnn, transformer, rnn. Did you mean 'mlp'?"),
        ({"task": "multi label!"}, "task='multi label!' is none of binary"),
        ({"depth": 0}, "depth=0: give the number of hidden layers or blocks, 1 or more"),
        ({"depth": True}, "depth=True"),
        ({"depth": 2.5}, "depth=2.5"),
        ({"gated": True}, "gated=True speaks of a Transformer's feed-forward block"),
        ({"architecture": "cnn", "self_normalising": True}, "SELU's proof is for fully connected layers"),
        ({"normalisation": "layer", "batch_norm": True}, "batch_norm=True contradicts normalisation='layer'"),
        ({"normalisation": "batch", "batch_norm": False}, "batch_norm=False contradicts normalisation='batch'"),
        ({"activation": "softmax"}, "activation='softmax' mixes"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_in_the_user_s_words(said, told) -> None:
    with pytest.raises(InvalidInput) as caught:
        advise(**{"architecture": "mlp", "task": "binary"} | said)
    assert str(caught.value).startswith(told) or told in str(caught.value)


def test_an_unknown_activation_names_its_neighbours() -> None:
    with pytest.raises(UnknownActivation, match="mish"):
        advise(architecture="mlp", task="binary", activation="misch")


@pytest.mark.parametrize(
    ("word", "task", "means"),
    [
        ("ResNet", "Multi-Label", ("cnn", "multilabel")),
        ("fully connected", "two class", ("mlp", "binary")),
        ("ViT", "poisson", ("transformer", "counts")),
        ("LSTM", "quantile-regression", ("rnn", "quantiles")),
    ],
)
def test_other_words_for_the_same(word, task, means) -> None:
    said = advise(architecture=word, task=task).situation
    assert (said.architecture, said.task) == means


def test_a_dialect_s_name_means_the_catalog_s() -> None:
    assert advise(architecture="mlp", task="binary", activation="hardswish").situation.planned == "hard_swish"


def test_depth_decides() -> None:
    shallow, deep = (advise(architecture="mlp", task="binary", depth=depth) for depth in (2, 24))
    assert (shallow.hidden.choice, deep.hidden.choice) == ("relu", "gelu")
    assert "deep-saturation" not in {line.rule for line in shallow.watch}


def test_printed_it_is_the_page_of_the_command() -> None:
    text = str(advise(architecture="cnn", task="multilabel", mobile=True))
    assert text.startswith("Advice for a CNN, multilabel, mobile\n")
    assert "Controlled study: Howard et al. (2019)" in text
