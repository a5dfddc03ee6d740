"""Checkpoints: PyTorch's own modules and ours load each other's, strictly, through files, before and after a swap."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import nonlin as nl
import nonlin.torch as nlt
from nonlin.bridges.torch.recognition import of_module

CLASSES = {c.lower(): getattr(nn, c) for c in dir(nn) if isinstance(getattr(nn, c), type)}


def native(name: str) -> nn.Module | None:
    """Return PyTorch's own module of an activation with a twin, if it has one."""
    twin = nl.get(name).definition.twins.get("torch", "")
    kind = CLASSES.get(twin.rpartition(".")[2].replace("_", "").lower())
    if kind is None:
        return None
    arguments = dict(getattr(twin, "arguments", {}))
    if "dim" in inspect.signature(kind).parameters:
        arguments["dim"] = -1
    try:
        return kind(**arguments)
    except TypeError:  # it needs more than the catalog tells
        return None


NATIVE = [
    name for name in nl.names()
    if native(name) is not None and nl.get(name).card.kind in ("elementwise", "rowwise")
]  # fmt: skip


def net(act: Any) -> nn.Sequential:
    model = nn.Sequential(
        nn.Linear(6, 5), act, nn.Linear(5, 5), act if len(list(act.parameters())) else nn.Dropout()
    )
    with torch.no_grad():
        for p in model.parameters():
            p.normal_()
    return model.eval()


def through_a_file(model: nn.Module, into: nn.Module, path: Path) -> None:
    torch.save(model.state_dict(), path)
    into.load_state_dict(torch.load(path, weights_only=True), strict=True)


@pytest.mark.parametrize("name", NATIVE)
def test_modules_of_the_same_meaning_load_each_other(name: str, tmp_path: Path) -> None:
    use, x = of_module(native(name)), torch.linspace(-4, 4, 24).reshape(4, 6)
    recognised = nlt.module(use.name, **use.parameters)  # perhaps by another name: a threshold may be a ReLU
    torch.testing.assert_close(recognised(x), native(name)(x), rtol=1e-5, atol=1e-6)
    x, theirs, ours, fresh = torch.randn(4, 6), net(native(name)), net(nlt.module(name)), net(native(name))
    through_a_file(theirs, ours, tmp_path / "theirs.pt")
    torch.testing.assert_close(ours(x), theirs(x), rtol=1e-5, atol=1e-6)
    through_a_file(ours, fresh, tmp_path / "ours.pt")
    assert all(torch.equal(a, b) for a, b in zip(fresh.parameters(), theirs.parameters(), strict=True))


def test_many_are_tried() -> None:
    assert len(NATIVE) >= 21


@pytest.mark.parametrize("channels", [None, 1, 5])
def test_a_prelu_of_any_width_loads_both_ways(channels: int | None, tmp_path: Path) -> None:
    x = torch.randn(7, 6)
    theirs, ours = (
        net(nn.PReLU(channels or 1)),
        net(nlt.module("prelu", channels=channels if channels != 1 else None)),
    )
    through_a_file(theirs, ours, tmp_path / "a.pt")
    torch.testing.assert_close(ours(x), theirs(x))
    optimizer = torch.optim.SGD(ours.parameters(), 0.1)
    ours(x).square().sum().backward()
    optimizer.step()
    through_a_file(ours, theirs, tmp_path / "b.pt")
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize("in_place", [True, False])
def test_checkpoints_of_before_and_after_a_swap_load_each_other(in_place: bool, tmp_path: Path) -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.act, self.last = nn.Linear(6, 5), nn.PReLU(5), nn.Linear(5, 3)
            self.gate = nn.SiLU()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.sigmoid(self.last(self.gate(self.act(self.first(x))))).tanh()

    x = torch.randn(4, 6)
    native, other = Model(), Model()
    keys = list(other.state_dict())
    ours = nlt.swap(other, {n: n for n in ("prelu", "silu", "sigmoid", "tanh")}, in_place=in_place)
    assert len(ours.replaced) == 4
    assert list(ours.model.state_dict()) == keys
    through_a_file(native, ours.model, tmp_path / "a.pt")
    torch.testing.assert_close(ours.model(x), native(x))
    fresh = Model()
    through_a_file(ours.model, fresh, tmp_path / "b.pt")
    assert torch.equal(fresh(x), native(x))


def test_a_single_learned_weight_takes_a_single_number_too() -> None:
    module = nlt.module("prelu")
    assert module(torch.tensor(-1.0)).shape == ()
    assert module(torch.tensor(-1.0)).item() == -0.25
    assert nlt.module("prelu", learnable=["weight"]).weight.shape == nn.PReLU().weight.shape
    assert nlt.module("swish", learnable=["beta"]).beta.shape == ()
