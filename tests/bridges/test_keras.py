"""The Keras bridge on the backend of this process, and once more in a process of its own on PyTorch's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

os.environ.setdefault(
    "KERAS_BACKEND", "jax" if find_spec("jax") else "torch"
)  # its own default needs TensorFlow
keras = pytest.importorskip("keras")

import nonlin as nl  # noqa: E402
import nonlin.keras as nlk  # noqa: E402
from nonlin.errors import InvalidInput, UnknownActivation, UnknownParameter  # noqa: E402
from oracles import ORACLES  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning:keras"),
    pytest.mark.filterwarnings("ignore::UserWarning:keras"),
]

BACKEND = keras.backend.backend()
INNER = "NONLIN_TESTS_INSIDE"
INF = np.inf


def array(x: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(x))


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function compiled as a whole where the backend compiles, as `fit` does."""
    if BACKEND != "jax":
        return function
    import jax

    compiled: Callable[..., Any] = jax.jit(function)
    return compiled


def gradients(function: Callable[..., Any], *given: Any) -> tuple[np.ndarray, ...]:
    """Return the gradients of the sum, by the backend's own means."""
    if BACKEND == "jax":
        import jax

        sums = jax.jit(jax.grad(lambda *xs: function(*xs).sum(), argnums=tuple(range(len(given)))))
        return tuple(np.asarray(g) for g in sums(*map(jax.numpy.asarray, given)))
    import torch

    leaves = [torch.tensor(g, requires_grad=True) for g in given]
    return tuple(g.numpy() for g in torch.autograd.grad(function(*leaves).sum(), leaves))


def second(function: Callable[..., Any], x: np.ndarray) -> np.ndarray:
    if BACKEND == "jax":
        import jax

        twice = jax.jit(jax.grad(lambda u: jax.grad(lambda v: function(v).sum())(u).sum()))
        return np.asarray(twice(jax.numpy.asarray(x)))
    import torch

    leaf = torch.tensor(x, requires_grad=True)
    (slope,) = torch.autograd.grad(function(leaf).sum(), leaf, create_graph=True)
    if not slope.requires_grad:
        return np.zeros_like(x)
    return torch.autograd.grad(slope.sum(), leaf)[0].numpy()


def assert_near(got: np.ndarray, truth: Any, digits: float = 3e-6, floor: float = 4e-7) -> None:
    np.testing.assert_allclose(got, np.asarray(truth), rtol=digits, atol=floor)


X = np.concatenate([np.linspace(-9, 9, 180), [0.3, 1e-6, -1e-6, 40.0, -40.0]]).astype(np.float32)
NAMES = [name for name in sorted(ORACLES) if name in dir(nlk)]


# --- Numbers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_values_and_slopes(name: str) -> None:
    f, wide = nl.get(name), X.astype(float)
    got = once(nlk.function(name))(X)
    assert keras.backend.standardize_dtype(got.dtype) == "float32"
    assert_near(array(got), f(wide), digits=1e-5)
    assert_near(gradients(nlk.function(name), X)[0], f.grad(wide), digits=2e-5)


@pytest.mark.parametrize("name", NAMES)
def test_limits_kinks_and_nan(name: str) -> None:
    f, oracle = nl.get(name), ORACLES[name]
    x = np.array([-INF, INF, np.nan, 0, *oracle.kinks], np.float32)
    with np.errstate(all="ignore"):
        assert_near(array(once(nlk.function(name))(x)), f(x), digits=1e-6, floor=1e-7)
        assert_near(gradients(nlk.function(name), x)[0], f.grad(x), digits=1e-6, floor=1e-7)


TAILS = [
    ("gelu", -6),
    ("gelu", -12),
    ("sigmoid", -80),
    ("silu", -80),
    ("mish", -70),
    ("softplus", -80),
    ("elu", -1e-6),
]


@pytest.mark.parametrize(("name", "at"), TAILS)
def test_tails_keep_their_digits(name: str, at: float) -> None:
    x = np.array([at], np.float32)
    truth = nl.get(name)(x.astype(float))
    assert abs(array(nlk.function(name)(x)) / truth - 1) < 2e-5


@pytest.mark.parametrize(("name", "at"), [("sigmoid", 80.0), ("tanh", 30.0), ("tanh", -30.0)])
def test_slopes_keep_theirs_where_keras_loses_them(name: str, at: float) -> None:
    x = np.array([at], np.float32)
    truth = nl.get(name).grad(x.astype(float))
    assert abs(gradients(nlk.function(name), x)[0] / truth - 1) < 2e-5
    assert not abs(gradients(getattr(keras.activations, name), x)[0] / truth - 1) < 0.01


def test_the_slope_at_a_kink_is_the_one_that_was_chosen() -> None:
    x = np.zeros(1, np.float32)
    for rule, expected in (("left", 0.0), ("right", 1.0), ("middle", 0.5), (0.25, 0.25)):
        assert gradients(nlk.function(nl.relu.at_kink(rule)), x)[0] == expected


@pytest.mark.parametrize("name", [n for n in NAMES if nl.get(n).parameters])
def test_gradients_by_parameters(name: str) -> None:
    f, x = nl.get(name), X.astype(float)
    for p in f.parameters:
        value = np.array(p.default * 1.25 or 0.5, np.float32)
        if abs(value) < 1e-2:
            value = np.array(0.5, np.float32)
        by_x, by_p = gradients(lambda x, v, p=p: nlk.function(name)(x, **{p.name: v}), X, value)
        given = {p.name: float(value)}
        assert_near(by_x, f.grad(x, **given), digits=2e-5)
        assert_near(by_p, f.param_grad(x, p.name, **given).sum(), digits=1e-4, floor=1e-4)


@pytest.mark.parametrize("name", ["gelu", "mish", "tanh", "swish", "softplus", "elu"])
def test_second_derivatives(name: str) -> None:
    assert_near(
        second(nlk.function(name), X), nl.get(name).derivative(2)(X.astype(float)), digits=1e-4, floor=1e-5
    )


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_halves_are_computed_wide_and_rounded_once(dtype: str) -> None:
    x = keras.ops.cast(X, dtype)
    got = nlk.mish(x)
    assert keras.backend.standardize_dtype(got.dtype) == dtype
    truth = keras.ops.cast(nl.mish(array(keras.ops.cast(x, "float32")).astype(float)), dtype)
    assert (array(keras.ops.cast(got, "float32")) != array(keras.ops.cast(truth, "float32"))).sum() <= 2


def test_integers_become_floats() -> None:
    got = nlk.sigmoid(np.array([0, 1]))
    assert keras.backend.standardize_dtype(got.dtype) == keras.config.floatx()
    assert_near(array(got), nl.sigmoid(np.array([0.0, 1.0])))


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_an_infinite_element_wins(name: str) -> None:
    assert_near(array(nlk.function(name)(np.float32([INF, 0, 1]))), nl.get(name)(np.array([INF, 0, 1])))


PARTS: dict[str, dict[str, float]] = {"group_norm": {"groups": 2}, "maxout": {"k": 2}}
ROWS = [name for name in nl.names() if nl.get(name).card.kind == "rowwise"]


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("axis", [0, (0, 2)])
def test_rows(name: str, axis: Any) -> None:
    if name == "maxout" and axis == (0, 2):
        with pytest.raises(InvalidInput, match="works along one axis, not 2"):
            nlk.maxout(np.ones((4, 5, 6), np.float32), axis=axis)
        return
    rng, f, given = np.random.default_rng(0), nl.get(name), PARTS.get(name, {})
    z = rng.normal(size=(4, 5, 6)).astype(np.float32)
    wide, names = z.astype(float), [p.name for p in f.parameters if p.name != f.card.rows[1]]
    values = [np.float32(f.card.defaults[n] * 0.7) for n in names]
    given = {**given, **dict(zip(names, map(float, values), strict=True))}
    truth = f(wide, axis=axis, **given)
    g = rng.normal(size=truth.shape).astype(np.float32)

    def ours(z: Any, *values: Any) -> Any:
        told = {**given, **dict(zip(names, values, strict=True))}
        return keras.ops.multiply(nlk.function(name)(z, axis=axis, **told), g)

    assert_near(array(once(ours)(z, *values)), truth * g, digits=1e-5, floor=2e-6)
    by_z, *by_parameters = gradients(ours, z, *values)
    assert_near(by_z, f.vjp(wide, g.astype(float), axis=axis, **given), digits=1e-4, floor=1e-5)
    for n, got in zip(names, by_parameters, strict=True):
        change = (g * f.param_grad(wide, n, axis=axis, **given)).sum()
        assert_near(got, change, digits=1e-4, floor=1e-4)


@pytest.mark.parametrize(
    "name", ["softmin", "hardmax", "sparsemax", "entmax15", "layer_norm", "rms_norm", "winner_take_all"]
)
def test_hard_rows(name: str) -> None:
    rows = np.float32([[0.5, 0.3, -INF, 0], [INF, 1, 2, 3], [np.nan, 1, 2, 3], [7, 7, 7, 7]])
    np.testing.assert_allclose(array(nlk.function(name)(rows)), nl.get(name)(rows), rtol=2e-6, atol=5e-7)


def test_second_derivatives_of_a_row() -> None:
    z, step, eye = np.float32([[0.5, -1.0, 2.0]]), 1e-6, np.eye(3)
    f = nl.layer_norm

    def slope(z: Any) -> Any:
        return f.vjp(z, 2 * f(z))

    wide = z.astype(float)
    numerical = sum((slope(wide + step * e) - slope(wide - step * e)) / (2 * step) for e in eye)
    assert_near(second(lambda t: nlk.layer_norm(t) * nlk.layer_norm(t), z), numerical, floor=1e-4)


GATED = [name for name in nl.names() if nl.get(name).card.kind == "gated"]


@pytest.mark.parametrize("name", GATED)
def test_gated(name: str) -> None:
    f, rng = nl.get(name), np.random.default_rng(0)
    x, gate = (rng.normal(size=(5, 6)).astype(np.float32) * 3 for _ in range(2))
    wide = x.astype(float), gate.astype(float)
    names = [p.name for p in f.parameters]
    values = [np.float32(f.card.defaults[n] * 0.75) for n in names]
    given = dict(zip(names, map(float, values), strict=True))

    def ours(x: Any, gate: Any, *values: Any) -> Any:
        return nlk.function(name)(x, gate, **dict(zip(names, values, strict=True)))

    assert_near(array(once(ours)(x, gate, *values)), f(*wide, **given), digits=1e-5)
    got = gradients(ours, x, gate, *values)
    for one, truth in zip(got, f.grad(*wide, **given), strict=False):
        assert_near(one, truth, digits=1e-5, floor=3e-6)
    for one, n in zip(got[2:], names, strict=True):
        assert_near(one, f.param_grad(*wide, n, **given).sum(), digits=1e-4, floor=1e-4)
    for order in ("last", "first", "interleaved"):
        for axis in (0, -1):
            z = x[:4]
            truth = f(z.astype(float), axis=axis, gate=order)
            assert_near(array(nlk.function(name)(z, axis=axis, gate=order)), truth, digits=1e-5)
    limits = F32([INF, INF, 0, 1, np.nan]), F32([-INF, 2, INF, -INF, 1])
    assert_near(array(nlk.function(name)(*limits)), f(*limits))


F32 = np.float32


def test_a_gated_layer_takes_a_pair_or_splits(tmp_path: Path) -> None:
    x, gate = keras.Input((4, 6)), keras.Input((4, 1))
    made = nlk.layer("swiglu", learnable=["beta"], channel_axis=-1)
    model = keras.Model([x, gate], [made([x, gate]), nlk.geglu(x, gate), nlk.layer("glu", axis=1)(x)])
    assert [o.shape for o in model.outputs] == [(None, 4, 6), (None, 4, 6), (None, 2, 6)]
    assert made.trainable_variables[0].shape == (6,)
    made.trainable_variables[0].assign(np.arange(6.0))
    model.save(tmp_path / "model.keras")
    values, gates = X[:48].reshape(2, 4, 6), X[90:98].reshape(2, 4, 1)
    for one in (model, keras.saving.load_model(tmp_path / "model.keras")):
        a, b, c = map(array, one([values, gates]))
        wide = values.astype(float), gates.astype(float)
        assert_near(a, nl.swiglu(*wide, beta=np.arange(6.0)), digits=1e-5)
        assert_near(b, nl.geglu(*wide), digits=1e-5)
        assert_near(c, nl.glu(wide[0], axis=1), digits=1e-5)
    with pytest.raises(InvalidInput, match=r"takes \[value, gate\] or one tensor, not a list of 3"):
        nlk.layer("glu")([values] * 3)


# --- Noise ----------------------------------------------------------------------------------------------------


def test_random_slopes_lie_between_and_are_kept_by_the_gradient() -> None:
    x = np.full(4000, -2.0, F32)
    y = array(nlk.rrelu(x, seed=3, lower=0.1, upper=0.3))
    slopes = y / x
    assert slopes.min() > 0.09999
    assert slopes.max() < 0.30001
    assert abs(slopes.mean() - 0.2) < 0.005
    by_x, by_lower = gradients(lambda t, a: nlk.rrelu(t, seed=3, lower=a, upper=0.3), x, np.array(0.1, F32))
    assert_near(by_x, slopes)
    noise = slopes.astype(float)
    wanted = nl.rrelu.param_grad(x.astype(float), "lower", noise=noise, lower=0.1, upper=0.3).sum()
    assert_near(by_lower, wanted, digits=1e-4)
    assert_near(array(nlk.rrelu(x, noise=noise)), nl.rrelu(x.astype(float), noise=noise))
    assert_near(array(nlk.rrelu(x)), nl.rrelu(x))
    again = keras.random.SeedGenerator(3)
    assert not np.array_equal(array(nlk.rrelu(x, seed=again)), array(nlk.rrelu(x, seed=again)))


def test_random_rows_are_samples_with_a_straight_gradient() -> None:
    z = np.log(np.tile(F32([[0.7, 0.2, 0.1]]), (20000, 1)))
    hard = array(nlk.gumbel_softmax(z, seed=5, hard=True))
    assert set(np.unique(hard)) == {0.0, 1.0}
    assert (hard.sum(-1) == 1).all()
    np.testing.assert_allclose(hard.mean(0), [0.7, 0.2, 0.1], atol=0.015)
    noise = np.random.default_rng(0).gumbel(size=(4, 5))
    z, g = (np.random.default_rng(s).normal(size=(4, 5)).astype(F32) for s in (1, 2))
    wide, f = z.astype(float), nl.gumbel_softmax
    for axis in (0, 1):
        for is_hard in (False, True):
            given = {"noise": noise, "axis": axis, "hard": is_hard, "temperature": 0.7}
            assert_near(array(nlk.gumbel_softmax(z, **given)), f(wide, **given), digits=1e-5)
            by_z, by_t = gradients(
                lambda z, t, axis=axis, is_hard=is_hard: keras.ops.multiply(
                    nlk.gumbel_softmax(z, noise=noise, axis=axis, hard=is_hard, temperature=t), g
                ),
                z,
                np.array(0.7, F32),
            )
            told = {"noise": noise, "axis": axis, "temperature": 0.7}
            assert_near(by_z, f.vjp(wide, g, **told), digits=1e-4, floor=1e-5)
            assert_near(by_t, (g * f.param_grad(wide, "temperature", **told)).sum(), digits=1e-4, floor=1e-5)
    assert np.isnan(array(nlk.gumbel_softmax(F32([np.nan, 1]), noise=np.zeros(2), hard=True))).all()


def test_layers_draw_in_training_alone() -> None:
    x = np.full((50, 6), -1.0, F32)
    rrelu, gumbel = nlk.layer("rrelu", seed=1), nlk.layer("gumbel_softmax", seed=1, temperature=0.5)
    assert_near(array(rrelu(x)), nl.rrelu(x))
    drawn = array(rrelu(x, training=True))
    assert -1 / 3 <= drawn.min() < drawn.max() <= -1 / 8
    assert not np.array_equal(drawn, array(rrelu(x, training=True)))
    assert np.array_equal(drawn, array(nlk.layer("rrelu", seed=1)(x, training=True)))
    assert_near(array(gumbel(x)), np.full((50, 6), 1 / 6))
    assert array(gumbel(x, training=True)).std() > 0.05
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(6), rrelu, gumbel])
    model.compile("adam", loss="mse")
    model.fit(x, x, epochs=2, verbose=0)


# --- Layers ---------------------------------------------------------------------------------------------------


@nl.activation
def rippled(x: Any, a: float = 1.0, b: float = 0.2) -> Any:
    """SiLU of sharpness a, with a ripple of height b."""
    return x * nl.sigmoid(a * x) + b * nl.sin(2 * x)


def test_every_name_makes_a_layer_that_is_stored_and_loaded(tmp_path: Path) -> None:
    inputs = keras.Input((6,))
    made = {name: nlk.layer(name)(inputs) for name in nl.names()}
    model, x = keras.Model(inputs, made), X[:60].reshape(10, 6)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    got, again = model(x), loaded(x)
    for name, symbolic in made.items():
        f = nl.get(name)
        assert np.array_equal(array(again[name]), array(got[name])), name
        noise = {"noise": np.zeros(x.shape)} if name == "gumbel_softmax" else {}
        truth = f(x.astype(float), **noise)
        assert symbolic.shape == (None, *truth.shape[1:]), name
        np.testing.assert_allclose(array(got[name]), truth, rtol=1e-5, atol=2e-6, err_msg=name)


def test_every_name_is_a_function_that_a_layer_can_be_given(tmp_path: Path) -> None:
    names = [n for n in nl.names() if n != "gumbel_softmax"]  # which needs a seed
    layers = [keras.layers.Activation(getattr(nlk, name)) for name in names]
    inputs = keras.Input((6,))
    model, x = keras.Model(inputs, [layer(inputs) for layer in layers]), X[:24].reshape(4, 6)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for name, one, other in zip(names, model(x), loaded(x), strict=True):
        assert np.array_equal(array(one), array(other)), name
        np.testing.assert_allclose(
            array(one), nl.get(name)(x.astype(float)), rtol=1e-5, atol=2e-6, err_msg=name
        )


def test_learned_values_options_and_functions_are_stored_too(tmp_path: Path) -> None:
    model = keras.Sequential([
        keras.Input((4, 3)),
        keras.layers.Dense(5, activation=nlk.mish),
        nlk.layer("prelu", channel_axis=-1, name="slopes"),
        nlk.layer("swish", learnable=["beta"], channel_axis=1, beta=1.5),
        nlk.layer(nl.leaky_relu.bind(negative_slope=0.3)),
        nlk.layer(nl.relu.at_kink("right")),
        nlk.layer("softmax", axis=1, learnable=["temperature"], temperature=2.0),
        nlk.layer("layer_norm", axis=(1, 2), eps=0.1),
        nlk.layer("swiglu", axis=1, gate="interleaved", learnable=["beta"], channel_axis=1),
        nlk.layer("rrelu", seed=3, lower=0.2),
        nlk.layer("gumbel_softmax", axis=1, hard=True, seed=4),
    ])  # fmt: skip
    for weight in model.trainable_variables:
        weight.assign(np.random.default_rng(0).uniform(0.1, 0.9, weight.shape))
    model.save(tmp_path / "model.keras")
    loaded, x = (
        keras.saving.load_model(tmp_path / "model.keras"),
        np.random.default_rng(1).normal(size=(2, 4, 3)),
    )
    assert np.array_equal(array(loaded(x)), array(model(x)))
    shapes = [w.shape for w in loaded.trainable_variables]
    assert shapes == [(3, 5), (5,), (5,), (4,), (), (2,)]
    for before, after in zip(model.layers, loaded.layers, strict=True):
        assert after.get_config() == before.get_config()
    assert loaded.layers[4].activation.card.kink_rule == "right"
    assert loaded.layers[3].values == {"negative_slope": 0.3}
    assert loaded.get_layer("slopes").get_config() == model.get_layer("slopes").get_config()


def test_a_persons_own_activation_is_loaded_by_its_name(tmp_path: Path) -> None:
    model, x = (
        keras.Sequential([keras.Input((3,)), nlk.layer(rippled, learnable=["a"], b=0.5)]),
        X[:9].reshape(3, 3),
    )
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", custom_objects={"rippled": rippled})
    assert np.array_equal(array(loaded(x)), array(model(x)))
    with pytest.raises(Exception, match=r"load it with custom_objects=\{'rippled': rippled\}"):
        keras.saving.load_model(tmp_path / "model.keras")


def test_symbolic_tensors_become_layers() -> None:
    inputs = keras.Input((4,))
    model = keras.Model(inputs, nlk.softmax(nlk.swish(inputs, beta=2.0), axis=-1))
    x = X[:12].reshape(3, 4)
    assert_near(array(model(x)), nl.softmax(nl.swish(x.astype(float), beta=2.0)), digits=1e-5)
    with pytest.raises(UnknownParameter, match="Did you mean 'beta'"):
        nlk.swish(inputs, betta=2.0)


def test_a_mixed_policy_keeps_learned_values_wide() -> None:
    layer = nlk.layer("prelu", channel_axis=-1, dtype="mixed_bfloat16", weight=0.2001953)
    y = layer(np.full((1, 3), -3.0, np.float32))
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"
    assert [w.dtype for w in layer.trainable_variables] == ["float32"]
    assert array(layer.trainable_variables[0])[0] == np.float32(0.2001953)
    symbolic = layer(keras.Input((3,)))
    assert symbolic.dtype == "bfloat16"


def test_a_planted_parameter_of_each_channel_is_found_by_fit() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.4, 2, 8), rng.normal(size=8) * 0.5
    x = rng.normal(size=(512, 8)).astype(np.float32) * 2
    y = x / (1 + np.exp(-a * x)) + b * np.sin(2 * x)
    model = keras.Sequential([keras.Input((8,)), nlk.layer(rippled, learnable=["a", "b"], channel_axis=-1)])
    model.compile(keras.optimizers.Adam(0.05), loss="mse")
    history = model.fit(x, y.astype(np.float32), batch_size=128, epochs=40, verbose=0).history["loss"]
    assert history[-1] < 1e-2 * history[0]
    learned = {w.name: array(w) for w in model.trainable_variables}
    np.testing.assert_allclose(learned["a"], a, atol=0.05)
    np.testing.assert_allclose(learned["b"], b, atol=0.02)


# --- Refusals -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nlk.layer("gelo"), UnknownActivation, "Did you mean 'gelu'"),
        (lambda: nlk.gelo, AttributeError, "Did you mean 'gelu'"),
        (lambda: nlk.layer("swish", betta=1), UnknownParameter, "Did you mean 'beta'"),
        (lambda: nlk.layer("swish", learnable=["b"]), UnknownParameter, "It has: beta"),
        (lambda: nlk.layer("relu", channel_axis=-1), InvalidInput, "channel_axis=-1 needs a parameter"),
        (lambda: nlk.layer("relu", axis=-1), InvalidInput, "takes no axis=-1"),
        (lambda: nlk.layer("softmax", channel_axis=1), InvalidInput, "takes no channel_axis=1"),
        (lambda: nlk.layer("swish", beta="big"), InvalidInput, "beta='big' of swish must be a number"),
        (lambda: nlk.layer("prelu", channel_axis=3)(X[:4].reshape(2, 2)), InvalidInput, "learns along axis 3"),
        (lambda: nlk.softmax(X, axis=1), InvalidInput, "softmax has no axis=1"),
        (lambda: nlk.layer("relu", gate="last"), InvalidInput, "takes no gate=last"),
        (lambda: nlk.layer("glu", gate="lst"), InvalidInput, "gate='lst' is no order"),
        (lambda: nlk.layer("glu", axis=(0, 1)), InvalidInput, "works along one axis"),
        (lambda: nlk.layer("softmax", seed=1), InvalidInput, "takes no seed=1"),
        (lambda: nlk.layer("rrelu", seed="a"), InvalidInput, "a whole number, not seed='a'"),
        (lambda: nlk.layer("maxout", learnable=["k"]), InvalidInput, "k counts, so it cannot be learned"),
        (lambda: nlk.glu(X[:3]), InvalidInput, "its length 3 is odd"),
        (lambda: nlk.maxout(X[:6], k=4), InvalidInput, "cannot be cut into blocks of 4"),
        (lambda: nlk.softmax(X[:4].reshape(2, 2), temperature=X[:4].reshape(2, 2)), InvalidInput, "varies along"),
        (lambda: nlk.gumbel_softmax(X), InvalidInput, "gumbel_softmax draws noise: give seed=, or noise="),
        (lambda: nlk.gumbel_softmax(X, seed=1, noise=X), InvalidInput, "not both"),
        (lambda: nlk.gumbel_softmax(X, seed=1, temperature=0), InvalidInput, "not above 0"),
        (lambda: nlk.rrelu(X, seed=1, lower=0.5), InvalidInput, "lower=0.5 is above upper"),
        (lambda: nlk.function(3), InvalidInput, "3 is no activation"),
        (lambda: nlk.gelu(np.array([1j])), InvalidInput, "real numbers"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_without_tensorflow_one_line_says_what_to_set() -> None:
    if find_spec("tensorflow"):
        pytest.skip("TensorFlow is installed")
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow"}
    program = [sys.executable, "-c", "import nonlin.keras"]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    assert "set KERAS_BACKEND=jax or KERAS_BACKEND=torch" in done.stderr.splitlines()[-1]


# --- The other backend ----------------------------------------------------------------------------------------


@pytest.mark.skipif(INNER in os.environ, reason="this is the other process")
def test_all_of_it_once_more_on_the_other_backend(tmp_path: Path) -> None:
    other = "torch" if BACKEND == "jax" else "jax"
    if not find_spec(other):
        pytest.skip(f"{other} is not installed")
    layers = [keras.layers.Dense(4, activation=nlk.gelu), nlk.layer("prelu"), nlk.layer("softmax", axis=-1)]
    layers += [nlk.layer("swiglu"), nlk.layer("rrelu", seed=1), nlk.layer("rms_norm")]
    model, x = keras.Sequential([keras.Input((3,)), *layers]), X[:9].reshape(3, 3)
    model.save(tmp_path / "model.keras")
    np.savez(tmp_path / "data.npz", x=x, y=array(model(x)))
    environment = {**os.environ, "KERAS_BACKEND": other, INNER: str(tmp_path), "OMP_NUM_THREADS": "1"}
    program = [sys.executable, "-m", "pytest", __file__, "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.skipif(INNER not in os.environ, reason="it runs in the other process")
def test_a_model_stored_by_another_process_on_the_other_backend_is_loaded() -> None:
    folder = Path(os.environ[INNER])
    model, data = keras.saving.load_model(folder / "model.keras"), np.load(folder / "data.npz")
    assert_near(array(model(data["x"])), data["y"], digits=1e-5)
    names = [layer.activation.name for layer in model.layers[1:]]
    assert names == ["prelu", "softmax", "swiglu", "rrelu", "rms_norm"]


def test_a_layer_of_a_dialect_that_has_the_gate_first_is_stored_with_its_order(tmp_path: Path) -> None:
    f = nl.get("SwiGLU", dialect="onnx", alpha=1.5)
    a, b = (np.random.default_rng(s).normal(size=(2, 6)).astype(np.float32) for s in (1, 2))
    wanted = nl.swiglu(b, a, beta=1.5)
    assert_near(array(nlk.function(f)(a, b)), wanted, digits=1e-5)
    assert_near(array(nlk.function(f)(np.concatenate([a, b], -1))), wanted, digits=1e-5)
    gate, x = keras.Input((6,)), keras.Input((6,))
    made = nlk.layer(f, learnable=["alpha"], channel_axis=-1)
    model = keras.Model([gate, x], made([gate, x]))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    for one in (model, again, keras.Model([gate, x], nlk.function(f)(gate, x))):
        assert_near(array(one([a, b])), wanted, digits=1e-5)
