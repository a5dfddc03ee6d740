"""The fast reference and its error, which is measured against balls in every block before it is trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nonlin.certify.extended import in_long_double
from nonlin.certify.inputs import CHUNK, Inputs
from nonlin.certify.subject import Subject
from nonlin.certify.truth import Truth
from nonlin.derivation.calculus import derivative

SAFETY = 8.0
POOR = 16.0  # times the floor: near a root, what is worse is held to the size of its error instead
FLOOR = {"float32": 2.0**-46, "float64": 2.0**-62}
SMALL = (
    2.0**-120
)  # below, f(x) = c0 + c1 x + c2 x^2 to 2^-120: and x / 2 may be a tie, so no digit may be lost
UNDERFLOW = 2.0**-990
SMALLEST = 2.0**-1000

Pair = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Reference:
    """A reference for one block.

    Attributes
    ----------
    evaluate : callable
        From inputs to (high, low).
    margin : (float, float, float)
        Its error relative to high, relative to low, and absolute.
    measured : float
        The largest error relative to the truth that was found.
    samples : int
        At how many inputs of the block it was measured.
    """

    evaluate: Callable[[np.ndarray], Pair]
    margin: tuple[float, float, float]
    measured: float
    samples: int


def reference(subject: Subject, quantity: str, inputs: Inputs, block: int, samples: int) -> Reference:
    """Return the reference of a block, with the margin that its measured error asks for."""
    x = inputs.some(block, samples)
    truth = subject.truth(quantity)
    if subject.form.name == "float64":
        evaluate = in_long_double(subject, quantity)
        return _checked(evaluate, truth, x, FLOOR["float64"], 0.0, subject.is_wave(quantity))
    if x.size and abs(x).max() <= SMALL:
        series = _series(subject, quantity, side=-1 if np.signbit(x[0]) else 1)
        if series is not None:
            return _checked_series(*series, truth, x)
    evaluate = _in_double(subject, quantity)
    return _checked(evaluate, truth, x, FLOOR["float32"], UNDERFLOW, subject.is_wave(quantity))


def _in_double(subject: Subject, quantity: str) -> Callable[[np.ndarray], Pair]:
    compute = subject.in_double(quantity)
    zeros = np.zeros(CHUNK)

    def evaluate(x: np.ndarray) -> Pair:
        return compute(x.astype(np.float64)), zeros[: x.size]

    return evaluate


def _checked(
    evaluate: Callable[[np.ndarray], Pair],
    truth: Truth,
    x: np.ndarray,
    floor: float,
    absolute: float,
    wave: bool,
) -> Reference:
    """Measure the reference at some inputs; a wave, or a sign change among them, means roots: only size counts."""
    x = np.concatenate([x, *_around_roots(evaluate, x)])
    high, low = evaluate(x)
    found = [
        truth.distance(float(at), h, r) for at, h, r in zip(x, high, low, strict=True) if abs(h) < np.inf
    ]
    measured = max((d / size for d, size in found if size > max(absolute, SMALLEST)), default=0.0)
    relative = measured
    if wave or ((high > 0).any() and (high < 0).any()):
        poor = [d for d, size in found if d > POOR * floor * size]
        relative = max((d / size for d, size in found if size and d <= POOR * floor * size), default=0.0)
        absolute = max([absolute, *(SAFETY * d for d in poor)])
    return Reference(evaluate, (max(floor, SAFETY * relative), 0.0, absolute), float(measured), len(found))


def _around_roots(evaluate: Callable[[np.ndarray], Pair], x: np.ndarray) -> Iterator[np.ndarray]:
    """Yield inputs nearer and nearer to each place in the block where the reference changes its sign."""
    signs = np.sign(evaluate(x)[0])
    for i in np.flatnonzero(signs[:-1] * signs[1:] < 0):
        low, high = x[i], x[i + 1]
        for _ in range(64):
            middle = low + (high - low) / 2
            left = np.sign(evaluate(np.array([middle], x.dtype))[0][0]) == signs[i]
            low, high = (middle, high) if left else (low, middle)
        steps = abs(low) * np.float64(2) ** -np.arange(3, np.finfo(x.dtype).nmant + 2)
        with np.errstate(over="ignore"):  # beside the largest number
            near = np.concatenate([low - steps, low + steps, [low, high]]).astype(x.dtype)
        yield near[(near >= x.min()) & (near <= x.max())]


def _checked_series(
    evaluate: Callable[[np.ndarray], Pair], absolute: float, truth: Truth, x: np.ndarray
) -> Reference:
    """Measure c1 x + c2 x^2, whose first term is exact, by the error of the second."""
    high, low = evaluate(x)
    found = [truth.distance(float(at), h, r)[0] for at, h, r in zip(x, high, low, strict=True)]
    measured = max((d / abs(r) for d, r in zip(found, low, strict=True) if r), default=0.0)
    exact = max((d for d, r in zip(found, low, strict=True) if not r), default=0.0)
    margin = 0.0, max(2.0**-40, SAFETY * measured), max(absolute, SAFETY * exact)
    return Reference(evaluate, margin, float(measured), len(found))


def _series(subject: Subject, quantity: str, side: int) -> tuple[Callable[[np.ndarray], Pair], float] | None:
    """Return c1 x + c2 x^2 and a bound of the rest, if f(0) is 0 and c1 x is exact in float64."""
    definition, order = subject.activation.definition, int(quantity == "slope")
    beside = side * 2.0**-300
    if abs(subject.truth(quantity).ball(beside)) > 2.0**-250:
        return None
    balls = [Truth(derivative(definition, order + k), subject.values).ball(beside, 1024) for k in (1, 2, 3)]
    c1, c2, c3 = (float(b.mid()) for b in balls)
    if abs(balls[0] - c1) > 2.0**-200 or np.float32(c1) != c1:
        return None

    at_zero = subject.truth(quantity).value(0.0)  # a function that jumps there has another value

    def evaluate(x: np.ndarray) -> Pair:
        wide = x.astype(np.float64)
        first = c1 * wide
        return np.where(wide == 0.0, at_zero, first) if at_zero else first, (c2 / 2) * wide * wide

    return evaluate, abs(c3) * SMALL**3
