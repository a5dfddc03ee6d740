"""The figures that the tutorials print, found again by the experiments."""

from __future__ import annotations

import numpy as np
import pytest

from nonlin.lab import run


def test_one_neuron_learns_little_when_saturated() -> None:
    record = run("one-neuron")
    of = record.numbers["of"]
    at_zero, above_zero, far, _ = of["sigmoid"]["dL/dw"]
    assert at_zero == -0.125
    assert above_zero == pytest.approx(-0.125)
    assert far == pytest.approx(-4.54e-5, abs=5e-8)
    assert of["relu"]["dL/dw"][1] == -1
    assert of["relu"]["dL/dw"][2] == 0
    assert record.answer == "saturates"


def test_without_activations_depth_is_a_line() -> None:
    record = run("depth-without-activation")
    assert len(record.numbers["x"]) == 200
    assert np.abs(record.numbers["x"]).max() <= 2
    with_one, two, ten = record.numbers["of"].values()
    assert two["bend"] < 1e-12
    assert ten["bend"] < 1e-12
    assert with_one["R2"] > 0.9
    assert record.answer == "a line"


def test_the_network_of_ten_layers_is_the_tutorial_s() -> None:
    record = run("depth-without-activation", steps=1)
    assert record.settings["sizes"] == "1,4,16,32,64,128,64,32,16,4,1"
    assert "10 layers, none" in record.numbers["of"]


def test_depth_without_activation_fails_openly_where_the_activation_is_none() -> None:
    record = run("depth-without-activation", activation="identity", steps=100)
    assert record.answer == "not shown"
    assert not record.holds


def test_a_stack_of_linear_layers_is_one() -> None:
    record = run("collapse")
    assert record.answer == "collapses"
    assert record.numbers["largest difference"] < 1e-13
    bent = run("collapse", activation="relu")
    assert bent.answer == "does not collapse"
    assert bent.holds


def test_slopes_of_sigmoids_in_sigmoids() -> None:
    def sigmoid(x: float) -> float:
        return 1 / (1 + np.exp(-x))

    def thrice(x: float) -> float:
        return sigmoid(sigmoid(sigmoid(x)))

    found = run("vanishing-gradient").numbers["of"]["sigmoid"]["slope of f(f(f(x)))"]
    for slope, x in zip(found, (0, 2, 5), strict=True):
        assert slope == pytest.approx((thrice(x + 1e-5) - thrice(x - 1e-5)) / 2e-5, rel=1e-6)


def test_gradients_vanish_with_sigmoid_and_arrive_with_relu() -> None:
    record = run("vanishing-gradient")
    assert record.answer == "vanishes"
    sigmoid, relu = record.numbers["of"]["sigmoid"], record.numbers["of"]["relu"]
    assert len(sigmoid["landscape"]) == 1000
    assert np.median(relu["landscape"]) > 10 * np.median(sigmoid["landscape"])
    assert run("vanishing-gradient", activation="elu", depth=50).answer == "arrives"
    assert run("vanishing-gradient", activation="silu", depth=50).answer == "explodes"


def test_a_dead_relu_stays_dead_and_its_cures_work() -> None:
    record = run("dying-relu")
    neuron = record.numbers["neuron"]
    assert neuron["x"].tolist() == [1, 2, 3, 4, 5]
    assert np.all(neuron["output"] == 0)
    assert np.all(neuron["gradient of the weight"] == 0)
    assert record.settings["bias"] == "-5"
    assert record.answer == "dies, every cure works"
    dead = record.numbers["of"]["untreated"]
    assert set(dead["dead"]) == {1.0}
    assert len(set(dead["loss"][300:])) > 1  # the last bias is still learnt, and nothing else


def test_softmax_sharpens_keeps_order_and_hurts_twice() -> None:
    record = run("softmax")
    assert record.answer == "as said, twice hurts"
    sharp, flat = record.numbers["probabilities"]["0.1"], record.numbers["probabilities"]["10"]
    assert sharp[0] > 0.9999
    assert flat[0] < 0.3
    assert min(record.numbers["of"]["twice"]["loss"]) > record.numbers["floor"]


def test_each_own_gain_carries_the_signal() -> None:
    record = run("initialisation", activations="relu,tanh,sigmoid,selu", networks=2)
    assert record.answer == "the own gain carries all"
    assert record.numbers["of"]["relu"]["LeCun"]["mean square"][-1] < 1e-6
    assert record.numbers["of"]["relu"]["own"]["gain"] == pytest.approx(np.sqrt(2))


def test_textbook_formulas_overflow_and_the_library_s_do_not() -> None:
    record = run("stability")
    assert record.answer == "only the textbook fails"
    assert all(one["nonlin"]["wrong"] == 0 for one in record.numbers["of"].values())
