"""A formula in 80-bit extended precision, ten million values at a time: the reference for float64.

Arithmetic keeps what it loses, and a word at high + low is word(high) + word'(high) low: so no steep word
magnifies the rounding of its argument, and terms that cancel leave the digits that their words have.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from flint import arb, ctx

from nonlin.certify.compensated import LONG, Kept, choose
from nonlin.certify.subject import Subject
from nonlin.certify.truth import Truth
from nonlin.derivation.arithmetic import DECIDE, Arithmetic, NoSuchForm, compiled
from nonlin.derivation.reference import enclose

BITS = 64
SERIES_TO = 2.0  # below, a series; above, a continued fraction; both to 2^-64 with so many terms
SERIES_TERMS, FRACTION_TERMS = 32, 280

Pair = tuple[np.ndarray, np.ndarray]


def in_long_double(subject: Subject, quantity: str) -> Callable[[np.ndarray], Pair]:
    """Return the quantity in extended precision, as pairs of float64; in balls where there is none."""
    try:
        if np.finfo(LONG).nmant < BITS - 1:
            raise NoSuchForm("long double is no longer than double on this machine")
        form = compiled(subject.formula(quantity), subject.values, ARITHMETIC, 192)
    except NoSuchForm:
        return lambda x: by_balls(subject.truth(quantity), x)

    def evaluate(x: np.ndarray) -> Pair:
        with np.errstate(all="ignore"):
            found = form(Kept(x.astype(LONG)))
            return _pair(found.high + np.zeros(x.shape, LONG), LONG(0) if found.low is None else found.low)

    return evaluate


def by_balls(truth: Truth, x: np.ndarray) -> Pair:
    """Return the truth at each input as a pair of float64, its error below 2^-100."""
    pairs = [_long_pair(_sure(truth, float(at))) for at in x]
    return np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])


def _sure(truth: Truth, at: float) -> Any:
    """Return a ball of 110 bits or more, unless it is around 0."""
    for bits in (256, 1024, 4096, 16384):
        ball = truth.ball(at, bits)
        if ball.rel_accuracy_bits() >= 110:
            break
    return ball


def _long_pair(ball: Any) -> tuple[float, float]:
    high = float(ball.mid())
    with ctx.workprec(256):
        return high, float((ball - arb(high)).mid()) if abs(high) < np.inf else 0.0


def _pair(value: np.ndarray, rest: Any) -> Pair:
    high = (value + rest).astype(np.float64)
    return high, ((value - high) + rest).astype(np.float64)


def _constant(e: Any, values: Mapping[Any, float], bits: int) -> Kept:
    high, low = map(LONG, _long_pair(enclose(e, values, bits)))
    total = high + low
    return Kept(total, (high - total) + low if np.isfinite(total) else LONG(0))


def _sigmoid(u: Any) -> Any:
    e = np.exp(-abs(u))
    return np.where(u < 0, e, LONG(1)) / (1 + e)


def _softplus(u: Any) -> Any:
    return np.maximum(u, 0) + np.log1p(np.exp(-abs(u)))


def _sech2(u: Any) -> Any:
    e = np.exp(-2 * abs(u))
    return 4 * e / (1 + e) ** 2


def _expm1_rest(u: Any) -> Any:
    near = np.clip(u, -1, 1)
    series = sum(near**k / LONG(math.factorial(k)) for k in range(24, 1, -1))
    return np.where(abs(u) < 1, series, np.expm1(u) - u)


def _tanh_rest(u: Any) -> Any:
    """Near 0 (u cosh(u) - sinh(u)) / cosh(u), whose series has no sign but that of u."""
    near = np.clip(u, -1, 1)
    series = sum(near**k * LONG(k - 1) / LONG(math.factorial(k)) for k in range(27, 1, -2))
    return np.where(abs(u) < 1, series / np.cosh(near), u - np.tanh(u))


def _bell(u: Any) -> Any:
    """exp(-u^2 / 2) for u >= 0, the square split so that no digit of it is lost."""
    u = np.minimum(u, LONG(170))
    high = u.astype(np.float32).astype(LONG)
    return np.exp(-high * high / 2) * np.exp(-(u - high) * (u + high) / 2)


def _below(a: Any) -> Any:
    """Phi(-a) / bell(a) for a >= 2, by Laplace's continued fraction from its far end."""
    tail = a
    for n in range(FRACTION_TERMS, 0, -1):
        tail = a + n / tail
    return _PER_SQRT_2PI / tail


def _beside(a: Any) -> Any:
    """Phi(a) - 1/2 for 0 <= a <= 2: bell(a) a sum a^(2 n) / (2 n + 1)!! / sqrt(2 pi), all of one sign."""
    total = np.zeros_like(a)
    for n in range(SERIES_TERMS, 0, -1):
        total = (1 + total) * (a * a / (2 * n + 1))
    return _PER_SQRT_2PI * _bell(a) * a * (1 + total)


def _normal_cdf(u: Any) -> Any:
    a = abs(u)
    near, far = _beside(np.minimum(a, SERIES_TO)), _bell(a) * _below(np.maximum(a, SERIES_TO))
    left = np.where(a < SERIES_TO, LONG(0.5) - near, far)
    return np.where(u < 0, left, 1 - left)


def _normal_pdf(u: Any) -> Any:
    return _bell(abs(u)) * _PER_SQRT_2PI


def _erf(u: Any) -> Any:
    a = abs(u) * _SQRT_2
    far = 1 - 2 * _bell(a) * _below(np.maximum(a, SERIES_TO))
    return np.copysign(np.where(a < SERIES_TO, 2 * _beside(np.minimum(a, SERIES_TO)), far), u)


def _choose(condition: Any, a: Callable[[], Kept], b: Callable[[], Kept]) -> Kept:
    if isinstance(condition, bool):
        return a() if condition else b()
    return choose(condition, a(), b())


def _carrying(
    word: Callable[[Any], Any], slope: Callable[[Any, Any], Any] | None = None
) -> Callable[[Kept], Kept]:
    """Return the word for numbers that lost something; its slope is told by u and the word's value there."""

    def carrying(u: Kept) -> Kept:
        value = word(u.high)
        if u.low is None or slope is None:
            return Kept(value)
        change = slope(u.high, value) * u.low
        return Kept(value, np.where(np.isfinite(change), change, LONG(0)))

    return carrying


_PER_SQRT_2PI = LONG(0.3989422804014327) + LONG(-2.4923272022777433e-17)
_SQRT_2 = LONG(1.4142135623730951) + LONG(-9.667293313452913e-17)

WORDS: Mapping[str, Callable[..., Any]] = {
    "exp": _carrying(np.exp, lambda u, y: y),
    "expm1": _carrying(np.expm1, lambda u, y: y + 1),
    "expm1_rest": _carrying(_expm1_rest, lambda u, y: y + u),
    "log": _carrying(np.log, lambda u, y: 1 / u),
    "log1p": _carrying(np.log1p, lambda u, y: 1 / (1 + u)),
    "tanh": _carrying(np.tanh, lambda u, y: _sech2(u)),
    "tanh_rest": _carrying(_tanh_rest, lambda u, y: np.tanh(u) ** 2),
    "sech2": _carrying(_sech2, lambda u, y: -2 * np.tanh(u) * y),
    "sigmoid": _carrying(_sigmoid, lambda u, y: y * _sigmoid(-u)),
    "softplus": _carrying(_softplus, lambda u, y: _sigmoid(u)),
    "erf": _carrying(_erf, lambda u, y: 2 * _SQRT_2 * _normal_pdf(_SQRT_2 * u)),
    "normal_cdf": _carrying(_normal_cdf, lambda u, y: _normal_pdf(u)),
    "normal_pdf": _carrying(_normal_pdf, lambda u, y: -u * y),
    "sin": _carrying(np.sin, lambda u, y: np.cos(u)),
    "cos": _carrying(np.cos, lambda u, y: -np.sin(u)),
    "sign": _carrying(np.sign),
    "abs": abs,
}
LOGIC = {"And": np.logical_and, "Or": np.logical_or, "Not": np.logical_not}
ARITHMETIC = Arithmetic(_constant, WORDS, Kept.root, _choose, {**DECIDE, **LOGIC})
