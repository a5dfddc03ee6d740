"""What the code of a module says before it runs: which activations it calls, and what a trace of it would freeze."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import torch
from torch import nn

from nonlin.bridges.torch.recognition import plain, word_of_function, words

FUSED = {
    "lstm": ("sigmoid", "tanh"), "lstmcell": ("sigmoid", "tanh"), "gru": ("sigmoid", "tanh"),
    "grucell": ("sigmoid", "tanh"), "rnntanh": ("tanh",), "rnntanhcell": ("tanh",), "rnnrelu": ("relu",),
    "rnnrelucell": ("relu",), "scaleddotproductattention": ("softmax",), "multiheadattentionforward": ("softmax",),
}  # fmt: skip
"""Activations inside one operation of PyTorch's, where nothing can be put in their place."""

_STORES = frozenset({"stores into an attribute, which a trace would do once and never again"})
_WITH = frozenset({"works within a context (with ...), which a trace would lose"})
HAZARDS = {
    "STORE_ATTR": _STORES, "STORE_GLOBAL": _STORES, "BEFORE_WITH": _WITH, "SETUP_WITH": _WITH, "LOAD_SPECIAL": _WITH,
}  # fmt: skip
"""Instructions of Python that a trace obeys once, when it is made."""

_ASKS = frozenset({"asks for the type of something, and a trace has one answer"})
ASKING = dict.fromkeys(("isinstance", "type", "hasattr", "is_tensor"), _ASKS)
"""Functions whose answer differs while a trace is made."""


class Code:
    """All that a module's forward pass may run of its own: its methods and the functions they call.

    Attributes
    ----------
    called : set of str
        Words of the activations that are called.
    fused : set of str
        Words of the activations that are part of a larger operation.
    """

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.called: set[str] = set()
        self.fused: set[str] = set()
        self._hazards: set[str] = set()
        self._compares = False
        self._seen: set[CodeType] = set()
        if isinstance(module, torch.jit.ScriptModule):
            self.called = {word for word in words() if f"{word}(" in plain(str(module.code))}
        else:
            self._read(_own_forward(module))
        nonlinearity = getattr(module, "nonlinearity", None)
        if isinstance(nonlinearity, str):
            self.fused &= {nonlinearity}

    def why_not_traced(self) -> str | None:
        """Return what a trace would silently freeze or lose, or None."""
        if isinstance(self.module, torch.jit.ScriptModule):
            return "it is a TorchScript module"
        if self._hazards:
            return f"its forward {' and '.join(sorted(self._hazards))}"
        optional = [p.name for p in _parameters(self.module) if p.default is None]
        if self._compares and optional:
            return f"its path depends on whether {' or '.join(optional)} is None, and a trace has one path"
        return None

    def _read(self, function: Any) -> None:
        if isinstance(function, MethodType):
            function = function.__func__
        if hasattr(function, "__wrapped__"):
            self._hazards.add("is wrapped by a decorator, which a trace would lose")
            function = inspect.unwrap(function)
        if isinstance(function, FunctionType):
            self._read_code(function.__code__, function)

    def _read_code(self, code: CodeType, function: FunctionType) -> None:
        if code in self._seen:
            return
        self._seen.add(code)
        before = None
        for step in dis.get_instructions(code):
            if step.opname.startswith("LOAD_GLOBAL") or step.opname.startswith("LOAD_NAME"):
                self._global(function.__globals__.get(step.argval), step.argval)
            elif step.opname == "LOAD_DEREF":
                self._global(_closure(function).get(step.argval), "")
            elif step.opname in ("LOAD_ATTR", "LOAD_METHOD"):
                self._attribute(step.argval, before)
            self._hazards |= HAZARDS.get(step.opname, frozenset())
            self._compares |= step.opname == "IS_OP" or step.opname.endswith("_NONE")
            before = step
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self._read_code(constant, function)
            elif isinstance(constant, str) and plain(constant) in words():
                self.called.add(plain(constant))

    def _attribute(self, name: str, before: dis.Instruction | None) -> None:
        """Read `something.name`: an attribute of the module itself, or what may be PyTorch's or a tensor's."""
        if before is not None and _loads_self(before):
            kept = inspect.getattr_static(self.module, name, None)
            if isinstance(kept, FunctionType | staticmethod | classmethod):
                self._read(getattr(kept, "__func__", kept))
            return
        self._word(plain(name))
        self._hazards |= ASKING.get(name, frozenset())
        mine = getattr(torch.nn.functional, name, None) if _is_torchs(type(self.module)) else None
        if isinstance(mine, FunctionType):
            self._read(mine)

    def _global(self, value: Any, name: str) -> None:
        word = word_of_function(value)
        self._word(word or (plain(name) if callable(value) else ""))
        self._hazards |= ASKING.get(name, frozenset())
        if isinstance(value, ModuleType) and value.__name__ in ("random", "numpy", "time"):
            self._hazards.add(f"reads {value.__name__}, which a trace would freeze")
        elif isinstance(value, FunctionType) and word is None and not _is_torchs(value):
            self._read(value)

    def _word(self, word: str) -> None:
        if word in words():
            self.called.add(word)
        self.fused.update(FUSED.get(word, ()))


def _own_forward(module: nn.Module) -> Any:
    return getattr(type(module), "original_forward", type(module).forward)


def _parameters(module: nn.Module) -> Iterator[inspect.Parameter]:
    yield from inspect.signature(_own_forward(module)).parameters.values()


def _closure(function: FunctionType) -> dict[str, Any]:
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=False)
    return {name: cell.cell_contents for name, cell in cells if _is_filled(cell)}


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def _loads_self(step: dis.Instruction) -> bool:
    names = step.argval if isinstance(step.argval, tuple) else (step.argval,)
    return step.opname.startswith(("LOAD_FAST", "LOAD_DEREF")) and names[-1:] == ("self",)


def _is_torchs(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).partition(".")[0] == "torch"
