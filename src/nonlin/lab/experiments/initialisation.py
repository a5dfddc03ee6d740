"""Which initial weights carry a signal through depth, for which activation?

A layer's weights have variance gain^2 / inputs. LeCun (1998) took gain 1, Glorot and Bengio (2010) the same for
equal widths, He et al. (2015) sqrt(2) for ReLU. Each activation has a gain of its own, 1 / sqrt(E f(z)^2), which
keeps the mean square of what its layers are given at 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from nonlin.lab.network import dense, forward
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, Table, curve
from nonlin.workbench import Elementwise

FACTOR = 4.0
CRITERION = (
    f"A gain carries the signal if the mean square before the last layer's activation is within a factor {FACTOR:g} "
    "of 1. Asserted: the own gain carries the signal of each activation for which a mean square of 1 is no repelling "
    "fixed point of the layers' map; of the others, no more than that they leave 1 slowly or at once."
)


@dataclass(frozen=True)
class Settings:
    """The networks."""

    activations: tuple[Elementwise, ...] = option(("relu", "tanh", "sigmoid", "silu"), "Which are tried.")
    depth: int = option(30, "Layers.", 2, 1000)
    width: int = option(256, "Units a layer.", 1, 4096)
    inputs: int = option(64, "Random inputs.", 1, 100_000)
    networks: int = option(3, "Networks a case; means over them.", 1, 1000)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the mean square of what each layer's activation is given."""
    cases = {
        (f.name, name): (f, gain)
        for f in settings.activations
        for name, gain in {"LeCun": 1.0, "He": sqrt(2), "own": f.facts.gain}.items()
    }
    found: dict[str, Any] = {f.name: {} for f in settings.activations}
    for case in watched(list(cases), progress):
        f, gain = cases[case]
        found[case[0]][case[1]] = {"gain": gain, "mean square": squares(f, gain, settings)}
    fates = {
        f.name: f.facts.propagation.fate if f.facts.propagation else "unknown" for f in settings.activations
    }
    return {"depth": settings.depth, "of": found, "fate": fates}


def squares(f: Elementwise, gain: float, settings: Settings) -> Any:
    """Return the mean square before each activation, by layer, mean over the networks."""
    random = np.random.default_rng(settings.seed)
    found = []
    for _ in range(settings.networks):
        layers = dense([settings.width] * (settings.depth + 1), f, random, gain, last=f)
        passed = forward(layers, f(random.standard_normal((settings.inputs, settings.width))))
        found.append([float(np.mean(z**2)) for z in passed.before])
    return np.mean(found, axis=0)


def judge(numbers: dict[str, Any]) -> Verdict:
    """Look which gains end near 1."""
    ends = {
        name: {gain: float(one["mean square"][-1]) for gain, one in cases.items()}
        for name, cases in numbers["of"].items()
    }
    failing = [name for name, end in ends.items() if not 1 / FACTOR <= end["own"] <= FACTOR]
    unforeseen = [name for name in failing if numbers["fate"][name] in ("attracting", "neutral")]
    answer = "the own gain carries " + ("not all" if failing else "all")
    told = "; ".join(
        f"{name} {end['own']:.3g} (LeCun {end['LeCun']:.3g}, He {end['He']:.3g})"
        for name, end in ends.items()
    )
    return Verdict(
        answer,
        f"After {numbers['depth']} layers the mean square with each activation's own gain is: {told}."
        + "".join(f" It does not carry {name}: 1 is {numbers['fate'][name]}." for name in failing),
        holds=not unforeseen,
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the mean square by layer, a chart a gain."""
    layers = range(1, numbers["depth"] + 1)
    rows = tuple(
        (name, *(cell for one in cases.values() for cell in (one["gain"], float(one["mean square"][-1]))))
        for name, cases in numbers["of"].items()
    )
    heads = tuple(
        head for gain in ("LeCun", "He", "own") for head in (f"gain, {gain}", f"at the end, {gain}")
    )
    charts = (
        Chart(
            f"Mean square by layer, gain of {gain}"
            if gain != "own"
            else "Mean square by layer, each its own gain",
            "Of what the layer's activation is given; 1 is kept, a slanted line is lost or explodes.",
            tuple(curve(name, layers, cases[gain]["mean square"]) for name, cases in numbers["of"].items()),
            Axis("layer"),
            Axis("mean square", log=True),
        )
        for gain in ("own", "He", "LeCun")
    )
    return (*charts, Table("At the end", ("activation", *heads), rows))
