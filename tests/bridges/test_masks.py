"""Masked rows in PyTorch, JAX and Keras: as in NumPy, in value and gradients, whatever is hidden."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput

torch = pytest.importorskip("torch")

import nonlin.torch as nlt  # noqa: E402

inf, nan = np.inf, np.nan
GIVEN: dict[str, dict[str, float]] = {
    name: {"group_norm": {"groups": 2.0}, "maxout": {"k": 2.0}}.get(name, {})
    for name in nl.names()
    if nl.get(name).card.kind == "rowwise"
}
RANDOM = np.random.default_rng(0)
Z, G = RANDOM.normal(scale=2, size=(2, 3, 4, 6))
MASK = RANDOM.random((3, 4, 6)) < 0.6
MASK[0, 0], MASK[1, 1], MASK[2, 2] = False, True, [True, *[False] * 5]
HIDDEN = np.where(MASK, Z, np.resize([nan, inf, -inf, 1e30], Z.shape))
AXES = [-1, 0, (0, 2)]


def told(name: str, axis: Any) -> tuple[Any, Any, Any, Any]:
    """Return value, upstream gradient, pullback and derivatives by parameters in NumPy."""
    f, given = nl.get(name), GIVEN[name]
    if name in ("maxout", "group_norm") and axis != -1:
        pytest.skip("cut along the last axis")
    value = f(HIDDEN, axis=axis, where=MASK, **given)
    g = np.resize(G, value.shape)
    change = {
        p.name: (g * f.param_grad(HIDDEN, p.name, axis=axis, where=MASK, **given)).sum()
        for p in f.parameters
        if p.name != f.card.rows[1]
    }
    return value, g, f.vjp(HIDDEN, g, axis=axis, where=MASK, **given), change


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("name", GIVEN)
@pytest.mark.parametrize("spelled", [False, True])
def test_tensors(name: str, axis: Any, spelled: bool) -> None:
    value, g, pulled, change = told(name, axis)
    z = torch.tensor(HIDDEN, requires_grad=True)
    values = {
        n: torch.tensor(nl.get(name).card.defaults[n], dtype=torch.float64, requires_grad=True)
        for n in change
    }

    def f(z: Any, mask: Any, *given: Any) -> Any:
        return getattr(nlt.functional, name)(
            z, dim=axis, where=mask, **GIVEN[name], **dict(zip(values, given, strict=True))
        )

    if spelled:  # as transforms and other devices have it
        once = torch.func.vmap(f, (0, 0, *[None] * len(values)))
        y = once(z[None], torch.tensor(MASK)[None], *values.values())[0] if axis != 0 else None
        if y is None:
            pytest.skip("a batch dimension comes first")
    else:
        y = f(z, torch.tensor(MASK), *values.values())
    np.testing.assert_allclose(y.detach(), value, rtol=1e-13, atol=1e-14)
    got = torch.autograd.grad(y, [z, *values.values()], torch.tensor(g), materialize_grads=True)
    np.testing.assert_allclose(got[0], pulled, rtol=1e-11, atol=1e-12)
    for one, truth in zip(got[1:], change.values(), strict=True):
        assert one.item() == pytest.approx(truth, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("name", GIVEN)
def test_two_derivatives_and_compilers_in_pytorch(name: str) -> None:
    z = torch.tensor(np.where(MASK, Z, 0.5)[:2, :2], requires_grad=True)
    mask = torch.tensor(MASK[:2, :2])

    def f(t: Any) -> Any:
        y = getattr(nlt.functional, name)(t, dim=-1, where=mask, **GIVEN[name])
        return torch.where(torch.isfinite(y), y, 0.0)  # -inf of what log_softmax and maxout hide

    assert torch.autograd.gradcheck(f, z)
    if name != "hardmax":
        assert torch.autograd.gradgradcheck(f, z)
    module = nlt.module(name, dim=-1, **GIVEN[name])
    torch._dynamo.reset()
    compiled = torch.compile(module, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(z, mask), module(z, where=mask))
    torch._dynamo.reset()


def test_the_kernels_are_used_and_masks_broadcast() -> None:
    z, mask = torch.tensor(Z, requires_grad=True), torch.tensor([True, True, False, True, False, True])
    y = nlt.functional.softmax(z, where=mask)
    assert type(y.grad_fn).__name__ == "RowsOnKernelsBackward"
    np.testing.assert_array_equal(y.detach(), nl.softmax(Z, where=mask.numpy()))
    np.testing.assert_array_equal(
        nlt.functional.softmax(z.detach(), where=mask.tolist()), nl.softmax(Z, where=mask.numpy())
    )
    half = z.detach().bfloat16()
    assert nlt.functional.softmax(half, where=mask).dtype == torch.bfloat16


def test_a_causal_mask_of_attention_gives_the_weights_of_pytorchs_own() -> None:
    scores = torch.randn(2, 5, 5, generator=torch.Generator().manual_seed(0))
    causal = torch.ones(5, 5, dtype=torch.bool).tril()
    expected = scores.masked_fill(~causal, -inf).softmax(-1)
    torch.testing.assert_close(nlt.module("softmax")(scores, where=causal), expected)
    nothing = nlt.functional.softmax(scores, where=torch.zeros(5, dtype=torch.bool))
    assert torch.equal(nothing, torch.zeros(2, 5, 5))  # pytorch#55056 is NaN


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("name", GIVEN)
def test_jax(name: str, axis: Any) -> None:
    jax = pytest.importorskip("jax")
    import nonlin.jax as nlj

    value, g, pulled, change = told(name, axis)

    def f(z: Any, mask: Any, *given: Any) -> Any:
        return getattr(nlj, name)(
            z, axis=axis, where=mask, **GIVEN[name], **dict(zip(change, given, strict=True))
        )

    with jax.enable_x64(True):
        defaults = [nl.get(name).card.defaults[n] for n in change]
        got, pull = jax.vjp(lambda z, *given: f(z, MASK, *given), HIDDEN, *defaults)
        np.testing.assert_allclose(got, value, rtol=1e-13, atol=1e-14)
        by_z, *by_parameters = pull(jax.numpy.asarray(g))
        np.testing.assert_allclose(by_z, pulled, rtol=1e-11, atol=1e-12)
        for one, truth in zip(by_parameters, change.values(), strict=True):
            assert float(one) == pytest.approx(truth, rel=1e-10, abs=1e-12)
        np.testing.assert_allclose(jax.jit(f)(HIDDEN, MASK, *defaults), value, rtol=1e-13, atol=1e-14)


def test_jax_agrees_with_its_own_softmax_and_derives_twice_under_vmap() -> None:
    jax = pytest.importorskip("jax")
    import nonlin.jax as nlj

    seen = MASK.any(-1)
    ours = jax.vmap(lambda z, m: nlj.softmax(z, where=m))(Z, MASK)
    np.testing.assert_allclose(
        np.asarray(ours)[seen], np.asarray(jax.nn.softmax(Z, where=jax.numpy.asarray(MASK)))[seen], rtol=2e-6
    )
    twice = jax.hessian(lambda z: (nlj.softmax(z, where=MASK[0]) ** 2).sum())(HIDDEN[0].astype("f"))
    assert np.isfinite(np.asarray(twice)).all()


@pytest.mark.filterwarnings("ignore::DeprecationWarning:keras")
@pytest.mark.filterwarnings("ignore::UserWarning:keras")
@pytest.mark.parametrize("name", GIVEN)
def test_keras(name: str) -> None:
    os.environ.setdefault("KERAS_BACKEND", "jax" if find_spec("jax") else "torch")
    keras = pytest.importorskip("keras")
    import nonlin.keras as nlk

    value, *_ = told(name, -1)
    got = nlk.function(name)(HIDDEN.astype("f"), axis=-1, where=MASK, **GIVEN[name])
    np.testing.assert_allclose(keras.ops.convert_to_numpy(got), value, rtol=2e-5, atol=2e-6)
    z, mask = keras.Input((4, 6)), keras.Input((4, 6), dtype="bool")
    model = keras.Model([z, mask], nlk.function(name)(z, axis=-1, where=mask, **GIVEN[name]))
    got = model([HIDDEN.astype("f"), MASK])
    np.testing.assert_allclose(keras.ops.convert_to_numpy(got), value, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_masks_that_make_no_sense_are_refused(library: str) -> None:
    if library == "jax":
        pytest.importorskip("jax")
        import nonlin.jax as nlj

        softmax, one = nlj.softmax, np.ones
    else:
        softmax, one = nlt.functional.softmax, torch.ones
    with pytest.raises(
        InvalidInput, match="softmax: where= tells which elements take part, in booleans, not"
    ):
        softmax(one(2), where=[1, 0])
    with pytest.raises(InvalidInput, match=r"where= of shape \(3,\) does not broadcast to \(2,\)"):
        softmax(one(2), where=[True, True, False])
