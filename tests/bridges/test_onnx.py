"""Activations as ONNX: right in ONNX Runtime and in the reference evaluator, tails and limits included."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import special

import nonlin as nl
from nonlin import workbench
from nonlin.card import card_of
from nonlin.errors import InvalidInput, UnknownActivation, UnknownParameter
from nonlin.vocabulary import RowDefinition
from nonlin.vocabulary.row_words import mean
from nonlin.vocabulary.row_words import z as row
from oracles import ulps, worst

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from onnx import TensorProto, helper  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402

import nonlin.onnx  # noqa: E402
from nonlin.bridges.onnx.spelling import WORDS  # noqa: E402
from nonlin.derivation.program import OPERATIONS  # noqa: E402

ELEMENTWISE = [n for n in nl.names() if nl.get(n).card.kind == "elementwise"]
ROWWISE = [n for n in nl.names() if nl.get(n).card.kind == "rowwise"]

MEASURED = {
    np.float32: {
        "gelu": 9, "gelu_tanh": 170, "quick_gelu": 90, "mish": 5, "silu": 4, "swish": 4, "selu": 6, "elu": 5,
        "celu": 5, "tanh": 5, "sigmoid": 4, "softplus": 5, "log_sigmoid": 5, "sloped_hard_sigmoid": np.inf,
        "laplace": 280, "scaled_tanh": 4, "gelu_clipped": 9, "softplus_beta": 5, "xielu": 2e4,
        "scaled_elu": 6, "thresholded_softplus": 5,
        "snake": 5, "snake_beta": 5, "lisht": 4,
    },
    np.float64: {
        "gelu": 6, "gelu_tanh": 1300, "quick_gelu": 700, "mish": 5, "silu": 4, "swish": 4, "selu": 9, "elu": 9,
        "celu": 9, "tanh": 8, "sigmoid": 4, "softplus": 5, "log_sigmoid": 5, "sloped_hard_sigmoid": np.inf,
        "laplace": 1600, "scaled_tanh": 7, "gelu_clipped": 6, "xielu": 2e4, "snake": 8, "snake_beta": 8, "lisht": 4,
        "sine": 1200, "scaled_elu": 9,
    },
}  # fmt: skip
"""The worst error in ulp; others 3. Far in a tail the argument of an exponential loses digits, as a product (the
two approximations of GELU); at the lower kink of a sloped hard sigmoid, whose alpha is rounded, two terms cancel, as
they do where xIELU crosses zero."""


def in_runtime(model: Any, **arrays: Any) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    return np.asarray(session.run(None, arrays)[0])


def in_reference(model: Any, **arrays: Any) -> np.ndarray:
    with np.errstate(all="ignore"):
        return np.asarray(ReferenceEvaluator(model).run(None, arrays)[0])


RUNTIMES = pytest.mark.parametrize("run", [in_runtime, in_reference])


def inputs(dtype: Any) -> np.ndarray:
    far = np.geomspace(1e-30, 1e30, 601)
    lines = [np.linspace(-side, side, 4001) for side in (6, 40, 120, 800 if dtype is np.float64 else 100)]
    return np.concatenate([*lines, far, -far, [0.0, 3, -3, np.nan, np.inf, -np.inf]]).astype(dtype)


def test_every_operation_of_a_program_has_a_spelling() -> None:
    assert set(OPERATIONS) <= set(WORDS)


@RUNTIMES
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_values_keep_their_digits(name: str, dtype: Any, run: Any) -> None:
    x = inputs(dtype)
    got = run(nonlin.onnx.model(name, dtype=np.dtype(dtype).name), x=x)
    truth = nl.get(name)(x.astype(np.float64))
    excess = ulps(got, truth) - vanishing(x, truth)
    at = int(np.argmax(excess))
    assert got.dtype == dtype
    assert excess[at] <= MEASURED[dtype].get(name, 3), worst(got, truth, x)


def vanishing(x: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return how many ulp more are allowed: |x| where the factor of x is subnormal."""
    return np.where(np.abs(truth) < np.abs(x) * np.finfo(x.dtype).tiny, np.minimum(np.abs(x), 1000), 0)


@RUNTIMES
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_limits_nan_and_the_sign_of_zero(name: str, run: Any) -> None:
    x = np.array([-np.inf, np.inf, np.nan, -0.0, 0.0], np.float32)
    got, ours = run(nonlin.onnx.model(name), x=x), nl.get(name)(x)
    assert np.allclose(got, ours, rtol=1e-6, equal_nan=True)
    if (run == in_reference and name != "sign") or name not in FORGETFUL:
        # ONNX Runtime's Where forgets the sign of a zero in the first branch, and Sign does everywhere.
        assert (np.signbit(got[3:]) == np.signbit(ours[3:])).all()


@pytest.mark.parametrize("shape", [(), (3,), (2, 0, 3), (2, 3, 4, 5)])
def test_any_shape(shape: tuple[int, ...]) -> None:
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    got = in_runtime(nonlin.onnx.model("mish"), x=x)
    assert got.shape == shape
    assert np.allclose(got, nl.mish(x), rtol=1e-6)


@pytest.mark.parametrize("name", [*ELEMENTWISE, *ROWWISE, "glu"])
@pytest.mark.parametrize("opset", [13, 18, onnx.defs.onnx_opset_version()])
def test_the_checker_accepts_each_once_it_has_a_shape(name: str, opset: int) -> None:
    model = nonlin.onnx.model(name, opset=opset, shape=("batch", 64))
    onnx.checker.check_model(model, full_check=True)
    onnx.checker.check_function(nonlin.onnx.function(name, opset=opset))
    (output,) = model.graph.output
    length = 32 if name == "maxout" else 64
    assert [d.dim_param or d.dim_value for d in output.type.tensor_type.shape.dim] == ["batch", length]


ATTRIBUTES = {
    ("LeakyRelu", "negative_slope"): "alpha",
    ("Swish", "beta"): "alpha",
    ("Selu", "scale"): "gamma",
}
FORGETFUL = {"hard_swish", "sign", "affine", "tanh_shrink", "xielu", "snake", "snake_beta"}
INPUTS = {"PRelu": {"weight": [0.25]}, "Clip": {"min": [-1.0], "max": [1.0]}}


def operator(name: str) -> Any:
    """Return a model of the twin, ONNX's own operator."""
    f = nl.get(name)
    twin = f.definition.twins["onnx"]
    given = INPUTS.get(twin, {})
    weights = [
        helper.make_tensor(n, TensorProto.FLOAT, [] if twin == "Clip" else [1], v) for n, v in given.items()
    ]
    attributes = {} if weights else {ATTRIBUTES.get((twin, p.name), p.name): p.default for p in f.parameters}
    attributes |= {} if weights else getattr(twin, "arguments", {})
    attributes.pop("temperature", None)
    node = helper.make_node(twin, ["x", *(w.name for w in weights)], ["y"], **attributes)
    sides = [helper.make_tensor_value_info(side, TensorProto.FLOAT, None) for side in "xy"]
    graph = helper.make_graph([node], "operator", sides[:1], sides[1:], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 24)])


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in [*ELEMENTWISE, "softmax", "log_softmax", "hardmax"]
        if nl.get(n).definition.twins.get("onnx", "RNN.").partition(".")[0] != "RNN"
    ],
)
def test_agrees_with_the_operator_of_the_same_meaning(name: str) -> None:
    x = np.linspace(-4, 4, 402).reshape(2, 201).astype(np.float32)
    expected = in_reference(operator(name), x=x)
    assert np.allclose(in_runtime(nonlin.onnx.model(name), x=x), expected, rtol=2e-5, atol=1e-6)


def test_tails_that_the_operators_lose_are_kept() -> None:
    x = np.array([-20.0], np.float32)
    assert in_runtime(operator("sigmoid"), x=x) == 0
    assert in_runtime(nonlin.onnx.model("sigmoid"), x=x) == np.float32(2.0611537e-09)


@RUNTIMES
@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_rows(name: str, axis: int, run: Any) -> None:
    z = np.random.default_rng(0).normal(0, 4, (3, 4, 5)).astype(np.float32)
    got = run(nonlin.onnx.model(name, axis=axis, temperature=0.5), x=z)
    assert np.allclose(got, nl.get(name)(z, axis=axis, temperature=0.5), rtol=3e-6, atol=3e-7)


@RUNTIMES
@pytest.mark.parametrize("opset", [13, 18])
@pytest.mark.parametrize("axis", [0, -1])
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_rows_by_their_formula(name: str, axis: int, opset: int, run: Any) -> None:
    """So it is for a definition of one's own."""
    own = replace(nl.get(name).definition, twins={})
    z = np.random.default_rng(0).normal(0, 4, (3, 5)).astype(np.float32)
    z[1, 2] = -np.inf
    model = nonlin.onnx.model(workbench.of(card_of(own), own), axis=axis, temperature=0.5, opset=opset)
    assert {"ReduceMax", "ReduceSum"} <= {node.op_type for node in model.graph.node}
    assert np.allclose(run(model, x=z), nl.get(name)(z, axis=axis, temperature=0.5), rtol=3e-6, atol=3e-7)
    one_wins = np.float32([[1, np.inf, 0], [np.inf, np.inf, 0]])
    got = run(model, x=one_wins if axis == -1 else one_wins.T)
    expected = nl.get(name)(one_wins)
    assert np.array_equal(got if axis == -1 else got.T, expected, equal_nan=True)


@RUNTIMES
def test_a_number_of_the_row_is_given_to_each_element(run: Any) -> None:
    own = RowDefinition(value=mean(row), vjp=row, formula="", latex="", name="own")
    model = nonlin.onnx.model(workbench.of(card_of(own), own), axis=0)
    assert run(model, x=np.float32([[1, 2], [5, 2]])).tolist() == [[3, 2], [3, 2]]


@RUNTIMES
def test_parameters_are_constants_or_inputs(run: Any) -> None:
    x = np.array([[-2.0, -1.0, 3.0]], np.float32)
    fixed = nonlin.onnx.model("leaky_relu", negative_slope=0.5)
    assert [i.name for i in fixed.graph.input] == ["x"]
    assert run(fixed, x=x).tolist() == [[-1, -0.5, 3]]
    free = nonlin.onnx.model("prelu", inputs=["weight"])
    assert run(free, x=x, weight=np.float32([0.5, 0.25, 2])).tolist() == [[-1, -0.25, 3]]
    infinite = np.array([-np.inf], np.float32)
    assert run(free, x=infinite, weight=np.float32([0.0])).tolist() == [0]
    assert run(nonlin.onnx.model("prelu", weight=0.0), x=infinite).tolist() == [0]


@pytest.mark.parametrize("half", [TensorProto.FLOAT16, TensorProto.BFLOAT16])
def test_half_precision_is_computed_in_float32(half: int) -> None:
    dtype = helper.tensor_dtype_to_np_dtype(half)
    x = np.linspace(-9, 9, 301).astype(dtype)
    got = in_reference(nonlin.onnx.model("gelu", dtype=dtype.name), x=x)
    assert got.dtype == dtype
    assert (ulps(got, nl.gelu(x.astype(np.float64))) <= 0.501).all()


def test_a_function_runs_inside_a_model_of_ones_own() -> None:
    functions = [nonlin.onnx.function("silu"), nonlin.onnx.function("elu", name="deep_elu", alpha=2.0)]
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("nonlin", 1)]
    nodes = [
        helper.make_node("silu", ["x"], ["h"], domain="nonlin"),
        helper.make_node("deep_elu", ["h"], ["y"], domain="nonlin"),
    ]
    sides = [helper.make_tensor_value_info(side, TensorProto.FLOAT, [None]) for side in "xy"]
    graph = helper.make_graph(nodes, "mine", sides[:1], sides[1:])
    model = helper.make_model(graph, opset_imports=opsets, functions=functions, ir_version=8)
    onnx.checker.check_model(model)
    x = np.linspace(-5, 5, 11, dtype=np.float32)
    for run in (in_runtime, in_reference):
        assert np.allclose(run(model, x=x), nl.elu(nl.silu(x), alpha=2.0), rtol=1e-6)


@RUNTIMES
def test_every_word_of_a_persons_own_function(run: Any, dtype: Any) -> None:
    @nl.activation
    def all_words(x: Any, a: float = 0.5) -> Any:
        far = nl.where((x > 2) | ~(x >= -2), nl.abs(x) ** a, nl.cos(x) + nl.sign(x))
        steady = nl.log1p(nl.exp(-nl.abs(x))) + nl.log(1 + x**2) + nl.erf(x) + nl.expm1(-(x**2))
        return (
            far + steady + nl.sin(x) * nl.sech2(x) + nl.normal_pdf(x) + nl.sqrt(1 + x**2) / (2 + nl.tanh(x))
        )

    x = np.linspace(-6, 6, 241).astype(dtype)
    got = run(nonlin.onnx.model(all_words, dtype=x.dtype.name), x=x)
    allowed = 20 * np.finfo(dtype).eps
    assert np.allclose(got, all_words(x.astype(np.float64)), rtol=allowed, atol=allowed)


@RUNTIMES
def test_erf_keeps_its_digits(run: Any, dtype: Any) -> None:
    @nl.activation
    def plain(x: Any) -> Any:
        return nl.erf(x)

    x = np.concatenate([np.geomspace(1e-30, 8, 400), [0.0, -0.0, -0.3, -2, np.inf, -np.inf]]).astype(dtype)
    got = run(nonlin.onnx.model(plain, dtype=x.dtype.name), x=x)
    assert worst(got, special.erf(x.astype(np.float64)), x)[0] <= 4


def test_log1p_and_expm1_keep_small_arguments() -> None:
    @nl.activation
    def small(x: Any) -> Any:
        return nl.log1p(x) + nl.expm1(x)

    x = np.geomspace(1e-30, 0.5, 200).astype(np.float32)
    assert worst(in_runtime(nonlin.onnx.model(small), x=x), small(x.astype(np.float64)), x)[0] <= 4


def test_nothing_is_zero_times_infinity() -> None:
    @nl.activation
    def bump(x: Any) -> Any:
        return x**3 * nl.exp(-x)

    assert in_runtime(nonlin.onnx.model(bump), x=np.float32([1e30, np.inf])).tolist() == [0, 0]


def test_what_is_refused_says_why() -> None:
    cases: list[tuple[dict[str, Any], Any, str]] = [
        ({"activation": "misch"}, UnknownActivation, "Did you mean 'mish'"),
        ({"activation": 3}, InvalidInput, "an activation or its name is needed"),
        ({"activation": "gelu", "opset": 7}, InvalidInput, "opset=7: this version of onnx writes 13 to"),
        ({"activation": "gelu", "dtype": "int8"}, InvalidInput, "dtype='int8' is none of float16, bfloat16"),
        (
            {"activation": "elu", "inputs": ["alfa"]},
            UnknownParameter,
            "no parameter 'alfa'. Did you mean 'alpha'",
        ),
        ({"activation": "elu", "alfa": 1.0}, UnknownParameter, "no parameter 'alfa'"),
    ]
    for words, kind, told in cases:
        with pytest.raises(kind) as caught:
            nonlin.onnx.model(**words)
        assert told in str(caught.value)
