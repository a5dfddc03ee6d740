"""Under JAX's transforms: every derivative is ours, by the input and by each parameter; and what is refused."""

from __future__ import annotations

from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

import nonlin as nl
import nonlin.jax as nlj
from nonlin.errors import InvalidInput, UnknownActivation, UnknownParameter
from oracles import ORACLES

POINTS = np.array([-6.3, -3.7, -1.1, -0.4, 0.3, 2.6, 3.4, 6.6])  # between the kinks
WITH_PARAMETERS = sorted(n for n in ORACLES if nl.get(n).parameters)
X = jnp.linspace(-3, 3, 5)


SOME = ["celu", "gelu", "hard_swish", "mish", "softsign"]


@pytest.fixture(autouse=True)
def compiled_fast() -> Any:
    """Compile without optimizing: what is tested here are rules, and there are hundreds of small programs."""
    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)


def ours(x: Any, beta: Any = 1.5) -> Any:
    return nlj.swish(x, beta=beta)


def plain(x: Any, beta: Any = 1.5) -> Any:
    return x * jax.nn.sigmoid(beta * x)


def assert_same(got: Any, expected: Any) -> None:
    np.testing.assert_allclose(got, expected, rtol=5e-6, atol=2e-6)


@pytest.mark.parametrize("name", SOME)
def test_two_derivatives_agree_with_finite_differences(name: str) -> None:
    with jax.enable_x64(True):
        check_grads(
            jax.jit(getattr(nlj, name)), (jnp.asarray(POINTS),), order=2, eps=1e-5, atol=2e-5, rtol=2e-5
        )


@pytest.mark.parametrize("name", WITH_PARAMETERS)
def test_derivatives_by_a_parameter_are_our_own(name: str) -> None:
    f, p = getattr(nlj, name), nl.get(name).parameters[-1].name
    x, given = POINTS.astype(np.float32), np.float32(0.7)
    expected = nl.get(name).param_grad(x, p, **{p: given})
    np.testing.assert_allclose(jax.jacrev(lambda v: f(x, **{p: v}))(given), expected, rtol=1e-5)
    columns = np.array([[0.7], [1.3]], np.float32)
    got = jax.grad(lambda v: f(x, **{p: v}).sum())(columns)
    np.testing.assert_allclose(
        got, nl.get(name).param_grad(x, p, **{p: columns}).sum(1, keepdims=True), rtol=1e-5
    )


@pytest.mark.parametrize(("outer", "inner"), list(product([jax.jacrev, jax.jacfwd], repeat=2)))
def test_derivatives_nest_in_every_order(outer: Any, inner: Any) -> None:
    assert_same(jax.jit(inner(ours))(X), jax.jit(inner(plain))(X))
    third, expected = (jax.jit(outer(outer(inner(f))))(X[1:3]) for f in (ours, plain))
    assert_same(third, expected)


@pytest.mark.parametrize(("first", "second"), list(product([jax.jacrev, jax.jacfwd], repeat=2)))
def test_derivatives_by_input_and_parameter_mix(first: Any, second: Any) -> None:
    for a, b in ((0, 1), (1, 1)):
        mixed, expected = (jax.jit(first(second(f, argnums=a), argnums=b))(X, 0.8) for f in (ours, plain))
        assert_same(mixed, expected)


def test_the_third_derivative_is_ours_too() -> None:
    third = jax.vmap(jax.grad(jax.grad(jax.grad(nlj.tanh))))(jnp.asarray(POINTS, jnp.float32))
    np.testing.assert_allclose(third, nl.tanh.derivative(3)(POINTS), rtol=2e-5)


def test_no_where_leaks_nan_into_a_gradient() -> None:
    at = jnp.array([-1e30, -200.0, 200.0, 1e30])
    for name in SOME:
        got = jax.jit(jax.vmap(jax.grad(getattr(nlj, name))))(at)
        assert jnp.isfinite(got).all(), name


def test_a_parameter_that_stays_brings_nothing_into_a_gradient() -> None:
    @nl.activation
    def powered(x: Any, a: float = 0.0) -> Any:
        return x + nl.sqrt(a)  # whose derivative by a is infinite at 0

    assert jax.grad(nlj.function(powered))(2.0) == 1
    assert jax.jit(jax.grad(nlj.function(powered)))(2.0) == 1


def test_vmap_over_inputs_parameters_and_both() -> None:
    many, betas = jnp.cos(jnp.arange(60.0)).reshape(3, 4, 5), jnp.array([0.5, 1.0, 2.0])
    for dims in ((2, None), (None, 0), (0, 0)):
        beta = betas if dims[1] == 0 else betas[0]
        assert_same(jax.jit(jax.vmap(ours, dims))(many, beta), jax.jit(jax.vmap(plain, dims))(many, beta))
    per_example = [jax.jit(jax.vmap(jax.grad(lambda x, f=f: f(x).sum())))(many) for f in (ours, plain)]
    assert_same(*per_example)
    hessians = [jax.jit(jax.vmap(jax.hessian(lambda x, f=f: f(x).sum())))(many[0]) for f in (ours, plain)]
    assert_same(*hessians)


def test_jit_of_it_and_it_in_jit_agree() -> None:
    for name in SOME[:2]:
        f = getattr(nlj, name)
        assert_same(jax.jit(lambda x, f=f: f(x * 1.0))(X), f(X))
        assert_same(jax.jit(jax.grad(lambda x, f=f: f(x).sum()))(X), jax.grad(lambda x, f=f: f(x).sum())(X))


def test_a_large_model_can_recompute_it() -> None:
    again = jax.checkpoint(lambda x: nlj.mish(x).sum())
    assert_same(jax.grad(again)(X), jax.grad(lambda x: nlj.mish(x).sum())(X))


def test_two_derivatives_of_rows(rowwise: Any) -> None:
    with jax.enable_x64(True):
        z = jnp.asarray(np.random.default_rng(0).normal(size=(2, 3)))
        t = jnp.array([[0.7], [1.3]])
        function = jax.jit(lambda z, t: getattr(nlj, rowwise.name)(z, temperature=t))
        check_grads(function, (z, t), order=2, modes=["rev"], eps=1e-5, atol=1e-5, rtol=1e-5)


def test_rows_under_vmap_and_jacobians(rowwise: Any) -> None:
    z = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    for jacobian in (jax.jacfwd, jax.jacrev):
        got = jax.jit(jax.vmap(jacobian(getattr(nlj, rowwise.name))))(z)
        np.testing.assert_allclose(got, rowwise.jacobian(z), rtol=1e-5, atol=1e-6)


def test_a_parameters_gradient_is_summed_before_it_is_rounded() -> None:
    x = jnp.full((4096,), -1.0078125, jnp.bfloat16)
    got = jax.vjp(lambda w: nlj.prelu(x, weight=w), jnp.float32(0.25))[1](-x)[0]
    assert got == -4096 * 1.0078125**2


def test_dtypes_are_those_of_the_input() -> None:
    for dtype in (jnp.float16, jnp.bfloat16, jnp.float32):
        x = jnp.array([-1.0, 2.0], dtype)
        y, (dx, db) = jax.value_and_grad(lambda x, b: ours(x, b).sum(), argnums=(0, 1))(x, jnp.float32(2))
        assert (y.dtype, dx.dtype, db.dtype) == (dtype, dtype, jnp.float32)
    assert nlj.sigmoid(jnp.array([0, 1])).dtype == nlj.sigmoid(True).dtype == jnp.float32
    assert nlj.sigmoid(2).shape == ()
    with jax.enable_x64(True):
        assert nlj.sigmoid(jnp.array([0, 1])).dtype == jnp.float64
        assert nlj.sigmoid(jnp.float32(1)).dtype == jnp.float32


def test_a_parameter_larger_than_the_input_broadcasts() -> None:
    x, slopes = jnp.array([-1.0, 2.0]), jnp.array([[0.1], [0.2], [0.3]])
    y, pull = jax.vjp(lambda x, s: nlj.leaky_relu(x, negative_slope=s), x, slopes)
    np.testing.assert_allclose(y, [[-0.1, 2.0], [-0.2, 2.0], [-0.3, 2.0]], rtol=1e-6)
    dx, ds = pull(jnp.ones_like(y))
    np.testing.assert_allclose(dx, [0.6, 3.0], rtol=1e-6)
    assert ds.tolist() == [[-1.0]] * 3


def test_a_persons_own_activation_has_the_same_powers() -> None:
    @nl.activation
    def bent(x: Any, a: float = 0.5) -> Any:
        return x + a * (nl.sqrt(x**2 + 1) - 1)

    f = nlj.function(bent)
    assert f.__name__ == "bent"
    with jax.enable_x64(True):
        check_grads(
            lambda x, a: f(x, a=a), (jnp.asarray(POINTS), 0.3), order=2, eps=1e-5, atol=2e-5, rtol=2e-5
        )
    assert nlj.function(nl.leaky_relu.bind(negative_slope=0.5))(-1.0) == -0.5


def test_a_chosen_slope_at_a_kink_is_taken() -> None:
    for rule, slope in (("left", 0.0), ("right", 1.0), ("middle", 0.5), (0.25, 0.25)):
        assert jax.grad(nlj.function(nl.relu.at_kink(rule)))(0.0) == slope


def test_names_and_aliases_are_found() -> None:
    assert set(nl.names()) <= set(dir(nlj))
    assert nlj.gelu is nlj.functional.gelu
    assert nlj.function("logistic")(0.0) == 0.5
    with pytest.raises(AttributeError, match=r"nonlin\.jax has no 'misch'\. Did you mean 'mish'"):
        _ = nlj.misch
    with pytest.raises(UnknownActivation, match="misch"):
        nlj.function("misch")
    with pytest.raises(InvalidInput, match="is no activation"):
        nlj.function(3)


@pytest.mark.parametrize("wrong", [1j, "steep", None, np.array(["a"])])
def test_what_is_no_array_of_real_numbers_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidInput, match="gelu works on"):
        nlj.gelu(wrong)
    with pytest.raises(InvalidInput, match="swish's beta works on"):
        nlj.swish(1.0, beta=wrong)


def test_unknown_parameters_and_axes_are_refused() -> None:
    with pytest.raises(UnknownParameter, match="Did you mean 'negative_slope'"):
        nlj.leaky_relu(1.0, negative_slop=0.1)
    with pytest.raises(UnknownParameter, match="It has none"):
        nlj.gelu(1.0, beta=2)
    with pytest.raises(InvalidInput, match=r"softmax has no axis=2 in an array of shape \(3, 4\)"):
        nlj.softmax(jnp.ones((3, 4)), axis=2)
    with pytest.raises(InvalidInput, match="no axis=-1"):
        nlj.softmax(1.0)
    with pytest.raises(InvalidInput, match="varies along a row"):
        nlj.softmax(jnp.ones((3, 4)), temperature=jnp.ones(4))
