"""Activations come from the catalog, by name, or from a Python function."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, overload

from nonlin import catalog, extensions
from nonlin.card import Card, card_of
from nonlin.dialects.lookup import Choice, Entry
from nonlin.errors import BrokenExtension, ExtensionWarning, InvalidDefinition
from nonlin.kernels.grades import Grade
from nonlin.workbench.activation import Activation
from nonlin.workbench.elementwise import Elementwise
from nonlin.workbench.gated import Gated
from nonlin.workbench.rowwise import RowWise
from nonlin.workbench.stochastic import stochastic

if TYPE_CHECKING:
    from nonlin.extensions import Extension
    from nonlin.vocabulary import Definition, GatedDefinition, RowDefinition, StochasticDefinition


@overload
def activation(given: Callable[..., Any]) -> Elementwise: ...
@overload
def activation(given: RowDefinition) -> RowWise: ...
@overload
def activation(given: Definition | GatedDefinition | StochasticDefinition) -> Activation: ...
def activation(given: Any) -> Activation:
    r"""Make an activation of a Python function: y = given(x, parameter=default, ...), or of a definition.

    The function is called once with symbols, so it is written in nonlin's words (`nl.exp`, `nl.where`,
    `nl.sqrt`, other activations, ...) and Python's arithmetic. Its derivatives, kernels, facts and bridges
    follow from it. What is no function of one number is given as a definition, as in the files of the catalog:
    a `RowDefinition` along an axis, a `GatedDefinition`, a `StochasticDefinition`.

    Raises
    ------
    InvalidDefinition
        If it branches on its input, calls NumPy or PyTorch on it, or a parameter lacks a default; or if it is
        neither a function nor a definition.

    Examples
    --------
    >>> import nonlin as nl
    >>> @nl.activation
    ... def bent(x, a=0.5):
    ...     "Bent identity with an adjustable bend."
    ...     return x + a * (nl.sqrt(x**2 + 1) - 1)
    >>> float(bent(0.0)), float(bent.grad(0.0))
    (0.0, 1.0)

    Along a row, with its pullback:

    >>> from nonlin.vocabulary import RowDefinition
    >>> from nonlin.vocabulary.row_words import g, mean, z
    >>> centred = nl.activation(
    ...     RowDefinition(value=z - mean(z), vjp=g - mean(g), formula="z_i - mean(z)", latex=r"z_i - \bar z")
    ... )
    >>> centred([1.0, 2.0, 6.0])
    array([-2., -1.,  3.])
    """
    from sympy.core.parameters import distribute

    from nonlin.vocabulary import trace

    if isinstance(given, Activation):
        return given
    if hasattr(given, "formula"):
        return of(card_of(given), given)
    if not callable(given):
        raise InvalidDefinition(f"{given!r} is no function of x, and no definition such as a RowDefinition")
    with distribute(False):
        return Elementwise(card_of(definition := trace(given)), definition)


KINDS: Mapping[str, Callable[..., Activation]] = {
    "elementwise": Elementwise, "gated": Gated, "rowwise": RowWise, "stochastic": stochastic,
}  # fmt: skip


def of(card: Card, own: Any = None) -> Activation:
    """Return the activation of a card of the catalog, or of a definition of one's own."""
    return KINDS[card.kind](card, own)


def named(name: str, grade: Grade = "exact") -> Activation:
    """Return the one activation of that name, of the catalog or of an installed package.

    Raises
    ------
    UnknownActivation
        If there is none.
    BrokenExtension
        If a package promises one and has none.
    """
    found: Any = _named.get(name) or _named.setdefault(name, _made(name))
    return found.fast if grade == "fast" else found  # type: ignore[no-any-return]


_named: dict[str, Activation] = {}


def is_named(activation: Activation) -> bool:
    """Tell whether its name alone leads to the very same, so that it pickles by name."""
    if activation._own is None:
        return activation.card == catalog.card(activation.name)
    found = _named.get(activation.name)
    return found is not None and found._own is activation._own and found.card == activation.card


def every(names: Iterable[str]) -> list[Activation]:
    """Return the activations of these names; a package's that cannot be used is left out with a warning."""
    found = []
    for name in names:
        try:
            found.append(named(name))
        except BrokenExtension as broken:
            warnings.warn(str(broken), ExtensionWarning, stacklevel=2)
    return found


def _made(name: str) -> Activation:
    return of(catalog.card(name)) if name in catalog.names() else _adopted(extensions.extension(name))


def _adopted(extension: Extension) -> Activation:
    """Return what a package's entry point leads to, under the entry point's name."""
    given = extension.load()
    if isinstance(given, Activation) and given.name == extension.name:
        return given
    own = given.definition if isinstance(given, Activation) else given
    if not hasattr(own, "named") or not hasattr(own, "formula"):
        raise BrokenExtension(
            f"{extension} cannot be used: it is of type {type(given).__name__}; let it name an activation made by "
            "@nonlin.activation, or a Definition"
        )
    own = own.named(extension.name, own.summary)
    return of(card_of(own), own)


def chosen(choice: Choice) -> Activation:
    """Return the activation that a word means, in the words of its framework if one is meant."""
    found = spoken(choice.entry) if choice.entry else named(choice.name)
    return found.bind(**choice.bound) if choice.bound else found


@cache
def spoken(entry: Entry) -> Activation:
    """Return an activation as a framework has it: its words, its defaults, its slope at kinks, its order of inputs."""
    meaning, defaults = entry.meaning, dict(entry.meaning.defaults)
    card = catalog.card(meaning.name).bound(defaults).worded(dict(meaning.words))
    rule = card.kink_rule if meaning.kink == "stated" else meaning.kink
    spelling = meaning.call(entry.spelling)
    root = "" if "." in spelling.partition("(")[0] else f"{meaning.dialect}."
    axis = int(defaults.get("axis", card.axis))
    said = replace(card, dialect=meaning.dialect, spelling=root + spelling)
    return of(replace(said, kink_rule=rule, axis=axis, gate=meaning.gate))
