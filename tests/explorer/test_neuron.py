"""Neurons in the plane: regions, dead units and training, beside the same network in NumPy and PyTorch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from chromium import settle

pytestmark = pytest.mark.browser

SIZES = {1: lambda n: [2, n, 1], 2: lambda n: [2, n, n, 1]}


def layers_of(plain: Any, hidden: int, width: int) -> list[tuple[np.ndarray, np.ndarray]]:
    sizes = SIZES[hidden](width)
    return [
        (np.array(w, float).reshape(outs, ins), np.array(b, float))
        for (w, b), ins, outs in zip(plain["layers"], sizes[:-1], sizes[1:], strict=True)
    ]


def inputs_of_units(f: Any, layers: Any, x: np.ndarray) -> list[np.ndarray]:
    found = []
    for place, (w, b) in enumerate(layers):
        x = (f(x) if place else x) @ w.T + b
        found.append(x)
    return found


@pytest.mark.parametrize("hidden", [1, 2])
@pytest.mark.parametrize("name", ["relu", "hard_tanh", "tanh"])
@pytest.mark.parametrize("shift", [0, -4])
def test_idle_units_are_those_of_the_library(show: Any, name: str, hidden: int, shift: int) -> None:
    tab = show(f"view=neuron&unit={name}&width=6&layers={hidden}&shift={shift}")
    plain, f = tab.evaluate("nonlin.network()"), nl.get(name)
    points = np.array(plain["points"])
    *zs, outputs = inputs_of_units(f, layers_of(plain, hidden, 6), points[:, :2])
    slopes = np.concatenate([f.grad(z) for z in zs], axis=1)
    assert [u["dead"] for u in plain["units"]] == pytest.approx((slopes == 0).mean(0).tolist())
    idle = (np.abs(slopes) < 0.01 * f.facts.lipschitz).mean(0)
    assert [u["saturated"] for u in plain["units"]] == pytest.approx(idle.tolist())
    words = tab.locator(".units b").all_inner_texts()
    assert words == [
        "dead" if (s == 0).all() else "saturated" if i >= 0.95 else "live"
        for s, i in zip(slopes.T, idle, strict=True)
    ]
    loss = np.logaddexp(0, outputs[:, 0]) - points[:, 2] * outputs[:, 0]
    assert plain["loss"] == pytest.approx(loss.mean())


@pytest.mark.parametrize(("hidden", "width"), [(1, 1), (1, 7), (2, 5)])
def test_linear_regions_are_counted_by_their_patterns(show: Any, hidden: int, width: int) -> None:
    tab = show(f"view=neuron&unit=relu&width={width}&layers={hidden}&seed=4")
    side = 6 / 210
    axis = -3 + side * (np.arange(210) + 0.5)
    x = np.stack(np.meshgrid(axis, -axis), -1).reshape(-1, 2)
    zs = inputs_of_units(nl.relu, layers_of(tab.evaluate("nonlin.network()"), hidden, width), x)[:-1]
    patterns = np.unique(np.concatenate(zs, axis=1) > 0, axis=0)
    assert f" {len(patterns)} linear regions seen" in tab.locator("#neuron .lead").inner_text()
    if hidden == 1:
        assert len(patterns) <= 1 + width + width * (width - 1) // 2


@pytest.mark.parametrize(("name", "hidden"), [("relu", 1), ("gelu", 2)])
def test_training_follows_the_gradient(show: Any, name: str, hidden: int) -> None:
    torch = pytest.importorskip("torch")
    tab = show(f"view=neuron&unit={name}&width=5&layers={hidden}&rate=0.3&task=moons")
    plain = tab.evaluate("nonlin.network()")
    weights = [
        torch.tensor(part, requires_grad=True) for pair in layers_of(plain, hidden, 5) for part in pair
    ]
    points = torch.tensor(plain["points"], dtype=torch.float64)
    f = {"relu": torch.relu, "gelu": torch.nn.functional.gelu}[name]
    for _ in range(20):
        row = points[:, :2]
        for place in range(0, len(weights), 2):
            row = (f(row) if place else row) @ weights[place].T + weights[place + 1]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(row[:, 0], points[:, 2])
        for part, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            part.data -= 0.3 * slope
    tab.evaluate("nonlin.train(20)")
    trained = [np.ravel(part) for pair in tab.evaluate("nonlin.network()")["layers"] for part in pair]
    for ours, theirs in zip(trained, weights, strict=True):
        assert ours == pytest.approx(theirs.detach().numpy().ravel(), rel=1e-9, abs=1e-12)


def test_training_runs_live_and_pauses(show: Any) -> None:
    tab = show("view=neuron&unit=tanh&rate=2")
    before = tab.evaluate("nonlin.network().loss")
    button = tab.get_by_role("button", name="Train")
    button.press("Enter")
    assert tab.get_by_role("button", name="Pause").get_attribute("aria-pressed") == "true"
    tab.wait_for_function("before => nonlin.network().loss < before", arg=before)
    tab.get_by_role("button", name="Pause").press("Enter")
    settle(tab)
    after = tab.evaluate("nonlin.network().loss")
    settle(tab)
    assert tab.evaluate("nonlin.network().loss") == after


def test_biases_far_below_zero_kill_relus_and_they_stay_dead(show: Any) -> None:
    tab = show("view=neuron&unit=relu&shift=-8&spread=0.5")
    assert tab.locator(".units .dead").count() == 8
    before = tab.evaluate("nonlin.network().layers[0]")
    tab.evaluate("nonlin.train(50)")
    assert tab.evaluate("nonlin.network().layers[0]") == before


COLOURS = """() => {
  const canvas = document.querySelector(".plane");
  const copy = Object.assign(document.createElement("canvas"), { width: 80, height: 80 });
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0, 80, 80);
  const { data } = context.getImageData(0, 0, 80, 80);
  return new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 3).join())).size;
}"""


def test_the_plane_is_painted(show: Any) -> None:
    for plane in ("regions", "output"):
        tab = show(f"view=neuron&plane={plane}")
        colours = tab.evaluate(COLOURS)
        assert colours > 5
