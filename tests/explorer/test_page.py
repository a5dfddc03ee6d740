"""The explorer in a real browser: silent, closed to foreign words and scripts, usable by keyboard, ear and phone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import nonlin as nl
from chromium import settle
from nonlin.report.palette import DARK, LIGHT

pytestmark = pytest.mark.browser

VIEWS = (
    "",
    "view=facts",
    "view=softmax",
    "view=signal",
    "view=neuron",
    "view=data",
    "view=function&name=gelu",
)


def test_it_opens_from_the_disk_in_silence_and_asks_for_nothing(visit: Any) -> None:
    tab = visit()
    settle(tab)
    assert tab.complaints == []
    assert len(tab.requested) == 1
    assert tab.requested[0].startswith("file://")
    assert tab.locator("#curves path.curve").count() == 6
    tab.close()


def test_no_foreign_script_runs_and_nothing_is_fetched(visit: Any) -> None:
    tab = visit()
    ran = tab.evaluate(
        """async () => {
          const script = document.createElement("script");
          script.textContent = "window.foreign = 1";
          document.body.append(script);
          const handler = document.createElement("b");
          handler.setAttribute("onclick", "window.foreign = 2");
          document.body.append(handler);
          handler.click();
          await fetch("https://example.org/").catch(() => {});
          return window.foreign;
        }"""
    )
    assert ran is None
    assert sum("Content Security Policy" in complaint for complaint in tab.complaints) >= 3
    tab.close()


@pytest.mark.parametrize("view", ["", "view=facts", "view=function"])
def test_hostile_words_stay_words(show: Any, own: Any, view: str) -> None:
    worse = own["my.functions:worse"]
    tab = show()
    tab.evaluate(
        "([view, name]) => location.hash = `${view}&${new URLSearchParams({ f: name, name, search: 'onerror' })}`",
        [view, worse.name],
    )
    settle(tab)
    shown = tab.locator("main").text_content()
    assert " ".join(worse.name.split()) in " ".join(shown.split())
    assert tab.locator("img").count() == 0
    assert tab.locator("script").count() == 2


def test_what_stands_in_the_address_is_only_data(show: Any) -> None:
    tab = show("f=%3Cimg+src=x+onerror=alert(1)%3E&view=function&name=%3Cscript%3E&sort=__proto__&low=nan")
    assert tab.locator("main img, main script").count() == 0
    assert "<script>" in tab.locator("main").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_overflows_and_the_colours_follow_the_scheme(
    show: Any, view: str, width: int, scheme: str
) -> None:
    tab = show(view, width, scheme)
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    theme = {"light": LIGHT, "dark": DARK}[scheme]
    assert tab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == rgb(theme.paper)


def rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))


FAINT = """() => {
  const channel = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = (colour) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((c) => channel(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
  };
  const own = (e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
  const found = [];
  for (const e of document.querySelectorAll("main *, header *")) {
    if (!own(e) || !e.checkVisibility() || e.matches(":disabled, .hidden, option")) continue;
    const style = getComputedStyle(e), [a, b] = [light(e.ownerSVGElement ? style.fill : style.color), light(behind(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push([e.textContent.slice(0, 40), ratio]);
  }
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_word_stands_out_from_what_is_behind_it(show: Any, view: str, scheme: str) -> None:
    assert show(view, 1280, scheme).evaluate(FAINT) == []


NAMELESS = """() => [..."button, input, select, textarea, a[href], svg[role=img], [role=region], table".split(", ")]
  .flatMap((kind) => [...document.querySelectorAll(kind)])
  .filter((e) => e.checkVisibility())
  .filter((e) => !(e.ariaLabel || e.labels?.length || e.textContent.trim() || e.title))
  .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("view", VIEWS)
def test_every_control_and_picture_has_a_name(show: Any, view: str) -> None:
    assert show(view).evaluate(NAMELESS) == []


@pytest.mark.parametrize("view", VIEWS)
def test_headings_are_in_order_and_ids_are_unique(show: Any, view: str) -> None:
    tab = show(view)
    levels = tab.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(h => +h.tagName[1])")
    assert levels[:2] == [1, 2]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


def test_the_keyboard_walks_from_the_skip_link_through_the_views_into_the_view(visit: Any) -> None:
    tab = visit()
    stops = []
    for _ in range(24):
        tab.keyboard.press("Tab")
        stops.append(tab.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", stops
    assert stops[0] == "Skip to the content"
    assert stops[1:4] == ["Curves", "Facts", "Softmax"]
    assert stops.index("order-0") < stops.index("Save SVG") < stops.index("cursor") < stops.index("add")
    tab.close()


def test_a_view_opened_by_keyboard_takes_the_focus_to_its_heading(visit: Any) -> None:
    tab = visit()
    tab.get_by_role("link", name="Facts").focus()
    tab.keyboard.press("Enter")
    settle(tab)
    assert tab.evaluate("document.activeElement.textContent") == "Facts"
    assert tab.get_by_role("link", name="Facts").get_attribute("aria-current") == "page"
    tab.go_back()
    settle(tab)
    assert tab.locator("#curves").is_visible()
    tab.close()


def test_readings_can_be_heard(show: Any) -> None:
    tab = show("f=tanh&cursor=0.5")
    tab.locator("#cursor").focus()
    tab.keyboard.press("ArrowRight")
    settle(tab)
    told = tab.locator("#cursor").get_attribute("aria-valuetext")
    assert re.fullmatch(r"x [\d.]+: tanh 0\.\d+", told)
    tab.locator("#add").focus()
    tab.locator("#add").select_option("gelu")
    tab.locator("[role=status]", has_text=f"{told}, gelu").wait_for(state="attached")
    assert re.fullmatch(rf"{told}, gelu 0\.\d+", tab.get_by_role("status").first.text_content())


def test_the_pointer_reads_all_values(show: Any) -> None:
    tab = show("f=relu&f=gelu&orders=0")
    box = tab.locator(".chart-place").first.bounding_box()
    tab.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    settle(tab)
    told = tab.locator(".reading").first.inner_text()
    x = float(re.search(r"x = ([\d.]+)", told)[1])
    assert f"gelu\n{nl.gelu(x):.3g}"[:8] in told


def test_dragging_zooms_and_the_address_keeps_it(visit: Any, address: str) -> None:
    tab = visit("f=gelu")
    box = tab.locator(".chart-place").first.bounding_box()
    tab.mouse.move(box["x"] + 150, box["y"] + 100)
    tab.mouse.down()
    tab.mouse.move(box["x"] + 260, box["y"] + 120, steps=4)
    tab.mouse.up()
    tab.wait_for_url(lambda url: "low=" in url)
    low, high = (float(tab.locator(f"#end-{end}").input_value()) for end in ("low", "high"))
    assert -5 < low < high < 5
    tab.goto(tab.url)
    tab.reload()
    assert float(tab.locator("#end-low").input_value()) == low
    tab.get_by_role("button", name="Reset the zoom").click()
    settle(tab)
    assert tab.locator("#end-low").input_value() == "-5"
    tab.close()


def test_two_fingers_zoom_and_keep_what_they_hold(visit: Any) -> None:
    tab = visit("f=gelu&low=-4&high=4", width=400, has_touch=True)
    place = tab.locator(".chart-place").first
    place.scroll_into_view_if_needed()
    box, finger = place.bounding_box(), tab.context.new_cdp_session(tab)

    def touch(what: str, *xs: float) -> None:
        points = [{"x": box["x"] + x, "y": box["y"] + 100, "id": i} for i, x in enumerate(xs)]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{what}", "touchPoints": points})

    def under(pixel: float) -> float:
        frame = place.locator("clipPath rect")
        left, width = (float(frame.get_attribute(name)) for name in ("x", "width"))
        low, high = (float(tab.locator(f"#end-{end}").input_value()) for end in ("low", "high"))
        return low + (pixel - left) / width * (high - low)

    held = under(150), under(200)
    touch("Start", 150)
    touch("Start", 150, 200)
    touch("Move", 120, 260)
    touch("End")
    tab.wait_for_url(lambda url: "low=-4" not in url)
    assert (under(120), under(260)) == pytest.approx(held, abs=0.01)
    tab.close()


def test_a_view_can_be_shared_by_its_address(show: Any) -> None:
    tab = show("f=elu&f=snake&reference=relu&orders=1+2&log=1&low=-2&high=3.5&cursor=0.25&0.alpha=1.75")
    address = tab.evaluate("nonlin.address()")
    drawn = "[...document.querySelectorAll('#curves figure:not([hidden]), .readings')].map(e => e.innerHTML)"
    picture = tab.evaluate(drawn)
    assert len(picture) == 3
    assert show("").evaluate(drawn) != picture
    assert show(address.removeprefix("#")).evaluate(drawn) == picture
    assert tab.get_by_role("slider", name="alpha of elu").input_value() == "1.75"


def test_functions_are_added_and_removed_by_keyboard(show: Any) -> None:
    tab = show("f=relu")
    tab.locator("#add").select_option("mish")
    settle(tab)
    assert tab.locator(".chosen li").count() == 2
    tab.get_by_role("button", name="Remove relu").press("Enter")
    settle(tab)
    assert tab.locator(".chosen li a").all_inner_texts() == ["mish"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_are_saved(visit: Any, tmp_path: Path, scheme: str) -> None:
    tab = visit("f=gelu&f=my.functions%3Aworse", scheme=scheme)
    for kind in ("SVG", "PNG"):
        with tab.expect_download() as caught:
            tab.get_by_role("button", name=f"Save {kind}").click()
        caught.value.save_as(tmp_path / f"a.{kind}")
    root = ET.parse(tmp_path / "a.SVG").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len([p for p in root.iter("{http://www.w3.org/2000/svg}path") if p.get("stroke")]) >= 2
    png = (tmp_path / "a.PNG").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) >= 2 * float(root.get("width")) - 2
    assert tab.complaints == []
    tab.close()


def names(tab: Any) -> list[str]:
    return tab.locator(".facts tbody th").all_inner_texts()


def test_the_table_sorts_by_number_and_filters(show: Any) -> None:
    tab = show("view=facts")
    tab.get_by_role("button", name="gain", exact=True).press("Enter")
    gains = {
        n: nl.get(n).facts.gain
        for n in names(tab)
        if n in nl.names() and nl.get(n).card.kind == "elementwise"
    }
    told = [gains[n] for n in names(tab) if gains.get(n) is not None]
    assert told == sorted(told)
    assert (
        tab.locator("th[aria-sort]").all_inner_texts() == ["gain ▲"]
        or tab.locator("th[aria-sort=ascending]").count() == 1
    )
    tab.get_by_role("searchbox").fill("leaky")
    settle(tab)
    assert "leaky_relu" in names(tab)
    assert len(names(tab)) < 6
    assert re.match(rf"{len(names(tab))} of \d+", tab.get_by_role("status").first.inner_text())


@pytest.mark.parametrize("name", nl.names())
def test_every_function_has_a_page_with_formula_and_code(show: Any, name: str) -> None:
    tab = show(f"view=function&name={name}")
    f = nl.get(name)
    assert tab.locator("h2").inner_text() == name
    assert tab.locator(".formulas math, .formulas code").first.is_visible()
    for alias in f.aliases:
        assert alias in tab.locator("main").inner_text()
    assert name in tab.locator("#code-panel code").inner_text()


def test_code_is_chosen_by_arrow_keys_and_copied(visit: Any) -> None:
    tab = visit("view=function&name=gelu")
    tab.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text }")
    tab.get_by_role("tab", name="NumPy").focus()
    tab.keyboard.press("ArrowRight")
    assert tab.get_by_role("tab", name="PyTorch").get_attribute("aria-selected") == "true"
    code = tab.locator("#code-panel code").inner_text()
    assert 'nlt.module("gelu")' in code
    tab.get_by_role("button", name="Copy").press("Enter")
    assert tab.evaluate("window.copied") == code
    tab.close()


def test_without_javascript_it_says_so(visit: Any) -> None:
    tab = visit(java_script_enabled=False)
    assert tab.locator("noscript").inner_text().startswith("This page draws with JavaScript")
    tab.close()


def test_a_link_followed_at_once_after_a_change_is_followed(show: Any) -> None:
    tab = show("f=relu")
    tab.evaluate(
        """() => {
          const later = [], { setTimeout } = window;
          window.setTimeout = (call) => later.push(call);
          document.getElementById("order-2").click(); // its address is written a moment later
          window.setTimeout = setTimeout;
          location.hash = "view=softmax";
          later.forEach((call) => call());
        }"""
    )
    tab.locator("#softmax").wait_for()
