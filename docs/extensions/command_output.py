"""The directive `nonlin`: a command is run while the page is built, and the page shows what it printed."""

from __future__ import annotations

import shlex
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from typer.testing import CliRunner

from nonlin.cli import application


def printed(command: str) -> str:
    """Return what `nonlin COMMAND` prints; an error ends the build."""
    result = CliRunner().invoke(application(), shlex.split(command))
    if result.exit_code:
        raise RuntimeError(
            f"nonlin {command} ends with {result.exit_code}: {result.output}{result.exception!r}"
        )
    return result.stdout


class Command(SphinxDirective):
    """`nonlin` and its words as the argument; `:markdown:` shows the output as part of the page."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {"markdown": directives.flag, "lines": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        command = self.arguments[0]
        output = printed(command)
        if "markdown" in self.options:
            return self.parse_text_to_nodes(output)
        lines = output.strip("\n").splitlines()
        shown = lines[: self.options.get("lines", len(lines))]
        more = [f"... ({len(lines) - len(shown)} more lines)"] if len(shown) < len(lines) else []
        text = "\n".join([f"$ nonlin {command}", "", *shown, *more])
        return [nodes.literal_block(text, text, language="console")]


def setup(app: Any) -> dict[str, bool]:
    app.add_directive("nonlin", Command)
    return {"parallel_read_safe": True}
