"""The shipped studies: real ones, whole, repeatable, and seen when they are stale."""

from __future__ import annotations

import copy
import json
import math

import pytest

from nonlin.advisor import freshness, studies
from nonlin.errors import InvalidInput

SHIPPED = studies.shipped()
IDS = [studies.file_name(s) for s in SHIPPED]
each_study = pytest.mark.parametrize("study", SHIPPED, ids=IDS)


def test_at_least_four_real_data_sets_ship() -> None:
    assert len({s["data"]["name"] for s in SHIPPED}) >= 4
    assert all(s["data"]["source"].startswith("scikit-learn's load_") for s in SHIPPED)


@each_study
def test_a_study_says_how_it_was_made(study) -> None:
    assert study["command"].startswith(f"nonlin study {study['data']['name']} ")
    assert {"python", "nonlin", "torch", "numpy", "scikit-learn"} <= study["versions"].keys()
    assert study["machine"]["processor"]
    assert study["seconds"] > 0


@each_study
def test_its_intervals_follow_from_its_values(study) -> None:
    """By scipy's t distribution, from the paired values that ship."""
    from scipy.stats import t

    reference = study["comparison"]["reference"]
    base = study["activations"][reference]["values"]
    for name, one in study["activations"].items():
        if name == reference or one["difference"] is None:
            continue
        differences = [one["values"][seed] - base[seed] for seed in base]
        count, mean = len(differences), math.fsum(differences) / len(differences)
        spread = math.sqrt(math.fsum((d - mean) ** 2 for d in differences) / (count - 1))
        if spread < 1e-12:
            continue
        share = 1 - (1 - study["settings"]["confidence"]) / study["comparison"]["comparisons"] / 2
        half = t.ppf(share, count - 1) * spread / math.sqrt(count)
        assert one["difference"]["mean"] == pytest.approx(mean, abs=1e-12)
        assert one["difference"]["interval"] == pytest.approx([mean - half, mean + half], abs=1e-9)
        shown = "better" if mean - half > 0 else "worse" if mean + half < 0 else "no difference shown"
        assert one["verdict"] == shown


@each_study
def test_no_study_is_stale(study) -> None:
    assert freshness.changes(study) == [], f"{study['command']}: python tools/studies.py says what to do"


@each_study
def test_a_tiny_sample_comes_out_as_before(study) -> None:
    """One trial of two activations, trained again: within what another seed would have given.

    Not to the bit, since another processor adds in another order; the tool that renews studies asks for that.
    """
    names = sorted(study["activations"])
    asked = (study["comparison"]["reference"], names[IDS.index(studies.file_name(study)) % len(names)])
    found = freshness.trained_again(study, asked, seed=3)
    row = 2 / study["data"]["split"]["test"]
    for name in asked:
        values = [v for v in study["activations"][name]["values"].values() if v is not None]
        spread = max(max(values) - min(values), row)
        assert found[name] == pytest.approx(study["activations"][name]["values"]["3"], abs=spread)


def test_what_has_changed_is_named(monkeypatch) -> None:
    study = SHIPPED[0]
    changed = copy.deepcopy(dict(study))
    changed["fingerprint"]["protocol"] = 0
    changed["fingerprint"]["data"] = "0"
    changed["fingerprint"]["code"]["study/training.py"] = "0"
    changed["fingerprint"]["activations"]["gelu"] = "0"
    told = freshness.changes(changed)
    assert len(told) == 4
    assert told[1] == "the data, as they are divided and scaled, have changed"
    assert told[2:] == ["study/training.py has changed", "the activation gelu has changed"]


def test_comments_and_layout_make_no_study_stale(monkeypatch) -> None:
    from pathlib import Path

    read = Path.read_text
    with_remark = "# a remark\n"
    monkeypatch.setattr(Path, "read_text", lambda path, *a, **k: with_remark + read(path, *a, **k))
    assert freshness.changes(SHIPPED[0]) == []
    with_remark = "import math\n"
    assert len(freshness.changes(SHIPPED[0])) == len(freshness.CODE)


def test_what_is_kept_is_what_was_found(tmp_path) -> None:
    """From a study of a second: through the file, and back to what repeats it."""
    from nonlin.study import study as conduct

    tiny = {
        "hidden": (4,),
        "epochs": 1,
        "batch_size": 64,
        "learning_rates": (0.01,),
        "seeds": 2,
        "tuning_seeds": 1,
    }
    found = conduct("wine", ["relu", "tanh"], split_seed=5, **tiny).results
    told = studies.kept(found, freshness.fingerprint(found))
    path = studies.write(told, tmp_path)
    assert path.name == "wine-1-layers-split-5.json"
    (again,) = studies.shipped(tmp_path)
    assert again == json.loads(json.dumps(told))
    assert freshness.changes(again) == []
    then = {name: one["values"]["1"] for name, one in again["activations"].items()}
    assert freshness.trained_again(again, ["relu", "tanh"], seed=1) == then


def test_results_of_another_form_are_refused() -> None:
    with pytest.raises(InvalidInput, match="schema 99 cannot be kept"):
        studies.kept({"schema": 99}, {})
