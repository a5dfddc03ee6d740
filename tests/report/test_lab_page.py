"""An experiment's page and picture: colours, dashed theory, fields and mosaics, words that stay words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nonlin.errors import InvalidInput
from nonlin.lab.record import Record
from nonlin.lab.showing import Axis, BarChart, Chart, Field, Mosaic, Table, curve, dots
from nonlin.report.alternative import area, numbers_of
from nonlin.report.as_html import as_html
from nonlin.report.as_text import as_text
from nonlin.report.figures import figure
from nonlin.report.lab_page import block, key, record_page, records_page
from nonlin.report.lab_picture import record_picture
from nonlin.report.page import Chart as PageChart
from nonlin.report.palette import LIGHT
from nonlin.report.shades import ONE_WAY, TWO_WAYS, scale_of, shade, ticks

HOSTILE = "<img src=x onerror=alert(1)>%{x}$y$</script>"
FIELD = Field(
    HOSTILE, (0.0, 1.0, 2.0), (0.0, 1.0), ((0.1, 1.0, 10.0), (1.0, None, 100.0)), log=True, level=1.0
)
MOSAIC = Mosaic("share", (((0, 0), (1, 0), (1, 1), (0, 1)), ((1, 0), (3, 0), (3, 1), (1, 1))), (-1.0, 1.0))
SHOWN = (
    Chart(
        "Lines",
        "Two lines.",
        (
            curve("a", [1, 2], [1, None]),
            curve("a", [1, 2], [1, 2], "theory"),
            curve(HOSTILE, [1, 2], [2, 1]),
            dots("d", [1], [1]),
        ),
        Axis("x"),
        Axis("y", log=True),
    ),
    Chart("Field", "Shades.", (FIELD,), Axis("x"), Axis("y")),
    Chart("Mosaic", "Tiles.", (MOSAIC,), Axis("x"), Axis("y")),
    BarChart("Bars", "Lengths.", ("p", "q"), (1.0, 2.0), Axis("length"), groups=("one", "two")),
    Table("Table", ("name", "number"), ((HOSTILE, -0.125), ("none", None))),
)


def record(name: str = "trial", holds: bool = True, shown: tuple[object, ...] = SHOWN) -> Record:
    settings = {"activations": "relu,elu(alpha=1),gelu", "depth": "3"}
    return Record(
        name, "Is it so?", "Asserted: it is.", settings, {}, "yes", "It is: 3 of 3.", holds, shown, {}, 1.0
    )  # type: ignore[arg-type]


def test_the_page_has_question_verdict_criterion_and_the_command_that_does_it_again() -> None:
    text = " ".join(as_text(record_page(record())).split())
    assert "Is it so? It is: 3 of 3. Stated beforehand: Asserted: it is." in text
    assert "nonlin experiment trial --activations relu,elu,gelu --depth 3" in text
    assert "does not hold" not in text


def test_an_assertion_that_fails_is_told_first() -> None:
    assert "does not hold" in as_text(record_page(record(holds=False)))
    html = as_html(records_page([record(), record("other", holds=False)]))
    assert '<span class="tag bad">' in html


def test_theory_stands_dashed_beside_what_is_measured_in_its_colour() -> None:
    chart = block(SHOWN[0])
    assert isinstance(chart, PageChart)
    measured, theory, other = figure(chart, key([record()]))["data"][:3]
    assert measured["line"]["color"] == theory["line"]["color"] != other["line"]["color"]
    assert (measured["line"]["dash"], theory["line"]["dash"]) == ("solid", "dash")
    assert theory["name"] == "a, theory"


def test_a_field_is_shaded_by_its_logarithm_with_a_line_along_its_level() -> None:
    chart = block(SHOWN[1])
    assert isinstance(chart, PageChart)
    heat, contour = figure(chart, key([]))["data"]
    assert heat["z"] == [[-1, 0, 1], [0, None, 2]]
    assert (heat["zmin"], heat["zmax"]) == (-1, 2)
    assert heat["colorbar"]["ticktext"] == ["0.1", "1", "10", "100"]
    assert contour["contours"]["start"] == contour["contours"]["end"] == 0
    table = numbers_of(chart)
    assert [row[1:] for row in table.rows] == [(1.0, None, 100.0), (0.1, 1.0, 10.0)]


def test_two_hues_meet_in_the_middle_and_one_hue_grows_lighter() -> None:
    stops, low, high = scale_of(Field("chi", (0.0,), (0.0,), ((0.5, 3.0),), middle=1.0))
    assert stops is TWO_WAYS
    assert (low, high) == (0.0, 2.0)
    light = [luminance(shade(i / 20, ONE_WAY)) for i in range(21)]
    assert light == sorted(light)
    assert light[-1] - light[0] > 0.6


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_ticks_are_powers_of_ten_where_there_are_enough() -> None:
    assert ticks(-2.2, 1.1, log=True) == [-2, -1, 0, 1]
    assert len(ticks(-0.8, 0.7, log=True)) == 5


def test_a_mosaic_is_a_trace_a_shade_with_its_areas_in_a_table() -> None:
    chart = block(SHOWN[2])
    assert isinstance(chart, PageChart)
    drawn = figure(chart, key([]))
    first, second, centres = drawn["data"]
    assert first["x"] == [0, 1, 1, 0, 0, None]
    assert first["fillcolor"] != second["fillcolor"]
    assert centres["text"] == ["-1", "1"]
    assert drawn["layout"]["yaxis"]["scaleanchor"] == "x"
    assert dict(numbers_of(chart).rows) == {
        "regions": 2, "smallest area": 1, "middle area": 2, "largest area": 2, "all area": 3,
    }  # fmt: skip
    assert area([(0, 0), (4, 0), (0, 3)]) == 6


def test_a_field_is_drawn_in_characters_that_eighty_columns_hold() -> None:
    field = Field(
        "loss",
        tuple(map(float, range(9))),
        tuple(map(float, range(9))),
        tuple((0.0,) * 4 + (1.0,) * 5 for _ in range(9)),
    )
    text = as_text(record_page(record(shown=(Chart("F", "S.", (field,), Axis("along"), Axis("up")),))))
    assert max(map(len, text.splitlines())) <= 80
    assert text.count("█") > 100
    assert "along to the right, up upward" in text


def test_words_from_outside_stay_words() -> None:
    html = as_html(record_page(record()))
    body = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert "<img" not in body
    data = re.search(r'id="drawing">(.*?)</script>', html, re.DOTALL)
    assert data
    assert "<img" not in data[1]
    assert "%{x}$" not in data[1]


def test_names_of_one_experiment_have_colours_of_their_own() -> None:
    def named(name: str, of: list[str]) -> Record:
        chart = Chart("C", "D.", tuple(curve(one, [1], [1]) for one in of), Axis("x"), Axis("y"))
        return record(name, shown=(chart,))

    groups = [[f"{letter}{i}" for i in range(7)] for letter in "pqrs"]
    names = key([named(group[0], ["shared", *group]) for group in groups]).names
    assert set(names) == {"shared", *(name for group in groups for name in group)}
    colours = len(LIGHT.series)
    for group in groups:
        places = [names.index(name) % colours for name in ["shared", *group]]
        assert len(set(places)) >= 7


@pytest.mark.parametrize("end", ["png", "svg", "pdf"])
def test_a_picture_of_every_kind_of_chart_is_drawn(tmp_path: Path, end: str) -> None:
    picture = record_picture(record(), tmp_path / f"a.{end}")
    assert len([axes for axes in picture.axes if axes.get_title(loc="left")]) == 4
    assert (tmp_path / f"a.{end}").stat().st_size > 5000


def test_a_picture_of_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="does not end in"):
        record_picture(record(), tmp_path / "a.gif")
