"""Facts against figures computed elsewhere, and against SciPy's quadrature."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest
from scipy import integrate, stats

import nonlin as nl
from oracles import ORACLES, Oracle

TABLE = {
    "identity": (0.000000, 1.000000, 1.000000, 1.0000),
    "relu": (0.398942, 0.500000, 1.414214, 1.4142),
    "leaky_relu": (0.394953, 0.500050, 1.414143, 1.4141),
    "relu6": (0.398942, 0.500000, 1.414214, 1.4142),
    "elu": (0.160521, 0.644945, 1.245198, 1.2234),
    "selu": (0.000000, 1.000000, 1.000000, 0.9660),
    "gelu": (0.282095, 0.425221, 1.533530, 1.4811),
    "gelu_tanh": (0.282039, 0.425194, 1.533581, 1.4812),
    "quick_gelu": (0.282331, 0.421953, 1.539459, 1.4915),
    "silu": (0.206621, 0.355776, 1.676532, 1.6233),
    "mish": (0.240404, 0.452342, 1.486848, 1.4448),
    "hard_swish": (0.166217, 0.331567, 1.736657, 1.6701),
    "softplus": (0.806059, 0.921246, 1.041867, 1.8462),
    "sigmoid": (0.500000, 0.293379, 1.846229, 4.7226),
    "hard_sigmoid": (0.500000, 0.277639, 1.897840, 6.0081),
    "tanh": (0.000000, 0.394294, 1.592537, 1.4674),
    "softsign": (0.000000, 0.183014, 2.337533, 2.0958),
    "log_sigmoid": (-0.806059, 0.921246, 1.041867, 1.8462),
    "relu_squared": (0.500000, 1.500000, 0.816497, 0.7071),
    "hard_mish": (0.238625, 0.564298, 1.331207, 1.2341),
    "sloped_hard_sigmoid": (0.500000, 0.289102, 1.859834, 5.0313),
    "hard_tanh": (0.000000, 0.516059, 1.392036, 1.2103),
    "soft_shrink": (0.000000, 0.419279, 1.544361, 1.2730),
    "hard_shrink": (0.000000, 0.969140, 1.015796, 1.2730),
    "sparse_plus": (0.462330, 0.524844, 1.380337, 1.6243),
}
"""E f, E f^2, 1 / sqrt(E f^2), 1 / sqrt(E f'^2) for a standard normal input, by Gauss quadrature elsewhere."""


@pytest.mark.parametrize("name", TABLE)
def test_gaussian_moments_and_gains(name: str) -> None:
    mean, second, gain, backward = TABLE[name]
    facts = nl.get(name).facts
    assert facts.gaussian.mean == pytest.approx(mean, abs=6e-7)
    assert facts.gaussian.second_moment == pytest.approx(second, abs=6e-7)
    assert facts.gain == pytest.approx(gain, abs=6e-7)
    assert facts.backward_gain == pytest.approx(backward, abs=6e-5)
    assert facts.gaussian.slope_second_moment == pytest.approx(facts.backward_gain**-2, rel=1e-12)
    assert facts.chi == pytest.approx(facts.gain**2 * facts.gaussian.slope_second_moment, rel=1e-12)


def test_a_function_that_jumps_has_no_lipschitz_constant_and_may_pass_no_gradient() -> None:
    for name in ("step", "sign", "hard_shrink", "shrink", "thresholded_relu"):
        assert (nl.get(name).facts.lipschitz, nl.get(name).facts.smoothness) == (np.inf, -1), name
    assert nl.get("step").facts.backward_gain == nl.get("sign").facts.backward_gain == np.inf
    assert nl.get("sign").facts.kinks == (0.0,)


def test_a_square_is_infinite_at_infinity() -> None:
    assert nl.get("relu_squared").facts.limits == (0.0, np.inf)


def test_moments_by_scipys_quadrature(oracle: Oracle) -> None:
    gaussian = nl.get(oracle.name).facts.gaussian

    def moment(function: Any) -> float:
        return integrate.quad(
            lambda z: function(z) * stats.norm.pdf(z),
            -12,
            12,
            points=[*oracle.kinks, 0.5],
            limit=200,
            epsabs=1e-11,
        )[0]

    assert gaussian.mean == pytest.approx(moment(lambda z: float(oracle.value(z))), abs=1e-8)
    assert gaussian.slope_second_moment == pytest.approx(
        moment(lambda z: float(oracle.slope(z)) ** 2), abs=1e-8
    )


def test_limits_are_the_oracles(oracle: Oracle) -> None:
    facts = nl.get(oracle.name).facts
    assert facts.limits == pytest.approx(oracle.limits[0], nan_ok=True)
    assert facts.slope_limits == pytest.approx(oracle.limits[1], nan_ok=True)


def test_a_bound_that_a_curved_condition_sets_is_attained() -> None:
    @nl.activation
    def bounded(x: Any) -> Any:
        return nl.min(nl.max(3 * nl.tanh(x), x / 2 - 1), 5)

    kinks = [float(mp.findroot(lambda t: 3 * mp.tanh(t) - t / 2 + 1, at)) for at in (-4, -0.4, 8)]
    assert list(bounded.facts.kinks) == pytest.approx([*kinks, 12], rel=1e-15)
    assert (bounded.facts.range.high, bounded.facts.range.high_attained) == (5, True)
    assert nl.gelu_clipped.facts.range.high_attained


def test_kinks_and_extrema_are_the_oracles(oracle: Oracle) -> None:
    if oracle.name == "sine":  # extrema without end
        return
    facts = nl.get(oracle.name).facts
    assert set(facts.kinks) == set(oracle.kinks)
    falls = [20.0] if oracle.name == "thresholded_softplus" else []  # by 2e-9, where its threshold is
    assert [at for at, _ in facts.extrema] == pytest.approx([*oracle.roots, *falls], abs=1e-9)


def test_the_lipschitz_constant_bounds_every_slope(oracle: Oracle) -> None:
    slopes = np.abs(nl.get(oracle.name).grad(np.linspace(-30, 30, 60_001)))
    facts = nl.get(oracle.name).facts
    constant = facts.lipschitz
    assert (constant == np.inf) == (facts.smoothness == -1 or np.inf in oracle.limits[1])
    if constant == np.inf or np.isnan(constant):  # NaN: nothing was found
        return
    assert slopes.max() <= constant * (1 + 1e-12)
    assert constant <= max(slopes.max(), *map(abs, oracle.limits[1])) * 1.001 or oracle.name in (
        "hard_swish",
        "selu",
    )


def test_the_range_holds_every_value_and_no_more(oracle: Oracle) -> None:
    values = nl.get(oracle.name)(np.linspace(-60, 60, 120_001))
    held = nl.get(oracle.name).facts.range
    assert held.low <= values.min() + 1e-12
    assert values.max() <= held.high + 1e-12
    assert not np.isfinite(held.low) or held.low == pytest.approx(values.min(), abs=0.02)


@pytest.mark.parametrize(
    ("name", "monotone"),
    [("relu", "increasing"), ("tanh", "increasing"), ("silu", None), ("mish", None), ("elu", "increasing")],
)
def test_monotony(name: str, monotone: str | None) -> None:
    assert nl.get(name).facts.monotone == monotone


@pytest.mark.parametrize(
    ("name", "parity"), [("tanh", "odd"), ("softsign", "odd"), ("identity", "odd"), ("gelu", None)]
)
def test_parity(name: str, parity: str | None) -> None:
    assert nl.get(name).facts.parity == parity


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("relu", 0),
        ("hard_swish", 0),
        ("elu", 1),
        ("softsign", 1),
        ("selu", 0),
        ("silu", np.inf),
        ("tanh", np.inf),
    ],
)
def test_smoothness(name: str, order: float) -> None:
    assert nl.get(name).facts.smoothness == order


def test_facts_follow_a_parameter() -> None:
    assert nl.leaky_relu.bind(negative_slope=0.2).facts.gain == pytest.approx(1.386750, abs=6e-7)
    assert nl.elu.bind(alpha=2.0).facts.limits[0] == pytest.approx(-2)


def test_facts_of_a_users_function() -> None:
    @nl.activation
    def squared_relu(x: Any) -> Any:
        return nl.where(x > 0, x**2, 0)

    facts = squared_relu.facts
    assert facts.gain == pytest.approx(0.816497, abs=6e-7)
    assert facts.backward_gain == pytest.approx(0.7071, abs=6e-5)
    assert facts.gaussian.zero_slope_mass == pytest.approx(0.5)


def test_shares_of_zero_slope() -> None:
    assert nl.relu.facts.gaussian.zero_slope_mass == pytest.approx(0.5)
    assert nl.relu6.facts.gaussian.zero_slope_mass == pytest.approx(0.5 + stats.norm.sf(6))
    assert nl.hard_sigmoid.facts.gaussian.zero_slope_mass == pytest.approx(2 * stats.norm.sf(3))
    assert nl.silu.facts.gaussian.zero_slope_mass == 0


def test_every_activation_has_an_oracle_and_facts() -> None:
    assert all(nl.get(name).facts for name in ORACLES)
