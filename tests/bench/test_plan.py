"""Words are checked once, and cases follow from them."""

from __future__ import annotations

import shlex

import pytest

import nonlin as nl
from nonlin.bench import make_plan, plan
from nonlin.bench.setting import RACED
from nonlin.errors import InvalidInput, UnknownActivation
from nonlin.machine import usable_cores


def test_what_is_raced_is_the_default():
    assert make_plan().functions == RACED
    assert set(RACED) < set(nl.names()) - {"identity"}


def test_every_case_occurs_once():
    chosen = make_plan(["gelu", "softmax"], [16, 32], [10], [1])
    found = list(plan.cases(chosen))
    assert len(found) == len(set(found)) == 2 * 2 * 2 + 1 * 2 * 2
    assert {case.row for case in found if case.function == "softmax"} == {10}
    assert {case.values for case in found if case.function == "gelu"} == {16, 32}


def test_one_number_of_threads_comes_after_the_other(monkeypatch):
    monkeypatch.setattr(plan, "usable_cores", lambda: 4)
    threads = [case.threads for case in plan.cases(make_plan(["gelu", "silu"], [16], threads=[1, "all"]))]
    assert threads == [1] * 8 + [4] * 8


def test_rows_fill_an_array_of_their_shape():
    (first, *_) = plan.cases(make_plan(["softmax"], rows=[50257]))
    assert plan.shape(first) == (20, 50257)
    assert first.values == 20 * 50257


def test_aliases_and_repetitions_become_one_name():
    assert make_plan(["hardswish", "hard_swish", "GELU"]).functions == ("hard_swish", "gelu")


def test_the_command_makes_the_same_plan_again():
    chosen = make_plan(["gelu"], [16], rivals=["torch", "numpy"], budget=2.5)
    words = shlex.split(chosen.command)
    assert words[:2] == ["nonlin", "bench"]
    assert dict(zip(words[2::2], words[3::2], strict=True)) == {
        "--functions": "gelu", "--sizes": "16", "--rivals": "torch,numpy", "--budget": "2.5",
    }  # fmt: skip
    assert make_plan().command == "nonlin bench"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"rivals": ["tourch"]}, "no rival is called 'tourch'. Did you mean 'torch'"),
        ({"rivals": ["copy"]}, "no rival is called 'copy'"),
        ({"rivals": []}, "--rivals is empty"),
        ({"grades": ["exakt"]}, "no grade is called 'exakt'. Did you mean 'exact'"),
        ({"sizes": [0]}, "--sizes 0: give whole numbers from 1"),
        ({"sizes": [2**40]}, "--sizes 1099511627776"),
        ({"sizes": []}, "--sizes is empty"),
        ({"rows": [-1]}, "--rows -1"),
        ({"threads": ["many"]}, "--threads many: give 'all' or a number"),
        ({"threads": [usable_cores() + 1]}, f"--threads {usable_cores() + 1}"),
        ({"threads": [0]}, "--threads 0"),
        ({"budget": 0}, "--budget 0: give a positive number"),
        ({"budget": float("nan")}, "--budget nan"),
        ({"functions": []}, "--functions is empty"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(given, said):
    with pytest.raises(InvalidInput) as refused:
        make_plan(**given)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_function_is_named_with_its_neighbour():
    with pytest.raises(UnknownActivation, match=r"'geluu'.*'gelu'"):
        make_plan(["geluu"])
