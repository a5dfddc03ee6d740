"""Beyond plain arrays: compilers, exporters, tracers, function transforms, other devices and subclasses."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
import torch
from torch import nn
from torch.autograd import forward_ad
from torch.func import grad, hessian, jacfwd, jacrev, vmap

import nonlin as nl
import nonlin.torch as nlt

# PyTorch's own: torch.func still scripts a decomposition, and the compiler makes an instance to look at.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning"),
]

F = nlt.functional
Function = Callable[..., torch.Tensor]


def net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(6, 5), nlt.module("mish"), nlt.module("prelu", channels=5),
        nlt.module("swish", learnable=["beta"]), nlt.module("softmax", dim=1),
    )  # fmt: skip


def gradients(model: Any, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
    wanted = (x, *model.parameters())
    return torch.autograd.grad(model(x).square().sum(), wanted)


def assert_same(got: Any, expected: Any) -> None:
    torch.testing.assert_close(got, expected, rtol=2e-6, atol=1e-6)


# --- torch.func: ours against the same formula in PyTorch's own operations ---------------------------------


def ours(x: torch.Tensor, beta: Any = 1.5) -> torch.Tensor:
    result: torch.Tensor = F.swish(x, beta=beta)
    return result


def plain(x: torch.Tensor, beta: Any = 1.5) -> torch.Tensor:
    return x * torch.sigmoid(beta * x)


X = torch.linspace(-3, 3, 5)


@pytest.mark.parametrize("outer", [jacrev, jacfwd])
@pytest.mark.parametrize("middle", [jacrev, jacfwd])
@pytest.mark.parametrize("inner", [jacrev, jacfwd])
def test_derivatives_nest_in_every_order(outer: Any, middle: Any, inner: Any) -> None:
    assert_same(inner(ours)(X), inner(plain)(X))
    assert_same(middle(inner(ours))(X), middle(inner(plain))(X))
    assert_same(outer(middle(inner(ours)))(X[1:3]), outer(middle(inner(plain)))(X[1:3]))


@pytest.mark.parametrize(("first", "second"), list(product([jacrev, jacfwd], repeat=2)))
def test_derivatives_by_input_and_parameter_mix(first: Any, second: Any) -> None:
    beta = torch.tensor(0.8)
    assert_same(first(ours, argnums=1)(X, beta), first(plain, argnums=1)(X, beta))
    for a, b in ((0, 1), (1, 0), (1, 1)):
        mixed, expected = (first(second(f, argnums=a), argnums=b)(X, beta) for f in (ours, plain))
        assert_same(mixed, expected)


def test_vmap_over_inputs_parameters_and_both() -> None:
    many, betas = torch.randn(3, 4, 5), torch.tensor([0.5, 1.0, 2.0])
    for dims in ((0, None), (2, None), (None, 0), (0, 0)):
        beta = betas if dims[1] == 0 else betas[0]
        assert_same(vmap(ours, in_dims=dims)(many, beta), vmap(plain, in_dims=dims)(many, beta))
    nested = [vmap(vmap(f, in_dims=(None, 0)), in_dims=(1, None))(many, betas) for f in (ours, plain)]
    assert_same(*nested)
    columns = torch.rand(3, 5) + 0.5
    assert_same(vmap(ours)(many, columns[:, None]), vmap(plain)(many, columns[:, None]))
    each = [vmap(f)(many, columns) for f in (ours, plain)]
    assert_same(*each)


def test_vmap_of_gradients() -> None:
    rows = torch.randn(3, 4)
    for transform in (grad, hessian):
        got, expected = (vmap(transform(lambda x, f=f: f(x).sum()))(rows) for f in (ours, plain))
        assert_same(got, expected)


def test_softmax_goes_through_transforms_and_vectorized_jacobians() -> None:
    rows = torch.randn(3, 4)

    def native(z: torch.Tensor) -> torch.Tensor:
        return torch.softmax(z, -1)

    assert_same(vmap(jacrev(F.softmax))(rows), vmap(jacrev(native))(rows))
    assert_same(jacfwd(jacrev(F.softmax))(rows[0]), jacfwd(jacrev(native))(rows[0]))
    assert_same(
        torch.autograd.functional.jacobian(F.softmax, rows[0], vectorize=True), jacrev(native)(rows[0])
    )


def test_forward_mode_and_batched_backward_outside_of_torch_func() -> None:
    with forward_ad.dual_level():
        got, expected = (
            forward_ad.unpack_dual(f(forward_ad.make_dual(X, torch.cos(X)))).tangent for f in (ours, plain)
        )
    assert_same(got, expected)
    for vectorize in (False, True):
        assert_same(torch.autograd.functional.jacobian(ours, X, vectorize=vectorize), jacrev(plain)(X))
        got = torch.autograd.functional.hessian(lambda x: ours(x).sum(), X, vectorize=vectorize)
        assert_same(got, hessian(lambda x: plain(x).sum())(X))
    got = torch.autograd.functional.jacobian(ours, X, vectorize=True, strategy="forward-mode")
    assert_same(got, jacrev(plain)(X))


# --- Compilers and exporters --------------------------------------------------------------------------------


@pytest.fixture
def compiled() -> Any:
    """Compile a callable as one graph, with nothing left of it afterwards."""
    torch._dynamo.reset()
    yield lambda f, **options: torch.compile(f, fullgraph=True, **{"backend": "aot_eager", **options})
    torch._dynamo.reset()


@pytest.mark.parametrize("backend", ["eager", "aot_eager"])
def test_a_network_compiles_as_one_graph(compiled: Any, backend: str) -> None:
    model, x = net(), torch.randn(4, 6, requires_grad=True)
    fast = compiled(model, backend=backend)
    assert_same(fast(x), model(x))
    for got, expected in zip(gradients(fast, x), gradients(model, x), strict=True):
        assert_same(got, expected)
    with torch.no_grad():
        assert_same(fast(x), model(x))


def test_functions_compile_as_one_graph(compiled: Any) -> None:
    x, beta = torch.randn(7, requires_grad=True), torch.tensor(1.3, requires_grad=True)

    def function(x: torch.Tensor, beta: torch.Tensor) -> Any:
        return (
            F.gelu(x) + F.swish(x, beta=beta) + F.leaky_relu(x, negative_slope=0.3) + F.log_softmax(x, dim=0)
        )

    fast = compiled(function)
    assert_same(fast(x, beta), function(x, beta))
    got = torch.autograd.grad(fast(x, beta).sum(), (x, beta))
    assert_same(got, torch.autograd.grad(function(x, beta).sum(), (x, beta)))


def test_compiled_limits_and_tails_are_ours(compiled: Any) -> None:
    x = torch.tensor([-torch.inf, -12.0, torch.inf, torch.nan], requires_grad=True)
    fast = compiled(nlt.module("gelu"))
    torch.testing.assert_close(fast(x), F.gelu(x), rtol=4e-5, atol=0, equal_nan=True)
    (slope,) = torch.autograd.grad(fast(x).sum(), x)
    torch.testing.assert_close(
        slope[:3], torch.tensor(nl.gelu.grad(x.detach().numpy()))[:3], rtol=4e-5, atol=0
    )


def test_shapes_may_change_after_compilation(compiled: Any) -> None:
    fast = compiled(nlt.module("elu"), dynamic=True)
    for n in (3, 5, 8):
        x = torch.randn(n, 2)
        assert_same(fast(x), nlt.module("elu")(x))


def test_inductor_generates_code_for_it(compiled: Any) -> None:
    x = torch.randn(64, requires_grad=True)
    fast = compiled(nlt.module("silu"), backend="inductor")
    assert_same(torch.autograd.grad(fast(x).sum(), x), torch.autograd.grad(F.silu(x).sum(), x))


@pytest.mark.parametrize("strict", [False, True])
def test_an_exported_program_agrees(strict: bool) -> None:
    model, x = net(), torch.randn(4, 6)
    exported = torch.export.export(model, (x,), strict=strict)
    assert_same(exported.module()(x), model(x))
    assert "nonlin" not in str(exported.graph)


def test_a_traced_program_agrees_on_other_inputs() -> None:
    model = net()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit.trace is deprecated, and still in use
        traced = torch.jit.trace(model, torch.randn(4, 6))
        x = torch.randn(9, 6)
        assert_same(traced(x), model(x))


def test_make_fx_sees_operations_and_not_a_constant() -> None:
    from torch.fx.experimental.proxy_tensor import make_fx

    x = torch.randn(4)
    graph = make_fx(F.tanh)(x)
    assert "tanh" in graph.code
    assert_same(graph(x + 1), torch.tanh(x + 1))


# --- Other tensors ------------------------------------------------------------------------------------------


def test_meta_tensors_have_shapes_only() -> None:
    y = nlt.module("gelu")(torch.empty(2, 3, device="meta", dtype=torch.bfloat16))
    assert (y.shape, y.dtype, y.device.type) == ((2, 3), torch.bfloat16, "meta")


def test_fake_tensors_pass() -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        assert F.mish(torch.empty(4, requires_grad=True)).shape == (4,)


class Labelled(torch.Tensor):
    """A tensor that bears its class through every operation."""


def test_subclasses_stay_what_they_are() -> None:
    x = torch.randn(4).as_subclass(Labelled).requires_grad_()
    y = F.silu(x)
    assert type(y) is Labelled
    assert_same(y.as_subclass(torch.Tensor), torch.nn.functional.silu(x.as_subclass(torch.Tensor)))


def test_lazily_negated_tensors_are_read_right() -> None:
    x = torch.tensor([1 + 2j]).conj().imag
    assert x.is_neg()
    assert F.relu(x).tolist() == [0.0]
    assert F.identity(x).tolist() == [-2.0]


def test_autocast_computes_in_half_precision_around_it() -> None:
    model, x = net(), torch.randn(4, 6)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = model(x)
    assert y.dtype == torch.bfloat16
    torch.testing.assert_close(y.float(), model(x), rtol=0.02, atol=0.02)
    y.float().square().sum().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_gradients_are_rounded_once(dtype: torch.dtype) -> None:
    x = torch.linspace(-6, 6, 101).to(dtype).requires_grad_()
    g = torch.cos(torch.arange(101.0)).to(dtype)
    (got,) = torch.autograd.grad(F.mish(x), x, g)
    exact = torch.from_numpy(nl.mish.vjp(x.detach().double().numpy(), g.double().numpy()))
    assert got.dtype == dtype
    assert (got != exact.to(dtype)).sum() <= 2
