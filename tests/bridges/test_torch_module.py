"""Modules: made by name, learned, repeated, copied, stored, and refused in clear words."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import nonlin as nl
import nonlin.torch as nlt
from nonlin.errors import InvalidInput, UnknownActivation, UnknownParameter


@nl.activation
def bent(x: Any, a: float = 0.5, b: float = 1.0) -> Any:
    """Bent identity."""
    return x + a * (nl.sqrt(x**2 + b) - 1)


def test_every_name_makes_a_module() -> None:
    x = torch.randn(3, 4)
    for name in nl.names():
        module = nlt.module(name).eval()
        assert module.activation is nl.get(name)
        halves = nl.get(name).card.kind == "gated" or name == "maxout"
        assert module(x).shape == ((3, 2) if halves else x.shape)
        assert repr(module).startswith(f"nonlin.{name}(")


def test_aliases_activations_and_own_functions_make_modules() -> None:
    x = torch.tensor([-1.0, 2.0])
    for given in ("hardswish", nl.hard_swish):
        torch.testing.assert_close(nlt.module(given)(x), nn.functional.hardswish(x))
    torch.testing.assert_close(nlt.module(bent, b=3.0)(x), torch.tensor([-0.5, 2 + 0.5 * (7**0.5 - 1)]))


def test_values_are_fixed_unless_learned() -> None:
    module = nlt.module("leaky_relu", negative_slope=0.3)
    assert not list(module.parameters())
    assert module(torch.tensor([-1.0])).item() == pytest.approx(-0.3)
    assert module.activation.parameters[0].default == 0.3
    assert str(module) == "nonlin.leaky_relu(negative_slope=0.3)"


def test_prelu_learns_its_weight_unless_told_not_to() -> None:
    module = nlt.module("prelu")
    assert {n: p.shape for n, p in module.named_parameters()} == {"weight": (1,)}
    assert str(module) == "nonlin.prelu(weight=0.25 learned)"
    assert not list(nlt.module("prelu", learnable=[]).parameters())


@pytest.mark.parametrize("shape", [(4, 3), (4, 3, 5), (4, 3, 5, 6), (3,)])
def test_a_value_a_channel_agrees_with_pytorchs_prelu(shape: tuple[int, ...]) -> None:
    ours, native, x = nlt.module("prelu", channels=3), nn.PReLU(3), torch.randn(shape)
    with torch.no_grad():
        ours.weight.copy_(torch.tensor([0.1, 0.2, 0.3]))
        native.weight.copy_(ours.weight)
    batch = x if x.ndim > 1 else x[None]
    torch.testing.assert_close(ours(x), native(batch).reshape(shape))
    ours(x).square().sum().backward()
    native(batch).square().sum().backward()
    torch.testing.assert_close(ours.weight.grad, native.weight.grad)


def test_channels_may_be_elsewhere() -> None:
    module = nlt.module("swish", learnable=["beta"], channels=5, channel_dim=-1)
    assert module(torch.randn(2, 3, 5)).shape == (2, 3, 5)
    assert str(module) == "nonlin.swish(beta=learned in 5 channels)"
    with pytest.raises(InvalidInput, match=r"swish has 5 channels in dimension -1.* \(2, 5, 3\)"):
        module(torch.randn(2, 5, 3))
    with pytest.raises(InvalidInput, match="5 channels"):
        module(torch.tensor(1.0))


def test_several_parameters_are_learned_beside_a_fixed_one() -> None:
    module = nlt.module(bent, learnable=["b"], a=0.25)
    module(torch.ones(3)).sum().backward()
    assert [n for n, _ in module.named_parameters()] == ["b"]
    assert module.b.grad.item() == pytest.approx(3 * 0.25 / (2 * 2**0.5))
    assert str(module) == "nonlin.bent(a=0.25, b=1 learned)"


def test_softmax_takes_a_dimension_and_learns_its_temperature() -> None:
    module, z = nlt.module("softmax", dim=0, learnable=["temperature"]), torch.randn(3, 4)
    torch.testing.assert_close(module(z), torch.softmax(z, 0))
    module(z).square().sum().backward()
    assert module.temperature.grad is not None
    assert str(module) == "nonlin.softmax(dim=0, temperature=1 learned)"


def test_a_network_learns_with_it() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(2, 16), nlt.module("swish", learnable=["beta"], channels=16), nn.Linear(16, 1)
    )
    x = torch.randn(256, 2)
    y = x[:, :1] * x[:, 1:]
    optimizer = torch.optim.Adam(model.parameters(), 0.02)
    losses = []
    for _ in range(150):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]
    assert (model[1].beta != 1).all()


def trained() -> nn.Sequential:
    own = nlt.module(bent, learnable=["a"], channels=4)
    model = nn.Sequential(
        nlt.module("gelu"), nlt.module("prelu", channels=4, weight=0.1), own, nlt.module("softmax")
    )
    with torch.no_grad():
        model[1].weight.uniform_()
        model[2].a.uniform_()
    return model


def test_copies_are_independent_and_share_the_activation() -> None:
    model, x = trained(), torch.randn(3, 4)
    twin = copy.deepcopy(model)
    assert torch.equal(twin(x), model(x))
    assert [m.origin for m in twin] == [m.origin for m in model]
    with torch.no_grad():
        twin[1].weight.zero_()
    assert model[1].weight.abs().sum() > 0


def test_weights_are_stored_and_loaded(tmp_path: Path) -> None:
    model, fresh, x = trained(), trained(), torch.randn(3, 4)
    torch.save(model.state_dict(), tmp_path / "weights.pt")
    assert set(model.state_dict()) == {"1.weight", "2.a"}
    fresh.load_state_dict(torch.load(tmp_path / "weights.pt", weights_only=True))
    assert torch.equal(fresh(x), model(x))


def test_whole_modules_are_stored_and_loaded(tmp_path: Path) -> None:
    model, x = trained(), torch.randn(3, 4)
    y = model(x)
    torch.save(model, tmp_path / "model.pt")
    assert torch.equal(torch.load(tmp_path / "model.pt", weights_only=False)(x), y)
    assert torch.equal(pickle.loads(pickle.dumps(model))(x), y)


def test_a_module_is_loaded_by_another_process(tmp_path: Path) -> None:
    model, x = trained(), torch.randn(3, 4)
    torch.save((model, x, model(x).detach()), tmp_path / "model.pt")
    program = (
        "import sys, torch; model, x, y = torch.load(sys.argv[1], weights_only=False); "
        "assert torch.equal(model(x), y); print(model[0])"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "model.pt")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "nonlin.gelu()\n"


def test_modules_move_between_dtypes() -> None:
    module = nlt.module("prelu", channels=2).to(torch.bfloat16)
    y = module(torch.tensor([[-1.0, 2.0]], dtype=torch.bfloat16))
    assert y.dtype == torch.bfloat16
    assert y.tolist() == [[-0.25, 2.0]]


WRONG: list[tuple[Any, dict[str, Any], type[Exception], str]] = [
    ("gelo", {}, UnknownActivation, "Did you mean 'gelu'"),
    ("leaky_relu", {"negative_slop": 0.1}, UnknownParameter, "Did you mean 'negative_slope'"),
    ("swish", {"learnable": ["bета"]}, UnknownParameter, "It has: beta"),
    ("relu", {"learnable": ["slope"]}, UnknownParameter, "It has none"),
    ("swish", {"channels": 4}, InvalidInput, r"say learnable=\['beta'\]"),
    ("relu", {"channels": 4}, InvalidInput, "relu has no parameter to learn"),
    ("prelu", {"channels": 0}, InvalidInput, "channels=0 must be a whole number from 1 on"),
    ("prelu", {"channel_dim": 2}, InvalidInput, "no channels unless channels="),
    ("gelu", {"dim": 1}, InvalidInput, "gelu works on each element by itself, so it takes no dim=1"),
    ("softmax", {"channels": 4}, InvalidInput, "softmax .* takes no channels=4"),
    ("swish", {"beta": "large"}, InvalidInput, "beta='large' of swish must be a number"),
    (torch.relu, {}, InvalidInput, "an activation or its name is needed"),
]


@pytest.mark.parametrize(("given", "options", "error", "message"), WRONG)
def test_what_cannot_be_made_is_refused(
    given: Any, options: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        nlt.module(given, **options)


def test_a_learned_parameter_must_not_hide_what_every_module_has() -> None:
    @nl.activation
    def hiding(x: Any, forward: float = 1.0) -> Any:
        return forward * x

    with pytest.raises(InvalidInput, match="'forward' cannot be learned"):
        nlt.module(hiding, learnable=["forward"])
    assert nlt.module(hiding)(torch.ones(1)).item() == 1


def test_functions_are_listed_and_unknown_ones_have_suggestions() -> None:
    assert dir(nlt.functional) == nl.names()
    with pytest.raises(AttributeError, match="Did you mean 'gelu'"):
        nlt.functional.gelo  # noqa: B018
    assert nlt.functional.gelu.__doc__ == nl.gelu.summary


def test_torch_is_not_loaded_by_nonlin_alone() -> None:
    program = "import sys, nonlin; nonlin.gelu(1.0); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_without_torch_one_line_says_what_to_install() -> None:
    program = "import sys; sys.modules['torch'] = None\nimport nonlin.torch"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "pip install 'nonlin[torch]'" in found.stderr.splitlines()[-1]
