"""Does maxout contain the ReLU, and what else can a largest of straight lines be?

The larger of 0 and z is the ReLU of z; the larger of z and -z is |z|; the larger of z and a z the leaky ReLU. The
largest of many tangents of x^2 comes near to it, with an error that falls as the square of their number; but no
largest of straight lines can bend downward.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

import nonlin
from nonlin.lab.network import Array
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, curve, table
from nonlin.workbench import Elementwise

RATE, ROUNDING = 0.1, 1e-12
CRITERION = (
    "Maxout contains a function if the largest of its lines is that function, bit for bit, at every "
    "point. Asserted: it "
    "contains the ReLU, the leaky ReLU and |x|; and of another activation it contains exactly those "
    "that are the largest "
    "of the straight lines along their pieces. Its error at x^2 falls as the power -2 of the "
    f"lines, within {RATE:g}, and "
    "random ones never bend downward."
)


@dataclass(frozen=True)
class Settings:
    """The points and the lines."""

    activation: Elementwise = option("relu", "Looked for in maxout, beside the others.")
    points: int = option(10_001, "Points on [-3, 3].", 11, 10_000_000)
    lines: tuple[int, ...] = option((2, 4, 8, 16, 32, 64), "Numbers of tangents of x^2.", 2, 4096)
    random_lines: int = option(5, "Lines of a random maxout.", 2, 4096)
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return how far maxout is from each function, and from x^2 by the number of tangents."""
    x = np.linspace(-3, 3, settings.points)
    lines = sorted(set(settings.lines))
    pairs = {
        "relu": ((0.0, 0.0), (1.0, 0.0)),
        "leaky_relu": ((0.01, 0.0), (1.0, 0.0)),
        "absolute value": ((-1.0, 0.0), (1.0, 0.0)),
    }
    truths = {"relu": nonlin.relu(x), "leaky_relu": nonlin.leaky_relu(x), "absolute value": np.abs(x)}
    contained = {name: float(np.max(np.abs(largest(pairs[name], x) - truths[name]))) for name in pairs}
    asked, slack = own_lines(settings.activation)
    random = np.random.default_rng(settings.seed)
    some = random.standard_normal((settings.random_lines, 2))
    errors = {k: float(np.max(np.abs(largest(tangents(k), x) - x**2))) for k in watched(lines, progress)}
    wide = np.linspace(-1, 1, 4001) * (3 + max(map(abs, kinks_of(settings.activation)), default=0.0))
    f = settings.activation(wide)
    return {
        "activation": settings.activation.name,
        "x": x[:: max(len(x) // 400, 1)],
        "off": contained,
        "asked": {
            "lines": len(asked),
            "off": float(np.max(np.abs(largest(asked, wide) - f))) if asked else None,
            "convex": bool(np.min(np.diff(f, 2)) >= -ROUNDING * np.max(np.abs(f))),
            "rounding": slack,
        },
        "errors": errors,
        "downward bend": float(np.min(np.diff(largest(some, x), 2))),
        "drawn": {f"{k} tangents": largest(tangents(k), x)[:: max(len(x) // 400, 1)] for k in lines[:2]},
        "relu": largest(pairs["relu"], x)[:: max(len(x) // 400, 1)],
    }


def largest(lines: Any, x: Array) -> Array:
    """Return maxout of straight lines (slope, height at 0), by the catalog's function."""
    slopes, heights = np.asarray(lines, dtype=float).T
    return np.asarray(nonlin.maxout(x[:, None] * slopes + heights, k=len(slopes)))[:, 0]


def tangents(count: int) -> list[tuple[float, float]]:
    """Return tangents 2 p x - p^2 of x^2, which touch it in the middles p of equal pieces of [-3, 3]."""
    return [(2 * p, -(p**2)) for p in -3 + 6 * (np.arange(count) + 0.5) / count]


def kinks_of(f: Elementwise) -> list[float]:
    return [float(k) for k in f.facts.kinks if np.isfinite(k)]


def own_lines(f: Elementwise) -> tuple[list[tuple[float, float]], float]:
    """Return the lines along f's pieces if it is straight there, and how far rounding may take them."""
    ends = [-np.inf, *kinks_of(f), np.inf]
    lines = []
    for left, right in itertools.pairwise(ends):
        low, high = max(left, min(right, 0.0) - 3), min(right, max(left, 0.0) + 3)
        at = np.linspace(low, high, 9)[1:-1]
        slope = float(f.grad(at[3]))
        height = float(f(at[3]) - slope * at[3])
        if np.max(np.abs(f(at) - (slope * at + height))) > ROUNDING * (1 + np.max(np.abs(f(at)))):
            return [], 0.0
        lines.append((slope, height))
    return (lines, ROUNDING) if len(lines) > 1 else (lines * 2, ROUNDING)


def power(errors: dict[int, float]) -> float:
    (few, large), (many, small) = next(iter(errors.items())), [*errors.items()][-1]
    return float(np.log(small / large) / np.log(many / few)) if many > few else -2.0


def judge(numbers: dict[str, Any]) -> Verdict:
    """Look which functions are contained, how the error falls, and that nothing bends downward."""
    off, asked, errors = numbers["off"], numbers["asked"], numbers["errors"]
    exact = [name for name, distance in off.items() if distance == 0]
    found = asked["off"] is not None and asked["off"] <= asked["rounding"] * 10
    rate = power(errors)
    about = f"{numbers['activation']} is {'' if found else 'not '}among them"
    return Verdict(
        "contains the ReLU" if "relu" in exact else "does not contain the ReLU",
        f"Maxout of two lines is {', '.join(exact) or 'none of them'}, bit for bit; {about}; the largest of "
        f"{max(errors)} tangents is within {errors[max(errors)]:.2g} of x^2, the error falls as the "
        f"power {rate:.2f} of their "
        f"number; random ones bend downward by {max(-numbers['downward bend'], 0):.1g}.",
        holds=len(exact) == len(off)
        and found == (asked["off"] is not None and asked["convex"])
        and abs(rate + 2) <= RATE
        and numbers["downward bend"] >= -ROUNDING,
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the largest of lines, and the error by their number."""
    x, errors = numbers["x"], numbers["errors"]
    return (
        Chart(
            "The largest of straight lines", "Of 0 and x, which is the ReLU; and of tangents of x².",
            (
                curve("max(0, x)", x, numbers["relu"]),
                curve("x²", x, x**2),
                *(curve(name, x, y) for name, y in numbers["drawn"].items()),
            ),
            Axis("x"), Axis("y"),
        ),
        Chart(
            "Greatest error at x² by number of lines", "On doubled logarithmic scales a power is a straight line.",
            (curve("error", errors, errors.values()),),
            Axis("lines", log=True), Axis("greatest error", log=True),
        ),
        table("Distance of maxout of two lines", ("function", "greatest difference"), numbers["off"].items()),
    )  # fmt: skip
