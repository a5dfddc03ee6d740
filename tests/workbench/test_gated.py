"""Gated activations: right to the last digit, and every form of giving value and gate."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import ml_dtypes
import mpmath as mp
import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput, UnknownParameter
from nonlin.workbench import Elementwise, Gated
from oracles import LONG, ORACLES, exactly, neighbours, seams, to_long, ulps

F32 = np.float32
GATES = {
    "glu": "sigmoid", "bilinear": "identity", "reglu": "relu", "geglu": "gelu", "geglu_tanh": "gelu_tanh",
    "swiglu": "silu", "swiglu_clamped": "quick_gelu",
}  # fmt: skip
NAMES = [name for name in nl.names() if isinstance(nl.get(name), Gated)]
Plain = Callable[[mp.mpf, mp.mpf], mp.mpf]


def plain(name: str) -> tuple[Plain, Plain, Plain]:
    """Return value and both slopes, by the plain formula of the gate."""
    gate = ORACLES[GATES[name]]
    if name == "swiglu_clamped":
        swish, seven = ORACLES["swish"], mp.mpf(7)
        return (
            lambda x, u: (max(min(x, seven), -seven) + 1) * swish.value(min(u, seven), beta=1.702),
            lambda x, u: swish.value(min(u, seven), beta=1.702) * (abs(x) <= 7),
            lambda x, u: (max(min(x, seven), -seven) + 1) * swish.slope(u, beta=1.702) * (u <= 7),
        )
    return lambda x, u: x * gate.value(u), lambda x, u: gate.value(u), lambda x, u: x * gate.slope(u)


def pairs(name: str, dtype: Any, count: int = 220) -> tuple[np.ndarray, np.ndarray]:
    """Return random values beside gates at seams, near the slope's roots and at random."""
    random = np.random.default_rng(7)
    oracle = ORACLES[GATES[name]]
    places = seams(oracle, dtype)
    roots = np.array(oracle.roots, dtype)
    if name == "swiglu_clamped":
        roots = np.append(roots, dtype(7))
    gate = np.concatenate([
        random.choice(places[np.isfinite(places)], count // 2), neighbours(roots, 3),
        (random.normal(size=count // 2) * 4).astype(dtype),
    ])  # fmt: skip
    x = (random.normal(size=gate.size) * 10.0 ** random.uniform(-3, 3, gate.size)).astype(dtype)
    x[::11] = random.choice(np.array([0, -0.0, 1, -1, 7, -7, 1e-30, 1e30], dtype), x[::11].size)
    return x, gate.astype(dtype)


def truth(of: Plain, x: np.ndarray, gate: np.ndarray) -> np.ndarray:
    return np.array([to_long(exactly(of, float(a), float(b))) for a, b in zip(x, gate, strict=True)], LONG)


def of(f: Any, x: np.ndarray, gate: np.ndarray) -> tuple[np.ndarray, ...]:
    y, (dx, dgate) = f.value_and_grad(x, gate)
    return y, dx, dgate


def test_every_gated_activation_has_an_oracle() -> None:
    assert set(NAMES) == set(GATES)


@pytest.mark.parametrize("name", NAMES)
def test_float32_is_within_one_ulp_in_value_and_both_slopes(name: str) -> None:
    x, gate = pairs(name, F32)
    for got, exact in zip(of(nl.get(name), x, gate), plain(name), strict=True):
        assert ulps(got, truth(exact, x, gate)).max() <= 0.501


def test_the_fast_grade_computes_as_the_exact_one() -> None:
    x, gate = pairs("swiglu", F32)
    np.testing.assert_array_equal(of(nl.swiglu.fast, x, gate), of(nl.swiglu, x, gate))


def worst_of(
    name: str, found: tuple[np.ndarray, ...], x: np.ndarray, gate: np.ndarray, near: float, there: float
) -> float:
    """Return the largest error in ulps; near a root of the slope by the gate, it is only held to `there` (1 + |x|)."""
    roots = np.array([*ORACLES[GATES[name]].roots, np.inf])
    near_root = (np.abs(gate[:, None] - roots) < near).any(1)
    errors = []
    for i, (got, exact) in enumerate(zip(found, plain(name), strict=True)):
        right = truth(exact, x, gate)
        beside = near_root & (i == 2)
        assert np.all(np.abs(got - right)[beside] <= there * (1 + np.abs(x[beside])))
        errors.append(ulps(got, right)[~beside].max())
    return max(errors)


@pytest.mark.parametrize("name", NAMES)
def test_float64_is_within_six_ulp(name: str) -> None:
    x, gate = pairs(name, np.float64, 120)
    assert worst_of(name, of(nl.get(name), x, gate), x, gate, near=1.5, there=2.0**-51) <= 6


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
@pytest.mark.parametrize("name", NAMES)
def test_halves_are_rounded_once(name: str, dtype: Any) -> None:
    with np.errstate(over="ignore"):
        x, gate = (a.astype(dtype) for a in pairs(name, F32))
    x, gate = x[np.isfinite(x) & np.isfinite(gate)], gate[np.isfinite(x) & np.isfinite(gate)]
    f = nl.get(name)
    wide = of(f, x.astype(np.float64), gate.astype(np.float64))
    for got, exact in zip(of(f, x, gate), wide, strict=True):
        assert got.dtype == dtype
        np.testing.assert_array_equal(got.astype(float), rounded(exact, dtype))


def rounded(wide: np.ndarray, dtype: Any) -> np.ndarray:
    """Return float64 numbers rounded to the nearest of a narrower dtype, ties to even."""
    info = ml_dtypes.finfo(dtype)
    exponent = np.where(wide == 0, info.minexp, np.maximum(np.frexp(wide)[1] - 1, info.minexp))
    unit = np.ldexp(1.0, exponent - info.nmant)
    nearest = np.rint(wide / unit) * unit
    return np.where(np.abs(nearest) >= 2.0**info.maxexp, np.copysign(np.inf, nearest), nearest)


@pytest.mark.parametrize("name", NAMES)
def test_slopes_times_g_are_the_vjp(name: str) -> None:
    f, (x, gate) = nl.get(name), (np.clip(a, -1e100, 1e100) for a in pairs(name, np.float64, 60))
    g = np.linspace(-2, 2, x.size)
    for got, slope in zip(f.vjp(x, gate, g), f.grad(x, gate), strict=True):
        np.testing.assert_allclose(got, g * slope, rtol=1e-14, atol=1e-300)


@pytest.mark.parametrize(("name", "parameter"), [(n, p.name) for n in NAMES for p in nl.get(n).parameters])
def test_derivatives_by_parameters_are_the_differences(name: str, parameter: str) -> None:
    f, at = nl.get(name), nl.get(name).card.defaults[parameter]
    x, gate = np.array([-8.0, -0.5, 2.0, 9.0, 3.0]), np.array([1.5, -2.0, 9.0, 8.0, 0.25])
    step = 1e-6
    differences = (f(x, gate, **{parameter: at + step}) - f(x, gate, **{parameter: at - step})) / (2 * step)
    np.testing.assert_allclose(f.param_grad(x, gate, parameter), differences, rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_infinities_give_limits_and_a_closed_gate_lets_nothing_through(dtype: Any) -> None:
    inf, nan = np.inf, np.nan
    x = np.array([inf, inf, -inf, 1e-30, -1.0, 0.0, nan, 1.0, inf], dtype)
    gate = np.array([-1.0, -inf, 2.0, inf, -inf, inf, 1.0, nan, 0.0], dtype)
    np.testing.assert_array_equal(nl.swiglu(x, gate), [-inf, 0, -inf, inf, 0, 0, nan, nan, 0])
    np.testing.assert_array_equal(nl.glu(x, gate), [inf, 0, -inf, dtype(1e-30), 0, 0, nan, nan, inf])
    np.testing.assert_array_equal(nl.reglu(x, gate), [0, 0, -inf, inf, 0, 0, nan, nan, 0])
    dx, dgate = nl.swiglu.grad(x, gate)
    np.testing.assert_array_equal(dx[[1, 3, 4, 5, 8]], [0, inf, 0, inf, 0])
    np.testing.assert_array_equal(dgate[[1, 3, 4, 5, 8]], [0, dtype(1e-30), 0, 0, inf])
    assert np.isnan(dx[6:8]).all()
    assert np.isnan(dgate[6:8]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_numbers_do_not_overflow_on_the_way(dtype: Any) -> None:
    big = np.finfo(dtype).max / 4
    assert nl.swiglu(dtype(big), dtype(2.0)) == pytest.approx(big * 1.7615941559557649, rel=1e-6)
    assert nl.swiglu_clamped(dtype(big), dtype(-big)) == 0
    assert nl.geglu(dtype(2.0), dtype(-big)) == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_one_array_is_split_where_the_order_says(name: str, axis: int) -> None:
    f = nl.get(name)
    z = np.random.default_rng(3).normal(size=(4, 6)).astype(F32)
    half = z.shape[axis] // 2
    first, second = np.split(z, 2, axis)
    even, odd = (z.take(range(i, 2 * half, 2), axis) for i in (0, 1))
    np.testing.assert_array_equal(f(z, axis=axis), f(first, second))
    np.testing.assert_array_equal(f(z, axis=axis, gate="first"), f(second, first))
    np.testing.assert_array_equal(f(z, axis=axis, gate="interleaved"), f(odd, even))


@pytest.mark.parametrize("gate", ["last", "first", "interleaved"])
@pytest.mark.parametrize("axis", [0, 1])
def test_gradients_of_one_array_stand_as_it_does(gate: Any, axis: int) -> None:
    f = nl.swiglu
    z = np.random.default_rng(3).normal(size=(4, 6))
    g = np.random.default_rng(4).normal(size=(2, 6) if axis == 0 else (4, 3))
    dz, out = f.vjp(z, g, axis=axis, gate=gate), np.empty_like(z)
    step = 1e-6
    for i in np.ndindex(z.shape):
        change = np.zeros_like(z)
        change[i] = step
        up, down = (f(z + s * change, axis=axis, gate=gate) for s in (1, -1))
        assert dz[i] == pytest.approx(np.sum(g * (up - down)) / (2 * step), rel=1e-6, abs=1e-8)
    assert f.vjp(z, g, axis=axis, gate=gate, out=out) is out
    np.testing.assert_array_equal(out, dz)
    y, slopes = f.value_and_grad(z, axis=axis, gate=gate)
    np.testing.assert_array_equal(y, f(z, axis=axis, gate=gate))
    np.testing.assert_array_equal(slopes, f.grad(z, axis=axis, gate=gate))
    np.testing.assert_array_equal(slopes, f.vjp(z, np.ones_like(g), axis=axis, gate=gate))


@pytest.mark.parametrize("gate", ["last", "first", "interleaved"])
def test_the_jacobian_of_one_array_pulls_back_as_the_vjp(gate: Any) -> None:
    z, g = np.random.default_rng(5).normal(size=(2, 6)), np.array([1.0, -2.0, 0.5])
    jacobian = nl.geglu.jacobian(z, gate=gate)
    assert jacobian.shape == (2, 3, 6)
    np.testing.assert_allclose(g @ jacobian, nl.geglu.vjp(z, g, gate=gate), rtol=1e-12)
    x, gates = z[:, :3], z[:, 3:]
    for matrix, slope in zip(nl.geglu.jacobian(x, gates), nl.geglu.grad(x, gates), strict=True):
        np.testing.assert_array_equal(matrix, [np.diag(s) for s in slope])


def test_dtypes_shapes_and_out_are_as_in_numpy() -> None:
    x, gate = np.ones((3, 1), F32), np.ones(4, F32)
    assert nl.swiglu(x, gate).shape == (3, 4)
    assert nl.swiglu(x, gate).dtype == F32
    assert nl.swiglu(x, gate.astype(np.float64)).dtype == np.float64
    assert nl.swiglu(np.int8(2), np.int8(1)).dtype == np.float16
    assert nl.swiglu(F32(2), 1.0).dtype == F32
    assert nl.glu(np.ones(4, np.float16)).dtype == np.float16
    assert nl.glu.vjp(np.ones(4, F32), np.ones(2, F32)).dtype == F32
    assert nl.glu.vjp(np.ones(4, ml_dtypes.bfloat16), 1.0).dtype == ml_dtypes.bfloat16
    out = np.empty((3, 4), F32)
    assert nl.swiglu(x, gate, out=out) is out
    np.testing.assert_array_equal(out, nl.swiglu(x, gate))
    pair = np.empty((3, 4), F32), np.empty((3, 4), F32)
    nl.swiglu.vjp(x, gate, np.ones((3, 4), F32), out=pair)
    np.testing.assert_array_equal(pair, nl.swiglu.grad(np.ones((3, 4), F32), gate))
    z = np.arange(8, dtype=F32)
    expected = nl.glu.vjp(z, np.ones(4, F32))
    np.testing.assert_array_equal(nl.glu.vjp(z, np.ones(4, F32), out=z), expected)
    np.testing.assert_array_equal(nl.glu([1.0, 2.0]), nl.glu(1.0, 2.0))
    assert nl.glu(np.empty((0, 4))).shape == (0, 2)


def test_pandas_keeps_its_kind() -> None:
    pandas = pytest.importorskip("pandas")
    series = pandas.Series([1.0, 2.0], index=["a", "b"])
    found = nl.swiglu(series, series)
    assert isinstance(found, pandas.Series)
    assert list(found.index) == ["a", "b"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: nl.glu(np.ones(5)), "glu splits axis -1 into values and gates, and its length 5 is odd"),
        (lambda: nl.glu(np.ones(4), axis=1), "glu has no axis 1"),
        (lambda: nl.glu(2.0), "glu has no axis -1"),
        (lambda: nl.glu(np.ones(4), gate="lst"), "gate='lst' is no order.*Did you mean 'last'.*interleaved"),
        (lambda: nl.glu(np.ones(4), gate=np.ones(4)), "a ndarray is no order.*give the gates as a second array"),
        (lambda: nl.glu(np.ones(4), np.ones(4), gate="frst"), "gate='frst' is no order"),
        (lambda: nl.glu.vjp(np.ones(4)), r"1 arguments; write glu\.vjp\(x, gate, g\) or vjp\(z, g\)"),
        (lambda: nl.glu.facts, r"glu has two inputs.*nonlin\.glu\.gate_factor\.facts"),
        (lambda: nl.glu.plot(), r"nonlin\.glu\.gate_factor\.plot\(\)"),
        (lambda: nl.glu.derivative(2), r"nonlin\.glu\.gate_factor\.derivative\(2\)"),
        (lambda: nl.glu(np.ones(4, complex)), "not on complex128"),
        (lambda: nl.swiglu.bind(beta=np.inf), "give one finite number"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_one_line(call: Callable[[], Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        call()
    assert "\n" not in str(refused.value)


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(UnknownParameter, match=r"no parameter 'bata'\. Did you mean 'beta'"):
        nl.swiglu(1.0, 2.0, bata=1.0)
    with pytest.raises(UnknownParameter, match="no parameter 'bata'"):
        nl.swiglu.param_grad(1.0, 2.0, "bata")


def test_bound_copied_and_pickled_ones_are_the_same_function() -> None:
    bound = nl.swiglu.bind(beta=2.0)
    assert bound(1.0, 1.0) == nl.swiglu(1.0, 1.0, beta=2.0) != nl.swiglu(1.0, 1.0)
    assert pickle.loads(pickle.dumps(nl.swiglu)) is nl.swiglu
    assert pickle.loads(pickle.dumps(nl.swiglu.fast)) is nl.swiglu.fast
    assert pickle.loads(pickle.dumps(bound))(1.0, 1.0) == bound(1.0, 1.0)
    assert copy.deepcopy(nl.swiglu) is nl.swiglu
    assert repr(nl.swiglu) == "nonlin.swiglu(x, gate, beta=1)"
    assert repr(nl.swiglu.fast) == "nonlin.swiglu.fast(x, gate, beta=1)"


def test_its_factors_are_activations_with_facts() -> None:
    gate = nl.swiglu.gate_factor
    assert isinstance(gate, Elementwise)
    assert gate.facts.gain == pytest.approx(nl.silu.facts.gain)
    np.testing.assert_array_equal(gate([-1.0, 2.0]), nl.silu([-1.0, 2.0]))
    assert nl.swiglu_clamped.value_factor(10.0) == 8.0


def test_another_slope_at_a_kink_can_be_chosen() -> None:
    assert nl.reglu.grad(3.0, 0.0)[1] == 0.0
    assert nl.reglu.at_kink("right").grad(3.0, 0.0)[1] == 3.0


def test_symbols_give_the_formula_so_that_definitions_compose() -> None:
    @nl.activation
    def self_gated(x: Any) -> Any:
        return nl.swiglu(x, 2 * x, beta=1.5)

    assert self_gated(0.5) == pytest.approx(nl.swiglu(0.5, 1.0, beta=1.5))
    with pytest.raises(InvalidInput, match="needs value and gate"):
        nl.swiglu(nl.relu.formula)


def test_latex_has_both_inputs() -> None:
    assert nl.swiglu.latex == r"\mathrm{gate} x \sigma\left(\mathrm{gate} \beta\right)"


def test_torch_and_jax_split_likewise() -> None:
    torch, jax = pytest.importorskip("torch"), pytest.importorskip("jax")
    z = np.random.default_rng(1).normal(size=(3, 8)).astype(F32)
    leaf = torch.tensor(z, requires_grad=True)
    value = torch.nn.functional.glu(leaf, dim=1)
    value.sum().backward()
    np.testing.assert_allclose(nl.glu(z, axis=1), value.detach().numpy(), rtol=1e-6)
    np.testing.assert_allclose(nl.glu.grad(z, axis=1), leaf.grad.numpy(), rtol=1e-5)
    np.testing.assert_allclose(nl.glu(z), np.asarray(jax.nn.glu(z)), rtol=1e-6)
    np.testing.assert_allclose(
        nl.get("glu", dialect="torch")(z, dim=0 - 1), value.detach().numpy(), rtol=1e-6
    )


def test_the_clamped_one_is_gpt_oss_s() -> None:
    torch = pytest.importorskip("torch")
    z = np.random.default_rng(2).normal(size=(5, 12)) * 8
    leaf = torch.tensor(z, requires_grad=True)
    gate, up = leaf[..., ::2].clamp(max=7.0), leaf[..., 1::2].clamp(min=-7.0, max=7.0)
    value = (up + 1) * gate * torch.sigmoid(gate * 1.702)
    value.sum().backward()
    np.testing.assert_allclose(nl.swiglu_clamped(z, gate="interleaved"), value.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(
        nl.swiglu_clamped.grad(z, gate="interleaved"), leaf.grad.numpy(), rtol=1e-11, atol=1e-13
    )


def test_a_dialect_that_has_the_gate_first_has_it_first_everywhere() -> None:
    f, x, gate, g = (
        nl.get("SwiGLU", dialect="onnx"),
        *(np.linspace(a, b, 6) for a, b in ((-2, 3), (4, -1), (1, 2))),
    )
    z, ours = np.concatenate([gate, x]), nl.swiglu
    assert repr(f) == "nonlin.swiglu(gate, x, alpha=1) as onnx.SwiGLU"
    np.testing.assert_array_equal(f(gate, x), ours(x, gate))
    np.testing.assert_array_equal(f(z), ours(x, gate))
    np.testing.assert_array_equal(f(z, gate="last"), ours(gate, x))
    by_x, by_gate = ours.vjp(x, gate, g)
    out = np.empty(6), np.empty(6)
    for found in (f.vjp(gate, x, g), f.vjp(gate, x, g, out=out), out, np.split(f.vjp(z, g), 2)):
        np.testing.assert_array_equal(found, (by_gate, by_x))
    value, slopes = f.value_and_grad(gate, x)
    np.testing.assert_array_equal(value, ours(x, gate))
    np.testing.assert_array_equal(slopes, ours.grad(x, gate)[::-1])
    np.testing.assert_array_equal(np.split(f.value_and_grad(z)[1], 2), slopes)
    np.testing.assert_array_equal(f.param_grad(gate, x, "alpha"), ours.param_grad(x, gate, "beta"))
    np.testing.assert_array_equal(f.jacobian(gate, x), ours.jacobian(x, gate)[::-1])
    np.testing.assert_array_equal(f.jacobian(z), np.concatenate(f.jacobian(gate, x), -1))
    assert (
        f.fast(2.0, 3.0)
        == f.bind(alpha=1.0)(2.0, 3.0)
        == pickle.loads(pickle.dumps(f))(2.0, 3.0)
        == ours(3.0, 2.0)
    )
    own = nl.activation(lambda x: f(2 * x, x))
    assert own(0.5) == pytest.approx(ours(0.5, 1.0))
