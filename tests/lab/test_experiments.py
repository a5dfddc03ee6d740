"""Every experiment keeps the rules of the room: found by its file, seeded, judged, shown, told as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import nonlin
from nonlin.errors import InvalidInput
from nonlin.lab import Record, find, names, run
from nonlin.lab import experiments as folder
from nonlin.lab.record import plain
from nonlin.lab.settings import settings_of
from nonlin.lab.showing import BarChart, Chart, Curve, Dots, Field, Mosaic

SMALL: dict[str, dict[str, object]] = {
    "depth-without-activation": {"steps": 300},
    "dying-relu": {"steps": 300},
    "initialisation": {"width": 64, "networks": 1, "activations": "tanh,sigmoid"},
    "softmax": {"steps": 100, "rows": 50},
    "approximation": {"widths": "1,24", "seeds": 2, "steps": 300},
    "self-normalising": {"networks": 1, "inputs": 64},
    "speed": {"numbers": 1000, "repeats": 1},
    "linear-regions": {"widths": "2,6", "depths": "1,2", "grid": 60},
    "order-to-chaos": {"columns": 4, "rows": 3, "networks": 2, "depth": 8},
    "loss-landscape": {"activations": "tanh", "grid": 9, "steps": 300},
    "replacement": {"steps": 400},
}
"""Settings under which an experiment takes well below a second; the others do at their defaults."""


@pytest.fixture(scope="module")
def records() -> dict[str, Record]:
    return {name: run(name, **SMALL.get(name, {})) for name in names()}


def test_every_file_is_an_experiment_and_asks_a_question() -> None:
    files = {p.stem.replace("_", "-") for p in Path(folder.__file__).parent.glob("*.py")} - {"--init--"}
    assert set(names()) == files
    for name in names():
        assert find(name).question.endswith("?"), name
        assert len(find(name).about) > 80, name


@pytest.mark.parametrize("name", names())
def test_what_it_asserts_holds_and_the_verdict_is_one_sentence_with_numbers(
    records: dict[str, Record], name: str
) -> None:
    record = records[name]
    assert record.holds, record.verdict
    assert any(sign.isdigit() for sign in record.verdict)
    assert record.verdict.endswith(".")
    assert "\n" not in record.verdict
    assert "Asserted" in record.criterion or "asserted" in record.criterion


@pytest.mark.parametrize("name", names())
def test_it_has_a_picture_whose_points_are_as_many_along_as_up(records: dict[str, Record], name: str) -> None:
    charts = [one for one in records[name].shown if isinstance(one, Chart | BarChart)]
    assert charts
    for chart in charts:
        assert chart.description.endswith(".")
        assert chart.x.title
        if isinstance(chart, Chart):
            assert chart.y.title
            assert all(fits(one) for one in chart.series)
        else:
            assert len(chart.names) == len(chart.lengths)


def fits(one: object) -> bool:
    if isinstance(one, Field):
        return {len(row) for row in one.z} == {len(one.x)} and len(one.z) == len(one.y)
    if isinstance(one, Mosaic):
        return len(one.polygons) == len(one.values) and min(map(len, one.polygons)) >= 3
    assert isinstance(one, Curve | Dots)
    return len(one.x) == len(one.y)


@pytest.mark.parametrize("name", names())
def test_its_record_is_strict_json_with_settings_numbers_and_versions(
    records: dict[str, Record], name: str
) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    told = json.loads(records[name].as_json(), parse_constant=refuse)
    assert told["settings"].keys() == settings_of(find(name).settings).keys()
    assert told["numbers"]
    assert {"python", "numpy", "nonlin"} <= told["versions"].keys()
    assert told["answer"] == records[name].answer


@pytest.mark.parametrize("name", names())
def test_the_same_seed_gives_the_same_numbers(records: dict[str, Record], name: str) -> None:
    again = run(name, **SMALL.get(name, {}))
    assert told(again) == told(records[name])


def told(record: Record) -> dict[str, object]:
    """Return a record's numbers but for times."""
    return {key: plain(value) for key, value in record.numbers.items() if key != "milliseconds"}


@pytest.mark.parametrize("name", names())
def test_every_setting_has_a_help_text_and_a_seed_is_among_them(name: str) -> None:
    settings = settings_of(find(name).settings)
    assert "seed" in settings
    assert all(one.help.endswith(".") for one in settings.values())


def test_another_seed_gives_other_numbers() -> None:
    first, second = (run("vanishing-gradient", width=8, seed=seed).numbers for seed in (0, 1))
    assert plain(first) != plain(second)


def test_one_s_own_activation_takes_part() -> None:
    @nonlin.activation
    def flat(x):  # type: ignore[no-untyped-def]
        """A thousandth of a sigmoid."""
        return nonlin.sigmoid(x) / 1000

    record = run("vanishing-gradient", activation=flat, gain=1, depth=3)
    assert record.settings["activation"] == "flat"
    assert record.answer == "vanishes"


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("vanishing-gradients", {}, "Did you mean"),
        ("vanishing-gradient", {"deep": 3}, "there is no option --deep"),
        ("vanishing-gradient", {"depth": "many"}, "--depth 'many': give a whole number, such as 10"),
        ("vanishing-gradient", {"depth": 2.5}, "give a whole number"),
        ("vanishing-gradient", {"depth": 1}, "--depth 1: give 2 or more"),
        ("vanishing-gradient", {"activation": "softmax"}, "give one of single values"),
        ("vanishing-gradient", {"activation": np.pi}, "is no activation"),
        ("initialisation", {"activations": ""}, "--activations is empty"),
        ("vanishing-gradient", {"gain": "inf"}, "give a number"),
    ],
)
def test_it_refuses_in_one_line(name: str, given: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        run(name, **given)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_while_it_runs_blas_has_one_thread_and_afterwards_as_many_as_before() -> None:
    from threadpoolctl import threadpool_info

    def threads() -> list[int]:
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    before, seen = threads(), []
    run("hinge-sum", hinges=(2, 4), progress=lambda done, total: seen.append(threads()))
    assert seen
    assert all(set(at) == {1} for at in seen)
    assert threads() == before
