"""Activations that draw noise: value and gradients agree, distributions are right, and nothing is drawn by itself."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import ml_dtypes
import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput, UnknownParameter
from nonlin.workbench import Stochastic

X = np.linspace(-5, 5, 41)


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def difference(f: Callable[[float], np.ndarray], step: float = 1e-6) -> np.ndarray:
    return (f(step) - f(-step)) / (2 * step)


def test_evaluation_takes_the_mean_slope_as_pytorch_does() -> None:
    torch = pytest.importorskip("torch")
    leaf = torch.tensor(X, requires_grad=True)
    value = torch.nn.functional.rrelu(leaf)
    value.sum().backward()
    np.testing.assert_allclose(nl.rrelu(X), value.detach().numpy(), rtol=1e-15)
    np.testing.assert_allclose(nl.rrelu.grad(X), leaf.grad.numpy(), rtol=1e-15)
    np.testing.assert_array_equal(nl.rrelu(X, lower=0.1, upper=0.3), nl.leaky_relu(X, negative_slope=0.2))


def test_slopes_are_uniform_between_the_bounds() -> None:
    slopes = -nl.rrelu(np.full(100_000, -1.0), generator=generator(), lower=0.2, upper=0.5)
    assert slopes.min() >= 0.2
    assert slopes.max() <= 0.5
    counts, _ = np.histogram(slopes, 10, (0.2, 0.5))
    assert np.all(np.abs(counts - 10_000) < 500)  # five standard deviations
    np.testing.assert_array_equal(nl.rrelu(np.abs(X), generator=generator()), np.abs(X))


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.float16, ml_dtypes.bfloat16])
def test_value_and_gradients_of_one_draw_are_of_one_function(dtype: Any) -> None:
    x, g = X.astype(dtype), np.cos(X).astype(dtype)
    noise = nl.rrelu.draw(x, generator())
    assert noise.shape == x.shape
    value, slope = nl.rrelu.value_and_grad(x, noise=noise)
    assert value.dtype == slope.dtype == dtype
    np.testing.assert_array_equal(
        slope.astype(float), np.where(X > 0, 1.0, noise).astype(dtype).astype(float)
    )
    np.testing.assert_array_equal(value, nl.rrelu(x, noise=noise))
    np.testing.assert_array_equal(value, nl.rrelu(x, generator=generator()))
    np.testing.assert_array_equal(slope, nl.rrelu.grad(x, noise=noise))
    exact = np.where(X > 0, 1.0, noise) * g.astype(float)
    np.testing.assert_array_equal(
        nl.rrelu.vjp(x, g, noise=noise).astype(float), exact.astype(dtype).astype(float)
    )
    np.testing.assert_array_equal(nl.rrelu.jacobian(x[:3], noise=noise[:3]), np.diag(slope[:3]))


def test_derivatives_by_the_bounds_follow_the_draw_s_place_between_them() -> None:
    def of(lower: float, upper: float) -> np.ndarray:
        return nl.rrelu(X, generator=generator(3), lower=lower, upper=upper)

    noise = nl.rrelu.draw(X, generator(3), lower=0.1, upper=0.4)
    given = {"noise": noise, "lower": 0.1, "upper": 0.4}
    np.testing.assert_allclose(
        nl.rrelu.param_grad(X, "lower", **given), difference(lambda h: of(0.1 + h, 0.4)), atol=1e-8
    )
    np.testing.assert_allclose(
        nl.rrelu.param_grad(X, "upper", **given), difference(lambda h: of(0.1, 0.4 + h)), atol=1e-8
    )
    np.testing.assert_allclose(nl.rrelu.param_grad(X, "upper"), np.minimum(X, 0) / 2)
    np.testing.assert_allclose(nl.rrelu.param_grad(X, "upper", lower=0.2, upper=0.2), np.minimum(X, 0) / 2)


def test_a_sample_s_largest_element_has_the_softmax_s_distribution() -> None:
    z = np.log([0.5, 0.3, 0.2])
    hard = nl.gumbel_softmax(np.tile(z, (100_000, 1)), generator=generator(), hard=True)
    assert set(np.unique(hard)) == {0.0, 1.0}
    np.testing.assert_array_equal(hard.sum(1), 1)
    np.testing.assert_allclose(hard.mean(0), [0.5, 0.3, 0.2], atol=0.008)  # five standard deviations


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_a_sample_is_the_softmax_of_the_input_plus_the_noise(axis: int) -> None:
    z = generator(1).normal(size=(4, 5))
    noise = nl.gumbel_softmax.draw(z, generator())
    soft = nl.gumbel_softmax(z, noise=noise, axis=axis, temperature=0.7)
    np.testing.assert_array_equal(soft, nl.softmax(z + noise, axis=axis, temperature=0.7))
    np.testing.assert_array_equal(
        soft, nl.gumbel_softmax(z, generator=generator(), axis=axis, temperature=0.7)
    )
    hard = nl.gumbel_softmax(z, noise=noise, axis=axis, hard=True)
    np.testing.assert_array_equal(np.argmax(hard, axis), np.argmax(z + noise, axis))
    np.testing.assert_array_equal(hard.sum(axis), 1)


def pulled(z: np.ndarray, change: np.ndarray, g: np.ndarray, noise: np.ndarray, h: float) -> np.ndarray:
    return np.sum(g * nl.gumbel_softmax(z + h * change, noise=noise, temperature=0.7))


def test_the_gradient_of_a_soft_and_of_a_hard_sample_is_that_of_the_soft_one() -> None:
    z, g = generator(1).normal(size=(3, 4)), generator(2).normal(size=(3, 4))
    noise = nl.gumbel_softmax.draw(z, generator())
    dz = nl.gumbel_softmax.vjp(z, g, noise=noise, temperature=0.7)
    for i in np.ndindex(z.shape):
        change = np.zeros_like(z)
        change[i] = 1
        found = difference(partial(pulled, z, change, g, noise))
        assert dz[i] == pytest.approx(found, rel=1e-6, abs=1e-9)
    jacobian = nl.gumbel_softmax.jacobian(z, noise=noise, temperature=0.7)
    np.testing.assert_allclose(np.einsum("ri,rij->rj", g, jacobian), dz, rtol=1e-12)
    by_t = difference(lambda h: nl.gumbel_softmax(z, noise=noise, temperature=0.7 + h))
    np.testing.assert_allclose(
        nl.gumbel_softmax.param_grad(z, "temperature", noise=noise, temperature=0.7),
        by_t,
        rtol=1e-6,
        atol=1e-9,
    )


def test_pytorch_s_gradient_is_the_same_given_the_same_noise() -> None:
    torch = pytest.importorskip("torch")
    z, g = generator(1).normal(size=(3, 4)), generator(2).normal(size=(3, 4))
    noise = nl.gumbel_softmax.draw(z, generator())
    leaf = torch.tensor(z, requires_grad=True)
    torch.softmax((leaf + torch.tensor(noise)) / 0.5, -1).backward(torch.tensor(g))
    np.testing.assert_allclose(
        nl.gumbel_softmax.vjp(z, g, noise=noise, temperature=0.5), leaf.grad.numpy(), rtol=1e-12, atol=1e-14
    )
    f = nl.get("gumbel_softmax", dialect="torch")
    np.testing.assert_array_equal(
        f(z, noise=noise, tau=0.5, dim=0), nl.softmax(z + noise, axis=0, temperature=0.5)
    )


def test_dtypes_out_and_infinities() -> None:
    z = np.array([[0.0, -np.inf, 1.0]])
    for dtype in (np.float32, np.float64, np.float16, ml_dtypes.bfloat16):
        y = nl.gumbel_softmax(z.astype(dtype), generator=generator())
        assert y.dtype == dtype
        assert y[0, 1] == 0
    assert np.isnan(nl.gumbel_softmax([np.nan, 1.0], generator=generator(), hard=True)).all()
    out = np.empty((1, 3), np.float32)
    assert nl.gumbel_softmax(z.astype(np.float32), generator=generator(), out=out) is out
    assert nl.gumbel_softmax.vjp(np.float32([1, 2]), np.float32([1, 0]), noise=[0, 0]).dtype == np.float32
    x = np.array([-1.0, 2.0])
    assert nl.rrelu(x, out=x) is x
    np.testing.assert_array_equal(nl.rrelu([-np.inf, np.inf]), [-np.inf, np.inf])


def test_the_same_seed_gives_the_same_and_nothing_else_is_touched() -> None:
    np.random.seed(1)  # noqa: NPY002  # the global state that must not move
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    one, two = (nl.rrelu(X, generator=generator(5)) for _ in range(2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, nl.rrelu(X, generator=generator(6)))
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: nl.rrelu(X, lower=0.5), r"rrelu: lower=0\.5 is above upper=0\.333333"),
        (lambda: nl.rrelu(X, generator=generator(), lower=0.5), "lower=0.5 is above"),
        (lambda: nl.rrelu.bind(upper=0.0), r"lower=0\.125 is above upper=0"),
        (lambda: nl.rrelu(X, generator=42), r"generator=42 is no numpy\.random\.Generator; give .*default_rng"),
        (lambda: nl.rrelu(X, generator=generator(), noise=X), "not both"),
        (lambda: nl.gumbel_softmax(X), r"draws noise: give generator=numpy\.random\.default_rng\(0\)"),
        (lambda: nl.gumbel_softmax(X, generator=generator(), temperature=0), "temperature=0 is not .*hard=True"),
        (lambda: nl.gumbel_softmax(X, generator=generator(), temperature=-1.0), "temperature=-1 is not above 0"),
        (lambda: nl.gumbel_softmax(X, generator=generator(), temperature=np.nan), "is not above 0"),
        (lambda: nl.gumbel_softmax.bind(temperature=0.0), "is not above 0"),
        (lambda: nl.gumbel_softmax(1.0, generator=generator()), "was given a single number"),
        (lambda: nl.gumbel_softmax(X, generator=generator(), hard=True, axis=(0,)), "hard sample lies along one axis"),
        (lambda: nl.rrelu.facts, "draws noise, so it has no facts"),
        (lambda: nl.gumbel_softmax.grad(X), r"nl.*|gumbel_softmax\.vjp"),
        (lambda: nl.get("gumbel_softmax", dialect="torch")(X, generator=generator(), tau=0), "tau=0 is not above 0"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_one_line(call: Callable[[], Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        call()
    assert "\n" not in str(refused.value)


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(UnknownParameter, match=r"no parameter 'lowr'\. Did you mean 'lower'"):
        nl.rrelu(X, lowr=0.1)


def test_it_is_bound_pickled_and_shown() -> None:
    bound = nl.rrelu.bind(lower=0.2, upper=0.2)
    np.testing.assert_array_equal(bound(X, generator=generator()), nl.leaky_relu(X, negative_slope=0.2))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(bound))(X), bound(X))
    assert pickle.loads(pickle.dumps(nl.gumbel_softmax)) is nl.gumbel_softmax
    assert isinstance(nl.rrelu, Stochastic)
    assert repr(nl.gumbel_softmax) == "nonlin.gumbel_softmax(x, temperature=1)"
    assert nl.rrelu.evaluation.facts.gain == pytest.approx(
        nl.leaky_relu.bind(negative_slope=11 / 48).facts.gain
    )
    assert "sim U" in nl.rrelu.latex
