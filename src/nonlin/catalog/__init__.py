"""The catalog: one activation, one file; names come from the folder, nothing is imported until asked."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from sympy.core.parameters import distribute

from nonlin.errors import InvalidDefinition, UnknownActivation, did_you_mean
from nonlin.vocabulary import Definition, RowDefinition


@cache
def names() -> tuple[str, ...]:
    """Return the canonical names, in alphabetical order."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


@cache
def load(name: str) -> Definition | RowDefinition:
    """Return the definition that the file `name` holds.

    Raises
    ------
    InvalidDefinition
        If the file does not define a variable of its own name.
    """
    with distribute(False):  # (x + 3) / 6 stays as written: x / 6 + 1 / 2 loses digits at -3
        module = import_module(f"{__name__}.{name}")
    definition = getattr(module, name, None)
    if not isinstance(definition, Definition | RowDefinition):
        raise InvalidDefinition(f"catalog/{name}.py must define {name!r}; the name and the file agree")
    summary = (module.__doc__ or "").partition("\n")[0]
    return definition.named(name, summary)


def canonical(name: str) -> str:
    """Return the canonical name behind a name or an alias, in any case.

    Raises
    ------
    UnknownActivation
        If there is none; the message lists those that are near.
    """
    word = str(name).strip().lower().replace("-", "_")
    if word in names():
        return word
    known = aliases()
    if word in known:
        return known[word]
    raise UnknownActivation(
        f"no activation is called {name!r}.{did_you_mean(word, [*names(), *known])} "
        "All names: nonlin list, or nonlin.names()"
    )


@cache
def aliases() -> dict[str, str]:
    """Return every alias with its canonical name.

    Raises
    ------
    InvalidDefinition
        If two definitions claim the same alias.
    """
    found: dict[str, str] = {}
    for name in names():
        for alias in load(name).aliases:
            if alias in found or alias in names():
                raise InvalidDefinition(
                    f"the alias {alias!r} of {name} is taken by {found.get(alias, alias)}"
                )
            found[alias] = name
    return found
