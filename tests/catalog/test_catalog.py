"""The catalog: names, aliases, files, claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import nonlin as nl
from nonlin import catalog
from nonlin.card import card_of
from nonlin.derivation.calculus import derivative
from nonlin.derivation.reference import evaluator
from nonlin.errors import InvalidDefinition, UnknownActivation
from nonlin.vocabulary import Definition, GatedDefinition, RowDefinition, StochasticDefinition, Value, gate

REQUIRED = (
    "identity", "relu", "leaky_relu", "prelu", "relu6", "elu", "selu", "celu", "sigmoid", "tanh", "softplus",
    "softsign", "gelu", "gelu_tanh", "quick_gelu", "silu", "swish", "mish", "hard_sigmoid", "hard_swish", "log_sigmoid",
    "softmax", "log_softmax", "relu_squared", "threshold", "thresholded_relu", "hard_tanh", "clip", "hard_mish",
    "soft_shrink", "hard_shrink", "shrink", "sparse_plus", "sparse_sigmoid", "sloped_hard_sigmoid", "step", "sign",
    "tlu", "affine_tlu", "softmin", "hardmax", "sparsemax", "entmax15", "maxout", "layer_norm", "rms_norm",
    "batch_norm", "group_norm", "local_response_norm", "winner_take_all", "scaled_elu", "thresholded_softplus",
    "keras_relu",
)  # fmt: skip
CLAIMS = [
    pytest.param(name, claim, id=f"{name}: {claim}")
    for name in catalog.names()
    for claim in getattr(catalog.load(name), "claims", ())
]


@pytest.mark.parametrize("name", REQUIRED)
def test_it_holds_what_the_tutorials_name(name: str) -> None:
    assert name in catalog.names()


@pytest.mark.parametrize(("name", "claim"), CLAIMS)
def test_every_claim_holds_of_the_reference(name: str, claim: Any) -> None:
    definition = catalog.load(name)
    defaults = {p: p.default for p in definition.parameters}
    if isinstance(definition, GatedDefinition):
        value = lambda x, u: evaluator(definition.formula, {**defaults, gate: u})(x)  # noqa: E731
        slope = value  # no claim about it
    else:
        value, slope = evaluator(definition.formula, defaults), evaluator(derivative(definition), defaults)
    assert claim.holds(value, slope), str(claim)


@pytest.mark.parametrize(("name", "claim"), CLAIMS)
def test_every_claim_holds_of_the_kernels(name: str, claim: Any) -> None:
    f = nl.get(name)
    assert claim.holds(lambda *at: float(f(*at)), lambda *at: float(f.grad(*at))), str(claim)


def test_every_elementwise_activation_has_a_claim_of_its_own() -> None:
    for name in catalog.names():
        definition = catalog.load(name)
        assert isinstance(definition, RowDefinition | StochasticDefinition) or definition.claims, name


@pytest.mark.parametrize("name", catalog.names())
def test_the_file_the_variable_and_the_name_agree(name: str) -> None:
    assert catalog.load(name).name == name
    assert (Path(catalog.__file__).parent / f"{name}.py").exists()
    assert nl.get(name).name == name


@pytest.mark.parametrize("name", catalog.names())
def test_every_file_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    definition = catalog.load(name)
    assert definition.summary.endswith(".")
    assert len(definition.summary) < 120
    assert definition.source
    assert all(p.meaning for p in definition.parameters)
    assert {p.name for p in definition.parameters} >= set(getattr(definition, "learnable", ()))


def test_a_file_that_does_not_define_its_own_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Empty:
        __doc__ = "Empty."

    monkeypatch.setattr(catalog, "import_module", lambda name: Empty)
    with pytest.raises(InvalidDefinition, match=r"catalog/nothing\.py must define 'nothing'"):
        catalog.load("nothing")


def test_no_activation_hides_a_public_name() -> None:
    hidden = {"Activation", "activation", "errors", "get", "names", "plot", "study", "report", "cli"}
    assert not hidden & set(catalog.names())


ALIASES = {
    "linear": "identity", "logistic": "sigmoid", "expit": "sigmoid",
    "hardswish": "hard_swish", "hard_silu": "hard_swish",
    "gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "gelu_erf": "gelu",
    "logsigmoid": "log_sigmoid", "soft_sign": "softsign", "logsoftmax": "log_softmax", "gelu_sigmoid": "quick_gelu",
    "relu2": "relu_squared", "squared_relu": "relu_squared", "hardtanh": "hard_tanh", "clamp": "clip",
    "softshrink": "soft_shrink", "hardshrink": "hard_shrink", "ThresholdedRelu": "thresholded_relu",
}  # fmt: skip


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_aliases_lead_to_the_activation(alias: str, name: str) -> None:
    assert nl.get(alias) is nl.get(name)


@pytest.mark.parametrize("written", ["GELU", " gelu ", "Gelu", "gelu"])
def test_case_and_spaces_do_not_matter(written: str) -> None:
    assert nl.get(written).name == "gelu"


def test_hyphens_are_read_as_underscores() -> None:
    assert nl.get("Hard-Swish").name == "hard_swish"


@pytest.mark.parametrize(
    ("word", "near"),
    [("misch", "mish"), ("leakyrlu", "leaky_relu"), ("sigmoyd", "sigmoid"), ("gleu", "gelu")],
)
def test_a_misspelt_name_is_answered_with_those_near(word: str, near: str) -> None:
    with pytest.raises(UnknownActivation) as caught:
        nl.get(word)
    assert f"'{word}'" in str(caught.value)
    assert f"'{near}'" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("word", ["", "zzzzzz", 3, None])
def test_a_name_that_is_none_says_how_to_list_all(word: Any) -> None:
    with pytest.raises(UnknownActivation, match="nonlin list"):
        nl.get(word)


def test_two_activations_cannot_share_an_alias(monkeypatch: pytest.MonkeyPatch) -> None:
    twice = card_of(Definition(formula=nl.get("relu").formula, aliases=["same"]))
    monkeypatch.setattr(catalog, "card", lambda name: twice)
    with pytest.raises(InvalidDefinition, match=r"the alias 'same' of .* is taken"):
        catalog.aliases.__wrapped__()


def test_a_wrong_value_would_be_noticed() -> None:
    mish = nl.get("mish")
    wrong = Value(at=1, is_=0.865098388269)
    assert not wrong.holds(lambda x: float(mish(x)), lambda x: float(mish.grad(x)))
