"""JAX on the processor: the twin compiled by `jit`, with its vector-Jacobian product for the gradient."""

from __future__ import annotations

import os
from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np

from nonlin.bench.rivals import Rival
from nonlin.bench.setting import Ready, Setting
from nonlin.errors import require
from nonlin.machine import usable_cores


def set_up(setting: Setting) -> Ready | None:
    """Return the compiled twin; JAX's arrays never change, so nothing is written into given ones."""
    jax = require("jax", "bench")
    value = _value(jax, setting)
    if value is None or setting.outputs is not None:
        return None
    x, g = jax.device_put(setting.x), jax.device_put(setting.g)
    if setting.task == "value":
        compiled = jax.jit(value)
        return Ready(lambda: compiled(x).block_until_ready(), lambda y: (np.asarray(y),))

    def value_and_vjp(x: Any, g: Any) -> Any:
        y, pull = jax.vjp(value, x)
        return y, pull(g)[0]

    both = jax.jit(value_and_vjp)
    return Ready(lambda: jax.block_until_ready(both(x, g)), lambda pair: tuple(map(np.asarray, pair)))


def _value(jax: Any, setting: Setting) -> Callable[[Any], Any] | None:
    if setting.name in ("swish", "quick_gelu"):
        beta = setting.parameters.get("beta", 1.702)
        return lambda x: x * jax.nn.sigmoid(beta * x)
    if setting.name == "prelu":
        weight = setting.parameters["weight"]
        return lambda x: jax.numpy.where(x > 0, x, weight * x)
    twin = setting.twins.get("jax")
    if twin is None or setting.name == "identity":
        return None
    function = attrgetter(twin.removeprefix("jax."))(jax)
    arguments = {**setting.parameters, **getattr(twin, "arguments", {})}
    return lambda x: function(x, **arguments)


def hold(threads: int) -> int:
    """Use that many threads: XLA reads NPROC when it starts its processor backend, so that is started anew.

    Arrays of the backend before are lost. Without NPROC it uses all the processor's.
    """
    before = os.environ.get("NPROC")
    os.environ["NPROC"] = str(threads)
    try:
        _start_backend()
    finally:
        if before is None:
            del os.environ["NPROC"]
        else:
            os.environ["NPROC"] = before
    return usable_cores()


def _start_backend() -> None:
    require("jax.extend.backend", "bench").clear_backends()
    require("jax", "bench").devices("cpu")


RIVAL = Rival(
    "JAX",
    ("jax",),
    set_up,
    hold,
    notes=(
        "JAX is compiled by jit, and makes fresh arrays at each call. It has no setting for its threads: its "
        "backend is started anew with NPROC, the number of processors that XLA then believes in.",
    ),
)
