"""Lines to copy: an activation in NumPy, PyTorch, JAX, Keras and ONNX, ours and the framework's own."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from textwrap import wrap

from nonlin.dialects import Meaning, meanings_of
from nonlin.workbench import Activation, Gated, RowWise, Stochastic
from nonlin.workbench.stochastic import RandomRows, RandomSlope

TITLES = {"numpy": "NumPy", "torch": "PyTorch", "jax": "JAX", "keras": "Keras", "onnx": "ONNX"}
WIDTH = 86  # of a comment


def code(activation: Activation, origin: str = "") -> dict[str, str]:
    """Return the lines by framework.

    Parameters
    ----------
    activation : Activation
    origin : str
        `package.module:name` of a person's own; empty for one of the catalog.

    Examples
    --------
    >>> import nonlin as nl
    >>> print(code(nl.tanh)["NumPy"])
    import numpy as np, nonlin as nl
    <BLANKLINE>
    x = np.linspace(-3, 3, 8)
    y, slope = nl.tanh.value_and_grad(x)
    """
    lines = {word: write(activation, origin) for word, write in WRITERS.items()}
    natives = {} if origin else {word: _native(activation.name, word) for word in lines}
    return {TITLES[word]: text + natives.get(word, "") for word, text in lines.items()}


def _imported(origin: str, rest: str) -> str:
    module, _, name = origin.partition(":")
    mine = f"from {module} import {name.partition('.')[0]}\n" if origin else ""
    return f"import {rest}\n{mine}\n"


def _named(activation: Activation, origin: str) -> str:
    """Return what `module` and `function` take: a name in quotes, or a person's own object."""
    return origin.partition(":")[2] or f'"{activation.name}"'


def _given(activation: Activation, *before: str) -> str:
    return ", ".join([*before, *(f"{p.name}={_number(p.default)}" for p in activation.parameters)])


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else f'float("{value}")'


def _row(activation: Activation) -> bool:
    return isinstance(activation, RowWise)


def _numpy(activation: Activation, origin: str) -> str:
    name = origin.partition(":")[2] or f"nl.{activation.name}"
    line = "x = np.linspace(-3, 3, 8)\n"
    if isinstance(activation, Stochastic):
        call = f"y = {name}(x, generator=np.random.default_rng(0))"
    elif isinstance(activation, Gated):
        call = f"gate = np.linspace(3, -3, 8)\ny = {name}({_given(activation, 'x', 'gate')})"
    elif _row(activation):
        call = f"y = {name}({_given(activation, 'x', 'axis=-1')})"
    else:
        call = f"y, slope = {name}.value_and_grad({_given(activation, 'x')})"
    return _imported(origin, "numpy as np, nonlin as nl") + line + call


def _torch(activation: Activation, origin: str) -> str:
    inputs = "torch.linspace(-3, 3, 8)" + ", torch.linspace(3, -3, 8)" * isinstance(activation, Gated)
    noise = ", generator=torch.Generator().manual_seed(0)" * isinstance(activation, Stochastic)
    call = f"layer = nlt.module({_given(activation, _named(activation, origin))}{noise})\ny = layer({inputs})"
    return _imported(origin, "torch, nonlin.torch as nlt") + call


def _jax(activation: Activation, origin: str) -> str:
    inputs = "jnp.linspace(-3, 3, 8)" + ", jnp.linspace(3, -3, 8)" * isinstance(activation, Gated)
    noise = ", key=jax.random.key(0)" * isinstance(activation, Stochastic)
    call = f"y = nlj.function({_named(activation, origin)})({_given(activation, inputs)}{noise})"
    return _imported(origin, "jax, jax.numpy as jnp, nonlin.jax as nlj") + call


def _keras(activation: Activation, origin: str) -> str:
    inputs = "keras.ops.linspace(-3, 3, 8)" + ", keras.ops.linspace(3, -3, 8)" * isinstance(activation, Gated)
    if isinstance(activation, Stochastic):
        layer = _given(activation, _named(activation, origin), "seed=0")
        call = f"layer = nlk.layer({layer})\ny = layer({inputs}, training=True)"
    else:
        call = f"y = nlk.function({_named(activation, origin)})({_given(activation, inputs)})"
    return _imported(origin, "keras, nonlin.keras as nlk") + call


def _onnx(activation: Activation, origin: str) -> str:
    call = f"model = nonlin.onnx.model({_given(activation, _named(activation, origin))})"
    saved = f'onnx.save(model, "{activation.name}.onnx")'
    return _imported(origin, "onnx, nonlin.onnx") + f"{_inputs_in_onnx(activation)}{call}\n{saved}"


def _inputs_in_onnx(activation: Activation) -> str:
    """Return a comment on a model that has other inputs than x alone, or is not what is trained."""
    if isinstance(activation, RandomSlope):
        return f"# As it is evaluated: {activation.evaluation.name} with the mean slope.\n"
    others = {RandomRows: "noise", Gated: "gate"}
    return "".join(
        f"# Its inputs are x and {word}.\n" for kind, word in others.items() if isinstance(activation, kind)
    )


WRITERS: Mapping[str, Callable[[Activation, str], str]] = {
    "numpy": _numpy, "torch": _torch, "jax": _jax, "keras": _keras, "onnx": _onnx,
}  # fmt: skip


def _native(name: str, word: str) -> str:
    """Return what the framework itself has, as a comment; nothing where it has none."""
    own = [m for m in meanings_of(name) if m.dialect == word]
    return "".join(f"\n\n# {TITLES[word]}'s own: {_told(m)}" for m in own[:1])


def _told(meaning: Meaning) -> str:
    order = ", of the gate and the value" if meaning.gate == "first" else ""
    differs = wrap(f"It differs: {meaning.differs}", WIDTH) if meaning.differs else []
    return "\n# ".join([meaning.spelling + order, *differs])
