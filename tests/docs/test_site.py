"""The built site stands alone: nothing from elsewhere, no link within leads nowhere, and it opens from the disk."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

import nonlin as nl
from chromium import listened

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build/docs"

if not (SITE / "index.html").is_file():
    if os.environ.get("CI"):
        raise RuntimeError("the documents are not built: make docs")
    pytest.skip("the documents are not built: make docs", allow_module_level=True)

PAGES = sorted(SITE.rglob("*.html"))
LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "link": "href",
    "source": "src",
    "video": "src",
    "audio": "src",
}


class Reading(HTMLParser):
    """What a page loads, where it leads, and what can be led to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.places.add(str(given["id"]))
        if tag in LOADS and given.get(LOADS[tag]):
            self.loads.append(str(given[LOADS[tag]]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))


@pytest.fixture(scope="module")
def read() -> dict[Path, Reading]:
    return {path: Reading(path) for path in PAGES}


def test_there_is_a_page_for_every_activation() -> None:
    assert {p.stem for p in (SITE / "activations").glob("*.html")} == {*nl.names(), "index"}


def test_nothing_is_loaded_from_elsewhere(read: dict[Path, Reading]) -> None:
    for path, page in read.items():
        foreign = [
            load for load in page.loads if urlsplit(load).scheme not in ("", "data") or load.startswith("//")
        ]
        assert not foreign, (path.name, foreign)


def test_no_style_fetches_anything() -> None:
    for path in SITE.rglob("*.css"):
        found = re.findall(r"url\(\s*[\"']?((?:https?:)?//[^)\"']+)|@import", path.read_text())
        assert not found, (path.name, found)


def test_everything_that_is_loaded_is_there(read: dict[Path, Reading]) -> None:
    for path, page in read.items():
        for load in page.loads:
            if not urlsplit(load).scheme:
                assert (path.parent / unquote(urlsplit(load).path)).exists(), (path.name, load)


def test_no_link_within_leads_nowhere(read: dict[Path, Reading]) -> None:
    by_path = {path.resolve(): page for path, page in read.items()}
    for path, page in read.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            assert target.exists(), (path.name, link)
            if parts.fragment and target in by_path:
                assert unquote(parts.fragment) in by_path[target].places | {""}, (path.name, link)


def test_formulas_are_mathml_and_no_tex_is_left() -> None:
    assert "<math" in (SITE / "activations/gelu.html").read_text()
    assert "<math" in (SITE / "activations/softmax.html").read_text()
    for path in PAGES:
        text = re.sub(r"<pre.*?</pre>|<code.*?</code>", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"\\frac|\\mathrm|MathJax", text), path.name


def test_the_table_of_what_was_asked_stands_before_its_chapters() -> None:
    text = (SITE / "requirements.html").read_text()
    assert 0 < text.find("<table") < text.find("<h2>A. ")


def test_a_function_that_is_cached_is_in_the_reference() -> None:
    assert 'id="nonlin.exercises.names"' in (SITE / "reference/nonlin.exercises.html").read_text()


LOOKED_AT = (
    "index.html", "start.html", "activations/gelu.html", "activations/softmax.html", "activations/index.html",
    "lessons/gradients.html", "reference/objects.html", "reference/commands.html", "requirements.html",
    "certificates.html", "architecture.html",
)  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("page", LOOKED_AT)
def test_it_opens_from_the_disk_in_silence_and_fits(browser: Any, page: str, width: int) -> None:
    tab = listened(browser.new_page(viewport={"width": width, "height": 900}))
    tab.goto((SITE / page).as_uri())
    assert [url for url in tab.requested if not url.startswith(("file:", "data:"))] == []
    assert tab.complaints == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()
