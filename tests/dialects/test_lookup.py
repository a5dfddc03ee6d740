"""Names as people of each framework write them: what they lead to, and what is answered when they lead nowhere."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.certify import subject
from nonlin.dialects import FRAMEWORKS, meanings, near_in_name
from nonlin.errors import (
    AmbiguousActivation,
    ContestedName,
    InvalidInput,
    UnknownActivation,
    UnknownParameter,
)
from nonlin.workbench import Elementwise

LED_TO = [
    ("gelu", "torch", "gelu"), ("gelu", "jax", "gelu_tanh"), ("gelu", "keras", "gelu"),
    ("ops.gelu", "keras", "gelu_tanh"), ("Gelu", "onnx", "gelu"), ("gelu", "hf", "gelu"),
    ("gelu", "timm", "gelu"), ("gelu", "mlx", "gelu"), ("gelu", "tinygrad", "gelu_tanh"),
    ("gelu", "tfa", "gelu_tanh"), ("gelu_fast", "hf", "gelu_tanh"), ("gelu_accurate", "hf", "gelu_tanh"),
    ("gelu_fast_approx", "mlx", "quick_gelu"), ("gelu_fast", "mlx", "quick_gelu"),
    ("gelu_tanh", "torch", "gelu_tanh"), ("swish", "keras", "silu"), ("Swish", "onnx", "swish"),
    ("linear", "hf", "identity"), ("torch.nn.functional.silu", "torch", "silu"), ("nn.SiLU", "torch", "silu"),
    ("F.silu", "torch", "silu"), ("SILU", "torch", "silu"), ("nn.functional.silu", "torch", "silu"),
    ("torch.silu", "torch", "silu"), ("flax.linen.gelu", "jax", "gelu_tanh"), ("jnp.tanh", "jax", "tanh"),
    ("nnx.selu", "flax", "selu"), ("Tensor.relu6", "tinygrad", "relu6"),
    ("onnx.LeakyRelu", "ONNX", "leaky_relu"), ("F.logsigmoid", "PyTorch", "log_sigmoid"),
    ("transformers.activations.NewGELUActivation", "transformers", "gelu_tanh"),
    ("tf.keras.activations.swish", "tf.keras", "silu"),
]  # fmt: skip


@pytest.mark.parametrize(("spelling", "dialect", "name"), LED_TO)
def test_their_spelling_leads_to_the_function_that_they_mean(spelling: str, dialect: str, name: str) -> None:
    assert nl.get(spelling, dialect=dialect).name == name
    assert nl.get(spelling.upper(), dialect=dialect) is nl.get(spelling, dialect=dialect)


def test_an_argument_picks_the_function() -> None:
    assert nl.get("gelu", dialect="torch", approximate="tanh").name == "gelu_tanh"
    assert nl.get("gelu", dialect="torch", approximate="none").name == "gelu"
    assert nl.get("nn.GELU", dialect="torch", approximate="tanh").name == "gelu_tanh"
    assert nl.get("gelu", dialect="jax", approximate=False).name == "gelu"
    assert nl.get("gelu", dialect="keras", approximate=True).name == "gelu_tanh"
    assert nl.get("GELU", dialect="mlx", approx="fast").name == "quick_gelu"
    assert nl.get("GELU", dialect="mlx", approx="precise").name == "gelu_tanh"


def test_a_function_with_more_arguments_leads_to_its_family() -> None:
    assert repr(nl.get("relu", dialect="keras", negative_slope=0.5).bind(threshold=1)).startswith(
        "nonlin.keras_relu(x, negative_slope=0.5, max_value=inf, threshold=1)"
    )
    assert float(nl.get("Selu", dialect="onnx")(2.0, gamma=3)) == 6
    assert float(nl.get("softplus", dialect="tinygrad")(0.0, beta=2.0)) == pytest.approx(np.log(2) / 2)
    assert nl.get("nn.Softplus").name == "softplus"  # of PyTorch and MLX: what both have
    assert nl.get("ReLU", dialect="keras", max_value=None) is nl.get("ReLU", dialect="keras")


def test_a_layer_and_a_function_of_one_framework_may_differ() -> None:
    assert nl.get("keras.layers.LeakyReLU", dialect="keras").parameters[0].default == 0.3
    assert nl.get("keras.activations.leaky_relu", dialect="keras").parameters[0].default == 0.2
    assert nl.get("LeakyReLU", dialect="keras").parameters[0].default == 0.3
    assert nl.get("leaky_relu", dialect="keras").parameters[0].default == 0.2


def test_parameters_bear_their_names() -> None:
    f = nl.get("LeakyRelu", dialect="onnx")
    assert float(f(-1.0, alpha=0.1)) == -0.1
    assert float(f.param_grad(-3.0, "alpha")) == -3
    assert float(f.bind(alpha=0.5)(-1.0)) == -0.5
    assert float(f.fast.grad(np.float32(-1), alpha=0.5)) == 0.5
    assert float(nl.get("LeakyRelu", dialect="onnx", alpha=0.25)(-1.0)) == -0.25
    assert [str(s) for s in f.formula.free_symbols - {nl.relu.formula.args[1]}] == ["alpha"]
    with pytest.raises(UnknownParameter, match="It has: alpha"):
        f(1.0, negative_slope=0.1)


def test_a_name_of_ours_that_others_contest_says_so_and_lists_the_choices() -> None:
    with pytest.warns(ContestedName) as told:
        found = nl.get("hard_sigmoid")
    assert found is nl.hard_sigmoid
    assert str(told[0].message) == (
        "'hard_sigmoid' means different functions: hard_sigmoid in keras, jax, timm, torch; sloped_hard_sigmoid in "
        "onnx; sloped_hard_sigmoid(alpha=0.166667) in tinygrad; here it is nonlin's own. Without this warning: "
        "dialect='keras', or nonlin.hard_sigmoid or nonlin.sloped_hard_sigmoid"
    )
    assert told[0].filename == __file__


@pytest.mark.filterwarnings("error")
def test_nobody_else_is_warned() -> None:
    others = [nl.get(name) for name in nl.names() if name != "hard_sigmoid"]
    assert len(others) == len(nl.names()) - 1
    assert nl.get("hard_sigmoid", dialect="keras").name == "hard_sigmoid"
    with pytest.raises(ContestedName):
        nl.get("Hard-Sigmoid")
    assert subject("hard_sigmoid").name == "hard_sigmoid"  # a name that is passed on within nonlin


def test_the_axis_bears_their_name() -> None:
    f, z = nl.get("softmax", dialect="torch"), np.eye(2, 3)
    assert np.array_equal(f(z, dim=0), nl.softmax(z, axis=0))
    assert np.array_equal(f.vjp(z, z, dim=0), nl.softmax.vjp(z, z, axis=0))
    with pytest.raises(UnknownParameter):
        nl.softmax(z, dim=0)


def test_the_slope_at_a_kink_is_theirs() -> None:
    assert float(nl.get("leaky_relu", dialect="jax").grad(0.0)) == 1
    assert nl.get("hard_swish_me", dialect="timm").grad(np.array([-3.0, 3.0])).tolist() == [-0.5, 1.5]
    assert nl.get("hardswish", dialect="tinygrad").grad(np.array([-3.0, 3.0])).tolist() == [0, 1.5]
    assert nl.get("relu6", dialect="tinygrad").grad(np.array([0.0, 6.0])).tolist() == [0, 1]
    assert float(nl.leaky_relu.grad(0.0)) == 0.01


def test_it_says_whose_it_is() -> None:
    assert repr(nl.get("gelu", dialect="jax")) == "nonlin.gelu_tanh(x) as jax.nn.gelu"
    assert repr(nl.get("LeakyRelu", dialect="onnx")) == "nonlin.leaky_relu(x, alpha=0.01) as onnx.LeakyRelu"
    told = "nonlin.gelu_tanh(x) as torch.nn.functional.gelu(approximate='tanh')"
    assert repr(nl.get("gelu", dialect="torch", approximate="tanh")) == told


@pytest.mark.parametrize("words", [("LeakyRelu", "onnx"), ("softmax", "torch"), ("gelu", "jax")])
def test_it_pickles(words: tuple[str, str]) -> None:
    f = nl.get(words[0], dialect=words[1])
    again = pickle.loads(pickle.dumps(f))
    assert repr(again) == repr(f)
    assert np.array_equal(again(np.arange(3.0)), f(np.arange(3.0)))


# --- Without a dialect --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", nl.names())
def test_a_name_of_ours_is_always_ours(name: str) -> None:
    assert nl.get(name) is getattr(nl, name)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("gelu_fast", ["gelu_tanh in hf", "quick_gelu in mlx", "'gelu_tanh' or 'quick_gelu'"]),
        (
            "hardsigmoid",
            ["hard_sigmoid in torch, timm", "sloped_hard_sigmoid in onnx", "'sloped_hard_sigmoid'"],
        ),
        ("LeakyReLU", ["leaky_relu in torch", "leaky_relu(negative_slope=0.3) in keras", "'leaky_relu'"]),
    ],
)
def test_a_word_of_two_meanings_lists_them(word: str, told: list[str]) -> None:
    with pytest.raises(AmbiguousActivation) as caught:
        nl.get(word)
    message = str(caught.value)
    assert all(part in message for part in [repr(word), "dialect='", *told]), message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("nn.SiLU", "silu"),
        ("F.logsigmoid", "log_sigmoid"),
        ("gelu_new", "gelu_tanh"),
        ("HardSwish", "hard_swish"),
    ],
)
def test_a_word_on_which_all_agree_needs_no_dialect(word: str, name: str) -> None:
    assert nl.get(word) is nl.get(name)


def test_a_full_path_names_its_framework() -> None:
    assert nl.get("keras.layers.LeakyReLU") is nl.get("LeakyReLU", dialect="keras")
    assert nl.get("jax.nn.gelu") is nl.get("gelu", dialect="jax")


def test_parameters_may_be_bound_at_once() -> None:
    assert nl.get("leaky_relu", negative_slope=0.2).parameters[0].default == 0.2
    with pytest.raises(UnknownParameter):
        nl.get("relu", slope=0.2)


# --- Refused ------------------------------------------------------------------------------------------------


def refused(*words: Any, **options: Any) -> str:
    with pytest.raises((UnknownActivation, InvalidInput)) as caught:
        nl.get(*words, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_name_that_is_another_s_says_whose_and_what_is_said_here() -> None:
    told = refused("hard_sigmoid", "torch")
    assert "PyTorch has no activation 'hard_sigmoid'" in told
    assert "It calls that function 'torch.nn.functional.hardsigmoid'" in told
    assert "Known in: keras, jax, timm" in told


def test_a_misspelt_name_says_what_is_near_in_the_dialect() -> None:
    assert "Did you mean 'mish'" in refused("misch", "torch")
    assert "Did you mean 'leakyrelu'" in refused("LeakyRlu", "onnx")


def test_a_name_of_nobody_says_how_to_list_the_dialect() -> None:
    assert "nonlin list --dialect torch" in refused("zzzz", "torch")


def test_an_unknown_dialect_lists_all() -> None:
    told = refused("gelu", "torsch")
    assert "'torsch'. Did you mean 'torch'" in told
    assert all(f.word in told for f in FRAMEWORKS)


def test_an_unknown_option_lists_those_that_choose() -> None:
    told = refused("gelu", "torch", approximate="fast")
    assert "approximate='fast'" in told
    assert "approximate='tanh' (gelu_tanh)" in told
    assert "chooses no other function" in refused("relu", "torch", inplace=True)
    assert "approximate='tanh'" in refused("gelu", "jax", approximate="tanh")


# --- The data -----------------------------------------------------------------------------------------------


def test_a_bare_word_has_one_meaning_in_a_dialect_or_a_family_s_beside_it() -> None:
    x = np.linspace(-5, 5, 41)
    for meaning in meanings():
        for spelling in meaning.spellings:
            if meaning.by_default:
                same = [
                    m
                    for m in meanings()
                    if m.dialect == meaning.dialect and spelling in m.spellings and m.by_default
                ]
                fullest = nl.get(spelling, dialect=meaning.dialect)
                assert len({(len(m.parameters), m.function) for m in same}) == len(
                    {len(m.parameters) for m in same}
                ), (spelling, same)
                if len(same) > 1 and isinstance(fullest, Elementwise):
                    assert fullest.name == max(same, key=lambda m: len(m.parameters)).name
                    for m in same:
                        np.testing.assert_allclose(nl.get(m.name)(x), fullest(x), rtol=1e-5)


def test_every_argument_name_and_default_is_of_a_parameter() -> None:
    for meaning in meanings():
        known = {p.name for p in nl.get(meaning.name).parameters} | {"axis"}
        assert {ours for ours, _ in (*meaning.words, *meaning.defaults)} <= known, meaning


def test_every_difference_cites_where_it_was_seen() -> None:
    cited = ("#", "measured", "documented", "deprecates", "source", "Abramowitz", "shared_axes")
    assert [m for m in meanings() if m.differs and not any(word in m.differs for word in cited)] == []


def test_what_is_called_alike_stands_together() -> None:
    found = near_in_name("gelu")
    assert {(m.dialect, m.name) for m in found} >= {
        ("jax", "gelu"),
        ("jax", "gelu_tanh"),
        ("torch", "gelu_tanh"),
    }
    assert [m.dialect for m in found] == sorted(
        (m.dialect for m in found), key=[f.word for f in FRAMEWORKS].index
    )


def test_a_dialect_needs_no_sympy_once_it_is_known() -> None:
    nl.get("gelu", dialect="jax")
    script = "import sys, nonlin; nonlin.get('gelu', dialect='jax'); print('sympy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
