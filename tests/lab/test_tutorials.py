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


def test_positive_outputs_push_all_weights_one_way_and_take_the_longer_way() -> None:
    record = run("zig-zag")
    sigmoid, tanh = record.numbers["of"].values()
    assert sigmoid["share of one sign"] == 1
    assert tanh["share of one sign"] < 0.01
    assert sigmoid["arrives"]
    assert sigmoid["detour"] > 2 * tanh["detour"]
    steps = np.diff(sigmoid["path"], axis=0)
    assert np.all(steps[:, 0] * steps[:, 1] >= 0)
    assert run("zig-zag", activation="tanh").answer == "goes freely"
    assert run("zig-zag", activation="relu", beside="elu").answer == "zig-zags"


def test_selu_keeps_mean_and_variance_and_its_conditions_matter() -> None:
    record = run("self-normalising", networks=1)
    assert record.answer == "keeps them"
    last = {name: (one["mean"][-1], one["variance"][-1]) for name, one in record.numbers["of"].items()}
    assert last["LeCun's weights"] == pytest.approx((0, 1), abs=0.15)
    assert last["He's weights"][1] > 2
    assert last["dropout 0.1"][1] > 1.3
    assert last["alpha dropout 0.1"] == pytest.approx((0, 1), abs=0.15)
    assert run(
        "self-normalising", activation="sign", depth=20, networks=1
    ).holds  # He's weights change no sign
    assert run("self-normalising", activation="relu", depth=20, networks=1).answer == "does not keep them"


def test_a_hinge_sum_has_its_kinks_at_minus_one_and_one() -> None:
    record = run("hinge-sum")
    assert record.numbers["kinks"] == pytest.approx([-1, 1], abs=1e-9)
    x, y = record.numbers["x"], record.numbers["sum"]
    np.testing.assert_allclose(y, np.maximum(x + 1, 0) - 2 * np.maximum(x - 1, 0), atol=1e-12)
    assert run("hinge-sum", activation="softplus").answer == "bends everywhere"
    assert run("hinge-sum", activation="sign").numbers["kinks"] == pytest.approx([-1, 1], abs=1e-2)
    assert run("hinge-sum", activation="hard_tanh").holds
    assert run("hinge-sum", activation="hard_tanh").numbers["kinks"] == pytest.approx([-2, 0, 2], abs=1e-2)


def test_replacing_relu_by_sigmoid_changes_the_output() -> None:
    record = run("replacement")
    assert record.answer == "the output changes"
    assert record.numbers["names"] == ("relu", "sigmoid")
    assert run("replacement", new="relu", steps=200).answer == "the output stays"


def test_the_error_falls_with_the_width_but_not_for_a_line() -> None:
    record = run("approximation", widths=(1, 8, 32), seeds=2, steps=400)
    errors = record.numbers["of"]["relu"]["error"]
    assert errors[0] > errors[1] > errors[2]
    line = run("approximation", activation="identity", widths=(1, 16), seeds=1, steps=50)
    assert not line.holds


def test_maxout_contains_relu() -> None:
    record = run("maxout")
    assert record.answer == "contains the ReLU"
    assert record.numbers["off"] == {"relu": 0, "leaky_relu": 0, "absolute value": 0}
    assert not run("maxout", activation="hard_tanh").numbers["asked"]["convex"]


def test_slopes_at_one_are_the_tutorials() -> None:
    record = run("speed", numbers=10_000, repeats=1)
    slopes = {name: one["slope at 1"] for name, one in record.numbers["of"].items()}
    printed = {"relu": 1, "sigmoid": 0.1966, "tanh": 0.42, "leaky_relu": 1, "elu": 1, "quick_gelu": 1.0678}
    for name, slope in printed.items():
        assert slopes[name] == pytest.approx(slope, abs=6e-5), name
    assert run("speed", activations="relu", repeats=1).settings["numbers"] == "1000000"


def test_hidden_units_cut_the_plane() -> None:
    record = run("linear-regions", widths="2,6", depths="1,2", folds=3)
    assert record.answer == "as is known"
    assert record.numbers["folded"] == {1: 4, 2: 16, 3: 64}
    assert record.numbers["lines"] == {2: 4, 6: 22}
    assert len(record.numbers["polygons"]) == record.numbers["of"][record.numbers["drawn"]]["regions"]
