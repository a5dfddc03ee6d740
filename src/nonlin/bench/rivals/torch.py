"""PyTorch on the processor: its eager functions, and its own backward pass."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from nonlin.bench.rivals import Rival
from nonlin.bench.setting import Array, Ready, Setting
from nonlin.errors import require

INTO: dict[str, tuple[str, tuple[Any, ...]]] = {
    "celu": ("celu.out", ()),
    "elu": ("elu.out", ()),
    "gelu": ("gelu.out", ()),
    "gelu_tanh": ("gelu.out", ()),
    "hard_sigmoid": ("hardsigmoid.out", ()),
    "hard_swish": ("hardswish.out", ()),
    "leaky_relu": ("leaky_relu.out", ()),
    "log_sigmoid": ("log_sigmoid.out", ()),
    "log_softmax": ("log_softmax.int_out", (-1,)),
    "mish": ("mish.out", ()),
    "relu": ("relu.out", ()),
    "relu6": ("hardtanh.out", (0.0, 6.0)),
    "sigmoid": ("sigmoid.out", ()),
    "silu": ("silu.out", ()),
    "softmax": ("softmax.int_out", (-1,)),
    "softplus": ("softplus.out", ()),
    "tanh": ("tanh.out", ()),
}
"""The forms that write into a given tensor, in torch.ops.aten, and their further arguments."""


def set_up(setting: Setting) -> Ready | None:
    """Return the twin; forward and backward for the gradient; `out=` where PyTorch has it."""
    torch = require("torch", "bench")
    x = torch.from_numpy(setting.x)
    value = _into(torch, setting, x) if setting.outputs is not None else _value(torch, setting)
    if value is None:
        return None
    if setting.task == "value":
        return Ready(lambda: value(x), lambda y: (_numpy(y),))
    leaf, g = x.clone().requires_grad_(), torch.from_numpy(setting.g)

    def forward_and_backward() -> Any:
        y = value(leaf)
        return y, torch.autograd.grad(y, leaf, g)[0]

    return Ready(forward_and_backward, lambda pair: tuple(map(_numpy, pair)))


def _value(torch: Any, setting: Setting) -> Callable[[Any], Any] | None:
    if setting.name in ("swish", "quick_gelu"):
        beta = setting.parameters.get("beta", 1.702)
        return lambda x: x * torch.sigmoid(beta * x)
    twin = setting.twins.get("torch")
    if twin is None or setting.name == "identity":
        return None
    function = attrgetter(twin.removeprefix("torch."))(torch)
    arguments = _arguments(setting)
    if setting.name == "prelu":
        weight = torch.tensor([setting.parameters["weight"]])
        return lambda x: function(x, weight)
    if not arguments:
        return function  # type: ignore[no-any-return]
    return lambda x: function(x, **arguments)


def _into(torch: Any, setting: Setting, x: Any) -> Callable[[Any], Any] | None:
    if setting.task == "gradient" or setting.name not in INTO or setting.outputs is None:
        return None
    path, more = INTO[setting.name]
    function = attrgetter(path)(torch.ops.aten)
    arguments = {**_arguments(setting), "out": torch.from_numpy(setting.outputs[0])}
    arguments.pop("dim", None)
    return lambda x: function(x, *more, **arguments)


def _arguments(setting: Setting) -> dict[str, Any]:
    along = {"dim": -1} if setting.name in ("softmax", "log_softmax") else {}
    return {**setting.parameters, **along, **getattr(setting.twins["torch"], "arguments", {})}


def _numpy(tensor: Any) -> Array:
    array: Array = tensor.detach().numpy()
    return array


def hold(threads: int) -> int:
    """Use that many threads; return how many it used before."""
    torch = require("torch", "bench")
    before = int(torch.get_num_threads())
    torch.set_num_threads(threads)
    return before


RIVAL = Rival(
    "PyTorch",
    ("torch",),
    set_up,
    hold,
    notes=(
        "PyTorch's gradient is its forward and backward pass, which cannot write into given arrays; its GELU "
        "loses all digits below about -5 (pytorch#187806), where the comparison allows an absolute error.",
    ),
)
