"""Agreement with JAX's own functions; and where those are wrong, ours is right."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, partial
from operator import attrgetter
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import nonlin as nl
import nonlin.jax as nlj
from oracles import ORACLES, exactly

INF = math.inf


def twin(name: str) -> Callable[..., Any] | None:
    path = nl.get(name).definition.twins.get("jax")
    if path is None:
        return None
    return partial(attrgetter(str(path).removeprefix("jax."))(jax), **getattr(path, "arguments", {}))


TWINS = {name: function for name in ORACLES if (function := twin(name)) is not None}


@cache
def compiled(f: Any) -> Any:
    orders = [f, jax.grad(f), jax.grad(jax.grad(f))]
    return jax.jit(lambda at: [jax.vmap(order)(at) for order in orders])


def three(f: Any, at: Any) -> list[Any]:
    """Return value, slope and second derivative."""
    return list(compiled(f)(at))


def test_every_twin_is_compared() -> None:
    assert len(TWINS) >= 18


@pytest.mark.parametrize("name", sorted(TWINS))
def test_values_and_two_gradients_agree(name: str) -> None:
    with jax.enable_x64(True):
        at = jnp.concatenate([jnp.linspace(-8, 8, 400), jnp.array([1e-9, -1e-9, 30.0, -30.0])])
        for ours, theirs in zip(three(getattr(nlj, name), at), three(TWINS[name], at), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("axis", [0, 1])
def test_rows_agree(rowwise: Any, axis: int) -> None:
    z = jnp.cos(jnp.arange(12.0)).reshape(3, 4) * 5
    theirs = getattr(jax.nn, rowwise.name)
    for t in (1.0, 0.5):
        (y, pull), (native, native_pull) = (
            jax.vjp(f, z)
            for f in (
                lambda z: getattr(nlj, rowwise.name)(z, axis=axis, temperature=t),  # noqa: B023
                lambda z: theirs(z / t, axis=axis),  # noqa: B023
            )
        )
        np.testing.assert_allclose(y, native, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(pull(jnp.sin(z))[0], native_pull(jnp.sin(z))[0], rtol=1e-4, atol=1e-6)


# --- Where JAX is wrong -------------------------------------------------------------------------------------


def ours_and_theirs(name: str, at: float, order: int = 0) -> tuple[float, float]:
    return float(three(getattr(nlj, name), jnp.array([at]))[order][0]), float(
        three(TWINS[name], jnp.array([at]))[order][0]
    )


def off(got: float, truth: Any) -> float:
    """Return the relative error in units of float32's epsilon."""
    return float(abs(got - truth) / abs(truth) / np.finfo(np.float32).eps)


LOST = [
    # JAX's own value, slope (1) or second derivative (2) there has lost all its digits, or most.
    ("elu", 1, -20.0), ("elu", 1, -8.0), ("selu", 1, -20.0), ("celu", 1, -20.0), ("sigmoid", 1, 20.0),
    ("sigmoid", 1, 8.0), ("tanh", 1, 12.0), ("tanh", 1, -5.5), ("softplus", 2, 20.0), ("silu", 2, 20.0),
    ("mish", 2, 12.0), ("log_sigmoid", 2, -12.0), ("gelu_tanh", 0, -5.5), ("gelu_tanh", 1, -5.5), ("gelu", 0, -12.0),
    ("gelu", 1, -12.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "at"), LOST)
def test_tails_keep_their_digits(name: str, order: int, at: float) -> None:
    ours, theirs = ours_and_theirs(name, at, order)
    oracle = ORACLES[name]
    truth = exactly((oracle.value, oracle.slope, oracle.second)[order], at)
    assert off(ours, truth) <= 4
    assert off(theirs, truth) > 30


@pytest.mark.parametrize("name", ["gelu", "gelu_tanh", "silu", "mish", "softsign", "hard_swish"])
def test_limits_at_the_infinities_are_no_nan(name: str) -> None:
    at, limits = jnp.array([-INF, INF]), ORACLES[name].limits
    assert jnp.isnan(TWINS[name](at)).any()
    for ours, limit in zip(three(getattr(nlj, name), at), limits, strict=True):
        assert ours.tolist() == pytest.approx(limit, abs=0)


@pytest.mark.parametrize("name", ["gelu", "gelu_tanh", "silu", "mish"])
def test_slopes_are_one_at_infinity(name: str) -> None:
    ours, theirs = ours_and_theirs(name, INF, 1)
    assert ours == 1
    assert math.isnan(theirs)


def test_the_slope_of_the_tanh_form_of_gelu_is_one_far_out() -> None:
    ours, theirs = ours_and_theirs("gelu_tanh", 1e20, 1)
    assert ours == 1
    assert math.isnan(theirs)


def test_a_sure_winner_of_a_log_softmax_keeps_its_digits() -> None:
    z = jnp.array([0.0, -40.0])
    assert nlj.log_softmax(z)[0] == pytest.approx(-math.exp(-40), rel=1e-6)
    assert jax.nn.log_softmax(z)[0] == 0


def test_one_infinite_element_takes_all() -> None:
    z = jnp.array([INF, 0.0])
    assert nlj.softmax(z).tolist() == [1, 0]
    assert jnp.isnan(jax.nn.softmax(z)).any()
