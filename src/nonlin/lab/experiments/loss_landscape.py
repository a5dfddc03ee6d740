"""What does the loss look like around a trained network, for which activation?

Li et al. (2018), arXiv:1712.09913, cut through the loss along two random directions, each unit's part of which is
as long as the unit's own weights, so that networks of different scales can be compared. A small network learns to
tell two spirals apart with each activation; the loss is then computed over such a slice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import nonlin
from nonlin.lab.network import Adam, Array, Layer, backward, dense, forward, stepped
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Field, Shown, curve, table
from nonlin.workbench import Elementwise

LOWER = 0.9
CRITERION = (
    f"Asserted: training lowers the loss, and nowhere on the slice it is below {LOWER:g} of that in "
    "its middle, where the "
    "trained network stands. How steeply it rises is told for each activation, not judged."
)


@dataclass(frozen=True)
class Settings:
    """The networks and the slice."""

    activations: tuple[Elementwise, ...] = option(("relu", "tanh", "silu"), "Which are compared.")
    width: int = option(24, "Units of each of two hidden layers.", 1, 4096)
    points: int = option(200, "Points of the two spirals.", 4, 100_000)
    steps: int = option(600, "Steps of Adam.", 1, 1_000_000)
    rate: float = option(0.01, "Its rate.", 0)
    decay: float = option(1e-3, "Weight of the squared weights in the loss.", 0, 10)
    grid: int = option(31, "Points a side of the slice.", 3, 1001)
    reach: float = option(
        1.0, "The slice goes from minus this to this, in lengths of the weights.", 1e-3, 100
    )
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the slices."""
    x, labels = spirals(settings)
    side = np.linspace(-settings.reach, settings.reach, settings.grid | 1)
    found = {}
    for f in watched(settings.activations, progress):
        layers, losses = learnt(f, x, labels, settings)
        random = np.random.default_rng((settings.seed, 7))
        first, second = direction(layers, random), direction(layers, random)
        slice_ = np.array(
            [[loss_at(moved(layers, first, a, second, b), x, labels, settings) for a in side] for b in side]
        )
        found[f.name] = {"loss": losses, "slice": slice_, **shape_of(slice_, side)}
    return {"side": side, "of": found}


def spirals(settings: Settings) -> tuple[Array, Any]:
    """Return points of two spirals that wind around each other, and which each belongs to."""
    random = np.random.default_rng(settings.seed)
    labels = np.arange(settings.points) % 2
    turn = np.sqrt(random.random(settings.points)) * 2 * np.pi
    way = (
        np.stack([np.cos(turn + np.pi * labels), np.sin(turn + np.pi * labels)], axis=1)
        * turn[:, None]
        / np.pi
    )
    return way + 0.05 * random.standard_normal(way.shape), labels


def learnt(f: Elementwise, x: Array, labels: Array, settings: Settings) -> tuple[list[Layer], list[float]]:
    layers = dense(
        (2, settings.width, settings.width, 1), f, np.random.default_rng((settings.seed, 1)), f.facts.gain
    )
    adam, losses = Adam(settings.rate), []
    for _ in range(settings.steps):
        passed = forward(layers, x)
        losses.append(loss_at(layers, x, labels, settings))
        wrong = np.asarray(nonlin.sigmoid(passed.output)) - labels[:, None]
        found = backward(layers, passed, wrong / len(x))
        weights = [g + 2 * settings.decay * one.weights for g, one in zip(found.weights, layers, strict=True)]
        layers = stepped(layers, replace(found, weights=weights), adam)
    return layers, losses


def loss_at(layers: Sequence[Layer], x: Array, labels: Array, settings: Settings) -> float:
    """Return the cross-entropy of the labels, with the weights' decay."""
    scores = forward(layers, x).output[:, 0]
    entropy = float(np.mean(np.asarray(nonlin.softplus(scores)) - labels * scores))
    return entropy + settings.decay * sum(float(np.sum(one.weights**2)) for one in layers)


def direction(layers: Sequence[Layer], random: np.random.Generator) -> list[Array]:
    """Return a random direction for each layer's weights; a unit's part is as long as its weights are."""
    drawn = [random.standard_normal(one.weights.shape) for one in layers]
    return [
        d * np.linalg.norm(one.weights, axis=0) / np.linalg.norm(d, axis=0)
        for d, one in zip(drawn, layers, strict=True)
    ]


def moved(
    layers: Sequence[Layer], first: Sequence[Array], a: float, second: Sequence[Array], b: float
) -> list[Layer]:
    return [
        replace(one, weights=one.weights + a * u + b * v)
        for one, u, v in zip(layers, first, second, strict=True)
    ]


def shape_of(slice_: Array, side: Array) -> dict[str, float]:
    """Return the loss in the middle, the least and on the rim, the curvature, and where the slice bends downward."""
    middle, h = len(side) // 2, float(side[1] - side[0])
    centre = float(slice_[middle, middle])
    along = np.diff(slice_, 2, axis=1)[1:-1], np.diff(slice_, 2, axis=0)[:, 1:-1]
    near = (
        slice_[middle, middle - 1]
        + slice_[middle, middle + 1]
        + slice_[middle - 1, middle]
        + slice_[middle + 1, middle]
    )
    rim = np.concatenate([slice_[0], slice_[-1], slice_[1:-1, 0], slice_[1:-1, -1]])
    return {
        "middle": centre,
        "least": float(slice_.min()),
        "rim": float(np.median(rim)),
        "curvature": float((near - 4 * centre) / (2 * h * h)),
        "bends downward": float(np.mean((along[0] < 0) | (along[1] < 0))),
    }


def judge(numbers: dict[str, Any]) -> Verdict:
    """Look whether the middle is the lowest place."""
    of = numbers["of"]
    lowest = all(one["least"] >= LOWER * one["middle"] for one in of.values())
    lower = all(one["loss"][-1] < one["loss"][0] for one in of.values())
    told = "; ".join(
        f"{name} from {one['middle']:.2g} to {one['rim']:.2g} at the rim, curvature "
        f"{one['curvature']:.2g}, bending downward "
        f"on {one['bends downward']:.0%}"
        for name, one in of.items()
    )
    return Verdict(
        "the middle is lowest" if lowest else "the middle is not lowest",
        f"Around the trained networks the loss rises: {told}.",
        holds=bool(lowest and lower),
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw each slice, and cuts through all of them."""
    side, of = numbers["side"], numbers["of"]
    places = tuple(map(float, side))
    slices = tuple(
        Chart(
            f"Loss around the network with {name}",
            "The trained network stands in the middle; a length of 1 is as long as each unit's weights.",
            (Field("loss", places, places, tuple(tuple(map(float, row)) for row in one["slice"]), log=True),),
            Axis("first direction"), Axis("second direction"),
        )
        for name, one in of.items()
    )  # fmt: skip
    middle = len(side) // 2
    return (
        Chart(
            "A cut along the first direction", "Through the middle of each slice.",
            tuple(curve(name, side, one["slice"][middle]) for name, one in of.items()),
            Axis("first direction"), Axis("loss", log=True),
        ),
        *slices,
        table(
            "In numbers", ("activation", "loss in the middle", "at the rim", "curvature", "share "
            "that bends downward"),
            [(name, one["middle"], one["rim"], one["curvature"], one["bends downward"]) for name, one in of.items()],
        ),
    )  # fmt: skip
