"""A Chart becomes what Plotly accepts, with every word inert."""

from __future__ import annotations

import json

import plotly.graph_objects as go
import pytest

from nonlin.report.as_html import charts_of
from nonlin.report.figures import figure, inert
from nonlin.report.page import Axis, Bars, Chart, Intervals, Key, Line, Marks, Tag
from nonlin.report.study_page import study_page

HOSTILE = ["<b>bold</b>", "&lt;", "%{x}", "$x^2$", '<a href="javascript:alert(1)">a</a>', "<br>x"]


def chart(*series, x=None, y=None):
    return Chart("title", "described", series, x or Axis("x"), y or Axis("y"))


def test_plotly_accepts_every_chart_of_a_study(results, hostile_results):
    for one in (results, hostile_results):
        page = study_page(one)
        for drawn in charts_of(page.blocks):
            go.Figure(figure(drawn, page.key))


def test_a_line_carries_its_data_and_a_gap():
    data = figure(chart(Line("a", (1.0, 2.0, 3.0), (0.1, None, float("nan")))), Key(("a",)))["data"]
    assert (data[0]["x"], data[0]["y"]) == ([1.0, 2.0, 3.0], [0.1, None, None])
    assert data[0]["connectgaps"] is False


def test_a_band_goes_there_below_and_back_above():
    line = Line("a", (1.0, 2.0), (5.0, 6.0), low=(4.0, 5.0), high=(7.0, 8.0))
    band = figure(chart(line), Key(("a",)))["data"][0]
    assert (band["x"], band["y"]) == ([1.0, 2.0, 2.0, 1.0], [4.0, 5.0, 8.0, 7.0])


def test_shares_are_shown_in_percent_and_log_ends_as_exponents():
    drawn = figure(
        chart(
            Line("a", (0.001, 0.1), (0.5, 0.75)),
            x=Axis("rate", log=True, range=(0.001, 0.1)),
            y=Axis("share", percent=True, unit="%", range=(0.0, 1.0)),
        ),
        Key(("a",)),
    )
    assert drawn["data"][0]["y"] == [50.0, 75.0]
    assert drawn["layout"]["xaxis"]["range"] == [-3.0, -1.0]
    assert drawn["layout"]["yaxis"]["range"] == [0.0, 100.0]


def test_intervals_reach_from_low_to_high_and_fill_only_what_stands_out():
    tags = (Tag("better", "good"), Tag("no difference shown"))
    series = Intervals(("a", "b"), (1.0, 0.0), (0.5, None), (2.0, None), tags)
    first, second = figure(chart(series), Key(("a", "b")))["data"]
    assert (first["error_x"]["array"], first["error_x"]["arrayminus"]) == ([1.0], [0.5])
    assert second["error_x"] == {"visible": False}
    assert first["marker"]["color"] == first["marker"]["line"]["color"] != second["marker"]["color"]


def test_one_name_has_one_colour_in_every_chart(results):
    page = study_page(results)
    seen: dict[str, set[str]] = {}
    for drawn in charts_of(page.blocks):
        for trace in figure(drawn, page.key)["data"]:
            line = trace.get("line", {}).get("color") or trace["marker"].get("line", {}).get("color")
            seen.setdefault(trace["legendgroup"], set()).add(line or trace["marker"]["color"])
    assert all(len(colours) == 1 for colours in seen.values())
    assert len(set.union(*seen.values())) == len(results["activations"])


@pytest.mark.parametrize("name", HOSTILE)
def test_no_word_reaches_plotly_alive(name):
    drawn = figure(
        chart(
            Line(name, (0.0, 1.0), (0.0, 1.0), label=name),
            Marks(name, (0.0,), (0.0,), name, "ring", (name,)),
            Intervals((name,), (0.0,), (0.0,), (1.0,), (Tag(name),)),
            Bars((name,), (1.0,)),
            x=Axis(name, unit=name),
            y=Axis(name),
        ),
        Key((name,)),
    )
    assert name not in json.dumps(drawn, ensure_ascii=False).replace('\\"', '"')


def test_inert_text_is_the_same_text_once_entities_are_read():
    import html

    for name in HOSTILE:
        assert html.unescape(inert(name)) == name
        assert not set("<>%$") & set(inert(name))


def test_a_narrow_logarithmic_axis_has_ticks_between_the_powers_of_ten():
    ticks = [
        figure(chart(Line("a", (1.0, 2.0), ends), y=Axis("loss", log=True)), Key())["layout"]["yaxis"][
            "dtick"
        ]
        for ends in ((0.3, 1.1), (0.001, 1.1))
    ]
    assert ticks == ["D2", 1]
