"""The files of a new activation: its definition and its test, for a person's own folder or for the catalog."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template

import nonlin
from nonlin.cli.writing import writing
from nonlin.errors import InvalidInput


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    definition, test : Path
    module : str
        The definition's module as its test imports it; "nonlin.catalog.NAME" in a checkout.
    """

    definition: Path
    test: Path
    module: str


def write_own(name: str, folder: Path) -> Written:
    """Write NAME.py, with a function under `@nonlin.activation`, and test_NAME.py beside it.

    Raises
    ------
    InvalidInput
        If the name cannot be one or is taken, a file is there already, or the folder cannot be written to.
    """
    _refuse(name)
    module = ".".join([*_packages_above(folder), name])
    if module == name and find_spec(name) and not (folder / f"{name}.py").exists():
        raise InvalidInput(f"{name!r} is the name of a module that is installed; choose another")
    written = Written(folder / f"{name}.py", folder / f"test_{name}.py", module)
    _write({written.definition: _filled(written, "own"), written.test: _filled(written, "test_own", "test")})
    return written


def write_to_catalog(name: str, checkout: Path) -> Written:
    """Write a file of the catalog and its test in a checkout of nonlin.

    Raises
    ------
    InvalidInput
        As `write_own`.
    """
    _refuse(name)
    place = checkout / f"src/nonlin/catalog/{name}.py"
    written = Written(place, checkout / f"tests/catalog/test_{name}.py", f"nonlin.catalog.{name}")
    _write({place: _filled(written, "catalog"), written.test: _filled(written, "test_catalog", "test")})
    return written


def checkout_around(folder: Path) -> Path | None:
    """Return the checkout of nonlin that a folder is in, None if it is in none."""
    for place in (folder, *folder.parents):
        project = place / "pyproject.toml"
        if (place / "src/nonlin/catalog/__init__.py").exists() and project.exists():
            return place if re.search(r'^name = "nonlin"$', project.read_text(), re.MULTILINE) else None
    return None


def _refuse(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        near = re.sub(r"\W+", "_", name.strip()).strip("_").lower()
        way = f", such as {near!r}" if re.fullmatch(r"[a-z][a-z0-9_]*", near) and near != name else ""
        raise InvalidInput(f"{name!r} is no name for an activation; use small letters, digits and _{way}")
    if name in sys.stdlib_module_names:
        raise InvalidInput(f"{name!r} is a module of Python's own; choose another name")
    if hasattr(nonlin, name) or name in nonlin.names() or find_spec(f"nonlin.{name}"):
        raise InvalidInput(f"nonlin has a {name!r} already (nonlin.{name}); choose another name")


def _packages_above(folder: Path) -> list[str]:
    """Return the packages that a folder is in, outermost first: what its modules are imported under."""
    found: list[str] = []
    for place in (folder.resolve(), *folder.resolve().parents):
        if not (place / "__init__.py").exists():
            break
        found.insert(0, place.name)
    return found


def _filled(written: Written, *templates: str) -> str:
    name = written.definition.stem
    words = {"name": name, "module": written.module, "title": name.replace("_", " ").capitalize()}
    room = files("nonlin.cli") / "templates"
    return "\n".join(Template((room / f"{t}.txt").read_text("utf-8")).substitute(words) for t in templates)


def _write(texts: Mapping[Path, str]) -> None:
    for path in texts:
        if path.exists():
            raise InvalidInput(f"{str(path)!r} is there already, and stays as it is; choose another name")
    for path, text in texts.items():
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
