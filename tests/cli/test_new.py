"""`nonlin new activation`: what it writes passes as it is, replaces nothing, and is found by everything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import nonlin
from nonlin.cli import application
from nonlin.errors import InvalidInput

ROOT = Path(__file__).parents[2]


def new(*words: str) -> Any:
    return CliRunner().invoke(application(), ["new", "activation", *words])


def refused(*words: str) -> str:
    result = CliRunner().invoke(application(), ["new", *words])
    assert isinstance(result.exception, InvalidInput), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


def python(folder: Path, *words: str) -> str:
    environment = {**os.environ, "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    if (folder / "src").exists():
        environment["PYTHONPATH"] = str(folder / "src")
    run = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, cwd=folder, env=environment
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_written_passes_and_a_wrong_formula_would_not(here: Path) -> None:
    told = new("bowl").output
    assert told.startswith("wrote bowl.py\nwrote test_bowl.py\n\nNext:")
    assert 'bowl = "bowl:bowl"' in told
    assert "45 passed" in python(here, "-m", "pytest", "-q", "test_bowl.py")
    wrong = (here / "bowl.py").read_text().replace("nl.sigmoid(a * x)", "nl.sigmoid(a * x + 1e-9)")
    (here / "bowl.py").write_text(wrong)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_bowl.py"], capture_output=True, cwd=here
    )
    assert run.returncode == 1


def test_in_a_package_the_test_imports_it_from_there(here: Path) -> None:
    package = here / "mine" / "inner"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    told = new("bowl", "--out", "mine/inner").output
    assert 'bowl = "mine.inner.bowl:bowl"' in told
    assert "passed" in python(here, "-m", "pytest", "-q", "mine")


def test_it_is_well_kept_by_the_rules_of_others_and_of_ours(here: Path) -> None:
    new("bowl")
    for length in ("88", "110"):
        options = ["--isolated", "--line-length", length]
        python(here, "-m", "ruff", "format", "--check", *options, ".")
        python(here, "-m", "ruff", "check", *options, "--select", "E,F,I,B,UP,PT,RUF", ".")


def test_nothing_is_overwritten(here: Path) -> None:
    (here / "test_bowl.py").write_text("mine")
    assert (
        refused("activation", "bowl")
        == "'test_bowl.py' is there already, and stays as it is; choose another name"
    )
    assert [path.name for path in here.iterdir()] == ["test_bowl.py"]
    assert (here / "test_bowl.py").read_text() == "mine"


REFUSED = {
    "gelu": "nonlin has a 'gelu' already",
    "plot": "nonlin has a 'plot' already",
    "torch": "nonlin has a 'torch' already",
    "exp": "nonlin has a 'exp' already",
    "My-Bowl": "'My-Bowl' is no name for an activation; use small letters, digits and _, such as 'my_bowl'",
    "../bowl": "is no name",
    "class": "is no name",
    "json": "is a module of Python's own",
    "numpy": "is the name of a module that is installed",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_would_not_do_is_refused(name: str, here: Path) -> None:
    assert REFUSED[name] in refused("activation", name)
    assert not [*here.iterdir()]


def test_another_kind_and_a_folder_that_is_none_are_refused(here: Path) -> None:
    assert "Did you mean 'activation'" in refused("activaton", "bowl")
    (here / "file").touch()
    assert "cannot be written" in refused("activation", "bowl", "--out", "file")


def test_a_project_that_is_not_ours_is_no_checkout(here: Path) -> None:
    (here / "pyproject.toml").write_text('[project]\nname = "other"\n')
    (here / "src/nonlin/catalog").mkdir(parents=True)
    (here / "src/nonlin/catalog/__init__.py").touch()
    assert new("bowl").output.startswith("wrote bowl.py")


FOUND = """
import json, numpy as np, torch, onnx.reference, sys
import nonlin as nl, nonlin.torch as nlt, nonlin.onnx as nlo, nonlin.jax as nlj
x = np.array([-1.5, 0.0, 2.0], np.float32)
wanted = x / (1 + np.exp(-x))
ran = onnx.reference.ReferenceEvaluator(nlo.model("bowl")).run(None, {"x": x})[0]
print(json.dumps({
    "source": nl.__file__,
    "names": "bowl" in nl.names() and "bowl" in dir(nl),
    "torch": bool(np.allclose(nlt.module("bowl")(torch.tensor(x)).numpy(), wanted)),
    "functional": bool(np.allclose(nlt.functional.bowl(torch.tensor(x)).numpy(), wanted)),
    "onnx": bool(np.allclose(ran, wanted)),
    "jax": bool(np.allclose(nlj.bowl(x), wanted)),
    "repr": repr(nl.bowl),
}))
"""

DOCUMENTED = """
import sys
sys.path.insert(0, sys.argv[1])
from activation_pages import index, page
import nonlin as nl
print(page(nl.bowl), index(nl.names()))
"""


def test_one_file_in_a_checkout_is_found_by_everything(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    unneeded = shutil.ignore_patterns("__pycache__", "certificates")
    shutil.copytree(Path(nonlin.__file__).parent, checkout / "src/nonlin", ignore=unneeded)
    shutil.copy(ROOT / "pyproject.toml", checkout)
    told = python(checkout, "-m", "nonlin", "new", "activation", "bowl")
    definition = checkout / "src/nonlin/catalog/bowl.py"
    assert f"wrote {definition}" in told
    assert "passed" in python(checkout, "-m", "pytest", "-q", "tests/catalog/test_bowl.py")

    found = json.loads(python(checkout, "-c", FOUND))
    assert found.pop("source") == str(checkout / "src/nonlin/__init__.py")
    assert found.pop("repr") == "nonlin.bowl(x, a=1)"
    assert all(found.values()), found

    entries = json.loads(python(checkout, "-m", "nonlin", "list", "--json"))
    assert {e["name"]: e["parameters"] for e in entries}["bowl"] == {"a": 1.0}
    assert "  bowl " in python(checkout, "-m", "nonlin", "list", "--where", "smooth and not monotone")
    assert "f(x) = x*sigmoid(a*x)" in python(checkout, "-m", "nonlin", "show", "bowl")
    assert "export" in python(checkout, "-m", "nonlin", "export", "javascript", "bowl")

    pages = python(checkout, "-c", DOCUMENTED, str(ROOT / "docs/extensions"))
    assert pages.startswith("# bowl\n")
    assert "bowl" in pages.rpartition("toctree")[2]
