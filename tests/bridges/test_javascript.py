"""Activations as JavaScript, run in Node: point by point as in NumPy, tails and limits included."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import special

import nonlin as nl
from nonlin import workbench
from nonlin.bridges.javascript import javascript
from nonlin.bridges.javascript.module import RESERVED
from nonlin.bridges.javascript.spelling import EXPRESSIONS
from nonlin.card import card_of
from nonlin.derivation.program import OPERATIONS
from nonlin.vocabulary import Parameter, RowDefinition, sigmoid, where
from nonlin.vocabulary.row_words import g, mean, size, total, z
from oracles import ulps, worst
from tolerances import JAVASCRIPT, vanishing

NODE = shutil.which("node") or shutil.which("nodejs")
node = pytest.mark.skipif(NODE is None, reason="Node is not installed: apt-get install nodejs")

ELEMENTWISE = [n for n in nl.names() if nl.get(n).card.kind == "elementwise"]

PROGRAM = """
import fs from 'node:fs';
const calls = JSON.parse(fs.readFileSync(0));
const read = (path) => new Float64Array(new Uint8Array(fs.readFileSync(path)).buffer);
for (const { module, name, input, output, parameters } of calls) {
  const f = (await import(module))[name];
  fs.writeFileSync(output, new Uint8Array(read(input).map((x) => f(x, ...parameters)).buffer));
}
"""


def called(folder: Path, calls: list[tuple[str, str, tuple[float, ...]]], x: Any) -> list[np.ndarray]:
    """Return what functions of modules' texts make of x, in one run of Node."""
    (folder / "run.mjs").write_text(PROGRAM)
    np.asarray(x, np.float64).tofile(folder / "x")
    asked = []
    for i, (text, name, parameters) in enumerate(calls):
        (module := folder / f"m{i}.mjs").write_text(text)
        paths = {"module": str(module), "input": str(folder / "x"), "output": str(folder / f"y{i}")}
        asked.append({**paths, "name": name, "parameters": parameters})
    subprocess.run([str(NODE), str(folder / "run.mjs")], input=json.dumps(asked), text=True, check=True)
    return [np.fromfile(folder / f"y{i}") for i in range(len(calls))]


SPECIAL = np.array([-np.inf, np.inf, np.nan, -0.0, 0.0])


def inputs() -> np.ndarray:
    far = np.geomspace(1e-300, 1e300, 601)
    lines = [np.linspace(-side, side, 4001) for side in (6, 40, 800)]
    return np.concatenate([SPECIAL, *lines, far, -far, [-3.0, 3, 6]])


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """Every function of every elementwise module at the inputs."""
    names = [(n, n + end) for n in ELEMENTWISE for end in ("", "_slope")]
    calls = [(javascript(nl.get(n)), function, ()) for n, function in names]
    found = called(tmp_path_factory.mktemp("node"), calls, inputs())
    return dict(zip([function for _, function in names], found, strict=True))


def test_every_operation_of_a_program_has_an_expression() -> None:
    assert set(OPERATIONS) <= set(EXPRESSIONS)


@node
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_value_and_slope_are_numpys_point_by_point(name: str, computed: dict[str, np.ndarray]) -> None:
    x, f = inputs(), nl.get(name)
    bounds = JAVASCRIPT.get(name, (0, 0))
    for function, truth, bound in zip((name, f"{name}_slope"), f.value_and_grad(x), bounds, strict=True):
        excess = ulps(computed[function], truth) - vanishing(x, truth)
        assert excess.max() <= bound, f"{function}: {worst(computed[function], truth, x)}"
        assert (np.signbit(computed[function][3:5]) == np.signbit(truth[3:5])).all(), function


def tried(folder: Path, f: Any, x: Any, *parameters: float) -> tuple[np.ndarray, np.ndarray]:
    text = javascript(f)
    name = text.partition("export function ")[2].partition("(")[0]
    value, slope = called(folder, [(text, name, parameters), (text, f"{name}_slope", parameters)], x)
    return value, slope


@node
def test_parameters_have_defaults_and_can_be_given(tmp_path: Path) -> None:
    x = np.array([-2.0, 3.0])
    assert tried(tmp_path, nl.elu.bind(alpha=2.0), x)[0].tolist() == nl.elu(x, alpha=2.0).tolist()
    assert tried(tmp_path, nl.swish, x, -1.5)[0].tolist() == pytest.approx(nl.swish(x, beta=-1.5).tolist())


@node
def test_every_word_of_a_persons_own_function(tmp_path: Path) -> None:
    @nl.activation
    def var(x: Any, new: float = 0.5) -> Any:
        far = nl.where(x > 2, nl.abs(x) ** new, nl.cos(x) + nl.sign(x))
        steady = nl.log1p(nl.exp(-nl.abs(x))) + nl.log(1 + x**2) + nl.erf(x) + nl.expm1(-(x**2))
        return (
            far + steady + nl.sin(x) * nl.sech2(x) + nl.normal_pdf(x) + nl.sqrt(1 + x**2) / (2 + nl.tanh(x))
        )

    assert {"var", "new"} <= RESERVED
    x = np.linspace(-6, 6, 241)
    value, slope = tried(tmp_path, var, x)
    assert np.allclose(value, var(x), rtol=1e-14, atol=1e-15)
    assert np.allclose(slope, var.grad(x), rtol=1e-13, atol=1e-14)


@node
def test_erf_keeps_its_digits(tmp_path: Path) -> None:
    @nl.activation
    def plain(x: Any) -> Any:
        return nl.erf(x)

    x = np.concatenate([np.geomspace(1e-300, 8, 400), [0.0, -0.0, -0.3, -2, np.inf, -np.inf]])
    assert worst(tried(tmp_path, plain, x)[0], special.erf(x), x)[0] <= 2


@node
def test_logic(tmp_path: Path) -> None:
    @nl.activation
    def steps(x: Any) -> Any:
        return nl.where((x > 2) | ~(x >= -2), 3 * x, nl.where((x <= 1) & (x > -1), 2 * x, x))

    x = np.linspace(-3, 3, 25)
    value, slope = tried(tmp_path, steps, x)
    assert value.tolist() == steps(x).tolist()
    assert slope.tolist() == steps.grad(x).tolist()


@node
def test_nothing_is_zero_times_infinity(tmp_path: Path) -> None:
    @nl.activation
    def bump(x: Any) -> Any:
        return x**3 * nl.exp(-x)

    value, slope = tried(tmp_path, bump, [1e200, np.inf])
    assert value.tolist() == slope.tolist() == [0, 0]


def arrays(folder: Path, text: str, calls: list[tuple[Any, ...]]) -> list[np.ndarray]:
    """Return what functions of a module make of lists; NaN and Infinity are written as JavaScript does."""
    (folder / "rows.mjs").write_text(text)
    lines = [f"console.log(m.{name}(...{json.dumps(given)}).join(' '));" for name, *given in calls]
    (folder / "call.mjs").write_text("\n".join(["import * as m from './rows.mjs';", *lines]))
    run = subprocess.run([str(NODE), str(folder / "call.mjs")], capture_output=True, text=True, check=True)
    return [np.array([float(word) for word in line.split()]) for line in run.stdout.splitlines()]


@node
def test_rows(rowwise: Any, tmp_path: Path) -> None:
    name, inf = rowwise.name, np.inf
    z, g = [1.0, 40.0, -3.0, 0.5, 40.0 - 1e-9], [0.5, -1.0, 2.0, 0.25, 1.0]
    far = [[-inf, 1.0], [inf, 1.0], [inf, inf], [-inf, -inf], [np.nan, 1.0], [800.0, -800.0], [40.0, 0.0]]
    cases = [z, [3.0], [2.0, 2.0], *far]
    *values, pulled = arrays(
        tmp_path, javascript(rowwise), [*((name, case, 0.5) for case in cases), (f"{name}_vjp", z, g)]
    )
    for case, got in zip(cases, values, strict=True):
        assert np.allclose(got, rowwise(case, temperature=0.5), rtol=1e-14, atol=0, equal_nan=True), case
    assert np.allclose(pulled, rowwise.vjp(z, g), rtol=1e-13, atol=1e-300)


@node
def test_a_row_definition_of_ones_own(tmp_path: Path) -> None:
    default = Parameter("default", 2.0)  # a word of JavaScript's
    formula = where(total(z) > 0, sigmoid(z) * default / size(z), mean(z))
    own = RowDefinition(value=formula, vjp=g - z, parameters=[default], formula="", latex="", name="mine")
    text = javascript(workbench.of(card_of(own), own))
    up, down, pulled = arrays(
        tmp_path, text, [("mine", [1.0, 2.0], 3.0), ("mine", [1.0, -2.0]), ("mine_vjp", [1.0], [3.0])]
    )
    assert np.allclose(up, 1.5 / (1 + np.exp([-1.0, -2.0])), rtol=1e-15)
    assert down.tolist() == [-0.5, -0.5]
    assert pulled.tolist() == [2.0]
