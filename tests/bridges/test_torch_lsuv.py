"""LSUV: orthogonal weights, scaled until each layer's outputs have variance 1, measured here by hooks of our own."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import nonlin.torch as nlt
from nonlin.errors import InvalidInput

LAYERS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def variances(model: nn.Module, *inputs: Any) -> dict[str, float]:
    """Return the variance of each layer's outputs in evaluation mode, at its first call."""
    found: dict[str, float] = {}

    def hook(name: str) -> Any:
        return lambda layer, given, out: (
            found.setdefault(name, out.double().var(correction=0).item()) and None
        )

    handles = [m.register_forward_hook(hook(n)) for n, m in model.named_modules() if isinstance(m, LAYERS)]
    mode = model.training
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    with torch.no_grad():
        model.eval()(*inputs)
    torch.backends.mha.set_fastpath_enabled(fast)
    model.train(mode)
    for handle in handles:
        handle.remove()
    return found


def convolutional() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2), nlt.module("gelu"), nn.BatchNorm2d(8), nn.Dropout(0.5),
        nn.ConvTranspose2d(8, 6, 2), nn.Tanh(), nn.Flatten(), nn.Linear(6 * 16, 12), nlt.module("mish"),
        nn.Linear(12, 4),
    )  # fmt: skip


IMAGES = torch.randn(32, 3, 8, 8, generator=seeded(5)) * 3 + 1


def test_every_layers_outputs_get_variance_1() -> None:
    model = nlt.init_(convolutional(), method="lsuv", batch=IMAGES, generator=seeded())
    found = variances(model, IMAGES)
    assert set(found) == {"0", "4", "7", "9"}
    assert all(abs(v - 1) <= 0.01 for v in found.values())
    assert not any(m.bias.any() for m in model if isinstance(m, LAYERS))


def test_the_start_is_orthogonal_and_only_scaled() -> None:
    model = nlt.init_(convolutional(), method="lsuv", batch=IMAGES, generator=seeded())
    for layer in (model[0], model[7], model[9]):
        rows = layer.weight.detach().flatten(1)
        gram = rows @ rows.T
        torch.testing.assert_close(gram / gram[0, 0], torch.eye(len(rows)), rtol=0, atol=1e-5)
        assert abs(gram[0, 0].item() - 1) > 0.01


def test_it_is_as_the_paper_does_layer_by_layer() -> None:
    """The loop of the paper: one layer after the other, a forward pass for each step."""
    ours, theirs = convolutional(), convolutional()
    nlt.init_(ours, method="lsuv", batch=IMAGES, generator=seeded(), tolerance=1e-6)
    generator = seeded()
    layers = {n: m for n, m in theirs.named_modules() if isinstance(m, LAYERS)}
    for layer in layers.values():
        nn.init.orthogonal_(layer.weight, generator=generator)
        nn.init.zeros_(layer.bias)
    for name, layer in layers.items():
        for _ in range(10):
            variance = variances(theirs, IMAGES)[name]
            if abs(variance - 1) < 1e-6:
                break
            with torch.no_grad():
                layer.weight /= variance**0.5
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-6)


def test_it_is_deterministic_and_disturbs_nothing() -> None:
    model = convolutional()
    model[2].eval()
    twin, statistics = copy.deepcopy(model), model[2].running_mean.clone()
    state = torch.get_rng_state()
    nlt.init_(model, method="lsuv", batch=IMAGES, generator=seeded())
    assert torch.equal(torch.get_rng_state(), state)
    assert model.training
    assert not model[2].training
    assert model[3].training
    assert torch.equal(model[2].running_mean, statistics)
    assert all(p.grad is None and p.requires_grad for p in model.parameters())
    assert not any(m._forward_hooks for m in model.modules())
    torch.randn(3)
    nlt.init_(twin, method="lsuv", batch=IMAGES, generator=seeded())
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), twin.parameters(), strict=True))


def test_other_peoples_hooks_run_and_see_scaled_outputs() -> None:
    model, seen = convolutional(), []
    handle = model[0].register_forward_hook(
        lambda layer, given, out: seen.append(out.var(correction=0).item())
    )
    nlt.init_(model, method="lsuv", batch=IMAGES)
    assert seen == pytest.approx([1.0, 1.0], abs=1e-4)
    assert list(model[0]._forward_hooks) == [handle.id]


def test_layers_run_in_their_own_order_and_shared_ones_count_once() -> None:
    class Backwards(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last, self.first, self.twin = nn.Linear(6, 6), nn.Linear(4, 6), nn.Linear(6, 6)
            self.twin.weight = self.last.weight

        def forward(self, x: Tensor, *, scale: float) -> Tensor:
            y = torch.relu(self.last(torch.relu(self.first(x * scale))))
            return self.twin(self.last(y))

    x = torch.randn(50, 4, generator=seeded())
    model = nlt.init_(Backwards(), method="lsuv", batch={"x": x, "scale": 7.0})
    scaled = model.first(x * 7)
    assert scaled.var(correction=0).item() == pytest.approx(1, abs=0.01)
    assert model.last(scaled.relu()).var(correction=0).item() == pytest.approx(1, abs=0.01)


def test_the_layers_of_an_encoder_are_really_called() -> None:
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
    model, x = nn.TransformerEncoder(layer, 2), torch.randn(4, 5, 16, generator=seeded())
    nlt.init_(model, for_="relu", method="lsuv", batch=(x,))
    found = variances(model, x)
    assert len(found) == 4
    assert all(abs(v - 1) <= 0.01 for v in found.values())
    assert torch.backends.mha.get_fastpath_enabled()


def test_weights_that_are_computed_from_others_are_scaled_through_them() -> None:
    weighed = nn.utils.parametrizations.weight_norm
    model = nn.Sequential(weighed(nn.Linear(5, 9)), nn.ReLU(), weighed(nn.Linear(9, 3)))
    x = torch.randn(40, 5, generator=seeded())
    assert all(abs(v - 1) <= 0.01 for v in variances(nlt.init_(model, method="lsuv", batch=x), x).values())


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_other_dtypes(dtype: torch.dtype) -> None:
    model, x = (
        nn.Sequential(nn.Linear(8, 9), nn.ReLU(), nn.Linear(9, 5)).to(dtype),
        torch.randn(90, 8).to(dtype),
    )
    nlt.init_(model, method="lsuv", batch=x, tolerance=0.02)
    assert all(abs(v - 1) <= 0.02 for v in variances(model, x).values())


def test_a_scale_that_cannot_be_kept_is_told_by_a_warning() -> None:
    class Stubborn(nn.Module):
        def forward(self, weight: Tensor) -> Tensor:
            return weight / weight.norm()

        def right_inverse(self, weight: Tensor) -> Tensor:
            return weight

    layer = nn.Linear(3, 3)
    nn.utils.parametrize.register_parametrization(layer, "weight", Stubborn())
    with pytest.warns(UserWarning, match=r"after 2 passes these layers have variances other than 1: '' \d"):
        nlt.init_(layer, method="lsuv", batch=torch.randn(20, 3, generator=seeded()), passes=2)


def test_a_failing_pass_leaves_modes_and_hooks_as_they_were() -> None:
    model = convolutional()
    with pytest.raises(InvalidInput, match="layer '0' have variance 0"):
        nlt.init_(model, method="lsuv", batch=torch.zeros(2, 3, 8, 8))
    assert model.training
    assert not any(m._forward_hooks for m in model.modules())
    assert torch.backends.mha.get_fastpath_enabled()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "lsuv"}, "give batch="),
        ({"method": "LSUV", "batch": 1}, "method='LSUV' is neither"),
        ({"for_": "relu", "batch": IMAGES}, "a batch is measured only by"),
        ({}, "for_=... must name"),
        ({"method": "lsuv", "batch": IMAGES, "mode": "fan_out"}, "takes no mode"),
        ({"method": "lsuv", "batch": IMAGES, "tolerance": 0}, "tolerance=0 must be above 0"),
        ({"method": "lsuv", "batch": IMAGES, "passes": 0}, "passes=0 at least 1"),
    ],
)
def test_options_that_do_not_belong_together_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        nlt.init_(convolutional(), **options)
