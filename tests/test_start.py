"""A process that finds everything on disk imports neither SymPy nor Numba nor python-flint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("sympy", "numba", "flint", "mpmath", "nonlin.vocabulary")

ONCE = {
    "a value": "nl.gelu(x)",
    "a slope in grade fast": "nl.gelu.fast.grad(x)",
    "both with other defaults": "nl.elu.bind(alpha=0.5).value_and_grad(x)",
    "a product in float64": "nl.mish.vjp(x.astype(float), x)",
    "a derivative by a parameter": "nl.swish.param_grad(x, 'beta')",
    "a third derivative": "nl.tanh.derivative(3)(x)",
    "a row": "nl.softmax.vjp(x, x)",
    "threads": "nl.set_num_threads(2); nl.silu(np.zeros(100_000, np.float32))",
    "an alias": "nl.get('Hard-Swish')(x)",
    "a misspelt name": "hasattr(nl, 'misch')",
    "words about it": "repr(nl.swish), nl.swish.summary, nl.swish.source, nl.swish.parameters[0].meaning",
    "a ufunc": "nl.leaky_relu.ufunc(x, 0.1)",
    "facts": "nl.gelu.facts.gain, str(nl.elu.facts.zeros), nl.relu.facts.as_dict()",
    "a copy": "pickle.loads(pickle.dumps([nl.gelu, nl.gelu.fast, nl.elu.bind(alpha=0.5)]))",
}


def heavy(statement: str, folder: Path) -> set[str]:
    """Return which heavy modules a fresh interpreter has loaded after a statement."""
    script = (
        f"import pickle, sys, numpy as np, nonlin as nl\nx = np.linspace(-3, 3, 16, dtype=np.float32)\n{statement}\n"
        f"print(*sorted({HEAVY!r} & sys.modules.keys()))"
    ).replace(f"{HEAVY!r} &", f"set({HEAVY!r}) &")
    environment = {**os.environ, "NONLIN_CACHE": str(folder)}
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )
    return set(run.stdout.split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that a first process has filled, which had to import all."""
    place = tmp_path_factory.mktemp("kept")
    everything = "; ".join(ONCE.values())
    assert {"sympy", "flint"} <= heavy(everything, place)
    return place


@pytest.mark.parametrize("what", ONCE)
def test_the_next_process_loads_nothing_heavy(what: str, folder: Path) -> None:
    assert heavy(ONCE[what], folder) == set()


@pytest.mark.parametrize("size", [16, 100_000], ids=["small", "shared among threads"])
def test_the_first_call_on_a_machine_compiles_without_numba(size: int, tmp_path: Path) -> None:
    call = f"nl.set_num_threads(2); nl.silu(np.zeros({size}, np.float32))"
    names = "print(*(t.name for t in __import__('threading').enumerate() if t.name == 'nonlin-1'))"
    loaded = heavy(f"{call}; {names}", tmp_path)
    assert "sympy" in loaded  # nothing came from disk
    assert "numba" not in loaded
    assert ("nonlin-1" in loaded) == (size > 16)


@pytest.mark.parametrize("what", ["a row", "threads", "both with other defaults"])
def test_the_very_first_process_needs_no_numba(what: str, tmp_path: Path) -> None:
    assert heavy(ONCE[what], tmp_path) & {"numba", "sympy"} == {"sympy"}


def test_without_a_cache_it_would_be_seen(tmp_path: Path) -> None:
    assert "sympy" in heavy("nl.gelu(x)", tmp_path)


def test_the_formula_is_there_when_asked_for(folder: Path) -> None:
    assert "sympy" in heavy(
        "assert str(nl.silu.formula) == 'x*sigmoid(x)'; assert nl.silu.facts.gain", folder
    )
