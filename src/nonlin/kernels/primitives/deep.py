"""Words that fall below the smallest normal float64, as a product of two numbers that do not.

x exp(x) at -745 is 745 times a number of one digit: 372 ulp lost. As first * second, where the second is a
power of two, the product (x first) second is rounded once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nonlin.kernels.lanes import Real, fused, polynomial, where
from nonlin.kernels.primitives.coefficients import MILLS_DOUBLE
from nonlin.kernels.primitives.exp import power_of_two, reduced_double
from nonlin.kernels.primitives.logistic import logistic_words, share_of_one
from nonlin.kernels.primitives.normal import PER_SQRT_2PI, normal_words, split_square

LEAST = -760.0  # exp of anything below is 0, even times the largest argument that could lead there

Split = tuple[Real, Real]

_softplus, _normal_cdf = logistic_words("double")["softplus"], normal_words("double")["normal_cdf"]


def exp(u: Real, low: Real | None = None) -> Split:
    k, m = reduced_double(u, low, LEAST)
    half = k >> 1
    first = power_of_two(half)
    return where(u < LEAST, 0.0, fused(first, m, first)), power_of_two(k - half)


def _decay(u: Real, low: Real | None, times: float) -> Split:
    return exp(abs(u) * -times, None if low is None else where(u < 0.0, low, -low) * times)


def sigmoid(u: Real, low: Real | None = None) -> Split:
    first, second = _decay(u, low, 1.0)
    share = share_of_one("double", first * second)
    return where(u >= 0.0, share, first * share), where(u >= 0.0, 1.0, second)


def sech2(u: Real, low: Real | None = None) -> Split:
    first, second = _decay(u, low, 2.0)
    share = share_of_one("double", first * second)
    return (4.0 * first) * (share * share), second


def softplus(u: Real, low: Real | None = None) -> Split:
    first, second = exp(u, low)
    far = u < -40.0  # there it is exp(u)
    return where(far, first, _softplus(u, low)), where(far, second, 1.0)


def normal_pdf(u: Real, low: Real | None = None) -> Split:
    first, second = exp(*split_square(u))
    return first * PER_SQRT_2PI, second


def normal_cdf(u: Real, low: Real | None = None) -> Split:
    a = where(u < -39.5, 39.5, abs(u))
    first, second = exp(*split_square(a))
    tail = first * (polynomial((a - 3.0) / (a + 3.0), MILLS_DOUBLE) / (1.0 + a))
    left = u < 0.0
    return where(left, tail, _normal_cdf(u, low)), where(left, second, 1.0)


SPLIT: Mapping[str, Callable[..., Split]] = {
    "exp": exp, "sigmoid": sigmoid, "sech2": sech2, "softplus": softplus, "normal_pdf": normal_pdf,
    "normal_cdf": normal_cdf,
}  # fmt: skip
