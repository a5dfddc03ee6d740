"""Why do outputs that are all positive make the next layer learn along a zig-zag?

A unit that is given a = f(z) has dL/dw = d a for each example: if no a is negative, all its weights are pushed up
or all are pushed down. A goal that asks for one weight up and another one down is then reached only by turns. Two
weights learn here example by example, once behind each activation, each at the same share of the greatest rate
that is stable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.lab.network import Array
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, BarChart, Chart, Shown, curve, dots, table
from nonlin.workbench import Elementwise

NEAR = 0.02  # of the way, at which the goal counts as reached
CRITERION = (
    "It zig-zags if in every example both weights are pushed the same way; it goes freely if some push them apart. "
    "Asserted: they are pushed the same way in every example exactly if f gives no value of either "
    "sign together with "
    "one of the other; and of two activations the one that zig-zags takes the longer way, when the other goes freely."
)


@dataclass(frozen=True)
class Settings:
    """The unit and its inputs."""

    activation: Elementwise = option("sigmoid", "Gives the unit its inputs.")
    beside: Elementwise = option("tanh", "Another one, for comparison.")
    steps: int = option(3000, "Examples.", 10, 1_000_000)
    spread: float = option(1.0, "Of the z before the activation.", 1e-3, 1e3)
    rate: float = option(0.3, "Share of the rate at which a step would be twice too long.", 1e-3, 1.0)
    weights: int = option(10, "Weights of the unit whose gradients are counted.", 2, 4096)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the share of gradients of one sign, and the way from (0, 0) to (1, -1)."""
    pair = dict.fromkeys((settings.activation, settings.beside))
    return {
        "activation": settings.activation.name,
        "weights": settings.weights,
        "of": {f.name: of_one(f, settings) for f in watched(list(pair), progress)},
    }


def of_one(f: Elementwise, settings: Settings) -> dict[str, Any]:
    random = np.random.default_rng(settings.seed)
    z = settings.spread * random.standard_normal((settings.steps, settings.weights))
    a = np.asarray(f(z))
    path = travelled(a[:, :2], np.array([1.0, -1.0]), settings.rate)
    second = a[:, :2].T @ a[:, :2] / len(a)
    return {
        "share of one sign": float(np.mean(of_one_sign(a))),
        "share of one sign, two weights": float(np.mean(of_one_sign(a[:, :2]))),
        "least": float(a.min()),
        "greatest": float(a.max()),
        "path": path,
        "examples": len(path) - 1,
        "arrives": bool(np.linalg.norm(path[-1] - [1, -1]) <= NEAR * np.sqrt(2)),
        "detour": float(np.sum(np.linalg.norm(np.diff(path, axis=0), axis=1)) / np.sqrt(2)),
        "condition": float(np.linalg.cond(second)),
    }


def of_one_sign(a: Array) -> Any:
    """Return for each row whether it holds no two numbers of opposite signs."""
    return np.all(a >= 0, axis=1) | np.all(a <= 0, axis=1)


def travelled(a: Array, goal: Array, share: float) -> Array:
    """Return the weights after each example, until the goal is near; the loss is (w a - goal a)^2 / 2.

    A step is stable while the rate is below 2 / |a|^2; the rate is a share of the half of that for the longest row.
    """
    rate = share / max(float(np.max(np.sum(a**2, axis=1))), 1e-300)
    w, path = np.zeros(2), [np.zeros(2)]
    for row in a:
        w = w - rate * ((w - goal) @ row) * row
        path.append(w)
        if np.linalg.norm(w - goal) <= NEAR * np.linalg.norm(goal):
            break
    return np.array(path)


def judge(numbers: dict[str, Any]) -> Verdict:
    """Look at the signs, then compare the ways."""
    (name, one), *others = numbers["of"].items()
    answer = "zig-zags" if one["share of one sign"] == 1 else "goes freely"
    as_signs_say = all((of["share of one sign"] == 1) == single_signed(of) for of in numbers["of"].values())
    beside = "".join(
        f"; {other}: {of['share of one sign, two weights']:.0%}, {of['detour']:.2g} times ({of['examples']} examples)"
        for other, of in others
    )
    return Verdict(
        answer,
        f"Behind {name} learning {answer}: both weights are pushed the same way in "
        f"{one['share of one sign, two weights']:.0%} of the examples, all {numbers['weights']} weights of a unit in "
        f"{one['share of one sign']:.2g} of them, and the way is {one['detour']:.2g} times the straight one "
        f"({one['examples']} examples){beside}.",
        holds=as_signs_say and all(longer_if_zig_zag(one, other) for _, other in others),
    )


def single_signed(of: dict[str, Any]) -> bool:
    return bool(of["least"] >= 0 or of["greatest"] <= 0)


def longer_if_zig_zag(one: dict[str, Any], other: dict[str, Any]) -> bool:
    zig_zag, freely = sorted((one, other), key=lambda of: -of["share of one sign"])
    if not (single_signed(zig_zag) and not single_signed(freely)):
        return True
    return bool(zig_zag["detour"] > freely["detour"] or zig_zag["examples"] > freely["examples"])


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw both paths, and the shares."""
    of = numbers["of"]
    rows = [
        (
            name,
            one["share of one sign, two weights"],
            one["detour"],
            one["examples"],
            one["arrives"],
            one["condition"],
        )
        for name, one in of.items()
    ]
    return (
        Chart(
            "The way of two weights from (0, 0) to (1, −1)",
            "Behind outputs of one sign each step goes up and right or down and left, never down and right.",
            (
                *(curve(name, one["path"][:, 0], one["path"][:, 1]) for name, one in of.items()),
                dots("goal", [1.0], [-1.0]),
            ),
            Axis("first weight"),
            Axis("second weight"),
        ),
        BarChart(
            "Length of the way",
            "Times the straight line.",
            tuple(of),
            tuple(one["detour"] for one in of.values()),
            Axis("times the straight way"),
        ),
        table(
            "In numbers",
            (
                "activation", "examples that push both the same way", "length of the way", "examples", "arrives",
                "condition number",
            ),
            rows,
        ),
    )  # fmt: skip
