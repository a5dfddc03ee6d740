"""Initial weights: the same draws, times the activation's own gain over the root of the fan."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn

import nonlin as nl
import nonlin.torch as nlt
from nonlin.errors import InvalidInput, UnknownActivation

GELU, SILU = 1.533530, 1.676532  # Gauss quadrature, computed elsewhere


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_deviation_is_the_gain_over_the_root_of_the_fan() -> None:
    for name, gain in (("gelu", GELU), ("silu", SILU), ("relu", math.sqrt(2)), ("identity", 1.0)):
        layer = nlt.init_(nn.Linear(400, 300), for_=name, generator=seeded())
        assert layer.weight.std().item() * 20 == pytest.approx(gain, rel=0.01)
        assert layer.weight.mean().item() == pytest.approx(0, abs=0.001)
        assert not layer.bias.any()


def test_the_second_moment_stays_from_layer_to_layer() -> None:
    model = nn.Sequential(*(m for _ in range(6) for m in (nlt.module("gelu"), nn.Linear(512, 512))))
    nlt.init_(model, for_="gelu", generator=seeded())
    with torch.no_grad():
        out = model(torch.randn(512, 512, generator=seeded(1)))
    assert 0.7 < out.square().mean().item() < 1.4


def test_draws_are_the_same_for_every_activation() -> None:
    first, second = (nlt.init_(nn.Linear(30, 20), for_=name, generator=seeded()) for name in ("gelu", "silu"))
    torch.testing.assert_close(first.weight / GELU, second.weight / SILU, rtol=1e-5, atol=0)
    other = nlt.init_(nn.Linear(30, 20), for_="gelu", generator=seeded(1))
    assert not torch.equal(first.weight, other.weight)


def test_pytorchs_own_generator_is_the_default() -> None:
    weights = []
    for _ in range(2):
        torch.manual_seed(7)
        weights.append(nlt.init_(nn.Linear(3, 4), for_="relu").weight)
    assert torch.equal(*weights)


def test_the_activation_may_be_a_name_an_activation_or_a_module() -> None:
    leaky = nl.leaky_relu.bind(negative_slope=0.2)
    ways: list[Any] = [leaky, nlt.module(leaky), nlt.module("leaky_relu", negative_slope=0.2)]
    drawn = [nlt.init_(nn.Linear(5, 6), for_=way, generator=seeded()).weight for way in ways]
    assert torch.equal(drawn[0], drawn[1])
    assert torch.equal(drawn[0], drawn[2])
    plain = nlt.init_(nn.Linear(5, 6), for_="identity", generator=seeded()).weight
    torch.testing.assert_close(drawn[0], plain * 1.386750, rtol=1e-5, atol=0)


LAYERS = {
    "Linear": (lambda: nn.Linear(40, 70), 40, 70),
    "Conv1d": (lambda: nn.Conv1d(6, 80, 5), 30, 400),
    "Conv2d, grouped": (lambda: nn.Conv2d(12, 64, 3, groups=4), 27, 144),
    "Conv2d, strided": (lambda: nn.Conv2d(12, 64, 4, stride=2), 192, 256),
    "Conv3d": (lambda: nn.Conv3d(3, 40, 2), 24, 320),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(30, 20, 3), 270, 180),
    "ConvTranspose2d, strided": (lambda: nn.ConvTranspose2d(30, 20, 4, stride=2), 120, 320),
}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("mode", ["fan_in", "fan_out"])
@pytest.mark.parametrize("distribution", ["normal", "uniform"])
def test_fans_count_groups_and_strides(layer: str, mode: Any, distribution: Any) -> None:
    make, fan_in, fan_out = LAYERS[layer]
    made = nlt.init_(make(), for_="identity", generator=seeded(), mode=mode, distribution=distribution)
    fan = fan_in if mode == "fan_in" else fan_out
    assert made.weight.std().item() * math.sqrt(fan) == pytest.approx(1, rel=0.06)
    if distribution == "uniform":
        assert made.weight.abs().max().item() <= math.sqrt(3 / fan)


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_transposed_convolution_keeps_the_second_moment(stride: int) -> None:
    layer = nlt.init_(nn.ConvTranspose2d(32, 16, 6, stride=stride), for_="identity", generator=seeded())
    with torch.no_grad():
        out = layer(torch.randn(4, 32, 24, 24, generator=seeded(1)))
    inner = out[..., 12:-12, 12:-12]
    assert inner.square().mean().item() == pytest.approx(1, rel=0.1)


def test_other_layers_stay_as_they_are_and_shared_weights_are_drawn_once() -> None:
    norm, embedding, first, second = nn.BatchNorm1d(4), nn.Embedding(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)
    second.weight = first.weight
    before = [norm.weight.clone(), embedding.weight.clone()]
    model = nn.Sequential(norm, embedding, first, second)
    assert nlt.init_(model, for_="relu", generator=seeded()) is model
    assert torch.equal(before[0], norm.weight)
    assert torch.equal(before[1], embedding.weight)
    assert torch.equal(first.weight, nlt.init_(nn.Linear(4, 4), for_="relu", generator=seeded()).weight)


def test_weights_that_are_computed_from_others_are_set_through_them() -> None:
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(300, 200))
    nlt.init_(layer, for_="gelu", generator=seeded())
    expected = nlt.init_(nn.Linear(300, 200), for_="gelu", generator=seeded())
    torch.testing.assert_close(layer.weight, expected.weight)


def test_half_precision_layers_get_the_rounded_draws() -> None:
    half = nlt.init_(nn.Linear(9, 9, dtype=torch.bfloat16), for_="relu", generator=seeded())
    whole = nlt.init_(nn.Linear(9, 9), for_="relu", generator=seeded())
    assert torch.equal(half.weight, whole.weight.to(torch.bfloat16))


def test_what_cannot_be_initialised_is_refused() -> None:
    layer = nn.Linear(2, 2)
    with pytest.raises(UnknownActivation, match="Did you mean 'gelu'"):
        nlt.init_(layer, for_="gelo")
    with pytest.raises(InvalidInput, match="softmax mixes the elements of a row"):
        nlt.init_(layer, for_="softmax")
    with pytest.raises(InvalidInput, match="mode='fan_avg'"):
        nlt.init_(layer, for_="gelu", mode="fan_avg")
    with pytest.raises(InvalidInput, match="distribution='cauchy'"):
        nlt.init_(layer, for_="gelu", distribution="cauchy")
    with pytest.raises(InvalidInput, match="an activation or its name"):
        nlt.init_(layer, for_=nn.ReLU())
    with pytest.raises(InvalidInput, match="layer '0' is lazy"):
        nlt.init_(nn.Sequential(nn.LazyLinear(3)), for_="gelu")
