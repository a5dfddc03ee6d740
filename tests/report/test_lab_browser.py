"""The lab's page in a real browser: every chart drawn, nothing fetched, no overflow on a phone, by night too."""

from __future__ import annotations

from pathlib import Path

import pytest

from nonlin.lab import run
from nonlin.report.as_html import as_html
from nonlin.report.lab_page import records_page

pytestmark = pytest.mark.browser

PATIENCE = 120_000  # milliseconds: a busy machine takes its time


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    records = [
        run("linear-regions", widths="6", depths="2", grid=20),
        run("order-to-chaos", columns=5, rows=4, depth=4, networks=1, width=50),
        run("depth-without-activation", steps=20),
    ]
    path = tmp_path_factory.mktemp("lab") / "lab.html"
    path.write_text(as_html(records_page(records)), encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_every_chart_is_drawn_and_nothing_sticks_out(
    browser, page_file: Path, width: int, scheme: str
) -> None:
    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab.set_default_timeout(PATIENCE)
    complaints, requested = [], []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda request: requested.append(request.url))
    tab.goto(page_file.as_uri())
    tab.wait_for_selector("html[data-drawn]", state="attached")
    assert complaints == []
    assert [url for url in requested if not url.startswith(("file:", "data:", "blob:"))] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("[...document.querySelectorAll('.plot')].every(plot => plot.querySelector('svg'))")
    assert tab.locator(".plot .heatmaplayer .hm image").count() == 1
    tab.close()


def test_a_mosaic_s_square_is_a_square(browser, page_file: Path) -> None:
    tab = browser.new_page(viewport={"width": 900, "height": 900})
    tab.set_default_timeout(PATIENCE)
    tab.goto(page_file.as_uri())
    tab.wait_for_selector("html[data-drawn]", state="attached")
    across, up = tab.evaluate(
        """() => {
            const {xaxis, yaxis} = document.querySelector(".plot")._fullLayout;
            return [xaxis.l2p(1) - xaxis.l2p(0), yaxis.l2p(0) - yaxis.l2p(1)];
        }"""
    )
    assert across == pytest.approx(up, rel=1e-3)
    assert across > 90
    tab.close()
