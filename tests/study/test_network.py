import sys
import textwrap

import pytest
import torch

import nonlin as nl
from nonlin.errors import InvalidInput
from nonlin.study import Settings
from nonlin.study.candidates import choose
from nonlin.study.data import load as table
from nonlin.study.imports import load
from nonlin.study.network import Blueprint, build, check
from nonlin.study.prepare import prepare
from nonlin.study.training import Trial, run

MODELS = """
    import torch
    from torch import nn

    import nonlin as nl

    kept = []

    def good(activation, inputs, outputs):
        return nn.Sequential(nn.Linear(inputs, 6), nn.BatchNorm1d(6), activation(), nn.Linear(6, outputs))

    def fails(activation, inputs, outputs):
        raise RuntimeError("my own\\nfault")

    def fails_inside_torch(activation, inputs, outputs):
        return nn.Linear("six", outputs)

    def one_argument(activation):
        return None

    def wrong_shape(activation, inputs, outputs):
        return nn.Sequential(nn.Linear(inputs, 6), activation(), nn.Linear(6, outputs + 1))

    def never(activation, inputs, outputs):
        return nn.Linear(inputs, outputs)

    def forward_fails(activation, inputs, outputs):
        return nn.Sequential(activation(), nn.Linear(inputs + 1, outputs))

    def no_module(activation, inputs, outputs):
        activation()
        return 3

    def always_the_same(activation, inputs, outputs):
        kept.append(good(activation, inputs, outputs))
        return kept[0]

    def nothing_to_train(activation, inputs, outputs):
        return nn.Sequential(activation(), nn.Flatten())

    def frozen(activation, inputs, outputs):
        return good(activation, inputs, outputs).requires_grad_(False)

    number = 3

    def dropping(activation, inputs, outputs):
        return nn.Sequential(nn.Linear(inputs, 6), activation(), nn.Dropout(0.5), nn.Linear(6, outputs))

    @nl.activation
    def bent(x, a=0.5):
        "Bent identity."
        return x + a * (nl.sqrt(x**2 + 1) - 1)

    @nl.activation
    def relu(x):
        "A name that is taken."
        return nl.max(x, 0.0)

    @nl.activation
    def nothing(x):
        "Zero everywhere."
        return 0.0 * x

    def plain(x):
        return x
"""


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    (tmp_path / "study_models.py").write_text(textwrap.dedent(MODELS))
    (tmp_path / "study_broken.py").write_text("x = 1\ndef f(:\n")
    (tmp_path / "study_lacking.py").write_text("import no_such_library\n")
    monkeypatch.chdir(tmp_path)
    yield
    for name in [name for name in sys.modules if name.startswith("study_")]:
        del sys.modules[name]


def try_model(name, inputs=4, outputs=2):
    check(Blueprint(inputs, outputs, (8,), f"study_models:{name}"), nl.relu, torch.zeros(3, inputs))


def test_a_persons_network_is_built_with_the_activation_asked_for():
    network = build(Blueprint(4, 2, (8,), "study_models:good"), nl.gelu, torch.Generator().manual_seed(0))
    assert [module.activation.name for module in network.activations] == ["gelu"]
    try_model("good")


def test_the_working_directory_is_importable_only_meanwhile():
    before = list(sys.path)
    assert load("study_models:number") == 3
    assert sys.path == before


def test_random_layers_draw_from_the_seed_of_the_trial(blobs):
    data = prepare(table(blobs), Settings())
    blueprint = Blueprint(4, 3, (8,), "study_models:dropping")
    losses = []
    for state in (1, 2):
        torch.manual_seed(state)
        losses.append(run(Trial("tuning", "relu", 0.01, 0, 2, 16), nl.relu, blueprint, data).train_loss)
    assert losses[0] == losses[1]


def test_editing_the_persons_file_makes_it_another_network(tmp_path):
    blueprint = Blueprint(4, 2, (8,), "study_models:good")
    before = blueprint.fingerprint()
    with (tmp_path / "study_models.py").open("a") as file:
        file.write("# changed\n")
    assert blueprint.fingerprint() != before


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("fails", r"RuntimeError: my own fault \(.*study_models.py:13\)"),
        ("fails_inside_torch", r"TypeError.*\(.*study_models.py:16\)"),
        ("one_argument", r"TypeError.*\(.*study_models.py:18\)"),
        ("wrong_shape", r"gave \(3, 3\) for 3 rows; it must give \(3, 2\)"),
        ("never", "never calls the activation factory"),
        ("forward_fails", r"mat1 and mat2.*\(.*study_models.py:27\)"),
        ("no_module", "returned int, not a torch.nn.Module"),
        ("always_the_same", "the same network twice"),
        ("nothing_to_train", "without a parameter"),
        ("frozen", "without a parameter"),
        ("number", "of type int, not a function"),
        ("godo", "has no 'godo'.*Did you mean 'good'"),
    ],
)
def test_a_network_that_cannot_be_used_is_one_line_that_points_into_their_file(model, said):
    with pytest.raises(InvalidInput, match=said) as refused:
        try_model(model)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("study_nowhere:f", "no module 'study_nowhere'"),
        ("study_nowhere.deeper:f", "no module 'study_nowhere.deeper'"),
        ("study_broken:f", r"SyntaxError.*study_broken.py:2"),
        ("study_lacking:f", r"No module named 'no_such_library' \(.*study_lacking.py:1\)"),
        ("study_models", "not of the form package.module:name"),
        (":f", "not of the form"),
    ],
)
def test_what_cannot_be_imported_is_one_line(spec, said):
    with pytest.raises(InvalidInput, match=said):
        load(spec)


def test_activations_come_by_name_by_alias_by_spec_and_as_objects():
    candidates, reference = choose(["relu", "study_models:bent", nl.tanh], None)
    assert [c.name for c in candidates] == ["relu", "bent", "tanh"]
    assert reference == "relu"
    assert candidates[1].parameters == {"a": 0.5}
    assert choose(["tanh", "gelu"], None)[1] == "tanh"
    assert choose(["relu", "study_models:bent"], "study_models:bent")[1] == "bent"


def test_a_fingerprint_is_that_of_the_formula():
    (relu,), _ = choose(["relu"], None)
    (same,), _ = choose([nl.get("relu")], None)
    (leaky,), _ = choose(["leaky_relu"], None)
    (leakier,), _ = choose([nl.leaky_relu.bind(negative_slope=0.5)], None)
    assert relu.fingerprint() == same.fingerprint()
    assert len({relu.fingerprint(), leaky.fingerprint(), leakier.fingerprint()}) == 3


@pytest.mark.parametrize(
    ("wanted", "reference", "said"),
    [
        (["misch"], None, "Did you mean 'mish'"),
        ([], None, "no activation is given"),
        ("relu", None, "give a list of names"),
        (["relu", "relu"], None, "name each once"),
        (["relu", "study_models:relu"], None, "both the activation 'relu'"),
        (["relu", "gelu"], "gleu", r"not among the activations \(relu, gelu\). Did you mean 'gelu'"),
        (["study_models:plain"], None, "a plain function.*@nonlin.activation"),
        (["study_models:number"], None, "of type int, not an activation"),
        (["study_models:nothing"], None, "gain"),
        (["softmax"], None, "mixes the elements of a row"),
        ([3], None, "3 is no activation"),
    ],
)
def test_activations_that_cannot_be_used_are_one_line(wanted, reference, said):
    from nonlin.errors import NonlinError

    with pytest.raises(NonlinError, match=said) as refused:
        choose(wanted, reference)
    assert "\n" not in str(refused.value)
