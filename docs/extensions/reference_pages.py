"""The reference: a page for each public module from its docstrings, and one for the commands from their own help."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typer
from writing import rows, titled, write

import nonlin as nl
from nonlin.cli import application
from nonlin.facts import fact, facts
from nonlin.vocabulary import WORDS
from nonlin.workbench import Elementwise, Gated, RowWise, Stochastic

MODULES = (
    "nonlin.torch", "nonlin.jax", "nonlin.keras", "nonlin.onnx", "nonlin.study", "nonlin.certify", "nonlin.bench",
    "nonlin.lab", "nonlin.advisor", "nonlin.exercises", "nonlin.explorer",
)  # fmt: skip
"""Public modules beside `nonlin` itself, in the order of the reference; a page each, of what their `__all__` names."""

OBJECTS = (Elementwise, RowWise, Gated, Stochastic)


def pages() -> dict[str, str]:
    there = [name for name in MODULES if find_spec(name)]
    return {
        "nonlin.rst": package_page(),
        "objects.rst": objects_page(),
        "facts.rst": facts_page(),
        "words.md": words_page(),
        "errors.rst": errors_page(),
        "commands.md": commands_page(),
        **{f"{name}.rst": module_page(name) for name in there},
        "index.md": index(there),
    }


def index(modules: Iterable[str]) -> str:
    listed = "\n".join(["nonlin", "objects", "facts", "words", *modules, "errors", "commands", "../names"])
    return (
        "# Reference\n\nWhat every name does, from the docstrings; the examples run in the tests. Each activation has "
        f"[a page of its own](../activations/index.md).\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    )


def package_page() -> str:
    functions = [n for n in nl.__all__ if inspect.isfunction(getattr(nl, n))]
    lead = (
        "Every activation is an attribute, such as ``nonlin.gelu``: see :doc:`objects` for what each can do, and "
        ":doc:`words` for the words of definitions."
    )
    return "\n".join([titled("nonlin"), lead, "", *(f".. autofunction:: nonlin.{n}" for n in functions), ""])


def module_page(name: str) -> str:
    module = import_module(name)
    lines = [titled(name), f".. automodule:: {name}", "   :no-members:", ""]
    for public in sorted(module.__all__, key=lambda n: (inspect.isclass(getattr(module, n)), n)):
        thing = inspect.unwrap(getattr(module, public))  # what is cached is a function too
        if inspect.isclass(thing):
            lines += _class(f"{name}.{public}")
        elif inspect.isfunction(thing):
            lines.append(f".. autofunction:: {name}.{public}")
    return "\n".join([*lines, ""])


def _class(path: str) -> list[str]:
    return [
        f".. autoclass:: {path}()",
        "   :members:",
        "   :inherited-members: object, Module, Layer, tuple",
        "",
    ]


def objects_page() -> str:
    lead = (
        "What every activation can do. Those that work on each element by itself are ``Elementwise``; softmax and its "
        "kind are ``RowWise``; those of two inputs ``Gated``; those that draw noise ``Stochastic``."
    )
    blocks = [line for kind in OBJECTS for line in _object(f"{kind.__module__}.{kind.__name__}")]
    return "\n".join([titled("Activations as objects"), lead, "", *blocks])


def _object(path: str) -> list[str]:
    name = path.rpartition(".")[2]
    listed = ["   :members:", "   :special-members: __call__", "   :inherited-members: object"]
    return [titled(name, "-"), f".. autoclass:: {path}()", *listed, ""]


def facts_page() -> str:
    named = [n for n, c in vars(fact).items() if inspect.isclass(c) and c.__module__ == fact.__name__]
    lines = [titled("Facts"), f".. autoclass:: {facts.__name__}.Facts()", "   :members:", ""]
    return "\n".join([*lines, *(line for n in named for line in _class(f"{fact.__name__}.{n}"))])


def words_page() -> str:
    lead = (
        "# Words of definitions\n\nA definition of one's own is written in these, and in the names of activations that "
        "are formulas, such as `nl.sigmoid`. Each word knows its derivative, its kernel and its spelling everywhere."
    )
    names = sorted({*nl._WORDS, *(name for name in WORDS if hasattr(nl, name))})
    lines = ((f"`nl.{name}`", _meaning(name)) for name in names)
    return f"{lead}\n\n{rows(['word', 'meaning'], lines)}"


def _meaning(name: str) -> str:
    if name == "pi":  # a number, without a docstring of ours
        return "A circle's circumference by its diameter."
    told = (inspect.getdoc(WORDS.get(name, getattr(nl, name))) or "").partition("\n")[0]
    return told.replace("Return the", "The")


def errors_page() -> str:
    found = [n for n, e in vars(nl.errors).items() if inspect.isclass(e) and e.__module__ == "nonlin.errors"]
    lines = [titled("Errors"), ".. automodule:: nonlin.errors", "   :no-members:", ""]
    return "\n".join([*lines, *(f".. autoexception:: nonlin.errors.{n}" for n in found), ""])


def commands_page() -> str:
    group = typer.main.get_command(application())
    commands = group.commands  # type: ignore[attr-defined]
    lead = "What can be typed after `nonlin`. Bad input ends in one line and exit code 2; `--help` says all of this."
    return "\n\n".join(["# Commands", lead, *(_command(n, commands[n]) for n in sorted(commands))]) + "\n"


def _command(name: str, command: Any) -> str:
    context = command.context_class(command, info_name=f"nonlin {name}")
    usage = " ".join([f"nonlin {name}", *command.collect_usage_pieces(context)])
    text = inspect.cleandoc(command.help or "").replace("\\[", "[")
    lines = (_option(p, context) for p in command.params if not getattr(p, "hidden", False))
    options = rows(["option", "meaning"], lines)
    return f"## nonlin {name}\n\n```console\n$ {usage}\n```\n\n{_with_examples(text)}\n\n{options}"


def _with_examples(text: str) -> str:
    """Return a help text whose example lines are set as code."""
    told = []
    for paragraph in text.split("\n\n"):
        before, colon, example = paragraph.partition("Example: ")
        if paragraph.startswith("nonlin "):
            told.append(f"```console\n$ {paragraph}\n```")
        elif colon:
            told += [before.strip(), f"```console\n$ {' '.join(example.split())}\n```"]
        else:
            told.append(paragraph)
    return "\n\n".join(filter(None, told))


def _option(p: Any, context: Any) -> list[str]:
    names = (
        ", ".join(f"`{o}`" for o in p.opts) if p.param_type_name == "option" else f"`{(p.metavar or p.name)}`"
    )
    meaning = (getattr(p, "help", None) or "").replace("\\[", "[")
    default = p.get_default(context)
    none = default in (None, "", False, ()) or p.required
    return [names, meaning if none else f"{meaning} Default: `{default}`."]


def escape_bars(app: Any, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """Let |f'(x)| in a docstring be an absolute value, not a substitution."""
    lines[:] = [
        line if line.lstrip().startswith((">>>", "...")) else line.replace("|", "\\|") for line in lines
    ]


def generate(app: Any) -> None:
    write(Path(app.srcdir) / "reference", pages())


def setup(app: Any) -> dict[str, bool]:
    app.connect("builder-inited", generate)
    app.connect("autodoc-process-docstring", escape_bars, priority=900)  # after numpydoc
    return {"parallel_read_safe": True}
