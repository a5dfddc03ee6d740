"""A module whose forward calls other modules where it called functions: traced, changed, and still of its class."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any

from torch import fx, nn

from nonlin.bridges.torch.recognition import Use, functions, of_call, plain, words

VIEWS = (
    "getitem",
    "view",
    "viewas",
    "reshape",
    "t",
    "transpose",
    "permute",
    "chunk",
    "split",
    "unbind",
    "narrow",
)
"""Operations whose result may share memory with their input."""

Sites = dict[int, str]
"""The number of a call of an activation in a forward pass, and the submodule that is called instead."""


class OwnForward(fx.Tracer):
    """Traces what a module does itself: all of its children are leaves."""

    proxy_buffer_attributes = True

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.traced_func_name = "original_forward" if isinstance(module, Rewritten) else "forward"

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        """Return True."""
        return True


class Call:
    """A call of an activation in a traced forward pass."""

    def __init__(self, node: fx.Node) -> None:
        self.node = node
        self.use: Use = of_call(node.target, node.args, node.kwargs)
        self.is_inplace = self.use.is_inplace or self.name.endswith("_")

    @property
    def name(self) -> str:
        """The name under which it is called, such as "relu_"."""
        return _name(self.node)

    @property
    def input(self) -> Any:
        """The node whose value is given to it."""
        return self.node.args[0] if self.node.args else self.node.kwargs.get("input")

    def why_not_replaced(self) -> str | None:
        """Return why nothing can be put in its place, or None."""
        if not isinstance(self.input, fx.Node):
            return f"{self.name} is not called on a tensor"
        if self.is_inplace and plain(_name(self.input)) in VIEWS:
            return f"{self.name} changes a part of a tensor in place"
        return None

    def replace(self, submodule: str) -> None:
        """Call a submodule instead; what was changed in place is the new value from here on."""
        graph, given = self.node.graph, self.input
        with graph.inserting_after(self.node):
            new = graph.call_module(submodule, (given,))
        self.node.replace_all_uses_with(new)
        if self.is_inplace:
            order = {node: i for i, node in enumerate(graph.nodes)}
            given.replace_all_uses_with(new, lambda user: user is not new and order[user] > order[new])
        graph.erase_node(self.node)


def traced(module: nn.Module, training: bool) -> fx.Graph:
    """Return the graph of a module's own forward pass, with nothing left on the module.

    Raises
    ------
    ValueError
        If it makes a tensor of its own, which would be a constant of the graph, or fills a list or a dict.
    """
    was, had, held = module.training, set(vars(module)), _held(module)
    module.training = training
    try:
        graph = OwnForward(module).trace(module)
    finally:
        module.training = was
        for name in set(vars(module)) - had:
            delattr(module, name)
        changed = _restored(module, held)
    if changed:
        raise ValueError(
            f"its forward changes {', '.join(changed)}, which a trace would do once and never again"
        )
    if any(n.op == "get_attr" and str(n.target).startswith("_tensor_constant") for n in graph.nodes):
        raise ValueError("its forward makes a tensor of its own, which a trace would freeze")
    return graph


def _held(module: nn.Module) -> dict[str, Any]:
    """Return copies of the lists, dicts and sets that a module keeps."""
    return {name: copy.copy(v) for name, v in vars(module).items() if type(v) in (list, dict, set)}


def _restored(module: nn.Module, held: dict[str, Any]) -> list[str]:
    """Put back what was changed in them, and return their names."""
    now = vars(module)
    changed = [name for name, was in held.items() if _identities(now[name]) != _identities(was)]
    for name in changed:
        now[name].clear()
        (now[name].extend if type(now[name]) is list else now[name].update)(held[name])
    return changed


def _identities(kept: Any) -> list[int]:
    return [id(v) for v in (kept.values() if isinstance(kept, dict) else kept)]


def calls(graph: fx.Graph) -> list[Call]:
    """Return the calls of activations, in the order in which they run."""
    return [Call(node) for node in graph.nodes if _is_activation(node)]


def rewrite_(module: nn.Module, sites: Sites) -> None:
    """Make a module call its submodules at those sites; it becomes of a subclass of its class."""
    kept = {**getattr(module, "_sites", {}), **sites}
    functions = {training: _forward(module, training, kept) for training in (False, True)}
    if not isinstance(module, Rewritten):
        module.__class__ = _rewritten(type(module))
    vars(module).update(_sites=kept, _forwards=functions)


def _forward(module: nn.Module, training: bool, sites: Sites) -> Callable[..., Any]:
    graph = traced(module, training)
    found = calls(graph)
    for number, submodule in sites.items():
        found[number].replace(submodule)
    forward: Callable[..., Any] = type(fx.GraphModule(module, graph)).forward
    return forward


_REWRITTEN: dict[Any, type[Any]] = {}


class Rewritten:
    """What the rewritten modules have beside their own class."""

    original: type[nn.Module]
    _sites: Sites
    _forwards: dict[bool, Callable[..., Any]]

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        state: dict[str, Any] = vars(self)
        return _blank, (self.original,), {k: v for k, v in state.items() if k != "_forwards"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)  # type: ignore[misc]
        rewrite_(self, self._sites)  # type: ignore[arg-type]


def _rewritten(kind: Any) -> type[Any]:
    """Return the subclass of a class, always the same one."""
    if kind not in _REWRITTEN:
        _REWRITTEN[kind] = _subclass(kind)
    return _REWRITTEN[kind]


def _subclass(kind: Any) -> type[Any]:
    @wraps(kind.forward)
    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        return self._forwards[self.training](self, *args, **kwargs)

    parts = {
        "forward": forward,
        "original_forward": kind.forward,
        "original": kind,
        "__module__": kind.__module__,
    }
    return type(kind.__name__, (Rewritten, kind), parts)


def _blank(kind: type[nn.Module]) -> Any:
    return object.__new__(_rewritten(kind))


def _is_activation(node: fx.Node) -> bool:
    if node.op == "call_method":
        return plain(str(node.target)) in words()
    return node.op == "call_function" and node.target in functions()


def _name(node: fx.Node) -> str:
    return node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
