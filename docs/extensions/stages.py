"""The directive `stages`: the architecture as a picture, drawn from the imports that are really there."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

import nonlin

SOURCE = Path(nonlin.__file__).parent
TESTS = Path(__file__).parents[2] / "tests"
WIDTH, HEIGHT, ROOM, LEFT = 760, 46, 150, 20


class Stages(SphinxDirective):
    """The stages from above to below, with what imports what."""

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", f'<div class="stages">{picture()}</div>', format="html")]


def picture() -> str:
    """Return the stages as SVG: a box a stage, an arc for each stage that imports another, as thick as often."""
    there = [[s for s in row if s in _files()] for row in _architecture().STAGES]
    kept = [row for row in there if row]
    boxes = {
        s: (LEFT + 300 + i * (ROOM + 10), 10 + r * HEIGHT)
        for r, row in enumerate(kept)
        for i, s in enumerate(row)
    }
    height = 10 + len(kept) * HEIGHT
    width = max(x for x, _ in boxes.values()) + ROOM + 20
    arcs = "".join(
        _arc(boxes, a, b, n) for (a, b), n in sorted(imports().items()) if a in boxes and b in boxes
    )
    told = "".join(_box(s, *boxes[s]) for s in boxes)
    title = "<title>Each stage of nonlin imports only stages above it</title>"
    return f'<svg viewBox="0 0 {width} {height}" role="img" width="{width}">{title}{arcs}{told}</svg>'


def _box(stage: str, x: float, y: float) -> str:
    lines = sum(len(p.read_text().splitlines()) for p in _files()[stage])
    shape = f'<rect class="box" x="{x}" y="{y}" width="{ROOM}" height="30" rx="6"/>'
    name = f'<text x="{x + 10}" y="{y + 20}">{escape(stage)}</text>'
    size = f'<text class="size" x="{x + ROOM - 8}" y="{y + 20}">{lines:,}</text>'
    return f"<g>{shape}{name}{size}</g>"


def _arc(boxes: dict[str, tuple[int, int]], user: str, used: str, times: int) -> str:
    (x1, y1), (x2, y2) = boxes[user], boxes[used]
    bow = 30 + 0.42 * abs(y1 - y2)
    path = f"M {x1} {y1 + 15} C {min(x1, x2) - bow} {y1 + 15}, {min(x1, x2) - bow} {y2 + 15}, {x2} {y2 + 15}"
    thick = 0.6 + min(times, 30) / 12
    told = f"{user} imports {used} in {times} places"
    return f'<path d="{path}" stroke-width="{thick:.1f}"><title>{escape(told)}</title></path>'


def imports() -> Counter[tuple[str, str]]:
    """Return how often each stage imports each other one."""
    rules, found = _architecture(), Counter[tuple[str, str]]()
    for path in (p for paths in _files().values() for p in paths):
        inside = str(path.relative_to(SOURCE))
        own = rules.stage_of(inside)
        module = "nonlin." + inside.removesuffix(".py").replace("/", ".")
        for _, name in rules.imported(ast.parse(path.read_text()), module):
            target = [*name.split("."), ""][1]
            target = target if target in rules.RANK else "nonlin"
            if target != own and (inside, name) not in rules.EXCEPTIONS:
                found[own, target] += 1
    return found


def _files() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        inside = str(path.relative_to(SOURCE))
        stage = "nonlin" if inside == "__init__.py" else _architecture().stage_of(inside)
        found.setdefault(stage, []).append(path)
    return found


def _architecture() -> Any:
    """Return the test that holds the order of stages: the picture is drawn by its rules."""
    if str(TESTS) not in sys.path:
        sys.path.append(str(TESTS))
    import test_architecture

    return test_architecture


def setup(app: Any) -> dict[str, bool]:
    app.add_directive("stages", Stages)
    return {"parallel_read_safe": True}
