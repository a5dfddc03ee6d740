"""Activations that draw noise, in PyTorch and JAX: as in NumPy with the same noise, from explicit generators."""

from __future__ import annotations

import copy
import math
import pickle
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InvalidInput

torch = pytest.importorskip("torch")

import nonlin.torch as nlt  # noqa: E402

F = nlt.functional
Z, G = np.random.default_rng(0).normal(size=(2, 4, 5))
SLOPES = np.random.default_rng(1).uniform(0.125, 1 / 3, (4, 5))
GUMBEL = np.random.default_rng(2).gumbel(size=(4, 5))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def tensors(*arrays: Any) -> list[torch.Tensor]:
    return [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]


# --- PyTorch -------------------------------------------------------------------------------------------------


def test_a_random_slope_with_noise_is_that_of_numpy_in_value_and_gradient() -> None:
    z, noise = torch.tensor(Z, requires_grad=True), torch.tensor(SLOPES)
    y = F.rrelu(z, noise=noise)
    np.testing.assert_array_equal(y.detach(), nl.rrelu(Z, noise=SLOPES))
    y.backward(torch.tensor(G))
    np.testing.assert_array_equal(z.grad, nl.rrelu.vjp(Z, G, noise=SLOPES))


@pytest.mark.parametrize("dim", [0, -1])
@pytest.mark.parametrize("hard", [False, True])
def test_random_rows_with_noise_are_those_of_numpy(dim: int, hard: bool) -> None:
    z, temperature = tensors(Z, 0.7)
    told = {"noise": GUMBEL, "axis": dim, "temperature": 0.7}
    y = F.gumbel_softmax(z, dim=dim, hard=hard, noise=torch.tensor(GUMBEL), temperature=temperature)
    np.testing.assert_allclose(
        y.detach(), nl.gumbel_softmax(Z, hard=hard, **told), rtol=1e-14, atol=0 if hard else 1e-17
    )
    y.backward(torch.tensor(G))
    np.testing.assert_allclose(z.grad, nl.gumbel_softmax.vjp(Z, G, **told), rtol=1e-12, atol=1e-15)
    change = nl.gumbel_softmax.param_grad(Z, "temperature", **told)
    assert temperature.grad.item() == pytest.approx((G * change).sum(), rel=1e-12)


def test_slopes_from_a_generator_are_even_between_both_and_the_gradient_has_the_same() -> None:
    x = torch.full((20000,), -1.0, requires_grad=True)
    lower, upper = tensors(0.1, 0.3)
    y = F.rrelu(x, generator=seeded(), lower=lower, upper=upper)
    slopes = -y.detach().double()
    assert 0.1 - 1e-7 < slopes.min() < 0.1001 < 0.2999 < slopes.max() < 0.3 + 1e-7
    assert slopes.std().item() == pytest.approx(0.2 / math.sqrt(12), rel=0.02)
    y.sum().backward()
    torch.testing.assert_close(x.grad.double(), slopes)
    place = (slopes - 0.1) / 0.2
    assert lower.grad.item() == pytest.approx(-(1 - place).sum().item(), rel=1e-5)
    assert upper.grad.item() == pytest.approx(-place.sum().item(), rel=1e-5)
    assert torch.equal(
        F.rrelu(x, generator=seeded(3)), F.rrelu(x, generator=seeded(3))
    )  # and no global state is touched
    state = torch.get_rng_state()
    F.rrelu(x, generator=seeded())
    assert torch.equal(state, torch.get_rng_state())


def test_hard_rows_from_a_generator_come_as_often_as_the_softmax_says() -> None:
    z = torch.log(torch.tensor([[0.7, 0.2, 0.1]])).repeat(20000, 1)
    y = F.gumbel_softmax(z, hard=True, generator=seeded())
    assert set(y.unique().tolist()) == {0.0, 1.0}
    torch.testing.assert_close(y.mean(0), torch.tensor([0.7, 0.2, 0.1]), atol=0.015, rtol=0)
    for dtype in (torch.float16, torch.bfloat16, torch.float64):
        assert F.gumbel_softmax(z.to(dtype), generator=seeded()).dtype == dtype
        assert F.rrelu(z.to(dtype), generator=seeded()).dtype == dtype
    assert torch.isnan(F.gumbel_softmax(torch.tensor([math.nan, 1]), hard=True, generator=seeded())).all()


def test_gumbel_numbers_follow_their_distribution() -> None:
    stats = pytest.importorskip("scipy.stats")
    u = torch.zeros(20000, 1).repeat(1, 2)
    y = F.gumbel_softmax(u.double(), generator=seeded())
    difference = torch.log(y[:, 0] / y[:, 1]).numpy()  # of two Gumbel numbers: logistic
    assert stats.kstest(difference, "logistic").pvalue > 1e-3


def test_without_a_generator_a_random_slope_is_the_mean_as_in_pytorchs_evaluation() -> None:
    x = torch.randn(50, generator=seeded())
    torch.testing.assert_close(F.rrelu(x), torch.nn.functional.rrelu(x, training=False))
    torch.testing.assert_close(nlt.module("rrelu").eval()(x), torch.nn.RReLU().eval()(x))


def test_modules_draw_in_training_alone() -> None:
    x = torch.full((3, 4), -1.0)
    module = nlt.module("rrelu", generator=seeded(1), lower=0.1, upper=0.3)
    drawn = module(x)
    assert not torch.equal(drawn, module(x))
    module.generator.manual_seed(1)
    assert torch.equal(drawn, module(x))
    torch.testing.assert_close(module.eval()(x), torch.full((3, 4), -0.2))
    rows = nlt.module("gumbel_softmax", dim=0, hard=True, temperature=0.5, generator=seeded())
    assert torch.equal(rows(x).sum(0), torch.ones(4))
    assert repr(rows) == "nonlin.gumbel_softmax(dim=0, hard=True, temperature=0.5)"
    z = torch.randn(3, 4)
    assert torch.equal(rows.eval()(z), torch.nn.functional.one_hot(z.argmax(0), 3).T.float())
    soft = nlt.module("gumbel_softmax", temperature=2.0).eval()
    torch.testing.assert_close(soft(z), torch.softmax(z / 2, -1))


def test_initial_weights_keep_the_mean_square_while_training() -> None:
    generator = seeded()
    layers = [torch.nn.Linear(512, 512), nlt.module("rrelu", lower=0.2, upper=0.9, generator=generator)]
    model = nlt.init_(torch.nn.Sequential(*layers), for_=layers[1], generator=generator)
    x = torch.randn(2000, 512, generator=generator)
    assert model(x).square().mean().item() == pytest.approx(1, rel=0.02)


def test_copies_draw_on_from_one_generator_and_a_pickle_from_its_state() -> None:
    x, module = torch.full((6,), -1.0), nlt.module("rrelu", generator=seeded(1))
    again = copy.deepcopy(module)
    assert again.generator is module.generator
    assert not torch.equal(again(x), module(x))
    stored = pickle.loads(pickle.dumps(module))
    assert torch.equal(stored(x), module(x))


def test_learned_bounds_get_their_gradients() -> None:
    module = nlt.module("rrelu", learnable=["lower", "upper"], generator=seeded())
    x = torch.randn(40)
    module(x).sum().backward()
    negative = x[x <= 0].sum()
    assert (module.lower.grad + module.upper.grad).item() == pytest.approx(negative.item(), rel=1e-5)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", ["rrelu", "gumbel_softmax"])
def test_compilers_transforms_and_export_take_noise_or_evaluation(name: str) -> None:
    x, noise = torch.tensor(Z).float(), torch.tensor(SLOPES).float()
    module = nlt.module(name, generator=seeded(5))
    torch._dynamo.reset()
    whole = torch.compile(module, fullgraph=True, backend="eager")
    torch.testing.assert_close(whole(x, noise), module(x, noise))
    torch._dynamo.reset()
    expected = nlt.module(name, generator=seeded(7))(x)
    module.generator.manual_seed(7)
    torch.testing.assert_close(torch.compile(module, backend="eager")(x), expected)  # in two graphs
    torch._dynamo.reset()
    torch.testing.assert_close(torch.func.vmap(module)(x, noise), module(x, noise))
    exported = torch.export.export(module.eval(), (x,), strict=False)
    torch.testing.assert_close(exported.module()(x), module(x))


def test_a_model_is_swapped_to_random_slopes_and_its_places_draw_apart() -> None:
    model = torch.nn.Sequential(torch.nn.RReLU(0.1, 0.2), torch.nn.Identity(), torch.nn.RReLU(0.1, 0.2))
    swapped = nlt.swap(model, {"RReLU": "rrelu"}).model
    assert swapped[0].values == {"lower": 0.1, "upper": 0.2}
    x = torch.full((5,), -1.0)
    with pytest.raises(
        InvalidInput, match=r"rrelu draws noise while training: say module\('rrelu', generator="
    ):
        swapped(x)
    torch.testing.assert_close(swapped.eval()(x), model.eval()(x))
    given = nlt.swap(model.train(), {"RReLU": nlt.module("rrelu", generator=seeded())}).model
    assert not torch.equal(given[0](x), given[2](x))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: F.gumbel_softmax(torch.ones(2)), "gumbel_softmax draws noise: give generator=, or noise="),
        (lambda: F.rrelu(torch.ones(2), generator=0), "generator=0 is no torch.Generator"),
        (lambda: F.rrelu(torch.ones(2), generator=seeded(), noise=torch.ones(2)), "not both"),
        (lambda: F.rrelu(torch.ones(2), lower=0.5), "lower=0.5 is above upper"),
        (lambda: F.gumbel_softmax(torch.ones(2), generator=seeded(), temperature=0), "not above 0"),
        (lambda: F.gumbel_softmax(torch.ones(2), generator=seeded(), dim=1), "no dimension dim=1"),
        (lambda: nlt.module("rrelu", generator=3), "generator=3 is no torch.Generator"),
        (lambda: nlt.module("rrelu", dim=1), "takes no dim=1"),
        (lambda: nlt.module("rrelu", channels=2), "takes no channels=2"),
        (lambda: nlt.module("relu", generator=seeded()), "relu draws nothing"),
        (lambda: nlt.module("glu", hard=True), "glu draws nothing, so it takes no hard=True"),
        (lambda: nlt.module("gumbel_softmax", dim=(0, 1)), "along one dimension"),
    ],
)  # fmt: skip
def test_refusals_are_one_line(call: Any, told: str) -> None:
    with pytest.raises(InvalidInput, match=told) as refused:
        call()
    assert "\n" not in str(refused.value)


# --- JAX -----------------------------------------------------------------------------------------------------


def test_jax_has_the_values_and_gradients_of_numpy() -> None:
    jax = pytest.importorskip("jax")
    import nonlin.jax as nlj

    with jax.enable_x64(True):
        value, pull = jax.vjp(jax.jit(lambda x, n: nlj.rrelu(x, noise=n)), Z, SLOPES)
        np.testing.assert_allclose(value, nl.rrelu(Z, noise=SLOPES), rtol=1e-15)
        np.testing.assert_allclose(pull(G)[0], nl.rrelu.vjp(Z, G, noise=SLOPES), rtol=1e-15)
        np.testing.assert_allclose(nlj.rrelu(Z), nl.rrelu(Z), rtol=1e-15)
        for axis in (0, -1):
            for hard in (False, True):

                def f(z: Any, t: Any, axis: int = axis, hard: bool = hard) -> Any:
                    return nlj.gumbel_softmax(z, noise=GUMBEL, axis=axis, hard=hard, temperature=t)

                value, pull = jax.vjp(jax.jit(f), Z, 0.7)
                told = {"noise": GUMBEL, "axis": axis, "temperature": 0.7}
                np.testing.assert_allclose(value, nl.gumbel_softmax(Z, hard=hard, **told), rtol=1e-13)
                by_z, by_t = pull(G)
                np.testing.assert_allclose(by_z, nl.gumbel_softmax.vjp(Z, G, **told), rtol=1e-11, atol=1e-14)
                change = (G * nl.gumbel_softmax.param_grad(Z, "temperature", **told)).sum()
                np.testing.assert_allclose(by_t, change, rtol=1e-11)


def test_jax_draws_from_a_key_under_jit_and_vmap() -> None:
    jax = pytest.importorskip("jax")
    import nonlin.jax as nlj

    x, key = np.full((3, 4000), -1.0, np.float32), jax.random.key(0)
    y = jax.jit(lambda k, t: nlj.rrelu(t, key=k, lower=0.1, upper=0.3))(key, x)
    slopes = -np.asarray(y)
    assert slopes.min() > 0.0999
    assert slopes.max() < 0.3001
    assert slopes.std() == pytest.approx(0.2 / math.sqrt(12), rel=0.02)
    by_x = jax.grad(lambda t: nlj.rrelu(t, key=key, lower=0.1, upper=0.3).sum())(x)
    np.testing.assert_allclose(by_x, slopes, rtol=1e-6)
    keys = jax.random.split(key, 3)
    each = jax.vmap(lambda k, t: nlj.rrelu(t, key=k))(keys, x)
    np.testing.assert_array_equal(each[1], nlj.rrelu(x[1], key=keys[1]))
    z = np.log(np.tile(np.float32([[0.7, 0.2, 0.1]]), (20000, 1)))
    hard = np.asarray(nlj.gumbel_softmax(z, key=jax.random.PRNGKey(1), hard=True))
    assert set(np.unique(hard)) == {0.0, 1.0}
    np.testing.assert_allclose(hard.mean(0), [0.7, 0.2, 0.1], atol=0.015)
    assert nlj.gumbel_softmax(z.astype("float16"), key=key).dtype == "float16"
    assert nlj.rrelu(jax.numpy.ones(2, "bfloat16"), key=key).dtype == "bfloat16"


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda nlj: nlj.gumbel_softmax(Z), "gumbel_softmax draws noise: give key=, or noise="),
        (lambda nlj: nlj.rrelu(Z, key=0), r"key=0 is no random key; give jax.random.key\(0\)"),
        (lambda nlj: nlj.rrelu(Z, noise=Z, key=0), "not both"),
        (lambda nlj: nlj.rrelu(Z, lower=0.5), "lower=0.5 is above upper"),
        (lambda nlj: nlj.gumbel_softmax(Z, noise=Z, axis=2), "has no axis=2"),
    ],
)
def test_jax_refuses_in_one_line(call: Any, told: str) -> None:
    pytest.importorskip("jax")
    import nonlin.jax as nlj

    with pytest.raises(InvalidInput, match=told):
        call(nlj)


# --- ONNX ----------------------------------------------------------------------------------------------------


def test_onnx_has_the_evaluation_form_of_a_random_slope() -> None:
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    import nonlin.onnx

    model = nonlin.onnx.model("rrelu", lower=0.1, upper=0.3)
    assert model.graph.name == "rrelu"
    session = runtime.InferenceSession(model.SerializeToString())
    x = Z.astype(np.float32)
    np.testing.assert_allclose(session.run(None, {"x": x})[0], nl.rrelu(x, lower=0.1, upper=0.3), rtol=1e-6)
    assert nonlin.onnx.function("rrelu").name == "rrelu"
    with pytest.raises(InvalidInput, match="rrelu has its mean slope in ONNX, a constant: lower is no input"):
        nonlin.onnx.model("rrelu", inputs=["lower"])
    assert [i.name for i in nonlin.onnx.model("gumbel_softmax").graph.input] == ["x", "noise"]
