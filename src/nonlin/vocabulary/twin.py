"""A twin: the same function in another framework; an oracle, a mark to recognise, and a word of its dialect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal


class Twin(str):
    """How a framework spells an activation, and what it means by that.

    Parameters
    ----------
    path : str
        The import path of its function or class; its bare name where it is looked up by name (ONNX, Hugging
        Face, timm).
    *also : str
        Its other spellings for the very same: a class beside a function, a second name.
    by_default : bool, optional
        Whether the spelling means this function when no argument is given. Unless said, it does so if there
        are no `arguments`.
    names : mapping of str to str, optional
        Our parameters with the framework's words for them: `{"negative_slope": "alpha"}`; for a function that
        mixes a row also "axis".
    defaults : mapping of str to float, optional
        The defaults that differ from ours, by our names; "axis" too.
    kink : KinkRule
        The rule for slopes at kinks, where it differs from ours.
    gate : "last" or "first"
        Which of the two inputs of a gated one is the gate.
    differs : str
        Where and why we differ on purpose, in a sentence that cites its source.
    **arguments
        What is given to it to make it this function: `approximate="tanh"`.

    Attributes
    ----------
    more : tuple of Twin
        What else in that framework is this activation, with other defaults or arguments.

    Examples
    --------
    >>> twin = Twin("torch.nn.functional.gelu", "torch.nn.GELU", approximate="tanh")
    >>> twin, twin.also, twin.arguments, twin.by_default
    ('torch.nn.functional.gelu', ('torch.nn.GELU',), {'approximate': 'tanh'}, False)
    """

    __slots__ = ("also", "arguments", "by_default", "defaults", "differs", "gate", "kink", "more", "names")

    also: tuple[str, ...]
    arguments: Mapping[str, Any]
    by_default: bool
    defaults: Mapping[str, float]
    differs: str
    gate: Literal["last", "first"]
    kink: Any
    more: tuple[Twin, ...]
    names: Mapping[str, str]

    def __new__(
        cls,
        path: str,
        *also: str,
        by_default: bool | None = None,
        names: Mapping[str, str] | None = None,
        defaults: Mapping[str, float] | None = None,
        kink: Any = "stated",
        gate: Literal["last", "first"] = "last",
        differs: str = "",
        **arguments: Any,
    ) -> Twin:
        """Name the function and say what it means."""
        self = super().__new__(cls, path)
        self.also, self.arguments = also, arguments
        self.by_default = not arguments if by_default is None else by_default
        self.names, self.defaults = dict(names or {}), dict(defaults or {})
        self.kink, self.gate, self.differs, self.more = kink, gate, differs, ()
        return self

    @property
    def all(self) -> tuple[Twin, ...]:
        """All twins of the framework, the first of them first."""
        return (self, *self.more)


def as_twins(given: Mapping[str, str | Sequence[str]]) -> dict[str, Twin]:
    """Return a Twin for each framework: the first of several, which holds the others.

    Examples
    --------
    >>> as_twins({"keras": ["keras.activations.relu", "keras.layers.ReLU"]})["keras"].all
    ('keras.activations.relu', 'keras.layers.ReLU')
    """
    return {framework: _first(twins) for framework, twins in given.items()}


def _first(given: str | Sequence[str]) -> Twin:
    one, *more = map(_as_twin, [given] if isinstance(given, str) else given)
    if not more:
        return one
    first = Twin(one, *one.also, by_default=one.by_default, names=one.names, defaults=one.defaults,
                 kink=one.kink, gate=one.gate, differs=one.differs, **one.arguments)  # fmt: skip
    first.more = tuple(more)
    return first


def _as_twin(given: str) -> Twin:
    return given if isinstance(given, Twin) else Twin(given)
