"""An experiment's settings: the fields of a dataclass, filled from words or values and checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, get_args, get_origin, get_type_hints

import nonlin
from nonlin.errors import InvalidInput, did_you_mean
from nonlin.workbench import Activation, Elementwise

Resolve = Callable[[str], Activation]


def option(default: Any, meaning: str, least: float | None = None, most: float | None = None) -> Any:
    """Return a field with a help text, and its least and greatest value if it is a number.

    Parameters
    ----------
    default : int, float, str or tuple
        Names stand for activations.
    meaning : str
        A sentence for the help.
    least, most : float, optional
    """
    return field(default=default, metadata={"help": meaning, "least": least, "most": most})


def seed_option() -> Any:
    """Return the field that every experiment has."""
    return option(0, "Begins the random numbers: the same seed gives the same numbers.", 0)


@dataclass(frozen=True)
class Setting:
    """One setting as a person types it.

    Attributes
    ----------
    name : str
        Such as "depth".
    kind : type
        int, float, str or Elementwise; with `many`, several of them separated by commas.
    """

    name: str
    kind: type
    many: bool
    default: Any
    help: str
    least: float | None
    most: float | None

    @property
    def option(self) -> str:
        """What is typed before the value."""
        return "--" + self.name.replace("_", "-")


def settings_of(settings: type[Any]) -> dict[str, Setting]:
    """Return the settings of a dataclass by name."""
    hints = get_type_hints(settings)
    return {one.name: setting(one, hints[one.name]) for one in fields(settings)}


def setting(one: Field[Any], hint: Any) -> Setting:
    many = get_origin(hint) is tuple
    kind = get_args(hint)[0] if many else hint
    return Setting(one.name, kind, many, one.default, **one.metadata)


def filled(settings: type[Any], given: Mapping[str, Any], resolve: Resolve | None = None) -> Any:
    """Return the settings with the given values, each a value or a word for it.

    Parameters
    ----------
    settings : type
        A frozen dataclass of `option` fields.
    given : mapping
        Names with values; dashes and underscores are alike.
    resolve : callable, optional
        Which activation a word means; `nonlin.get` without it.

    Raises
    ------
    InvalidInput
        If there is no such setting, or its value cannot be used.
    """
    known = settings_of(settings)
    named = {name.replace("-", "_"): value for name, value in given.items()}
    for name in named:
        if name not in known:
            has = ", ".join(one.option for one in known.values())
            near = did_you_mean("--" + name.replace("_", "-"), [one.option for one in known.values()])
            raise InvalidInput(f"there is no option --{name.replace('_', '-')}.{near} There are: {has}")
    values = {
        name: understood(one, named.get(name, one.default), resolve or nonlin.get)
        for name, one in known.items()
    }
    return settings(**values)


def understood(one: Setting, value: Any, resolve: Resolve) -> Any:
    if not one.many:
        return single(one, value, resolve)
    values = value.split(",") if isinstance(value, str) else value
    found = tuple(single(one, v.strip() if isinstance(v, str) else v, resolve) for v in values if v != "")
    if not found:
        raise InvalidInput(f"{one.option} is empty; give at least one, such as {spelled(one.default)}")
    return found


def single(one: Setting, value: Any, resolve: Resolve) -> Any:
    if one.kind is Elementwise:
        return elementwise(one, value, resolve)
    if one.kind is str:
        return str(value)
    number = numeric(one, value)
    if one.least is not None and number < one.least:
        raise InvalidInput(f"{one.option} {value}: give {one.least:g} or more")
    if one.most is not None and number > one.most:
        raise InvalidInput(f"{one.option} {value}: give {one.most:g} or less")
    return number


def numeric(one: Setting, value: Any) -> Any:
    wanted = "a whole number" if one.kind is int else "a number"
    try:
        number = one.kind(value)
    except (TypeError, ValueError):
        raise InvalidInput(f"{one.option} {value!r}: give {wanted}, such as {spelled(one.default)}") from None
    if isinstance(value, bool) or number != float(value) or not math.isfinite(number):
        raise InvalidInput(f"{one.option} {value!r}: give {wanted}, such as {spelled(one.default)}")
    return number


def elementwise(one: Setting, value: Any, resolve: Resolve) -> Elementwise:
    found = resolve(value) if isinstance(value, str) else value
    if not isinstance(found, Activation):
        raise InvalidInput(f"{one.option} {value!r} is no activation; give a name, such as gelu")
    if not isinstance(found, Elementwise):
        raise InvalidInput(
            f"{one.option} {found.name}: it {found.nature}; give one of single values, as gelu"
        )
    return found


def spelled(value: Any) -> str:
    """Return a setting's value as a person would type it."""
    if isinstance(value, tuple):
        return ",".join(map(spelled, value))
    if isinstance(value, Activation):
        defaults = ", ".join(f"{p.name}={p.default:g}" for p in value.parameters)
        return f"{value.name}({defaults})" if defaults else value.name
    return f"{value:g}" if isinstance(value, float) else str(value)
