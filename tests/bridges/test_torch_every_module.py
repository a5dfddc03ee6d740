"""Every module of the catalog, row-wise ones along either dimension, under compilers, exporters and transforms."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from torch.func import functional_call, grad, jacrev, stack_module_state, vmap

import nonlin as nl
import nonlin.torch as nlt

# PyTorch's own: torch.func still scripts a decomposition, and the compiler makes an instance to look at.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning"),
]

ROWWISE = [
    name for name in nl.names() if nl.get(name).card.kind == "rowwise" and name != "maxout"
]  # which is shorter
ELEMENTWISE = [name for name in nl.names() if nl.get(name).card.kind == "elementwise"]
MADE = [(name, {}) for name in ELEMENTWISE] + [(name, {"dim": dim}) for name in ROWWISE for dim in (0, -1)]


class All(nn.Module):
    """Every activation side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.branches = nn.ModuleList(nlt.module(name, **options) for name, options in MADE)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack([branch(x) for branch in self.branches])


def x_of(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


def same(got: Any, expected: Any) -> None:
    torch.testing.assert_close(got, expected, rtol=3e-5, atol=3e-6)


def test_all_of_them_compile_as_one_graph_with_their_gradients() -> None:
    model, x = All(), x_of(4, 6).requires_grad_()
    torch._dynamo.reset()
    compiled = torch.compile(model, fullgraph=True, backend="eager")
    wanted = [x, *model.parameters()]
    weights = x_of(len(MADE), 4, 6)
    got, expected = (torch.autograd.grad((m(x) * weights).sum(), wanted) for m in (compiled, model))
    torch._dynamo.reset()
    same(got, expected)


def test_all_of_them_are_exported_for_any_batch() -> None:
    model = All()
    batch = torch.export.Dim("batch", min=2, max=64)
    exported = torch.export.export(model, (x_of(4, 6),), dynamic_shapes={"x": {0: batch}}, strict=False)
    for n in (2, 9):
        same(exported.module()(x_of(n, 6)), model(x_of(n, 6)))


@pytest.mark.filterwarnings("ignore:.torch.jit.trace:DeprecationWarning")
@pytest.mark.filterwarnings(
    "ignore::torch.jit.TracerWarning"
)  # lengths that were looked at are fixed, as ever
@pytest.mark.parametrize("name", [n for n in nl.names() if nl.get(n).card.kind != "elementwise"])
def test_what_has_rows_gates_or_noise_is_traced_exported_and_derived_forwards(name: str) -> None:
    module, x = nlt.module(name).eval(), x_of(4, 6)
    same(torch.jit.trace(module, x)(x.cos()), module(x.cos()))  # type: ignore[no-untyped-call]
    same(torch.export.export(module, (x,), strict=False).module()(x.cos()), module(x.cos()))
    _, tangent = torch.func.jvp(module, (x,), (x.sin(),))
    h = torch.full_like(tangent, 0.5).cumsum(-1)
    _, pull = torch.func.vjp(module, x)
    same((tangent * h).sum(), (pull(h)[0] * x.sin()).sum())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert module(torch.nn.functional.linear(x, torch.eye(6))).dtype == torch.bfloat16


@pytest.mark.parametrize(("name", "options"), MADE)
def test_jacobians_per_example_agree_with_autograd(name: str, options: Any) -> None:
    module, x = nlt.module(name, **options), x_of(3, 5)
    got = vmap(jacrev(module))(x)
    for row, jacobian in zip(x, got, strict=True):
        same(jacobian, torch.autograd.functional.jacobian(module, row))


@pytest.mark.parametrize(("name", "options"), [m for m in MADE if nl.get(m[0]).parameters])
def test_an_ensemble_of_modules_runs_at_once(name: str, options: Any) -> None:
    learnable = [p.name for p in nl.get(name).parameters if p.name != nl.get(name).card.rows[1]]
    modules = [nlt.module(name, learnable=learnable, **options) for _ in range(3)]
    with torch.no_grad():
        for i, module in enumerate(modules):
            for p in module.parameters():
                p.mul_(1 + 0.2 * i)
    parameters, buffers = stack_module_state(modules)
    x = x_of(4, 6)

    def loss(parameters: Any, buffers: Any) -> torch.Tensor:
        return (functional_call(modules[0], (parameters, buffers), (x,)) * x.cos()).sum()

    got = vmap(grad(loss))(parameters, buffers)
    for i, module in enumerate(modules):
        module.zero_grad()
        (module(x) * x.cos()).sum().backward()
        for key, p in module.named_parameters():
            same(got[key][i], p.grad)
