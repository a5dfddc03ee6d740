"""Pictures by matplotlib: what is drawn is the data, jumps stay open, and no global state is touched."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from matplotlib.text import Text

from nonlin.errors import InvalidInput
from nonlin.report.curves import Shape, draw, limits

X = np.linspace(-4, 4, 401)
RELU = Shape("relu", X, np.maximum(X, 0), (X > 0) * 1.0, r"\max(0, x)", [0.0])
TANH = Shape("tanh", X, np.tanh(X), 1 - np.tanh(X) ** 2, r"\tanh(x)")
SIGN = Shape("sign", X, np.sign(X), None, None, [0.0])
ELU = Shape("elu", X, np.where(X > 0, X, np.expm1(X)), np.where(X > 0, 1, np.exp(X)), None, [0.0])


def curves(axes):
    return [line for line in axes.lines if len(line.get_xdata()) > 2]


def dots(axes):
    """Return the height of each dot of a jump, and whether it is filled."""
    marked = [line for line in axes.lines if line.get_marker() == "o"]
    return sorted(
        (float(line.get_ydata()[0]), line.get_markerfacecolor() == line.get_color()) for line in marked
    )


def is_png(data):
    return data.startswith(b"\x89PNG\r\n\x1a\n")


def test_a_function_is_solid_and_its_slope_dashed():
    (axes,) = draw([TANH]).axes
    value, slope = curves(axes)
    assert np.array_equal(value.get_ydata(), TANH.value)
    assert np.array_equal(slope.get_ydata(), TANH.slope)
    assert (value.get_linestyle(), slope.get_linestyle()) == ("-", "--")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["f(x)", "f′(x)"]


def test_no_line_crosses_a_jump_and_the_stated_slope_is_filled():
    (axes,) = draw([RELU]).axes
    pieces = curves(axes)[1:]
    assert [set(piece.get_ydata()) for piece in pieces] == [{0.0}, {1.0}]
    assert [(piece.get_xdata()[0], piece.get_xdata()[-1]) for piece in pieces] == [(-4, 0), (0, 4)]
    assert dots(axes) == [(0.0, True), (1.0, False)]


def test_a_value_between_its_limits_has_a_dot_of_its_own():
    (axes,) = draw([SIGN]).axes
    assert dots(axes) == [(-1.0, False), (0.0, True), (1.0, False)]


def test_without_the_kink_itself_both_ends_are_open():
    away = X[X != 0]
    (axes,) = draw([Shape("step", away, (away > 0) * 1.0, kinks=[0.0])]).axes
    assert dots(axes) == [(0.0, False), (1.0, False)]


def test_a_kink_without_a_jump_is_drawn_through():
    (axes,) = draw([ELU]).axes
    assert dots(axes) == []
    assert len(curves(axes)) == 2


def test_the_grid_has_axes_for_each_and_says_what_is_dashed():
    picture = draw([RELU, TANH, ELU, SIGN, TANH])
    assert [axes.get_title(loc="left") for axes in picture.axes] == ["relu", "tanh", "elu", "sign", "tanh"]
    assert "dashed" in picture.get_supxlabel()


def test_the_overlay_has_all_functions_in_one_and_all_slopes_in_another():
    functions, slopes = draw([TANH, ELU], "overlay").axes
    assert [text.get_text() for text in functions.get_legend().get_texts()] == ["tanh", "elu"]
    assert np.array_equal(curves(slopes)[0].get_ydata(), TANH.slope)
    looks = {(line.get_color(), str(line.get_linestyle())) for line in curves(functions)}
    assert len(looks) == 2
    assert len(draw([SIGN, SIGN], "overlay").axes) == 1


def test_limits_are_not_stretched_by_a_pole_or_by_what_is_not_finite():
    x = np.linspace(0.001, 4, 500)
    low, high = limits([1 / x, np.array([np.nan, np.inf, -np.inf])])
    assert low <= 0.25 < high < 50
    assert limits([np.array([2.0, 2.0])]) == pytest.approx((1.5, 2.5))
    assert limits([np.array([np.nan])]) == (-1.0, 1.0)


@pytest.mark.parametrize("name", ["$x$", r"\frac{", "<b>", "a_b^c", "_hidden"])
def test_a_name_is_written_letter_by_letter(name):
    for layout in ("grid", "overlay"):
        picture = draw([Shape(name, X, X), Shape("other", X, -X)], layout)
        picture.canvas.draw()
        legend = picture.axes[0].get_legend()
        written = legend.get_texts()[0] if legend else titles_of(picture.axes[0])[0]
        assert written.get_text() == name
        assert not written.get_parse_math()


def titles_of(axes):
    return [
        text for text in axes.findobj(Text) if text.get_text() and text.get_text() == axes.get_title("left")
    ]


@pytest.mark.parametrize("formula", [r"\begin{cases} x \end{cases}", r"\nonsense{x}", "x^", "x + " * 80])
def test_a_formula_that_cannot_be_set_is_left_out(formula):
    picture = draw([Shape("f", X, X, latex=formula)])
    picture.canvas.draw()
    assert picture.axes[0].get_title(loc="right") == ""


def test_a_formula_that_can_be_set_stands_beside_the_name():
    assert draw([TANH]).axes[0].get_title(loc="right") == r"$\tanh(x)$"


def test_png_and_svg_are_written(tmp_path):
    draw([RELU], path=tmp_path / "relu.png")
    draw([RELU, TANH], "overlay", tmp_path / "relu.svg")
    assert is_png((tmp_path / "relu.png").read_bytes())
    assert ET.parse(tmp_path / "relu.svg").getroot().tag.endswith("svg")


def test_a_notebook_is_given_a_sharp_png():
    data, size = draw([RELU])._repr_png_()
    assert is_png(data)
    width, height = (int.from_bytes(data[place : place + 4], "big") for place in (16, 20))
    assert (width, height) == (2 * size["width"], 2 * size["height"])


def test_bad_wishes_are_refused_in_their_own_words(tmp_path):
    for arguments, words in (
        (([],), "at least one"),
        (([RELU], "spiral"), "'spiral'"),
        (([RELU], "grid", "relu.bmp"), r"relu\.bmp.*\.png"),
        (([RELU], "grid", tmp_path / "no" / "such.png"), "No such file"),
    ):
        with pytest.raises(InvalidInput, match=words):
            draw(*arguments)


def test_pyplot_stays_unloaded_and_its_settings_untouched():
    code = """
import sys, numpy, nonlin.report.curves as curves
assert "matplotlib" not in sys.modules
import matplotlib; before = matplotlib.rcParams.copy()
curves.draw([curves.Shape("f", numpy.arange(3.0), numpy.arange(3.0))])
assert "matplotlib.pyplot" not in sys.modules
assert matplotlib.rcParams.copy() == before
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_page_stays_free_of_heavy_libraries():
    code = """
import sys, nonlin.report.page, nonlin.report.study_page, nonlin.report.as_html, nonlin.report.as_json
assert not {"plotly", "jinja2", "matplotlib", "torch"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
