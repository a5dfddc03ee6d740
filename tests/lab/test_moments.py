"""Gaussian integrals of layers against closed forms and against the proved facts."""

from __future__ import annotations

import math

import pytest

import nonlin as nl
from nonlin.lab.moments import Layers, fixed_point


@pytest.mark.parametrize("name", ["relu", "tanh", "gelu", "silu", "hard_tanh", "selu", "clip", "softplus"])
def test_second_moments_are_the_proved_facts(name: str) -> None:
    f = nl.get(name)
    layers = Layers(f, 1.0)
    assert layers.variance(1.0) == pytest.approx(f.facts.second_moment, rel=1e-12)
    assert layers.chi(1.0) == pytest.approx(f.facts.slope_second_moment, rel=1e-12)


@pytest.mark.parametrize("c", [-1.0, -0.7, 0.0, 0.3, 0.99, 1 - 1e-9, 1.0])
@pytest.mark.parametrize("q", [1e-3, 1.0, 400.0])
def test_relu_s_correlation_is_the_arc_cosine_kernel(c: float, q: float) -> None:
    angle = math.acos(c)
    kernel = (math.sin(angle) + (math.pi - angle) * c) / math.pi
    assert Layers(nl.relu, math.sqrt(2)).correlation(c, q) == pytest.approx(kernel, abs=1e-10)


def test_sine_s_moments_are_williams_s() -> None:
    q, c = 0.7, 0.4
    layers = Layers(nl.sine, 1.0)
    assert layers.variance(q) == pytest.approx((1 - math.exp(-2 * q)) / 2, rel=1e-12)
    both = (math.exp(-q * (1 - c)) - math.exp(-q * (1 + c))) / 2
    assert layers.correlation(c, q) == pytest.approx(both / layers.variance(q), rel=1e-11)


def test_a_wide_gaussian_sees_a_sigmoid_as_a_step() -> None:
    assert Layers(nl.sigmoid, 1.0).variance(1e10) == pytest.approx(0.5, abs=1e-4)


def test_biases_add_and_jumps_are_chaotic() -> None:
    assert Layers(nl.relu, 1.0, 0.5).variance(2.0) == pytest.approx(1.25)
    assert Layers(nl.step, 1.0).chi(1.0) == math.inf


@pytest.mark.parametrize(
    ("weight", "bias", "settles"), [(1.0, 0.5, 0.5), (0.5, 0.0, 0.0), (2.0, 0.1, math.inf)]
)
def test_the_variance_of_relu_layers_settles_where_it_must(
    weight: float, bias: float, settles: float
) -> None:
    assert fixed_point(Layers(nl.relu, weight, bias)) == pytest.approx(settles, abs=1e-5)
