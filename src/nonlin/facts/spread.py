"""What moments say of deep networks, proved: gains, the fixed point of variance, self-normalisation."""

from __future__ import annotations

from typing import Any

from flint import arb

from nonlin.facts.analysis import Analysis
from nonlin.facts.fact import Propagation, SelfNormalising
from nonlin.facts.moments import Moments
from nonlin.facts.pieces import NotProved
from nonlin.facts.proof import Proof, around, nearest
from nonlin.vocabulary import x

BECAUSE = "Arb's rigorous integration between joints, a proved bound beyond"


def _proof(value: Any, *balls: Any, because: str = BECAUSE) -> Proof:
    if not all(b.is_finite() for b in balls):
        return Proof(value, because="the leading term outgrows the normal density")
    return Proof(value, tuple(around(b) for b in balls), because)


def mean(m: Moments) -> Proof:
    return _proof(nearest(m.mean()), m.mean())


def second_moment(m: Moments) -> Proof:
    return _proof(nearest(m.second()), m.second())


def slope_second_moment(m: Moments) -> Proof:
    return _proof(nearest(m.slope_second()), m.slope_second())


def zero_slope_mass(m: Moments) -> Proof:
    return _proof(
        nearest(m.flat()), m.flat(), because="the stretches on which f' is 0, by the error function"
    )


def gain(m: Moments) -> Proof:
    return _root_of_inverse(m.second())


def backward_gain(m: Moments) -> Proof:
    return _root_of_inverse(m.slope_second())


def _root_of_inverse(moment: Any) -> Proof:
    if not moment.is_finite():
        return Proof(0.0, because="the moment is infinite")
    if moment.is_zero():
        return Proof(float("inf"), because="the moment is 0")
    found = moment**-1
    return _proof(nearest(found.sqrt()), found.sqrt())


def chi(m: Moments) -> Proof:
    if not (m.second().is_finite() and m.slope_second().is_finite()):
        return Proof(float("nan"), because="a moment is infinite")
    if m.second().is_zero():
        return Proof(float("nan"), because="f is 0")
    found = m.slope_second() / _positive(m.second())
    return _proof(nearest(found), found)


def propagation(m: Moments) -> Proof:
    if not (m.second().is_finite() and m.slope_second().is_finite()):
        return Proof(None, because="a moment is infinite")
    if m.second().is_zero():
        return Proof(None, because="f is 0")
    second, steep = _positive(m.second()), m.slope_second()
    rate, spread = _finite(m.second_rate()) / second, steep / second
    weight = bias = None
    if steep > 0 and not 1 - second / steep < 0:
        weight = steep**-1
        bias = 1 - second / steep
    value = Propagation(
        fixed_point=1.0,
        return_rate=nearest(rate),
        fate=_fate(rate, m.analysis),
        chi=nearest(spread),
        critical_weight=None if weight is None else nearest(weight.sqrt()),
        critical_bias=None if bias is None else 0.0 if bias.contains(0) else nearest(bias.sqrt()),
    )
    return _proof(value, arb(1), rate, spread)


def self_normalising(m: Moments) -> Proof:
    if not (m.mean().is_finite() and m.second().is_finite()):
        return Proof(None, because="a moment is infinite")
    shift = _finite(m.mean())
    variance = _finite(m.second()) - shift * shift
    if not variance > 0:
        return Proof(None, because="f(z) has no variance")
    scale = variance**-1
    rates = scale.sqrt() * m.mean_rate(), scale * (m.second_rate() - 2 * shift * m.mean_rate())
    rate = rates[1]
    value = SelfNormalising(
        scale=nearest(scale.sqrt()),
        shift=nearest(shift),
        parameter=None,
        mean_rate=nearest(rates[0]),
        variance_rate=nearest(rate),
        fate=_fate(abs(rate), m.analysis),
    )
    return _proof(value, scale.sqrt(), shift, *rates)


def _fate(rate: Any, analysis: Analysis) -> Any:
    if rate < 1:
        return "attracting"
    if rate > 1:
        return "repelling"
    if _is_homogeneous(analysis):  # f(c x) = c f(x): variance is passed on as it is
        return "neutral"
    raise NotProved("whether a rate is 1 is not decided")


def _is_homogeneous(analysis: Analysis) -> bool:
    """Tell whether f(c x) = c f(x) for every c > 0: straight lines that meet at 0."""
    lines = all(not (s.formula() / x).simplify().has(x) for s in analysis.smooth)
    return lines and all(place == 0 for place, _ in analysis.whole.joints)


def _finite(ball: Any) -> Any:
    if not ball.is_finite():
        raise NotProved("a moment is infinite")
    return ball


def _positive(ball: Any) -> Any:
    if not _finite(ball) > 0:
        raise NotProved("a moment is 0")
    return ball


SPREAD = {
    "mean": mean, "second_moment": second_moment, "slope_second_moment": slope_second_moment,
    "zero_slope_mass": zero_slope_mass, "gain": gain, "backward_gain": backward_gain, "chi": chi,
    "propagation": propagation, "self_normalising": self_normalising,
}  # fmt: skip
"""The proof of each fact of moments."""
