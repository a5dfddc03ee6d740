"""How does the error fall with the width of one hidden layer?

One hidden layer of any activation that is no polynomial can come as near as one likes to any continuous function,
if it is wide enough (Leshno et al. 1993). How fast it does is measured: widths are doubled, each network is
trained by Adam, and the best of several seeds counts, as the theorem speaks of what is possible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nonlin.lab.network import Array, Layer, dense, forward, train
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, curve, dots, table
from nonlin.workbench import Elementwise

FALLS = 0.1
CRITERION = (
    f"The error falls if the widest network's is below {FALLS:g} of the narrowest one's (root mean square over the "
    "points; the best of the seeds). That is asserted."
)


@dataclass(frozen=True)
class Settings:
    """The networks and the target y = sin(3 x) + cos(7 x) / 2 on [-1, 1]."""

    activation: Elementwise = option("relu", "The hidden layer's activation.")
    beside: Elementwise = option("tanh", "Another one, for comparison.")
    widths: tuple[int, ...] = option((1, 2, 4, 8, 16, 32, 64), "Hidden units.", 1, 4096)
    seeds: int = option(3, "Networks a width; the best counts.", 1, 1000)
    points: int = option(100, "Points.", 3, 100_000)
    steps: int = option(800, "Steps of Adam.", 1, 1_000_000)
    rate: float = option(0.02, "Its rate.", 0)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the errors by width, and the best fits."""
    x = np.linspace(-1, 1, settings.points)[:, None]
    y = np.sin(3 * x) + np.cos(7 * x) / 2
    widths = sorted(set(settings.widths))
    pair = list(dict.fromkeys((settings.activation, settings.beside)))
    found: dict[str, Any] = {f.name: {"error": [], "spread": [], "fit": {}} for f in pair}
    for f, width in watched([(f, width) for f in pair for width in widths], progress):
        fits = [fitted(f, width, seed, x, y, settings) for seed in range(settings.seeds)]
        errors = [float(np.sqrt(np.mean((fit - y) ** 2))) for fit in fits]
        found[f.name]["error"].append(min(errors))
        found[f.name]["spread"].append(max(errors))
        found[f.name]["fit"][width] = fits[int(np.argmin(errors))][:, 0]
    return {"activation": settings.activation.name, "x": x[:, 0], "y": y[:, 0], "widths": widths, "of": found}


def fitted(f: Elementwise, width: int, seed: int, x: Array, y: Array, settings: Settings) -> Array:
    """Return what a trained network says at x; its last layer is solved for at the end, by least squares."""
    random = np.random.default_rng((settings.seed, seed))
    first, last = dense((1, width, 1), f, random)
    steep = first.weights * 4
    begun = [Layer(steep, -steep[0] * random.uniform(-1, 1, width), f), last]
    trained, _ = train(begun, x, y, settings.steps, settings.rate)
    hidden = np.hstack([forward(trained[:1], x).output, np.ones_like(x)])
    return np.asarray(hidden @ np.linalg.lstsq(hidden, y, rcond=1e-10)[0])


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare the widest network with the narrowest."""
    widths, of = numbers["widths"], numbers["of"]
    errors = of[numbers["activation"]]["error"]
    falls = errors[-1] < FALLS * errors[0]
    beside = "".join(
        f"; {name}: from {one['error'][0]:.2g} to {one['error'][-1]:.2g}"
        for name, one in of.items() if name != numbers["activation"]
    )  # fmt: skip
    return Verdict(
        "the error falls" if falls else "the error does not fall",
        f"From {widths[0]} to {widths[-1]} hidden units of {numbers['activation']} the error goes "
        f"from {errors[0]:.2g} to "
        f"{errors[-1]:.2g}{beside}.",
        holds=bool(falls),
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw error by width, and fits of the first activation."""
    of, widths, name = numbers["of"], numbers["widths"], numbers["activation"]
    picked = [widths[0], widths[len(widths) // 2], widths[-1]]
    fits = of[name]["fit"]
    return (
        Chart(
            "Error by width", "Root mean square over the points, the best of the seeds.",
            tuple(curve(name, widths, one["error"]) for name, one in of.items()),
            Axis("hidden units", log=True), Axis("error", log=True),
        ),
        Chart(
            f"What {name} draws", "The best network of its width.",
            (
                dots("target", numbers["x"], numbers["y"]),
                *(curve(f"{w} units" if w > 1 else "1 unit", numbers["x"], fits[w]) for w in dict.fromkeys(picked)),
            ),
            Axis("x"), Axis("y"),
        ),
        table(
            "Errors by width", ("hidden units", *(f"{name}, {which}" for name in of for which in ("best", "worst"))),
            [(str(w), *(one[key][i] for one in of.values() for key in ("error", "spread")))
             for i, w in enumerate(widths)],
        ),
    )  # fmt: skip
