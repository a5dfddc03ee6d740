"""The signal through depth: theory's lines beside the library's facts and a quadrature of our own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from chromium import settle

pytestmark = pytest.mark.browser

LINES = """() => [...document.querySelectorAll("#signal figure")].map((figure) => [
  [...figure.querySelectorAll("path.curve:not(.faint)")].map((path) => path.getAttribute("d")),
  [...figure.querySelectorAll("path.faint")].length,
])"""


def told(tab: Any) -> tuple[float, float, float]:
    """Return by how much the gradient's square grows in all and a layer, and the last variance."""
    words = tab.locator("#signal .lead").inner_text().replace("−", "-")
    return tuple(
        float(words.partition(start)[2].split()[0].rstrip(",."))
        for start in ("multiplied by", "layers,", "becomes")
    )  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["relu", "gelu", "tanh", "selu", "mish", "hard_swish"])
def test_under_its_own_gain_the_variance_stays_and_the_gradient_grows_by_chi(show: Any, name: str) -> None:
    chi = nl.get(name).facts.chi
    whole, layer, variance = told(show(f"view=signal&signal={name}&depth=30"))
    assert layer == pytest.approx(chi, rel=2e-3)
    assert whole == pytest.approx(chi**30, rel=3e-2)
    assert variance == pytest.approx(1, rel=1e-2)


@pytest.mark.parametrize(
    ("name", "gain", "bias"), [("tanh", 1.5, 0.2), ("softplus", 0.7, 0), ("sigmoid", 3, 0.5)]
)
def test_other_gains_follow_the_same_means(show: Any, name: str, gain: float, bias: float) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(201)
    weights, f = weights / weights.sum(), nl.get(name)
    variance, gradient = 1.0, 1.0
    for _ in range(12):
        u = np.sqrt(variance) * nodes
        gradient *= gain**2 * (weights @ f.grad(u) ** 2)
        variance = gain**2 * (weights @ f(u) ** 2) + bias**2
    whole, _, last = told(show(f"view=signal&signal={name}&gain={gain}&bias={bias}&depth=12"))
    assert whole == pytest.approx(gradient, rel=6e-3)
    assert last == pytest.approx(variance, rel=6e-3)


def test_theory_and_one_network_are_drawn(show: Any) -> None:
    for lines, networks in show("view=signal").evaluate(LINES):
        assert len(lines) == networks == 1


def test_the_sliders_change_depth_and_gain(show: Any) -> None:
    tab = show("view=signal&signal=tanh")
    tab.get_by_role("slider", name="Depth").fill("7")
    tab.get_by_role("slider", name="Gain").fill("1")
    settle(tab)
    assert "through 7 layers" in tab.locator("#signal .lead").inner_text()
    assert told(tab)[0] < 1
    tab.get_by_role("button", name="Its own gain").press("Enter")
    settle(tab)
    assert told(tab)[2] == pytest.approx(1, rel=1e-2)
