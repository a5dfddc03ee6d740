"""The normal distribution and erf: exp(-u^2 / 2) times a slowly falling fraction (Mills' ratio).

Claims (relative error): the near forms 2^-36; of the double forms `normal_pdf` and `erf` 3 ulp, `normal_cdf`
6 ulp in the far left tail and 3 elsewhere; the fast forms, in float32 and for |u| <= 4, 4 ulp.
"""

from __future__ import annotations

from collections.abc import Callable

from nonlin.kernels.lanes import Real, fma, fused, polynomial, where, with_sign_of
from nonlin.kernels.primitives.coefficients import (
    BEND_FAST_ABOVE,
    BEND_FAST_BELOW,
    CENTRE_FAST,
    ERF_DOUBLE,
    ERF_SINGLE,
    MILLS_DOUBLE,
    MILLS_SINGLE_ABOVE,
    MILLS_SINGLE_BELOW,
)
from nonlin.kernels.primitives.exp import (
    Kind,
    exp_double,
    exp_near,
    fast_power_of_two,
    reduced_fast,
)

SQRT_2PI = 2.5066282746310002
PER_SQRT_2PI = 0.3989422804014327
SQRT2 = 1.4142135623730951
UPPER_BITS = -(1 << 27)  # keeps 26 bits of a float64, whose square is exact

REACH = {"near": 14.5, "fast": 11.7}
"""How large an argument the short forms take."""


def bell_near(u: Real) -> Real:
    """exp(-u^2 / 2)."""
    return exp_near(u * u * -0.5)


def split_square(u: Real, low: Real | None = None) -> tuple[Real, Real]:
    """Return -u^2 / 2 in two parts: u^2 = high^2 + (u - high)(u + high), so that no digit of the square is lost.

    Where u carries on into `low`, the second part has -u low, too.
    """
    size = abs(u)
    a = where(size > 40.0, 40.0, size)
    high = (a.bits() & UPPER_BITS).real()
    first, rest = high * high * -0.5, (a - high) * (a + high) * -0.5
    if low is not None:
        rest = rest - where(size > 40.0, 0.0, u * low)
    return first, rest


def bell_double(u: Real, low: Real | None = None) -> Real:
    return exp_double(*split_square(u, low))


def split_bell_fast(u: Real) -> tuple[Real, Real]:
    """Return a power of two and what its product with exp(-u^2 / 2) exceeds 1 by; what the square lost is put back."""
    square = u * u
    k, m = reduced_fast(square * -0.5, fma(u, u, -square) * -0.5)
    return fast_power_of_two(k), m


def pdf_near(u: Real) -> Real:
    return bell_near(u) * PER_SQRT_2PI


def pdf_double(u: Real, low: Real | None = None) -> Real:
    return bell_double(u, low) * PER_SQRT_2PI


def pdf_fast(u: Real) -> Real:
    scale, m = split_bell_fast(u)
    top = scale * PER_SQRT_2PI
    return fused(top, m, top)


def left_tail_near(a: Real) -> Real:
    """Phi(-a) for a >= 0."""
    return bell_near(a) * (polynomial(a, MILLS_SINGLE_ABOVE) / polynomial(a, MILLS_SINGLE_BELOW))


def mills_fraction(a: Real) -> tuple[Real, Real]:
    """exp(a^2 / 2) Phi(-a) for 0 <= a <= 40, as what is to be divided by what."""
    return polynomial((a - 3.0) / (a + 3.0), MILLS_DOUBLE), 1.0 + a


def mills_double(a: Real) -> Real:
    above, below = mills_fraction(a)
    return above / below


def left_tail_double(a: Real, low: Real | None = None) -> Real:
    b = where(a > 39.0, 39.0, a)
    return bell_double(a, low) * mills_double(b)


def left_tail_fast(a: Real) -> Real:
    """With 1 / Mills' ratio = sqrt(2 pi) a + P / Q, the error of P / Q fades for large a, that of Q cancels."""
    scale, m = split_bell_fast(a)
    below = polynomial(a, BEND_FAST_BELOW)
    return scale * (fused(below, m, below) / fused(below * SQRT_2PI, a, polynomial(a, BEND_FAST_ABOVE)))


PDF = {"near": pdf_near, "double": pdf_double, "fast": pdf_fast}
LEFT_TAIL = {"near": left_tail_near, "double": left_tail_double, "fast": left_tail_fast}


def outward(u: Real, low: Real | None) -> Real | None:
    """Return what |u| carries on, where u carries on `low`."""
    return None if low is None else where(u < 0.0, -low, low)


def normal_words(kind: Kind) -> dict[str, Callable[..., Real]]:
    """Return the words for one kind of lanes; erf has no fast form."""
    pdf, left_tail = PDF[kind], LEFT_TAIL[kind]

    def within_reach(u: Real) -> None:
        if kind in REACH:
            u.lanes.require(abs(u) <= REACH[kind])

    def normal_pdf(u: Real, low: Real | None = None) -> Real:
        within_reach(u)
        return pdf_double(u, low) if kind == "double" else pdf(u)

    def normal_cdf(u: Real, low: Real | None = None) -> Real:
        within_reach(u)
        tail = left_tail_double(abs(u), outward(u, low)) if kind == "double" else left_tail(abs(u))
        return where(u < 0.0, tail, 1.0 - tail)

    def normal_cdf_fast(u: Real, low: Real | None = None) -> Real:
        u.lanes.require(u >= -REACH["fast"])
        size = abs(u)
        tail = left_tail_fast(where(size > REACH["fast"], REACH["fast"], size))
        centre = fused(u, polynomial(u * u, CENTRE_FAST), u.lanes.constant(0.5))
        return where(size <= 0.75, centre, where(u < 0.0, tail, 1.0 - tail))

    def erf(u: Real, low: Real | None = None) -> Real:
        if kind == "near":
            u.lanes.require(abs(u) <= 10.0)  # sqrt(2) times it is within reach
        size = abs(u)
        square = u * u
        near = u * polynomial(
            where(square < 1.0, square, 1.0), ERF_DOUBLE if kind == "double" else ERF_SINGLE
        )
        far = with_sign_of(1.0 - 2.0 * left_tail(size * SQRT2), u)
        return where(size <= 1.0, near, far)

    if kind == "fast":
        return {"normal_pdf": normal_pdf, "normal_cdf": normal_cdf_fast}
    return {"normal_pdf": normal_pdf, "normal_cdf": normal_cdf, "erf": erf}
