"""Agreement with PyTorch's own functions; and where those are wrong, ours is right."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import torch

import nonlin as nl
import nonlin.torch as nlt
from oracles import ORACLES, exactly

INF = math.inf


def twin(name: str) -> Callable[..., torch.Tensor] | None:
    path = nl.get(name).definition.twins.get("torch")
    if path is None:
        return None
    module, _, attribute = str(path).rpartition(".")
    function = getattr(import_module(module), attribute)
    if isinstance(function, type):
        function = function()
    arguments = dict(getattr(path, "arguments", {}))
    if name == "prelu":
        arguments["weight"] = torch.tensor([0.25], dtype=torch.float64)
    return partial(function, **arguments)


TWINS = {name: function for name in ORACLES if (function := twin(name)) is not None}
DIGITS = {"hard_sigmoid": 3e-8}  # PyTorch multiplies float64 gradients by 1/6 in float32
UNSETTLED = {
    "gelu",
    "silu",
    "gelu_tanh",
    "mish",
    "hard_swish",
    "softsign",
    "sine",
}  # NaN at an infinity, in PyTorch


def three(function: Callable[..., torch.Tensor], at: torch.Tensor) -> list[torch.Tensor]:
    x = at.clone().requires_grad_()
    y = function(x)
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    second = torch.zeros_like(x)
    if slope.requires_grad and function is not TWINS["hard_sigmoid"]:  # of which PyTorch has no second one
        (found,) = torch.autograd.grad(slope.sum(), x, allow_unused=True)
        second = second if found is None else found
    return [y.detach(), slope.detach(), second]


def test_every_twin_is_compared() -> None:
    assert len(TWINS) >= 19


@pytest.mark.parametrize("name", sorted(TWINS))
def test_values_and_two_gradients_agree(name: str) -> None:
    at = torch.cat(
        [torch.linspace(-8, 8, 400, dtype=torch.float64), torch.tensor([1e-9, -1e-9, 30.0, -30.0])]
    )
    for ours, theirs in zip(three(getattr(nlt.functional, name), at), three(TWINS[name], at), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=DIGITS.get(name, 1e-11), atol=1e-11)


@pytest.mark.parametrize("name", sorted(TWINS))
def test_slopes_at_the_kinks_are_pytorchs(name: str) -> None:
    at = torch.tensor([0.0, *ORACLES[name].kinks], dtype=torch.float64)
    for ours, theirs in zip(
        three(getattr(nlt.functional, name), at)[:2], three(TWINS[name], at)[:2], strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=DIGITS.get(name, 1e-14), atol=0)


@pytest.mark.parametrize("name", sorted(set(TWINS) - UNSETTLED))
def test_infinities_agree_where_pytorch_has_limits(name: str) -> None:
    at = torch.tensor([-INF, INF], dtype=torch.float64)
    for ours, theirs in zip(
        three(getattr(nlt.functional, name), at)[:2], three(TWINS[name], at)[:2], strict=True
    ):
        torch.testing.assert_close(ours, theirs)


# --- Where PyTorch is wrong ---------------------------------------------------------------------------------


def ours_and_theirs(
    name: str, at: float, dtype: torch.dtype = torch.float32, order: int = 0
) -> tuple[float, float]:
    x = torch.tensor([at], dtype=dtype)
    return three(getattr(nlt.functional, name), x)[order].item(), three(TWINS[name], x)[order].item()


def near(got: float, truth: Any, dtype: Any = np.float32) -> bool:
    return bool(abs(got - truth) <= np.finfo(dtype).eps * abs(truth))


def test_gelu_keeps_its_left_tail() -> None:
    for at in (-5.5, -8.0, -12.0):
        ours, theirs = ours_and_theirs("gelu", at)
        truth = exactly(ORACLES["gelu"].value, at)
        assert near(ours, truth)
        assert not near(theirs, truth)


def test_the_tanh_form_of_gelu_keeps_its_left_tail() -> None:
    ours, theirs = ours_and_theirs("gelu_tanh", -6.0)
    assert near(ours, exactly(ORACLES["gelu_tanh"].value, -6.0))
    assert theirs == 0


@pytest.mark.parametrize("name", ["gelu", "silu", "mish", "gelu_tanh", "hard_swish", "softsign"])
def test_limits_at_the_infinities_are_no_nan(name: str, dtype: Any) -> None:
    oracle = ORACLES[name]
    x = torch.tensor(np.array([-INF, INF], dtype))
    ours, theirs = three(getattr(nlt.functional, name), x), three(TWINS[name], x)
    assert theirs[0].isnan().any()
    assert ours[0].tolist() == list(oracle.limits[0])
    assert ours[1].tolist() == list(oracle.limits[1])


def test_gelu_of_many_infinities_is_infinite() -> None:
    many = torch.full((64,), INF)
    assert nlt.functional.gelu(many).tolist() == [INF] * 64


@pytest.mark.parametrize(
    ("name", "at"), [("sigmoid", 20.0), ("sigmoid", 80.0), ("tanh", 10.0), ("tanh", -40.0)]
)
def test_slopes_do_not_vanish_in_the_tails(name: str, at: float) -> None:
    ours, theirs = ours_and_theirs(name, at, order=1)
    truth = exactly(ORACLES[name].slope, at)
    assert near(ours, truth)
    assert theirs == 0


def test_the_second_derivative_of_silu_does_not_vanish() -> None:
    ours, theirs = ours_and_theirs("silu", 40.4108, torch.float64, order=2)
    truth = exactly(ORACLES["silu"].second, 40.4108)
    assert abs(ours - truth) <= 1e-14 * abs(truth)
    assert theirs == 0


def test_silu_keeps_normal_numbers_in_its_left_tail() -> None:
    at = float(np.float32(-89.76))
    ours, theirs = ours_and_theirs("silu", at)
    assert near(ours, exactly(ORACLES["silu"].value, at))
    assert ours < -np.finfo(np.float32).tiny
    assert not near(theirs, exactly(ORACLES["silu"].value, at))


def test_the_slope_of_the_tanh_form_of_gelu_is_one_far_out() -> None:
    ours, theirs = ours_and_theirs("gelu_tanh", 1e20, order=1)
    assert ours == 1
    assert math.isnan(theirs)


def test_softplus_is_smooth_where_pytorch_switches() -> None:
    ours, theirs = ours_and_theirs("softplus", 20.1, torch.float64)
    truth = exactly(lambda x: mp.log1p(mp.exp(x)), 20.1)
    assert near(ours, truth, np.float64)
    assert not near(theirs, truth, np.float64)


def test_the_slope_of_hard_sigmoid_has_all_digits_of_a_sixth() -> None:
    ours, theirs = ours_and_theirs("hard_sigmoid", 1.0, torch.float64, order=1)
    assert ours == 1 / 6
    assert abs(theirs - 1 / 6) > 1e-9
