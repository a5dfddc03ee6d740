"""Imports point one way, and `import nonlin` stays light; each offending line is named."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import nonlin

SOURCE = Path(nonlin.__file__).parent

STAGES = [
    ["errors", "machine", "store", "card"],
    ["vocabulary"],
    ["catalog"],
    ["dialects"],
    ["extensions"],
    ["derivation"],
    ["facts"],
    ["kernels"],
    ["workbench"],
    ["nonlin"],  # the package itself: its public names
    ["bridges"],
    ["torch", "jax", "keras", "onnx"],
    ["lab", "doctor", "study", "bench"],  # rooms side by side, which do not know of each other
    ["certify"],  # takes the machine and its versions from bench
    ["advisor", "exercises"],
    ["report"],
    ["plotting"],
    ["explorer"],
    ["cli"],
    ["__main__"],
]
RANK = {stage: rank for rank, stages in enumerate(STAGES) for stage in stages}

EXCEPTIONS = {
    (
        "workbench/elementwise.py",
        "nonlin.plotting",
    ): "activation.plot() is a convenience, imported when called",
    (
        "workbench/activation.py",
        "nonlin.report.card_html",
    ): "a notebook asks the activation itself, when it is shown",
    ("advisor/advice.py", "nonlin.report.advice_page"): "print(advice) shows the page that the command shows",
    ("advisor/advice.py", "nonlin.report.as_text"): "print(advice) shows the page that the command shows",
}

HEAVY = (
    "torch",
    "jax",
    "matplotlib",
    "plotly",
    "sklearn",
    "polars",
    "pandas",
    "jinja2",
    "onnx",
    "tensorflow",
)


def stage_of(path: str) -> str:
    """Return the stage of a file under src/nonlin."""
    return path.split("/")[0].removesuffix(".py")


def imported(tree: ast.AST, module: str) -> Iterator[tuple[int, str]]:
    """Yield line and full name of every import of nonlin, in functions and by name included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name) for a in node.names if a.name.split(".")[0] == "nonlin")
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: -node.level] if node.level else []
            origin = ".".join([*base, *filter(None, [node.module])])
            if origin == "nonlin":
                yield from ((node.lineno, f"nonlin.{a.name}") for a in node.names)
            elif origin.split(".")[0] == "nonlin":
                yield node.lineno, origin
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name, called = node.args[0].value, ast.unparse(node.func).split(".")[-1]
            if called in ("import_module", "require", "__import__") and str(name).startswith("nonlin."):
                yield node.lineno, name


def offences(path: str, text: str) -> list[str]:
    """Return a sentence for each import of a later stage, or of a room beside, in one file."""
    module = "nonlin." + path.removesuffix(".py").replace("/", ".")
    found, own = [], stage_of(path)
    for line, name in imported(ast.parse(text), module):
        target = [*name.split("."), ""][1]
        target = target if target in RANK else "nonlin"
        if (path, name) in EXCEPTIONS or target == own:
            continue
        if RANK[target] >= RANK[own]:
            found.append(f"src/nonlin/{path}:{line}: {own} imports {name}, which stands below it")
    return found


FILES = sorted(str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*.py") if p != SOURCE / "__init__.py")


def test_every_file_belongs_to_a_stage() -> None:
    assert [path for path in FILES if stage_of(path) not in RANK] == []


@pytest.mark.parametrize("path", FILES)
def test_imports_point_one_way(path: str) -> None:
    assert offences(path, (SOURCE / path).read_text()) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("vocabulary/words.py", "from nonlin.catalog import load"),
        ("kernels/apply.py", "def late():\n    from nonlin.workbench import Activation"),
        ("kernels/apply.py", "from nonlin import workbench"),
        ("kernels/apply.py", "import nonlin.report.page"),
        ("kernels/apply.py", "from ..workbench import Activation"),
        ("kernels/apply.py", "import_module('nonlin.cli')"),
        ("derivation/program.py", "import nonlin"),
        ("study/plan.py", "from nonlin.report.page import Page"),
        ("study/plan.py", "from nonlin.doctor import examine"),
        ("report/page.py", "if TYPE_CHECKING:\n    from nonlin.cli import main"),
        ("bridges/torch/module.py", "from nonlin.torch import module"),
    ],
)
def test_an_import_of_a_later_stage_is_named_with_its_line(path: str, text: str) -> None:
    (offence,) = offences(path, text)
    assert offence.startswith(f"src/nonlin/{path}:{text.count(chr(10)) + 1}: ")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("kernels/apply.py", "from nonlin.errors import InvalidInput\nfrom nonlin.kernels.emit import full"),
        ("report/page.py", "from nonlin.study import Study\nimport nonlin"),
        ("cli/commands/study.py", "from nonlin import errors, study"),
        ("workbench/elementwise.py", "def plot():\n    from nonlin.plotting import plot"),
    ],
)
def test_an_import_of_an_earlier_stage_is_allowed(path: str, text: str) -> None:
    assert offences(path, text) == []


def test_each_exception_is_still_needed() -> None:
    for path, name in EXCEPTIONS:
        names = [n for _, n in imported(ast.parse((SOURCE / path).read_text()), "nonlin")]
        assert name in names, f"{path} no longer imports {name}: take it off the list"


def loaded_by(statement: str) -> set[str]:
    """Return which heavy libraries a fresh interpreter has loaded after a statement."""
    script = (
        f"{statement}\nimport sys; print(*sorted({{m.split('.')[0] for m in sys.modules}} & set({HEAVY!r})))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import nonlin",
        "import nonlin as nl; dir(nl); [nl.get(n) for n in nl.names()]; nl.gelu.grad([1.0]); nl.softmax([1.0, 2.0])",
    ],
)
def test_nothing_heavy_is_loaded(statement: str) -> None:
    assert loaded_by(statement) == set()


def test_something_heavy_would_be_seen() -> None:
    assert "plotly" in loaded_by("import nonlin, plotly")


def test_the_catalog_is_not_loaded_until_asked() -> None:
    script = "import nonlin, sys; print(*[m for m in sys.modules if m.startswith('nonlin.')])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["nonlin.errors"]


def test_the_catalog_is_written_in_the_vocabulary_alone() -> None:
    for path in (SOURCE / "catalog").glob("*.py"):
        if path.name != "__init__.py":
            modules = {
                n.module for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ImportFrom)
            }
            allowed = ("nonlin.vocabulary", "nonlin.catalog.", "dataclasses", "typing")
            assert all(str(m).startswith(allowed) for m in modules), path.name


def test_no_text_is_ever_evaluated() -> None:
    for path in FILES:
        calls = {
            n.func.id
            for n in ast.walk(ast.parse((SOURCE / path).read_text()))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        assert not calls & {"eval", "exec"}, path
