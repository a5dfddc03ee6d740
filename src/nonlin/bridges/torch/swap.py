"""Other activations in a model that exists: its modules, its function attributes, and the functions it calls."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

import nonlin
from nonlin.bridges.torch.module import ActivationModule, module
from nonlin.bridges.torch.reading import Code
from nonlin.bridges.torch.recognition import (
    Use,
    of_function,
    of_module,
    word_of_class,
    word_of_function,
    words_of,
)
from nonlin.bridges.torch.rewriting import Call, calls, rewrite_, traced
from nonlin.bridges.torch.swap_report import Replaced, Swap, Unreached
from nonlin.errors import AmbiguousActivation, InvalidInput, UnknownActivation, did_you_mean
from nonlin.workbench import Activation

_EVERY_MODULE_HAS = frozenset(vars(nn.Module()))

New = str | Activation | nn.Module | Callable[..., nn.Module]


def swap(model: nn.Module, replacements: Mapping[Any, New], /, *, in_place: bool = False) -> Swap:
    """Replace activations of a model: modules, functions kept as attributes, and functions that are called.

    A function that is called in a module's own forward pass, such as `F.relu(x)`, `torch.relu(x)`, `x.relu()` or
    `x.relu_()`, is found by tracing that pass with `torch.fx`, its children left whole. The module then stays what
    it is, of a subclass of its class, with its parameters, hooks and methods; the new activation is a child of it.
    Both modes, training and evaluation, are traced. Whatever else its forward reads of its attributes is fixed from
    then on. What a trace would change is left as it is, and the report says so.

    Parameters
    ----------
    model : nn.Module
    replacements : mapping
        From what is there to what shall be there instead. Keys: the name of one of PyTorch's classes, such as
        "ReLU", or that class or function itself, with any arguments; a name of the catalog, such as "gelu_tanh",
        with the arguments that make it that; the name of any other class, or the class; or the path of one module,
        such as "features.3", which comes before all others. Values: a name, an activation, a module, of which each
        place gets a copy, or what makes a module: a class or a function, called with nothing, or with the path and
        the old module if it takes both.
    in_place : bool
        Change the model itself; otherwise a copy, and the model stays as it is.

    Returns
    -------
    Swap
        Its `model` is the changed one; printed, it tells what was replaced where, and what could not be reached.

    Raises
    ------
    UnknownActivation
        If a key or a value is no name of anything.
    InvalidInput
        If a value makes no module; or, in place, if the model itself is the activation.

    Notes
    -----
    Given by name, an activation takes over the parameters that have the same name and meaning in the catalog
    (`negative_slope`; `alpha` of ELU and CELU), the learned weight of a PReLU, and the dimension of a softmax. An
    `Activation` has its own values. Forward hooks and backward hooks go over to the new module.

    Examples
    --------
    >>> import torch, nonlin.torch as nlt
    >>> from torch import nn
    >>> nlt.swap(nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.LSTM(4, 4)), {"ReLU": "gelu", "Tanh": "softsign"})
    Replaced in a copy of the model:
      1  ReLU()  ->  nonlin.gelu()
    Not reached:
      2  LSTM computes tanh inside one operation
    """
    changed = model if in_place else copy.deepcopy(model)
    rules = [_rule(changed, key, value) for key, value in replacements.items()]
    return _Swapping(changed, sorted(rules, key=lambda rule: rule.path is None), in_place).result()


@dataclass(eq=False)
class Rule:
    """One replacement: whatever fits any one of these gets `new`."""

    key: Any
    new: New
    word: str | None = None
    name: str | None = None
    kind: Any = None
    path: str | None = None
    fitted: bool = False

    def fits_module(self, path: str, old: nn.Module, use: Use | None) -> bool:
        """Tell whether it is meant for that module."""
        if path == self.path or (self.kind is not None and self.kind in (type(old), type(old).__name__)):
            return True
        return use is not None and self.fits(use)

    def fits(self, use: Use) -> bool:
        """Tell whether it is meant for every activation of that use."""
        return (self.word is not None and self.word == use.word) or (
            self.name is not None and self.name == use.name
        )

    @property
    def its_words(self) -> set[str]:
        """The words of PyTorch's functions that it may be meant for."""
        return {self.word} if self.word else words_of(self.name or "")


def _rule(model: nn.Module, key: Any, new: Any) -> Rule:
    if isinstance(new, str):
        nonlin.get(new)
    if not isinstance(key, str):
        word = word_of_class(key) if isinstance(key, type) else word_of_function(key)
        if word is None and not isinstance(key, type):
            raise InvalidInput(f"{key!r} is no activation; give a class, a name, or the path of a module")
        return Rule(key, new, word=word, kind=key if word is None else None)
    native = getattr(nn, key, None)
    if isinstance(native, type) and word_of_class(native):
        return Rule(key, new, word=word_of_class(native), kind=key)
    paths = dict(model.named_modules(remove_duplicate=False))
    kinds = {type(m).__name__ for m in paths.values()}
    if key in kinds or (isinstance(native, type) and issubclass(native, nn.Module)):
        return Rule(key, new, kind=key)
    try:
        return Rule(key, new, name=_named(key))
    except UnknownActivation:
        if key in paths:
            return Rule(key, new, path=key)
    near = did_you_mean(key, [*nonlin.names(), *kinds, *paths])
    raise UnknownActivation(
        f"{key!r} is neither an activation, a class in this model, nor the path of a module in it.{near}"
    )


def _named(key: str) -> str:
    """Return the canonical name; where frameworks differ in a word, what PyTorch means by it."""
    try:
        return nonlin.get(key).name
    except AmbiguousActivation:
        return nonlin.get(key, dialect="torch").name


@dataclass(eq=False)
class _Swapping:
    """A swap under way."""

    model: nn.Module
    rules: list[Rule]
    in_place: bool
    made: dict[int, nn.Module] = field(default_factory=dict)
    replaced: list[Replaced] = field(default_factory=list)
    unreached: list[Unreached] = field(default_factory=list)

    def result(self) -> Swap:
        self._modules()
        for path, owner in list(self._others()):
            self._attributes(path, owner)
            self._calls(path, owner)
        idle = tuple(str(rule.key) for rule in self.rules if not rule.fitted)
        return Swap(self.model, self.in_place, tuple(self.replaced), tuple(self.unreached), idle)

    # --- Modules ---

    def _modules(self) -> None:
        done: list[str] = []
        for path, old in list(self.model.named_modules(remove_duplicate=False)):
            if any(path == d or path.startswith(f"{d}.") for d in done):
                continue
            use = of_module(old)
            rule = next((r for r in self.rules if r.fits_module(path, old, use)), None)
            if rule is None:
                self._leave(path, _told(old), use)
                continue
            rule.fitted = True
            if id(old) not in self.made:
                self.made[id(old)] = self._instead(rule, path, old, use)
            new = self.made[id(old)]
            self._set(path, new)
            done.append(path)
            writes = use is not None and use.is_inplace
            self.replaced.append(
                Replaced(path, _told(old), _told(new), "which wrote over its input" if writes else "")
            )

    def _leave(self, path: str, told: str, use: Use | None) -> None:
        """Say why an activation stays whose word was asked for, but whose arguments make it another one."""
        if use is None:
            return
        for rule in self.rules:
            if rule.name is not None and use.word in rule.its_words:
                rule.fitted = True
                why = f"is {use.name}, not {rule.name}" if use.name else f"is not {rule.name}"
                self.unreached.append(Unreached(path, f"{told} {why}, by its arguments"))

    def _set(self, path: str, new: nn.Module) -> None:
        if not path:
            if self.in_place:
                raise InvalidInput(
                    "the model is itself the activation and cannot be replaced in place; take the model of the result"
                )
            self.model = new
            return
        parent, _, name = path.rpartition(".")
        owner = self.model.get_submodule(parent)
        vars(owner).pop(name, None)
        setattr(owner, name, new)
        _forbid_shortcuts(self.model, owner)

    # --- What other modules keep and call ---

    def _others(self) -> Iterator[tuple[str, nn.Module]]:
        """Yield the modules that are no activation themselves, each once."""
        new = {id(m) for made in self.made.values() for m in made.modules()}
        for path, owner in self.model.named_modules():
            if id(owner) not in new and of_module(owner) is None:
                yield path, owner

    def _attributes(self, path: str, owner: nn.Module) -> None:
        for name, value in list(vars(owner).items()):
            found = self._rule_for(value)
            if found is not None:
                rule, use = found
                new = self._instead(rule, _joined(path, name), owner, use, is_owner=True)
                self._set(_joined(path, name), new)
                self.replaced.append(Replaced(_joined(path, name), _function_name(value), _told(new), ""))
            elif isinstance(value, list | tuple | dict) and name not in _EVERY_MODULE_HAS:
                items = value.values() if isinstance(value, dict) else value
                for inside in filter(self._rule_for, items):
                    why = f"{_function_name(inside)} is kept in a {type(value).__name__}"
                    self.unreached.append(Unreached(_joined(path, name), why))

    def _rule_for(self, value: Any) -> tuple[Rule, Use] | None:
        word = word_of_function(value) if callable(value) else None
        if word is None:
            return None
        use = of_function(word)
        rule = next((r for r in self.rules if r.fits(use)), None)
        if rule is None:
            return None
        rule.fitted = True
        return rule, use

    def _calls(self, path: str, owner: nn.Module) -> None:
        code = Code(owner)
        asked: set[str] = set().union(*(rule.its_words for rule in self.rules))
        fused = sorted(code.fused & asked)
        if fused:
            self._miss(path, fused, f"{_kind(owner)} computes {' and '.join(fused)} inside one operation")
        called = code.called & asked
        if not called:
            return
        if _is_torchs(owner):
            rest = sorted(called - code.fused)
            if rest:
                self._miss(path, rest, f"{_kind(owner)} calls {' and '.join(rest)} in PyTorch's own code")
            return
        reason = code.why_not_traced()
        found: list[Call] = []
        if not reason:
            try:
                found = _calls_in_both_modes(owner)
            except Exception as error:  # whatever a person's own code does when it is traced
                reason = f"tracing failed: {_one_line(error)}"
        if reason:
            self._miss(path, called, f"{_kind(owner)} calls {' and '.join(sorted(called))}, and {reason}")
        sites = self._sites(path, owner, found)
        if sites:
            rewrite_(owner, sites)

    def _sites(self, path: str, owner: nn.Module, found: list[Call]) -> dict[int, str]:
        """Make the submodules for the calls that are replaced, and return them by the number of the call."""
        before = getattr(owner, "_sites", {})
        made = {}
        for number, call in enumerate(found):
            rule = next((r for r in self.rules if r.fits(call.use)), None)
            if number in before:
                continue
            if rule is None:
                self._leave(path, f"{call.name} called by {_kind(owner)}", call.use)
                continue
            rule.fitted = True
            name = self._site(path, owner, rule, call)
            if name is not None:
                made[number] = name
        return made

    def _site(self, path: str, owner: nn.Module, rule: Rule, call: Call) -> str | None:
        told = f"{call.name} called by {_kind(owner)}"
        reason = call.why_not_replaced() or _tensors_given(rule, call)
        if reason:
            self.unreached.append(Unreached(path, f"{_kind(owner)}: {reason}"))
            return None
        name = _free_name(owner, call.name.rstrip("_"))
        new = self._instead(rule, _joined(path, name), owner, call.use, is_owner=True)
        owner.add_module(name, new)
        self.replaced.append(Replaced(_joined(path, name), told, _told(new), ""))
        return name

    def _miss(self, path: str, missed: Collection[str], why: str) -> None:
        for rule in self.rules:
            rule.fitted |= not rule.its_words.isdisjoint(missed)
        self.unreached.append(Unreached(path, why))

    # --- The new module ---

    def _instead(
        self, rule: Rule, path: str, old: nn.Module, use: Use | None, is_owner: bool = False
    ) -> nn.Module:
        """Return the new module, on the device of its surroundings, with the mode and the hooks of the old one."""
        if use is None and isinstance(
            getattr(old, "dim", None), int
        ):  # a class that the catalog does not know
            use = Use(type(old).__name__, dim=int(getattr(old, "dim")))  # noqa: B009
        new = _made(rule.new, path, old, use, is_owner)
        near = _first_tensor(old)
        near = _first_tensor(self.model) if near is None else near
        if near is not None and next(new.parameters(), None) is not None:
            new = new.to(near.device, near.dtype if near.is_floating_point() else None)
        if not is_owner:
            _take_hooks(old, new)
        return new.train(old.training)


def _calls_in_both_modes(owner: nn.Module) -> list[Call]:
    learning, using = (calls(traced(owner, training)) for training in (True, False))
    if [call.name for call in learning] != [call.name for call in using]:
        raise ValueError("it calls other activations in training than in evaluation")
    return learning


def _made(new: Any, path: str, old: nn.Module, use: Use | None, is_owner: bool) -> nn.Module:
    if isinstance(new, nn.Module):
        return copy.deepcopy(new)
    if isinstance(new, Activation):
        return module(new, **_dimension(new, use))
    if isinstance(new, str):
        return _by_name(new, None if is_owner else old, use)
    given = (path, old) if callable(new) and _takes_two(new) else ()
    made = new(*given) if callable(new) else None
    if not isinstance(made, nn.Module):
        raise InvalidInput(
            f"{new!r} makes no module: give a name, an activation, a module, or what makes one"
        )
    return made


def _by_name(name: str, old: nn.Module | None, use: Use | None) -> nn.Module:
    activation = nonlin.get(name)
    carried = _carried(activation, use)
    weights = _learned(activation, old)
    channels = next((w.numel() for w in weights.values() if w.numel() > 1), None)
    options: dict[str, Any] = {"channels": channels, **carried, **_dimension(activation, use)}
    made = module(activation, **options)
    for parameter, value in weights.items():
        own = getattr(made, parameter)
        own.data = value.detach().clone().reshape(own.shape)
        own.requires_grad_(value.requires_grad)
    return made


def _carried(activation: Activation, use: Use | None) -> dict[str, float]:
    """Return the numbers that mean the same in both: the same name, told in the same words."""
    if use is None or use.name is None:
        return {}
    had = {(p.name, p.meaning) for p in nonlin.get(use.name).parameters}
    same = [p.name for p in activation.parameters if (p.name, p.meaning) in had]
    return {n: float(use.parameters[n]) for n in same if isinstance(use.parameters.get(n), int | float)}


def _learned(activation: Activation, old: nn.Module | None) -> dict[str, Tensor]:
    """Return what was learned under the names of parameters that this activation learns as well."""
    if old is None or (use := of_module(old)) is None or use.name != activation.name:
        return {}
    learnable = getattr(activation.definition, "learnable", ())
    return {n: p for n, p in old.named_parameters(recurse=False) if n in learnable}


def _dimension(activation: Activation, use: Use | None) -> dict[str, Any]:
    """Return the dimension for what mixes the elements of a row, or splits it; the gates stay last, as in PyTorch."""
    kind = activation.card.kind
    if use is None or use.dim is None or kind not in ("rowwise", "gated"):
        return {}
    return {"dim": use.dim, "gate": "last"} if kind == "gated" else {"dim": use.dim}


def _tensors_given(rule: Rule, call: Call) -> str | None:
    """Return which parameter is a tensor that the new module would have to take over, or None."""
    if not isinstance(rule.new, str) or call.use.name != nonlin.get(rule.new).name:
        return None
    given = [n for n, value in call.use.parameters.items() if not isinstance(value, int | float)]
    return f"{call.name} is given {', '.join(given)} as a tensor" if given else None


def _takes_two(maker: Callable[..., Any]) -> bool:
    """Tell whether a maker needs the path and the old module."""
    if isinstance(maker, type):
        return False
    needed = [p for p in inspect.signature(maker).parameters.values() if p.default is inspect.Parameter.empty]
    return len([p for p in needed if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]) == 2


def _take_hooks(old: nn.Module, new: nn.Module) -> None:
    for name, hooks in vars(old).items():
        if name.startswith(("_forward", "_backward")) and "hooks" in name:
            getattr(new, name).update(hooks)


def _forbid_shortcuts(model: nn.Module, owner: nn.Module) -> None:
    """Keep PyTorch's encoder from its fused pass, which computes ReLU or GELU whatever the activation is."""
    if hasattr(owner, "activation_relu_or_gelu"):
        vars(owner)["activation_relu_or_gelu"] = 0
        for encoder in model.modules():
            if isinstance(encoder, nn.TransformerEncoder) and owner in set(encoder.modules()):
                encoder.use_nested_tensor = False


def _first_tensor(of: nn.Module) -> Tensor | None:
    tensors = (*of.parameters(), *of.buffers())
    return next((t for t in tensors if t.is_floating_point()), None)


def _free_name(owner: nn.Module, word: str) -> str:
    names = (f"{word}{i or ''}" for i in range(10_000))
    return next(name for name in names if not hasattr(owner, name))


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _told(of: nn.Module) -> str:
    return " ".join(repr(of).split())


def _function_name(function: Any) -> str:
    return getattr(function, "__name__", str(function))


def _kind(owner: nn.Module) -> str:
    return type(owner).__name__ if not isinstance(owner, ActivationModule) else owner.origin.name


def _is_torchs(owner: nn.Module) -> bool:
    return type(owner).__module__.startswith("torch.nn")


def _one_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
