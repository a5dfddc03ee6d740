"""How soon the page is painted and how soon a slider's drag is: measured and printed, held to limits far above."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest

pytestmark = pytest.mark.browser
PATIENCE = 40  # openings at most: others may have the machine for a while

PAINTS = """() => new Promise((done) => {
  const told = () => {
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const [drawn] = performance.getEntriesByName("drawn");
    if (paint && drawn) done([paint.startTime, drawn.startTime]);
    else requestAnimationFrame(told);
  };
  told();
})"""
DRAGS = """async () => {
  const slider = document.querySelector(".chosen input[type=range]");
  const line = () => document.querySelector("path.curve").getAttribute("d");
  const frame = () => new Promise(requestAnimationFrame);
  const found = [];
  for (let i = 1; i <= 25; i++) {
    await frame();
    const before = line(), start = performance.now();
    slider.value = 0.1 * i;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    let frames = 0;
    for (; line() === before; frames++) await frame();
    await new Promise((done) => setTimeout(done)); // after the frame's layout and paint
    found.push([frames, performance.now() - start]);
  }
  return found;
}"""


def test_the_first_paint_takes_less_than_a_second(visit: Any, page: str, capsys: Any) -> None:
    found: list[list[float]] = []
    while len(found) < 5 or (len(found) < PATIENCE and max(map(min, zip(*found, strict=True))) >= 1000):
        tab = visit()
        found.append(tab.evaluate(PAINTS))
        tab.close()
    paints, drawn = zip(*found, strict=True)
    with capsys.disabled():
        print(
            f"\nexplorer: {len(page.encode()) / 1024:.0f} KiB; first paint {median(paints):.0f} ms, ", end=""
        )
        print(f"curves drawn {median(drawn):.0f} ms after opening (medians of {len(found)})")
    assert min(paints) < 1000
    assert min(drawn) < 1000


def test_a_sliders_drag_is_drawn_within_a_few_frames(visit: Any, capsys: Any) -> None:
    tab = visit("f=elu&f=gelu&f=snake&f=mish&f=selu&orders=0+1+2")
    found = tab.evaluate(DRAGS)
    frames, times = zip(*found, strict=True)
    with capsys.disabled():
        print(
            f"\nexplorer: a drag over 15 curves is drawn after {median(frames):.0f} frames, {median(times):.0f} ms"
        )
    assert min(frames) <= 3
    assert min(times) < 250
    tab.close()


def test_the_page_is_small(page: str) -> None:
    assert len(page.encode()) < 1_000_000
