"""What a module or a call of PyTorch's means in the catalog; PyTorch's dialect is the only table."""

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

from nonlin import catalog
from nonlin.bridges.torch.module import ActivationModule
from nonlin.dialects import Meaning, meanings

NO_MATTER = ("inplace", "num_parameters", "init", "device", "_stacklevel")
"""Arguments of PyTorch's that change no value."""


@dataclass(frozen=True)
class Use:
    """One activation as a PyTorch model uses it.

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
def words() -> dict[str, tuple[Meaning, ...]]:
    """Return what each word of PyTorch's may mean, by its arguments."""
    found: dict[str, tuple[Meaning, ...]] = {}
    for meaning in meanings():
        if meaning.dialect == "torch" and _has_no_more_to_it(meaning):
            for word in {plain(spelling.rpartition(".")[2]) for spelling in meaning.spellings}:
                found[word] = (*found.get(word, ()), meaning)
    return found


def _has_no_more_to_it(meaning: Meaning) -> bool:
    """Tell whether an activation can stand in its place: normalisations have weights, and shapes for axes."""
    card = catalog.card(meaning.name)
    is_along_one = "axis" in dict(meaning.words) or "axis" in dict(meaning.defaults)
    return card.kind != "rowwise" or (is_along_one and card.rows[0] == "whole")


def words_of(name: str) -> set[str]:
    """Return PyTorch's words for an activation of the catalog."""
    return {word for word, known in words().items() if any(m.name == name for m in known)}


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


def of_module(module: nn.Module) -> Use | None:
    """Return what a module is used as, PyTorch's own or ours; None if it is no activation that is known."""
    if isinstance(module, ActivationModule):
        return Use(
            plain(module.origin.name), module.origin.name, dict(module.values), getattr(module, "dim", None)
        )
    word = word_of_class(type(module))
    if word is None:
        return None
    told = inspect.signature(type(module)).parameters.values()
    return _use(word, {p.name: (getattr(module, p.name), p.default) for p in told if hasattr(module, p.name)})


def of_function(word: str) -> Use:
    """Return what a function is used as that is called with nothing but the input."""
    return _use(word, {})


def of_call(function: Callable[..., Any] | str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Use:
    """Return what a call is used as: of a function, or of a tensor's method by its name.

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
        return _use(word, {p.name: (bound[p.name], p.default) for p in told if p.name in bound})
    return Use(word)


def _signatures(function: Callable[..., Any] | str) -> Iterator[inspect.Signature]:
    if isinstance(function, str):
        named = function.rstrip("_")
        yield from _signatures(getattr(torch, named, None) or getattr(functional, named))
        return
    try:
        yield inspect.signature(function)
    except ValueError:  # a builtin
        yield from get_signature_for_torch_op(function) or ()


def _use(word: str, given: Mapping[str, tuple[Any, Any]]) -> Use:
    """Return the use of a word whose arguments have these values, beside PyTorch's own defaults."""
    dim, is_inplace = (given[name][0] if name in given else None for name in ("dim", "inplace"))
    for meaning in words()[word]:
        parameters = _parameters(meaning, given)
        if parameters is not None:
            axis = parameters.pop("axis", None)  # which Softmax2d has without being told
            dim = int(axis) if dim is None and axis is not None else dim
            return Use(word, meaning.name, parameters, dim, bool(is_inplace))
    return Use(word, None, {}, dim, bool(is_inplace))


def _parameters(meaning: Meaning, given: Mapping[str, tuple[Any, Any]]) -> dict[str, Any] | None:
    """Return the values of the catalog's parameters, or None if these arguments do not have that meaning."""
    theirs = dict(meaning.words)
    ours = {theirs.get(p.name, p.name): p.name for p in catalog.card(meaning.name).parameters}
    options, found = dict(meaning.options), dict(meaning.defaults)
    if not meaning.by_default and not options.keys() <= given.keys():
        return None
    for argument, (value, default) in given.items():
        if argument in ours:
            found[ours[argument]] = value
        elif argument in options:
            if value != options[argument]:
                return None
        elif argument == "dim":
            if value is None:
                return None
        elif value != default and argument not in NO_MATTER:
            return None
    return found
