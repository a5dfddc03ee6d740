"""A person's own activation, learned per channel with our fused backward: gradients, a planted truth, and a gain."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import nonlin as nl
import nonlin.torch as nlt
from nonlin.bridges.torch.elementwise import OnKernels

CHANNELS = 64


@nl.activation
def rippled(x: Any, a: float = 1.0, b: float = 0.2) -> Any:
    """SiLU of sharpness a, with a ripple of height b."""
    return x * nl.sigmoid(a * x) + b * nl.sin(2 * x)


def plain(x: Tensor, a: Tensor, b: Any) -> Tensor:
    """Return the same in PyTorch's own operations, which autograd derives."""
    return x * torch.sigmoid(a * x) + b * torch.sin(2 * x)


class Plain(nn.Module):
    """What a person would write without us."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Parameter(torch.ones(CHANNELS)), nn.Parameter(torch.full((CHANNELS,), 0.2))

    def forward(self, x: Tensor) -> Tensor:
        shape = [-1 if d == 1 else 1 for d in range(x.ndim)]
        return plain(x, self.a.view(shape), self.b.view(shape))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def ours() -> nn.Module:
    return nlt.module(rippled, learnable=["a", "b"], channels=CHANNELS)


@pytest.mark.parametrize("shape", [(8, CHANNELS), (2, CHANNELS, 5, 3), (CHANNELS,)])
def test_gradients_are_those_of_the_plain_formula(shape: tuple[int, ...]) -> None:
    fused, plainly = ours().double(), Plain().double()
    with torch.no_grad():
        for name, p in fused.named_parameters():
            p.copy_(torch.rand(CHANNELS, generator=seeded(1)) + 0.5)
            getattr(plainly, name).copy_(p)
    x = torch.randn(shape, generator=seeded(2), dtype=torch.float64) * 3
    g = torch.randn(shape, generator=seeded(3), dtype=torch.float64)
    found = []
    for module in (fused, plainly):
        leaf = x.clone().requires_grad_()
        batch = leaf if len(shape) > 1 or module is fused else leaf[None]
        y = module(batch).reshape(shape)
        found.append([y, *torch.autograd.grad(y, [leaf, module.a, module.b], g)])
    torch.testing.assert_close(*found, rtol=1e-12, atol=1e-12)


def test_one_fused_step_of_autograd_keeps_the_input_only() -> None:
    module, x = ours(), torch.randn(8, CHANNELS, requires_grad=True)
    saved: list[Any] = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t) or t, lambda t: t):
        y = module(x)
    assert type(y.grad_fn).__name__ == f"{OnKernels.__name__}Backward"
    assert sorted({t.untyped_storage().data_ptr() for t in saved}) == sorted(
        t.untyped_storage().data_ptr() for t in (x, module.a, module.b)
    )


def test_a_planted_parameter_of_each_channel_is_found() -> None:
    x = torch.randn(400, CHANNELS, generator=seeded(4)) * 2
    a = 0.3 + 2 * torch.rand(CHANNELS, generator=seeded(5))
    b = torch.randn(CHANNELS, generator=seeded(6)) * 0.5
    y, module = plain(x, a, b), ours()
    optimizer = torch.optim.Adam(module.parameters(), 0.1)
    for step in range(400):
        if step == 250:
            optimizer.param_groups[0]["lr"] = 0.01
        optimizer.zero_grad()
        nn.functional.mse_loss(module(x), y).mul(CHANNELS).backward()
        optimizer.step()
    torch.testing.assert_close(module.a.detach(), a, rtol=0, atol=2e-2)
    torch.testing.assert_close(module.b.detach(), b, rtol=0, atol=2e-3)


def trained(act: nn.Module) -> float:
    """Return the loss, after training, on data whose channels bend differently."""
    mix = torch.randn(8, CHANNELS, generator=seeded(7)) * 0.7
    x = torch.randn(512, 8, generator=seeded(8))
    sharpness = torch.logspace(-1, 1, CHANNELS)
    y = plain(x @ mix, sharpness, 0.0) @ torch.randn(CHANNELS, 1, generator=seeded(9)) / 8
    model = nn.Sequential(nn.Linear(8, CHANNELS, bias=False), copy.deepcopy(act), nn.Linear(CHANNELS, 1))
    with torch.no_grad():
        model[0].weight.copy_(mix.T)
        model[2].weight.copy_(torch.randn(1, CHANNELS, generator=seeded(10)) / 8)
        model[2].bias.zero_()
    model[0].weight.requires_grad_(False)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], 0.03)
    for _ in range(200):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()


def test_learned_beats_fixed_and_learns_as_the_plain_formula_does() -> None:
    learned, fixed, plainly = trained(ours()), trained(nlt.module(rippled)), trained(Plain())
    assert learned < 0.5 * fixed
    assert learned == pytest.approx(plainly, rel=0.05)
