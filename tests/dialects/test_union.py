"""Every name of every framework is known in its dialect, or stands on the list of those that are still missing."""

from __future__ import annotations

import pytest

from nonlin.dialects import choose_in
from nonlin.errors import InvalidInput, UnknownActivation

UNION = {
    "torch": """
        Identity relu ReLU relu6 ReLU6 threshold Threshold hardtanh Hardtanh leaky_relu LeakyReLU elu ELU celu CELU selu
        SELU gelu GELU silu SiLU mish Mish sigmoid Sigmoid special.expit hardsigmoid Hardsigmoid hardswish Hardswish
        tanh Tanh softplus Softplus logsigmoid LogSigmoid softsign Softsign tanhshrink Tanhshrink softshrink Softshrink
        hardshrink Hardshrink exp sign clamp sin prelu PReLU rrelu RReLU gumbel_softmax softmax Softmax softmax2d
        Softmax2d log_softmax LogSoftmax softmin Softmin glu GLU
    """,
    "keras": """
        linear relu ReLU relu6 threshold hard_tanh leaky_relu LeakyReLU elu ELU celu selu gelu ops.gelu silu swish mish
        sigmoid hard_sigmoid hard_silu hard_swish tanh softplus log_sigmoid softsign tanh_shrink soft_shrink hard_shrink
        squareplus sparse_plus sparse_sigmoid exponential PReLU softmax Softmax log_softmax sparsemax glu
    """,
    "jax": """
        identity relu relu6 hard_tanh leaky_relu elu celu selu gelu silu swish mish sigmoid hard_sigmoid hard_silu
        hard_swish tanh softplus log_sigmoid soft_sign squareplus sparse_plus sparse_sigmoid jnp.exp jnp.sign jnp.clip
        jnp.sin flax.linen.PReLU softmax log_softmax glu
    """,
    "onnx": """
        Identity Relu ThresholdedRelu Clip LeakyRelu Elu Celu Selu Gelu Swish Mish Sigmoid HardSigmoid HardSwish Tanh
        Softplus Softsign Shrink Exp Sign Sin PRelu Softmax LogSoftmax Hardmax SwiGLU
    """,
    "hf": """
        linear relu relu6 relu2 leaky_relu gelu gelu_python gelu_new gelu_fast gelu_accurate gelu_pytorch_tanh
        gelu_python_tanh quick_gelu gelu_10 silu swish mish sigmoid hardswish tanh laplace sqrtsoftplus prelu xielu
    """,
    "timm": """
        identity relu relu6 leaky_relu elu celu selu gelu gelu_tanh quick_gelu silu swish mish hard_mish sigmoid
        hard_sigmoid hardsigmoid hard_swish hardswish tanh prelu
    """,
    "mlx": """
        Identity relu ReLU relu6 ReLU6 relu2 ReLU2 hard_tanh HardTanh leaky_relu LeakyReLU elu ELU celu CELU selu SELU
        gelu GELU gelu_approx gelu_fast_approx silu SiLU mish Mish sigmoid Sigmoid hardswish Hardswish tanh Tanh
        softplus Softplus log_sigmoid LogSigmoid softsign Softsign softshrink Softshrink hard_shrink HardShrink step
        Step prelu PReLU softmax Softmax log_softmax LogSoftmax softmin Softmin glu GLU
    """,
    "tinygrad": """
        relu relu6 hardtanh leaky_relu elu celu selu gelu quick_gelu silu swish mish sigmoid hardsigmoid hardswish tanh
        softplus logsigmoid softsign exp sign clip sin softmax log_softmax softmin
    """,
    "tfa": "gelu mish tanhshrink softshrink hardshrink lisht snake rrelu sparsemax TLU Maxout",
}

MISSING = {
    "torch": """
        tanhshrink Tanhshrink exp sin rrelu RReLU gumbel_softmax glu GLU
    """,
    "keras": "tanh_shrink squareplus exponential glu",
    "jax": "squareplus jnp.exp jnp.sin glu",
    "onnx": "Exp Sin SwiGLU",
    "hf": "gelu_10 laplace sqrtsoftplus xielu",
    "mlx": "glu GLU",
    "tinygrad": "exp sin",
    "tfa": "tanhshrink lisht snake rrelu",
}
"""What no file of the catalog says yet; whoever writes one takes its words off."""


def known(dialect: str, word: str) -> bool:
    try:
        choose_in(word, dialect, {})
    except UnknownActivation:
        return False
    except InvalidInput:  # known, and in need of an argument
        return True
    return True


@pytest.mark.parametrize("dialect", UNION)
def test_every_name_is_known_or_listed_as_missing(dialect: str) -> None:
    unknown = {word for word in UNION[dialect].split() if not known(dialect, word)}
    assert unknown <= set(MISSING.get(dialect, "").split())


def test_a_missing_name_would_be_seen() -> None:
    assert not known("torch", "no_such_activation")
