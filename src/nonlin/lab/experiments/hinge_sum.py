"""What can a sum of hinges draw, and how closely?

A ReLU is a hinge: a sum of n of them is straight between n kinks, and can have any slope on each piece. First the
sum relu(x + 1) - 2 relu(x - 1), whose kinks are found by looking at it; then a sum through points of sin, whose
error must fall with the square of their number, as that of straight pieces does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nonlin.lab.network import Array
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, Chart, Shown, curve, dots, table
from nonlin.workbench import Elementwise

STRAIGHT, RATE = 1e-9, 0.15
CRITERION = (
    f"The sum is of straight pieces if its second differences are 0 (below {STRAIGHT:g} of the "
    "greatest) but at kinks. "
    "Asserted: it is exactly if f itself is; then its kinks are f's own, moved to each place; and if f is a hinge, "
    "continuous with one kink, the error of the sine falls as the power -2 of the number of hinges, "
    f"within {RATE:g}."
)


@dataclass(frozen=True)
class Settings:
    """The sums."""

    activation: Elementwise = option("relu", "What is summed.")
    places: tuple[float, ...] = option((-1.0, 1.0), "Where each term begins.", -50, 50)
    weights: tuple[float, ...] = option((1.0, -2.0), "Its weight; one a place.")
    hinges: tuple[int, ...] = option(
        (4, 8, 16, 32, 64, 128), "Numbers of hinges that draw the sine.", 2, 2000
    )
    seed: int = seed_option()


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return the sum, its kinks and slopes, and how closely sums of hinges draw a sine."""
    f = settings.activation
    count = min(len(settings.places), len(settings.weights))
    places, weights = settings.places[:count], settings.weights[:count]
    reach = 3 + max(map(abs, places))
    x = np.linspace(-reach, reach, 6001)
    y = summed(f, places, weights, x)
    own = [float(k) for k in f.facts.kinks if np.isfinite(k)]
    straight = is_straight(f)
    fits = {n: drawn(f, n) for n in watched(sorted(set(settings.hinges)), progress)} if straight else {}
    return {
        "activation": f.name,
        "x": x[::10],
        "sum": y[::10],
        "straight": straight,
        "hinge": straight and len(own) == 1 and f.facts.smoothness == 0,
        "kinks": kinks_of(x, y),
        "expected kinks": sorted({p + k for p in places for k in own if abs(p + k) < reach}),
        "spacing": float(x[1] - x[0]),
        "errors": {n: error for n, (_, error) in fits.items()},
        "drawn": {n: values for n, (values, _) in list(fits.items())[:2]},
    }


def summed(f: Elementwise, places: Any, weights: Any, x: Array) -> Array:
    return np.asarray(sum(w * f(x - p) for p, w in zip(places, weights, strict=True)))


def is_straight(f: Elementwise) -> bool:
    """Return whether f is of straight pieces: its second differences are 0 but at its kinks."""
    x = np.linspace(-12, 12, 4801)
    bent = np.count_nonzero(bends(f(x)))
    return bool(bent <= 4 * max(len([k for k in f.facts.kinks if np.isfinite(k)]), 1))


def bends(y: Array) -> Any:
    second = np.abs(np.diff(y, 2))
    return second > max(STRAIGHT * second.max(), 1e-12)


def kinks_of(x: Array, y: Array) -> list[float]:
    """Return where the second differences are not 0; neighbours are one kink, but only up to a few."""
    found = x[1:-1][bends(y)]
    if len(found) > 200:
        return []
    groups: list[list[float]] = []
    for at in map(float, found):
        if groups and at - groups[-1][-1] <= 2.5 * (x[1] - x[0]):
            groups[-1].append(at)
        else:
            groups.append([at])
    return [float(np.mean(group)) for group in groups]


def drawn(f: Elementwise, hinges: int) -> tuple[Array, float]:
    """Return a sum of hinges on a fine grid that meets the sine at points, and its greatest error there.

    A hinge begins at every point but the last; their weights, and a constant, solve the equations.
    """
    points = np.linspace(0, 2 * np.pi, hinges + 1)
    x = np.linspace(0, 2 * np.pi, 4001)
    basis = np.stack([f(points - p) for p in points[:-1]], axis=1)
    basis = np.column_stack([basis, np.ones(len(points))])
    weights, *_ = np.linalg.lstsq(basis, np.sin(points), rcond=None)
    values = np.column_stack([*(f(x - p) for p in points[:-1]), np.ones(len(x))]) @ weights
    return values, float(np.max(np.abs(values - np.sin(x))))


def slope_of_errors(errors: dict[int, float]) -> float:
    """Return the power of the number of hinges by which the error falls, over the widest pair."""
    (few, large), (many, small) = [*errors.items()][1 if len(errors) > 2 else 0], [*errors.items()][-1]
    return float(np.log(small / large) / np.log(many / few)) if many > few and small > 0 else float("nan")


def judge(numbers: dict[str, Any]) -> Verdict:
    """Compare the kinks found with those expected, and the errors with a square."""
    name, kinks = numbers["activation"], numbers["kinks"]
    if not numbers["straight"]:
        bent = not kinks or numbers["expected kinks"] == []
        return Verdict(
            "bends everywhere",
            f"A sum of {name} is not of straight pieces: it bends between its "
            f"{len(numbers['expected kinks'])} kinks too.",
            holds=bent,
        )
    expected = numbers["expected kinks"]
    met = len(kinks) == len(expected) and all(
        abs(k - e) <= 1.5 * numbers["spacing"] for k, e in zip(kinks, expected, strict=False)
    )
    errors = numbers["errors"]
    power = slope_of_errors(errors) if len(errors) > 1 else -2.0
    falls = f": the error falls as the power {power:.2f} of their number" if len(errors) > 1 else ""
    least, most = min(errors), max(errors)
    return Verdict(
        "straight pieces",
        f"The sum of {name} has kinks at {', '.join(f'{k:.3g}' for k in kinks) or 'no place'} and "
        "is straight between; "
        f"{least} of them draw the sine within {errors[least]:.2g}, {most} within {errors[most]:.2g}{falls}.",
        holds=met and (not numbers["hinge"] or abs(power + 2) <= RATE),
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw the sum with its kinks, the sines drawn, and the errors."""
    heights = np.interp(numbers["kinks"], numbers["x"], numbers["sum"])
    first = Chart(
        "The sum and its kinks", "Dots stand where it turns.",
        (curve("the sum", numbers["x"], numbers["sum"]), dots("kinks", numbers["kinks"], heights)),
        Axis("x"), Axis("y"),
    )  # fmt: skip
    if not numbers["errors"]:
        return (first,)
    fine = np.linspace(0, 2 * np.pi, 4001)[::20]
    errors = numbers["errors"]
    begin = next(iter(errors))
    square = [errors[begin] * (begin / n) ** 2 for n in errors]
    return (
        first,
        Chart(
            "Sums of hinges that draw a sine", "They meet it at as many points as there are hinges, and one more.",
            (
                curve("sin", fine, np.sin(fine)),
                *(curve(f"{n} hinges", fine, values[::20]) for n, values in numbers["drawn"].items()),
            ),
            Axis("x"), Axis("y"),
        ),
        Chart(
            "Greatest error by number of hinges", "On doubled logarithmic scales a power is a straight line.",
            (curve("error", errors, errors.values()), curve("a square", errors, square)),
            Axis("hinges", log=True), Axis("greatest error", log=True),
        ),
        table(
            "Errors", ("hinges", "greatest error", "times that of the half"),
            [(str(n), e, errors[n] / errors[m] if m else None)
             for (m, n), e in zip(pairwise([0, *errors]), errors.values(), strict=True)],
        ),
    )  # fmt: skip
