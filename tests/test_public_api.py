"""The public names: there, documented, and as the contract says."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

import nonlin as nl
from nonlin.workbench import Activation, Elementwise, Gated, RowWise, Stochastic
from nonlin.workbench.formula import FromFormula
from nonlin.workbench.stochastic import RandomRows, RandomSlope

WORDS = (
    "exp", "expm1", "log", "log1p", "tanh", "sigmoid", "softplus", "erf", "normal_cdf", "normal_pdf", "sin", "cos",
    "abs", "sign", "where", "max", "min", "sqrt", "sech2", "pi",
)  # fmt: skip
METHODS = (
    "__call__", "grad", "value_and_grad", "vjp", "derivative", "param_grad", "jacobian", "bind", "at_kink", "plot",
    "program",
)  # fmt: skip
ATTRIBUTES = (
    "name",
    "parameters",
    "source",
    "aliases",
    "latex",
    "facts",
    "landmarks",
    "formula",
    "slope_formula",
)


def test_all_is_honest() -> None:
    assert sorted(nl.__all__) == sorted(set(nl.__all__))
    for name in nl.__all__:
        assert getattr(nl, name) is not None, name
    assert set(nl.__all__) | set(nl.names()) <= set(dir(nl))


def test_everything_that_dir_lists_can_be_had() -> None:
    for name in dir(nl):
        assert getattr(nl, name) is not None, name


@pytest.mark.parametrize("word", WORDS)
def test_every_word_for_definitions_is_exported(word: str) -> None:
    assert hasattr(nl, word)


@pytest.mark.parametrize("member", [*METHODS, *ATTRIBUTES])
def test_the_elementwise_contract(member: str) -> None:
    assert hasattr(nl.leaky_relu, member)


@pytest.mark.parametrize(
    "member", ["__call__", "vjp", "jacobian", "param_grad", "bind", "latex", "source", "name"]
)
def test_the_contract_of_those_that_mix_a_row(member: str) -> None:
    assert hasattr(nl.softmax, member)


def test_kinds_and_types() -> None:
    assert isinstance(nl.gelu, Elementwise)
    assert isinstance(nl.softmax, RowWise)
    assert issubclass(Elementwise, nl.Activation)
    assert nl.gelu is nl.get("gelu") is nl.gelu
    assert nl.names() == sorted(nl.names())


def documented() -> list[tuple[str, Any]]:
    things = [(f"nonlin.{n}", getattr(nl, n)) for n in nl.__all__ if n != "errors"]
    errors = [e for _, e in inspect.getmembers(nl.errors, inspect.isclass) if e.__module__ == "nonlin.errors"]
    things += [(f"errors.{e.__name__}", e) for e in errors]
    things += [("errors.did_you_mean", nl.errors.did_you_mean), ("errors.require", nl.errors.require)]
    for kind in (Activation, Elementwise, FromFormula, Gated, RandomRows, RandomSlope, RowWise, Stochastic):
        members = [(n, m) for n, m in vars(kind).items() if not n.startswith("_") or n == "__call__"]
        things += [(f"{kind.__name__}.{n}", m) for n, m in members if callable(m) or isinstance(m, property)]
    return things


THINGS = documented()


@pytest.mark.parametrize("thing", [t for _, t in THINGS], ids=[n for n, _ in THINGS])
def test_every_public_thing_is_documented_by_a_definition(thing: Any) -> None:
    first = (inspect.getdoc(thing) or "").partition("\n")[0]
    assert re.fullmatch(r"[A-Z].*[.:;)]", first), first


FUNCTIONS = [(n, t) for n, t in THINGS if inspect.isfunction(t)]


@pytest.mark.parametrize(("name", "function"), FUNCTIONS, ids=[n for n, _ in FUNCTIONS])
def test_parameters_that_are_documented_exist(name: str, function: Any) -> None:
    text = inspect.getdoc(function) or ""
    section = re.search(r"Parameters\n-+\n(.*?)(?:\n\n[A-Z][a-z]+\n-+\n|\Z)", text, re.DOTALL)
    listed = re.findall(r"^\*{0,2}([\w, *]+) : ", section.group(1), re.MULTILINE) if section else []
    names = {part.strip("* ") for entry in listed for part in entry.split(",")}
    assert names <= set(inspect.signature(function).parameters), name


@pytest.mark.parametrize("name", ["get", "activation"])
def test_what_may_fail_says_so_and_shows_an_example(name: str) -> None:
    text = inspect.getdoc(getattr(nl, name)) or ""
    assert "Raises\n------" in text
    assert ">>> " in text


def test_every_error_is_a_nonlin_error_and_also_what_python_calls_it() -> None:
    assert issubclass(nl.errors.UnknownActivation, (nl.errors.NonlinError, LookupError))
    assert issubclass(nl.errors.UnknownParameter, TypeError)
    assert issubclass(nl.errors.InvalidInput, ValueError)
    assert issubclass(nl.errors.InvalidDefinition, ValueError)
    assert issubclass(nl.errors.MissingExtra, ImportError)


def test_a_missing_extra_is_one_line_that_says_what_to_install() -> None:
    with pytest.raises(nl.errors.MissingExtra) as caught:
        nl.errors.require("no_such_library_at_all.part", "plot")
    assert (
        str(caught.value)
        == "no_such_library_at_all is not installed; it comes with: pip install 'nonlin[plot]'"
    )


def test_an_unknown_attribute_names_its_neighbours() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'misch'\. Did you mean 'mish'"):
        nl.misch  # noqa: B018
    with pytest.raises(AttributeError):
        nl._private  # noqa: B018


def test_typing_is_shipped() -> None:
    from pathlib import Path

    assert (Path(nl.__file__).parent / "py.typed").exists()
