"""Activations of other packages: found by their entry points, and nothing of theirs breaks nonlin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packages import BENT, install, python

GOOD = {"bent": "bent_package:bent"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    install(tmp_path / "site", "bent-package", GOOD, {"bent_package": BENT})
    return tmp_path / "site"


def told(site: Path, script: str) -> str:
    return python(site, "-c", f"import sys, pickle, nonlin as nl\n{script}").stdout.strip()


def cli(site: Path, *words: str, fails: bool = False) -> tuple[str, str]:
    run = python(site, "-m", "nonlin", *words, fails=fails)
    return run.stdout, run.stderr


def test_it_is_found_by_name_and_imported_only_when_used(site: Path) -> None:
    seen = told(
        site,
        "print('bent' in nl.names(), 'bent' in dir(nl), 'bent_package' in sys.modules)\n"
        "same = nl.bent is nl.get(' BENT ') is nl.get('bent')\n"
        "print(same, float(nl.bent.grad(0.0)), 'bent_package' in sys.modules)\n"
        "import bent_package; print(nl.bent is bent_package.bent, nl.bent.summary)",
    )
    assert seen.splitlines() == [
        "True True False",
        "True 1.0 True",
        "True Bent identity with an adjustable bend.",
    ]


def test_importing_nonlin_reads_no_metadata(site: Path) -> None:
    assert told(site, "nl.gelu; nl.get('hardswish'); print('importlib.metadata' in sys.modules)") == "False"


def test_a_name_of_an_entry_point_stands_above_that_of_the_function(site: Path) -> None:
    install(site, "other", {"bowed": "bent_package:bent"}, {})
    assert told(site, "print(nl.bowed, nl.bowed(3.0) == nl.bent(3.0), nl.bowed.summary)").startswith(
        "nonlin.bowed(x, a=0.5) True Bent"
    )


def test_a_plain_definition_will_do_and_its_formula_stays_as_written(site: Path) -> None:
    text = "from nonlin.vocabulary import Definition, x\nsixth = Definition(formula=(x + 3) / 6, summary='A sixth.')\n"
    install(site, "sixths", {"sixth": "sixth_module:sixth"}, {"sixth_module": text})
    assert (
        told(site, "print(float(nl.sixth(-3 + 2.0**-50)) == 2.0**-50 / 6, nl.sixth.formula)")
        == "True (x + 3)/6"
    )


def test_parameters_are_bound_by_get(site: Path) -> None:
    assert told(site, "print(nl.get('bent', a=0.25), nl.bent.bind(a=2.0))") == (
        "nonlin.bent(x, a=0.25) nonlin.bent(x, a=2)"
    )


def test_it_pickles_by_name_and_changed_by_value(site: Path) -> None:
    seen = told(
        site,
        "f, g = pickle.loads(pickle.dumps([nl.bent, nl.bent.bind(a=2.0)]))\n"
        "print(f is nl.bent, pickle.loads(pickle.dumps(nl.bent.fast)) is nl.bent.fast, g, float(g(0.0)))\n"
        "print(len(pickle.dumps(nl.bent)) < 100)",
    )
    assert seen.splitlines() == ["True True nonlin.bent(x, a=2) 0.0", "True"]


def test_a_pickle_without_its_package_says_what_is_missing(site: Path, tmp_path: Path) -> None:
    told(site, f"open({str(tmp_path / 'p')!r}, 'wb').write(pickle.dumps(nl.bent))")
    run = python(
        tmp_path, "-c", f"import pickle; pickle.load(open({str(tmp_path / 'p')!r}, 'rb'))", fails=True
    )
    assert "no activation is called 'bent' here; the package that brings it" in run.stderr


def test_the_terminal_finds_it(site: Path, tmp_path: Path) -> None:
    assert "Bent identity with an adjustable bend. [a=0.5]" in cli(site, "list")[0]
    entry = json.loads(cli(site, "show", "Bent", "--json")[0])
    assert (entry["name"], entry["parameters"]) == ("bent", {"a": 0.5})
    assert cli(site, "plot", "bent", "--out", str(tmp_path / "a.svg"))[0].startswith("wrote")
    # Its promise is missed at -inf, where x^2 overflows, so the exit code is 1.
    certified = json.loads(cli(site, "certify", "bent", "--dtype", "float16", "--json", fails=True)[0])
    assert "bent" in json.dumps(certified)
    assert "\\sqrt{x^{2} + 1}" in cli(site, "export", "latex", "bent")[0]


def test_bridges_find_it(site: Path) -> None:
    seen = told(
        site,
        "import torch, nonlin.torch as nlt\n"
        "print(nlt.module('bent', learnable=['a']), nlt.functional.bent(torch.tensor([3.0])).item())",
    )
    assert "bent" in seen
    assert float(seen.split()[-1]) == pytest.approx(3 + 0.5 * (10**0.5 - 1))


def test_a_misspelt_name_is_answered_with_it(site: Path) -> None:
    assert "Did you mean 'bent'" in cli(site, "show", "bnet", fails=True)[1]


BROKEN = {
    "gone": ("gone = no_such_module:gone", "ModuleNotFoundError"),
    "empty": ("empty = json:no_such_thing", "AttributeError"),
    "number": ("number = math:pi", "of type float; let it name an activation"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_one_is_one_line_and_the_others_work(name: str, site: Path) -> None:
    line, why = BROKEN[name]
    install(site, "broken-package", dict([line.split(" = ")]), {})
    out, err = cli(site, "list")
    assert "Bent identity" in out
    assert err.count("\n") == 1
    assert err.startswith(f"nonlin: entry point {name!r} of package 'broken-package' (")
    assert why in err
    assert cli(site, "show", name, fails=True)[1] == err
    assert told(site, f"print(hasattr(nl, {name!r}), {name!r} in nl.names(), nl.bent)").startswith(
        "False True"
    )


CLASHES = {
    "gelu": "nonlin has an activation of that name",
    "hardswish": "nonlin has 'hard_swish' for a word of that name",
    "torch": "nonlin has a module of that name",
    "Bent2": "a name has small letters, digits and underscores",
}


def test_names_that_are_taken_stay_with_their_owners(site: Path) -> None:
    install(site, "late", dict.fromkeys(CLASHES, "bent_package:bent"), {})
    out, err = cli(site, "show", "bent")
    assert "Bent identity" in out
    assert err.splitlines() == [
        f"nonlin: entry point {name!r} of package 'late' (bent_package:bent) is left out: {CLASHES[name]}"
        for name in sorted(CLASHES)
    ]
    assert (
        told(site, f"print(*sorted({{*nl.names()}} & set({[*CLASHES]})), nl.gelu)") == "gelu nonlin.gelu(x)"
    )


def test_two_packages_with_one_name_are_both_left_out(site: Path) -> None:
    install(site, "rival", {"bent": "rival:bent"}, {"rival": BENT})
    out, err = cli(site, "list")
    assert "Bent" not in out
    assert "'bent-package'" in err
    assert "'rival'" in err
    assert err.count("\n") == 1


def test_an_unreadable_file_of_another_package_does_no_harm(site: Path) -> None:
    install(site, "torn", {}, {})
    (site / "torn-1.0.dist-info/entry_points.txt").write_bytes(b"\xff\xfe[no\nsense")
    assert told(site, "print(nl.bent)") == "nonlin.bent(x, a=0.5)"
