"""Every spelling of every dialect computes what that framework computes: values, slopes, kinks, arguments."""

from __future__ import annotations

import inspect
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.dialects import Meaning, meanings
from nonlin.workbench import Elementwise
from theirs import FRAMEWORKS, attribute, in_onnx, with_slope

KINKS = [-6.0, -3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 6.0]
X = np.concatenate([np.linspace(-5, 5, 41) + 0.0123, [0.01, -0.01, 4.5, -4.5], KINKS])
NEAR = {
    "torch": (1e-7, 3e-9),
    "jax": (1e-9, 1e-11),
    "keras": (2e-5, 4e-6),
    "mlx": (2e-5, 2e-6),
    "tinygrad": (2e-5, 2e-6),
}
"""Relative and absolute; torch multiplies by a sixth in float32, the last three compute in it."""

OF_ITS_BACKEND = "keras"
"""Whose slope at a kink is not its own."""

ELSEWHERE = {
    ("tinygrad", "elu"): 0, ("mlx", "celu"): 0, ("mlx", "prelu"): 0,
    ("tinygrad", "hard_sigmoid"): 3, ("tinygrad", "sloped_hard_sigmoid"): 3,
}  # fmt: skip
"""The magnitude where the slope differs: at 0 `differs` tells it; a third of 1/2 in float32 is no kink at 3."""

BY_EAR = {("tinygrad", "gelu"): 3e-6}
"""What an approximation that we do not copy adds to the absolute error."""


def calls() -> list[Any]:
    found = [(m, s) for m in meanings() if m.dialect in FRAMEWORKS for s in m.spellings]
    found = [(m, s) for m, s in found if find_spec(s.partition(".")[0])]
    return [pytest.param(m, s, id=f"{m.call(s)}: {m.name}") for m, s in found]


def ours(meaning: Meaning, spelling: str, **given: Any) -> Any:
    options = {} if meaning.by_default else dict(meaning.options)
    return nl.get(spelling, dialect=meaning.dialect, **options, **given)


def compared_at(meaning: Meaning) -> np.ndarray:
    if meaning.dialect == OF_ITS_BACKEND:
        return X[: -len(KINKS)]
    return X[np.abs(X) != ELSEWHERE.get((meaning.dialect, meaning.name), -1)]


def agree(meaning: Meaning, theirs: tuple[Any, Any], f: Any, x: np.ndarray, **given: float) -> None:
    rtol, atol = NEAR[meaning.dialect]
    atol += BY_EAR.get((meaning.dialect, meaning.name), 0)
    at = x if theirs[0].dtype == np.float64 else x.astype(np.float32).astype(float)
    np.testing.assert_allclose(f(at, **given), theirs[0], rtol=rtol, atol=atol)
    np.testing.assert_allclose(f.grad(at, **given), theirs[1], rtol=rtol, atol=atol)


@pytest.mark.parametrize(("meaning", "spelling"), calls())
def test_values_slopes_and_kinks_are_theirs(meaning: Meaning, spelling: str) -> None:
    f = ours(meaning, spelling)
    if isinstance(f, Elementwise):
        x = compared_at(meaning)
        agree(meaning, with_slope(meaning, spelling, x, {}), f, x)


WITHOUT = {"omega"}
"""What a parameter of ours is called that a built-in function of theirs has not."""


def accepted(meaning: Meaning, spelling: str) -> list[str]:
    """Return which of our parameters, in their words, their function takes; none of one that its arguments choose."""
    native = attribute(spelling)
    if nl.get(meaning.name).card.kind != "elementwise" or not meaning.by_default:
        return []
    try:
        known = set(inspect.signature(native).parameters)
    except ValueError:  # a built-in function of torch
        known = {p.name for p in ours(meaning, spelling).parameters} - WITHOUT
    return [p.name for p in ours(meaning, spelling).parameters if p.name in known]


WITH_ARGUMENTS = [c for c in calls() if accepted(*c.values)]


@pytest.mark.parametrize(("meaning", "spelling"), WITH_ARGUMENTS)
def test_their_words_for_parameters_mean_the_same(meaning: Meaning, spelling: str) -> None:
    f = ours(meaning, spelling)
    given = {p.name: p.default * 0.75 + 0.125 for p in f.parameters if p.name in accepted(meaning, spelling)}
    x = compared_at(meaning)
    agree(meaning, with_slope(meaning, spelling, x, given), f, x, **given)
    agree(meaning, with_slope(meaning, spelling, x, given), ours(meaning, spelling, **given), x)


def test_arguments_are_compared() -> None:
    compared = {(m.dialect, m.name) for m, _ in (c.values for c in WITH_ARGUMENTS)}
    assert compared >= {
        ("torch", "leaky_relu"), ("torch", "elu"), ("torch", "prelu"), ("jax", "celu"), ("keras", "leaky_relu"),
        ("mlx", "leaky_relu"), ("tinygrad", "leaky_relu"),
    }  # fmt: skip


OPERATORS = [pytest.param(m, id=f"{m.spelling}: {m.name}") for m in meanings() if m.dialect == "onnx"]
BY_DEFAULT = [c for c in OPERATORS if c.values[0].by_default]


@pytest.mark.parametrize("meaning", OPERATORS)
def test_values_are_those_of_the_reference_evaluator(meaning: Meaning) -> None:
    f = ours(meaning, meaning.spellings[0])
    if not isinstance(f, Elementwise):
        return
    x = X.astype(np.float32)
    np.testing.assert_allclose(
        f(x), in_onnx(meaning.spellings[0], x, dict(meaning.options)), rtol=1e-5, atol=2e-6
    )
    given = {p.name: p.default * 0.75 + 0.125 for p in f.parameters if p.name not in WITHOUT}
    if given:
        theirs = in_onnx(meaning.spellings[0], x, {**dict(meaning.options), **given})
        np.testing.assert_allclose(f(x, **given), theirs, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("meaning", BY_DEFAULT)
def test_defaults_are_those_of_the_operator_s_schema(meaning: Meaning) -> None:
    onnx = pytest.importorskip("onnx")
    if meaning.spellings[0].startswith("RNN."):
        assert "no documented defaults" in meaning.differs
        return
    schema = onnx.defs.get_schema(meaning.spellings[0])
    for parameter in ours(meaning, meaning.spellings[0]).parameters:
        if parameter.name in schema.attributes and not schema.attributes[parameter.name].required:
            assert parameter.default == schema.attributes[parameter.name].default_value.f


def takes_an_axis(meaning: Meaning, spelling: str) -> bool:
    """MLX's modules know the last axis only; what has weights, or an axis of its own, is compared with its shapes."""
    a_module_of_mlx = meaning.dialect == "mlx" and spelling.split(".")[-1][0].isupper()
    told_otherwise = "weights" in meaning.differs or "axis" in dict(meaning.defaults)
    return nl.get(meaning.name).card.kind == "rowwise" and not a_module_of_mlx and not told_otherwise


WRONG = {("keras", "sparsemax")}  # keras-team/keras#23425

ROWS = [
    pytest.param(m, s, id=f"{m.call(s)}: {m.name}")
    for m, s in (c.values for c in calls())
    if takes_an_axis(m, s) and (m.dialect, m.name) not in WRONG
]


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(("meaning", "spelling"), ROWS)
def test_rows_are_theirs_along_their_word_for_the_axis(meaning: Meaning, spelling: str, axis: int) -> None:
    z = np.cos(np.arange(12.0)).reshape(3, 4) * 5
    word = dict(meaning.words).get("axis", "axis")
    value, slope = with_slope(meaning, spelling, z, {word: axis})
    f = ours(meaning, spelling)
    rtol, atol = NEAR[meaning.dialect]
    np.testing.assert_allclose(f(z, **{word: axis}), value, rtol=rtol, atol=atol)
    np.testing.assert_allclose(
        f.vjp(z, np.ones_like(z), **{word: axis}), slope, rtol=rtol, atol=max(atol, 1e-6)
    )
