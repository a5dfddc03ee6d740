"""The report in a real browser: opened from the disk, drawn whole, usable by keyboard, safe from its own words."""

from __future__ import annotations

import re

import pytest

from chromium import listened
from nonlin.report.as_html import as_html, charts_of
from nonlin.report.figures import short
from nonlin.report.page import Column, Page, Table
from nonlin.report.palette import DARK, LIGHT
from nonlin.report.study_page import study_page

pytestmark = pytest.mark.browser

FITTED = """plots => plots.every(plot =>
    Math.abs(plot.clientWidth - plot.querySelector("svg").getAttribute("width")) <= 1)"""
RANKING, LEARNING = 0, 1  # places of the page's first charts


@pytest.fixture(scope="module")
def visit(browser, tmp_path_factory):
    """Return a function that opens a page's HTML from the disk; what the browser complains of is collected."""
    folder = tmp_path_factory.mktemp("pages")

    def open_page(page, name="page", width=1280, scheme="light", script=True):
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(as_html(page), encoding="utf-8")
        tab = listened(
            browser.new_page(
                viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
            )
        )
        tab.goto(path.as_uri())
        if script and charts_of(page.blocks):
            tab.wait_for_selector("html[data-drawn]", state="attached")
        return tab

    return open_page


@pytest.fixture(scope="module")
def opened(visit, results, hostile_results):
    return {
        "study": visit(study_page(results), "study"),
        "hostile": visit(study_page(hostile_results), "hostile"),
    }


@pytest.fixture
def tab(opened):
    return fresh(opened["study"])


@pytest.fixture
def hostile_tab(opened):
    return fresh(opened["hostile"])


def fresh(tab):
    """Return a tab as wide and light as at first: to open the page anew costs two seconds each time."""
    seen_as(tab, 1280, "light")
    tab.complaints.clear()
    return tab


def seen_as(tab, width, scheme):
    tab.emulate_media(color_scheme=scheme, media="screen")
    tab.set_viewport_size({"width": width, "height": 900})
    tab.mouse.move(0, 0)
    for _ in range(200):
        tab.wait_for_timeout(100)  # the charts are drawn again a moment after the window has changed
        if tab.locator(".plot").evaluate_all(FITTED):
            return
    pytest.fail(f"the charts do not follow the window to {width} pixels")


def count(tab, place, selector):
    return tab.locator(".plot").nth(place).locator(selector).count()


def overflow(tab):
    return tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_it_opens_from_the_disk_in_silence(tab, hostile_tab):
    for one in (tab, hostile_tab):
        assert one.complaints == []
        assert len(one.requested) == 1
        assert one.requested[0].startswith("file://")


def test_the_verdict_can_be_read_without_scrolling(tab, results):
    lead = tab.locator(".lead")
    assert lead.inner_text() == results["verdict"]
    assert lead.bounding_box()["y"] < 200
    assert tab.locator(".plot").first.bounding_box()["y"] < 900


def test_every_chart_is_drawn(tab, results):
    charts = charts_of(study_page(results).blocks)
    assert tab.locator("html").get_attribute("data-drawn") == str(len(charts))
    drawn = tab.evaluate(
        "[...document.querySelectorAll('.plot')].map(p => p.querySelectorAll('.trace, .bars').length)"
    )
    assert len(drawn) == len(charts)
    assert all(drawn)


def test_the_ranking_has_a_point_and_an_interval_for_every_activation(tab, results):
    number = len(results["activations"])
    assert count(tab, RANKING, ".points path.point") == number
    assert count(tab, RANKING, "path.xerror") == number - 1
    ticks = tab.locator(".plot").nth(RANKING).locator(".ytick text").all_text_contents()
    assert sorted(text.strip() for text in ticks) == sorted(results["activations"])


def test_points_lie_where_the_data_say(tab, results):
    plot = tab.locator(".plot").nth(RANKING)
    boxes = [point.bounding_box() for point in plot.locator(".points path.point").all()]
    pixels = [box["x"] + box["width"] / 2 for box in boxes]
    wanted = [(results["activations"][n]["difference"] or {"mean": 0})["mean"] for n in results["ranking"]]
    scale = (pixels[0] - pixels[-1]) / (wanted[0] - wanted[-1])
    for pixel, number in zip(pixels, wanted, strict=True):
        assert pixel == pytest.approx(pixels[-1] + scale * (number - wanted[-1]), abs=1)


def test_curves_bands_and_bars_are_as_many_as_the_data(tab, results):
    number = len(results["activations"])
    assert count(tab, LEARNING, "path.js-line") == number
    for place in range(LEARNING + 1, LEARNING + 1 + number):
        assert count(tab, place, "path.js-fill") == 1
        assert count(tab, place, "path.js-line") == 3 - (place == first_panel_of(results, "relu"))
    assert tab.locator(".bars .point").count() == number


def first_panel_of(results, name):
    """Return the place of an activation's learning curve: two lines and the edge of a band, or one fewer."""
    return LEARNING + 1 + results["ranking"].index(name)


def test_rates_have_a_point_for_every_rate_that_finished(tab, results):
    charts = charts_of(study_page(results).blocks)
    for name, one in results["activations"].items():
        places = [i for i, chart in enumerate(charts) if chart.title == name]
        place = places[1]  # the panels are learning curves, learning rates, shapes
        finished = sum(tried["validation"]["mean"] is not None for tried in one["learning_rates"])
        lost = sum(tried["diverged"] > 0 for tried in one["learning_rates"])
        assert count(tab, place, ".points path.point") == finished + 1 + lost


def test_names_stay_text_in_tables_labels_and_under_the_pointer(hostile_tab, hostile_results):
    names = list(hostile_results["activations"])
    table = hostile_tab.locator("table.sortable").first
    assert [cell.strip() for cell in table.locator("tbody th").all_inner_texts()] == hostile_results[
        "ranking"
    ]
    assert hostile_tab.locator("img").count() == 0
    assert hostile_tab.locator("script").count() == 3
    plot = hostile_tab.locator(".plot").first
    ticks = [text.strip() for text in plot.locator(".ytick text").all_text_contents()]
    assert sorted(ticks) == sorted(map(short, names))
    for point, name in zip(plot.locator(".points path.point").all(), hostile_results["ranking"], strict=True):
        point.hover(force=True)
        label = hostile_tab.locator(".hoverlayer text").first
        label.wait_for()
        assert name in label.text_content()
        hostile_tab.mouse.move(0, 0)
    assert hostile_tab.complaints == []


def test_no_foreign_script_runs(hostile_tab):
    ran = hostile_tab.evaluate(
        """() => { const script = document.createElement("script");
                   script.textContent = "window.foreign = 1"; document.body.append(script);
                   script.remove(); return window.foreign === undefined }"""
    )
    assert ran
    hostile_tab.wait_for_timeout(50)
    assert any("Content Security Policy" in complaint for complaint in hostile_tab.complaints)
    hostile_tab.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1280])
@pytest.mark.parametrize("name", ["study", "hostile"])
def test_nothing_overflows_and_the_colours_follow_the_scheme(opened, name, scheme, width):
    tab, theme = fresh(opened[name]), {"light": LIGHT, "dark": DARK}[scheme]
    seen_as(tab, width, scheme)
    assert overflow(tab) <= 0
    assert tab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == rgb(theme.paper)
    strokes = tab.locator(".plot").nth(LEARNING).locator(".js-line")
    drawn = strokes.evaluate_all("lines => lines.map(line => getComputedStyle(line).stroke)")
    assert {rgb(theme.series[0]), rgb(theme.neutral)} <= set(drawn)
    assert tab.complaints == []


def rgb(colour):
    return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))


@pytest.mark.parametrize("width", [380, 1280])
def test_charts_fit_into_the_page(tab, width):
    seen_as(tab, width, "light")
    for plot in tab.locator(".plot").all():
        box, drawing = plot.bounding_box(), plot.locator("svg.main-svg").first.bounding_box()
        assert box["x"] >= 0
        assert drawing["x"] + drawing["width"] <= width
        assert drawing["height"] <= box["height"] + 1


def test_the_judgements_stand_beside_wide_charts_and_above_the_rows_of_narrow_ones(tab):
    for width, beside in ((1280, True), (380, False), (1280, True)):
        seen_as(tab, width, "light")
        plot = tab.locator(".plot").nth(RANKING)
        words = plot.locator(".annotation").first.bounding_box()
        frame = plot.locator(".nsewdrag").bounding_box()
        assert (words["x"] > frame["x"] + frame["width"]) == beside


def test_charts_are_printed_by_day_as_wide_as_the_sheet_and_come_back(tab):
    seen_as(tab, 1280, "dark")
    assert tick_colour(tab) == rgb(DARK.muted)
    for event, theme in (("beforeprint", LIGHT), ("afterprint", DARK)):
        tab.evaluate(f"dispatchEvent(new Event('{event}'))")
        tab.wait_for_timeout(300)
        assert tick_colour(tab) == rgb(theme.muted)
        if event == "beforeprint":
            svg = tab.locator(".plot").first.locator("svg").first
            assert svg.get_attribute("width") == "680"
    seen_as(tab, 1280, "dark")  # fails unless every chart fits its place again


def tick_colour(tab):
    return tab.locator(".plot .ytick text").nth(-1).evaluate("text => getComputedStyle(text).fill")


def test_it_prints(tab):
    seen_as(tab, 1280, "dark")
    assert tab.pdf(format="A4").startswith(b"%PDF")
    tab.emulate_media(media="print")
    assert tab.locator("nav").is_hidden()
    assert tab.locator(".lead").is_visible()
    assert tab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == rgb(LIGHT.paper)
    seen_as(tab, 1280, "dark")  # the charts fit the screen again


def tab_to(tab, found, most=80):
    for _ in range(most):
        tab.keyboard.press("Tab")
        if tab.evaluate(f"({found})(document.activeElement)"):
            return
    pytest.fail("the keyboard does not get there")


def test_the_keyboard_reaches_the_headers_and_sorts_by_number(tab, results):
    tab_to(tab, "e => e.closest('th') && e.textContent.startsWith('time per step')")
    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    activations = results["activations"]
    by_time = sorted(activations, key=lambda name: activations[name]["step_milliseconds"]["median"])
    for direction, wanted in (("ascending", by_time), ("descending", by_time[::-1])):
        tab.keyboard.press("Enter")
        assert first_column(tab) == wanted
        assert tab.evaluate("document.activeElement.closest('th').ariaSort") == direction


def first_column(tab):
    cells = tab.locator("table.sortable").first.locator("tbody th").all_inner_texts()
    return [cell.strip() for cell in cells]


def test_sorting_knows_numbers_and_puts_nothing_last(visit):
    column = Column("n", "number", decimals=0)
    rows = tuple((name, number) for name, number in zip("abcde", (10.0, None, 9.0, -2.0, 1e-9), strict=True))
    tab = visit(Page("t", "l", (Table("c", (Column("name"), column), rows, sortable=True),)), "sorting")
    for header, wanted in (("n", "decab"), ("n", "acedb"), ("name", "abcde")):
        tab.get_by_role("button", name=header, exact=True).click()
        assert "".join(first_column(tab)) == wanted
    assert tab.complaints == []
    tab.close()


def test_the_legend_hides_and_shows_a_line_by_keyboard(hostile_tab):
    button = hostile_tab.locator(".legend").first.get_by_role("button").nth(1)
    before = count(hostile_tab, LEARNING, "path.js-line")
    button.focus()
    for pressed, fewer in (("false", 1), ("true", 0)):
        hostile_tab.keyboard.press("Space")
        hostile_tab.wait_for_timeout(200)
        assert button.get_attribute("aria-pressed") == pressed
        assert count(hostile_tab, LEARNING, "path.js-line") == before - fewer


def test_a_name_under_the_pointer_is_emphasised(hostile_tab):
    hostile_tab.locator(".legend").first.get_by_role("button").nth(2).hover()
    hostile_tab.wait_for_timeout(200)
    traces = hostile_tab.locator(".plot").nth(LEARNING).locator(".scatterlayer > .trace")
    opacities = traces.evaluate_all("traces => traces.map(trace => getComputedStyle(trace).opacity)")
    assert sorted(opacities) == ["0.15"] * (len(opacities) - 1) + ["1"]


def test_the_skip_link_is_the_first_stop_and_comes_into_sight(visit, results):
    tab = visit(study_page(results), "study")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    assert tab.locator(".skip").bounding_box()["x"] >= 0
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Ranking"
    tab.close()


def test_every_picture_table_and_control_has_a_name(tab, results):
    for role in ("figure", "table", "button", "region", "link"):
        found = tab.get_by_role(role).count()
        assert found > 0
        assert tab.get_by_role(role, name=re.compile(r"\w")).count() == found, role
    for chart in charts_of(study_page(results).blocks):
        assert tab.get_by_role("img", name=chart.title).count() >= 1


def test_without_javascript_the_numbers_are_there(visit, results):
    tab = visit(study_page(results), "study", script=False)
    assert tab.locator("noscript").inner_text().startswith("The charts need JavaScript")
    assert tab.locator("table.sortable").first.is_visible()
    tab.close()
