"""Activations in other people's packages, found by their entry points; a package is imported when its own is used."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from nonlin import catalog, dialects
from nonlin.dialects.lookup import Choice
from nonlin.errors import AmbiguousActivation, BrokenExtension, ExtensionWarning, UnknownActivation

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "nonlin.activations"


@dataclass(frozen=True)
class Extension:
    """An activation that a package declares under `[project.entry-points."nonlin.activations"]`.

    Attributes
    ----------
    name : str
        What nonlin calls it.
    package : str
    target : str
        Where it is, "package.module:object".
    """

    name: str
    package: str
    target: str

    def __str__(self) -> str:
        return f"entry point {self.name!r} of package {self.package!r} ({self.target})"

    def load(self) -> Any:
        """Import and return the object, an Activation or a definition.

        Raises
        ------
        BrokenExtension
            If it cannot be imported; the message names the package and the entry point.
        """
        from importlib.metadata import EntryPoint

        from sympy.core.parameters import distribute

        try:
            with distribute(False):  # a formula stays as written, as in the catalog
                return EntryPoint(self.name, self.target, GROUP).load()
        except Exception as reason:
            told = " ".join(f"{type(reason).__name__}: {reason}".split())
            raise BrokenExtension(f"{self} cannot be used: {told}") from reason


@cache
def found() -> Mapping[str, Extension]:
    """Return the activations of installed packages by name; warn of those whose name is taken or no name."""
    by_name: dict[str, list[Extension]] = {}
    for extension in declared():
        by_name.setdefault(extension.name, []).append(extension)
    usable = {}
    for name, rivals in sorted(by_name.items()):
        problem = _problem(name, rivals)
        if problem:
            warnings.warn(problem, ExtensionWarning, stacklevel=2)
        else:
            usable[name] = rivals[0]
    return usable


def declared() -> Iterable[Extension]:
    """Return what installed packages declare, as it stands in their metadata."""
    from importlib.metadata import entry_points  # takes 25 ms, which no activation of the catalog needs

    try:
        points = list(entry_points(group=GROUP))
    except Exception:  # one package's file is unreadable: the others' are not
        points = list(_readable())
    return dict.fromkeys(Extension(p.name, _package(p), p.value) for p in points)


def _readable() -> Iterable[EntryPoint]:
    from importlib.metadata import distributions

    for distribution in distributions():
        with suppress(Exception):
            yield from distribution.entry_points.select(group=GROUP)


def _package(point: EntryPoint) -> str:
    with suppress(Exception):  # a folder without metadata
        return str(point.dist.name) if point.dist else "unknown"
    return "unknown"


def extension(name: str) -> Extension:
    """Return the extension of that name.

    Raises
    ------
    UnknownActivation
        If no installed package has it.
    """
    if name not in found():
        raise UnknownActivation(
            f"no activation is called {name!r} here; the package that brings it may not be installed"
        )
    return found()[name]


def choose(word: object, options: Mapping[str, Any]) -> Choice:
    """Return what a word means: what it means to nonlin and the frameworks, else an extension of that name.

    Raises
    ------
    UnknownActivation, AmbiguousActivation
        As `nonlin.dialects.choose`.
    """
    try:
        return dialects.choose(word, options)
    except (UnknownActivation, AmbiguousActivation):
        if not found():
            raise
    return dialects.choose(word, options, also=found())


def _problem(name: str, rivals: list[Extension]) -> str:
    """Say in one line why nobody can have the name; nothing if all is well."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        return f"{rivals[0]} is left out: a name has small letters, digits and underscores"
    if len(rivals) > 1:
        return f"{' and '.join(map(str, rivals))} are left out: they share one name"
    taken = _taken(name)
    return f"{rivals[0]} is left out: nonlin has {taken} of that name" if taken else ""


def _taken(name: str) -> str:
    from importlib.util import find_spec

    if name in catalog.names():
        return "an activation"
    if find_spec(f"nonlin.{name}"):
        return "a module"
    try:
        return f"{dialects.choose(name, {}).name!r} for a word"
    except (UnknownActivation, AmbiguousActivation):
        return ""
