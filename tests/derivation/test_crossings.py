"""Near a root of its slope a function keeps all digits, in both precisions and at the default parameters."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest

import nonlin as nl
from nonlin.derivation.crossings import WIDTHS, crossings
from nonlin.derivation.program import program
from nonlin.derivation.programs import programs, slope
from oracles import ORACLES, exact_array, worst

CROSSING = [name for name, oracle in ORACLES.items() if oracle.roots]


@pytest.mark.parametrize("name", CROSSING)
@pytest.mark.parametrize("precision", ["single", "double"])
def test_the_root_is_known_to_sixty_digits(name: str, precision: Any) -> None:
    (crossing,) = crossings(nl.get(name).definition, precision)
    with mp.workdps(90):
        root = mp.findroot(ORACLES[name].slope, mp.mpf(ORACLES[name].roots[0]), tol=1e-150)
        assert abs(mp.mpf(crossing.root.numerator) / crossing.root.denominator - root) < mp.mpf(10) ** -60


@pytest.mark.parametrize("name", [n for n in ORACLES if n not in CROSSING])
def test_a_slope_that_does_not_cross_zero_is_left_as_it_is(name: str) -> None:
    definition = nl.get(name).definition
    assert crossings(definition, "double") == ()
    plain = program([slope(definition)], parameters=definition.parameters, narrow=True)
    assert programs(definition, ("slope",), "double") == plain


@pytest.mark.parametrize("name", CROSSING)
def test_slopes_next_to_the_root_are_right_to_the_last_place(name: str, dtype: Any) -> None:
    """gelu' was 351 ulp off at the float32 next to its root, mish' 271, silu' 45; in float64 without a digit."""
    oracle, f = ORACLES[name], nl.get(name)
    root = dtype(oracle.roots[0])
    offsets = np.concatenate([np.arange(-40, 41), 2.0 ** np.arange(6, 22), -(2.0 ** np.arange(6, 22))])
    x = (root + offsets * np.spacing(root)).astype(dtype)
    truth = exact_array(oracle.slope, x)
    for got in (f.grad(x), f.value_and_grad(x)[1], f.vjp(x, np.ones_like(x)), f.derivative(1)(x)):
        error, where = worst(got, truth, x)
        assert error <= (0.501 if dtype == np.float32 else 2.5), where


@pytest.mark.parametrize("name", CROSSING)
@pytest.mark.parametrize("edge", [-1, 1])
def test_the_two_forms_meet_at_the_edge(name: str, edge: int, dtype: Any) -> None:
    precision = "single" if dtype == np.float32 else "double"
    width = float(WIDTHS[precision][0])
    x = np.linspace(-1e-3, 1e-3, 400) * width + ORACLES[name].roots[0] + edge * width
    x = x.astype(dtype)
    error, where = worst(nl.get(name).grad(x), exact_array(ORACLES[name].slope, x), x)
    assert error <= (0.501 if dtype == np.float32 else 10), where


def test_a_parameter_that_is_not_its_default_has_its_root_elsewhere(dtype: Any) -> None:
    x = (np.linspace(-3, 1, 101) / 2).astype(dtype)
    truth = exact_array(lambda v: ORACLES["swish"].slope(v, beta=2.0), x).astype(float)
    for got in (nl.swish.grad(x, beta=2.0), nl.swish.bind(beta=2.0).grad(x)):
        assert np.allclose(
            got,
            truth,
            rtol=1e-6 if dtype == np.float32 else 1e-14,
            atol=1e-9 if dtype == np.float32 else 1e-16,
        )


def test_a_bound_activation_is_sharp_at_its_own_root() -> None:
    x = np.float32(-1.278464542761073795109 / 2) + np.spacing(np.float32(0.64)) * np.arange(
        -20, 21, dtype=np.float32
    )
    truth = exact_array(lambda v: ORACLES["swish"].slope(v, beta=2.0), x)
    error, where = worst(nl.swish.bind(beta=2.0).grad(x), truth, x)
    assert error <= 0.501, where


def test_hard_swish_has_slope_zero_at_its_minimum() -> None:
    """It was 2.8e-17: (x + 3) / 6 + x / 6 with two roundings."""
    assert nl.hard_swish.grad(-1.5) == 0
    assert nl.hard_swish.grad(np.float32(-1.5)) == 0


def test_a_slope_that_jumps_over_zero_has_no_root() -> None:
    @nl.activation
    def bump(x: Any) -> Any:
        return nl.abs(x - 0.3)

    assert crossings(bump.definition, "double") == ()
    assert bump.grad([0.2, 0.4]).tolist() == [-1, 1]

    @nl.activation
    def jump(x: Any) -> Any:
        return nl.where(x**2 > 2, x, -x)  # no kink that is known beforehand

    assert crossings(jump.definition, "double") == ()
    assert jump.grad([1.4, 1.42]).tolist() == [-1, 1]


def test_a_slope_that_oscillates_is_left_alone() -> None:
    @nl.activation
    def wave(x: Any) -> Any:
        return nl.sin(3 * x)

    assert crossings(wave.definition, "single") == ()


def test_two_roots_of_a_users_function() -> None:
    @nl.activation
    def wavelet(x: Any) -> Any:
        return x * nl.exp(-(x**2) / 2)

    found = crossings(wavelet.definition, "single")
    assert [float(c.root) for c in found] == [-1, 1]
    assert wavelet.grad([-1.0, 1.0]).tolist() == [0, 0]
