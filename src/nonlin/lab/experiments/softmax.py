"""What does softmax do to scores, and what does it do when it is applied twice?

Softmax keeps the order of the scores, sums to 1, and is sharpened by a low temperature. A loss that takes scores
applies it itself; whoever applies it before, too, gives that loss numbers between 0 and 1, and for C classes it
can never fall below log(1 + (C - 1) / e), however sure the network is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import e, log
from typing import Any

import numpy as np

import nonlin
from nonlin.lab.network import Adam, Array, backward, dense, forward, stepped
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, BarChart, Chart, Shown, Table, course
from nonlin.workbench import Elementwise

HURTS = 2.0
SCORES = np.array([2.0, 1.0, 0.1, -1.0])
ROUNDING = 1e-12
CRITERION = (
    "Softmax is as said if it keeps every order, its sums differ from 1 by no more than "
    f"{ROUNDING:g}, and its entropy grows with the temperature. Twice hurts if the loss with it ends above "
    f"{HURTS:g} times the loss without. Both are asserted."
)


@dataclass(frozen=True)
class Settings:
    """The scores and the network."""

    temperatures: tuple[float, ...] = option((0.1, 0.5, 1.0, 2.0, 10.0), "Temperatures.", 1e-3, 1e6)
    rows: int = option(1000, "Random rows of scores.", 1, 1_000_000)
    classes: int = option(10, "Classes of the task.", 2, 1000)
    activation: Elementwise = option("relu", "The network's hidden activation.")
    units: int = option(32, "Its hidden units.", 1, 4096)
    steps: int = option(300, "Steps of Adam.", 1, 1_000_000)
    rate: float = option(0.01, "Its rate.", 0)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return what softmax does to random rows, and how a classifier learns with it once and twice."""
    random = np.random.default_rng(settings.seed)
    z = 5 * random.standard_normal((settings.rows, settings.classes))
    p = nonlin.softmax(z)
    temperatures = sorted(settings.temperatures)
    by_temperature = {f"{t:g}": nonlin.softmax(SCORES, temperature=t) for t in temperatures}
    ways = {"once": False, "twice": True}
    return {
        "order kept": bool(
            np.all(np.argsort(z, axis=1, kind="stable") == np.argsort(p, axis=1, kind="stable"))
        ),
        "sum off by": float(np.max(np.abs(p.sum(axis=1) - 1))),
        "temperatures": temperatures,
        "probabilities": by_temperature,
        "entropy": [entropy(q) for q in by_temperature.values()],
        "floor": log(1 + (settings.classes - 1) / e),
        "of": {way: learning(settings, ways[way]) for way in watched(list(ways), progress)},
    }


def entropy(p: Array) -> float:
    """Return the entropy in nats."""
    return float(-np.sum(p * np.log(np.maximum(p, 1e-300))))


def learning(settings: Settings, twice: bool) -> dict[str, Any]:
    """Return loss and accuracy while a network learns to tell clouds of points apart."""
    random = np.random.default_rng(settings.seed + 1)
    labels = random.integers(settings.classes, size=500)
    centres = 3 * random.standard_normal((settings.classes, 8))
    x = centres[labels] + random.standard_normal((500, 8))
    f = settings.activation
    layers = dense((8, settings.units, settings.classes), f, random, f.facts.gain)
    adam, losses, right = Adam(settings.rate), [], []
    for _ in range(settings.steps):
        passed = forward(layers, x)
        loss, g = cross_entropy(passed.output, labels, twice)
        losses.append(loss)
        right.append(float(np.mean(np.argmax(passed.output, axis=1) == labels)))
        layers = stepped(layers, backward(layers, passed, g), adam)
    return {"loss": losses, "accuracy": right}


def cross_entropy(z: Array, labels: Any, twice: bool) -> tuple[float, Array]:
    """Return the cross-entropy of scores, and its gradient; `twice` applies softmax to the scores before."""
    scores = nonlin.softmax(z) if twice else z
    rows = np.arange(len(labels))
    loss = -float(np.mean(nonlin.log_softmax(scores)[rows, labels]))
    g = np.asarray(nonlin.softmax(scores)) / len(labels)
    g[rows, labels] -= 1 / len(labels)
    return loss, np.asarray(nonlin.softmax.vjp(z, g) if twice else g)


def judge(numbers: dict[str, Any]) -> Verdict:
    """Check order, sum and entropy, then compare the losses."""
    as_said = (
        numbers["order kept"] and numbers["sum off by"] <= ROUNDING and all(np.diff(numbers["entropy"]) > 0)
    )
    once, twice = (numbers["of"][way]["loss"][-1] for way in ("once", "twice"))
    steps = [first_step_at(numbers["of"][way]["accuracy"]) for way in ("once", "twice")]
    hurts = twice > HURTS * once
    answer = ("as said" if as_said else "not as said") + (
        ", twice hurts" if hurts else ", twice does no harm"
    )
    order = "keeps the order" if numbers["order kept"] else "does not keep the order"
    reached = f"95 % are right after {steps[0]} and {steps[1]} steps"
    return Verdict(
        answer,
        f"Softmax {order}, its sums are off by {numbers['sum off by']:.1g}, its entropy goes from "
        f"{numbers['entropy'][0]:.2g} to {numbers['entropy'][-1]:.2g} with the temperature; applied once the loss "
        f"ends at {once:.2g}, twice at {twice:.3g} (it cannot fall below {numbers['floor']:.3g}); {reached}.",
        holds=as_said and hurts,
    )


def first_step_at(accuracy: list[float], level: float = 0.95) -> str:
    """Return the first step at which the accuracy is reached, or "no"."""
    return next((str(step) for step, share in enumerate(accuracy) if share >= level), "no")


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw both losses, and the probabilities by temperature."""
    of = numbers["of"]
    rows = tuple(
        (f"temperature {t}", *map(float, p), s)
        for (t, p), s in zip(numbers["probabilities"].items(), numbers["entropy"], strict=True)
    )
    return (
        Chart(
            "Loss while training",
            "Softmax once, by the loss; or twice, by the network and by the loss.",
            tuple(course(way, one["loss"]) for way, one in of.items()),
            Axis("step"),
            Axis("cross-entropy", log=True),
        ),
        Chart(
            "Accuracy while training",
            "Share of the points whose greatest score is the right one.",
            tuple(course(way, one["accuracy"]) for way, one in of.items()),
            Axis("step"),
            Axis("accuracy"),
        ),
        BarChart(
            "Entropy by temperature",
            "Of the softmax of four scores, in nats; 0 is certain, log 4 = 1.39 knows nothing.",
            tuple(f"temperature {t}" for t in numbers["probabilities"]),
            tuple(numbers["entropy"]),
            Axis("entropy"),
        ),
        Table("Probabilities", ("", *(f"score {s:g}" for s in SCORES), "entropy"), rows),
    )
