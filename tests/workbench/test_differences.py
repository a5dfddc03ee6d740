"""How far two activations are apart, against what is known with pen and paper."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput
from nonlin.workbench.differences import difference

INF = math.inf

KNOWN = {
    ("relu", "softplus", "value"): (math.log(2), 0.0, 0.0, 0.0),
    ("relu", "softplus", "slope"): (0.5, 0.0, 0.0, 0.0),
    ("sigmoid", "tanh", "slope"): (0.75, 0.0, 0.0, 0.0),
    ("sigmoid", "identity", "value"): (8 + 1 / (1 + math.exp(8)), -8.0, INF, INF),
    ("leaky_relu", "relu", "value"): (0.08, -8.0, INF, 0.0),
    ("leaky_relu", "relu", "slope"): (0.01, -8.0, 0.01, 0.0),
    ("identity", "relu6", "value"): (8.0, -8.0, INF, INF),
    ("sigmoid", "step", "value"): (0.5, 0.0, 0.0, 0.0),
    ("elu", "identity", "value"): (7 + math.exp(-8), -8.0, INF, 0.0),
    ("gelu", "gelu", "value"): (0.0, None, 0.0, 0.0),
    ("relu_squared", "relu", "value"): (56.0, 8.0, 0.0, None),
}


@pytest.mark.parametrize("pair", KNOWN, ids=" ".join)
def test_it_is_what_can_be_known(pair: Any) -> None:
    largest, at, left, right = KNOWN[pair]
    found = difference(nl.get(pair[0]), nl.get(pair[1]), pair[2], -8, 8)
    assert found.largest == pytest.approx(largest, abs=2e-9)
    assert at is None or found.at == pytest.approx(at, abs=1e-6)
    for mine, theirs in ((found.far_left, left), (found.far_right, right)):
        assert mine == (theirs if theirs is None else pytest.approx(theirs, abs=1e-12))


def test_a_peak_between_two_points_is_found() -> None:
    def silu(t: Any) -> Any:
        return t / (1 + mp.exp(-t))

    place = mp.findroot(lambda t: mp.diff(silu, t, 2), -2.4)
    found = difference(nl.silu, nl.identity, "slope", -8, 8)
    assert found.at == pytest.approx(float(place), abs=1e-6)
    assert found.largest == pytest.approx(float(1 - mp.diff(silu, place)), abs=1e-14)


def test_a_jump_between_two_points_is_looked_at_from_both_sides() -> None:
    found = difference(nl.thresholded_relu.bind(alpha=1 / 3), nl.relu, "value", -8, 8)
    assert (found.largest, found.at) == (pytest.approx(1 / 3, abs=2e-9), pytest.approx(1 / 3, abs=1e-15))


def test_the_two_may_change_places() -> None:
    a, b = difference(nl.gelu, nl.silu, "value", -8, 8), difference(nl.silu, nl.gelu, "value", -8, 8)
    assert (a.largest, a.at) == (b.largest, b.at)


@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, -2), (-INF, 1), (0, math.nan)])
def test_no_stretch_is_refused(low: float, high: float) -> None:
    with pytest.raises(InvalidInput, match="are no stretch"):
        difference(nl.gelu, nl.silu, "value", low, high)
