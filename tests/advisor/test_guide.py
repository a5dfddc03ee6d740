"""Every row of the decision guide, and every common mistake, is answered by a rule; a missing one fails."""

from __future__ import annotations

import pytest

from nonlin.advisor import advise
from nonlin.advisor.table import shipped

# What the guides say, row by row: the network, what is advised first, and what must be offered beside it.
GUIDE = {
    "mlp": ({"architecture": "mlp"}, "hidden", "relu", {"leaky_relu"}),
    "mlp, deep": ({"architecture": "mlp", "depth": 24}, "hidden", "gelu", {"silu"}),
    "mlp, self-normalising": ({"architecture": "mlp", "self_normalising": True}, "hidden", "selu", set()),
    "cnn": ({"architecture": "cnn"}, "hidden", "relu", {"mish", "silu"}),
    "cnn, better": ({"architecture": "cnn", "depth": 50}, "hidden", "silu", {"mish", "relu"}),
    "cnn, mobile": ({"architecture": "cnn", "mobile": True}, "hidden", "hard_swish", {"relu6"}),
    "transformer": ({"architecture": "transformer"}, "hidden", "gelu", {"swiglu"}),
    "transformer, gated": ({"architecture": "transformer", "gated": True}, "hidden", "swiglu", {"geglu"}),
    "rnn, gates": ({"architecture": "rnn"}, "gates", "sigmoid", {"hard_sigmoid"}),
    "rnn, state": ({"architecture": "rnn"}, "hidden", "tanh", set()),
    "binary": ({"task": "binary"}, "output", "sigmoid", set()),
    "multiclass": ({"task": "multiclass"}, "output", "softmax", set()),
    "several labels": ({"task": "multilabel"}, "output", "sigmoid", set()),
    "regression": ({"task": "regression"}, "output", "identity", set()),
    "positive regression": ({"task": "positive_regression"}, "output", "softplus", set()),
    "counts": ({"task": "counts"}, "output", "exp", set()),
    "bounded regression": ({"task": "bounded_regression"}, "output", "tanh", set()),
}

DEEP = {"architecture": "mlp", "depth": 24}
NORMALISED_SELU = {"architecture": "mlp", "activation": "selu", "normalisation": "batch"}
MISTAKES = {
    "sigmoid or tanh in many hidden layers": (DEEP, "deep-saturation"),
    "the same, planned": (DEEP | {"activation": "tanh"}, "deep-saturation"),
    "dead rectifiers": ({"architecture": "mlp"}, "dead-units"),
    "dead rectifiers behind a normalisation": ({"normalisation": "batch"}, "dead-units-normalised"),
    "softmax before a loss of logits": ({"task": "multiclass"}, "softmax-twice"),
    "sigmoid before a loss of logits": ({"task": "binary"}, "sigmoid-twice"),
    "sigmoid before a loss of logits, per label": ({"task": "multilabel"}, "sigmoid-twice"),
    "ReLU on a probability": ({"task": "binary"}, "relu-on-probability"),
    "ReLU on a distribution": ({"task": "multiclass"}, "relu-on-probability"),
    "ReLU on an unbounded regression": ({"task": "regression"}, "relu-on-regression"),
    "sigmoid on an unbounded regression": ({"task": "regression"}, "sigmoid-on-regression"),
    "SELU without its conditions": ({"activation": "selu"}, "selu-conditions"),
    "SELU behind batch normalisation": (NORMALISED_SELU, "selu-normalised"),
    "an initialisation for another activation": ({"activation": "relu"}, "wrong-gain"),
    "the same, of a curved one": ({"activation": "gelu"}, "wrong-gain-curved"),
    "no activation at all": ({"activation": "identity"}, "no-activation"),
    "an activation without slope": ({"activation": "step"}, "no-slope"),
}

ANY = {"architecture": "mlp", "task": "multiclass"}


@pytest.mark.parametrize(("said", "topic", "choice", "beside"), GUIDE.values(), ids=GUIDE)
def test_every_row_of_the_guide_is_advised(said, topic, choice, beside) -> None:
    advice = advise(**ANY | said)
    assert getattr(advice, topic).choice == choice
    assert beside <= {each.choice for each in advice.alternatives}


@pytest.mark.parametrize(("said", "rule"), MISTAKES.values(), ids=MISTAKES)
def test_every_common_mistake_is_watched_for(said, rule) -> None:
    assert rule in {each.rule for each in advise(**ANY | said).watch}


def test_every_advice_ends_with_trying_on_one_s_own_data() -> None:
    for architecture in ("mlp", "cnn", "transformer", "rnn"):
        last = advise(architecture=architecture, task="regression").watch[-1]
        assert last.rule == "try-it"
        assert "nonlin study" in last.text


def test_the_output_names_the_loss_that_takes_logits() -> None:
    named = {
        task: advise(architecture="mlp", task=task).output for task in ("binary", "multiclass", "multilabel")
    }
    assert "BCEWithLogitsLoss" in named["binary"].code
    assert "CrossEntropyLoss" in named["multiclass"].code
    assert "BCEWithLogitsLoss" in named["multilabel"].code


def test_no_row_of_the_guide_is_answered_by_a_rule_that_is_gone() -> None:
    names = {rule.name for rule in shipped().rules}
    assert {rule for _, rule in MISTAKES.values()} <= names
