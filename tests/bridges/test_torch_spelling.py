"""The Program in PyTorch's operations: complete, right to its digits, with limits at the infinities."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

import nonlin as nl
from nonlin.bridges.guard import guarded
from nonlin.bridges.torch import spelling
from nonlin.bridges.torch.derivatives import partial
from nonlin.bridges.torch.elementwise import traced
from nonlin.derivation.program import OPERATIONS, program
from nonlin.vocabulary import exp, sigmoid, x
from oracles import LONG, Oracle, exact_array, seams

INF = math.inf


def in_torch(activation: Any, at: Any, order: int = 0) -> torch.Tensor:
    return traced(partial(activation.definition, order), at, None, tuple(activation.card.defaults.values()))


def test_every_operation_of_a_program_has_a_spelling() -> None:
    missing = set(OPERATIONS) - set(spelling.OPERATORS) - set(spelling.WORDS)
    assert not missing, f"nonlin.bridges.torch.spelling lacks {sorted(missing)}"


@pytest.mark.parametrize("order", [0, 1, 2])
def test_agrees_with_the_textbook_at_the_seams(
    oracle: Oracle, activation: Any, dtype: Any, order: int
) -> None:
    at = seams(oracle, dtype)
    at = at[(np.abs(at) < 1e4) & ~np.isin(at, oracle.kinks if order == 2 else ())]
    plain = (oracle.value, oracle.slope, oracle.second)[order]
    truth = exact_array(plain, at)
    got = in_torch(activation, torch.from_numpy(at), order).numpy().astype(LONG)
    eps, least = np.finfo(dtype).eps, np.finfo(dtype).smallest_subnormal
    # The argument of a bell of width 1 loses x^2 eps; terms that cancel near a root are of size 1; and
    # a subnormal factor has fewer digits.
    allowed = eps * (8 + 2 * np.minimum(at * at, 2000)) * np.abs(truth) + 2000 * least
    allowed += np.where(np.abs(at) < 3, 4 * eps * (order > 0), 0)
    if oracle.waves:
        allowed += 40 * eps  # of terms that cancel where a slope touches 0
    if oracle.name == "laplace":
        allowed *= 40  # whose bell is narrower
    beyond = np.ldexp(LONG(1), int(np.finfo(dtype).maxexp))
    got, truth = (np.clip(y, -beyond, beyond) for y in (got, truth))
    worst = int(np.argmax(np.abs(got - truth) - allowed))
    assert np.all(np.abs(got - truth) <= allowed), (
        f"x = {at[worst]!r}: {got[worst]!r}, truth {truth[worst]!r}"
    )


def test_gives_limits_at_the_infinities_and_nan_for_nan(oracle: Oracle, activation: Any, dtype: Any) -> None:
    at = torch.tensor(np.array([-INF, INF, np.nan], dtype))
    for order, limits in enumerate(oracle.limits):
        low, high, nan = in_torch(activation, at, order).tolist()
        assert (low, high) == pytest.approx(limits, abs=0, rel=1e-6, nan_ok=True), f"derivative {order}"
        assert math.isnan(nan)


def test_never_turns_a_number_into_nan(oracle: Oracle, activation: Any, dtype: Any) -> None:
    at = torch.from_numpy(seams(oracle, dtype))
    for order in range(3 if oracle.name == "squareplus" else 4):  # whose third has a factor 12 x
        assert not in_torch(activation, at, order).isnan().any(), f"derivative {order}"


def test_keeps_the_sign_of_zero() -> None:
    zeros = torch.tensor([-0.0, 0.0])
    for name in ("identity", "tanh", "softsign", "silu", "gelu", "leaky_relu", "elu"):
        assert in_torch(nl.get(name), zeros).signbit().tolist() == [True, False], name


def test_a_zero_factor_wins_only_where_the_other_may_overflow() -> None:
    tame = guarded(program([x * sigmoid(x)]))
    wild = guarded(program([x**3 * exp(-x)]))
    assert "zero_wins" not in str(tame)
    assert "zero_wins" in str(wild)
    far = torch.tensor([1e30])
    assert spelling.evaluate(wild, far, ()).tolist() == [0.0]


def test_logic_pow_and_constant_words_work_on_numbers_and_tensors() -> None:
    @nl.activation
    def odd_one(x: Any, a: float = 2.0, b: float = 1.5) -> Any:
        inside = (x > -1) & (a > 1) & ~(x >= 3)
        outside = (x <= -2) | (x >= 5)
        return nl.where(inside, x**2 * nl.exp(nl.erf(1)), nl.where(outside, nl.abs(x) ** b, nl.sin(a)))

    at = np.array([-3.0, -1.5, 0.5, 2.0, 4.0, 7.0])
    expected = [
        3**1.5,
        math.sin(2),
        0.25 * math.exp(math.erf(1)),
        4 * math.exp(math.erf(1)),
        math.sin(2),
        7**1.5,
    ]
    got = traced(partial(odd_one.definition), torch.from_numpy(at), None, (2.0, 1.5))
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-14)
    tensors = (torch.tensor(2.0), torch.tensor(1.5, dtype=torch.float64))
    assert torch.equal(traced(partial(odd_one.definition), torch.from_numpy(at), None, tensors), got)


def test_a_constant_derivative_has_the_shape_of_the_input() -> None:
    assert in_torch(nl.identity, torch.ones(2, 3), 1).tolist() == [[1.0] * 3] * 2
    assert in_torch(nl.relu, torch.ones(2, 3), 2).shape == (2, 3)


@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_half_precision_is_rounded_once(oracle: Oracle, activation: Any, half: torch.dtype) -> None:
    at = torch.linspace(-9, 9, 101).to(half)
    for order, plain in ((0, oracle.value), (1, oracle.slope)):
        got = in_torch(activation, at, order).double()
        truth = torch.from_numpy(exact_array(plain, at.double().numpy()).astype(np.float64))
        once = truth.to(half).double()
        # float32 carries 13 or 16 more bits, so that only near-ties can round elsewhere than the truth.
        assert ((got - truth).abs() <= (once - truth).abs() * 1.01 + 1e-7).all()
        assert (got != once).sum() <= 2
