"""Gradients of the lab's networks against PyTorch, which shares no code with them."""

from __future__ import annotations

import numpy as np
import pytest

import nonlin
from nonlin.lab.network import Adam, backward, dense, forward, squared_error, train

torch = pytest.importorskip("torch")


def test_gradients_are_pytorch_s() -> None:
    random = np.random.default_rng(0)
    layers = dense((3, 5, 4, 2), nonlin.gelu, random, 1.3, last=nonlin.tanh)
    x, y = random.standard_normal((7, 3)), random.standard_normal((7, 2))
    passed = forward(layers, x)
    loss, g = squared_error(passed.output, y)
    found = backward(layers, passed, g)

    weights = [torch.tensor(one.weights, requires_grad=True) for one in layers]
    biases = [torch.tensor(one.bias, requires_grad=True) for one in layers]
    given = torch.tensor(x, requires_grad=True)
    h = given
    for place, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z = h @ w + b
        h = torch.tanh(z) if place == 2 else torch.nn.functional.gelu(z)
    theirs = torch.nn.functional.mse_loss(h, torch.tensor(y))
    theirs.backward()

    assert loss == pytest.approx(theirs.item(), rel=1e-12)
    for ours, parameter in zip(
        [*found.weights, *found.biases, found.input], [*weights, *biases, given], strict=True
    ):
        np.testing.assert_allclose(ours, parameter.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_adam_steps_as_pytorch_s_does() -> None:
    value, ours = np.array([1.0, -2.0, 3.0]), Adam(0.1)
    theirs = torch.tensor(value, requires_grad=True)
    optimizer = torch.optim.Adam([theirs], lr=0.1)
    for step in range(5):
        gradient = np.sin(value + step)
        theirs.grad = torch.tensor(gradient)
        optimizer.step()
        (value,) = ours.step([value], [gradient])
        np.testing.assert_allclose(value, theirs.detach().numpy(), rtol=1e-9)


def test_training_lowers_the_loss() -> None:
    random = np.random.default_rng(1)
    x = random.standard_normal((50, 2))
    _, losses = train(dense((2, 8, 1), nonlin.tanh, random), x, x[:, :1] * x[:, 1:], 200, 0.02)
    assert losses[-1] < 0.2 * losses[0]
