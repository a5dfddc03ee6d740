"""A page as one HTML file that opens from the disk: everything is inside, and nothing is fetched."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import Any

from nonlin.errors import require
from nonlin.report.alternative import numbers_of
from nonlin.report.figures import figure, short
from nonlin.report.page import Block, Chart, Key, Page, Panels, Section
from nonlin.report.palette import DARK, LIGHT, Style, night, style
from nonlin.report.wording import header, sort_key, spell

STROKES = {"solid": "none", "dash": "6 3", "dot": "2 2.5", "dashdot": "7 2.5 2 2.5"}


def as_html(page: Page) -> str:
    """Return the page as one HTML document.

    Plotly's JavaScript is inside once, only if a chart needs it (4.8 MB). The content security policy
    allows exactly the scripts in the document, by their SHA-256, and no request to anywhere.

    Raises
    ------
    MissingExtra
        If jinja2, or plotly for a page with charts, is not installed.
    """
    charts = charts_of(page.blocks)
    figures = [figure(chart, page.key) for chart in charts]
    scripts = [plotly_script()] * bool(figures) + [asset("page.js")]
    html: str = template().render(
        page=page,
        policy=policy(scripts),
        scripts=scripts,
        drawing={"figures": figures, "night": night()},
        style=asset("page.css"),
        themes={"light": asdict(LIGHT), "dark": asdict(DARK)},
        number_of={id(chart): place for place, chart in enumerate(charts)},
        sections=[(i, block) for i, block in enumerate(page.blocks, 1) if isinstance(block, Section)],
    )
    return html


def charts_of(blocks: tuple[Block, ...]) -> list[Chart]:
    """Return every chart among the blocks, in the order in which they are read."""
    charts: list[Chart] = []
    for block in blocks:
        if isinstance(block, Chart):
            charts.append(block)
        elif isinstance(block, Panels):
            charts.extend(block.charts)
        else:
            charts.extend(charts_of(getattr(block, "blocks", ())))
    return charts


def policy(scripts: list[str]) -> str:
    """Return the content security policy: these scripts, inline styles (Plotly sets them), own pictures."""
    hashes = " ".join(f"'sha256-{b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def plotly_script() -> str:
    return str(require("plotly.offline", "report").get_plotlyjs())


@cache
def asset(name: str) -> str:
    return (files("nonlin.report") / "templates" / name).read_text(encoding="utf-8")


def template() -> Any:
    jinja2 = require("jinja2", "report")
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(asset),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "kind": lambda block: type(block).__name__,
        "spell": spell,
        "header": header,
        "sort_key": sort_key,
        "numbers_of": numbers_of,
        "legend": legend,
        "look": look,
        "short": short,
        "identity": id,
    }
    return environment.get_template("page.html")


def legend(chart: Chart | Panels, key: Key) -> list[str]:
    """Return the names that a chart of several lines needs a legend for, in the key's order."""
    if isinstance(chart, Panels):
        return []
    names = {series.name for series in chart.series if hasattr(series, "name")}
    return [name for name in key.names if name in names] if len(names) > 1 else []


def look(name: str, key: Key) -> dict[str, Any]:
    """Return how the legend draws a name: its stroke, and the CSS variable of its colour."""
    drawn: Style = style(name, key, LIGHT)
    colour = LIGHT.series.index(drawn.colour) if drawn.colour in LIGHT.series else None
    return {
        "variable": "--neutral" if colour is None else f"--series-{colour}",
        "stroke": STROKES[drawn.dash],
    }
