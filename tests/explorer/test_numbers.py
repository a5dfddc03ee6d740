"""Every number on the page is the library's: in Chromium, point by point, under the sliders, in tables and lines."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from chromium import settle
from nonlin.certify.certificate import certificates
from nonlin.explorer.speeds import recorded
from oracles import ulps, worst
from tolerances import JAVASCRIPT, vanishing

pytestmark = pytest.mark.browser

ELEMENTWISE = [n for n in nl.names() if nl.get(n).card.kind == "elementwise"]
POINTS = np.unique(np.concatenate([np.linspace(-8, 8, 801), np.linspace(-40, 40, 251)]))
POSITIONS = (0.0, 0.13, 0.4, 0.77, 1.0)
EPS = np.finfo(float).eps
PACKED = """calls => calls.map(([name, order, given, x]) => {
  const bytes = new Uint8Array(Float64Array.from(nonlin.values(name, order, x, given)).buffer);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
})"""


def drawn_values(tab: Any, name: str, calls: list[tuple[int, dict[str, float]]]) -> list[np.ndarray]:
    """Return what the page computes at the points, for (order, parameters)."""
    texts = tab.evaluate(PACKED, [(name, order, given, POINTS.tolist()) for order, given in calls])
    return [np.frombuffer(base64.b64decode(text)) for text in texts]


def library(f: Any, order: int, x: np.ndarray, given: dict[str, float]) -> np.ndarray:
    return np.asarray((f, f.grad, f.derivative(2))[order](x, **given))


def slider_positions(tab: Any, name: str) -> list[dict[str, float]]:
    ends = tab.evaluate("name => nonlin.ends(name)", name)
    return [{p: low + share * (high - low)} for p, (low, high) in ends.items() for share in POSITIONS]


def near(y: np.ndarray) -> np.ndarray:
    """Return the greatest magnitude of y within 1 of each point."""
    finite = np.where(np.isfinite(y), np.abs(y), 0)
    return np.array([finite[np.abs(POINTS - x) <= 1].max() for x in POINTS])


def agree(got: np.ndarray, f: Any, order: int, given: dict[str, float]) -> None:
    """Assert that the page's numbers are the library's to 8 eps (1 + |x|) of the greatest y within 1 of x.

    1 + |x| is for a parameter times x, which the page rounds and the kernels do not; where y jumps, the library's
    value one float to either side is as good.
    """
    allowed = 8 * EPS * (1 + np.abs(POINTS)) * near(library(f, order, POINTS, given)) + 1e-320
    sides = [POINTS, *(np.nextafter(POINTS, side) for side in (-np.inf, np.inf))]
    truths = [library(f, order, x, given) for x in sides]
    off = np.min([np.where(np.isnan(got) & np.isnan(t), 0, np.abs(got - t)) for t in truths], axis=0)
    wrong = ~((off <= allowed) | (got == truths[0]))
    assert not wrong.any(), (given, POINTS[wrong][:5], got[wrong][:5], truths[0][wrong][:5])


def test_there_are_a_thousand_points() -> None:
    assert POINTS.size >= 1000


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_value_slope_and_curvature_at_a_thousand_points_and_five_positions_of_every_slider(
    name: str, shared: Any
) -> None:
    f = nl.get(name)
    calls = [(order, given) for given in [{}, *slider_positions(shared, name)] for order in (0, 1, 2)]
    for (order, given), got in zip(calls, drawn_values(shared, name, calls), strict=True):
        agree(got, f, order, given)
        if not given and order < 2:
            truth, bound = library(f, order, POINTS, {}), JAVASCRIPT.get(name, (0, 0))[order]
            assert (ulps(got, truth) - vanishing(POINTS, truth)).max() <= bound, worst(got, truth, POINTS)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_a_persons_own_function_is_there_with_its_own_numbers(order: int, shared: Any, own: Any) -> None:
    names = shared.evaluate("nonlin.names")
    for place, f in enumerate(own.values()):
        given = {f.parameters[0].name: 0.8}
        (got,) = drawn_values(shared, names[place], [(order, given)])
        agree(got, f, order, given)


def readings(tab: Any) -> dict[str, list[float]]:
    rows = tab.locator(".readings tbody tr").all()
    return {
        row.locator("th").inner_text().strip(): [number(t) for t in row.locator("td").all_inner_texts()]
        for row in rows
    }


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("∞", "inf"))


@pytest.mark.parametrize("x", [-3.25, -0.5, 0.0, 1.75])
def test_the_readings_tell_the_librarys_numbers(show: Any, x: float) -> None:
    tab = show(f"f=gelu&f=elu&1.alpha=0.35&f=tanh&cursor={x}")
    for (shown, told), f, given in zip(
        readings(tab).items(), (nl.gelu, nl.elu, nl.tanh), ({}, {"alpha": 0.35}, {}), strict=True
    ):
        assert shown.startswith(f.name)
        truths = [library(f, order, np.array([x]), given)[0] for order in (0, 1, 2)]
        assert told == pytest.approx(truths, rel=1e-6, abs=1e-15)


LINE = """([chart, line]) => {
  const figure = document.querySelectorAll("#curves figure:not([hidden])")[chart];
  const told = (t) => [t.getAttribute("text-anchor"), +t.getAttribute("x"), +t.getAttribute("y"), t.textContent];
  const marks = [...figure.querySelectorAll("text.mark")].slice(0, -1).map(told);
  return [marks, figure.querySelectorAll("path.curve")[line].getAttribute("d")];
}"""


def points_of(tab: Any, chart: int, line: int) -> np.ndarray:
    """Return the points of a drawn line in the data's units, read off the axes' own marks."""
    marks, path = tab.evaluate(LINE, [chart, line])
    across = [(x, number(text)) for anchor, x, _, text in marks if anchor == "middle"]
    up = [(y - 4, number(text)) for anchor, _, y, text in marks if anchor == "end"]
    pixels = np.array([pair.split() for pair in path.replace("M", "L").split("L")[1:]], float)
    return np.column_stack(
        [
            np.polyval(np.polyfit(*np.array(s).T, 1), p)
            for s, p in ((across, pixels[:, 0]), (up, pixels[:, 1]))
        ]
    )


@pytest.mark.parametrize("name", ["relu", "gelu", "sigmoid", "snake", "hard_sigmoid"])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_lines_are_drawn_where_the_library_says(show: Any, name: str, order: int) -> None:
    tab, f = show(f"f={name}&orders={order}&low=-3&high=4"), nl.get(name)
    x, y = points_of(tab, 0, 0).T
    assert x.min() == pytest.approx(-3, abs=0.02)
    assert x.max() == pytest.approx(4, abs=0.02)
    reach = 0.02  # a pixel; where the line jumps, any value between both sides is passed
    sides = np.array([library(f, order, x + d, {}) for d in np.linspace(-reach, reach, 41)])
    slack = 0.01 * (1 + np.ptp(y))
    assert (y >= sides.min(0) - slack).all()
    assert (y <= sides.max(0) + slack).all()


def test_moving_a_slider_moves_the_numbers_and_the_lines(show: Any) -> None:
    tab = show("f=elu&cursor=-2")
    slider = tab.get_by_role("slider", name="alpha of elu")
    for alpha in (0.25, 1.5, 2.75):
        slider.fill(str(alpha))
        settle(tab)
        (told,) = readings(tab).values()
        assert told[:2] == pytest.approx(
            [nl.elu(-2.0, alpha=alpha), nl.elu.grad(-2.0, alpha=alpha)], rel=1e-6
        )
        x, y = points_of(tab, 0, 0).T
        assert y == pytest.approx(nl.elu(x, alpha=alpha), abs=0.03)


def test_the_difference_to_a_reference_is_drawn(show: Any) -> None:
    x, y = points_of(show("f=silu&reference=gelu"), 0, 0).T
    assert y == pytest.approx(nl.silu(x) - nl.gelu(x), abs=0.003)


def test_the_logarithmic_view_shows_the_size_of_the_slope(show: Any) -> None:
    tab = show("f=tanh&orders=1&log=1&low=-6&high=6")
    marks, path = tab.evaluate(LINE, [0, 0])
    powers = [(y - 4, float(t.removeprefix("10").replace("−", "-"))) for a, _, y, t in marks if a == "end"]
    pixels = np.array([pair.split() for pair in path.replace("M", "L").split("L")[1:]], float)
    log10 = np.polyval(np.polyfit(*np.array(powers).T, 1), pixels[:, 1])
    x = np.linspace(-6, 6, len(log10))
    assert log10 == pytest.approx(np.log10(nl.tanh.grad(x)), abs=0.02)


@pytest.mark.parametrize("temperature", [0.05, 1.0, 7.5])
def test_softmax_shows_the_librarys_shares(show: Any, temperature: float) -> None:
    z = [2.0, 1.0, 0.1, -1.0, 3.25]
    tab = show(f"view=softmax&logits={'+'.join(map(str, z))}&temperature={temperature}")
    shares = [number(text) for text in tab.locator(".shares tbody tr td:nth-child(3)").all_inner_texts()]
    assert shares == pytest.approx(
        nl.softmax(np.array(z), temperature=temperature).tolist(), rel=1e-3, abs=1e-9
    )


def test_the_table_tells_the_librarys_facts(show: Any) -> None:
    tab = show("view=facts&kind=elementwise")
    columns = [c.split(" ▲")[0].strip() for c in tab.locator(".facts thead th").all_inner_texts()]
    for row in tab.locator(".facts tbody tr").all():
        cells = dict(zip(columns, row.locator("th, td").all_inner_texts(), strict=True))
        if cells["name"] not in ELEMENTWISE:
            continue
        facts = nl.get(cells["name"]).facts
        for column, fact in (("Lipschitz constant", facts.lipschitz), ("gain", facts.gain), ("χ", facts.chi)):
            if fact is None or not np.isfinite(fact):
                assert cells[column] == "–"
            else:
                assert number(cells[column]) == pytest.approx(fact, rel=1e-3)
        assert cells["monotone"] == (facts.monotone or "no")


GATED = [n for n in nl.names() if nl.get(n).card.kind == "gated"]
CALLED = "([name, which, calls]) => calls.map((given) => nonlin.call(name, which, ...given))"


@pytest.mark.parametrize("name", GATED)
def test_gated_functions_and_both_their_slopes(shared: Any, name: str) -> None:
    f, (x, gate) = nl.get(name), np.random.default_rng(1).uniform(-6, 6, (2, 1000))
    calls = np.stack([x, gate], 1).tolist()
    value = np.array(shared.evaluate(CALLED, [name, 0, calls]))
    slopes = np.array(shared.evaluate(CALLED, [name, 1, calls])).T
    for got, truth in zip([value, *slopes], [f(x, gate), *f.grad(x, gate)], strict=True):
        assert np.abs(got - truth).max() <= 64 * EPS * np.abs(truth).max()


@pytest.mark.parametrize("name", [n for n in nl.names() if nl.get(n).card.kind == "rowwise"])
def test_functions_of_rows_and_their_products(shared: Any, name: str) -> None:
    f, (z, g) = nl.get(name), np.random.default_rng(2).normal(0, 2, (2, 100, 6))
    g = g[..., : f(z[0]).shape[-1]]
    value = np.array(shared.evaluate(CALLED, [name, 0, [[row] for row in z.tolist()]]))
    product = np.array(shared.evaluate(CALLED, [name, 1, list(zip(z.tolist(), g.tolist(), strict=True))]))
    axis = {} if name != "batch_norm" else {"axis": -1}
    assert value == pytest.approx(f(z, **axis), rel=1e-12, abs=1e-13)
    assert product == pytest.approx(f.vjp(z, g, **axis), rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("name", GATED)
def test_a_gated_function_is_drawn_at_five_gates(show: Any, name: str) -> None:
    tab = show(f"view=function&name={name}")
    assert tab.locator(".small path.curve").count() == 5
    tab.locator(".small .chart-place").hover()
    told = tab.locator(".small .reading").inner_text()
    x = number(told.partition("x = ")[2].split("\n")[0])
    values = [number(word) for word in told.split("\n")[2::2]]
    assert values == pytest.approx(
        [nl.get(name)(x, gate) for gate in (-2.0, -1, 0, 1, 2)], rel=1e-3, abs=1e-3
    )


def test_the_table_tells_the_certificates_and_the_speeds(show: Any) -> None:
    tab = show("view=facts&search=silu")
    columns = [c.split(" ▲")[0].strip() for c in tab.locator(".facts thead th").all_inner_texts()]
    row = tab.locator(".facts tbody tr", has=tab.get_by_role("link", name="silu", exact=True))
    cells = dict(zip(columns, row.locator("th, td").all_inner_texts(), strict=True))
    (mine,) = [c for c in certificates() if (c.function, c.dtype, c.grade) == ("silu", "float32", "exact")]
    worst_ulp = max(tally.away_at_most for tally in mine.measured.values())
    assert number(cells["float32 error, ulp"]) == pytest.approx(worst_ulp, abs=1e-4)
    assert number(cells["ns a value"]) == pytest.approx(recorded()["times"]["silu"][0][1], rel=1e-3)
