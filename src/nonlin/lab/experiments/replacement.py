"""What happens when the first layer's activation is replaced in a network that is trained?

The weights of a network of two layers are suited to the activation that they were trained with. With another one the
same weights give other outputs; trained on from there, the network fits again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nonlin.lab.network import Array, Layer, dense, forward, squared_error, train
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, course, curve, dots, table
from nonlin.workbench import Elementwise

CHANGED, AGAIN = 0.05, 2.0
CRITERION = (
    f"The output changes if anywhere it moves by more than {CHANGED:g} of the range of the data. "
    "Asserted: it changes "
    "exactly if the two activations differ where the network uses them, and training on from there "
    "brings the error below "
    f"{AGAIN:g} times what training from the start reaches with the new activation."
)


@dataclass(frozen=True)
class Settings:
    """The network and its data."""

    activation: Elementwise = option("relu", "The first layer's, while it is trained.")
    new: Elementwise = option("sigmoid", "What replaces it.")
    units: int = option(24, "Hidden units.", 1, 4096)
    points: int = option(200, "Points of y = sin(2 x) + x / 2 on [-3, 3], with noise.", 5, 100_000)
    steps: int = option(1500, "Steps of Adam, each time.", 1, 1_000_000)
    rate: float = option(0.02, "Its rate.", 0)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return what the network says before, after the replacement, and trained on; and one trained anew."""
    random = np.random.default_rng(settings.seed)
    x = np.linspace(-3, 3, settings.points)[:, None]
    y = np.sin(2 * x) + x / 2 + 0.1 * random.standard_normal(x.shape)
    f, g, steps, rate = settings.activation, settings.new, settings.steps, settings.rate
    bar = watched(("with the first", "on from there", "from the start"), progress)
    next(bar)
    trained, _ = train(begun(f, settings), x, y, steps, rate)
    replaced = [replace(trained[0], activation=g), trained[1]]
    next(bar)
    onward, losses = train(replaced, x, y, steps, rate)
    next(bar)
    anew, _ = train(begun(g, settings), x, y, steps, rate)
    list(bar)
    networks = {
        f.name: trained,
        f"{g.name} in its place": replaced,
        "trained on": onward,
        "trained anew": anew,
    }
    outputs = {name: forward(layers, x).output for name, layers in networks.items()}
    z = forward(trained, x).before[0]
    return {
        "names": (f.name, g.name),
        "x": x[:, 0],
        "y": y[:, 0],
        "output": {name: output[:, 0] for name, output in outputs.items()},
        "error": {name: squared_error(output, y)[0] for name, output in outputs.items()},
        "moved": float(np.max(np.abs(outputs[f.name] - outputs[f"{g.name} in its place"])) / np.ptp(y)),
        "differ": float(np.max(np.abs(f(z) - g(z)))),
        "loss while trained on": losses,
    }


def begun(f: Elementwise, settings: Settings) -> list[Layer]:
    random = np.random.default_rng((settings.seed, 1))
    layers = dense((1, settings.units, 1), f, random, 2.0)
    return [replace(layers[0], bias=spread(random, settings.units)), layers[1]]


def spread(random: np.random.Generator, units: int) -> Array:
    """Return biases that put the units' kinks here and there."""
    return np.asarray(random.uniform(-3, 3, units))


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare the outputs, then the errors."""
    (old, new), error = numbers["names"], numbers["error"]
    changes = numbers["moved"] > CHANGED
    before, replaced, onward, anew = error.values()
    return Verdict(
        "the output changes" if changes else "the output stays",
        f"With {new} in the place of {old} the output moves by up to {numbers['moved']:.2g} times "
        "the range of the data, and "
        f"the mean squared error goes from {before:.2g} to {replaced:.3g}; trained on it is {onward:.2g}, "
        f"trained from the start {anew:.2g}.",
        holds=changes == (numbers["differ"] > 0) and onward <= AGAIN * anew,
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the outputs, and the loss after the replacement."""
    return (
        Chart(
            "What the network says", "The same weights with the other activation, then trained on.",
            (
                dots("data", numbers["x"], numbers["y"]),
                *(curve(name, numbers["x"], y) for name, y in list(numbers["output"].items())[:3]),
            ),
            Axis("x"), Axis("y"),
        ),
        Chart(
            "Error while trained on", "From the replacement.",
            (course("trained on", numbers["loss while trained on"]),),
            Axis("step"), Axis("mean squared error", log=True),
        ),
        table("Errors", ("network", "mean squared error"), numbers["error"].items()),
    )  # fmt: skip
