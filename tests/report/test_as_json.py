"""A page survives JSON."""

from __future__ import annotations

import json
import math

import pytest

from nonlin.errors import InvalidInput
from nonlin.report.as_json import as_json, from_json
from nonlin.report.page import Column, Page, Span, Table, Tag, Text
from nonlin.report.study_page import study_page


def test_a_page_comes_back_equal(results, hostile_results):
    for one in (results, hostile_results):
        page = study_page(one)
        assert from_json(as_json(page)) == page


def test_cells_keep_their_kind():
    row = ("gelu", 1, 1.0, None, True, Span(-1.0, 2.0), Tag("better", "good"))
    page = Page("title", "lead", (Table("caption", tuple(Column(str(i)) for i in range(7)), (row,)),))
    back = from_json(as_json(page)).blocks[0].rows[0]
    assert [type(cell) for cell in back] == [type(cell) for cell in row]


def test_what_is_not_finite_becomes_null():
    page = Page("title", "lead", (Table("caption", (Column("a"),), ((math.inf,), (math.nan,), (0.5,))),))
    rows = json.loads(as_json(page), parse_constant=pytest.fail)["blocks"][0]["rows"]
    assert rows == [[None], [None], [0.5]]


@pytest.mark.parametrize(
    "text",
    ["", "[", "1", '{"kind_of": "Text", "text": "a"}', '{"kind_of": "Popen"}', "{}", '{"kind_of": "Page"}'],
)
def test_other_json_is_refused_in_one_line(text):
    with pytest.raises(InvalidInput, match=r"not a page of nonlin") as refused:
        from_json(text)
    assert "\n" not in str(refused.value)


def test_the_kinds_are_named():
    assert json.loads(as_json(Page("title", "lead", (Text("words"),))))["blocks"][0] == {
        "kind_of": "Text",
        "text": "words",
        "muted": False,
    }
