"""nonlin: the workbench for activation functions.

Every activation is an attribute, loaded when first used: `nonlin.gelu(x)`, `nonlin.gelu.grad(x)`.

>>> import numpy as np, nonlin as nl
>>> y, slope = nl.silu.value_and_grad(np.linspace(-1, 1, 3))
>>> nl.get("GELU").name
'gelu'
"""

from __future__ import annotations

import sys
import warnings
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from nonlin import errors

if TYPE_CHECKING:
    from nonlin.advisor import advise
    from nonlin.kernels.threads import get_num_threads, set_num_threads
    from nonlin.plotting import plot
    from nonlin.workbench import Activation
    from nonlin.workbench.making import activation

__version__ = "0.1.0"

_WORDS = (
    "abs", "cos", "erf", "exp", "expm1", "expm1_rest", "hypot", "log", "log1p", "max", "min", "normal_cdf",
    "normal_pdf", "pi", "sech2",
    "sin", "sqrt", "tanh_rest", "where",
)  # fmt: skip
"""Words for definitions that are not themselves names of activations."""

_LATER = {
    "Activation": "nonlin.workbench", "activation": "nonlin.workbench.making", "plot": "nonlin.plotting",
    "get_num_threads": "nonlin.kernels.threads", "set_num_threads": "nonlin.kernels.threads",
    "advise": "nonlin.advisor",
}  # fmt: skip
"""Public names that are imported when first used, and where they live."""

__all__ = [
    "Activation", "activation", "advise", "errors", "get", "get_num_threads", "names", "plot", "set_num_threads",
]  # fmt: skip


def get(name: str, dialect: str | None = None, **options: Any) -> Activation:
    """Return the activation of that name or alias, in any case; in a dialect, exactly what that framework means.

    Parameters
    ----------
    name : str
        A name of this catalog; with a dialect, that framework's own spelling, bare or dotted: "LeakyRelu",
        "nn.SiLU", "F.silu", "keras.layers.LeakyReLU". A full import path needs no dialect.
    dialect : {"torch", "keras", "jax", "onnx", "hf", "timm", "mlx", "tinygrad", "tfa"}, optional
        Whose meaning: its default parameters, words for them, slope at kinks, approximation.
    **options
        That framework's arguments: those that pick a function, `approximate="tanh"`, and parameters.

    Raises
    ------
    nonlin.errors.UnknownActivation
        If there is none; the message lists those that are near.
    nonlin.errors.AmbiguousActivation
        If no dialect is given and frameworks mean different functions; the message lists them.
    nonlin.errors.InvalidInput
        If there is no such dialect, or the framework's function has no such option.

    Warns
    -----
    nonlin.errors.ContestedName
        If no dialect is given and the name, one of this catalog, means another function elsewhere but for an
        underscore: "hard_sigmoid" is x / 6 + 1/2 between its kinks, and ONNX's HardSigmoid is x / 5 + 1/2.

    Examples
    --------
    >>> get("hard_silu")
    nonlin.hard_swish(x)
    >>> get("gelu", dialect="jax")
    nonlin.gelu_tanh(x) as jax.nn.gelu
    >>> float(get("LeakyRelu", dialect="onnx")(-1.0, alpha=0.1))
    -0.1
    """
    if dialect is None:
        _warn_if_contested(str(name))
    if dialect is None and not options and str(name) in import_module("nonlin.catalog").names():
        return _loaded(name)
    if dialect is None:
        choice = import_module("nonlin.extensions").choose(name, options)
    else:
        choice = import_module("nonlin.dialects").choose_in(name, dialect, options)
    return import_module("nonlin.workbench").chosen(choice)  # type: ignore[no-any-return]


def _warn_if_contested(name: str) -> None:
    """Warn a caller outside this package, who may think of another framework."""
    if not {"_", "-"} & {*name} or sys._getframe(2).f_globals.get("__name__", "").startswith("nonlin."):
        return
    told = import_module("nonlin.dialects").contested().get(name.lower().replace("-", "_"))
    if told:
        warnings.warn(told, errors.ContestedName, stacklevel=3)


def names() -> list[str]:
    """Return the names of all activations, those of installed packages too, in alphabetical order."""
    return sorted({*import_module("nonlin.catalog").names(), *import_module("nonlin.extensions").found()})


def _loaded(name: str) -> Activation:
    if name not in globals():
        globals()[name] = import_module("nonlin.workbench").named(name)
    return globals()[name]  # type: ignore[no-any-return]


@cache
def _rooms() -> frozenset[str]:
    return frozenset(module.name for module in iter_modules(__path__))


def _extended(name: str) -> Activation:
    try:
        return _loaded(name)
    except errors.BrokenExtension as broken:
        raise AttributeError(str(broken)) from broken


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    if name in _WORDS:
        return getattr(import_module("nonlin.vocabulary"), name)
    if not name.startswith("_"):
        if name in import_module("nonlin.catalog").names():
            return _loaded(name)
        if name in _rooms():  # `from nonlin import torch` asks here first
            raise AttributeError(f"nonlin.{name} is a module; it is there after: import nonlin.{name}")
        if name in import_module("nonlin.extensions").found():
            return _extended(name)
    raise AttributeError(f"module 'nonlin' has no attribute {name!r}.{errors.did_you_mean(name, names())}")


def __dir__() -> list[str]:
    return sorted({*__all__, *names(), *_WORDS})
