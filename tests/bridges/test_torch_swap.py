"""Swaps: against the same networks written by hand with the other activation, in both modes, and what stays is told."""

from __future__ import annotations

import copy
import pickle
import random
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import nonlin as nl
import nonlin.torch as nlt
from nonlin.errors import InvalidInput, UnknownActivation

Function = Any


def same(a: Any, b: Any) -> None:
    torch.testing.assert_close(a, b, rtol=2e-6, atol=2e-6)


def run(model: nn.Module, *inputs: Tensor) -> list[Tensor]:
    """Return the output, and its gradients, under the same random numbers."""
    torch.manual_seed(3)
    out = model(*inputs)
    weights = [p for p in model.parameters() if p.requires_grad]
    return [out.detach(), *torch.autograd.grad(out.square().sum(), weights)]


def reached(result: nlt.Swap) -> list[str]:
    return [r.path for r in result.replaced]


# --- Realistic networks -------------------------------------------------------------------------------------


class Block(nn.Module):
    """A residual block that calls functions, in place and not, with dropout that knows its mode."""

    def __init__(self, width: int, by_hand: Function | None = None) -> None:
        super().__init__()
        self.first, self.norm = nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.by_hand = by_hand

    def forward(self, x: Tensor) -> Tensor:
        out = self.norm(self.first(x))
        out = F.relu(out, inplace=True) if self.by_hand is None else self.by_hand(out)
        out = F.dropout(out, 0.5, training=self.training)
        out = self.second(out) + x
        return torch.relu(out) if self.by_hand is None else self.by_hand(out)


class Convolutional(nn.Module):
    """Modules, functions, methods and an in-place method whose result is not kept."""

    def __init__(self, by_hand: Function | None = None) -> None:
        super().__init__()
        self.by_hand = by_hand
        self.stem = nn.Sequential(nn.Conv2d(3, 6, 3), nn.ReLU(inplace=True))
        self.blocks = nn.Sequential(Block(6, by_hand), Block(6, by_hand))
        self.head, self.out = nn.Linear(6, 5), nn.Linear(5, 4)
        self.register_buffer("scale", torch.tensor(1.5))
        if by_hand is not None:
            self.stem[1] = Applied(by_hand)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(self.stem(x)).mean((2, 3)) * self.scale
        if self.by_hand is not None:
            return self.out(self.by_hand(self.by_hand(self.head(self.by_hand(x))) - 0.1))
        x = self.head(x.relu())
        x.relu_()
        return self.out((x - 0.1).relu_())


class Applied(nn.Module):
    def __init__(self, function: Function) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("in_place", [True, False])
def test_a_convolutional_network_becomes_the_one_written_by_hand(training: bool, in_place: bool) -> None:
    torch.manual_seed(0)
    model, by_hand, x = Convolutional(), Convolutional(F.silu), torch.randn(3, 3, 8, 8)
    by_hand.load_state_dict(model.state_dict())
    before = run(copy.deepcopy(model).train(training), x)
    result = nlt.swap(model, {"ReLU": "silu"}, in_place=in_place)
    assert (result.model is model) == in_place
    for got, expected in zip(
        run(result.model.train(training), x), run(by_hand.train(training), x), strict=True
    ):
        same(got, expected)
    if not in_place:
        for got, expected in zip(run(model.train(training), x), before, strict=True):
            assert torch.equal(got, expected)
    assert len(result.replaced) == 1 + 4 + 3
    assert not result.unreached
    assert not result.idle


def test_a_swapped_network_keeps_its_classes_states_hooks_and_copies(tmp_path: Path) -> None:
    model, x = Convolutional().eval(), torch.randn(2, 3, 8, 8)
    seen: list[str] = []
    model.blocks[0].register_forward_hook(lambda *_: seen.append("block"))
    model.stem[1].register_forward_hook(lambda *_: seen.append("stem"))
    swapped = nlt.swap(model, {"relu": "mish"}).model
    assert isinstance(swapped, Convolutional)
    assert isinstance(swapped.blocks[0], Block)
    assert list(swapped.state_dict()) == list(model.state_dict())
    model.load_state_dict(swapped.state_dict())
    y = swapped(x)
    assert seen == ["stem", "block"]
    assert torch.equal(copy.deepcopy(swapped)(x), y)
    swapped.blocks[0]._forward_hooks.clear()
    swapped.stem[1]._forward_hooks.clear()
    assert torch.equal(pickle.loads(pickle.dumps(swapped))(x), y)
    torch.save(swapped, tmp_path / "model.pt")
    loaded = torch.load(tmp_path / "model.pt", weights_only=False)
    assert torch.equal(loaded(x), y)
    run(loaded.train(), x)
    twin = copy.deepcopy(swapped)
    with torch.no_grad():
        twin.head.weight.zero_()
    assert torch.equal(swapped(x), y)


def test_a_swapped_network_can_be_swapped_again() -> None:
    x = torch.randn(2, 3, 8, 8)
    model = Convolutional().eval()
    twice = nlt.swap(nlt.swap(model, {"relu": "mish"}).model, {"mish": "silu"})
    assert len(twice.replaced) == 8
    same(twice.model(x), nlt.swap(model, {"relu": "silu"}).model(x))

    class Both(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.tanh(x) + torch.sigmoid(x)

    one = nlt.swap(Both(), {"tanh": "softsign"}).model
    both = nlt.swap(one, {"sigmoid": "hard_sigmoid"}).model
    same(both(x), F.softsign(x) + F.hardsigmoid(x))
    same(copy.deepcopy(both)(x), both(x))


@pytest.mark.filterwarnings("ignore:.*should not be instantiated:DeprecationWarning")
def test_a_swapped_network_compiles_and_exports() -> None:
    model, x = nlt.swap(Convolutional(), {"relu": "silu"}).model.eval(), torch.randn(2, 3, 8, 8)
    torch._dynamo.reset()
    same(torch.compile(model, backend="eager", fullgraph=True)(x), model(x))
    torch._dynamo.reset()
    same(torch.export.export(model, (x,)).module()(x), model(x))


@pytest.mark.parametrize("activation", ["relu", "gelu", F.relu, F.gelu, nn.ReLU(), nn.GELU()])
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.filterwarnings("ignore:enable_nested_tensor is True")
def test_a_transformer_uses_the_new_activation_in_its_fast_pass_too(activation: Any, training: bool) -> None:
    def encoder(act: Any) -> nn.Module:
        layer = nn.TransformerEncoderLayer(16, 2, 32, 0.1, act, batch_first=True)
        return nn.TransformerEncoder(layer, 2)

    torch.manual_seed(0)
    model, by_hand, x = encoder(activation), encoder(F.mish), torch.randn(3, 5, 16)
    by_hand.load_state_dict(model.state_dict())
    result = nlt.swap(model.train(training), {"relu": "mish", "gelu": "mish"})
    padding = torch.arange(5) >= torch.tensor([[5], [3], [4]])
    assert reached(result) == ["layers.0.activation", "layers.1.activation"]
    for masked in ({}, {"src_key_padding_mask": padding}):
        outs = []
        for m in (result.model, by_hand.train(training)):
            torch.manual_seed(1)
            with torch.no_grad():
                outs.append(m(x, **masked))
        same(outs[0][~padding], outs[1][~padding])


def test_decoders_and_their_attention_are_told() -> None:
    result = nlt.swap(
        nn.Transformer(8, 2, 1, 1, 16, batch_first=True), {"ReLU": "silu", "Softmax": "softmax"}
    )
    assert reached(result) == ["encoder.layers.0.activation", "decoder.layers.0.activation"]
    assert [u.why for u in result.unreached] == [
        "MultiheadAttention computes softmax inside one operation"
    ] * 3


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (nn.LSTM(3, 4), "LSTM computes sigmoid and tanh inside one operation"),
        (nn.GRUCell(3, 4), "GRUCell computes sigmoid and tanh inside one operation"),
        (nn.RNN(3, 4), "RNN computes tanh inside one operation"),
        (nn.RNN(3, 4, nonlinearity="relu"), None),
    ],
)
def test_the_gates_of_recurrent_layers_are_not_reached_and_told(cell: nn.Module, told: str | None) -> None:
    result = nlt.swap(nn.ModuleDict({"cell": cell}), {"Tanh": "softsign", "sigmoid": "hard_sigmoid"})
    assert [(u.path, u.why) for u in result.unreached] == ([("cell", told)] if told else [])
    assert result.idle == tuple(key for key in ("Tanh", "sigmoid") if key.lower() not in str(told))


# --- What a trace would change is left, and told ------------------------------------------------------------


class Branching(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x) if x.sum() > 0 else x


class Optional(nn.Module):
    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        if mask is not None:
            x = x * mask
        return F.relu(x)


class Storing(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        self.last = x.relu()
        return self.last


class Gambling(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x) * random.random()


class Making(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x) + torch.rand(3)


class Moody(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x) if self.training else x


class Viewing(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        x = x * 1
        x[:, 0].relu_()
        return x


class Asking(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat(x) if isinstance(x, list) else x
        return F.relu(x)


class Within(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            return F.relu(x)


class Decorated(nn.Module):
    @torch.no_grad()
    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x)


class Filling(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        self.seen.append(x.relu())
        return self.seen[-1]


def helped(x: Tensor) -> Tensor:
    return F.relu(x) if x.sum() > 0 else x


class Helped(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return self._inside(x)

    def _inside(self, x: Tensor) -> Tensor:
        return helped(x)


class Listing(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.functions = [F.relu, torch.tanh]

    def forward(self, x: Tensor) -> Tensor:
        return self.functions[0](x)


LEFT = {
    Branching: "calls relu, and tracing failed: symbolically traced variables cannot be used as inputs to control",
    Optional: "its path depends on whether mask is None",
    Storing: "its forward stores into an attribute",
    Gambling: "its forward reads random, which a trace would freeze",
    Making: "its forward makes a tensor of its own",
    Moody: "it calls other activations in training than in evaluation",
    Viewing: "relu_ changes a part of a tensor in place",
    Helped: "calls relu, and tracing failed",
    Asking: "its forward asks for the type of something",
    Within: "works within a context",
    Decorated: "is wrapped by a decorator",
    Filling: "its forward changes seen",
}


@pytest.mark.parametrize("kind", LEFT)
def test_what_cannot_be_traced_is_left_and_told(kind: Any) -> None:
    owner = kind()
    kept = set(vars(owner))
    result = nlt.swap(nn.Sequential(owner), {"relu": "gelu"}, in_place=True)
    assert not result.replaced
    assert [u.path for u in result.unreached] == ["0"]
    assert LEFT[kind] in result.unreached[0].why
    assert type(owner) is kind
    assert set(vars(owner)) == kept
    assert not getattr(owner, "seen", [])
    assert str(result).splitlines()[0] == "Nothing was replaced in the model itself."
    assert not result.idle


def test_functions_in_a_list_are_told() -> None:
    result = nlt.swap(Listing(), {"relu": "gelu"})
    assert ("functions", "relu is kept in a list") in [(u.path, u.why) for u in result.unreached]


def test_a_scripted_module_is_told() -> None:
    with pytest.warns(DeprecationWarning, match="torch.jit"):
        scripted = torch.jit.trace(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), torch.ones(1, 2))
    told = nlt.swap(nn.Sequential(scripted), {"relu": "gelu"}).unreached
    assert any("it is a TorchScript module" in u.why for u in told)


def test_helpers_and_methods_are_followed_by_the_trace() -> None:
    def helper(x: Tensor) -> Tensor:
        return torch.sigmoid(x) * 2

    class Model(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return self.inside(x)

        def inside(self, x: Tensor) -> Tensor:
            return helper(x).tanh()

    x = torch.randn(4)
    result = nlt.swap(Model(), {"Sigmoid": "hard_sigmoid", "Tanh": "softsign"})
    assert reached(result) == ["sigmoid", "tanh"]
    same(result.model(x), F.softsign(2 * F.hardsigmoid(x)))


def test_a_submodule_called_relu_is_no_call_of_relu() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.relu = nn.ReLU()

        def forward(self, x: Tensor) -> Tensor:
            return self.relu(x) if x.sum() > 0 else x

    result = nlt.swap(Model(), {"ReLU": "gelu"})
    assert reached(result) == ["relu"]
    assert not result.unreached


# --- Keys and values ----------------------------------------------------------------------------------------


class Swish(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(x)


def many() -> nn.Sequential:
    return nn.Sequential(
        nn.ReLU(), nn.GELU(), nn.GELU("tanh"), nn.Softplus(), nn.Softplus(beta=2), Swish(), nlt.module("mish"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("ReLU", ["0"]), ("relu", ["0"]), (nn.ReLU, ["0"]), (F.relu, ["0"]), (torch.relu, ["0"]), ("GELU", ["1", "2"]),
        ("gelu", ["1"]), ("gelu_tanh", ["2"]), ("gelu_new", ["2"]), ("Softplus", ["3", "4"]), ("softplus", ["3"]),
        ("Swish", ["5"]), (Swish, ["5"]), ("mish", ["6"]), ("4", ["4"]), (nn.Softplus, ["3", "4"]), ("SiLU", []),
    ],
)  # fmt: skip
def test_keys(key: Any, expected: list[str]) -> None:
    result = nlt.swap(many(), {key: "tanh"})
    assert reached(result) == expected
    assert all(r.now == "nonlin.tanh()" for r in result.replaced)
    assert result.idle == (() if expected else ("SiLU",))


def test_arguments_that_the_catalog_has_no_name_for_are_told() -> None:
    result = nlt.swap(nn.Sequential(nn.Softmax()), {"softmax": "sparsemax"})
    assert result.unreached[0].why == "Softmax(dim=None) is not softmax, by its arguments"

    class Model(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return F.softplus(x, 2) + F.gelu(x, approximate="tanh") + F.softplus(x)

    result = nlt.swap(Model(), {"softplus": "relu", "gelu": "relu"})
    assert reached(result) == ["softplus"]
    assert [u.why for u in result.unreached] == [
        "softplus called by Model is thresholded_softplus, not softplus, by its arguments",
        "gelu called by Model is gelu_tanh, not gelu, by its arguments",
    ]


def test_a_path_comes_before_all_others() -> None:
    result = nlt.swap(nn.Sequential(nn.ReLU(), nn.ReLU()), {"ReLU": "gelu", "1": "tanh"})
    assert [r.now for r in result.replaced] == ["nonlin.gelu()", "nonlin.tanh()"]


def test_values() -> None:
    x = torch.randn(5)

    @nl.activation
    def own(x: Any, a: float = 2.0) -> Any:
        return a * x

    shared = nlt.module("prelu")
    values = {
        own: 2 * x, own.bind(a=3.0): 3 * x, nn.Tanh(): x.tanh(), nn.Tanh: x.tanh(), (lambda: nn.Tanh()): x.tanh(),
        (lambda path, old: nn.Threshold(float(path), 5.0)): F.threshold(x, 0.0, 5.0),
        shared: F.prelu(x, torch.tensor(0.25)),
    }  # fmt: skip
    for value, expected in values.items():
        result = nlt.swap(nn.Sequential(nn.ReLU(), nn.Identity()), {"ReLU": value})
        same(result.model(x), expected)
    placed = nlt.swap(nn.Sequential(nn.ReLU(), nn.ReLU()), {"relu": shared}).model
    assert placed[0] is not placed[1]
    assert placed[0].weight is not shared.weight


def test_a_module_in_two_places_stays_one() -> None:
    act = nn.ReLU()
    model = nn.Sequential(act, nn.Linear(2, 2), act)
    result = nlt.swap(model, {"ReLU": "prelu"})
    assert reached(result) == ["0", "2"]
    assert result.model[0] is result.model[2]
    assert len(list(result.model.parameters())) == 3


def test_parameters_are_carried_where_they_mean_the_same() -> None:
    model = nn.Sequential(nn.LeakyReLU(0.3), nn.ELU(0.5), nn.CELU(0.7), nn.Softmax(dim=0))
    told = nlt.swap(
        model, {"LeakyReLU": "leaky_relu", "ELU": "celu", "CELU": "elu", "Softmax": "log_softmax"}
    )
    assert [r.now for r in told.replaced] == [
        "nonlin.leaky_relu(negative_slope=0.3)", "nonlin.celu(alpha=0.5)", "nonlin.elu(alpha=0.7)",
        "nonlin.log_softmax(dim=0, temperature=1)",
    ]  # fmt: skip
    explicit = nlt.swap(model, {"LeakyReLU": nl.leaky_relu.bind(negative_slope=0.1)})
    assert explicit.replaced[0].now == "nonlin.leaky_relu(negative_slope=0.1)"
    other = nlt.swap(model, {"LeakyReLU": "prelu", "ELU": "gelu"})
    assert [r.now for r in other.replaced] == ["nonlin.prelu(weight=0.25 learned)", "nonlin.gelu()"]


def test_the_dimension_of_an_unknown_class_is_carried() -> None:
    class Sharpened(nn.Module):
        dim = 0

        def forward(self, z: Tensor) -> Tensor:
            return z

    told = nlt.swap(nn.Sequential(Sharpened()), {"Sharpened": "softmax"}).replaced
    assert told[0].now == "nonlin.softmax(dim=0, temperature=1)"


def test_arguments_of_calls_are_carried() -> None:
    class Model(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return F.leaky_relu(x, 0.3).softmax(0) + F.elu(x, alpha=0.5) + torch.softmax(x, dim=-1) + x.tanh()

    model, x = Model(), torch.randn(4, 3)
    ours = nlt.swap(model, {n: n for n in ("leaky_relu", "elu", "softmax", "tanh")})
    assert len(ours.replaced) == 5
    same(ours.model(x), model(x))


def test_learned_weights_are_carried_with_their_dtype() -> None:
    model = nn.Sequential(nn.PReLU(3, dtype=torch.float64), nn.PReLU(init=0.1, dtype=torch.float64))
    with torch.no_grad():
        model[0].weight.uniform_()
    x = torch.randn(4, 3, dtype=torch.float64)
    result = nlt.swap(model, {"PReLU": "prelu"})
    same(result.model(x), model(x))
    assert {p.dtype for p in result.model.parameters()} == {torch.float64}
    frozen = nlt.swap(nn.Sequential(nn.PReLU().requires_grad_(False)), {"PReLU": "prelu"}).model
    assert not frozen[0].weight.requires_grad


def test_a_slope_given_as_a_tensor_is_told() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.slope = nn.Parameter(torch.tensor([0.25]))

        def forward(self, x: Tensor) -> Tensor:
            return F.prelu(x, self.slope)

    assert "prelu is given weight as a tensor" in nlt.swap(Model(), {"prelu": "prelu"}).unreached[0].why
    assert reached(nlt.swap(Model(), {"prelu": "gelu"})) == ["prelu"]


def test_the_whole_model_may_be_the_activation() -> None:
    assert nlt.swap(nn.ReLU(), {"ReLU": "gelu"}).model.activation is nl.gelu
    with pytest.raises(InvalidInput, match="take the model of the result"):
        nlt.swap(nn.ReLU(), {"ReLU": "gelu"}, in_place=True)


def test_half_precision_learned_parameters_follow_their_surroundings() -> None:
    model = nn.Sequential(nn.Linear(3, 3, dtype=torch.bfloat16), nn.ReLU())
    assert nlt.swap(model, {"ReLU": "prelu"}).model[1].weight.dtype == torch.bfloat16


def test_what_is_wrong_is_refused() -> None:
    for key, error, message in [
        ("ReLu6x", UnknownActivation, "neither an activation, a class in this model, nor the path"),
        ("gelo", UnknownActivation, "Did you mean 'gelu'"),
        (3, InvalidInput, "3 is no activation"),
    ]:
        with pytest.raises(error, match=message):
            nlt.swap(many(), {key: "tanh"})
    with pytest.raises(UnknownActivation, match="Did you mean 'gelu'"):
        nlt.swap(many(), {"relu": "gelo"})
    with pytest.raises(InvalidInput, match="makes no module"):
        nlt.swap(many(), {"relu": 3})


def test_the_report_is_read_by_people() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.ReLU(inplace=True), nn.GRU(4, 4))
    assert str(nlt.swap(model, {"ReLU": "gelu", "Tanh": "softsign", "SELU": "elu"})) == (
        "Replaced in a copy of the model:\n"
        "  1  ReLU(inplace=True)  ->  nonlin.gelu()  (which wrote over its input)\n"
        "Not reached:\n"
        "  2  GRU computes tanh inside one operation\n"
        "The model has none of: SELU"
    )


@pytest.mark.parametrize("key", ["Softmax2d", nn.Softmax2d, "softmax", "0"])
def test_a_softmax2d_is_swapped_along_its_channels(key: Any) -> None:
    model, x = nn.Sequential(nn.Softmax2d()), torch.randn(2, 3, 4, 5)
    for new in ("softmax", nl.softmax):
        swapped = nlt.swap(model, {key: new})
        assert swapped.replaced[0].now == "nonlin.softmax(dim=-3, temperature=1)"
        torch.testing.assert_close(swapped.model(x), model(x))
        torch.testing.assert_close(swapped.model(x[0]), model(x[0]))
    assert nlt.swap(model, {key: "log_softmax"}).model[0].dim == -3
