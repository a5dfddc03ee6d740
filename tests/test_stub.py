"""The stub: fresh, true of what is there, and a type checker and an editor know every activation by it."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nonlin as nl
from nonlin import catalog

ROOT = Path(__file__).parent.parent
STUB = Path(nl.__file__).with_suffix(".pyi")


def made() -> str:
    spec = importlib.util.spec_from_file_location("stub", ROOT / "tools/stub.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text: str = module.stub()
    return text


def test_it_is_what_its_command_makes() -> None:
    assert STUB.read_text(encoding="utf-8") == made(), "run: python tools/stub.py"


def promised() -> dict[str, str]:
    """Return the public names of the stub with their annotations, where they have some."""
    found = {}
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            found |= {a.asname: "" for a in node.names if a.asname}
        elif isinstance(node, ast.AnnAssign):
            found[ast.unparse(node.target)] = ast.unparse(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = ""
    return found


def test_it_promises_what_is_there_and_nothing_else() -> None:
    names = promised()
    assert set(names) - {"__version__"} == {*nl.__all__, *nl._WORDS, *catalog.names()}
    assert all(hasattr(nl, name) for name in names)
    for name in catalog.names():
        assert names[name] == type(getattr(nl, name)).__name__


def test_get_has_the_parameters_of_the_stub() -> None:
    last = [
        n for n in ast.parse(STUB.read_text()).body if isinstance(n, ast.FunctionDef) and n.name == "get"
    ][-1]
    assert ast.unparse(last.args) == "name: str, dialect: str | None=None, **options: Any"
    assert [*inspect.signature(nl.get).parameters] == ["name", "dialect", "options"]


SCRIPT = """\
import numpy as np
import nonlin as nl

x = np.linspace(-1.0, 1.0, 5)
y, slope = nl.gelu.value_and_grad(nl.gelu(x))
nl.gelu.fast.grad(x)
nl.leaky_relu.bind(negative_slope=0.2).param_grad(x, "negative_slope")
nl.softmax(x, axis=-1)
nl.get("gelu").derivative(2)
nl.get("GELU", dialect="torch")(x)
mine = nl.activation(lambda t, a=1.0: t * nl.sigmoid(a * t) + nl.exp(-t))
mine.grad(x)
assert nl.names() and nl.gelu.facts.gain > 1 and nl.__version__
nl.set_num_threads(nl.get_num_threads())
"""
WRONG = {
    "nl.gelo(x)": 'Module has no attribute "gelo"',
    "nl.gelu.grads(x)": '"Elementwise" has no attribute "grads"',
    "nl.get(3)": "No overload variant",
    "nl.Elementwise": 'does not explicitly export attribute "Elementwise"',
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Any:
    """What mypy --strict says of a good script, and of one line of nonsense each, by its line."""
    pytest.importorskip("mypy")
    folder = tmp_path_factory.mktemp("scripts")
    (folder / "good.py").write_text(SCRIPT)
    head = SCRIPT.partition("y, slope")[0]
    (folder / "wrong.py").write_text(head + "\n".join(WRONG) + "\n")
    cache = request.config.cache.mkdir("mypy") if request.config.cache else folder
    words = ["-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(cache), "good.py", "wrong.py"]
    options = {**os.environ, "MYPYPATH": str(STUB.parents[1])}
    return subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, cwd=folder, env=options
    ).stdout


def test_a_script_of_a_user_passes_strict_checks(checked: str) -> None:
    assert [line for line in checked.splitlines() if line.startswith("good.py")] == []


@pytest.mark.parametrize("line", WRONG)
def test_a_misspelt_name_is_found(line: str, checked: str) -> None:
    place = SCRIPT.partition("y, slope")[0].count("\n") + 1 + [*WRONG].index(line)
    assert any(
        told.startswith(f"wrong.py:{place}: ") and WRONG[line] in told for told in checked.splitlines()
    ), checked


def test_the_script_runs() -> None:
    threads = nl.get_num_threads()
    exec(compile(SCRIPT, "script", "exec"), {})
    assert nl.get_num_threads() == threads
