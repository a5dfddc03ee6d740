"""What a person drops on the page: pre-activations of every dtype, tables of words, a study's results, and rubbish."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest

import nonlin as nl
from chromium import settle
from drawn_results import make_results

pytestmark = pytest.mark.browser

COLUMNS = ("mean f′", "mean f′²", "dead", "saturated", "mean f", "variance of f")
DTYPES = ("<f2", "<f4", ">f4", "<f8", ">f8", "|i1", "<i4", ">i8", "|u1", "<u8", "|b1")


def sample(number: int = 6000) -> np.ndarray:
    return np.random.default_rng(3).normal(-0.5, 2.5, number)


def npy(array: np.ndarray, version: tuple[int, int] | None = None) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return file.getvalue()


def given(tab: Any, name: str, content: bytes) -> Any:
    read = int(tab.locator(".zone").get_attribute("data-read") or 0)
    tab.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    tab.locator(f'.zone[data-read="{read + 1}"]').wait_for()
    settle(tab)
    return tab


def number(text: str) -> float:
    return float(text.replace("−", "-").removesuffix(" %")) / (100 if text.endswith("%") else 1)


def told(tab: Any) -> dict[str, dict[str, float]]:
    rows = [row.locator("th, td").all_inner_texts() for row in tab.locator("#data tbody tr").all()]
    return {name.strip(): dict(zip(COLUMNS, map(number, cells), strict=False)) for name, *cells in rows}


def truth(f: Any, x: np.ndarray) -> dict[str, float]:
    y, slope = f.value_and_grad(x.astype(float))
    idle = np.abs(slope) < 0.01 * f.facts.lipschitz
    means = slope.mean(), (slope**2).mean(), (slope == 0).mean(), idle.mean(), y.mean(), y.var()
    return dict(zip(COLUMNS, map(float, means), strict=True))


@pytest.mark.parametrize("name", ["relu", "sigmoid", "hard_tanh", "gelu", "mish"])
def test_slopes_under_the_distribution_are_the_librarys(show: Any, name: str) -> None:
    tab = given(show(f"view=data&f={name}"), "a.npy", npy(sample()))
    assert told(tab)[name] == pytest.approx(truth(nl.get(name), sample()), rel=6e-3, abs=1e-6)
    assert tab.locator("#data path.area").count() == 1


def test_parameters_count(show: Any) -> None:
    tab = given(show("view=data&f=leaky_relu&0.negative_slope=0.3"), "a.npy", npy(sample()))
    (row,) = told(tab).values()
    assert row["mean f′"] == pytest.approx(nl.leaky_relu.grad(sample(), negative_slope=0.3).mean(), rel=6e-4)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_every_dtype_is_read(show: Any, dtype: str, version: tuple[int, int]) -> None:
    x = np.clip(np.abs(sample(1200)) if dtype[1] == "u" else sample(1200), -100, 100).astype(dtype)
    tab = given(show("view=data&f=tanh"), "a.npy", npy(np.asfortranarray(x.reshape(2, 3, -1)), version))
    assert told(tab)["tanh"] == pytest.approx(truth(nl.tanh, x), rel=6e-3, abs=1e-6)


def test_halves_of_every_kind(show: Any) -> None:
    x = np.array([6e-8, 6.1e-5, -65504, 1 / 3, -0.0, np.inf, np.nan], np.float16)
    tab = given(show("view=data&f=identity"), "a.npy", npy(x))
    words = tab.locator("#data [role=status]").inner_text()
    assert "5 finite numbers" in words
    assert "2 that are no finite number were left out" in words
    assert told(tab)["identity"]["mean f"] == pytest.approx(x[:5].astype(float).mean(), rel=1e-3)


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,-2\n3.5,4e-1\n", '"a";"b"\r\n1;-2\r\n"3.5";0.4', "\ufeff1 -2\n3.5\t0.4", "1,-2,x\n3.5,,0.4"],
)
def test_tables_of_words(show: Any, text: str) -> None:
    tab = given(show("view=data&f=softplus"), "a.csv", text.encode())
    x = np.array([1, -2, 3.5, 0.4])
    assert told(tab)["softplus"] == pytest.approx(truth(nl.softplus, x), rel=6e-3)
    assert ("1 that are no finite number" in tab.locator("#data [role=status]").inner_text()) == ("x" in text)


def test_a_large_file_is_thinned_and_says_so(show: Any) -> None:
    tab = given(show("view=data&f=relu"), "a.npy", npy(sample(900_000).astype("f4")))
    tab.locator("#data [role=status]", has_text="400,000 of them").wait_for()
    assert told(tab)["relu"]["dead"] == pytest.approx((sample(900_000) <= 0).mean(), abs=0.003)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npy(np.ones(3, "c16")), "no kind of real number"),
        (npy(np.ones(300))[:900], "copied whole"),
        (b"\x93NUMPY\x01", "cut short"),
        (b"PK\x03\x04rest", "numpy.save"),
        (b"", "no finite number"),
        (b"name\n", "no finite number"),
        (b"{broken", "no JSON"),
        (b'{"verdict": 3}', "results.json"),
        (b'{"verdict": "a", "activations": {"x": 1}}', "results.json"),
    ],
)
def test_what_cannot_be_read_is_said(show: Any, content: bytes, words: str) -> None:
    tab = given(show("view=data"), "<b>.npy", content)
    assert words in tab.get_by_role("alert").inner_text()
    assert tab.get_by_role("alert").inner_text().startswith("<b>.npy cannot be read.")


def test_functions_are_compared_and_removed(show: Any) -> None:
    tab = show("view=data&f=relu")
    tab.get_by_role("button", name="Try a standard normal sample").press("Enter")
    tab.locator("#data-add").select_option("elu")
    assert list(told(tab)) == ["relu", "elu"]
    tab.get_by_role("button", name="Remove relu").press("Enter")
    assert list(told(tab)) == ["elu"]


def test_a_file_can_be_dropped(show: Any) -> None:
    tab = show("view=data&f=relu")
    tab.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["1,-1,2,-3"], "dropped.csv"));
          document.querySelector(".zone").dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
        }"""
    )
    tab.locator("#data [role=status]", has_text="dropped.csv: 4 finite numbers").wait_for()
    assert told(tab)["relu"]["dead"] == 0.5


HOSTILE = ("relu", "<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "toString")


@pytest.mark.parametrize("names", [("relu", "gelu", "mish"), HOSTILE])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_studys_results_are_shown(show: Any, names: tuple[str, ...], width: int) -> None:
    results = make_results(names)
    tab = given(show("view=data", width), "results.json", json.dumps(results, default=float).encode())
    main = tab.locator("#data").inner_text()
    assert results["verdict"] in main
    assert results["notes"][0] in main
    rows = {
        cells[0].strip(): cells[1:]
        for cells in (r.locator("th, td").all_inner_texts() for r in tab.locator("#data tbody tr").all())
    }
    assert list(rows) == results["ranking"]
    for name, (verdict, mean, *_) in rows.items():
        one = results["activations"][name]
        assert verdict == one["verdict"]
        assert float(mean) == pytest.approx(one["metric"]["mean"], rel=1e-4)
    assert tab.locator("#data path.curve").count() == 2 * len(names)
    assert tab.locator("img").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
