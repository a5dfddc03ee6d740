"""Every exercise that the tutorials imply is there; a missing one fails."""

from __future__ import annotations

import pytest

from nonlin.errors import InvalidInput
from nonlin.exercises import CHAPTERS, exercise, names

IMPLIED = {
    "ReLU with max only": "relu",
    "the limits of leaky ReLU": "leaky_relu",
    "derive the slopes of sigmoid and tanh, evaluate at 0": "slopes_at_zero",
    "a sigmoid that is stable": "stable_sigmoid",
    "tanh by the sigmoid": "tanh_by_sigmoid",
    "a softplus that is stable": "stable_softplus",
    "ELU": "elu",
    "SELU and its moments": "selu",
    "GELU's three forms": "gelu",
    "Swish and its minimum": "swish",
    "the hard forms, by sixths": "hard_swish",
    "PReLU's gradient": "prelu_gradient",
    "softmax, stable, with temperature": "softmax",
    "softmax' Jacobian": "softmax_jacobian",
    "the gradient p - y": "cross_entropy_gradient",
    "softmax twice": "softmax_twice",
    "the output layer by task": "output_layers",
    "Maxout contains ReLU": "maxout",
    "gated linear units": "gated_unit",
    "normalisation as an activation": "layer_norm",
    "competition": "winner_take_all",
    "a diagonal Jacobian": "elementwise_jacobian",
    "an own backward pass": "own_backward",
    "collapse linear layers": "collapse_linear",
    "gradient landscapes": "gradient_landscape",
    "explain a dead unit and cure it": "dead_unit",
    "one neuron's gradients": "one_neuron",
    "zero-centring": "zig_zag",
    "piecewise linearity and regions": "kinks",
    "initialisation and gain": "gain",
}


@pytest.mark.parametrize("name", IMPLIED.values(), ids=IMPLIED)
def test_the_exercise_is_there(name: str) -> None:
    found = exercise(name)
    assert found.chapter in CHAPTERS
    assert found.task.strip()
    assert all(len(line) <= 80 for line in found.task.splitlines() if line.startswith("    "))
    assert all(len(line) <= 76 for line in found.starter.splitlines())
    for ask in found.asks:
        assert ask.name in found.starter
        assert ask.name in found.task
        assert ask.hint


def test_chapters_follow_each_other_and_orders_are_not_shared() -> None:
    places = [(CHAPTERS.index(exercise(n).chapter), exercise(n).order) for n in names()]
    assert places == sorted(set(places))


def test_an_unknown_exercise_names_its_neighbours() -> None:
    with pytest.raises(InvalidInput, match=r"no exercise is called 'sellu'\. Did you mean 'selu'"):
        exercise("sellu")
    assert exercise("Softmax-Twice") is exercise("softmax_twice")
