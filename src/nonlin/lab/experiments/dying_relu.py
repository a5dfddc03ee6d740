"""Why does a ReLU die, and what brings it back?

A unit that answers 0 to every input has slope 0 at every input, so no gradient ever moves it. A layer starts
here with small weights and a bias of -5; the same network with a bias of 0, with a leak, or with its
pre-activations normalised over the batch is trained alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.lab.network import Adam, Array, Gradients, Layer, backward, forward, squared_error, stepped
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, BarChart, Chart, Shown, Table, course
from nonlin.workbench import Elementwise

HELPED = 0.5
CRITERION = (
    "It dies if every unit has slope 0 at every input before and after training. A cure works if, trained alike, "
    f"its loss ends below {HELPED:g} of the untreated one's. Asserted: a layer that dies is brought "
    "back by every cure."
)
ROWS, EPSILON = 256, 1e-5


@dataclass(frozen=True)
class Settings:
    """The layer and its training."""

    activation: Elementwise = option("relu", "The hidden layer's activation.")
    leaky: Elementwise = option("leaky_relu", "What stands in for it as a cure.")
    bias: float = option(-5.0, "Where every unit starts.")
    weight: float = option(0.1, "Spread of the weights at the start.", 0)
    units: int = option(32, "Hidden units.", 1, 4096)
    steps: int = option(600, "Steps of Adam.", 1, 1_000_000)
    rate: float = option(0.02, "Its rate.", 0)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return what one dead neuron answers, and how the layer trains without and with each cure."""
    f = settings.activation
    treatments = {
        "untreated": (f, settings.bias, False),
        "bias 0": (f, 0.0, False),
        settings.leaky.name: (settings.leaky, settings.bias, False),
        "normalised": (f, settings.bias, True),
    }
    trained = {name: training(settings, *treatments[name]) for name in watched(list(treatments), progress)}
    return {"activation": f.name, "neuron": neuron(f), "of": trained}


def neuron(f: Elementwise) -> dict[str, Any]:
    """Return what a unit with weight -5 answers to the inputs 1 to 5, and its gradients."""
    x = np.arange(1.0, 6.0)
    return {"x": x, "output": f(-5 * x), "gradient of the weight": f.grad(-5 * x) * x}


def training(settings: Settings, f: Elementwise, bias: float, normalised: bool) -> dict[str, Any]:
    random = np.random.default_rng(settings.seed)
    x = random.uniform(-1, 1, (ROWS, 2))
    y = np.sin(2 * x[:, :1]) + x[:, 1:] ** 2
    layers = [
        Layer(
            settings.weight * random.standard_normal((2, settings.units)), np.full(settings.units, bias), f
        ),
        Layer(settings.weight * random.standard_normal((settings.units, 1)), np.zeros(1)),
    ]
    ways = (normal_forward, normal_backward) if normalised else (forward, backward)
    adam, losses, dead = Adam(settings.rate), [], []
    for _ in range(settings.steps):
        passed = ways[0](layers, x)
        loss, g = squared_error(passed.output, y)
        losses.append(loss)
        dead.append(dead_share(f, passed.before[0]))
        layers = stepped(layers, ways[1](layers, passed, g), adam)
    return {"loss": losses, "dead": dead}


def dead_share(f: Elementwise, before: Array) -> float:
    """Return the share of units whose slope is 0 at every input."""
    return float(np.mean(np.all(f.grad(before) == 0, axis=0)))


def normal_forward(layers: Sequence[Layer], x: Array) -> Any:
    """Return a forward pass whose hidden pre-activations have mean 0 and variance 1 over the batch, unit by unit."""
    first, *rest = layers
    z = x @ first.weights + first.bias
    passed = forward([Layer(np.eye(z.shape[1]), np.zeros(z.shape[1]), first.activation), *rest], standard(z))
    passed.inputs[0] = x
    return passed


def normal_backward(layers: Sequence[Layer], passed: Any, upstream: Array) -> Gradients:
    """Return the gradients of that pass."""
    first = layers[0]
    found = backward(layers, passed, upstream)
    g = standard_pullback(passed.inputs[0] @ first.weights + first.bias, found.before[0])
    return Gradients(
        [passed.inputs[0].T @ g, *found.weights[1:]],
        [g.sum(axis=0), *found.biases[1:]],
        found.before,
        g @ first.weights.T,
    )


def standard(z: Array) -> Array:
    return np.asarray((z - z.mean(axis=0)) / np.sqrt(z.var(axis=0) + EPSILON))


def standard_pullback(z: Array, g: Array) -> Array:
    """Return the gradient with respect to z, given the one with respect to `standard(z)`."""
    scale, normal = np.sqrt(z.var(axis=0) + EPSILON), standard(z)
    return np.asarray((g - g.mean(axis=0) - normal * (g * normal).mean(axis=0)) / scale)


def judge(numbers: dict[str, Any]) -> Verdict:
    """Look whether every unit stays dead, and which cures help."""
    name, of = numbers["activation"], numbers["of"]
    untreated = of["untreated"]
    before, after = untreated["dead"][0], untreated["dead"][-1]
    ends = {cure: one["loss"][-1] for cure, one in of.items()}
    if before < 1 or after < 1:
        return Verdict(
            "lives",
            f"{name} units live: {before:.0%} have slope 0 at every input before training, {after:.0%} after it; "
            f"the loss ends at {ends['untreated']:.2g}.",
        )
    helped = [cure for cure in of if ends[cure] < HELPED * ends["untreated"]]
    cures = ", ".join(f"{cure} {ends[cure]:.2g}" for cure in of if cure != "untreated")
    answer = "dies, every cure works" if len(helped) == len(of) - 1 else "dies, not every cure works"
    return Verdict(
        answer,
        f"{name} {answer}: every unit has slope 0 from the first step to the last, loss {ends['untreated']:.2g}; "
        f"with each cure the loss ends at: {cures}.",
        holds=answer == "dies, every cure works",
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the loss, and how many units are dead at the end."""
    of, one = numbers["of"], numbers["neuron"]
    rows = tuple(
        (f"x = {x:g}", float(a), float(g))
        for x, a, g in zip(one["x"], one["output"], one["gradient of the weight"], strict=True)
    )
    return (
        Chart(
            "Loss while training",
            "The same network and data; only the treatment differs.",
            tuple(course(name, run["loss"]) for name, run in of.items()),
            Axis("step"),
            Axis("mean squared error", log=True),
        ),
        BarChart(
            "Share of dead units after training",
            "Units with slope 0 at every input.",
            tuple(of),
            tuple(run["dead"][-1] for run in of.values()),
            Axis("share of the units"),
        ),
        Table("A unit with weight -5", ("input", "output", "gradient of the weight"), rows),
    )
