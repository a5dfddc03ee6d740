"""Self-normalisation and signal propagation: SELU's published constants, and maps that are iterated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import integrate, special, stats

import nonlin as nl
from nonlin.errors import InvalidInput, UnknownParameter

ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805  # Klambauer et al. (2017)


def expectation(function: Callable[[float], float], kinks: tuple[float, ...] = (0.0,)) -> float:
    options = {"points": [*kinks, 0.7], "limit": 200, "epsabs": 1e-12}
    return integrate.quad(lambda z: function(z) * stats.norm.pdf(z), -12, 12, **options)[0]


def variance_after(function: Callable[[float], float], variance: float) -> float:
    """The variance one layer on, for inputs of mean 0 and that variance."""
    root = variance**0.5
    mean = expectation(lambda z: function(root * z))
    return expectation(lambda z: function(root * z) ** 2) - mean**2


def test_elu_by_alpha_is_selu() -> None:
    found = nl.elu.self_normalising(by="alpha")
    assert found.parameter == ("alpha", pytest.approx(ALPHA, rel=1e-15))
    assert found.scale == pytest.approx(SCALE, rel=1e-15)
    assert found.shift == 0


def test_the_published_jacobian_of_selu() -> None:
    found = nl.selu.facts.self_normalising
    assert found is not None
    assert found.scale == pytest.approx(1, rel=1e-15)
    assert abs(found.shift) < 1e-31  # the paper's constants have 31 digits
    assert found.mean_rate == pytest.approx(0.088834, abs=1e-6)  # in the paper, (0.0 0.088834; 0.0 0.782648)
    assert found.variance_rate == pytest.approx(0.782648, abs=1e-6)
    assert found.fate == "attracting"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("elu", lambda z: z if z > 0 else np.expm1(z)),
        ("silu", lambda z: z * special.expit(z)),
        ("softplus", lambda z: np.logaddexp(0, z)),
        ("tanh", np.tanh),
    ],
)
def test_scale_and_shift_fix_mean_and_variance_and_the_fate_is_that_of_the_iteration(
    name: str, plain: Callable[[float], float]
) -> None:
    found = nl.get(name).self_normalising()

    def normalised(z: float) -> float:
        return found.scale * (plain(z) - found.shift)

    assert expectation(normalised) == pytest.approx(0, abs=1e-10)
    assert variance_after(normalised, 1.0) == pytest.approx(1, abs=1e-10)
    slope = (variance_after(normalised, 1.001) - variance_after(normalised, 0.999)) / 0.002
    assert found.variance_rate == pytest.approx(slope, abs=1e-5)
    variance = 1.2
    for _ in range(5):
        variance = variance_after(normalised, variance)
    assert (abs(variance - 1) < 0.2) == (found.fate == "attracting")


def test_the_return_rate_is_the_slope_of_the_variance_map_under_the_gain() -> None:
    gain, rate = nl.gelu.facts.gain, nl.gelu.facts.propagation.return_rate

    def second(q: float) -> float:
        return gain**2 * expectation(lambda z: (q**0.5 * z * special.ndtr(q**0.5 * z)) ** 2)

    assert second(1.0) == pytest.approx(1)
    assert (second(1.001) - second(0.999)) / 0.002 == pytest.approx(rate, abs=1e-5)


def test_the_edge_of_chaos() -> None:
    """At the critical weights and biases both the variance stays and the squared gradient does."""
    found = nl.tanh.facts.propagation
    weight, bias = found.critical_weight, found.critical_bias
    kept = weight**2 * expectation(lambda z: np.tanh(z) ** 2) + bias**2
    chi = weight**2 * expectation(lambda z: np.cosh(z) ** -4)
    assert (kept, chi) == (pytest.approx(1), pytest.approx(1))


def test_lines_that_meet_at_0_pass_variance_on() -> None:
    for name in ("relu", "leaky_relu", "identity"):
        assert nl.get(name).facts.propagation.fate == "neutral"
        assert nl.get(name).facts["propagation"].how == "proved"
    assert nl.relu.facts.propagation.critical_weight == pytest.approx(2**0.5)  # He et al. (2015)
    assert nl.relu.facts.propagation.critical_bias == 0
    assert nl.softplus.facts.propagation.critical_bias is None


def test_what_has_no_such_parameter_is_refused() -> None:
    with pytest.raises(InvalidInput, match="leaky_relu by negative_slope"):
        nl.leaky_relu.self_normalising(by="negative_slope")
    with pytest.raises(UnknownParameter, match="beta"):
        nl.elu.self_normalising(by="beta")

    @nl.activation
    def constant(x: Any) -> Any:
        return 0 * x + 2

    with pytest.raises(InvalidInput, match="constant"):
        constant.self_normalising()
