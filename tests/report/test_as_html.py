"""The document: one file, a strict policy, tables and charts that can be read by ear, every word escaped."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from nonlin.report.as_html import as_html, charts_of
from nonlin.report.page import (
    Axis,
    Chart,
    Code,
    Column,
    Details,
    Items,
    Key,
    Line,
    Note,
    Page,
    Section,
    Settings,
    Table,
    Tag,
    Text,
)
from nonlin.report.study_page import study_page

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\"'`{{ 7*7 }}"
VOID = {"meta", "img", "br", "line", "link", "input", "hr"}


class Document(HTMLParser):
    """The elements of a document with their attributes and texts, read by Python's own parser."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def text_in(self, tag):
        return [text for name, text in self.texts if name == tag]


@pytest.fixture(scope="module")
def document(results):
    return Document(as_html(study_page(results)))


def everywhere(words: str) -> Page:
    """Return a page that has the same words in every place that takes words."""
    line = Line(words, (0.0, 1.0), (0.0, 1.0), label=words)
    table = Table(
        words, (Column(words, "name", unit=words, help=words), Column(words)), ((words, Tag(words)),), True
    )
    blocks = (
        Text(words), Items((words,)), Code(words), Note(words, "bad"), table, Settings(words, ((words, words),)),
        Details(words, (Text(words),)), Section(words, (Text(words),)),
        Chart(words, words, (line, Line("other", (0.0,), (0.0,))), Axis(words, unit=words), Axis(words)),
    )  # fmt: skip
    return Page(words, words, blocks, Key((words, "other"), "other"))


def test_every_element_is_closed(document):
    assert document.open == []


def test_words_stay_words_in_every_place():
    harmless, hostile = Document(as_html(everywhere("words"))), Document(as_html(everywhere(HOSTILE)))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in harmless.elements]
    for (_, theirs), (_, ours) in zip(hostile.elements, harmless.elements, strict=True):
        assert theirs.keys() == ours.keys()
    shown = [text for tag, text in hostile.texts if tag not in ("script", "style")]
    wanted = [text for tag, text in harmless.texts if tag not in ("script", "style")]
    assert len(shown) == len(wanted)
    assert sum(text.count(HOSTILE) for text in shown) >= sum(text.count("words") for text in wanted) - 1


def test_the_policy_allows_exactly_the_scripts_inside_and_no_host(results):
    html = as_html(study_page(results))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1].replace("&#39;", "'")
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == hashes
    assert not re.search(r"https?:|unsafe-eval|\*|script-src[^;]*unsafe", policy)


def test_plotly_is_inside_once_and_only_if_a_chart_needs_it(results):
    with_charts, without = as_html(study_page(results)), as_html(Page("title", "lead", (Text("words"),)))
    assert with_charts.count("plotly.js v") == 1
    assert "plotly.js v" not in without
    assert len(without) < 30_000


def test_nothing_is_linked_from_elsewhere(document):
    for tag, attributes in document.elements:
        for name in ("src", "href", "srcset", "action", "data"):
            assert attributes.get(name, "#").startswith("#"), (tag, attributes)


def test_tables_are_real_tables(document, results):
    assert len(document.of("table")) == len(document.of("caption"))
    assert {attributes.get("scope") for attributes in document.of("th")} == {"col", "row"}
    assert all(text.strip() for text in document.text_in("caption"))


def test_every_chart_is_told_and_has_its_numbers(document, results):
    plots = [a for tag, a in document.elements if a.get("class") == "plot"]
    assert len(plots) == len(charts_of(study_page(results).blocks)) == 3 * len(results["activations"]) + 4
    assert all(a["role"] == "img" and len(a["aria-label"]) > 20 for a in plots)
    assert [int(a["data-figure"]) for a in plots] == list(range(len(plots)))
    assert document.text_in("summary").count("Numbers of this chart") == len(document.of("figure"))


def test_ids_are_unique_and_every_reference_has_its_target(document):
    ids = [a["id"] for _, a in document.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for _, a in document.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert a.get(name, ids[0]) in ids
        if a.get("href", "").startswith("#"):
            assert a["href"][1:] in ids


def test_headings_step_down_one_level_at_a_time(document):
    nested = Page(
        "t", "l", (Section("a", (Section("b", (Details("c", (Section("d", ()),)),)),)), Section("e", ()))
    )
    for read, deepest in ((document, 2), (Document(as_html(nested)), 4)):
        levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert max(levels) == deepest
        assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def test_the_same_page_gives_the_same_bytes(results):
    assert as_html(study_page(results)) == as_html(study_page(results))


def test_the_drawing_is_json_and_cannot_end_its_script(hostile_results):
    html = as_html(study_page(hostile_results))
    data = re.search(r'<script type="application/json" id="drawing">(.*?)</script>', html, re.DOTALL)[1]
    assert "<" not in data
    assert len(json.loads(data)["figures"]) == 3 * 5 + 4


def test_numbers_wear_the_minus_of_print_and_sort_by_their_full_precision():
    column = Column("d", "number", decimals=1)
    html = as_html(Page("t", "l", (Table("c", (Column("n"), column), (("a", -0.123456),)),)))
    assert 'data-sort="-0.123456">−0.1<' in html
