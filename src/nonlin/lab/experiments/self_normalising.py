"""Does SELU keep mean 0 and variance 1 through depth, and what breaks it?

Klambauer et al. (2017), arXiv:1706.02515, chose SELU so that mean 0 and variance 1 are a fixed point that
attracts, for weights of variance 1 / inputs (LeCun). It is tried as they say, on inputs that are off, with He's
weights, with dropout, and with the dropout that they made for it: dropped units take the limit at minus infinity,
and what comes out is scaled and shifted back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, log, sqrt
from typing import Any, TypeAlias

import numpy as np

from nonlin.lab.moments import joints, mean
from nonlin.lab.network import Array
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, curve, positive, table
from nonlin.workbench import Elementwise

OFF, FACTOR, BORDER = 0.1, 1.25, 0.1
CRITERION = (
    f"Mean and variance are kept if after the last layer the mean is within {OFF:g} of 0 and the variance within a "
    f"factor {FACTOR:g} of 1. Asserted: LeCun's weights keep them exactly if theory says that mean 0 and variance 1 "
    "are an attracting fixed point; and where they are, each other case keeps them or not as infinitely wide layers "
    f"do (unless those end within {BORDER:g} of the border)."
)

Change: TypeAlias = Callable[[Array, np.random.Generator], Array]


@dataclass(frozen=True)
class Settings:
    """The networks."""

    activation: Elementwise = option("selu", "The layers' activation.")
    depth: int = option(50, "Layers.", 1, 1000)
    width: int = option(256, "Units a layer.", 1, 4096)
    inputs: int = option(256, "Random inputs.", 2, 100_000)
    networks: int = option(2, "Networks a case; means over them.", 1, 1000)
    dropout: float = option(0.1, "Share of the units that are dropped.", 0, 0.9)
    seed: int = seed_option()


def unchanged(x: Array, random: np.random.Generator) -> Array:
    return x


@dataclass(frozen=True)
class Case:
    """Weights of variance gain^2 / inputs, inputs of mean `off`, and what is done to each layer's outputs."""

    gain: float = 1.0
    off: float = 0.0
    change: Change = unchanged
    kept: float = 1.0


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return mean and variance after each layer, in every case."""
    f, rate = settings.activation, settings.dropout
    cases = {
        "LeCun's weights": Case(),
        "inputs off (mean 1, variance 4)": Case(off=1.0),
        "He's weights": Case(gain=sqrt(2)),
        f"dropout {rate:g}": Case(change=dropout(rate), kept=1 - rate),
    }
    if isfinite(f.facts.limits[0]):
        cases[f"alpha dropout {rate:g}"] = Case(change=alpha_dropout(rate, f.facts.limits[0]))
    found = {
        name: layer_by_layer(settings, cases[name]) | {"theory": in_theory(settings, cases[name])}
        for name in watched(list(cases), progress)
    }
    return {"activation": f.name, "depth": settings.depth, "theory": foretold(f), "of": found}


def in_theory(settings: Settings, case: Case) -> tuple[float, float]:
    """Return mean and variance after the last of infinitely wide layers.

    Dropout divides the mean square by the share that is kept; alpha dropout leaves it as it is, where mean and
    variance are kept.
    """
    f = settings.activation
    square, average = case.off**2 + (1 + case.off) ** 2, 0.0
    for _ in range(settings.depth):
        q = case.gain**2 * square
        if not 1e-100 < q < 1e100:
            break
        square, average = mean(lambda u: f(u) ** 2, q, joints(f)) / case.kept, mean(f, q, joints(f))
    return average, square - average**2


def foretold(f: Elementwise) -> bool:
    """Return whether mean 0 and variance 1 are a fixed point, and attract."""
    facts = f.facts
    fixed = abs(facts.mean) < 1e-6 and abs(facts.second_moment - 1) < 1e-6
    return bool(fixed and facts.propagation and facts.propagation.fate == "attracting")


def layer_by_layer(settings: Settings, case: Case) -> dict[str, Any]:
    means, variances = [], []
    for network in range(settings.networks):
        random = np.random.default_rng((settings.seed, network))
        x = case.off + (1 + case.off) * random.standard_normal((settings.inputs, settings.width))
        found = [(x.mean(), x.var())]
        for _ in range(settings.depth):
            w = random.standard_normal((settings.width, settings.width)) * case.gain / sqrt(settings.width)
            x = case.change(np.asarray(settings.activation(x @ w)), random)
            found.append((x.mean(), x.var()))
        means.append([m for m, _ in found])
        variances.append([v for _, v in found])
    return {"mean": np.mean(means, axis=0), "variance": np.mean(variances, axis=0)}


def dropout(rate: float) -> Change:
    """Return what sets units to 0 and scales the others up."""

    def dropped(x: Array, random: np.random.Generator) -> Array:
        return np.asarray(np.where(random.random(x.shape) < rate, 0, x / (1 - rate)))

    return dropped


def alpha_dropout(rate: float, limit: float) -> Change:
    """Return what sets units to f's limit at minus infinity, then keeps mean 0 and variance 1."""
    kept = 1 - rate
    scale = 1 / sqrt(kept + limit**2 * kept * rate)
    shift = -scale * limit * rate

    def dropped(x: Array, random: np.random.Generator) -> Array:
        return np.asarray(scale * np.where(random.random(x.shape) < rate, limit, x) + shift)

    return dropped


def keeps(mean: float, variance: float) -> bool:
    return bool(abs(mean) <= OFF and 1 / FACTOR <= variance <= FACTOR)


def at_the_border(mean: float, variance: float) -> bool:
    width = abs(log(max(variance, 1e-300)))
    return abs(width - log(FACTOR)) < BORDER or abs(abs(mean) - OFF) < BORDER * OFF


def alike(one: dict[str, Any]) -> bool:
    """Return whether networks keep mean and variance as theory does, or either ends at the border."""
    measured = one["mean"][-1], one["variance"][-1]
    return (
        keeps(*measured) == keeps(*one["theory"]) or at_the_border(*measured) or at_the_border(*one["theory"])
    )


def judge(numbers: dict[str, Any]) -> Verdict:
    """Look which cases keep mean and variance, and whether theory says so."""
    of = numbers["of"]
    kept = {name: keeps(one["mean"][-1], one["variance"][-1]) for name, one in of.items()}
    plain = kept["LeCun's weights"]
    others = all(alike(one) for one in of.values())
    as_told = plain == numbers["theory"] and (not plain or others)
    answer = "keeps them" if plain else "does not keep them"
    told = "; ".join(
        f"{name} {one['mean'][-1]:.3g} and {one['variance'][-1]:.3g}{'' if kept[name] else ' (not kept)'}"
        for name, one in of.items()
    )
    return Verdict(
        answer,
        f"Over {numbers['depth']} layers {numbers['activation']} {answer}; mean and variance at the end: {told}.",
        holds=as_told,
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw variance and mean by layer."""
    of, layers = numbers["of"], range(numbers["depth"] + 1)
    rows = [
        (
            name,
            one["mean"][-1],
            one["variance"][-1],
            *one["theory"],
            keeps(one["mean"][-1], one["variance"][-1]),
        )
        for name, one in of.items()
    ]
    variances = tuple(curve(name, layers, positive(one["variance"])) for name, one in of.items())
    means = tuple(curve(name, layers, one["mean"]) for name, one in of.items())
    return (
        Chart(
            "Variance by layer", "Of what comes out; layer 0 is the input.", variances,
            Axis("layer"), Axis("variance", log=True),
        ),
        Chart("Mean by layer", "Of what comes out; layer 0 is the input.", means, Axis("layer"), Axis("mean")),
        table("At the end", ("case", "mean", "variance", "mean in theory", "variance in theory", "kept"), rows),
    )  # fmt: skip
