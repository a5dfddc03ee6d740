"""What a module or a call of PyTorch's means in the catalog; the catalog's twins are the only table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import torch
from torch import nn
from torch.fx.operator_schemas import get_signature_for_torch_op
from torch.nn import functional

import nonlin
from nonlin.bridges.torch.module import ActivationModule

NO_MATTER = ("inplace", "num_parameters", "init", "device", "dtype", "_stacklevel")
"""Arguments of PyTorch's that change no value; an explicit dtype does."""


@dataclass(frozen=True)
class Meaning:
    """What one activation of a PyTorch model means.

    Attributes
    ----------
    word : str
        PyTorch's name for it, small and without underscores, such as "leakyrelu".
    name : str or None
        The canonical name; None if its arguments make it what the catalog has not.
    parameters : dict of str to float or Any
        The values of the catalog's parameters, as far as they are told.
    dim : int or None
        The dimension along which it works.
    is_inplace : bool
        Whether it was told to write over its input.
    """

    word: str
    name: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    dim: int | None = None
    is_inplace: bool = False


def plain(name: str) -> str:
    """Return a name as a word: `leaky_relu_` and `LeakyReLU` are both "leakyrelu"."""
    return name.replace("_", "").lower()


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Return the canonical names behind each word of PyTorch's."""
    found: dict[str, tuple[str, ...]] = {}
    for name in nonlin.names():
        twin = nonlin.get(name).definition.twins.get("torch")
        if twin is not None:
            word = plain(twin.rpartition(".")[2])
            found[word] = (*found.get(word, ()), name)
    return found


@cache
def functions() -> dict[Any, str]:
    """Return the word of each function of PyTorch's that is an activation."""
    rooms = (torch, functional, torch.special)
    named = ((plain(name), f) for room in rooms for name, f in vars(room).items())
    return {f: word for word, f in named if word in words() and callable(f) and not isinstance(f, type)}


def word_of_function(given: Any) -> str | None:
    """Return the word of a function, or None."""
    try:
        return functions().get(given)
    except TypeError:  # what cannot be hashed
        return None


def word_of_class(kind: type) -> str | None:
    """Return the word of one of PyTorch's module classes, or None."""
    word = plain(kind.__name__)
    return word if kind.__module__.startswith("torch.nn.modules") and word in words() else None


def of_module(module: nn.Module) -> Meaning | None:
    """Return what a module means, PyTorch's own or ours; None if it is no activation that is known."""
    if isinstance(module, ActivationModule):
        dim = getattr(module, "dim", None)
        return Meaning(plain(module.origin.name), module.origin.name, dict(module.values), dim)
    word = word_of_class(type(module))
    if word is None:
        return None
    told = inspect.signature(type(module)).parameters.values()
    given = {p.name: (getattr(module, p.name), p.default) for p in told if hasattr(module, p.name)}
    return _meaning(word, given)


def of_call(function: Callable[..., Any] | str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Meaning:
    """Return what a call means: of a function, or of a tensor's method by its name.

    Parameters
    ----------
    function : callable or str
    args, kwargs
        As given, the input among them.
    """
    word = plain(function) if isinstance(function, str) else functions()[function]
    for signature in _signatures(function):
        try:
            bound = signature.bind(*args, **kwargs).arguments
        except TypeError:
            continue
        told = list(signature.parameters.values())[1:]
        return _meaning(word, {p.name: (bound[p.name], p.default) for p in told if p.name in bound})
    return Meaning(word)


def _signatures(function: Callable[..., Any] | str) -> Iterator[inspect.Signature]:
    if isinstance(function, str):
        named = function.rstrip("_")
        yield from _signatures(getattr(torch, named, None) or getattr(functional, named))
        return
    try:
        yield inspect.signature(function)
    except ValueError:  # a builtin
        yield from get_signature_for_torch_op(function) or ()


def _meaning(word: str, given: Mapping[str, tuple[Any, Any]]) -> Meaning:
    """Return the meaning of a word whose arguments have these values, beside PyTorch's own defaults."""
    dim, is_inplace = (given[name][0] if name in given else None for name in ("dim", "inplace"))
    for name in words()[word]:
        parameters = _parameters(name, given)
        if parameters is not None:
            return Meaning(word, name, parameters, dim, bool(is_inplace))
    return Meaning(word, None, {}, dim, bool(is_inplace))


def _parameters(name: str, given: Mapping[str, tuple[Any, Any]]) -> dict[str, Any] | None:
    """Return the values of a catalog's activation's parameters, or None if these arguments mean another one."""
    activation = nonlin.get(name)
    known = {p.name for p in activation.parameters}
    wanted = dict(getattr(activation.definition.twins["torch"], "arguments", {}))
    found = {}
    for argument, (value, default) in given.items():
        if argument in known:
            found[argument] = value
        elif argument in wanted:
            if value != wanted.pop(argument):
                return None
        elif argument == "dim":
            if value is None:
                return None
        elif value != default and (argument not in NO_MATTER or argument == "dtype"):
            return None
    return None if wanted else found
