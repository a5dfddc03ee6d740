"""Where another framework is wrong or silent, ours is right, says so, and names where it was found."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.dialects import Meaning, choose_in, meanings, shortest
from nonlin.workbench import Elementwise
from oracles import ORACLES, exactly
from theirs import FRAMEWORKS, in_onnx, with_slope

INF = math.inf
FAR = np.float32([-INF, -300, -88, -80, -40, -20, -17, -9.5, -8.5, -6, -5.5, -1e-8, 1e-8, 3e-4, 5.5, 9.5, 17, 20, 40,
                  80, 88, 300, INF])  # fmt: skip

UNSEEN = {("torch", "softplus"), ("mlx", "leaky_relu"), ("keras", "prelu"), ("mlx", "prelu"), ("mlx", "step"),
          ("mlx", "hard_shrink"), ("mlx", "soft_shrink"), ("keras", "keras_relu"), ("onnx", "affine"),
          ("onnx", "scaled_tanh")}  # fmt: skip
"""Whose difference is elsewhere: a step of 2e-9, a slope above 1, a parameter's shape, the slope at 0, NaN, bounds,
defaults."""


def ours(meaning: Meaning) -> Any:
    options = {} if meaning.by_default else dict(meaning.options)
    return nl.get(meaning.spellings[0], dialect=meaning.dialect, **options)


def installed() -> list[Any]:
    found = [
        m
        for m in meanings()
        if m.dialect == "onnx" or (m.dialect in FRAMEWORKS and find_spec(m.spellings[0].partition(".")[0]))
    ]
    return [
        pytest.param(m, id=f"{m.dialect} {shortest(m)}")
        for m in found
        if isinstance(nl.get(m.name), Elementwise)
    ]


def disagreements(meaning: Meaning) -> list[str]:
    f, spelling = ours(meaning), meaning.spellings[0]
    if meaning.dialect == "onnx":
        pairs = [(f(FAR), in_onnx(spelling, FAR, dict(meaning.options)))]
    else:
        value, slope = with_slope(meaning, spelling, FAR, {})
        pairs = [(f(FAR), value), (f.grad(FAR), slope)]
    with np.errstate(invalid="ignore"):
        return [
            f"f({x:g}) = {b:g}, {a:g}"
            for mine, theirs in pairs
            for x, a, b in zip(FAR, mine, theirs, strict=True)
            if not alike(a, b)
        ]


def alike(a: Any, b: Any) -> bool:
    tiny = np.finfo(np.float32).tiny
    return bool(
        a == b or (np.isnan(a) and np.isnan(b)) or (np.isfinite(b) and abs(a - b) <= max(1e-3 * abs(a), tiny))
    )


@pytest.mark.parametrize("meaning", installed())
def test_every_disagreement_far_out_is_told(meaning: Meaning) -> None:
    found = disagreements(meaning)
    unseen = (meaning.dialect, meaning.name) in UNSEEN or meaning.name == "clip"
    assert bool(found) == bool(meaning.differs) or unseen, (found, meaning.differs)


ISSUES = [
    ("pytorch#187806", "torch", "gelu", -5.5, "value"), ("pytorch#187806", "torch", "gelu", -8.0, "value"),
    ("tt-metal#56517", "torch", "gelu(tanh)", -6.0, "value"), ("tt-metal#56517", "jax", "gelu", -6.0, "value"),
    ("pytorch#195197", "torch", "silu", -INF, "value"), ("pytorch#195197", "jax", "silu", -INF, "value"),
    ("pytorch#195197", "torch", "mish", -INF, "value"), ("pytorch#195197", "torch", "gelu(tanh)", -INF, "value"),
    ("pytorch#195197", "mlx", "silu", -INF, "value"), ("pytorch#195197", "tinygrad", "mish", -INF, "value"),
    ("pytorch#195527", "torch", "sigmoid", 20.0, "slope"), ("pytorch#195527", "torch", "tanh", -10.0, "slope"),
    ("jax#40385", "jax", "sigmoid", 20.0, "slope"), ("jax#40385", "jax", "tanh", 10.0, "slope"),
    ("jax#39795", "jax", "elu", -40.0, "slope"), ("jax#39795", "jax", "selu", -40.0, "slope"),
    ("jax#39795", "jax", "celu", -40.0, "slope"), ("tensorflow#116943", "mlx", "elu", -1e-8, "value"),
    ("tensorflow#116943", "tinygrad", "selu", -1e-8, "value"), ("tinygrad#17852", "tinygrad", "elu", 100.0, "slope"),
    ("tinygrad#17852", "tinygrad", "celu", 100.0, "slope"), ("tinygrad#18028", "tinygrad", "relu6", INF, "value"),
]  # fmt: skip


@pytest.mark.parametrize(("issue", "dialect", "word", "at", "quantity"), ISSUES)
def test_ours_is_right_where_an_issue_says_that_theirs_is_wrong(
    issue: str, dialect: str, word: str, at: float, quantity: str
) -> None:
    spelling, _, option = word.partition("(")
    given = {"approximate": option[:-1]} if option else {}
    f = nl.get(spelling, dialect=dialect, **given)
    entry = choose_in(spelling, dialect, given).entry
    assert entry is not None
    meaning = entry.meaning
    assert issue in meaning.differs
    x = np.float32([at])
    pytest.importorskip(meaning.spellings[0].partition(".")[0])
    theirs = with_slope(meaning, meaning.spellings[0], x, {})[quantity == "slope"][0]
    mine = (f if quantity == "value" else f.grad)(x)[0]
    truth = true(f.name, float(x[0]), quantity, dict(meaning.defaults))
    assert mine == np.float32(truth) or abs(mine - truth) <= np.spacing(np.float32(abs(truth)))
    assert not abs(theirs - truth) <= 0.1 * abs(truth)


def true(name: str, at: float, quantity: str, parameters: Mapping[str, float]) -> float:
    oracle = ORACLES[name]
    if math.isinf(at):
        return oracle.limits[quantity == "slope"][at > 0]
    return float(exactly(oracle.value if quantity == "value" else oracle.slope, at, **parameters))


def test_gelu_of_a_row_of_infinities_is_infinite() -> None:
    """torch.nn.functional.gelu(inf) is inf for one element and NaN for two (measured, torch 2.13)."""
    torch = pytest.importorskip("torch")
    assert torch.nn.functional.gelu(torch.full((64,), INF)).isnan().all()
    assert nl.get("gelu", dialect="torch")(np.full(64, INF, np.float32)).tolist() == [INF] * 64


def test_softplus_has_no_step_unless_a_threshold_is_part_of_its_meaning() -> None:
    """Issue pytorch#31110: above its threshold torch's softplus is x itself."""
    torch = pytest.importorskip("torch")
    at = 20.1
    truth = float(exactly(ORACLES["softplus"].value, at))
    assert float(nl.softplus(at)) == pytest.approx(truth, rel=1e-15)
    assert torch.nn.functional.softplus(torch.tensor([at], dtype=torch.float64)).item() == at != truth
    assert float(nl.get("softplus", dialect="torch")(at)) == at


def test_a_low_threshold_of_softplus_steps_as_pytorch_s_does() -> None:
    torch = pytest.importorskip("torch")
    x = torch.linspace(-1, 1, 201, dtype=torch.float64, requires_grad=True)
    theirs = torch.nn.functional.softplus(x, beta=10, threshold=0.4)
    theirs.sum().backward()
    f, at = nl.get("softplus", dialect="torch", beta=10, threshold=0.4), x.detach().numpy()
    np.testing.assert_allclose(f(at), theirs.detach().numpy(), rtol=1e-13)
    np.testing.assert_allclose(f.grad(at), x.grad.numpy(), rtol=1e-13)


@pytest.mark.parametrize("negative_slope", [0.0, 0.1])
@pytest.mark.parametrize("max_value", [None, 2.0, 6.0])
@pytest.mark.parametrize("threshold", [0.0, 1.0])
def test_the_arguments_of_keras_relu_work_together(
    negative_slope: float, max_value: float | None, threshold: float
) -> None:
    keras = pytest.importorskip("keras")
    given = {"negative_slope": negative_slope, "max_value": max_value, "threshold": threshold}
    x = np.linspace(-8, 8, 65, dtype=np.float32)
    assert 1.0 in x
    theirs = np.asarray(keras.activations.relu(x, **given))
    np.testing.assert_allclose(nl.get("relu", dialect="keras", **given)(x), theirs, rtol=1e-6)
    layer = np.asarray(keras.layers.ReLU(**given)(x))
    np.testing.assert_allclose(nl.get("layers.ReLU", dialect="keras", **given)(x), layer, rtol=1e-6)


def test_a_negative_threshold_of_keras_relu_is_one_where_there_is_a_bound_too() -> None:
    """Issue tensorflow#48646; measured with Keras 3.15: its bounds are 0 and max_value."""
    keras = pytest.importorskip("keras")
    given = {"max_value": 2.0, "threshold": -1.0}
    x = np.float32([-2, -0.5, 0.5, 3])
    assert nl.get("relu", dialect="keras", **given)(x).tolist() == [0, -0.5, 0.5, 2]
    assert np.asarray(keras.activations.relu(x, **given)).tolist() == [0, 0, 0.5, 2]


def test_constants_of_selu_are_those_of_each_framework() -> None:
    """MLX and tinygrad round them to six digits, ONNX to float32."""
    depths = {d: -float(nl.get("selu", dialect=d)(-INF)) for d in ("torch", "onnx", "mlx", "tinygrad")}
    assert depths["torch"] == pytest.approx(1.7580993408473768, rel=1e-15)
    assert depths["onnx"] == pytest.approx(
        float(np.float32(1.67326319217)) * float(np.float32(1.05070102214))
    )
    assert depths["mlx"] == depths["tinygrad"] == pytest.approx(1.67326 * 1.0507, rel=1e-15)


def test_a_leaky_relu_steeper_than_one_takes_the_right_branch() -> None:
    """Measured with MLX 0.32: max(a x, x) is a leaky ReLU only for a below 1."""
    nn = pytest.importorskip("mlx.nn")
    mx = pytest.importorskip("mlx.core")
    x = np.float32([-1, 1])
    assert nl.get("leaky_relu", dialect="mlx")(x, negative_slope=2.0).tolist() == [-2, 1]
    assert nn.leaky_relu(mx.array(x), 2.0).tolist() == [-1, 2]


def softmaxes() -> list[Any]:
    found = [
        (m, s) for m in meanings() for s in m.spellings if m.name in ("softmax", "log_softmax", "softmin")
    ]
    there = [(m, s) for m, s in found if m.dialect in FRAMEWORKS and find_spec(s.partition(".")[0])]
    return [pytest.param(m, s, id=f"{s}: {m.name}") for m, s in there if "axis" not in dict(m.defaults)]


@pytest.mark.parametrize(("meaning", "spelling"), softmaxes())
def test_a_row_with_one_infinite_element_has_a_limit(meaning: Meaning, spelling: str) -> None:
    """Issues pytorch#6864 and jax#21495, and told of every framework that gives NaN."""
    z = np.float32([[0, 1, INF]]) * (-1 if meaning.name == "softmin" else 1)
    a_module = meaning.dialect == "mlx" and spelling.split(".")[-1][0].isupper()
    value, _ = with_slope(
        meaning, spelling, z, {} if a_module else {dict(meaning.words).get("axis", "axis"): -1}
    )
    assert np.isnan(value).any() == bool("infinite" in meaning.differs or "-inf" in meaning.differs)
    assert nl.get(meaning.name)(z).tolist() == [
        [-INF, -INF, 0] if meaning.name == "log_softmax" else [0, 0, 1]
    ]


def test_a_row_that_is_masked_throughout_is_zero() -> None:
    """Issue pytorch#55056: NaN there; with a mask as such, keras.layers.Softmax and ours give 0."""
    torch, keras = pytest.importorskip("torch"), pytest.importorskip("keras")
    z, mask = np.float32([[1, 2, 3]]), np.zeros((1, 3), bool)
    assert torch.softmax(torch.tensor(np.where(mask, z, -np.float32(INF))), -1).isnan().all()
    assert (nl.softmax(z, where=mask) == 0).all()
    assert (np.asarray(keras.ops.convert_to_numpy(keras.layers.Softmax()(z, mask=mask))) == 0).all()


def test_keras_sparsemax_does_not_sum_to_one() -> None:
    """Issue keras-team/keras#23425, seen in Keras 3.15."""
    keras = pytest.importorskip("keras")
    theirs = keras.ops.convert_to_numpy(keras.activations.sparsemax(np.float32([[0.5, 0.3]])))
    if keras.__version__ == "3.15.1":
        assert np.allclose(theirs, [[0.35, 0.15]])
    assert np.allclose(nl.get("sparsemax", dialect="keras")([[0.5, 0.3]]), [[0.6, 0.4]])


def test_a_softmax_over_channels_has_its_axis() -> None:
    torch = pytest.importorskip("torch")
    z = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    f = nl.get("Softmax2d", dialect="torch")
    np.testing.assert_allclose(f(z), torch.nn.Softmax2d()(torch.tensor(z)), rtol=1e-13)
    assert "axis=-3" in str(shortest_of("torch", "Softmax2d"))
    lrn = nl.get("LocalResponseNorm", dialect="torch")(z, size=3)
    np.testing.assert_allclose(lrn, torch.nn.LocalResponseNorm(3)(torch.tensor(z)), rtol=1e-13)


def shortest_of(dialect: str, word: str) -> str:
    entry = choose_in(word, dialect, {}).entry
    assert entry is not None
    return ", ".join(f"{name}={value:g}" for name, value in entry.meaning.parameters.items())
