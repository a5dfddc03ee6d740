"""Whole benchmarks on tiny arrays: what is compared, what is left out, what an interruption keeps."""

from __future__ import annotations

import gc
import time

import numpy as np
import pytest

import nonlin as nl
from nonlin.bench import bench, conducting, make_plan, rivals
from nonlin.bench.ratios import ratios
from nonlin.bench.rivals import Rival
from nonlin.bench.setting import Ready

TINY = {"sizes": [64], "rows": [8], "threads": [1], "budget": 0.01}


@pytest.fixture(autouse=True)
def few_rows(monkeypatch):
    monkeypatch.setattr("nonlin.bench.plan.VALUES_IN_ROWS", 64)


@pytest.fixture
def planted(monkeypatch):
    """Put another rival in NumPy's place."""

    def plant(call, **more):
        fake = Rival("Fake", ("numpy",), call, **more)
        load = rivals.load
        monkeypatch.setattr(rivals, "load", lambda name: fake if name == "numpy" else load(name))

    return plant


def run(functions=("gelu",), chosen=("numpy",), **more):
    return bench(make_plan(functions, rivals=chosen, grades=["exact"], **{**TINY, **more}))


def test_every_case_is_measured_by_everyone_who_can():
    record = run(["relu", "softmax"])
    assert record.complete
    assert len(record.results) == 8
    who = {(r.case.function, r.case.task, r.case.output): set(r.timings) for r in record.results}
    assert who["relu", "value", "fresh"] == {"exact", "numpy", "copy"}
    assert who["relu", "gradient", "reused"] == {"exact", "exact + vjp", "copy"}
    assert who["softmax", "gradient", "fresh"] == {"exact + vjp", "numpy", "copy"}
    assert all(
        t.median > 0 and t.low <= t.median <= t.high for r in record.results for t in r.timings.values()
    )


def test_versions_machine_and_settings_are_kept():
    record = run()
    assert record.versions["numpy"] == np.__version__
    assert record.versions["nonlin"]
    assert record.machine["processor"]
    assert record.settings["sizes"] == (64,)
    assert record.titles == {"numpy": "NumPy", "copy": "copy"}
    assert record.command.startswith("nonlin bench --functions gelu")


def test_a_slow_rival_is_that_much_slower(planted):
    def sleeper(setting):
        def call():
            time.sleep(0.03)
            return nl.gelu(setting.x)

        return Ready(call) if setting.task == "value" else None

    planted(sleeper)
    found = [one for one in ratios(run()) if one.rival == "numpy"]
    assert len(found) == 2
    assert all(one.ratio > 10 for one in found)


def test_who_disagrees_is_not_timed_but_named(planted):
    planted(lambda setting: Ready(lambda: setting.x * 1.001) if setting.task == "value" else None)
    record = run(["relu"])
    assert all("numpy" not in result.timings for result in record.results)
    assert any(note.startswith("Fake is left out of relu (value): the value at x =") for note in record.notes)


def test_who_cannot_be_set_up_is_named(planted):
    def broken(setting):
        raise RuntimeError("no such\nnode")

    planted(broken)
    assert "Fake could not be set up for gelu: no such node" in run().notes


def test_who_is_not_installed_is_named(planted):
    planted(None)
    fake = Rival("Absent", ("surely_not_installed",), None)
    planted(fake.set_up)
    rivals.load("numpy").__dict__["needs"] = fake.needs
    record = run()
    assert record.complete
    assert any("Fake is left out: surely_not_installed not installed" in note for note in record.notes)
    assert "numpy" not in record.titles


def test_a_grade_that_does_not_exist_is_named(monkeypatch):
    record = bench(make_plan(["gelu"], rivals=["numpy"], grades=["exact", "fast"], **TINY))
    names = {name for result in record.results for name in result.timings}
    if hasattr(nl.gelu, "fast"):
        assert "fast" in names
    else:
        assert "nonlin has no grade fast of: gelu." in record.notes


def test_a_fast_grade_takes_part_as_soon_as_it_exists(monkeypatch):
    monkeypatch.setattr(type(nl.gelu), "fast", property(lambda self: self), raising=False)
    record = bench(make_plan(["gelu"], rivals=["numpy"], grades=["fast"], **TINY))
    names = {name for result in record.results for name in result.timings}
    assert {"fast", "fast + vjp"} <= names
    assert "exact" not in names


@pytest.mark.parametrize("after", [0, 3])
def test_an_interruption_keeps_what_was_measured(after):
    def interrupt(progress):
        if progress.done == after:
            raise KeyboardInterrupt

    record = bench(make_plan(["gelu"], rivals=["numpy"], **TINY), interrupt)
    assert not record.complete
    assert len(record.results) == after
    assert type(record).from_json(record.as_json()).results == record.results


def test_progress_counts_to_the_end():
    seen = []
    bench(make_plan(["gelu"], rivals=["numpy"], **TINY), seen.append)
    assert [p.done for p in seen] == [0, 1, 2, 3]
    assert {p.total for p in seen} == {4}
    assert all(p.seconds_left >= 0 for p in seen)


def test_everyone_gets_their_threads_back_and_the_collector_runs_again(planted):
    held = []

    def hold(threads):
        held.append(threads)
        return 7

    planted(lambda setting: None, hold=hold)
    run()
    assert held[-1] == 7
    assert gc.isenabled()


@pytest.mark.skipif(conducting.machine()["cores"] < 2, reason="needs two processors")
def test_one_threaded_libraries_are_compared_on_one_thread_only():
    record = run(["gelu"], ["scipy"], threads=[1, 2])
    where = {(r.case.threads, "scipy" in r.timings) for r in record.results if r.case.task == "value"}
    assert (1, True) in where
    assert (2, True) not in where
    assert any("SciPy use one thread" in note for note in record.notes)
