"""On our kernels inside autograd: every derivative, every layout, and nothing kept but the input."""

from __future__ import annotations

import threading
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

import nonlin as nl
import nonlin.torch as nlt
from nonlin.bridges.torch.elementwise import OnKernels
from nonlin.errors import InvalidInput, UnknownParameter
from oracles import ORACLES

F = nlt.functional
POINTS = (-6.3, -3.7, -1.1, -0.4, 0.3, 2.6, 3.4, 6.6)  # between the kinks
WITH_PARAMETERS = {
    name: tuple(nl.get(name).card.defaults.values()) for name in ORACLES if nl.get(name).parameters
}


def points(**options: Any) -> torch.Tensor:
    return torch.tensor(POINTS, dtype=torch.float64, requires_grad=True, **options)


@pytest.mark.parametrize("name", sorted(ORACLES))
def test_first_and_second_gradients_agree_with_finite_differences(name: str) -> None:
    function = getattr(F, name)
    assert gradcheck(function, points())
    assert gradgradcheck(function, points())


@pytest.mark.parametrize("name", sorted(WITH_PARAMETERS))
def test_gradients_reach_tensors_given_as_parameters(name: str) -> None:
    known = [p.name for p in nl.get(name).parameters]

    def function(x: torch.Tensor, *values: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = getattr(F, name)(x, **dict(zip(known, values, strict=True)))
        return result

    scalars = [torch.tensor(0.7, dtype=torch.float64, requires_grad=True) for _ in known]
    columns = [torch.tensor([[0.7], [1.3]], dtype=torch.float64, requires_grad=True) for _ in known]
    for given in (scalars, columns):
        assert gradcheck(function, (points(), *given))
        assert gradgradcheck(function, (points(), *given))


def test_the_third_derivative_is_ours_too() -> None:
    x = points()
    y = F.tanh(x)
    for _ in range(3):
        (y,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    t = np.tanh(POINTS)
    np.testing.assert_allclose(y.detach().numpy(), (1 - t**2) * (6 * t**2 - 2), rtol=1e-9)


def test_the_kernels_are_used_and_keep_only_the_input() -> None:
    x = torch.randn(8, 5, requires_grad=True)
    kept: list[torch.Tensor] = []

    def keep(t: torch.Tensor) -> torch.Tensor:
        kept.append(t)
        return t

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda t: t):
        y = F.mish(x)
    assert type(y.grad_fn).__name__ == f"{OnKernels.__name__}Backward"
    assert [t.data_ptr() for t in kept] == [x.data_ptr()]


@pytest.mark.parametrize("name", ["gelu", "hard_swish", "prelu"])
def test_is_the_kernel_to_the_last_bit(name: str) -> None:
    x = np.linspace(-7, 7, 1001, dtype=np.float32)
    g = np.cos(x)
    t = torch.from_numpy(x).requires_grad_()
    y = getattr(F, name)(t)
    (dx,) = torch.autograd.grad(y, t, torch.from_numpy(g))
    np.testing.assert_array_equal(y.detach().numpy(), nl.get(name)(x))
    np.testing.assert_array_equal(dx.numpy(), nl.get(name).vjp(x, g))


def test_nothing_is_recorded_without_need() -> None:
    x = torch.randn(4, requires_grad=True)
    with torch.no_grad():
        assert F.gelu(x).grad_fn is None
    with torch.inference_mode():
        assert not F.gelu(x).requires_grad
    assert F.gelu(x.detach()).grad_fn is None


LAYOUTS = {
    "transposed": lambda: torch.randn(5, 7).T,
    "sliced": lambda: torch.randn(9, 11)[::2, 1::3],
    "expanded": lambda: torch.randn(1, 4).expand(3, 4),
    "0-d": lambda: torch.randn(()),
    "empty": lambda: torch.randn(0, 3),
    "channels last": lambda: torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_numbers(layout: str) -> None:
    x = LAYOUTS[layout]().requires_grad_()
    y = F.silu(x)
    dense = F.silu(x.detach().clone(memory_format=torch.contiguous_format))
    assert torch.equal(y, dense)
    assert y.shape == x.shape
    torch.testing.assert_close(y, torch.nn.functional.silu(x))
    for g in (
        torch.ones(()).expand(x.shape),
        torch.randn(x.shape[::-1]).permute(tuple(reversed(range(x.ndim)))),
    ):
        native = torch.autograd.grad(torch.nn.functional.silu(x), x, g)[0]
        torch.testing.assert_close(torch.autograd.grad(F.silu(x), x, g)[0], native)


def test_channels_last_stays() -> None:
    x = torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last).requires_grad_()
    y = F.gelu(x)
    y.sum().backward()
    assert y.is_contiguous(memory_format=torch.channels_last)
    assert x.grad is not None
    assert x.grad.is_contiguous(memory_format=torch.channels_last)


def test_a_change_of_the_input_before_backward_is_noticed() -> None:
    x = torch.randn(4, requires_grad=True)
    between = x * 1
    y = F.gelu(between)
    between.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


def test_the_result_is_a_tensor_of_its_own() -> None:
    x = torch.ones(3)
    y = F.identity(x)
    y.add_(1)
    assert x.tolist() == [1, 1, 1]


def test_a_parameter_larger_than_the_input_broadcasts() -> None:
    x = torch.tensor([-1.0, 2.0], requires_grad=True)
    slopes = torch.tensor([[0.1], [0.2], [0.3]], requires_grad=True)
    y = F.leaky_relu(x, negative_slope=slopes)
    torch.testing.assert_close(y, torch.tensor([[-0.1, 2.0], [-0.2, 2.0], [-0.3, 2.0]]))
    y.sum().backward()
    assert x.grad is not None
    torch.testing.assert_close(x.grad, torch.tensor([0.6, 3.0]))
    assert slopes.grad is not None
    assert slopes.grad.tolist() == [[-1.0]] * 3


def test_dtypes_may_differ_between_input_and_parameter() -> None:
    for dtype in (torch.bfloat16, torch.float32, torch.float64):
        for other in (torch.float32, torch.float64):
            x = torch.tensor([-1.0, 2.0], dtype=dtype, requires_grad=True)
            beta = torch.tensor(1.5, dtype=other, requires_grad=True)
            y = F.swish(x, beta=beta)
            y.sum().backward()
            assert y.dtype == dtype
            assert x.grad is not None
            assert x.grad.dtype == dtype
            assert beta.grad is not None
            assert beta.grad.dtype == other
            assert beta.grad.item() == pytest.approx(0.149146 + 0.180706, rel=1e-2)  # x^2 s(b x) s(-b x)


def test_a_parameters_gradient_is_summed_before_it_is_rounded() -> None:
    above_one = torch.full((4096,), 1.0078125, dtype=torch.bfloat16)
    weight = torch.tensor(0.25, requires_grad=True)
    F.prelu(-above_one, weight=weight).backward(above_one)
    assert weight.grad is not None
    assert weight.grad.item() == -4096 * 1.0078125**2


def test_integers_become_the_default_dtype() -> None:
    y = F.sigmoid(torch.tensor([0, 1]))
    assert y.dtype == torch.get_default_dtype()
    torch.testing.assert_close(y, torch.sigmoid(torch.tensor([0.0, 1.0])))


@pytest.mark.parametrize("wrong", [np.ones(3), [1.0], torch.ones(2, dtype=torch.complex64)])
def test_what_is_no_real_tensor_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidInput, match="gelu works on"):
        F.gelu(wrong)


def test_unknown_and_unusable_parameters_are_refused() -> None:
    with pytest.raises(UnknownParameter, match="Did you mean 'negative_slope'"):
        F.leaky_relu(torch.ones(1), negative_slop=0.1)
    with pytest.raises(InvalidInput, match="neither a real number nor a tensor"):
        F.leaky_relu(torch.ones(1), negative_slope="steep")


def test_a_persons_own_activation_has_the_same_powers() -> None:
    @nl.activation
    def bent(x: Any, a: float = 0.5) -> Any:
        return x + a * (nl.sqrt(x**2 + 1) - 1)

    module = nlt.module(bent, learnable=["a"]).double()
    assert gradcheck(lambda x: module(x), points())
    assert gradgradcheck(lambda x: module(x), points())


def test_a_chosen_slope_at_a_kink_is_taken() -> None:
    for rule, slope in (("left", 0.0), ("right", 1.0), ("middle", 0.5), (0.25, 0.25)):
        x = torch.zeros(1, requires_grad=True)
        nlt.module(nl.relu.at_kink(rule))(x).sum().backward()
        assert x.grad is not None
        assert x.grad.item() == slope


def test_threads_agree() -> None:
    x = torch.randn(1000)
    expected, found = F.gelu(x), []
    threads = [threading.Thread(target=lambda: found.append(F.gelu(x))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(torch.equal(y, expected) for y in found)


class Activated(torch.utils.data.Dataset[torch.Tensor]):
    def __len__(self) -> int:
        return 8

    def __getitem__(self, i: int) -> torch.Tensor:
        result: torch.Tensor = F.silu(torch.full((3,), float(i)))
        return result


def test_workers_that_are_forked_compute_the_same() -> None:
    F.silu(torch.ones(1))
    loader = torch.utils.data.DataLoader(
        Activated(), batch_size=4, num_workers=2, multiprocessing_context="fork"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python's, of fork in a process with threads
        got = torch.cat(list(loader))
    torch.testing.assert_close(got, torch.nn.functional.silu(torch.arange(8.0)[:, None].expand(8, 3)))


@pytest.mark.parametrize(("name", "root"), [("silu", -1.278464542761074), ("gelu", -0.7517915246935645)])
def test_a_gradient_next_to_its_root_once_lost_hundreds_of_ulps(name: str, root: float) -> None:
    activation = nl.get(name)
    near = np.nextafter(np.float32(root), np.float32([-1, 0])).repeat(3)
    x = torch.tensor(near, requires_grad=True)
    getattr(nlt.functional, name)(x).sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), activation.grad(near))
