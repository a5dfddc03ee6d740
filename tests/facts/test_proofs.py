"""Proved facts against closed forms, mpmath and brute force; none shares code with the proofs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from scipy import special

import nonlin as nl
from nonlin.facts.fact import Fact, Places, Range
from nonlin.facts.facts import NAMES, Facts, facts

SQUARED = math.sqrt(2)


def phi(z: Any) -> Any:
    return mp.erfc(-z / mp.sqrt(2)) / 2


PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "gelu": lambda z: z * phi(z),
    "silu": lambda z: z / (1 + mp.exp(-z)),
    "mish": lambda z: z * mp.tanh(mp.log1p(mp.exp(z))),
    "softplus": lambda z: mp.log1p(mp.exp(z)),
    "tanh": mp.tanh,
    "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
    "elu": lambda z: z if z > 0 else mp.expm1(z),
    "softsign": lambda z: z / (1 + abs(z)),
    "hard_swish": lambda z: z * min(max(z + 3, 0), 6) / 6,
    "quick_gelu": lambda z: z / (1 + mp.exp(-mp.mpf("1.702") * z)),
}

ARRAYS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "gelu": lambda z: z * special.ndtr(z),
    "silu": lambda z: z * special.expit(z),
    "mish": lambda z: z * np.tanh(np.logaddexp(0, z)),
    "softplus": lambda z: np.logaddexp(0, z),
    "tanh": np.tanh,
    "sigmoid": special.expit,
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "softsign": lambda z: z / (1 + np.abs(z)),
    "hard_swish": lambda z: z * np.clip(z + 3, 0, 6) / 6,
    "quick_gelu": lambda z: z * special.expit(1.702 * z),
}


def derived(name: str) -> Facts:
    """Facts found now, not those that ship."""
    return facts(nl.get(name).definition)


def holds(fact: Fact, *truths: Any) -> bool:
    """Whether the enclosures of a proved fact hold these numbers, each but a few floats wide."""
    with mp.workdps(40):
        inside = all(low <= mp.mpf(t) <= high for (low, high), t in zip(fact.bounds, truths, strict=True))
    narrow = all(low == high or high - low <= 1e-14 * max(1, abs(low)) for low, high in fact.bounds)
    return fact.how == "proved" and inside and narrow


# --- Shape ------------------------------------------------------------------------------------------------


def test_closed_forms() -> None:
    with mp.workdps(40):
        root2 = mp.sqrt(2)
        assert holds(derived("gelu")["lipschitz"], phi(root2) + root2 * mp.npdf(root2))
        assert holds(derived("gelu")["inflections"], -root2, root2)
        assert holds(derived("sigmoid")["saturation"], -mp.acosh(199), mp.acosh(199))
        assert holds(derived("tanh")["saturation"], -mp.acosh(10), mp.acosh(10))
        assert holds(derived("elu")["saturation"], mp.log(mp.mpf(1) / 100))
        assert holds(derived("softsign")["saturation"], -9, 9)
        assert holds(derived("silu")["range"], -mp.lambertw(1 / mp.e), mp.inf)
        assert holds(derived("silu")["extrema"], -1 - mp.lambertw(1 / mp.e), -mp.lambertw(1 / mp.e))
        assert holds(derived("hard_swish")["extrema"], -1.5, -0.375)


def test_a_truth_that_is_off_by_a_billionth_is_not_held() -> None:
    assert not holds(derived("gelu")["inflections"], -SQUARED, SQUARED + 1e-9)


@pytest.mark.parametrize("name", ["gelu", "silu", "mish", "quick_gelu"])
def test_minima_and_inflections_by_findroot(name: str) -> None:
    found, plain = derived(name), PLAIN[name]
    with mp.workdps(40):
        at = mp.findroot(lambda z: mp.diff(plain, z), found.extrema[0][0] + 0.01)
        assert holds(found["extrema"], at, plain(at))
        bends = [mp.findroot(lambda z: mp.diff(plain, z, 2), i + 0.01) for i in found.inflections]
        assert holds(found["inflections"], *bends)
        steepest = max(abs(mp.diff(plain, b)) for b in bends)
        assert holds(found["lipschitz"], steepest)


@pytest.mark.parametrize(
    ("name", "at", "least"),
    [
        ("gelu", -0.751791517, -0.169971207),
        ("gelu_tanh", -0.752461426, -0.170040751),
        ("quick_gelu", -0.751154256, -0.163610190),
        ("silu", -1.278464561, -0.278464543),
        ("mish", -1.192431217, -0.308843413),
        ("hard_swish", -1.5, -0.375),
    ],
)
def test_minima_published_or_computed_elsewhere(name: str, at: float, least: float) -> None:
    assert nl.get(name).facts.extrema[0] == pytest.approx((at, least), abs=5e-8)
    assert nl.get(name).facts.range.low == pytest.approx(least, abs=1e-9)


GRID = np.concatenate([[-1e4, -300], np.linspace(-40, 40, 80_001), [300, 1e4]])


def grid_is_inside(values: np.ndarray, held: Range) -> bool:
    slack = 1e-15 * max(1, abs(held.low))
    low = values.min() >= held.low - slack
    return bool(low and values.max() <= held.high + 1e-15)


@pytest.mark.parametrize("name", ARRAYS)
def test_a_fine_grid_lies_inside_what_is_proved(name: str) -> None:
    found, values = derived(name), ARRAYS[name](GRID)
    assert grid_is_inside(values, found.range)
    steps = np.diff(values) / np.diff(GRID)
    assert np.abs(steps).max() <= found.lipschitz * (1 + 1e-9)
    assert found["monotone"].value == ("increasing" if (np.diff(values) >= 0).all() else None)
    left, right = found.saturation
    small = 0.01 * found.lipschitz * (1 + 1e-6)
    for side in (GRID[1:] < (left or -np.inf), GRID[:-1] > (right or np.inf)):
        assert (np.abs(steps[side]) <= small).all()
    assert not grid_is_inside(values, Range(found.range.low + 1e-3, 0.5, False, False))  # it can fail


@pytest.mark.parametrize("name", ARRAYS)
def test_bends_are_those_of_second_differences(name: str) -> None:
    whole = np.linspace(-9.0005, 9.0005, 6001)
    bent = np.diff(ARRAYS[name](whole), 2)
    for bend in derived(name).curvature.bends:
        inside = bent[(whole[:-2] > bend.low) & (whole[2:] < bend.high)]
        sign = {"convex": 1, "concave": -1}.get(bend.curvature, 0)
        assert (sign * inside >= -1e-14).all() if sign else np.abs(inside).max() < 1e-13


@pytest.mark.parametrize(
    ("name", "left", "right"),
    [
        ("silu", "y = 0", "y = x"),
        ("softsign", "y = -1", "y = 1"),
        ("log_sigmoid", "y = x", "y = 0"),
        ("leaky_relu", "y = 0.01 x", "y = x"),
        ("selu", "y = -1.7581", "y = 1.0507 x"),
    ],
)
def test_asymptotes(name: str, left: str, right: str) -> None:
    assert [str(line) for line in derived(name).asymptotes] == [left, right]


def test_an_asymptote_has_an_offset_and_a_logarithm_has_none() -> None:
    @nl.activation
    def shrunk(x: Any) -> Any:
        return x - nl.tanh(x)

    @nl.activation
    def logarithmic(x: Any) -> Any:
        return nl.sign(x) * nl.log1p(nl.abs(x))

    assert [str(line) for line in shrunk.facts.asymptotes] == ["y = x + 1", "y = x - 1"]
    assert logarithmic.facts["asymptotes"].how == "proved"
    assert logarithmic.facts.asymptotes == (None, None)
    assert logarithmic.facts.limits == (-math.inf, math.inf)
    assert logarithmic.facts.parity == "odd"


@pytest.mark.parametrize("name", ARRAYS)
def test_every_fact_of_the_well_known_is_proved(name: str) -> None:
    assert [f.name for f in derived(name) if f.how != "proved"] == []


# --- Moments ----------------------------------------------------------------------------------------------


def moment(plain: Callable[[Any], Any], kinks: tuple[float, ...] = (0.0,)) -> Any:
    ends = sorted({-13, -6, -3, -1, *kinks, 1, 3, 6, 13})
    return mp.quad(lambda z: plain(z) * mp.npdf(z), ends)


@pytest.mark.parametrize(
    "name", ["gelu", "silu", "mish", "softplus", "tanh", "elu", "softsign", "hard_swish"]
)
def test_moments_by_mpmaths_quadrature(name: str) -> None:
    found, plain = derived(name), PLAIN[name]
    kinks = tuple(found.kinks) or (0.0,)
    with mp.workdps(25):
        assert holds(found["mean"], moment(plain, kinks)) or name in ("tanh", "softsign")
        second = moment(lambda z: plain(z) ** 2, kinks)
        assert holds(found["second_moment"], second)
        assert holds(found["gain"], 1 / mp.sqrt(second))
        rate = moment(lambda z: (z * z - 1) * plain(z) ** 2, kinks) / (2 * second)
        assert found.propagation is not None
        assert found.propagation.return_rate == pytest.approx(float(rate), rel=1e-15)


def test_moments_in_closed_form() -> None:
    @nl.activation
    def exponential(x: Any) -> Any:
        return nl.exp(x)

    @nl.activation
    def cube(x: Any) -> Any:
        return x**3

    @nl.activation
    def wave(x: Any) -> Any:
        return nl.sin(x)

    @nl.activation
    def step(x: Any) -> Any:
        return nl.where(x > 0, 1, 0)

    with mp.workdps(40):
        assert holds(exponential.facts["mean"], mp.sqrt(mp.e))
        assert holds(exponential.facts["second_moment"], mp.e**2)
        assert holds(cube.facts["second_moment"], 15)
        assert holds(cube.facts["slope_second_moment"], 27)
        assert holds(wave.facts["second_moment"], (1 - mp.exp(-2)) / 2)
        assert holds(wave.facts["slope_second_moment"], (1 + mp.exp(-2)) / 2)
        assert holds(step.facts["mean"], 0.5)
        assert holds(derived("gelu")["mean"], 1 / (2 * mp.sqrt(mp.pi)))
        assert holds(derived("gelu")["second_moment"], mp.mpf(1) / 3 + 1 / (2 * mp.sqrt(3) * mp.pi))
        assert holds(derived("relu")["mean"], 1 / mp.sqrt(2 * mp.pi))
        assert holds(derived("relu6")["zero_slope_mass"], mp.mpf(1) / 2 + phi(mp.mpf(-6)))
        assert holds(derived("hard_sigmoid")["zero_slope_mass"], 2 * phi(mp.mpf(-3)))


def test_a_moment_that_is_infinite_is_said_to_be() -> None:
    @nl.activation
    def wild(x: Any) -> Any:
        return nl.exp(x**2)

    assert wild.facts.mean == math.inf
    assert wild.facts.gain == 0
    assert wild.facts["second_moment"].how == "proved"
    assert wild.facts.propagation is None
    assert wild.facts.self_normalising is None
    assert math.isnan(wild.facts.chi)


# --- Functions that are not tame --------------------------------------------------------------------------


def test_a_wave_tells_its_zeros_by_its_period() -> None:
    @nl.activation
    def wave(x: Any, rate: float = 30.0) -> Any:
        return nl.sin(rate * x)

    found = wave.facts
    assert found.period == pytest.approx(math.pi / 15)
    assert list(found.zeros) == pytest.approx([0, math.pi / 30], abs=1e-15)
    assert found.zeros.period == found.period
    assert "again every 0.20944" in str(found.zeros)
    assert str(found.range) == "[-1, 1]"
    assert found.lipschitz == 30
    assert all(math.isnan(v) for v in found.limits)
    assert found["range"].how == found["lipschitz"].how == "proved"


def test_a_line_with_a_wave_on_it() -> None:
    @nl.activation
    def snake(x: Any, a: float = 1.0) -> Any:
        return x + nl.sin(a * x) ** 2 / a

    @nl.activation
    def rolling(x: Any) -> Any:
        return x + 2 * nl.sin(x)

    assert snake.facts.monotone == "increasing"  # its slope touches 0, and never crosses it
    assert list(snake.facts.zeros) == [0]
    assert str(snake.facts.range) == "(-inf, inf)"
    assert snake.facts.lipschitz == 2
    assert snake.facts.smoothness == math.inf
    assert rolling.facts.monotone is None
    assert rolling.facts.extrema.period == pytest.approx(2 * math.pi)
    assert "with other values" in str(rolling.facts.extrema)
    assert rolling.facts["zeros"].how == "proved"
    assert rolling.facts.period is None


def test_jumps() -> None:
    @nl.activation
    def hard(x: Any, at: float = 0.5) -> Any:
        return nl.where(nl.abs(x) > at, x, 0)

    @nl.activation
    def down(x: Any) -> Any:
        return nl.where(x > 1, x - 3, x)

    assert list(hard.facts.jumps) == [-0.5, 0.5]
    assert hard.facts.smoothness == -1
    assert hard.facts.lipschitz == math.inf
    assert hard.facts.monotone == "increasing"
    assert hard.facts.zeros.stretches == ((-0.5, 0.5),)
    assert hard.facts.parity == "odd"
    assert down.facts.monotone is None
    assert list(down.facts.zeros) == [0, 3]
    assert list(down.facts.extrema) == [(1, 1)]
    assert down.facts.curvature.whole is None


def test_a_bound_is_attained_or_approached() -> None:
    @nl.activation
    def held(x: Any) -> Any:
        return nl.where(x > 0, 1 - nl.exp(-x), nl.where(x > -1, x, -1))

    @nl.activation
    def half_open(x: Any) -> Any:
        return nl.where(x >= 1, 0, x * nl.where(x > 0, 1, 0))

    assert str(held.facts.range) == "[-1, 1)"
    assert str(half_open.facts.range) == "[0, 1)"  # it climbs to 1 and jumps before


def test_what_cancels_far_below_the_first_precision_is_decided() -> None:
    @nl.activation
    def sharp_clip(x: Any, p: float = 50.0) -> Any:
        return (nl.softplus(p * x) - nl.softplus(p * (x - 1))) / p

    @nl.activation
    def bell(x: Any, mean: float = 0.707107, std: float = 0.282095) -> Any:
        return (1 + nl.erf((x - mean) / (std * nl.sqrt(2)))) / 2

    for mine in (sharp_clip, bell):
        assert mine.facts["range"].how == mine.facts["zeros"].how == "proved"
        assert str(mine.facts.range) == "(0, 1)"
        assert mine.facts.monotone == "increasing"
    with mp.workdps(40):
        assert holds(bell.facts["lipschitz"], mp.npdf(0) / mp.mpf("0.282095"))


def test_an_exponential_of_an_exponential() -> None:
    @nl.activation
    def telu(x: Any) -> Any:
        return x * nl.tanh(nl.exp(x))

    with mp.workdps(40):

        def plain(z: Any) -> Any:
            return z * mp.tanh(mp.exp(z))

        at = mp.findroot(lambda z: mp.diff(plain, z), -1.08)
        assert holds(telu.facts["extrema"], at, plain(at))
        assert holds(telu.facts["range"], plain(at), mp.inf)
    assert [str(line) for line in telu.facts.asymptotes] == ["y = 0", "y = x"]


def test_whether_a_bound_is_attained_is_not_guessed() -> None:
    @nl.activation
    def touching(x: Any) -> Any:
        return (x**2 - 2) ** 2 * nl.exp(-(x**2))  # 0 at a root of 2, and at both infinities

    assert touching.facts["range"].how == "numeric"
    assert "attained" in touching.facts["range"].because
    assert touching.facts["extrema"].how == "proved"


def test_what_is_not_tame_is_numeric_and_says_why() -> None:
    @nl.activation
    def growing_wave(x: Any) -> Any:
        return x * nl.cos(x)

    @nl.activation
    def pole(x: Any) -> Any:
        return 1 / x

    @nl.activation
    def unknown_switch(x: Any) -> Any:
        return nl.where(nl.sin(x) > 0, x, 0)

    @nl.activation
    def steep(x: Any) -> Any:
        return nl.where(x > 0, nl.sqrt(x), 0)

    zeros = growing_wave.facts["zeros"]
    assert zeros.how == "numeric"
    assert zeros.value.endless
    assert "perhaps more" in str(zeros.value)
    assert str(growing_wave.facts.range) == "(-inf, inf)"
    assert growing_wave.facts["mean"].how == "proved"
    assert math.isnan(pole.facts.gain)
    assert math.isnan(pole.facts.range.low)
    assert list(pole.facts.zeros) == []
    assert pole.facts.monotone is None
    assert "infinite at 0" in pole.facts["range"].because
    assert unknown_switch.facts.monotone is None
    assert "no polynomial" in unknown_switch.facts["monotone"].because
    assert math.isnan(unknown_switch.facts.smoothness)
    assert steep.facts.lipschitz == math.inf
    assert steep.facts["mean"].how == "proved"  # only its slope is infinite


def test_nothing_but_what_is_asked_for_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from nonlin.facts import finding

    @nl.activation
    def mine(x: Any) -> Any:
        return x * nl.sigmoid(3 * x)

    asked: list[str] = []
    find = finding.find
    monkeypatch.setattr(finding, "find", lambda d, name: asked.append(name) or find(d, name))
    assert mine.facts.range.low == pytest.approx(-0.2784645427610738 / 3)
    assert mine.facts.range.high == math.inf
    assert asked == ["range"]


def test_a_fact_that_is_not_there_is_named() -> None:
    with pytest.raises(nl.errors.InvalidInput, match="'steepness'"):
        nl.gelu.facts["steepness"]
    with pytest.raises(AttributeError, match="steepness"):
        _ = nl.gelu.facts.steepness


def test_facts_as_plain_data_say_how_each_is_known() -> None:
    plain = nl.gelu.facts.as_dict()
    assert set(plain["known"]) == set(NAMES)
    assert plain["known"]["range"]["how"] == "proved"
    assert plain["limits"] == [0.0, "inf"]


def test_of_a_row_there_are_no_such_facts() -> None:
    with pytest.raises(nl.errors.NoSuchFacts, match="softmax mixes the elements of a row"):
        _ = nl.softmax.facts
    assert not hasattr(nl.softmax, "facts")


def test_places_say_what_families_they_are() -> None:
    assert str(Places.of([])) == "none"
    assert str(Places.of([1.0], stretches=[(-math.inf, 0.0)])) == "1, all up to 0"
    assert str(Places.of([(0.0, 1.0)], period=2.0)) == "f(0) = 1 and again every 2"


def test_what_is_kept_for_backward() -> None:
    assert nl.identity.facts.memory.bytes_per_value == 0
    assert nl.gelu.facts.memory.keeps == "the input"


def test_the_cost_is_measured() -> None:
    fact = nl.relu.facts["cost"]
    assert fact.how == "measured"
    assert 0 < fact.value.value < math.inf
    assert "cost" not in nl.relu.facts.as_dict()
