"""The colours, dashes and markers that tell series apart, in daylight and at night."""

from __future__ import annotations

from dataclasses import dataclass

from nonlin.report.page import Key


@dataclass(frozen=True)
class Theme:
    """The colours of a page; `series` has one a name of the key."""

    paper: str
    raised: str
    ink: str
    muted: str
    grid: str
    accent: str
    good: str
    bad: str
    warning: str
    neutral: str
    series: tuple[str, ...]


LIGHT = Theme(
    paper="#ffffff",
    raised="#f6f7f9",
    ink="#16191d",
    muted="#5b636e",
    grid="#e3e6ea",
    accent="#1a5fb4",
    good="#0b7a53",
    bad="#b3261e",
    warning="#8a5a00",
    neutral="#3d434b",
    series=(
        "#1f6fb4",
        "#0a8a66",
        "#a07a00",
        "#d8489a",
        "#d0560f",
        "#8d4bbb",
        "#a3264f",
        "#3a3aa8",
        "#3196c8",
        "#5f7d16",
    ),
)

DARK = Theme(
    paper="#14171b",
    raised="#1c2026",
    ink="#e8eaed",
    muted="#a3abb6",
    grid="#30363e",
    accent="#84b6f4",
    good="#5ccaa0",
    bad="#ff8f85",
    warning="#f0bc62",
    neutral="#c9ced6",
    series=(
        "#66aef0",
        "#48c9a0",
        "#e0bb4a",
        "#ff8fcb",
        "#ff9a5c",
        "#c594f2",
        "#ee7f9f",
        "#9c9cff",
        "#8fd3f4",
        "#b0cf5e",
    ),
)

DASHES = ("solid", "dash", "dot", "dashdot")
MARKERS = ("circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "pentagon", "star")


@dataclass(frozen=True)
class Style:
    """How one name of the key is drawn everywhere on a page."""

    colour: str
    dash: str
    marker: str
    width: float


def style(name: str, key: Key, theme: Theme) -> Style:
    """Return the style of a name: the reference and names outside the key are neutral and solid."""
    if name == key.reference or name not in key.names:
        return Style(theme.neutral, "solid", "circle", 2.6)
    place = [other for other in key.names if other != key.reference].index(name)
    turn = place // len(theme.series)
    return Style(
        theme.series[place % len(theme.series)],
        DASHES[(place + turn) % len(DASHES)],
        MARKERS[(place + turn) % len(MARKERS)],
        2.0,
    )


def translucent(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


BAND = 0.13


def night() -> dict[str, str]:
    """Return which dark colour stands for each light one in a chart, bands included."""
    pairs = dict(zip(colours(LIGHT), colours(DARK), strict=True))
    return pairs | {translucent(day, BAND): translucent(dark, BAND) for day, dark in pairs.items()}


def colours(theme: Theme) -> list[str]:
    named = [value for value in vars(theme).values() if isinstance(value, str)]
    return [*named, *theme.series]
