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
@pytest.mark.parametrize("axis", [0, -1])
def test_rows(name: str, axis: int) -> None:
    rng = np.random.default_rng(0)
    z, g = (rng.normal(size=(4, 5)).astype(np.float32) for _ in range(2))
    f, wide = nl.get(name), z.astype(float)

    def ours(z: Any, t: Any) -> Any:
        return keras.ops.multiply(nlk.function(name)(z, axis=axis, temperature=t), g)

    assert_near(array(once(ours)(z, np.float32(0.5))), f(wide, axis=axis, temperature=0.5) * g, floor=1e-6)
    assert_near(array(nlk.function(name)(z, axis=axis)), f(wide, axis=axis), floor=1e-6)
    by_z, by_t = gradients(ours, z, np.float32(0.7))
    assert_near(by_z, f.vjp(wide, g.astype(float), axis=axis, temperature=0.7), floor=2e-6)
    change = f.param_grad(wide, "temperature", axis=axis, temperature=0.7)
    assert_near(by_t, (g * change).sum(), digits=1e-4, floor=1e-5)
    assert_near(array(nlk.function(name)(np.float32([INF, 0, 1]))), f(np.array([INF, 0, 1])))


# --- Layers ---------------------------------------------------------------------------------------------------


@nl.activation
def rippled(x: Any, a: float = 1.0, b: float = 0.2) -> Any:
    """SiLU of sharpness a, with a ripple of height b."""
    return x * nl.sigmoid(a * x) + b * nl.sin(2 * x)


def test_every_name_makes_a_layer_that_is_stored_and_loaded(tmp_path: Path) -> None:
    names = nlk.functional.names()
    inputs = keras.Input((6,))
    outputs = keras.layers.Concatenate()([nlk.layer(name)(inputs) for name in names])
    model, x = keras.Model(inputs, outputs), X[:60].reshape(10, 6)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert np.array_equal(array(loaded(x)), array(model(x)))
    whole = np.concatenate([nl.get(n)(x.astype(float)) for n in names], -1)
    assert_near(array(model(x)), whole, digits=1e-5, floor=1e-6)


def test_learned_values_options_and_functions_are_stored_too(tmp_path: Path) -> None:
    model = keras.Sequential([
        keras.Input((4, 3)),
        keras.layers.Dense(5, activation=nlk.mish),
        nlk.layer("prelu", channel_axis=-1, name="slopes"),
        nlk.layer("swish", learnable=["beta"], channel_axis=1, beta=1.5),
        nlk.layer(nl.leaky_relu.bind(negative_slope=0.3)),
        nlk.layer(nl.relu.at_kink("right")),
        nlk.layer("softmax", axis=1, learnable=["temperature"], temperature=2.0),
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
    assert shapes == [(3, 5), (5,), (5,), (4,), ()]
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
    assert [layer.activation.name for layer in model.layers[1:]] == ["prelu", "softmax"]
