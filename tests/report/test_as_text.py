"""A page as text: eighty columns, nothing lost without colour, nothing read as markup."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from nonlin.report.as_text import as_text
from nonlin.report.page import (
    Axis,
    Chart,
    Column,
    Details,
    Intervals,
    Key,
    Note,
    Page,
    Section,
    Table,
    Tag,
    Text,
)
from nonlin.report.study_page import study_page, study_summary


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(results, hostile_results, width):
    for one in (results, hostile_results):
        lines = as_text(study_page(one), width=width).splitlines()
        assert max(map(cell_len, lines)) <= width


def test_no_escape_sequence_without_colour_and_the_same_words_with_it(results):
    page = study_summary(results)
    plain, coloured = as_text(page), as_text(page, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == plain.split()


def test_the_answer_comes_first_and_every_verdict_is_said(results):
    text = as_text(study_page(results))
    assert text.splitlines()[1] == results["verdict"]
    table = text[text.index("Every activation, best mean first") :]
    for name, one in results["activations"].items():
        row = next(line for line in table.splitlines() if line.startswith(f"{name} "))
        assert row.endswith(one["verdict"])
        assert f"{100 * one['metric']['mean']:.1f}" in row


def test_every_number_and_setting_of_the_page_is_there(results):
    text = " ".join(as_text(study_page(results)).split())
    for words in (results["command"], "2.13.0+cpu", "AMD EPYC 9B14", "0.0003, 0.001, 0.003, 0.01, 0.03"):
        assert words in text
    assert all(f"seed {seed} (%)" in text for seed in range(5))


def test_markup_stays_text():
    page = Page("[red]title[/red]", "[bold]:smile:", (Text("[link=x]a[/link]"), Note("[/]", "bad")))
    text = as_text(page)
    for words in ("[red]title[/red]", "[bold]:smile:", "[link=x]a[/link]", "[/]"):
        assert words in text


def test_a_long_name_is_folded_whole_and_hides_no_number():
    name = "a" * 90
    table = Table("caption", (Column("name", "name"), Column("value", "number", decimals=2)), ((name, 1.25),))
    text = as_text(Page("title", "lead", (table,)))
    assert text.count("a") - "title lead caption name value".count("a") == 90
    assert "1.25" in text


def test_what_does_not_fit_side_by_side_comes_below_with_the_names_again():
    columns = (Column("name", "name"), *(Column(f"column{i}", "number", decimals=3) for i in range(12)))
    table = Table("caption", columns, (("gelu", *(i / 8 for i in range(12))),))
    text = as_text(Page("title", "lead", (table,)))
    assert all(f"column{i}" in text and f"{i / 8:.3f}" in text for i in range(12))
    assert len(re.findall(r"^gelu ", text, re.MULTILINE)) == 2


def test_intervals_are_drawn_where_they_are():
    names, tags = ("left", "right"), (Tag("worse", "bad"), Tag("better", "good"))
    series = Intervals(names, (-1.0, 1.0), (-2.0, 0.5), (-0.5, 2.0), tags)
    chart = Chart("title", "described", (series,), Axis("difference", rule=0.0), Axis(""))
    lines = as_text(Page("t", "l", (chart,), Key(names))).splitlines()
    left, right = (next(line for line in lines if line.startswith(name)) for name in names)
    assert left.index("├") < left.index("●") < left.index("┤") < left.index("│") == right.index("│")
    assert right.index("│") < right.index("├") < right.index("●") < right.index("┤")
    assert left.endswith("worse")
    assert right.endswith("better")


def test_details_and_sections_open_in_text():
    page = Page("t", "l", (Section("Part", (Details("More", (Text("inside"),)),)),))
    assert as_text(page).split() == ["t", "l", "PART", "────", "More", "inside"]
