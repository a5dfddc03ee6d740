"""Is a stack of linear layers one linear layer?

Without an activation between them, W3 (W2 (W1 x + b1) + b2) + b3 is W' x + b' with W' = W3 W2 W1 and
b' = W3 W2 b1 + W3 b2 + b3. Both sides are computed and compared; they may differ by rounding and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.lab.network import Array, Layer, dense, forward
from nonlin.lab.progress import Progress
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, curve, dots, table
from nonlin.workbench import Elementwise

CRITERION = (
    "It collapses if at every input and output both sides differ by no more than the bound on their rounding "
    "errors; else it does not. Asserted: it collapses without an activation (or with the identity), "
    "and with no other."
)


@dataclass(frozen=True)
class Settings:
    """The stack."""

    activation: Elementwise = option("identity", "Between the layers; identity is none.")
    sizes: tuple[int, ...] = option((8, 16, 16, 4), "Inputs, units of each layer, outputs.", 1, 4096)
    inputs: int = option(1000, "Random inputs.", 1, 1_000_000)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return how far stack and single layer are apart, and how far rounding alone may take them."""
    random = np.random.default_rng(settings.seed)
    sizes = settings.sizes if len(settings.sizes) > 1 else settings.sizes * 2
    layers = [
        Layer(one.weights, random.standard_normal(one.bias.shape), one.activation)
        for one in dense(sizes, settings.activation, random)
    ]
    x = random.standard_normal((settings.inputs, sizes[0]))
    weights, bias = collapsed(layers)
    stack, single = forward(layers, x).output, x @ weights + bias
    bound = rounding_bound(layers, x)
    return {
        "activation": settings.activation.name,
        "is linear": is_identity(settings.activation),
        "layers": len(layers),
        "W'": weights,
        "b'": bias,
        "largest difference": float(np.max(np.abs(stack - single))),
        "largest bound": float(np.max(bound)),
        "largest share of the bound": float(np.max(np.abs(stack - single) / bound)),
        "stack": stack[:, 0],
        "single": single[:, 0],
    }


def is_identity(f: Elementwise) -> bool:
    """Return whether f(z) = z wherever a stack of this size may look."""
    z = np.linspace(-100, 100, 2001)
    return bool(np.array_equal(f(z), z))


def collapsed(layers: Sequence[Layer]) -> tuple[Array, Array]:
    """Return W' and b' of a stack whose activations are left out; rows are inputs, so products run from the left."""
    weights, bias = layers[0].weights, layers[0].bias
    for layer in layers[1:]:
        weights, bias = weights @ layer.weights, bias @ layer.weights + layer.bias
    return weights, bias


def rounding_bound(layers: Sequence[Layer], x: Array) -> Array:
    """Return how far apart both sides can be by rounding.

    Each side is a sum of products of magnitudes; its error is at most n u / (1 - n u) times their sum, where n
    counts the operations on the longest way and u = 2^-53 (Higham 2002, Accuracy and Stability, 3.5).
    """
    operations = sum(len(layer.weights) + 1 for layer in layers)
    unit = operations * 2.0**-53
    magnitude = np.abs(x)
    for layer in layers:
        magnitude = magnitude @ np.abs(layer.weights) + np.abs(layer.bias)
    return np.asarray(2 * unit / (1 - unit) * magnitude)


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare the difference with the bound."""
    share = numbers["largest share of the bound"]
    answer = "collapses" if share <= 1 else "does not collapse"
    between = "nothing" if numbers["activation"] == "identity" else numbers["activation"]
    return Verdict(
        answer,
        f"A stack of {numbers['layers']} layers with {between} between them {answer}: it differs from the single "
        f"layer W' x + b' by at most {numbers['largest difference']:.2g}, where rounding explains up to "
        f"{numbers['largest bound']:.2g}.",
        holds=(share <= 1) == numbers["is linear"],
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the single layer's first output against the stack's."""
    stack, single = numbers["stack"][:300], numbers["single"][:300]
    ends = [min(single.min(), stack.min()), max(single.max(), stack.max())]
    return (
        Chart(
            "First output: the stack against the single layer",
            "One dot an input; on the diagonal both say the same.",
            (dots("stack", single, stack), curve("the same", ends, ends)),
            Axis("W' x + b'"),
            Axis("the stack"),
        ),
        table(
            "W' and b', their first rows and columns",
            ("", *(f"output {i + 1}" for i in range(min(6, len(numbers["b'"]))))),
            [
                *((f"input {i + 1}", *row[:6]) for i, row in enumerate(numbers["W'"][:12])),
                ("b'", *numbers["b'"][:6]),
            ],
        ),
    )
