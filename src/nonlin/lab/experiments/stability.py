"""What do the textbook formulas do with large numbers?

exp(89) does not fit into float32, and a quotient of two infinities is no number. The textbook formulas and the
library's functions are both computed in float32 and compared with the textbook formulas in float64, where nothing
overflows up to 300.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import nonlin
from nonlin.lab.progress import Progress, watched
from nonlin.lab.record import Verdict
from nonlin.lab.settings import option, seed_option
from nonlin.lab.showing import Axis, BarChart, Chart, Shown, Table, curve

WRONG = 0.01
CRITERION = (
    f"A result is wrong if it is no finite number, or off by more than {WRONG:g} of the true value. The textbook "
    "formulas fail if each gives a wrong result somewhere, and the library's functions hold if none gives any. "
    "Both are asserted."
)


@dataclass(frozen=True)
class Settings:
    """Where they are computed."""

    reach: float = option(200.0, "Inputs go from minus this to this.", 1, 300)
    count: int = option(2001, "How many inputs.", 2, 10_000_000)
    seed: int = seed_option()


def sigmoid(x: Any) -> Any:
    return np.exp(x) / (1 + np.exp(x))


def tanh(x: Any) -> Any:
    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))


def softplus(x: Any) -> Any:
    return np.log(1 + np.exp(x))


def softmax(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)


def softplus_in_more_digits(x: Any) -> Any:
    return np.log1p(np.exp(x))


def tanh_in_more_digits(x: Any) -> Any:
    return np.expm1(2 * x) / (np.expm1(2 * x) + 2)


PAIRS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "sigmoid": (sigmoid, sigmoid),
    "tanh": (tanh, tanh_in_more_digits),
    "softplus": (softplus, softplus_in_more_digits),
    "softmax": (softmax, softmax),
}
"""The textbook formula, and the one that is exact enough in float64."""


def measure(settings: Settings, progress: Progress) -> dict[str, Any]:
    """Return where each is wrong, and how far off."""
    x = np.linspace(-settings.reach, settings.reach, settings.count)
    return {
        "reach": settings.reach,
        "x": x,
        "of": {name: compared(name, x.astype(np.float32)) for name in watched(list(PAIRS), progress)},
    }


def compared(name: str, x: Any) -> dict[str, Any]:
    """Return both sides' errors; a row of softmax is (x, 0)."""
    textbook, exact = PAIRS[name]
    given = np.stack([x, np.zeros_like(x)], axis=-1) if name == "softmax" else x
    with np.errstate(all="ignore"):
        truth, by_book = exact(given.astype(np.float64)), textbook(given)
        ours = getattr(nonlin, name)(given)
        sides = {"textbook": error(by_book, truth), "nonlin": error(ours, truth)}
    return {
        side: {
            "wrong": int(np.sum(wrong(found))),
            "not a number": int(np.sum(~np.isfinite(by_book if side == "textbook" else ours))),
            "least wrong |x|": float(np.min(np.abs(x)[wrong(found)], initial=np.inf)),
            "error": found,
        }
        for side, found in sides.items()
    }


def error(found: Any, truth: Any) -> Any:
    """Return the relative error, the greatest of a row; what float32 rounds to 0 or less counts as 0 off."""
    least = float(np.finfo(np.float32).tiny)
    off = np.abs(found - truth) / np.maximum(np.abs(truth), least)
    return off if off.ndim == 1 else off.max(axis=-1)


def wrong(off: Any) -> Any:
    return ~(off <= WRONG)


def judge(numbers: dict[str, Any]) -> Verdict:
    """Count wrong results."""
    of = numbers["of"]
    failing = [name for name in of if of[name]["textbook"]["wrong"]]
    ours = [name for name in of if of[name]["nonlin"]["wrong"]]
    answer = (
        "the library fails" if ours else "only the textbook fails" if len(failing) == len(of) else "some hold"
    )
    counts = ", ".join(
        f"{name} {of[name]['textbook']['wrong']} (from |x| = {of[name]['textbook']['least wrong |x|']:.3g})"
        for name in failing
    )
    total, count = sum(of[name]["nonlin"]["wrong"] for name in of), len(numbers["x"])
    return Verdict(
        answer,
        f"Of {count} results in float32 between -{numbers['reach']:g} and {numbers['reach']:g} the textbook formulas "
        f"get wrong: {counts or 'none'}; nonlin gets {total or 'none'} wrong.",
        holds=answer == "only the textbook fails",
    )


def show(numbers: dict[str, Any]) -> tuple[Shown, ...]:
    """Draw how many are wrong, and the textbook's errors over x."""
    of = numbers["of"]
    rows = tuple(
        (f"{name}, {side}", one["wrong"], one["not a number"], one["least wrong |x|"])
        for name, sides in of.items()
        for side, one in sides.items()
    )
    return (
        BarChart(
            "Wrong results",
            f"Among {len(numbers['x'])} inputs.",
            tuple(row[0] for row in rows),
            tuple(float(row[1]) for row in rows),
            Axis("wrong results"),
        ),
        Chart(
            "How far the textbook formulas are off",
            "Relative error in float32; where a line ends, the formula gives no number.",
            tuple(curve(name, numbers["x"], drawable(one["textbook"]["error"])) for name, one in of.items()),
            Axis("x"),
            Axis("relative error", log=True),
        ),
        Table("In numbers", ("function", "wrong", "not a number", "least wrong |x|"), rows),
    )


def drawable(errors: Any) -> list[float | None]:
    return [max(float(one), 1e-9) if np.isfinite(one) else None for one in errors]
