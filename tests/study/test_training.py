import math

import numpy as np
import pytest
import torch
from torch import nn

import nonlin as nl
from nonlin.study import Settings, training
from nonlin.study.data import load
from nonlin.study.metrics import ACCURACY, Score, is_better, score
from nonlin.study.network import Blueprint, Network, build
from nonlin.study.prepare import prepare
from nonlin.study.training import Trial, alone, batches, evaluate, run, slopes

BLUEPRINT = Blueprint(4, 3, (8, 8))


@pytest.fixture
def data(blobs):
    return prepare(load(blobs), Settings())


def trial(purpose="tuning", name="relu", rate=0.01, seed=0, epochs=3):
    return Trial(purpose, name, rate, seed, epochs, 16)


def without_times(result):
    told = vars(result).copy()
    return {k: v for k, v in told.items() if k not in ("seconds", "started", "step_milliseconds")}


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def weights(name, seed=0):
    module = build(BLUEPRINT, nl.get(name), generator(seed)).module
    return [parameter.detach().clone() for parameter in module.parameters() if parameter.ndim == 2]


@pytest.mark.parametrize("name", ["tanh", "gelu", "selu"])
def test_every_activation_starts_from_the_same_draws_times_its_gain(name):
    for ours, theirs in zip(weights(name), weights("relu"), strict=True):
        draws = theirs / nl.relu.facts.gain
        assert torch.allclose(ours / nl.get(name).facts.gain, draws, rtol=1e-6)
        assert draws.std() > 0
    assert not torch.equal(weights("relu", 1)[0], weights("relu", 0)[0])


def test_every_activation_sees_the_rows_in_the_same_order(data, monkeypatch):
    seen = {"relu": [], "tanh": []}
    original = training._step
    for name, rows in seen.items():
        monkeypatch.setattr(
            training,
            "_step",
            lambda m, o, X, y, t, rows=rows: rows.append(X.clone()) or original(m, o, X, y, t),
        )
        run(trial(name=name), nl.get(name), BLUEPRINT, data)
    assert len(seen["relu"]) == 3 * math.ceil(len(data.train) / 16)
    assert all(torch.equal(a, b) for a, b in zip(*seen.values(), strict=True))


def test_an_epoch_holds_every_row_once_in_even_batches():
    epoch = batches(103, 16, seed=0, epoch=0)
    assert sorted(np.concatenate(epoch)) == list(range(103))
    assert {len(rows) for rows in epoch} == {14, 15}
    assert not np.array_equal(epoch[0], batches(103, 16, seed=0, epoch=1)[0])
    assert not np.array_equal(epoch[0], batches(103, 16, seed=1, epoch=0)[0])


def test_a_trial_depends_on_its_seed_alone(data):
    first = run(trial("final"), nl.gelu, BLUEPRINT, data)
    torch.manual_seed(99)
    torch.rand(7)
    assert without_times(run(trial("final"), nl.gelu, BLUEPRINT, data)) == without_times(first)
    assert without_times(run(trial("final", seed=1), nl.gelu, BLUEPRINT, data)) != without_times(first)


def test_torchs_own_state_is_left_as_it_was(data):
    torch.manual_seed(5)
    before, threads = torch.get_rng_state(), torch.get_num_threads()
    run(trial(), nl.relu, BLUEPRINT, data)
    with pytest.raises(KeyboardInterrupt), alone(3):
        raise KeyboardInterrupt
    with alone(3):
        assert torch.get_num_threads() == 1
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_tuning_never_touches_the_test_part_and_a_final_trial_does_once(data, monkeypatch):
    asked = []
    monkeypatch.setattr(
        training, "evaluate", lambda module, part, task: asked.append(part) or evaluate(module, part, task)
    )
    run(trial("tuning"), nl.relu, BLUEPRINT, data)
    assert all(part is data.validation for part in asked)
    asked.clear()
    run(trial("final"), nl.relu, BLUEPRINT, data)
    assert [part is data.test for part in asked] == [False, False, False, True]


def test_a_spoiled_test_part_changes_nothing_but_the_test_score(data):
    from dataclasses import replace

    spoiled = replace(data, test=replace(data.test, X=-data.test.X))
    clean, other = (run(trial("final"), nl.relu, BLUEPRINT, each) for each in (data, spoiled))
    assert clean.test != other.test
    assert without_times(clean) | {"test": 0} == without_times(other) | {"test": 0}


def test_it_learns(data):
    assert run(trial("final", epochs=20), nl.relu, BLUEPRINT, data).test["metric"] > 0.85


def test_the_scores_are_those_of_the_best_epoch(data):
    result = run(trial(epochs=8), nl.tanh, BLUEPRINT, data)
    assert result.validation["metric"] == max(result.validation_metric)
    assert result.validation_metric[result.best_epoch - 1] == result.validation["metric"]
    assert len(result.train_loss) == 8


def test_the_weights_kept_are_those_of_the_best_epoch(data):
    long = run(trial("final", epochs=8, rate=0.1), nl.tanh, BLUEPRINT, data)
    assert long.best_epoch < 8
    short = run(trial("final", epochs=long.best_epoch, rate=0.1), nl.tanh, BLUEPRINT, data)
    assert short.test == long.test


def test_regression_is_scored_in_the_targets_own_unit(line):
    data = prepare(load(line), Settings())
    result = run(trial("final", epochs=40), nl.silu, Blueprint(3, 1, (16,)), data)
    assert 0.9 < result.test["metric"] < 1
    spread = data.test.y.std() * data.target_scale
    assert result.test["rmse"] == pytest.approx(spread * math.sqrt(1 - result.test["metric"]), rel=1e-3)


def test_divergence_is_an_outcome(data):
    result = run(trial("final", rate=1e30), nl.relu, BLUEPRINT, data)
    assert result.diverged
    assert result.test is result.validation is result.best_epoch is None


def test_silent_units_are_counted():
    module = nn.Sequential(nn.Linear(2, 4), relu := _module("relu"), nn.Linear(4, 2), tanh := _module("tanh"))
    with torch.no_grad():
        module[0].weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]))
        module[0].bias.copy_(torch.tensor([0.0, 0.0, -1.0, 1.0]))
    X = np.array([[1, 1], [-1, 1], [1, -1], [-1, -1]], dtype=np.float32)
    zero, always = slopes(Network(module, (relu, tanh)), X)
    assert zero == [0.5, 0.0]  # half of units 1 and 2, all of unit 3, none of unit 4
    assert always == [0.25, 0.0]


def _module(name):
    import nonlin.torch as nlt

    return nlt.module(name)


def test_a_learned_parameter_is_trained_and_its_slope_taken(data):
    result = run(trial("final"), nl.prelu, BLUEPRINT, data)
    assert result.zero_slope == [0.0, 0.0]


def test_a_score_is_better_by_its_loss():
    assert is_better(Score(0.5, 0.1), Score(0.6, 9.0))
    assert is_better(Score(0.5, 0.1), Score(0.5, 0.2))
    assert not is_better(Score(0.5, 0.2), Score(0.5, 0.2))


def test_metrics_agree_with_scikit_learn():
    from sklearn.metrics import accuracy_score, r2_score, root_mean_squared_error

    draw = np.random.default_rng(0)
    output, y = draw.normal(size=(50, 3)), draw.integers(0, 3, 50)
    assert score(output, y, 0.0, "classification").metric == accuracy_score(y, output.argmax(axis=1))
    found = score(output[:, :1], output[:, 1], 0.0, "regression")
    assert found.metric == pytest.approx(r2_score(output[:, 1], output[:, 0]))
    assert found.rmse == pytest.approx(root_mean_squared_error(output[:, 1], output[:, 0]))
    assert not score(output * np.nan, y, 0.0, "classification").is_finite
    assert ACCURACY.higher_is_better
