"""What a notebook shows of an activation: its formula, a small picture drawn here, and the main facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from nonlin.bridges.mathml import mathml
from nonlin.report.activation_page import number
from nonlin.report.curves import Array, Shape, dots, is_jump, limits, pieces, to_the_ends
from nonlin.report.graphs import shape
from nonlin.report.palette import LIGHT
from nonlin.workbench import Activation, Elementwise

WIDTH, HEIGHT, MARGIN = 300, 190, 24
VALUE, SLOPE = LIGHT.series[0], LIGHT.series[4]
STYLE = (
    "display:flex;flex-wrap:wrap;gap:1em 2em;align-items:flex-start;font:14px/1.45 system-ui,sans-serif;"
    "max-width:56em;padding:.4em 0"
)
UNTOUCHED = "tex2jax_ignore mathjax_ignore"  # a dollar sign in a person's words stays one
FORMULAS = "overflow-x:auto;overflow-y:hidden;padding:.3em 0"
SMOOTHING = 0.02  # of a pixel: points that lie nearer to the line through their neighbours are left out


def card_html(activation: Activation) -> str:
    """Return the activation, with its graph if it has one, as one element of HTML that runs and fetches nothing.

    It takes colours for text and axes from the page around it, in daylight and at night.
    """
    words = "".join(_words(activation))
    picture = svg(shape(activation)) if isinstance(activation, Elementwise) else ""
    beside = f'<div style="flex:1 1 22em;min-width:0">{words}</div>{picture}'
    return f'<div class="{UNTOUCHED}" style="{STYLE}">{beside}</div>'


def _words(activation: Activation) -> Iterator[str]:
    yield f"<div><code>{escape(repr(activation))}</code></div><div>{escape(activation.summary)}</div>"
    if isinstance(activation, Elementwise):
        yield f'<div style="{FORMULAS}">{_at_the_left(mathml(activation))}</div>'
    else:
        yield f"<p><code>{escape(str(activation.definition.formula))}</code></p>"
    rows = [(f"{p.name} = {p.default:g}", p.meaning or "parameter") for p in activation.parameters]
    rows += _facts(activation) if isinstance(activation, Elementwise) else []
    cells = "".join(_row(*row) for row in rows)
    yield f'<table style="border-collapse:collapse;font-size:13px">{cells}</table>' if cells else ""
    if activation.source:
        yield f'<div style="opacity:.7;font-size:12px;margin-top:.4em">{escape(activation.source)}</div>'


def _at_the_left(formulas: str) -> str:
    return formulas.replace('display="block"', 'display="block" style="text-align:left;margin:.35em 0"')


def _row(left: str, right: str) -> str:
    style = "text-align:left;padding:.1em 1.2em .1em 0;font-weight:normal;vertical-align:top"
    cell = f'style="{style};opacity:.7" scope="row"'
    return f'<tr><th {cell}>{escape(left)}</th><td style="{style}">{escape(right)}</td></tr>'


def _facts(activation: Elementwise) -> list[tuple[str, str]]:
    facts = activation.facts
    smooth = {float("inf"): "all derivatives continuous", -1.0: "it jumps", 0.0: "its slope jumps"}
    return [
        ("range", str(facts.range)),
        ("monotone", facts.monotone or "no"),
        (
            "smoothness",
            smooth.get(facts.smoothness, f"derivatives up to {facts.smoothness:g} are continuous"),
        ),
        ("Lipschitz constant", number(facts.lipschitz)),
        ("gain", number(facts.gain)),
        ("chance of slope 0", number(facts.zero_slope_mass)),
    ]


def svg(drawn: Shape) -> str:
    """Return f, solid, and f', dashed, as an SVG element."""
    slope = drawn.slope if drawn.slope is not None else np.empty(0)
    low, high = limits([drawn.value, slope])
    frame = _Frame(float(drawn.x[0]), float(drawn.x[-1]), low, high)
    curves = [(drawn.value, VALUE, "")] + ([(slope, SLOPE, ' stroke-dasharray="5 3"')] if slope.size else [])
    lines = "".join(
        _curve(frame, drawn.x, y, drawn.kinks, colour, dash) for y, colour, dash in reversed(curves)
    )
    title = escape(f"{drawn.name}: f solid, its slope dashed, for x from {drawn.x[0]:g} to {drawn.x[-1]:g}")
    return (
        f'<svg role="img" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none" '
        f'style="flex:none;color:inherit" xmlns="http://www.w3.org/2000/svg"><title>{title}</title>'
        f'<g font-family="system-ui,sans-serif" font-size="10">{frame.axes()}</g>{lines}{_legend()}</svg>'
    )


class _Frame:
    """The rectangle that the picture is drawn in, and its scales."""

    def __init__(self, left: float, right: float, low: float, high: float) -> None:
        self.left, self.right, self.low, self.high = left, right, low, high

    def at(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return pixels; what leaves the picture stays a picture's height outside of it."""
        across = MARGIN + (x - self.left) / (self.right - self.left) * (WIDTH - MARGIN - 6)
        up = (y - self.low) / (self.high - self.low)
        return across, 18 + (1 - np.clip(up, -1, 2)) * (HEIGHT - MARGIN - 12)

    def axes(self) -> str:
        """Return lines through zero and at whole numbers, with their numbers."""
        return "".join([*self._upright(), *self._level()])

    def _upright(self) -> Iterator[str]:
        for tick in _ticks(self.left, self.right):
            (x,), (y,) = self.at(np.array([tick]), np.array([self.low]))
            yield _line(x, 14, x, y, tick == 0) + _label(x, HEIGHT - 6, tick, "middle")

    def _level(self) -> Iterator[str]:
        for tick in _ticks(self.low, self.high):
            _, (y,) = self.at(np.array([0.0]), np.array([tick]))
            yield _line(MARGIN, y, WIDTH - 6, y, tick == 0) + _label(MARGIN - 4, y + 3.5, tick, "end")


def _ticks(low: float, high: float) -> Sequence[float]:
    """Return at most seven round numbers between two."""
    least = (high - low) / 6
    step = next(s * 10.0**e for e in range(-9, 300) for s in (1, 2, 5) if s * 10.0**e >= least)
    first, last = int(np.ceil(low / step)), int(np.floor(high / step))
    return [round(i * step, 9) for i in range(first, last + 1)]


def _line(x1: float, y1: float, x2: float, y2: float, strong: bool) -> str:
    at = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {at} stroke="currentColor" stroke-opacity="{0.55 if strong else 0.13}"/>'


def _label(x: float, y: float, tick: float, anchor: str) -> str:
    words = f"{tick:g}".replace("-", "\N{MINUS SIGN}")
    at = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {at} fill="currentColor" fill-opacity=".7">{words}</text>'


def _curve(frame: _Frame, x: Array, y: Array, kinks: Sequence[float], colour: str, dash: str) -> str:
    """Return a curve piece by piece between its jumps, with dots at the ends of each."""
    y = np.asarray(y, float)
    jumps = [kink for kink in kinks if is_jump(x, y, kink)]
    lines = []
    for piece in pieces(x, jumps):
        across, down = frame.at(*to_the_ends(x, y, piece & np.isfinite(y), jumps))
        apart = np.append(np.diff(across) > SMOOTHING, True)  # at a kink there are three points in one place
        across, down = across[apart], down[apart]
        kept = _bends(across, down)
        points = " ".join(f"{a:.1f},{d:.1f}" for a, d in zip(across[kept], down[kept], strict=True))
        lines.append(f'<polyline points="{points}" stroke="{colour}" stroke-width="2"{dash}/>')
    ends = [(kink, *end) for kink in jumps for end in dots(x, y, kink)]
    return _inside("".join(lines)) + "".join(_dot(frame, *end, colour) for end in ends)


def _inside(lines: str) -> str:
    """Return the lines in a nested picture that hides what leaves the rectangle."""
    box = f'x="0" y="10" width="{WIDTH}" height="{HEIGHT - MARGIN - 2}" viewBox="0 10 {WIDTH} {HEIGHT - MARGIN - 2}"'
    return f"<svg {box}>{lines}</svg>"


def _dot(frame: _Frame, x: float, y: float, filled: bool, colour: str) -> str:
    (across,), (down,) = frame.at(np.array([x]), np.array([y]))
    face = colour if filled else "none"
    return f'<circle cx="{across:.1f}" cy="{down:.1f}" r="2.6" fill="{face}" stroke="{colour}" stroke-width="1.4"/>'


def _bends(across: Array, down: Array) -> NDArray[np.bool_]:
    """Tell which points a line needs: its ends, and those that are off the line through their neighbours."""
    kept = np.ones(len(across), bool)
    run = across[2:] - across[:-2]
    part = np.divide(across[1:-1] - across[:-2], run, out=np.zeros_like(run), where=run > 0)
    straight = down[:-2] + part * (down[2:] - down[:-2])
    off = np.abs(down[1:-1] - straight) > SMOOTHING
    kept[1:-1] = off | (np.arange(1, len(across) - 1) % 6 == 0)
    return kept


def _legend() -> str:
    words = [
        ("f(x)", VALUE, "", WIDTH - 118),
        ("f\N{PRIME}(x)", SLOPE, ' stroke-dasharray="5 3"', WIDTH - 58),
    ]
    return "".join(
        f'<line x1="{x}" y1="7" x2="{x + 20}" y2="7" stroke="{colour}" stroke-width="2"{dash}/>'
        f'<text x="{x + 25}" y="11" font-family="system-ui,sans-serif" font-size="11" '
        f'fill="currentColor">{word}</text>'
        for word, colour, dash, x in words
    )
