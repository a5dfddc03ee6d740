"""Words that fall below the smallest normal float64, as a product of two numbers that do not.

x exp(x) at -745 is 745 times a number of one digit: 372 ulp lost. As first * second, where the second is a
power of two, the product (x first) second is rounded once.

Claims for first * second, subnormal results included: exp 1 ulp, sigmoid and normal_pdf 1.5, normal_cdf and
softplus 3, sech2 4. exp(-u^2 / 2) is a power of two p times 1 + m, so what it multiplies, c, is a multiple of
p too, and c p + c p m is rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nonlin.kernels.lanes import Real, fma, fused, polynomial, where
from nonlin.kernels.primitives.coefficients import ERF_DOUBLE
from nonlin.kernels.primitives.exp import power_of_two, reduced_double
from nonlin.kernels.primitives.logistic import carried, logistic_words, share_of_one
from nonlin.kernels.primitives.normal import PER_SQRT_2PI, mills_fraction, normal_words, outward, split_square

LEAST = -760.0  # exp of anything below is 0, even times the largest argument that could lead there

HALF_PER_SQRT2 = 0.3535533905932738

Split = tuple[Real, Real]

_softplus, _normal_cdf = logistic_words("double")["softplus"], normal_words("double")["normal_cdf"]


def _powers(u: Real, low: Real | None) -> tuple[Real, Real, Real]:
    """Return p, m, q such that exp(u) = p (1 + m) q, where p and q are powers of two, or p is 0."""
    k, m = reduced_double(u, low, LEAST)
    half = k >> 1
    return where(u < LEAST, 0.0, power_of_two(half)), m, power_of_two(k - half)


def exp(u: Real, low: Real | None = None) -> Split:
    first, m, second = _powers(u, low)
    return fused(first, m, first), second


def _decay(u: Real, low: Real | None, times: float) -> tuple[Real, Real, Real]:
    return _powers(abs(u) * -times, carried(u, low, times))


def sigmoid(u: Real, low: Real | None = None) -> Split:
    """The product with the share is rounded once."""
    first, m, second = _decay(u, low, 1.0)
    share = share_of_one("double", fused(first, m, first) * second)
    scaled = first * share
    return where(u >= 0.0, share, fused(scaled, m, scaled)), where(u >= 0.0, 1.0, second)


def sech2(u: Real, low: Real | None = None) -> Split:
    first, m, second = _decay(u, low, 2.0)
    share = share_of_one("double", fused(first, m, first) * second)
    scaled = (4.0 * first) * (share * share)
    return fused(scaled, m, scaled), second


def softplus(u: Real, low: Real | None = None) -> Split:
    first, second = exp(u, low)
    far = u < -40.0  # there it is exp(u)
    return where(far, first, _softplus(u, low)), where(far, second, 1.0)


def normal_pdf(u: Real, low: Real | None = None) -> Split:
    first, m, second = _powers(*split_square(u, low))
    top = first * PER_SQRT_2PI
    return fused(top, m, top), second


def _mills(a: Real) -> Split:
    """Return Mills' ratio, and how much of it the sum and the division lost."""
    above, below = mills_fraction(a)
    ratio = above / below
    return ratio, (fma(-ratio, below, above) - ratio * (a - (below - 1.0))) / above


def normal_cdf(u: Real, low: Real | None = None) -> Split:
    """Around 0 it is 1/2 + u times a polynomial, where nothing is lost; on the left the tail."""
    a = where(u < -39.5, 39.5, abs(u))
    first, m, second = _powers(*split_square(a, outward(u, low)))
    ratio, rest = _mills(a)
    scaled = first * ratio
    tail = fused(scaled, m + fused(m, rest, rest), scaled)
    square = u * u
    centre = fused(u * HALF_PER_SQRT2, polynomial(square * 0.5, ERF_DOUBLE), u.lanes.constant(0.5))
    near, left = square <= 0.5625, u < -0.75
    right = where(near, centre, _normal_cdf(u, low))
    return where(left, tail, right), where(left, second, 1.0)


SPLIT: Mapping[str, Callable[..., Split]] = {
    "exp": exp, "sigmoid": sigmoid, "sech2": sech2, "softplus": softplus, "normal_pdf": normal_pdf,
    "normal_cdf": normal_cdf,
}  # fmt: skip
