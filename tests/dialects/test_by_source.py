"""Names of frameworks that are not installed, against what their source says in PyTorch's and JAX's own functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.dialects import Meaning, choose_in, meanings

torch = pytest.importorskip("torch")
F = torch.nn.functional

X = np.concatenate([np.linspace(-5, 5, 41) + 0.0123, [-3.0, -2.0, -0.5, 0.0, 0.5, 3.0, 6.0]])
ROOT = math.sqrt(2 / math.pi)
Native = Callable[[Any], Any]


def tanh_form(scale: float) -> Native:
    return lambda x: 0.5 * x * (1 + torch.tanh(scale * x * (1 + 0.044715 * x * x)))


def backward_of(forward: Native, slope: Native) -> Native:
    """Return an autograd function with a slope of its own, as timm writes its memory-efficient ones."""

    class Written(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return forward(x)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * slope(*ctx.saved_tensors)

    return Written.apply


def between(low: float, high: float, inside: Native, above: float) -> Native:
    """Return a slope: `inside` from low to high with both ends, 0 below and `above` beyond."""
    return lambda x: torch.where(x > high, above, torch.where(x < low, 0.0, inside(x)))


HF: dict[str, Native] = {
    "gelu": F.gelu, "gelu_python": F.gelu, "gelu_new": tanh_form(ROOT), "gelu_fast": tanh_form(0.7978845608),
    "gelu_accurate": tanh_form(ROOT), "gelu_pytorch_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "gelu_python_tanh": tanh_form(ROOT), "quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
    "silu": F.silu, "swish": F.silu, "mish": F.mish, "linear": lambda x: x, "relu": F.relu, "relu6": F.relu6,
    "relu2": lambda x: F.relu(x) ** 2, "leaky_relu": F.leaky_relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh,
    "hardswish": F.hardswish, "prelu": lambda x: F.prelu(x, torch.tensor([0.25], dtype=x.dtype)),
    "gelu_10": lambda x: torch.clip(F.gelu(x), -10, 10), "sqrtsoftplus": lambda x: F.softplus(x, threshold=200).sqrt(),
    "xielu": lambda x: torch.where(x > 0, 0.8 * x * x + 0.5 * x, 0.8 * (torch.expm1(x) - x) + 0.5 * x),
    "Snake1d": lambda x: x + torch.sin(x) ** 2,
    "SnakeBeta": lambda x: x + torch.sin(x) ** 2,
    "laplace": lambda x: 0.5 * (1 + torch.erf((x - 0.707107) / (0.282095 * math.sqrt(2)))),
}  # fmt: skip
"""What transformers 5.23 has for each key of ACT2FN, and in its models, but for what `differs` tells: a step, 1e-9."""

TIMM: dict[str, Native] = {
    "silu": F.silu, "swish": F.silu, "mish": F.mish, "relu": F.relu, "relu6": F.relu6, "leaky_relu": F.leaky_relu,
    "elu": F.elu, "celu": F.celu, "selu": F.selu, "gelu": F.gelu, "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "quick_gelu": HF["quick_gelu"], "sigmoid": torch.sigmoid, "tanh": torch.tanh, "identity": lambda x: x,
    "prelu": HF["prelu"], "hard_sigmoid": F.hardsigmoid, "hardsigmoid": F.hardsigmoid, "hard_swish": F.hardswish,
    "hardswish": F.hardswish,
    "hard_mish": backward_of(
        lambda x: 0.5 * x * (x + 2).clamp(0, 2), between(-2, 0, lambda x: x + 1, 1.0)
    ),
    "hard_sigmoid_me": backward_of(
        lambda x: (x + 3).clamp(0, 6) / 6, between(-3, 3, lambda x: torch.full_like(x, 1 / 6), 0.0)
    ),
    "hard_swish_me": backward_of(
        lambda x: x * (x + 3).clamp(0, 6) / 6, between(-3, 3, lambda x: x / 3 + 0.5, 1.0)
    ),
}  # fmt: skip
"""What timm 1.0.31 creates by each name, and its memory-efficient functions."""

TFA: dict[str, Native] = {
    "gelu": tanh_form(ROOT), "mish": F.mish, "hardshrink": F.hardshrink, "softshrink": F.softshrink,
    "TLU": lambda x: torch.where(x > 0, x, 0.0), "rrelu": F.rrelu,
    "lisht": lambda x: x * torch.tanh(x), "tanhshrink": F.tanhshrink,
    "snake": lambda x: x + (1 - torch.cos(2 * x)) / 2,
}  # fmt: skip
"""What TensorFlow Addons 0.23 computes."""

SOURCES = {"hf": HF, "timm": TIMM, "tfa": TFA}
WORDS = [(dialect, word) for dialect, source in SOURCES.items() for word in source]


@pytest.mark.parametrize(("dialect", "word"), WORDS)
def test_values_and_slopes_are_those_of_the_source(dialect: str, word: str) -> None:
    x = torch.tensor(X, requires_grad=True)
    y = SOURCES[dialect][word](x)
    y.sum().backward()
    f = nl.get(word, dialect=dialect)
    np.testing.assert_allclose(f(X), y.detach().numpy(), rtol=1e-7, atol=1e-10)
    np.testing.assert_allclose(f.grad(X), x.grad.numpy(), rtol=1e-7, atol=1e-10)


def test_every_meaning_is_compared() -> None:
    compared = {choose_in(word, dialect, {}).entry for dialect, word in WORDS}
    met = {entry.meaning for entry in compared if entry}
    left = [m for m in meanings() if m.dialect in SOURCES and m not in met and m.by_default]
    left = [m for m in left if nl.get(m.name).card.kind == "elementwise"]
    assert left == []


def test_a_slope_of_flax_at_zero_is_one() -> None:
    """flax.linen.PReLU is where(x >= 0, x, slope x), from 0.01 on."""
    f = nl.get("PReLU", dialect="flax")
    assert f.grad(np.array([-1.0, 0.0, 1.0])).tolist() == [0.01, 1, 1]


def test_classes_mean_what_their_keys_mean() -> None:
    for key, name in [
        ("gelu", "GELUActivation"), ("gelu_new", "NewGELUActivation"), ("gelu_fast", "FastGELUActivation"),
        ("gelu_accurate", "AccurateGELUActivation"), ("quick_gelu", "QuickGELUActivation"),
        ("relu2", "ReLUSquaredActivation"), ("silu", "SiLUActivation"), ("mish", "MishActivation"),
        ("linear", "LinearActivation"),
        ("gelu_pytorch_tanh", "GELUTanh"),
    ]:  # fmt: skip
        assert meaning_of(name) == meaning_of(key)


def meaning_of(word: str) -> Meaning:
    entry = choose_in(word, "hf", {}).entry
    assert entry is not None
    return entry.meaning
