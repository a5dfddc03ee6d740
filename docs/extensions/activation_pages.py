"""A page for each activation of the catalog, and the gallery of them: written at each build, from the library alone."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from writing import rows, table, write

import nonlin as nl
from nonlin import catalog
from nonlin.bridges.latex import latex
from nonlin.bridges.mathml import mathml
from nonlin.certify import Certificate, certificates
from nonlin.certify.certificate import FOLDER
from nonlin.cli.commands.export import FORMATS
from nonlin.explorer.code import code
from nonlin.report.activation_page import number
from nonlin.report.certificate_page import certificate_table
from nonlin.report.dialect_tables import dialect_blocks
from nonlin.report.facts_page import worded
from nonlin.report.page import Items, Table, Text
from nonlin.workbench import Activation, Elementwise, Gated, RowWise, Stochastic, named

SOURCES = Path(catalog.__file__).parent

KINDS: Mapping[str, type[Activation]] = {
    "Each element by itself": Elementwise,
    "Gated: two inputs": Gated,
    "A whole row": RowWise,
    "Random": Stochastic,
}

CALLS = {"": "x", "Gated": "x, gate", "RowWise": "z", "RandomSlope": "x", "RandomRows": "z"}


def pages() -> dict[str, str]:
    """Return the file name and text of every page."""
    names = catalog.names()
    return {"index.md": index(names), **{f"{name}.md": page(named(name)) for name in names}}


def index(names: Iterable[str]) -> str:
    """Return the gallery: a picture and a link each, by kind."""
    found = [named(name) for name in names]
    lines = [
        "# Activations", "",
        f"The {len(found)} of the catalog, drawn by the library: the function solid, its slope dashed. Each "
        "page has the formula, the facts and how each is known, the certified errors, who else has it, and code for "
        "each framework.", "",
    ]  # fmt: skip
    for title, kind in KINDS.items():
        some = [a for a in found if isinstance(a, kind)]
        lines += [f"## {title}", "", '<div class="gallery">', *map(_thumbnail, some), "</div>", ""]
    listed = "\n".join(a.name for a in found)
    return "\n".join([*lines, "```{toctree}", ":hidden:", "", listed, "```", ""])


def _thumbnail(a: Activation) -> str:
    picture = f'<img src="../_images/activations/{a.name}.svg" alt="" loading="lazy">' if drawn(a) else ""
    return f'<a href="{a.name}.html">{picture}{a.name}</a>'


def drawn(a: Activation) -> Elementwise | None:
    """Return what of an activation is a curve: itself, its gate, or what it is in evaluation."""
    if isinstance(a, Elementwise):
        return a
    if isinstance(a, Gated):
        return a.gate_factor  # type: ignore[no-any-return]
    evaluation = getattr(a, "evaluation", None)
    return evaluation if isinstance(evaluation, Elementwise) else None


def page(a: Activation) -> str:
    parts = [f"# {a.name}", a.summary, _formula(a), _picture(a), _calling(a), _parameters(a), _example(a)]
    parts += [_code(a), _facts(a), _dialects(a), _certified(a), _definition(a)]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def _formula(a: Activation) -> str:
    if isinstance(a, Elementwise | Gated):
        return f'<div class="formula">\n{mathml(a).strip()}\n</div>'
    return f"$$\n{latex(a).strip()}\n$$"


def _picture(a: Activation) -> str:
    if drawn(a) is None:
        return ""
    of = {"Gated": "The gate's own function", "RandomSlope": "What it is in evaluation"}.get(
        type(a).__name__, a.name
    )
    return (
        f'<img src="../_images/activations/{a.name}.svg" alt="{of} and its slope, from -4 to 4" width="480">\n\n'
        + (f"{of}, and its slope." if of != a.name else "")
    )


def _calling(a: Activation) -> str:
    also = f"Also called {', '.join(f'`{x}`' for x in a.aliases)}. " if a.aliases else ""
    return f"{also}Source: {a.source or 'not stated'}."


def _parameters(a: Activation) -> str:
    if not a.parameters:
        return ""
    lines = ((f"`{p.name}`", number(p.default), p.meaning) for p in a.parameters)
    return f"## Parameters\n\n{rows(['name', 'default', 'meaning'], lines)}"


def example_of(a: Activation) -> list[str]:
    """Return a few lines of Python that show it at work."""
    name = f"nl.{a.name}"
    if isinstance(a, Elementwise):
        return [
            "x = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])", f"{name}(x)", f"{name}.grad(x)",
            *(f'{name}.param_grad(x, "{p.name}")' for p in a.parameters[:1]),
        ]  # fmt: skip
    if isinstance(a, Gated):
        setting = ["x, gate = np.array([1.0, 2.0, -1.0]), np.array([-1.0, 0.5, 2.0])"]
        return [*setting, f"{name}(x, gate)", f"{name}.grad(x, gate)"]
    if isinstance(a, Stochastic):
        generator = "generator=np.random.default_rng(0)"
        return ["x = np.array([-2.0, -0.5, 1.0, 3.0])", f"{name}(x, {generator})"]
    several = "np.array([[1.0, -2.0, 0.5, 3.0], [0.0, 1.0, 4.0, -1.0]])"
    row = several if a.name == "batch_norm" else "np.array([2.0, 1.0, 0.1, -1.0])"
    return [f"z = {row}", f"{name}(z)", *([f"{name}.jacobian(z)"] if row != several else [])]


def session(lines: Iterable[str]) -> str:
    """Return the lines as typed into Python, each with what it shows."""
    import numpy as np

    namespace: dict[str, Any] = {"np": np, "nl": nl}
    told = [">>> import numpy as np, nonlin as nl"]
    with np.printoptions(precision=5, suppress=True, linewidth=88):
        told.append(">>> np.set_printoptions(precision=5, suppress=True)")
        for line in lines:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(line + "\n", "<example>", "single"), namespace)
            told += [f">>> {line}", out.getvalue().rstrip("\n")]
    return "\n".join(filter(None, told))


def _example(a: Activation) -> str:
    return f"## In NumPy\n\n```pycon\n{session(example_of(a))}\n```"


def _code(a: Activation) -> str:
    told = {name: text for name, text in code(a).items() if name != "NumPy"}
    blocks = [f"**{name}**\n\n```python\n{text}\n```" for name, text in told.items()]
    file = f"**In a file**: {', '.join(FORMATS)}\n\n```console\n$ nonlin export javascript {a.name}\n```"
    return "\n\n".join(["## In other languages", *blocks, file])


def _facts(a: Activation) -> str:
    of = drawn(a)
    if of is None:
        return ""
    whose = "" if of is a else f" of {of.name}" if of.name != a.name else " in evaluation"
    lines = ((f.name.replace("_", " "), worded(f.value), f.how, f.because) for f in of.facts)
    lead = "At the default parameters. *z* is a standard normal input, and the gain keeps its size through a layer."
    return f"## Facts{whose}\n\n{lead}\n\n{rows(['fact', 'value', 'known', 'by'], lines)}"


def _dialects(a: Activation) -> str:
    blocks = dialect_blocks(a.name)
    if not blocks:
        return ""
    parts = ["## In other frameworks"]
    for block in blocks:
        if isinstance(block, Table):
            parts.append(table(block, code=[1]))
        elif isinstance(block, Text):
            parts.append(block.text)
        elif isinstance(block, Items):
            parts.append("\n".join(f"{i}. {plain(item)}" for i, item in enumerate(block.items, 1)))
    return "\n\n".join(parts)


def plain(text: str) -> str:
    """Return a sentence with its marks escaped, so that Markdown shows them as they are."""
    return re.sub(r"([*_<>`\[\]$])", r"\\\1", text)


@cache
def _certificates() -> dict[str, list[Certificate]]:
    found: dict[str, list[Certificate]] = {}
    for c in certificates(FOLDER):
        found.setdefault(c.function, []).append(c)
    return found


def _certified(a: Activation) -> str:
    own = _certificates().get(a.name)
    if own is None:
        return ""
    lead = "Largest errors, against ball arithmetic; [how they are measured](../certificates.md)."
    return f"## Certified errors\n\n{lead}\n\n{table(certificate_table(own))}"


def _definition(a: Activation) -> str:
    text = (SOURCES / f"{a.name}.py").read_text().strip()
    lead = f"`nonlin/catalog/{a.name}.py`; all of this page follows from it."
    return f"## The whole definition\n\n{lead}\n\n```python\n{text}\n```"


def draw(folder: Path) -> None:
    """Draw each activation that is a curve."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in catalog.names():
        of = drawn(named(name))
        if of is not None:
            nl.plot(of, path=folder / f"{name}.svg")


def generate(app: Any) -> None:
    write(Path(app.srcdir) / "activations", pages())


def pictures(app: Any, failed: Exception | None) -> None:
    if failed is None:
        draw(Path(app.outdir) / "_images/activations")


def setup(app: Any) -> dict[str, bool]:
    app.connect("builder-inited", generate)
    app.connect("build-finished", pictures)
    return {"parallel_read_safe": True}
