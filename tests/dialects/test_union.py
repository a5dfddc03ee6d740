"""Every activation of every framework is known in its dialect; what is none is listed, with the reason."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib import import_module

import pytest

from nonlin.dialects import choose_in
from nonlin.errors import InvalidInput, UnknownActivation

UNION = {
    "torch": """
        Identity relu ReLU relu6 ReLU6 threshold Threshold hardtanh Hardtanh leaky_relu LeakyReLU elu ELU celu CELU selu
        SELU gelu GELU silu SiLU mish Mish sigmoid Sigmoid special.expit hardsigmoid Hardsigmoid hardswish Hardswish
        tanh Tanh softplus Softplus logsigmoid LogSigmoid softsign Softsign tanhshrink Tanhshrink softshrink Softshrink
        hardshrink Hardshrink exp sign clamp clip sin prelu PReLU rrelu RReLU gumbel_softmax softmax Softmax softmax2d
        Softmax2d log_softmax LogSoftmax softmin Softmin glu GLU relu_ threshold_ special.softmax layer_norm LayerNorm
        group_norm GroupNorm rms_norm RMSNorm BatchNorm1d BatchNorm2d local_response_norm
    """,
    "keras": """
        linear relu ReLU relu6 threshold hard_tanh leaky_relu LeakyReLU elu ELU celu selu gelu ops.gelu silu swish mish
        sigmoid hard_sigmoid hard_silu hard_swish tanh softplus log_sigmoid softsign tanh_shrink soft_shrink hard_shrink
        squareplus sparse_plus sparse_sigmoid exponential PReLU softmax Softmax log_softmax sparsemax glu ops.sign
        layers.ReLU ops.relu ops.clip ops.sin ops.exp layers.LeakyReLU layers.Softmax layers.ELU LayerNormalization
        RMSNormalization BatchNormalization GroupNormalization
    """,
    "jax": """
        identity relu relu6 hard_tanh leaky_relu elu celu selu gelu silu swish mish sigmoid hard_sigmoid hard_silu
        hard_swish tanh softplus log_sigmoid soft_sign squareplus sparse_plus sparse_sigmoid jnp.exp jnp.sign jnp.clip
        jnp.sin jnp.tanh flax.linen.PReLU flax.nnx.PReLU flax.linen.gelu nnx.identity softmax log_softmax glu
        standardize
    """,
    "onnx": """
        Identity Relu ThresholdedRelu Clip LeakyRelu Elu Celu Selu Gelu Swish Mish Sigmoid HardSigmoid HardSwish Tanh
        Softplus Softsign Shrink Exp Sign Sin PRelu Softmax LogSoftmax Hardmax SwiGLU Affine ScaledTanh
        LayerNormalization RMSNormalization GroupNormalization BatchNormalization LRN
    """,
    "hf": """
        linear relu relu6 relu2 leaky_relu gelu gelu_python gelu_new gelu_fast gelu_accurate gelu_pytorch_tanh
        gelu_python_tanh quick_gelu gelu_10 silu swish mish sigmoid hardswish tanh laplace sqrtsoftplus prelu xielu
        Snake1d SnakeBeta
    """,
    "timm": """
        identity relu relu6 leaky_relu elu celu selu gelu gelu_tanh quick_gelu silu swish mish hard_mish sigmoid
        hard_sigmoid hardsigmoid hard_swish hardswish tanh prelu HardMish HardMishMe hard_sigmoid_me hard_swish_me PReLU
    """,
    "mlx": """
        Identity relu ReLU relu6 ReLU6 relu2 ReLU2 hard_tanh HardTanh leaky_relu LeakyReLU elu ELU celu CELU selu SELU
        gelu GELU gelu_approx gelu_fast_approx silu SiLU mish Mish sigmoid Sigmoid hardswish Hardswish tanh Tanh
        softplus Softplus log_sigmoid LogSigmoid softsign Softsign softshrink Softshrink hard_shrink HardShrink step
        Step prelu PReLU softmax Softmax log_softmax LogSoftmax softmin Softmin glu GLU
    """,
    "tinygrad": """
        relu relu6 hardtanh leaky_relu elu celu selu gelu quick_gelu silu swish mish sigmoid hardsigmoid hardswish tanh
        softplus logsigmoid softsign exp sign clip clamp sin softmax log_softmax softmin layernorm
    """,
    "tfa": "gelu mish tanhshrink softshrink hardshrink lisht snake Snake rrelu sparsemax Sparsemax TLU Maxout",
}

NO_ACTIVATIONS = {
    "torch": {
        "MultiheadAttention": "a layer with weights of its own",
        "logsumexp": "one number a row",
        "heaviside": "takes the values at 0 as a second array; step is the function of one",
        "maximum": "of two arrays; max(x, 0) is relu",
    },
    "keras": {
        "get": "looks a name up",
        "serialize": "writes one down",
        "deserialize": "reads one",
    },
    "jax": {
        "logsumexp": "one number a row",
        "logmeanexp": "one number a row",
        "log1mexp": "a helper of log-probabilities, infinite at 0",
        "one_hot": "of integers",
        "dot_product_attention": "a layer",
        "get_scaled_dot_general_config": "settings",
        "scaled_dot_general": "a product of matrices",
        "scaled_matmul": "a product of matrices",
        "initializers": "a module",
        "heaviside": "takes the values at 0 as a second array; step is the function of one",
    },
    "onnx": {
        "ReduceLogSumExp": "one number a row",
        "ReduceMax": "one number a row",
        "ArgMax": "one place a row",
        "Trilu": "a triangle of a matrix",
    },
    "timm": {
        "SwiGLU": "a layer with weights of its own; its gate is swiglu's",
        "SwiGLUPacked": "a layer with weights of its own; its gate is swiglu's",
        "GluMlp": "a layer with weights of its own; its gate is any of glu and its kin",
        "FilterResponseNormTlu2d": "a normalisation with weights of its own; its activation is tlu",
    },
    "hf": {"GptOssExperts": "a layer with weights of its own; its gate is swiglu_clamped"},
    "mlx": {"logsumexp": "one number a row"},
    "tinygrad": {"logsumexp": "one number a row"},
}
"""What stands beside activations in their modules and in lists of them, and is none; with the reason."""


def known(dialect: str, word: str) -> bool:
    try:
        choose_in(word, dialect, {})
    except UnknownActivation:
        return False
    except InvalidInput:  # known, and in need of an argument
        return True
    return True


@pytest.mark.parametrize("dialect", UNION)
def test_every_name_is_known(dialect: str) -> None:
    assert {word for word in UNION[dialect].split() if not known(dialect, word)} == set()


@pytest.mark.parametrize("dialect", NO_ACTIVATIONS)
def test_what_is_no_activation_is_not_known_and_says_why(dialect: str) -> None:
    assert {word for word in NO_ACTIVATIONS[dialect] if known(dialect, word)} == set()
    assert all(NO_ACTIVATIONS[dialect].values())


def test_an_unknown_name_would_be_seen() -> None:
    assert not known("torch", "no_such_activation")


def in_torch() -> list[str]:
    torch = pytest.importorskip("torch")
    over_their_input = [name for name in dir(torch.nn.functional) if name.endswith("_") and name[0] != "_"]
    return [*torch.nn.modules.activation.__all__, *over_their_input]


def in_keras() -> list[str]:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    return list(vars(pytest.importorskip("keras").activations))


def in_jax() -> list[str]:
    return list(vars(pytest.importorskip("jax").nn))


def in_mlx() -> list[str]:
    pytest.importorskip("mlx.nn")
    module = import_module("mlx.nn.layers.activations")
    return [name for name, v in vars(module).items() if getattr(v, "__module__", "") == module.__name__]


def in_onnx() -> list[str]:
    """Return what the documentation of LSTM lists as activations, and the operators that end in their words."""
    onnx = pytest.importorskip("onnx")
    operators = [schema.name for schema in onnx.defs.get_all_schemas() if not schema.domain]
    listed = re.findall(r"\* (\w+)\(x\)", onnx.defs.get_schema("LSTM").doc)
    return [*listed, *(name for name in operators if re.search("(lu|LU|ish|moid|max|plus|sign|Tanh)$", name))]


@pytest.mark.parametrize(
    ("dialect", "names"),
    [("torch", in_torch), ("keras", in_keras), ("jax", in_jax), ("mlx", in_mlx), ("onnx", in_onnx)],
)
def test_what_the_installed_framework_has_is_known(dialect: str, names: Callable[[], list[str]]) -> None:
    found = [name for name in names() if not name.startswith("_") and name not in NO_ACTIVATIONS[dialect]]
    assert len(found) > 10
    assert {name for name in found if not known(dialect, name)} == set()
