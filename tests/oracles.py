"""Independent truth: plain formulas in mpmath and NumPy's extended precision, written by hand, none from nonlin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import ml_dtypes
import mpmath as mp
import numpy as np
from scipy import special

import textbook

Number = Any
Plain = Callable[..., Number]

LONG = np.longdouble
DIGITS = 50
AGREED = mp.mpf(10) ** -30  # two precisions that agree this well have outgrown every cancellation


# --- The error of a result, in units of the last place ---------------------------------------------------


def ulps(got: Any, truth: Any) -> np.ndarray:
    """Return |got - truth| in units of the last place of got's dtype at the truth.

    The unit is the spacing of the binade that holds the truth, and never below the smallest subnormal. An
    infinity counts as the number that would follow the largest finite one, on both sides, so that an overflow
    is right exactly where rounding overflows. NaN for NaN is no error, NaN for a number is infinitely wrong.
    """
    got = np.atleast_1d(got)
    info = ml_dtypes.finfo(got.dtype)
    wide: Any = (
        LONG if got.dtype == np.float64 else np.float64
    )  # float64 leaves 29 spare bits beyond a float32
    beyond = np.ldexp(wide(1), int(info.maxexp))
    with np.errstate(all="ignore"):
        exact = np.clip(np.atleast_1d(np.asarray(truth)).astype(wide), -beyond, beyond)
        found = np.clip(got.astype(wide), -beyond, beyond)
        exponent = np.frexp(exact)[1] - 1
        exponent = np.where(exact == 0, info.minexp, np.clip(exponent, info.minexp, info.maxexp - 1))
        error = np.abs(found - exact) / np.ldexp(wide(1), exponent - info.nmant)
    error[np.isnan(found) != np.isnan(exact)] = np.inf
    error[np.isnan(found) & np.isnan(exact)] = 0
    return error.astype(np.float64)


def ulps_of_terms(got: Any, truth: Any, terms: Any) -> np.ndarray:
    """Return |got - truth| in units of the last place of got's dtype at the size of what was added up."""
    got, terms = np.atleast_1d(got), np.abs(np.atleast_1d(np.asarray(terms, LONG)))
    info = np.finfo(got.dtype)
    exponent = np.where(terms == 0, info.minexp, np.frexp(terms)[1] - 1)
    unit = np.ldexp(LONG(1), np.clip(exponent, info.minexp, info.maxexp - 1) - info.nmant)
    beyond = np.ldexp(LONG(1), int(info.maxexp))
    found, exact = (np.clip(v, -beyond, beyond) for v in (got.astype(LONG), truth))
    return np.asarray(np.abs(found - exact) / unit, np.float64)


def worst(got: np.ndarray, truth: np.ndarray, at: np.ndarray) -> tuple[float, str]:
    """Return the largest error in ulps, and a sentence that names its input."""
    errors = ulps(got, truth)
    if errors.size == 0:
        return 0.0, "no inputs"
    i = int(np.argmax(errors))
    place = np.asarray(at).ravel()[i]
    return float(errors[i]), (
        f"{errors[i]:.4g} ulp at x = {float(place)!r} ({float(place).hex()}): "
        f"got {float(np.ravel(got)[i])!r}, truth {float(np.ravel(truth)[i])!r}"
    )


# --- mpmath: plain formulas, precision raised until it no longer matters ---------------------------------


def exactly(plain: Plain, *arguments: Any, **parameters: float) -> mp.mpf:
    """Return the plain formula's value at float arguments, by doubling the digits until two answers agree."""
    digits, before = DIGITS, None
    while True:
        with mp.workdps(digits):
            now = mp.mpf(plain(*map(mp.mpf, arguments), **{k: mp.mpf(v) for k, v in parameters.items()}))
            settled = (
                before is not None and (now != 0 or digits > 1000) and abs(now - before) <= AGREED * abs(now)
            )
        if settled or (before is not None and abs(now) < mp.mpf("1e-400") and digits > 800):
            return now
        if digits > 20_000:
            raise ArithmeticError(f"{plain} at {arguments} does not settle")
        digits, before = digits * 2, now


def exact_array(plain: Plain, xs: Sequence[float] | np.ndarray, **parameters: float) -> np.ndarray:
    """Return the plain formula at each x, as extended-precision numbers."""
    return np.array([to_long(exactly(plain, float(x), **parameters)) for x in np.ravel(xs)], dtype=LONG)


def to_long(value: mp.mpf) -> Any:
    """Return the extended-precision number next to an mpmath one."""
    with mp.workdps(60):
        mantissa, exponent = mp.frexp(value)
        high = float(mantissa)
        low = float(mantissa - high)
    return np.ldexp(LONG(high) + LONG(low), int(max(min(exponent, 16000), -16000)))


def nearest_halves(
    plain: Plain, truth: np.ndarray, x: np.ndarray, **parameters: float
) -> tuple[np.ndarray, int]:
    """Return the numbers of x's half-precision dtype next to a plain formula, ties to even, and how many were close.

    The truth in extended precision tells all but ties and what is within a millionth of a unit of one; there
    the side of the tie is asked of mpmath in 100 digits, in 300 and in 1200.
    """
    info = ml_dtypes.finfo(x.dtype)
    exponent = np.where(
        truth == 0, info.minexp, np.clip(np.frexp(truth)[1] - 1, info.minexp, info.maxexp - 1)
    )
    unit = np.ldexp(LONG(1), exponent - info.nmant)
    with np.errstate(invalid="ignore"):
        steps = np.rint(truth / unit)
        below = np.floor(truth / unit)
        close = np.flatnonzero(np.abs(truth / unit - below - 0.5) < 1e-6)
    for i in close:
        side = _side_of(plain, float(x[i]), (2 * int(below[i]) + 1) * mp.mpf(float(unit[i])) / 2, parameters)
        steps[i] = below[i] + (side > 0 or (side == 0 and below[i] % 2 == 1))
    with np.errstate(over="ignore"):
        nearest = (steps * unit).astype(np.float64)
    return np.where(np.abs(nearest) >= 2.0**info.maxexp, np.copysign(np.inf, nearest), nearest), close.size


def _side_of(plain: Plain, at: float, tie: mp.mpf, parameters: Mapping[str, float]) -> int:
    for digits in (100, 300, 1200):
        with mp.workdps(digits):
            exact = {name: mp.mpf(value) for name, value in parameters.items()}
            difference = mp.mpf(plain(mp.mpf(at), **exact)) - tie
            if abs(difference) > abs(tie) * mp.mpf(10) ** (20 - digits):
                return int(mp.sign(difference))
    return 0


def _positive(x: Number, above: Number, below: Number) -> Number:
    return above if x > 0 else below


def _e(x: Number) -> Number:
    return mp.exp(max(min(x, 10**5), -(10**5)))  # beyond, no float64 can tell, and mpmath would take for ever


def _s(x: Number) -> Number:
    return 1 / (1 + _e(-x))


def _phi(x: Number) -> Number:
    return _e(-x * x / 2) / mp.sqrt(2 * mp.pi)


def _cdf(x: Number) -> Number:
    return mp.erfc(-max(min(x, 10**6), -(10**6)) / mp.sqrt(2)) / 2  # mpmath's erfc fails beyond 1e150


def _sech2(x: Number) -> Number:
    return 4 * _e(-2 * abs(x)) / (1 + _e(-2 * abs(x))) ** 2


def _inner(x: Number) -> tuple[Number, Number, Number]:
    """The argument of the tanh in gelu_tanh, doubled, and its two derivatives."""
    c, a = 2 * mp.sqrt(2 / mp.pi), mp.mpf("0.044715")
    return c * (x + a * x**3), c * (1 + 3 * a * x * x), 6 * c * a * x


def _gated(x: Number, u: Number, du: Number, ddu: Number) -> tuple[Number, Number, Number]:
    """x sigmoid(u(x)) and its two derivatives."""
    s, r = _s(u), _s(-u)
    ds = s * r * du
    dds = s * r * (r - s) * du * du + s * r * ddu
    return x * s, s + x * ds, 2 * ds + x * dds


def _mish(x: Number) -> tuple[Number, Number, Number]:
    e = _e(x)
    w = mp.log1p(e) if x < 10**5 else x
    t, q, s = mp.tanh(w), _sech2(w), _s(x)
    dt = q * s
    ddt = -2 * t * q * s * s + q * s * _s(-x)
    return x * t, t + x * dt, 2 * dt + x * ddt


def _elu(x: Number, alpha: Number, inner: Number = 1) -> tuple[Number, Number, Number]:
    if x > 0:
        return x, mp.mpf(1), mp.mpf(0)
    e = _e(x / inner)
    return alpha * mp.expm1(x / inner), alpha / inner * e, alpha / inner**2 * e


_SELU = {"alpha": 1.6732632423543772, "scale": 1.0507009873554805}


def _selu(x: Number) -> tuple[Number, Number, Number]:
    alpha, scale = mp.mpf("1.6732632423543772848170429916717"), mp.mpf("1.0507009873554804934193349852946")
    return tuple(scale * part for part in _elu(x, alpha))  # type: ignore[return-value]


def _scaled_elu(x: Number, **given: Any) -> tuple[Number, Number, Number]:
    alpha, scale = (_decimal(given.get(name, default)) for name, default in _SELU.items())
    return tuple(scale * part for part in _elu(x, alpha))  # type: ignore[return-value]


def _leaky(x: Number, slope: Number) -> tuple[Number, Number, Number]:
    return (x if x > 0 else slope * x), (mp.mpf(1) if x > 0 else slope), mp.mpf(0)


def _tanh(x: Number) -> tuple[Number, Number, Number]:
    t, q = mp.tanh(x), _sech2(x)
    return t, q, -2 * t * q


def _softplus(x: Number) -> tuple[Number, Number, Number]:
    value = mp.log1p(_e(x)) if x < 0 else x + mp.log1p(_e(-x))
    return value, _s(x), _s(x) * _s(-x)


def _thresholded_softplus(x: Number, **given: Any) -> tuple[Number, Number, Number]:
    beta, threshold = _decimal(given.get("beta", 1)), _decimal(given.get("threshold", 20))
    if beta * x > threshold:
        return x, mp.mpf(1), mp.mpf(0)
    value, slope, second = _softplus(beta * x)
    return value / beta, slope, beta * second


def _log_sigmoid(x: Number) -> tuple[Number, Number, Number]:
    value = -mp.log1p(_e(-x)) if x > 0 else x - mp.log1p(_e(x))
    return value, _s(-x), -_s(x) * _s(-x)


def _softsign(x: Number) -> tuple[Number, Number, Number]:
    d = 1 + abs(x)
    return x / d, 1 / d**2, -2 * mp.sign(x) / d**3


def _hard_swish(x: Number) -> tuple[Number, Number, Number]:
    if x <= -3:
        return mp.mpf(0), mp.mpf(0), mp.mpf(0)
    if x >= 3:
        return x, mp.mpf(1), mp.mpf(0)
    return x * (x + 3) / 6, (2 * x + 3) / 6, mp.mpf(1) / 3


def _hard_sigmoid(x: Number) -> tuple[Number, Number, Number]:
    inside = -3 < x < 3
    return (mp.mpf(0) if x <= -3 else mp.mpf(1) if x >= 3 else (x + 3) / 6), mp.mpf(inside) / 6, mp.mpf(0)


def _relu6(x: Number) -> tuple[Number, Number, Number]:
    return min(max(x, mp.mpf(0)), mp.mpf(6)), mp.mpf(0 < x < 6), mp.mpf(0)


def _sigmoid(x: Number) -> tuple[Number, Number, Number]:
    s, r = _s(x), _s(-x)
    return s, s * r, s * r * (r - s)


def _gelu(x: Number) -> tuple[Number, Number, Number]:
    return x * _cdf(x), _cdf(x) + x * _phi(x), (2 - x * x) * _phi(x)


_TAYLOR: Mapping[str, Plain] = {
    "identity": lambda x: (x, mp.mpf(1), mp.mpf(0)),
    "relu": lambda x: (max(x, mp.mpf(0)), mp.mpf(x > 0), mp.mpf(0)),
    "leaky_relu": lambda x, negative_slope=0.01: _leaky(x, _decimal(negative_slope)),
    "prelu": lambda x, weight=0.25: _leaky(x, _decimal(weight)),
    "relu6": _relu6,
    "elu": lambda x, alpha=1.0: _elu(x, _decimal(alpha)),
    "selu": _selu,
    "scaled_elu": _scaled_elu,
    "celu": lambda x, alpha=1.0: _elu(x, _decimal(alpha), _decimal(alpha)),
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "softplus": _softplus,
    "thresholded_softplus": _thresholded_softplus,
    "softsign": _softsign,
    "gelu": _gelu,
    "gelu_tanh": lambda x: _gated(x, *_inner(x)),
    "quick_gelu": lambda x: _gated(x, mp.mpf("1.702") * x, mp.mpf("1.702"), mp.mpf(0)),
    "silu": lambda x: _gated(x, x, mp.mpf(1), mp.mpf(0)),
    "swish": lambda x, beta=1.0: _gated(x, _decimal(beta) * x, _decimal(beta), mp.mpf(0)),
    "mish": _mish,
    "hard_sigmoid": _hard_sigmoid,
    "hard_swish": _hard_swish,
    "log_sigmoid": _log_sigmoid,
    **textbook.TAYLOR,
}
"""For each activation: value, slope and second derivative at x, by the textbook."""


def _decimal(value: Number) -> Number:
    return mp.mpf(value)


_PARAMETER: Mapping[tuple[str, str], Plain] = {
    ("leaky_relu", "negative_slope"): lambda x, negative_slope=0.01: min(x, mp.mpf(0)),
    ("prelu", "weight"): lambda x, weight=0.25: min(x, mp.mpf(0)),
    ("elu", "alpha"): lambda x, alpha=1.0: _positive(x, mp.mpf(0), mp.expm1(x)),
    ("scaled_elu", "alpha"): lambda x, alpha=0: _positive(x, mp.mpf(0), _SELU["scale"] * mp.expm1(x)),
    ("thresholded_softplus", "beta"): lambda x, beta=1.0: (
        mp.mpf(0) if beta * x > 20 else x * _s(beta * x) / beta - mp.log1p(_e(beta * x)) / beta**2
    ),
    ("celu", "alpha"): lambda x, alpha=1.0: _positive(
        x, mp.mpf(0), mp.expm1(x / alpha) - x / alpha * mp.exp(x / alpha)
    ),
    ("swish", "beta"): lambda x, beta=1.0: x * x * _s(beta * x) * _s(-beta * x),
    **textbook.PARAMETER,
}
"""For each activation and parameter: the derivative with respect to the parameter."""


# --- NumPy: the same in extended precision, a million values at a time -------------------------------------


def _sl(x: np.ndarray) -> np.ndarray:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def _piece(x: np.ndarray, above: Any, below: Any) -> np.ndarray:
    return np.where(x > 0, above, below)


def _elu_long(x: np.ndarray, scale: Any = 1, alpha: Any = 1) -> tuple[np.ndarray, np.ndarray]:
    left = np.minimum(x, 0)
    return _piece(x, scale * x, scale * alpha * np.expm1(left)), _piece(
        x, scale, scale * alpha * np.exp(left)
    )


def _gated_long(x: np.ndarray, u: np.ndarray, du: Any) -> tuple[np.ndarray, np.ndarray]:
    s = _sl(u)
    return x * s, s * (1 + x * du * _sl(-u))


def _gelu_tanh_long(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    c, a = 2 * np.sqrt(2 / (4 * np.arctan(LONG(1)))), LONG(44715) / 1_000_000
    return _gated_long(x, c * (x + a * x * x * x), c * (1 + 3 * a * x * x))


def _gelu_long(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cdf = special.ndtr(x.astype(np.float64)).astype(LONG)
    return x * cdf, cdf + x * np.exp(-x * x / 2) / np.sqrt(8 * np.arctan(LONG(1)))


def _mish_long(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    e = np.exp(np.minimum(x, 2000))
    n = e * (e + 2)
    return x * (n / (n + 2)), n / (n + 2) + x * (4 * (n + 1) / (n + 2) ** 2) * _sl(x)


def _tanh_long(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    e = np.exp(-2 * np.abs(x))
    return np.tanh(x), 4 * e / (1 + e) ** 2


def _log1p_exp(x: np.ndarray) -> np.ndarray:
    return np.log1p(np.exp(-np.abs(x)))


_LONG: Mapping[str, Callable[[np.ndarray], tuple[Any, Any]]] = {
    "identity": lambda x: (x, np.ones_like(x)),
    "relu": lambda x: (np.maximum(x, 0), _piece(x, 1, 0)),
    "leaky_relu": lambda x: (_piece(x, x, LONG(0.01) * x), _piece(x, 1, LONG(0.01))),
    "prelu": lambda x: (_piece(x, x, x / 4), _piece(x, 1, LONG(0.25))),
    "relu6": lambda x: (np.clip(x, 0, 6), np.where((x > 0) & (x < 6), 1, 0)),
    "elu": _elu_long,
    "selu": lambda x: _elu_long(
        x, LONG("1.0507009873554804934193349852946"), LONG("1.6732632423543772848170429916717")
    ),
    "scaled_elu": lambda x: _elu_long(x, LONG(_SELU["scale"]), LONG(_SELU["alpha"])),
    "celu": _elu_long,
    "sigmoid": lambda x: (_sl(x), _sl(x) * _sl(-x)),
    "tanh": _tanh_long,
    "softplus": lambda x: (np.maximum(x, 0) + _log1p_exp(x), _sl(x)),
    "thresholded_softplus": lambda x: (
        np.where(x > 20, x, np.maximum(x, 0) + _log1p_exp(x)),
        np.where(x > 20, 1, _sl(x)),
    ),
    "softsign": lambda x: (x / (1 + np.abs(x)), (1 + np.abs(x)) ** -2),
    "gelu": _gelu_long,
    "gelu_tanh": _gelu_tanh_long,
    "quick_gelu": lambda x: _gated_long(x, LONG("1.702") * x, LONG("1.702")),
    "silu": lambda x: _gated_long(x, x, 1),
    "swish": lambda x: _gated_long(x, x, 1),
    "mish": _mish_long,
    "hard_sigmoid": lambda x: (np.clip((x + 3) / 6, 0, 1), np.where(np.abs(x) < 3, 1 / LONG(6), 0)),
    "hard_swish": lambda x: (
        np.where(x <= -3, 0, np.where(x >= 3, x, x * (x + 3) / 6)),
        np.where(x <= -3, 0, np.where(x >= 3, 1, (2 * x + 3) / 6)),
    ),
    "log_sigmoid": lambda x: (np.minimum(x, 0) - _log1p_exp(x), _sl(-x)),
    **textbook.FAST,
}
"""For each activation: value and slope of an array, at the default parameters."""


# --- An oracle for each activation -------------------------------------------------------------------------


@lru_cache(maxsize=200_000)
def _at(name: str, x: Number, precision: int, *parameters: tuple[str, Any]) -> tuple[Number, Number, Number]:
    """Value, slope and second derivative together, remembered: several tests ask for one of them at a point."""
    return _TAYLOR[name](x, **dict(parameters))


@dataclass(frozen=True)
class Oracle:
    """What is true of one elementwise activation."""

    name: str
    kinks: tuple[float, ...] = ()
    roots: tuple[float, ...] = ()  # where the slope crosses zero
    zeros: tuple[float, ...] = ()  # where the value crosses zero, though its terms do not vanish
    waves: bool = False
    limits: tuple[tuple[float, float], ...] = field(
        default=()
    )  # value, slope, second derivative at -inf, inf

    def value(self, x: Number, **parameters: Any) -> Number:
        return _at(self.name, x, mp.mp.prec, *parameters.items())[0]

    def slope(self, x: Number, **parameters: Any) -> Number:
        return _at(self.name, x, mp.mp.prec, *parameters.items())[1]

    def second(self, x: Number, **parameters: Any) -> Number:
        return _at(self.name, x, mp.mp.prec, *parameters.items())[2]

    def slope_terms(self, x: np.ndarray, value: np.ndarray, slope: np.ndarray) -> np.ndarray:
        """Return the size of what a slope is the sum of, at x other than 0.

        A function x s whose slope crosses zero has the slope s + x s'; any other slope stands for itself.
        """
        if self.waves:  # of a sum of sines, far out: where float64 has no digits beside the angle
            return np.where(np.abs(x) > 1e9, 1 + np.abs(slope), np.abs(slope))
        return np.abs(value / x) + np.abs(slope - value / x) if self.roots else np.abs(slope)

    def parameter(self, name: str) -> Plain:
        return _PARAMETER[self.name, name]

    def fast(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return value and slope of an array in extended precision, at the default parameters."""
        with np.errstate(all="ignore"):
            value, slope = _LONG[self.name](x.astype(LONG))
            return np.asarray(value, LONG), np.asarray(slope, LONG) + np.zeros(x.shape, LONG)


_INF = float("inf")
_NAN = float("nan")  # no limit
_RELU_LIKE = ((0.0, _INF), (0.0, 1.0), (0.0, 0.0))
_LINE_LIKE = ((-_INF, _INF), (1.0, 1.0), (0.0, 0.0))
_STEP_LIKE = ((0.0, 1.0), (0.0, 0.0), (0.0, 0.0))
_SIGN_LIKE = ((-1.0, 1.0), (0.0, 0.0), (0.0, 0.0))
_SELU_DEPTH, _SELU_SCALE = -1.7580993408473768, 1.0507009873554805

ORACLES: Mapping[str, Oracle] = {
    oracle.name: oracle
    for oracle in (
        Oracle("identity", limits=((-_INF, _INF), (1.0, 1.0), (0.0, 0.0))),
        Oracle("relu", (0.0,), limits=_RELU_LIKE),
        Oracle("keras_relu", (0.0,), limits=_RELU_LIKE),
        Oracle("leaky_relu", (0.0,), limits=((-_INF, _INF), (0.01, 1.0), (0.0, 0.0))),
        Oracle("prelu", (0.0,), limits=((-_INF, _INF), (0.25, 1.0), (0.0, 0.0))),
        Oracle("relu6", (0.0, 6.0), limits=((0.0, 6.0), (0.0, 0.0), (0.0, 0.0))),
        Oracle("elu", (0.0,), limits=((-1.0, _INF), (0.0, 1.0), (0.0, 0.0))),
        Oracle("selu", (0.0,), limits=((_SELU_DEPTH, _INF), (0.0, _SELU_SCALE), (0.0, 0.0))),
        Oracle(
            "scaled_elu",
            (0.0,),
            limits=((-_SELU["alpha"] * _SELU["scale"], _INF), (0.0, _SELU_SCALE), (0.0, 0.0)),
        ),
        Oracle("celu", (0.0,), limits=((-1.0, _INF), (0.0, 1.0), (0.0, 0.0))),
        Oracle("sigmoid", limits=((0.0, 1.0), (0.0, 0.0), (0.0, 0.0))),
        Oracle("tanh", limits=((-1.0, 1.0), (0.0, 0.0), (0.0, 0.0))),
        Oracle("softplus", limits=_RELU_LIKE),
        Oracle("thresholded_softplus", (20.0,), limits=_RELU_LIKE),
        Oracle("softsign", (0.0,), limits=((-1.0, 1.0), (0.0, 0.0), (0.0, 0.0))),
        Oracle("gelu", roots=(-0.751791524693564457457,), limits=_RELU_LIKE),
        Oracle("gelu_tanh", roots=(-0.752461422071016258488,), limits=_RELU_LIKE),
        Oracle("quick_gelu", roots=(-0.7511542554,), limits=_RELU_LIKE),
        Oracle("silu", roots=(-1.278464542761073795109,), limits=_RELU_LIKE),
        Oracle("swish", roots=(-1.278464542761073795109,), limits=_RELU_LIKE),
        Oracle("mish", roots=(-1.192431214515495212138,), limits=_RELU_LIKE),
        Oracle("hard_sigmoid", (-3.0, 3.0), limits=((0.0, 1.0), (0.0, 0.0), (0.0, 0.0))),
        Oracle("hard_swish", (-3.0, 3.0), roots=(-1.5,), limits=_RELU_LIKE),
        Oracle("log_sigmoid", limits=((-_INF, 0.0), (1.0, 0.0), (0.0, 0.0))),
        Oracle("relu_squared", (0.0,), limits=((0.0, _INF), (0.0, _INF), (0.0, 2.0))),
        Oracle("threshold", (0.0,), limits=_RELU_LIKE),
        Oracle("thresholded_relu", (1.0,), limits=_RELU_LIKE),
        Oracle("hard_tanh", (-1.0, 1.0), limits=_SIGN_LIKE),
        Oracle("clip", (-1.0, 1.0), limits=_SIGN_LIKE),
        Oracle("hard_mish", (-2.0, 0.0), roots=(-1.0,), limits=_RELU_LIKE),
        Oracle("soft_shrink", (-0.5, 0.5), limits=_LINE_LIKE),
        Oracle("hard_shrink", (-0.5, 0.5), limits=_LINE_LIKE),
        Oracle("shrink", (-0.5, 0.5), limits=_LINE_LIKE),
        Oracle("sparse_plus", (-1.0, 1.0), limits=_RELU_LIKE),
        Oracle("sparse_sigmoid", (-1.0, 1.0), limits=_STEP_LIKE),
        Oracle("sloped_hard_sigmoid", (-2.5, 2.5), limits=_STEP_LIKE),
        Oracle("step", (0.0,), limits=_STEP_LIKE),
        Oracle("sign", (0.0,), limits=_SIGN_LIKE),
        Oracle("exponential", limits=((0.0, _INF),) * 3),
        Oracle("lisht", roots=(0.0,), limits=((_INF, _INF), (-1.0, 1.0), (0.0, 0.0))),
        Oracle("laplace", limits=_STEP_LIKE),
        Oracle("sqrt_softplus", limits=((0.0, _INF), (0.0, 0.0), (0.0, 0.0))),
        Oracle("scaled_tanh", limits=((-1.7159, 1.7159), (0.0, 0.0), (0.0, 0.0))),
        Oracle("affine", limits=_LINE_LIKE),
        Oracle(
            "gelu_clipped",
            (10.0,),
            roots=(-0.751791524693564457457,),
            limits=((0.0, 10.0), (0.0, 0.0), (0.0, 0.0)),
        ),
        Oracle("softplus_beta", limits=_RELU_LIKE),
        Oracle("tanh_shrink", limits=_LINE_LIKE),
        Oracle("squareplus", limits=_RELU_LIKE),
        Oracle(
            "xielu",
            (0.0,),
            roots=(-0.98082925301172623686,),
            zeros=(-2.43248427693145,),
            limits=((_INF, _INF), (0.5 - 0.8, _INF), (0.0, 1.6)),
        ),
        Oracle("sine", limits=((_NAN, _NAN),) * 3),
        Oracle("snake", waves=True, limits=((-_INF, _INF), (_NAN, _NAN), (_NAN, _NAN))),
        Oracle("snake_beta", waves=True, limits=((-_INF, _INF), (_NAN, _NAN), (_NAN, _NAN))),
        Oracle("tlu", (0.0,), limits=_RELU_LIKE),
        Oracle("affine_tlu", (0.0,), limits=_RELU_LIKE),
    )
}
"""An oracle for every elementwise activation of the catalog."""


# --- Where to look ------------------------------------------------------------------------------------------

_SEAMS = (
    0.0, 0.34657359, 0.5, 0.6931472, 1.0, 1.4142135, 1.702, 2.0, 3.0, 5.0, 5.5, 6.0, 8.0, 8.5, 9.0106, 12.9, 13.3, 14.2,
    14.5, 16.6, 17.3, 18.7, 20.0, 36.7, 37.5, 38.5, 39.0, 44.3, 51.98, 52.0, 60.0, 61.0, 87.3365, 88.7228, 90.0, 103.28,
    103.97, 354.9, 372.6, 708.4, 709.79, 744.44, 745.13, 1e3, 1e10, 1e15, 1e20,
)  # fmt: skip


def seams(oracle: Oracle, dtype: Any) -> np.ndarray:
    """Return the numbers where something changes: kinks, roots, saturation, ends of the range; both signs."""
    info = np.finfo(dtype)
    ends = [
        float(info.tiny),
        float(info.smallest_subnormal),
        float(info.eps),
        float(info.max),
        1e-20,
        1e-10,
        1e-5,
    ]
    if dtype == np.float64:
        ends += [1e-300, 1e-100, 1e60, 1e100, 1.4e154, 1e200, 1e300]
    both = [sign * v for v in (*_SEAMS, *ends) for sign in (-1.0, 1.0)]
    return np.unique(np.array([*both, *oracle.kinks, *oracle.roots], dtype=dtype))


def neighbours(places: np.ndarray, reach: int) -> np.ndarray:
    """Return each place with its `reach` nearest finite numbers on both sides."""
    whole = np.int32 if places.dtype == np.float32 else np.int64
    low = np.iinfo(whole).min
    bits = places.view(whole)
    ordered = np.where(bits < 0, low - bits, bits)  # a line on which neighbours differ by one
    near = (ordered[:, None] + np.arange(-reach, reach + 1, dtype=whole)).ravel()
    back = np.where(near < 0, low - near, near).astype(whole).view(places.dtype)
    return np.unique(back[np.isfinite(back)])


def every_pattern(step: int = 4099) -> np.ndarray:
    """Return each step-th of the 2^32 bit patterns of float32 that is a finite number: all exponents, both signs."""
    patterns = np.arange(1, 2**32, step, dtype=np.uint64).astype(np.uint32).view(np.float32)
    return patterns[np.isfinite(patterns)]


def spread(oracle: Oracle, count: int, seed: int = 1) -> np.ndarray:
    """Return float64 numbers of all magnitudes that matter: uniform on [-45, 45], and log-uniform to both ends."""
    draw = np.random.default_rng(seed)
    third = count // 3
    sizes = 10.0 ** np.concatenate([draw.uniform(-18, 3, third), draw.uniform(-320, 308, third // 4)])
    near = [
        r + 2.0 ** draw.uniform(-50, -2, third // 4) * draw.choice([-1, 1], third // 4) for r in oracle.roots
    ]
    return np.concatenate([draw.uniform(-45, 45, third), sizes * draw.choice([-1, 1], sizes.size), *near])
