import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.stats import t

import nonlin as nl
from nonlin.errors import InvalidInput
from nonlin.study import Settings, conduct, default_folder, make_plan, study
from nonlin.study.results import FILE
from nonlin.study.store import FILE as STORE

TIMES = ("started", "finished", "seconds")


@nl.activation
def numb(x):
    """Nearly constant: hardly any slope to learn by."""
    return 1 + 1e-7 * x


@nl.activation
def rectifier(x):
    """ReLU under another name."""
    return nl.where(x > 0, x, 0.0)


@nl.activation
def wild(x):
    """Grows so fast that no training survives long steps."""
    return nl.exp(x)


def untimed(results):
    told = {name: value for name, value in results.items() if name not in TIMES}
    told["activations"] = {
        name: {k: v for k, v in one.items() if k != "step_milliseconds"}
        for name, one in results["activations"].items()
    }
    return json.dumps(told)


def test_the_results_keep_the_contract(blobs, tiny):
    found = study(blobs, ["relu", "tanh", "gelu"], **tiny)
    results = json.loads(json.dumps(found.results, allow_nan=False))
    assert {
        "schema", "title", "command", "started", "finished", "seconds", "versions", "machine", "settings", "data",
        "metric", "comparison", "activations", "ranking", "verdict",
    } <= set(results)  # fmt: skip
    assert results["schema"] == 1
    assert results["data"]["split"] == {"train": 72, "validation": 24, "test": 24}
    assert results["comparison"]["comparisons"] == 2
    assert sorted(results["ranking"]) == ["gelu", "relu", "tanh"]
    one = results["activations"]["tanh"]
    assert set(one["metric"]["values"]) == {"0", "1"}
    assert [tried["rate"] for tried in one["learning_rates"]] == [0.003, 0.03]
    assert one["learning_rate"] in (0.003, 0.03)
    assert one["curves"]["steps_or_epochs"] == [1, 2]
    assert {len(band) for band in one["curves"]["train_loss"].values()} == {2}
    assert len(one["shape"]["x"]) == 201
    assert one["zero_slope_share"] == {"mean": 0.0, "by_layer": [0.0]}
    assert one["gain"] == pytest.approx(1.5925374)
    assert results["activations"]["relu"]["difference"] is None
    assert "relu" in repr(found)
    assert found.verdict in repr(found)


def test_the_intervals_follow_from_the_values(blobs, tiny):
    results = study(blobs, ["relu", "tanh", "gelu"], **tiny | {"seeds": 4}).results
    values = {name: list(one["metric"]["values"].values()) for name, one in results["activations"].items()}
    gaps = np.subtract(values["tanh"], values["relu"])
    reach = t.ppf(1 - 0.05 / 2 / 2, 3) * gaps.std(ddof=1) / 2
    assert gaps.std() > 0
    assert results["activations"]["tanh"]["difference"]["interval"] == pytest.approx(
        [gaps.mean() - reach, gaps.mean() + reach]
    )


def test_the_chosen_rate_has_the_best_validation_mean(blobs, tiny):
    results = study(blobs, ["relu", "tanh"], **tiny | {"learning_rates": (1e-6, 0.03)}).results
    assert {one["learning_rate"] for one in results["activations"].values()} == {0.03}
    assert {one["learning_rate_edge"] for one in results["activations"].values()} == {"highest"}


def test_a_planted_loser_is_shown_to_be_worse_and_a_twin_is_not_told_apart(blobs, tiny):
    found = study(blobs, ["relu", numb, rectifier], **tiny | {"epochs": 8, "seeds": 4})
    verdicts = {name: one["verdict"] for name, one in found.results["activations"].items()}
    assert verdicts == {"relu": "reference", "numb": "worse", "rectifier": "no difference shown"}
    assert found.results["activations"]["rectifier"]["difference"]["mean"] == 0
    assert found.ranking[-1] == "numb"
    assert "numb is shown to be worse than relu" in found.verdict


def test_what_diverges_at_every_rate_is_worse_and_said(blobs, tiny):
    found = study(blobs, ["relu", wild], **tiny | {"learning_rates": (1e12, 1e13)})
    one = found.results["activations"]["wild"]
    assert one["verdict"] == "worse"
    assert one["learning_rate"] is None
    assert [tried["diverged"] for tried in one["learning_rates"]] == [1, 1]
    assert any("wild" in note and "diverged" in note for note in found.results["notes"])
    assert "diverged" in repr(found)


def test_a_reference_that_cannot_be_trained_is_one_line(blobs, tiny):
    with pytest.raises(InvalidInput, match=r"'wild' diverged at every learning rate.*--reference"):
        study(blobs, [wild, "relu"], reference="wild", **tiny | {"learning_rates": (1e12, 1e13)})


def test_regression_is_compared_by_r2(line, tiny):
    found = study(line, ["relu", "tanh"], **tiny)
    assert found.results["metric"]["name"] == "R2"
    assert found.results["data"]["classes"] is None
    assert set(found.results["activations"]["tanh"]["test"]) == {"metric", "loss", "rmse"}
    assert "R2" in repr(found)


def test_useless_data_are_said_to_be_useless(tiny):
    draw = np.random.default_rng(0)
    noise = draw.normal(size=(100, 2)), draw.normal(size=100)
    found = study(noise, ["relu", "tanh"], **tiny | {"learning_rates": (0.1, 0.3)})
    assert any("say nothing of the activations" in note for note in found.results["notes"])


KILLED = """
import os, signal, sys, threading
import numpy as np
from nonlin.study import study

def kill_in_the_next_trial(progress):
    if progress.done == int(sys.argv[2]):
        threading.Timer(0.002, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()

with np.load(sys.argv[1] + "/data.npz") as data:
    study((data["X"], data["y"]), ["relu", "tanh"], out=sys.argv[1] + "/out", progress=kill_in_the_next_trial,
          hidden=(8,), epochs=2, batch_size=16, learning_rates=(0.003, 0.03), seeds=2, tuning_seeds=1)
"""


@pytest.mark.parametrize("after", [5])
def test_a_killed_study_goes_on_and_ends_with_the_same_numbers(tmp_path, blobs, tiny, after):
    np.savez(tmp_path / "data.npz", X=blobs[0], y=blobs[1])
    killed = subprocess.run([sys.executable, "-c", KILLED, tmp_path, str(after)], check=False, timeout=120)
    assert killed.returncode == -9
    steps = []
    resumed = study(blobs, ["relu", "tanh"], out=tmp_path / "out", progress=steps.append, **tiny)
    assert after <= steps[-1].found < 8
    assert steps[-1].done == steps[-1].total == 8
    assert untimed(resumed.results) == untimed(study(blobs, ["relu", "tanh"], **tiny).results)


def test_a_finished_study_is_told_again_without_training(tmp_path, blobs, tiny, monkeypatch):
    first = study(blobs, ["relu", "tanh"], out=tmp_path, **tiny)
    monkeypatch.setattr("nonlin.study.conducting.run", lambda *_: pytest.fail("trained again"))
    again = study(blobs, ["relu", "tanh"], out=tmp_path, **tiny)
    assert again.results == first.results
    assert json.loads((tmp_path / FILE).read_text()) == first.results


def test_a_longer_study_in_the_same_folder_takes_what_is_there(tmp_path, blobs, tiny):
    study(blobs, ["relu", "tanh"], out=tmp_path, **tiny)
    steps = []
    longer = study(blobs, ["relu", "tanh"], out=tmp_path, progress=steps.append, **tiny | {"seeds": 3})
    assert steps[-1].found == 8
    assert steps[-1].total == 10
    assert untimed(longer.results) == untimed(study(blobs, ["relu", "tanh"], **tiny | {"seeds": 3}).results)


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 3},
        {"hidden": (9,)},
        {"batch_size": 20},
        {"split_seed": 1},
        {"learning_rates": (0.004, 0.04)},
    ],
)
def test_other_settings_are_other_trials(tmp_path, blobs, tiny, change):
    study(blobs, ["relu"], out=tmp_path, **tiny)
    steps = []
    study(blobs, ["relu"], out=tmp_path, progress=steps.append, **tiny | change)
    assert steps[-1].found == 0


def test_other_data_and_another_formula_are_other_trials(tmp_path, blobs, tiny):
    leaky = [nl.leaky_relu, nl.leaky_relu.bind(negative_slope=0.3)]
    steps = []
    study(blobs, leaky[:1], out=tmp_path, **tiny)
    study((blobs[0] + 1e-3 * blobs[0] ** 2, blobs[1]), leaky[:1], out=tmp_path, progress=steps.append, **tiny)
    study(blobs, leaky[1:], out=tmp_path, progress=steps.append, **tiny)
    assert {each.found for each in steps} == {0}


def test_beginning_anew_trains_anew_and_keeps_the_old(tmp_path, blobs, tiny):
    first = study(blobs, ["relu", "tanh"], out=tmp_path, **tiny)
    steps = []
    again = study(blobs, ["relu", "tanh"], out=tmp_path, fresh=True, progress=steps.append, **tiny)
    assert steps[-1].found == 0
    assert untimed(again.results) == untimed(first.results)
    assert len(list(tmp_path.glob("study-before-*.sqlite"))) == 1


def test_results_that_no_study_wrote_are_not_written_over(tmp_path, blobs, tiny):
    (tmp_path / FILE).write_text('{"mine": 1}')
    with pytest.raises(InvalidInput, match="not written by nonlin study"):
        study(blobs, ["relu"], out=tmp_path, **tiny)
    assert (tmp_path / FILE).read_text() == '{"mine": 1}'


def test_bad_input_loses_nothing_that_is_stored(tmp_path, blobs, tiny):
    study(blobs, ["relu"], out=tmp_path, **tiny)
    stored = (tmp_path / STORE).read_bytes(), (tmp_path / FILE).read_bytes()
    for bad in ({"activations": ["misch"]}, {"target": "y", "task": "regression", "drop": ["none"]}):
        with pytest.raises((InvalidInput, nl.errors.UnknownActivation)):
            study(blobs, **{"activations": ["relu"], "out": tmp_path, "fresh": True} | tiny | bad)
    assert ((tmp_path / STORE).read_bytes(), (tmp_path / FILE).read_bytes()) == stored


def test_an_unknown_setting_is_refused(blobs):
    with pytest.raises(InvalidInput, match=r"no setting 'epoch' .*Did you mean 'epochs'"):
        study(blobs, ["relu"], epoch=3)


def test_the_global_random_state_is_untouched(blobs, tiny):
    torch.manual_seed(1)
    np.random.seed(1)  # noqa: NPY002
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()  # noqa: NPY002
    study(blobs, ["relu"], **tiny)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.random.get_state()[1].tolist() == before[1]  # noqa: NPY002


def test_the_command_and_the_folder_name_the_study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan = make_plan(
        "wine", ["relu", "tanh"], "tanh", Settings(hidden=(4, 4), epochs=1, seeds=2, tuning_seeds=1)
    )
    results = conduct(plan).results
    assert results["command"] == (
        "nonlin study wine --activations relu,tanh --reference tanh --hidden 4,4 --epochs 1 --tuning-seeds 1 --seeds 2"
    )
    folder = default_folder("wine", ["relu"], None, Settings())
    assert folder == default_folder("wine", ["relu"], None, Settings())
    assert folder.name.startswith("nonlin-study-wine-")
    assert folder != default_folder("wine", ["relu"], None, Settings(epochs=3))
    assert default_folder("a/b.csv", ["relu"], None, Settings()) != default_folder(
        "c/b.csv", ["relu"], None, Settings()
    )
    assert not Path(folder).exists()
