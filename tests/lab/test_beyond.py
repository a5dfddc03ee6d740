"""What goes beyond the tutorials: order and chaos, loss landscapes, half precision."""

from __future__ import annotations

import numpy as np
import pytest

import nonlin as nl
from nonlin.lab import run
from nonlin.lab.experiments.half_precision import halved
from nonlin.lab.experiments.loss_landscape import direction, moved
from nonlin.lab.experiments.order_to_chaos import exactly_correlated
from nonlin.lab.network import backward, dense, forward

SMALL = {"columns": 6, "rows": 3}


def test_tanh_passes_from_order_to_chaos_where_theory_says() -> None:
    record = run("order-to-chaos", **SMALL)
    below, on, above = record.numbers["of"].values()
    assert below["correlation"][-1] > 0.99
    assert above["correlation"][-1] < 0.5
    assert on["chi"] == pytest.approx(1, abs=0.05)
    assert record.numbers["edge"] == pytest.approx(1.396, abs=0.002)


def test_relu_s_edge_is_he_s_weight() -> None:
    record = run("order-to-chaos", activation="relu", bias=0, depth=12, networks=4, **SMALL)
    assert record.numbers["edge"] == pytest.approx(np.sqrt(2), abs=1e-6)
    assert record.holds


def test_the_edge_without_biases_is_where_the_facts_put_it() -> None:
    critical = nl.tanh.facts.propagation
    record = run("order-to-chaos", bias=critical.critical_bias**0.5, networks=1, depth=2, **SMALL)
    assert critical.critical_weight == pytest.approx(nl.tanh.facts.slope_second_moment**-0.5)
    assert record.numbers["edge"] is not None


def test_inputs_are_correlated_as_asked() -> None:
    rows = exactly_correlated(np.random.default_rng(0).standard_normal((2, 50)), 0.3)
    assert np.mean(rows**2, axis=1) == pytest.approx([1, 1])
    assert np.mean(rows[0] * rows[1]) == pytest.approx(0.3)


def test_directions_are_as_long_as_each_unit_s_weights() -> None:
    layers = dense((3, 5, 2), nl.relu, np.random.default_rng(0))
    along = direction(layers, np.random.default_rng(1))
    for one, way in zip(layers, along, strict=True):
        np.testing.assert_allclose(np.linalg.norm(one.weights, axis=0), np.linalg.norm(way, axis=0))
    same = moved(layers, along, 0.0, along, 0.0)
    np.testing.assert_array_equal(same[0].weights, layers[0].weights)


def test_the_trained_network_stands_lowest() -> None:
    record = run("loss-landscape", activations="tanh", grid=11, steps=400)
    one = record.numbers["of"]["tanh"]
    assert one["slice"][5, 5] == one["middle"] == pytest.approx(one["least"], rel=0.1)
    assert one["rim"] > 2 * one["middle"]


def test_float16_loses_small_gradients_and_scaling_saves_them() -> None:
    record = run("half-precision")
    assert record.answer == "float16 loses them"
    assert record.numbers["of"]["float16"]["lost"][0] == 1
    assert record.numbers["of"]["float16, loss scaled"]["lost"][0] < 0.01
    assert record.numbers["of"]["bfloat16"]["lost"][0] == 0
    assert record.holds
    assert run("half-precision", activation="relu").answer == "float16 keeps them"


def test_what_float16_loses_in_part_is_foretold() -> None:
    one = run("half-precision", depth=10).numbers["of"]["float16"]
    assert 0.1 < one["foretold"][0] < 0.9
    assert one["lost"][0] == pytest.approx(one["foretold"][0], abs=0.05)


def test_in_float64_nothing_is_lost() -> None:
    layers = dense((4, 6, 6, 1), nl.silu, np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((9, 4))
    g = np.ones((9, 1))
    exact = backward(layers, forward(layers, x), g).before[:-1]
    for ours, theirs in zip(halved(layers, x, g, np.dtype(np.float32)), exact, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
