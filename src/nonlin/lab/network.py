"""Small dense networks in NumPy: forward by `activation`, backward by `activation.vjp`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nonlin.workbench import Elementwise

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Layer:
    """f(x W + b); without an activation, x W + b.

    Attributes
    ----------
    weights : ndarray, shape (inputs, outputs)
    bias : ndarray, shape (outputs,)
    """

    weights: Array
    bias: Array
    activation: Elementwise | None = None


@dataclass(frozen=True)
class Pass:
    """What a forward pass leaves: each layer's input, what its activation was given, and the output."""

    inputs: list[Array]
    before: list[Array]
    output: Array


@dataclass(frozen=True)
class Gradients:
    """Of the loss: with respect to each layer's weights and bias, and to what each activation was given."""

    weights: list[Array]
    biases: list[Array]
    before: list[Array]
    input: Array


def forward(layers: Sequence[Layer], x: Array) -> Pass:
    """Return the forward pass of rows `x`, shape (rows, inputs)."""
    inputs, before = [], []
    for layer in layers:
        inputs.append(x)
        z = x @ layer.weights + layer.bias
        before.append(z)
        x = z if layer.activation is None else layer.activation(z)
    return Pass(inputs, before, x)


def backward(layers: Sequence[Layer], passed: Pass, upstream: Array) -> Gradients:
    """Return the gradients, given the one with respect to the output, shape (rows, outputs)."""
    weights, biases, before = [], [], []
    g = upstream
    for layer, x, z in zip(reversed(layers), reversed(passed.inputs), reversed(passed.before), strict=True):
        g = g if layer.activation is None else layer.activation.vjp(z, g)
        weights.append(x.T @ g)
        biases.append(g.sum(axis=0))
        before.append(g)
        g = g @ layer.weights.T
    return Gradients(weights[::-1], biases[::-1], before[::-1], g)


def dense(
    sizes: Sequence[int],
    activation: Elementwise | None,
    random: np.random.Generator,
    gain: float = 1.0,
    last: Elementwise | None = None,
) -> list[Layer]:
    """Return layers of the given sizes, weights of variance gain^2 / inputs, biases zero.

    Parameters
    ----------
    sizes : sequence of int
        The inputs, the units of each hidden layer, the outputs.
    activation, last : Elementwise or None
        Of the hidden layers, and of the last one.
    """
    layers = []
    for place, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
        weights = random.standard_normal((inputs, outputs)) * (gain / np.sqrt(inputs))
        f = activation if place < len(sizes) - 2 else last
        layers.append(Layer(weights, np.zeros(outputs), f))
    return layers


class Adam:
    """Kingma and Ba (2015), arXiv:1412.6980: steps of about `rate`, whatever the gradients' scale."""

    def __init__(self, rate: float) -> None:
        """Take the rate."""
        self.rate = rate
        self.steps = 0
        self.means: list[Any] = []

    def step(self, values: Sequence[Array], gradients: Sequence[Array]) -> list[Array]:
        """Return the values after one step."""
        self.steps += 1
        self.means = self.means or [(np.zeros_like(v), np.zeros_like(v)) for v in values]
        return [self._moved(*of) for of in zip(range(len(values)), values, gradients, strict=True)]

    def _moved(self, place: int, value: Array, gradient: Array) -> Array:
        first, second = self.means[place]
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        self.means[place] = first, second
        mean, square = first / (1 - 0.9**self.steps), second / (1 - 0.999**self.steps)
        return np.asarray(value - self.rate * mean / (np.sqrt(square) + 1e-8))


def stepped(layers: Sequence[Layer], gradients: Gradients, adam: Adam) -> list[Layer]:
    """Return the layers after one step of Adam."""
    count = len(layers)
    values = [one.weights for one in layers] + [one.bias for one in layers]
    moved = adam.step(values, [*gradients.weights, *gradients.biases])
    return [Layer(moved[i], moved[count + i], layers[i].activation) for i in range(count)]


def squared_error(output: Array, wanted: Array) -> tuple[float, Array]:
    """Return the mean of (output - wanted)^2, and its gradient with respect to the output."""
    error = output - wanted
    return float(np.mean(error**2)), 2 * error / error.size


def train(
    layers: Sequence[Layer], x: Array, y: Array, steps: int, rate: float
) -> tuple[list[Layer], list[float]]:
    """Return the layers after so many steps of Adam on the mean squared error, and the loss before each."""
    trained, adam, losses = list(layers), Adam(rate), []
    for _ in range(steps):
        passed = forward(trained, x)
        loss, g = squared_error(passed.output, y)
        losses.append(loss)
        trained = stepped(trained, backward(trained, passed, g), adam)
    return trained, losses
