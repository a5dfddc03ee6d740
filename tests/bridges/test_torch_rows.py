"""Softmax and its relatives: on row kernels, with the gradients of PyTorch's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

import nonlin.torch as nlt
from nonlin.bridges.torch.rowwise import RowsOnKernels, activate_rows, rows_of
from nonlin.errors import InvalidInput
from nonlin.vocabulary import Parameter, RowDefinition, sqrt
from nonlin.vocabulary.row_words import g, mean, z

F = nlt.functional
NATIVE = {"softmax": torch.softmax, "log_softmax": torch.log_softmax}


eps = Parameter("eps", 1e-3)
deviation = z - mean(z)
norm = sqrt(mean(deviation**2) + eps)
LAYER_NORM = RowDefinition(
    value=deviation / norm,
    vjp=(g - mean(g) - deviation * mean(g * deviation) / norm**2) / norm,
    param_grads={"eps": -deviation / (2 * norm**3)},
    parameters=[eps],
    formula="",
    latex="",
    name="layer_norm",
)


def rows(dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(3, 4, 5, dtype=dtype, generator=torch.Generator().manual_seed(0)).requires_grad_()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("dim", [0, 1, -1])
def test_values_and_gradients_agree_with_pytorchs(rowwise: Any, dim: int, dtype: torch.dtype) -> None:
    z = rows(dtype)
    y, native = getattr(F, rowwise.name)(z, dim=dim), NATIVE[rowwise.name](z, dim)
    torch.testing.assert_close(y, native)
    g = torch.randn(z.shape, dtype=dtype)
    torch.testing.assert_close(torch.autograd.grad(y, z, g), torch.autograd.grad(native, z, g))


def test_half_precision_gradients_are_rounded_once(rowwise: Any) -> None:
    z, g = rows(torch.bfloat16), torch.randn(3, 4, 5).to(torch.bfloat16)
    exact = z.detach().double().requires_grad_()
    (got,) = torch.autograd.grad(getattr(F, rowwise.name)(z), z, g)
    (truth,) = torch.autograd.grad(NATIVE[rowwise.name](exact, -1), exact, g.double())
    assert (got != truth.to(torch.bfloat16)).sum() <= 1


def test_the_kernels_are_used_and_keep_only_the_input(rowwise: Any) -> None:
    z, kept = rows(), []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        y = getattr(F, rowwise.name)(z)
    assert type(y.grad_fn).__name__ == f"{RowsOnKernels.__name__}Backward"
    assert [t.data_ptr() for t in kept] == [z.data_ptr()]


@pytest.mark.parametrize("shape", [(), (1,), (4, 1)])
def test_gradients_of_rows_and_temperature(rowwise: Any, shape: tuple[int, ...]) -> None:
    temperature = torch.full(shape, 0.7, dtype=torch.float64, requires_grad=True)
    z = rows()[0, :, :3].detach().requires_grad_()

    def function(z: torch.Tensor, temperature: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = getattr(F, rowwise.name)(z, temperature=temperature)
        return result

    assert gradcheck(function, (z, temperature))
    assert gradgradcheck(function, (z, temperature))


def test_the_digits_of_a_sure_winner_are_kept() -> None:
    z = torch.tensor([0.0, -40.0])
    assert F.log_softmax(z)[0].item() == pytest.approx(-4.248354255291589e-18, rel=1e-6)


def test_a_missing_dimension_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"softmax has no dimension dim=2 .* \(3, 4\)"):
        F.softmax(torch.ones(3, 4), dim=2)
    with pytest.raises(InvalidInput, match="no dimension dim=-1"):
        F.softmax(torch.tensor(1.0))


def layer_norm(z: torch.Tensor, eps: Any = 1e-3, dim: int = -1) -> torch.Tensor:
    return activate_rows(rows_of(LAYER_NORM), z, dim, (eps,))


@pytest.mark.parametrize("dim", [0, -1])
def test_a_definition_of_ones_own_computes_by_kernels_and_by_its_formula(dim: int) -> None:
    z = rows()
    native = torch.nn.functional.layer_norm(z.movedim(dim, -1), z.shape[dim : dim + 1 or None], eps=1e-3)
    native = native.movedim(-1, dim)
    assert type(layer_norm(z, dim=dim).grad_fn).__name__ == "RowsOnKernelsBackward"
    torch.testing.assert_close(layer_norm(z, dim=dim), native)
    spelled = torch.func.vmap(lambda t: layer_norm(t, dim=-1))(z) if dim == -1 else None
    torch.testing.assert_close(native if spelled is None else spelled, native)
    h = torch.randn(z.shape, dtype=z.dtype)
    torch.testing.assert_close(
        torch.autograd.grad(layer_norm(z, dim=dim), z, h), torch.autograd.grad(native, z, h)
    )


def test_derivatives_of_ones_own_are_right_twice() -> None:
    z, eps = rows()[0, :2, :3].detach().requires_grad_(), torch.tensor(0.1, dtype=torch.float64)
    assert gradcheck(layer_norm, (z, eps.requires_grad_()))
    assert gradgradcheck(layer_norm, (z, eps))


def test_the_formula_of_softmax_is_what_pytorch_has(rowwise: Any) -> None:
    plain = rows_of(replace(rowwise.definition, twins={}))
    z = rows()
    got = torch.func.vmap(lambda t: activate_rows(plain, t, -1, (0.5,)))(z)
    torch.testing.assert_close(got, NATIVE[rowwise.name](z / 0.5, -1))
    compiled = torch.compile(lambda t: activate_rows(plain, t, -1, (0.5,)), backend="aot_eager")
    torch.testing.assert_close(compiled(z), NATIVE[rowwise.name](z / 0.5, -1))
    (again,) = torch.autograd.grad(compiled(z).square().sum(), z)
    (native,) = torch.autograd.grad(NATIVE[rowwise.name](z / 0.5, -1).square().sum(), z)
    torch.testing.assert_close(again, native)
