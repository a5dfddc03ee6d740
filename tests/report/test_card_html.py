"""What a notebook shows of an activation: whole, escaped, and its curve is the function's."""

from __future__ import annotations

import math
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import nonlin as nl
from nonlin.report.card_html import svg
from nonlin.report.curves import Shape

SVG = "{http://www.w3.org/2000/svg}"


def hostile() -> Any:
    @nl.activation
    def hostile(x, a=0.5):
        "<script>document.title = 'taken'</script> & $x$"
        return nl.where(x > 1, a * x, 2 * nl.sin(x))

    return hostile


def read(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html.replace("&nbsp;", " "))


def words(html: str) -> str:
    return " ".join(" ".join(read(html).itertext()).split())


@pytest.mark.parametrize("name", nl.names())
def test_every_activation_shows_itself(name: str) -> None:
    f = nl.get(name)
    html = f._repr_html_()
    told = words(html)
    assert repr(f) in told
    assert " ".join(f.summary.split()) in told
    drawn = f.card.kind == "elementwise"
    assert ("<svg" in html, "<math" in html, "Lipschitz constant" in told) == (drawn,) * 3
    assert "<script" not in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    assert len(html) < 20_000


def test_a_person_s_words_stay_words() -> None:
    html = hostile()._repr_html_()
    assert "&lt;script&gt;document.title" in html
    assert "mathjax_ignore" in html
    assert "it jumps" in words(html)


def scale(root: ElementTree.Element, anchor: str, coordinate: str, shift: float) -> tuple[float, float]:
    """Return pixels a unit, and the pixel of 0, as the numbers at an axis say."""
    marks = [
        (float((t.text or "").replace("\N{MINUS SIGN}", "-")), float(t.attrib[coordinate]) - shift)
        for t in root.iter(f"{SVG}text")
        if t.attrib.get("text-anchor") == anchor
    ]
    slope, zero = np.polyfit(*zip(*marks, strict=True), 1)
    return slope, zero


def points(root: ElementTree.Element, dashed: bool) -> np.ndarray:
    """Return the points of a curve in the units of its axes."""
    lines = [line for line in root.iter(f"{SVG}polyline") if ("stroke-dasharray" in line.attrib) == dashed]
    pixels = np.array([pair.split(",") for line in lines for pair in line.attrib["points"].split()], float)
    (across, left), (up, bottom) = scale(root, "middle", "x", 0), scale(root, "end", "y", 3.5)
    return np.stack([(pixels[:, 0] - left) / across, (pixels[:, 1] - bottom) / up])


@pytest.mark.parametrize(
    ("name", "value", "slope"),
    [
        ("tanh", math.tanh, lambda x: 1 / math.cosh(x) ** 2),
        ("silu", lambda x: x / (1 + math.exp(-x)),
         lambda x: (1 + math.exp(-x) * (1 + x)) / (1 + math.exp(-x)) ** 2),
    ],
)  # fmt: skip
def test_the_curves_are_the_function_and_its_slope(name: str, value: Any, slope: Any) -> None:
    root = read(nl.get(name)._repr_html_())
    for curve, truth in ((points(root, False), value), (points(root, True), slope)):
        x, y = curve
        assert x[0] == pytest.approx(-4, abs=0.01)
        assert x[-1] == pytest.approx(4, abs=0.01)
        assert np.abs(y - [truth(t) for t in x]).max() < 0.02
        assert np.diff(x).max() < 0.3
        between = np.linspace(-4, 4, 999)
        assert np.abs(np.interp(between, x, y) - [truth(t) for t in between]).max() < 0.02


def test_a_corner_is_drawn_sharp() -> None:
    x, y = points(read(nl.hard_tanh._repr_html_()), False)
    near = np.linspace(-1.1, 1.1, 2001)
    assert np.abs(np.interp(near, x, y) - np.clip(near, -1, 1)).max() < 0.006


def test_no_line_crosses_a_jump() -> None:
    root = read(nl.step._repr_html_())
    solid = [line for line in root.iter(f"{SVG}polyline") if "stroke-dasharray" not in line.attrib]
    assert len(solid) == 2
    assert len(list(root.iter(f"{SVG}circle"))) == 2
    for line in solid:
        assert len({pair.split(",")[1] for pair in line.attrib["points"].split()}) == 1


@pytest.mark.parametrize(
    "y", [[0.0] * 5, [math.nan, 1.0, 2.0, 3.0, math.inf], [1e300, 0, 0, 0, -1e300], [1e-9] * 5]
)
def test_strange_values_are_drawn_somehow(y: list[float]) -> None:
    x = np.linspace(-4.0, 4.0, 5)
    text = svg(Shape("strange", x, np.array(y)))
    assert "nan" not in text
    assert read(text).findall(f".//{SVG}polyline")


@pytest.mark.browser
def test_a_browser_shows_it_whole(browser: Any) -> None:
    html = "".join(f._repr_html_() for f in (nl.gelu_tanh, nl.hard_swish, nl.softmax, hostile()))
    page = browser.new_page(viewport={"width": 760, "height": 900})
    page.set_content(f"<!doctype html><title>mine</title>{html}")
    assert page.title() == "mine"
    assert page.evaluate("document.documentElement.scrollWidth") <= 760
    sizes = page.evaluate(
        "[...document.querySelectorAll('math, svg')].map(e => e.getBoundingClientRect().height)"
    )
    assert len(sizes) >= 9
    assert min(sizes) > 12
    page.close()
