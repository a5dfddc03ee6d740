"""What can go wrong, as a tree; every message repeats the user's own words and names a way out.

NonlinError
├── UnknownActivation    no such name in the catalog (says which ones are near)
├── AmbiguousActivation  frameworks mean different functions by the name (lists them)
├── UnknownParameter     the activation has no such parameter (lists those it has)
├── InvalidDefinition    a formula that cannot be traced, derived or compiled
├── InvalidInput         data, a file, an option or an array that cannot be used
│   └── NoSuchFacts      facts of one number, asked of what mixes a row
├── BrokenExtension      another package's entry point that gives no activation
└── MissingExtra         an optional library is needed (says what to install)
"""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Collection, Iterable
from types import ModuleType


class NonlinError(Exception):
    """Whatever nonlin refuses, in one clear line."""


class UnknownActivation(NonlinError, LookupError):
    """No activation has this name."""


class AmbiguousActivation(NonlinError, LookupError):
    """Frameworks mean different functions by this name."""


class UnknownParameter(NonlinError, TypeError):
    """The activation has no parameter of this name."""

    @classmethod
    def of(cls, activation: str, name: object, known: Collection[str]) -> UnknownParameter:
        """Return the error that names the parameters there are."""
        has = f"It has: {', '.join(known)}" if known else "It has none"
        return cls(f"{activation} has no parameter {name!r}.{did_you_mean(str(name), known)} {has}")


class InvalidDefinition(NonlinError, ValueError):
    """A formula that cannot be traced, derived or compiled."""


class InvalidInput(NonlinError, ValueError):
    """Data, a file, an option or an array that cannot be used."""


class NoSuchFacts(InvalidInput, AttributeError):
    """Facts of one number, asked of an activation that mixes the elements of a row."""


class BrokenExtension(NonlinError, ImportError):
    """An entry point of another package that gives no activation."""


class ExtensionWarning(UserWarning):
    """An entry point of another package that is left out."""


class ContestedName(UserWarning):
    """A name of the catalog by which some framework means another function."""


class MissingExtra(NonlinError, ImportError):
    """An optional library is not installed."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean 'gelu' or 'selu'?" for the known words near `word`, else nothing.

    Examples
    --------
    >>> did_you_mean("misch", ["mish", "relu"])
    " Did you mean 'mish'?"
    """
    near = difflib.get_close_matches(word.lower(), list(known), n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def require(module: str, extra: str) -> ModuleType:
    """Import an optional module, or say in one line what to install.

    Parameters
    ----------
    module : str
        The module to import, such as "matplotlib.pyplot".
    extra : str
        The extra of nonlin that brings it, such as "plot".

    Raises
    ------
    MissingExtra
        If the module, or one that it needs, is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] != module.split(".")[0]:
            raise
        raise MissingExtra(
            f"{missing.name} is not installed; it comes with: pip install 'nonlin[{extra}]'"
        ) from missing
