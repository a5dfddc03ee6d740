"""What the shipped studies say in words: their own numbers, contradictions first, no claim that is not shown."""

from __future__ import annotations

import pytest

from nonlin.advisor import advise, findings
from nonlin.advisor.findings import Practice
from nonlin.advisor.studies import layers, shipped

SAYING = Practice("tanh", "worse", "Somebody (1999)")


def study(name="wine", verdict="no difference shown", interval=(-0.02, 0.01), task="classification", split=0):
    """A study of tanh beside relu."""
    relu = {"mean": 0.9, "difference": None, "verdict": "reference", "diverged": 0}
    tanh = {
        "mean": 0.89,
        "difference": {"mean": sum(interval) / 2, "interval": list(interval)},
        "verdict": verdict,
    }
    return {
        "data": {"name": name, "rows": 178, "task": task},
        "settings": {"hidden": [8, 8], "split_seed": split, "seeds": [0, 1]},
        "comparison": {"reference": "relu", "comparisons": 1},
        "metric": {"name": "accuracy"},
        "activations": {"relu": relu, "tanh": tanh | {"diverged": 0}},
    }


def test_where_nothing_is_shown_it_hardly_matters() -> None:
    told = findings.answer([study(), study("digits")])
    assert told.startswith("Hardly: on 2 small data sets (digits, wine), 1 split of the rows")
    assert told.endswith("Of 2 comparisons with relu, none show a difference.")


def test_who_stands_out_is_named_at_once() -> None:
    told = findings.answer([study(), study(split=1), study(split=2, verdict="worse", interval=(-0.2, -0.1))])
    assert told.startswith("Hardly, except for tanh: on one small data set (wine), 3 splits of the rows")


def test_where_most_is_shown_it_matters() -> None:
    assert findings.answer([study(verdict="worse", interval=(-0.2, -0.1))]).startswith("Yes: ")


def test_practice_is_contradicted_with_the_interval() -> None:
    told = findings.practice([SAYING], [study(verdict="better", interval=(0.01, 0.03)), study(split=1)])
    assert told == (
        "Contrary to practice: tanh is shown to be better than relu in 1 of 2 studies. wine, split 0: +2.0 [+1.0 to "
        "+3.0] points. Said to be worse: Somebody (1999).",
    )


def test_practice_is_confirmed_or_left_open() -> None:
    (told,) = findings.practice([SAYING], [study("d", "worse", (-0.3, -0.1), task="regression")])
    assert told.startswith("As practice says: tanh is shown to be worse")
    assert "d, split 0: -0.200 [-0.300 to -0.100]." in told
    assert findings.practice([SAYING], [study()]) == (
        "Said to be worse than relu, and not shown here: tanh [Somebody (1999)].",
    )


def test_training_that_diverged_is_told() -> None:
    lost = study(verdict="worse")
    lost["activations"]["tanh"] |= {"difference": None, "mean": None, "diverged": 2}
    assert "2 of 2 trainings diverged" in findings.practice([SAYING], [lost])[0]
    assert findings.numbers(lost).endswith("; tanh diverged")


@pytest.mark.parametrize("depth", [2, 24])
def test_advice_on_a_perceptron_quotes_the_studies_of_its_depth(depth: int) -> None:
    matters = advise(architecture="mlp", task="binary", depth=depth).matters
    of_depth = [s for s in shipped() if (layers(s) >= 6) == (depth >= 6)]
    assert matters.evidence == "controlled study"
    for each in of_depth:
        assert sum(line.startswith(findings.label(each)) for line in matters.details) == 1
    for other in set(map(findings.label, shipped())) - set(map(findings.label, of_depth)):
        assert not any(line.startswith(other) for line in matters.details)


def test_every_verdict_of_the_shipped_studies_that_contradicts_practice_is_told_with_its_interval() -> None:
    """Against the files themselves: what is better where practice expects worse, and the other way round."""
    expected = {"sigmoid": "worse", "tanh": "worse"}
    for each in shipped():
        told = advise(architecture="mlp", task="binary", depth=layers(each)).matters.details
        for name, one in each["activations"].items():
            if one["verdict"] not in ("better", "worse"):
                continue
            low, high = one["difference"]["interval"]
            scale, digits = (100, 1) if each["data"]["task"] == "classification" else (1, 3)
            interval = f"{findings.label(each)}: {scale * (low + high) / 2:+.{digits}f} "
            interval += f"[{scale * low:+.{digits}f} to {scale * high:+.{digits}f}]"
            contrary = one["verdict"] != expected.get(name, "better")
            word = "Contrary to practice" if contrary else "As practice says"
            (line,) = (line for line in told if line.startswith(f"{word}: {name} "))
            assert interval in line
