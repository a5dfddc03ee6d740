"""Ten series are told apart, by people who see few colours too, by day and by night."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nonlin.report.page import Key
from nonlin.report.palette import DARK, LIGHT, colours, night, style

# Machado, Oliveira, Fernandes (2009), severity 1.0, in linear RGB.
SIGHT = {
    "all colours": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
NAMES = tuple(f"name {i}" for i in range(11))
KEY = Key(NAMES, NAMES[0])


def linear(colour: str) -> np.ndarray:
    share = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    share = TO_XYZ @ np.clip(rgb, 0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(first: str, second: str) -> float:
    low, high = sorted(TO_XYZ[1] @ linear(colour) for colour in (first, second))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("sight", SIGHT)
def test_two_series_differ_in_colour_or_in_dash_and_marker(theme, sight):
    looks = [style(name, KEY, theme) for name in NAMES]
    for first, second in itertools.combinations(looks, 2):
        apart = np.linalg.norm(
            lab(SIGHT[sight] @ linear(first.colour)) - lab(SIGHT[sight] @ linear(second.colour))
        )
        assert apart > 12 or (first.dash != second.dash and first.marker != second.marker), (first, second)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_lines_and_words_stand_out_from_the_paper(theme):
    assert all(contrast(colour, theme.paper) >= 3 for colour in (*theme.series, theme.neutral))
    words = (theme.ink, theme.muted, theme.accent, theme.good, theme.bad, theme.warning)
    assert all(contrast(colour, ground) >= 4.5 for colour in words for ground in (theme.paper, theme.raised))


def test_every_light_colour_has_its_own_dark_one():
    assert len(set(colours(LIGHT))) == len(colours(LIGHT))
    assert all(night()[day] == dark for day, dark in zip(colours(LIGHT), colours(DARK), strict=True))


def test_thirty_names_look_different():
    names = tuple(map(str, range(30)))
    looks = {style(name, Key(names), LIGHT) for name in names}
    assert len(looks) == 30


def test_the_reference_is_neutral_and_costs_no_colour():
    assert style(NAMES[0], KEY, LIGHT).colour == LIGHT.neutral
    assert style(NAMES[1], KEY, LIGHT).colour == LIGHT.series[0]
