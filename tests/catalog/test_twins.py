"""The same functions in other libraries: PyTorch's and SciPy's, called as the catalog says."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.vocabulary import Twin

X = np.concatenate([np.linspace(-6, 6, 241), [-3, 3, 0, 6, 1e-8, -1e-8, 15.0, -15.0]])


KINKED = (
    "relu", "relu6", "leaky_relu", "prelu", "elu", "selu", "celu", "hard_sigmoid", "hard_swish", "hard_tanh", "clip",
    "threshold", "thresholded_relu", "soft_shrink", "hard_shrink", "sign",
)  # fmt: skip
NEAR = {"hard_sigmoid": 1e-7}  # PyTorch's sixth is a float32


def function(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def having(library: str) -> list[str]:
    return [
        n
        for n in nl.names()
        if library in nl.get(n).definition.twins and nl.get(n).card.kind == "elementwise"
    ]


def in_torch(name: str, x: Any) -> Any:
    import torch

    twin = nl.get(name).definition.twins["torch"]
    native = function(twin)
    arguments = dict(getattr(twin, "arguments", {}))
    if name == "identity":
        return native()(x)
    return native(x, torch.tensor([0.25], dtype=x.dtype)) if name == "prelu" else native(x, **arguments)


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("threshold", {"threshold": -0.7, "default_value": 3.0}, {"threshold": -0.7, "value": 3.0}),
        ("thresholded_relu", {"alpha": 0.3}, {"threshold": 0.3, "value": 0.0}),
        ("hard_tanh", {"min_val": -0.25, "max_val": 2.0}, {"min_val": -0.25, "max_val": 2.0}),
        ("clip", {"min": -0.25, "max": 2.0}, {"min": -0.25, "max": 2.0}),
        ("soft_shrink", {"lambd": 1.3}, {"lambd": 1.3}),
        ("hard_shrink", {"lambd": 1.3}, {"lambd": 1.3}),
        ("shrink", {"lambd": 1.3, "bias": 1.3}, {"lambd": 1.3}),
    ],
)
def test_other_parameters_mean_what_they_do_in_pytorch(name: str, ours: Any, theirs: Any) -> None:
    torch = pytest.importorskip("torch")
    path = "torch.nn.functional.softshrink" if name == "shrink" else nl.get(name).definition.twins["torch"]
    leaf = torch.tensor(np.append(X, list(ours.values())), requires_grad=True)
    value = function(path)(leaf, **theirs)
    value.sum().backward()
    f, x = nl.get(name), leaf.detach().numpy()
    assert np.allclose(f(x, **ours), value.detach().numpy(), rtol=1e-14, atol=0)
    assert np.array_equal(f.grad(x, **ours), leaf.grad.numpy())


@pytest.mark.parametrize("name", having("torch"))
def test_values_and_slopes_agree_with_pytorch(name: str) -> None:
    torch = pytest.importorskip("torch")
    leaf = torch.tensor(X, requires_grad=True)
    value = in_torch(name, leaf)
    value.sum().backward()
    f = nl.get(name)
    assert np.allclose(
        f(X), value.detach().numpy(), rtol=1e-9, atol=3e-9
    )  # softplus: its threshold leaves 2e-9
    assert np.allclose(f.grad(X), leaf.grad.numpy(), rtol=NEAR.get(name, 1e-9), atol=3e-9)


def test_parameters_that_a_framework_alone_has_mean_what_they_do_there() -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.nn.functional.softplus(torch.tensor(X), beta=2.5, threshold=200.0).numpy()
    assert np.allclose(nl.get("softplus_beta")(X, beta=2.5), theirs, rtol=1e-13, atol=0)
    assert np.allclose(nl.get("sine")(X), np.sin(X), rtol=1e-15, atol=0)
    assert np.allclose(nl.get("sine")(X, omega=30.0), np.sin(30 * X), rtol=1e-11, atol=1e-14)


def test_a_snake_at_frequency_0_is_a_line_and_has_a_gradient() -> None:
    f, x = nl.get("snake"), np.linspace(-3, 3, 7)
    assert np.array_equal(f(x, alpha=0.0), x)
    assert np.array_equal(f.grad(x, alpha=0.0), np.ones(7))
    assert np.array_equal(f.param_grad(x, "alpha", alpha=0.0), x**2)
    assert np.allclose(f(x, alpha=1e-12), x + 1e-12 * x**2, rtol=1e-15, atol=0)


@pytest.mark.parametrize("name", KINKED)
def test_slopes_at_kinks_are_pytorchs(name: str) -> None:
    torch = pytest.importorskip("torch")
    kinks = np.array([-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0])
    leaf = torch.tensor(kinks, requires_grad=True)
    in_torch(name, leaf).sum().backward()
    assert np.allclose(nl.get(name).grad(kinks), leaf.grad.numpy(), rtol=1e-7, atol=0), name


@pytest.mark.parametrize("name", having("scipy"))
def test_values_agree_with_scipy(name: str) -> None:
    native = function(nl.get(name).definition.twins["scipy"])
    assert np.allclose(nl.get(name)(X), native(X), rtol=1e-14, atol=0)


def test_numpys_tanh() -> None:
    assert np.allclose(nl.tanh(X), np.tanh(X), rtol=1e-15, atol=0)


def test_every_twin_that_is_installed_exists() -> None:
    for name in nl.names():
        for library, twin in nl.get(name).definition.twins.items():
            if library in ("torch", "scipy", "numpy"):
                assert callable(function(twin)), (name, twin)


def test_a_twin_is_a_path_with_arguments() -> None:
    twin = Twin("torch.nn.functional.gelu", approximate="tanh")
    assert twin == "torch.nn.functional.gelu"
    assert twin.arguments == {"approximate": "tanh"}
    assert Twin("torch.tanh").arguments == {}
