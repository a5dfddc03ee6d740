"""Planted faults: what a certificate is for is to find them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.certify import Certificate, Subject, Tally, block, certify, subject
from nonlin.certify.inputs import Inputs
from nonlin.certify.reference import _around_roots
from oracles import ORACLES, exact_array, ulps

F32 = np.float32
BLOCKS = 4  # 0, 256, 512, 768: the positive and negative subnormals, [2, 3) and (-3, -2]


class Changed:
    """An activation whose value is changed afterwards."""

    def __init__(self, activation: Any, change: Callable[[Any, Any], Any], slope: bool = False) -> None:
        self.activation, self.change, self.slope = activation, change, slope

    def __call__(self, x: Any) -> Any:
        y = self.activation(x)
        return y if self.slope else self.change(x, y)

    def grad(self, x: Any) -> Any:
        y = self.activation.grad(x)
        return self.change(x, y) if self.slope else y

    def value_and_grad(self, x: Any) -> tuple[Any, Any]:
        return self(x), self.grad(x)


def with_fault(change: Callable[[Any, Any], Any], name: str = "silu", slope: bool = False) -> Subject:
    s = subject(name)
    return dataclasses.replace(s, measured=Changed(s.activation, change, slope))


def measured(s: Subject, **options: Any) -> Certificate:
    return certify(s, exhaustive=True, limit=BLOCKS, workers=1, **options)


@pytest.fixture(scope="module")
def sound() -> Certificate:
    return measured(subject("silu"))


def test_a_sound_function_keeps_its_promise(sound: Certificate) -> None:
    assert sound.kept
    value = sound.measured["value"]
    assert value.inputs == 4 << 22
    assert 0.5 <= value.at_most < 0.501
    # Of the subnormals, a quarter are ties but for x^2 / 4, and of those half go the wrong way.
    assert value.inputs - value.right == pytest.approx((1 << 23) // 4, rel=0.01)
    assert not sound.exhaustive


def test_one_wrong_result_of_millions_is_the_worst_input() -> None:
    at = F32(2.71828)
    s = with_fault(lambda x, y: np.where(x == at, y * F32(1.00001), y))
    found = measured(s)
    worst = found.measured["value"].worst
    assert worst is not None
    assert worst.at == float(at)
    true = exact_array(ORACLES["silu"].value, [at])
    assert worst.ulp == pytest.approx(float(ulps(s.compute("value")(np.array([at])), true)[0]), rel=1e-6)
    assert not found.kept
    assert found.measured["slope"].at_most < 0.6


def test_one_wrong_slope_beside_the_root_is_told_near_it() -> None:
    root = F32(-1.2784645)
    s = with_fault(lambda x, y: np.where(x == root, y + F32(1e-7), y), slope=True)
    slope = block_of(s, int(root.view(np.uint32)) >> 22, "slope")
    assert slope.away_at_most < 0.6
    assert slope.near_at_most > 100
    assert slope.near_size_at_most == pytest.approx(1e-7, rel=0.01)
    assert slope.near_size_at == float(root)


def block_of(s: Subject, number: int, quantity: str = "value", exhaustive: bool = True) -> Tally:
    job = block.prepared(s, (quantity,), Inputs(s.form, exhaustive, s.roots("slope")), number)
    return block.decided(block.run(job))[quantity]


def test_a_unit_too_much_in_a_stretch_is_counted(sound: Certificate) -> None:
    def change(x: Any, y: Any) -> Any:
        return np.where((x >= 2.25) & (x < 2.5), np.nextafter(y, F32(np.inf)), y)

    found = measured(with_fault(change)).measured["value"]
    assert 1.4 < found.at_most < 1.51
    lost = sound.measured["value"].right - found.right
    assert lost == pytest.approx((1 << 23) / 8, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda x, y: np.where(x == 2.5, F32(np.nan), y), "nans"),
        (lambda x, y: np.where((y == 0) & (x != 0), -y, y), "wrong_zeros"),
    ],
)
def test_nan_for_a_number_and_a_zero_of_the_wrong_sign_are_counted(
    change: Any, name: str, sound: Any
) -> None:
    tally = measured(with_fault(change)).measured["value"]
    assert getattr(tally, name) > 0
    assert getattr(sound.measured["value"], name) == 0


def test_a_number_for_nan_is_counted() -> None:
    s = with_fault(lambda x, y: np.where(np.isnan(x), F32(0), y))
    found = certify(s, limit=1024, workers=1)
    assert found.measured["value"].numbers_for_nan > 1000
    assert not found.special["right"]


@pytest.mark.parametrize(
    "change",
    [
        lambda x, y: np.where(x == -np.inf, F32(np.nan), y),
        lambda x, y: np.where(x == np.inf, F32(3e38), y),
        lambda x, y: np.where(x == 0, abs(y), y),
        lambda x, y: np.where(np.isnan(x), F32(1), y),
        lambda x, y: np.where(x == 0, F32(1e-45), y),
    ],
    ids=["nan at -inf", "finite at inf", "the sign of -0.0 lost", "a number for NaN", "not zero at 0"],
)
def test_special_values_are_judged(change: Any) -> None:
    from nonlin.certify.special import special

    assert special(subject("silu"))["right"]
    assert not special(with_fault(change))["right"]


def test_one_pass_unlike_two_is_noticed() -> None:
    class Torn(Changed):
        def value_and_grad(self, x: Any) -> tuple[Any, Any]:
            value, slope = self.activation.value_and_grad(x)
            return np.where(x == 2.5, np.nextafter(value, F32(0)), value), slope

    s = subject("silu")
    s = dataclasses.replace(s, measured=Torn(s.activation, lambda x, y: y))
    found = measured(s)
    assert found.differs == 1
    assert not found.kept


def test_a_poor_reference_is_measured_and_never_hides_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Subject.in_double

    def poor(self: Subject, quantity: str) -> Any:
        return lambda x: plain(self, quantity)(x) * (1 + 2.0**-30 * np.sin(1e6 * x))

    monkeypatch.setattr(Subject, "in_double", poor)
    found = measured(with_fault(lambda x, y: np.where(x == 2.5, np.nextafter(y, F32(0)), y))).measured[
        "value"
    ]
    assert found.worst is not None
    assert found.worst.at == 2.5
    assert found.worst.ulp < 1.5
    assert found.reference_error > 2.0**-31
    assert found.at_most >= found.worst.ulp
    assert found.undecided > 0


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_counts_one_wrong_result(dtype: str) -> None:
    s = subject("tanh", dtype)
    at = s.form.dtype.type(0.5)
    change = lambda x, y: np.where(x == at, np.nextafter(y, s.form.dtype.type(0)), y)  # noqa: E731
    faulty = dataclasses.replace(s, measured=Changed(s.activation, change))
    sound, found = (certify(each).measured["value"] for each in (s, faulty))
    assert sound.inputs - sound.right == found.inputs - found.right - 1
    assert found.worst is not None
    assert found.worst.at == 0.5


def test_float64_finds_one_wrong_result_of_a_block() -> None:
    s = subject("gelu", "float64")
    at = next(Inputs(s.form, False, s.roots("slope")).chunks(300))[77]
    faulty = Changed(s.activation, lambda x, y: np.where(x == at, y * (1 + 2.0**-44), y))
    value = block_of(dataclasses.replace(s, measured=faulty), 300, exhaustive=False)
    assert value.worst is not None
    assert value.worst.at == at
    assert 200 < value.worst.ulp < 600
    assert block_of(s, 300, exhaustive=False).at_most < 10


def test_a_function_with_rounding_trouble_of_its_own_gets_a_measured_error() -> None:
    @nl.activation
    def naive(x: Any) -> Any:
        """Softplus as the tutorials write it."""
        return nl.log(1 + nl.exp(x))

    value = certify(subject(naive), limit=64, what=["value"], workers=1).measured["value"]
    assert value.worst is not None
    assert value.worst.ulp > 1e6


@pytest.mark.parametrize(
    ("name", "number"), [("silu", 512), ("leaky_relu", 512), ("gelu", 764), ("tanh", 250)]
)
def test_the_pass_counts_as_right_what_balls_find_right(name: str, number: int) -> None:
    s = subject(name)
    (x,) = Inputs(s.form, False).chunks(number)
    for quantity in ("value", "slope"):
        truth, got = s.truth(quantity), s.compute(quantity)(x)
        right = sum(
            truth.rounded(float(at), s.form) == s.form.exactly(float(y)) for at, y in zip(x, got, strict=True)
        )
        assert block_of(s, number, quantity, exhaustive=False).right == right


@pytest.mark.parametrize(("too_much", "kept"), [(0.0, True), (2.0**-49, False)])
def test_a_slope_that_is_zero_without_end_is_held_to_a_bound_in_itself(too_much: float, kept: bool) -> None:
    """Within 4 ulp of a float64 beside every zero of 1 + sin(2 x) no angle of 53 bits can be."""
    s = subject("snake", "float64")
    s = dataclasses.replace(s, measured=Changed(s.activation, lambda x, y: y + too_much, slope=True))
    found = certify(s, limit=BLOCKS, workers=1)
    assert found.wave
    assert found.kept is kept
    assert (found.measured["slope"].near_size_at_most <= 2.0**-50) is kept


def test_a_wave_whose_zeros_keep_their_digits_is_told_in_ulp() -> None:
    found = certify(subject("sine", "float64"), limit=BLOCKS, workers=1)
    assert found.wave
    assert 0.5 <= found.error_of(found.measured["slope"]) < 0.6


@pytest.mark.parametrize(("change", "share"), [(lambda y: y, 1.0), (lambda y: np.minimum(y, F32(3e38)), 0.0)])
def test_infinities_were_undecided_where_the_reference_overflows_too(
    change: Callable[[Any], Any], share: float
) -> None:
    s = with_fault(lambda x, y: change(y), "exponential")
    beyond = int(F32(1e4).view(np.uint32)) >> 22
    found = block_of(s, beyond)
    assert found.inputs == 1 << 22
    assert found.right == share * found.inputs


def test_looking_beside_the_largest_number_warned_of_an_overflow() -> None:
    x = np.nextafter(np.float32(np.inf), np.float32(0)) * np.linspace(0.5, 1, 100).astype(np.float32)
    near = list(_around_roots(lambda at: (np.sin(at.astype(np.float64)), np.zeros(at.size)), x))
    assert near
    assert all(np.isfinite(inputs).all() for inputs in near)
