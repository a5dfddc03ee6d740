"""Make the polynomial coefficients of the kernels: `python tools/coefficients.py` rewrites them.

Polynomials have the least relative error (Remez' exchange), rationals the least mean square one; both are
found at 60 digits and rounded to float64. The largest relative error of each, before rounding, is written
beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import mpmath as mp

mp.mp.dps = 60
TARGET = Path(__file__).parent.parent / "src/nonlin/kernels/primitives/coefficients.py"
Function = Callable[[mp.mpf], mp.mpf]


def remez(f: Function, degree: int, low: float, high: float) -> tuple[list[mp.mpf], mp.mpf]:
    """Return the polynomial of least relative error on [low, high], constant term first, and that error."""
    low, high = mp.mpf(low), mp.mpf(high)
    points = [
        (low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * k / (degree + 1)) for k in range(degree + 2)
    ]
    for _ in range(20):
        p = _levelled(f, degree, points)

        def error(t: mp.mpf, p: list[mp.mpf] = p) -> mp.mpf:
            return mp.polyval(p[::-1], t) / f(t) - 1

        points = _extrema(error, low, high, points)
        sizes = [abs(error(t)) for t in points]
        if max(sizes) < mp.mpf("1.02") * min(sizes):
            break
    return p, max(sizes)


def least_squares(
    f: Function, above: int, below: int, low: float, high: float, center: float
) -> tuple[list[mp.mpf], list[mp.mpf], mp.mpf]:
    """Return P / Q of least mean square relative error, Q's constant term 1, and its largest error.

    The points crowd around `center`, as Chebyshev's do in (x - center) / (x + center). The equations are
    linear in P and Q once divided by the last Q, and are solved again until Q stays.
    """
    points = _folded_points(6 * (above + below), low, high, center)
    values, q = [f(t) for t in points], [mp.mpf(1)]
    for _ in range(12):
        weights = [1 / (v * mp.polyval(q[::-1], t)) for t, v in zip(points, values, strict=True)]
        system = mp.matrix(len(points), above + below + 1)
        for i, (t, v, w) in enumerate(zip(points, values, weights, strict=True)):
            for j in range(above + 1):
                system[i, j] = w * t**j
            for j in range(1, below + 1):
                system[i, above + j] = -w * v * t**j
        solution = mp.lu_solve(system, mp.matrix([v * w for v, w in zip(values, weights, strict=True)]))
        p = [solution[j] for j in range(above + 1)]
        q = [mp.mpf(1), *(solution[above + j] for j in range(1, below + 1))]
    dense = _folded_points(2000, low, high, center)
    return p, q, max(abs(mp.polyval(p[::-1], t) / mp.polyval(q[::-1], t) / f(t) - 1) for t in dense)


def _folded_points(count: int, low: float, high: float, center: float) -> list[mp.mpf]:
    a, b = ((mp.mpf(at) - center) / (at + center) for at in (low, high))
    folded = [(a + b) / 2 - (b - a) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    return [center * (1 + t) / (1 - t) for t in folded]


def _levelled(f: Function, degree: int, points: list[mp.mpf]) -> list[mp.mpf]:
    """Return the polynomial that is f (1 +- E) at the points, signs alternating, for some E."""
    system = mp.matrix(degree + 2)
    for i, at in enumerate(points):
        for j in range(degree + 1):
            system[i, j] = at**j / f(at)
        system[i, degree + 1] = (-1) ** i
    return list(mp.lu_solve(system, mp.matrix([mp.mpf(1)] * (degree + 2))))[:-1]


def _extrema(error: Function, low: mp.mpf, high: mp.mpf, points: list[mp.mpf]) -> list[mp.mpf]:
    """Return where the error is largest between its sign changes."""
    zeros = [_sign_change(error, a, b) for a, b in pairwise(points)]
    edges = [low, *zeros, high]
    return [_largest(error, left, right) for left, right in pairwise(edges)]


def _sign_change(error: Function, left: mp.mpf, right: mp.mpf) -> mp.mpf:
    sign = mp.sign(error(left))
    for _ in range(40):
        middle = (left + right) / 2
        left, right = (middle, right) if mp.sign(error(middle)) == sign else (left, middle)
    return left


def _largest(error: Function, left: mp.mpf, right: mp.mpf) -> mp.mpf:
    step = (right - left) / 8
    best = max((left + step * k for k in range(9)), key=lambda t: abs(error(t)))
    for _ in range(30):
        step /= 2
        best = max((max(left, best - step), best, min(right, best + step)), key=lambda t: abs(error(t)))
    return best


def exp_rest(r: mp.mpf) -> mp.mpf:
    """(exp(r) - 1 - r) / r^2."""
    return mp.hyp1f1(1, 3, r) / 2


def atanh_rest(w: mp.mpf) -> mp.mpf:
    """(atanh(s) - s) / s^3 with w = s^2, so that log1p(e) = 2 atanh(s), s = e / (2 + e)."""
    return mp.mpf(1) / 3 if w == 0 else (mp.atanh(mp.sqrt(w)) / mp.sqrt(w) - 1) / w


def erf_ratio(w: mp.mpf) -> mp.mpf:
    """erf(x) / x with w = x^2."""
    return 2 / mp.sqrt(mp.pi) if w == 0 else mp.erf(mp.sqrt(w)) / mp.sqrt(w)


def mills(a: mp.mpf) -> mp.mpf:
    """exp(a^2 / 2) Phi(-a), which falls like 1 / a."""
    return mp.exp(a * a / 2) * mp.erfc(a / mp.sqrt(2)) / 2


def centre(w: mp.mpf) -> mp.mpf:
    """(Phi(u) - 1/2) / u with w = u^2."""
    return erf_ratio(w / 2) / mp.sqrt(8)


def bend(a: mp.mpf) -> mp.mpf:
    """1 / mills(a) less its asymptote; it falls from 2 like 1 / a."""
    return 1 / mills(a) - mp.sqrt(2 * mp.pi) * a


def folded_mills(center: float) -> Function:
    """(1 + a) mills(a) as a function of t = (a - center) / (a + center), which is smooth on [-1, 1)."""

    def f(t: mp.mpf) -> mp.mpf:
        a = center * (1 + t) / (1 - t)
        return (1 + a) * mills(a)

    return f


def tanh_rest(w: mp.mpf) -> mp.mpf:
    """(u - tanh(u)) / u^3 with w = u^2."""
    u = mp.sqrt(w)
    return mp.mpf(1) / 3 if w < mp.mpf("1e-15") else (u - mp.tanh(u)) / (u * w)


def sine_ratio(w: mp.mpf) -> mp.mpf:
    """sin(r) / r with w = r^2."""
    return mp.mpf(1) if w == 0 else mp.sin(mp.sqrt(w)) / mp.sqrt(w)


def lines() -> list[str]:
    half_ln2, third = mp.log(2) / 2, mp.mpf(1) / 9
    folded_end = (mp.mpf(39) - 3) / (39 + 3)
    exp_says = "(exp(r) - 1 - r) / r^2 in r, |r| <= ln(2) / 2"
    tanh_says = "(u - tanh(u)) / u^3 in u^2, |u| <= 1"
    log1p_says = "(atanh(s) - s) / s^3 in s^2, 0 <= s <= 1/3"
    return [
        *polynomial("EXP_SINGLE", exp_says, exp_rest, 6, -half_ln2, half_ln2),
        *polynomial("EXP_FAST", exp_says.replace("ln(2) / 2", "0.39"), exp_rest, 4, -mp.mpf("0.39"), mp.mpf("0.39")),
        *polynomial("EXP_DOUBLE", exp_says, exp_rest, 10, -half_ln2, half_ln2),
        *polynomial("EXP_REST_SINGLE", exp_says.replace("ln(2) / 2", "1"), exp_rest, 10, -1, 1),
        *polynomial("EXP_REST_FAST", exp_says.replace("ln(2) / 2", "1"), exp_rest, 7, -1, 1),
        *polynomial("EXP_REST_DOUBLE", exp_says.replace("ln(2) / 2", "1"), exp_rest, 14, -1, 1),
        *polynomial("TANH_REST_SINGLE", tanh_says, tanh_rest, 11, 0, 1),
        *polynomial("TANH_REST_FAST", tanh_says, tanh_rest, 7, 0, 1),
        *polynomial("TANH_REST_DOUBLE", tanh_says, tanh_rest, 16, 0, 1),
        *polynomial("SINE_SINGLE", "sin(r) / r in r^2, |r| <= 1.572", sine_ratio, 6, 0, mp.mpf("1.572") ** 2),
        *polynomial("LOG1P_SINGLE", log1p_says, atanh_rest, 5, 0, third),
        *polynomial("LOG1P_FAST", log1p_says, atanh_rest, 3, 0, third),
        *polynomial("LOG1P_DOUBLE", log1p_says, atanh_rest, 10, 0, third),
        *polynomial("ERF_SINGLE", "erf(x) / x in x^2, |x| <= 1", erf_ratio, 8, 0, 1),
        *polynomial("ERF_DOUBLE", "erf(x) / x in x^2, |x| <= 1", erf_ratio, 12, 0, 1),
        *rational("MILLS_SINGLE", "exp(a^2/2) Phi(-a) in a, 0 <= a <= 14.5", mills, 6, 7, 0, 14.5, 3),
        *rational(
            "BEND_FAST", "1 / (exp(a^2/2) Phi(-a)) - sqrt(2 pi) a in a, 3/4 <= a <= 12", bend, 3, 4, 0.75, 12, 3
        ),
        *polynomial("CENTRE_FAST", "(Phi(u) - 1/2) / u in u^2, |u| <= 3/4", centre, 4, 0, mp.mpf(9) / 16),
        *polynomial(
            "MILLS_DOUBLE", "(1 + a) exp(a^2/2) Phi(-a) in (a - 3) / (a + 3), 0 <= a <= 39",
            folded_mills(3), 23, -1, folded_end,
        ),
    ]  # fmt: skip


def polynomial(name: str, what: str, f: Function, degree: int, low: float, high: float) -> list[str]:
    p, error = remez(f, degree, low, high)
    return ["", f"# {what}; relative error 2^{float(mp.log(error, 2)):.1f}", f"{name} = {_floats(p)}"]


def rational(
    name: str, what: str, f: Function, above: int, below: int, low: float, high: float, center: float
) -> list[str]:
    p, q, error = least_squares(f, above, below, low, high, center)
    return [
        "",
        f"# {what}; relative error 2^{float(mp.log(error, 2)):.1f}",
        f"{name}_ABOVE = {_floats(p)}",
        f"{name}_BELOW = {_floats(q)}",
    ]


def _floats(coefficients: list[mp.mpf]) -> str:
    return "(\n" + "".join(f"    {float(c)!r},\n" for c in coefficients) + ")"


if __name__ == "__main__":
    head = '"""Coefficients, constant term first; made by `python tools/coefficients.py`, do not edit."""\n'
    TARGET.write_text(head + "\n".join(lines()) + "\n")
    print(f"wrote {TARGET.name}")
