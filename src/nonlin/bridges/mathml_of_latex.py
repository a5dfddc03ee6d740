"""LaTeX as MathML: what the formulas of rows are written in, no more."""

from __future__ import annotations

import re
from html import escape

from nonlin.errors import InvalidInput

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|[a-zA-Z]|\S")

LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "theta": "θ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "rho": "ρ", "sigma": "σ", "tau": "τ", "varphi": "φ", "phi": "ϕ",
    "omega": "ω", "Phi": "Φ", "infty": "∞", "ell": "ℓ",
}  # fmt: skip
SIGNS = {
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "in": "∈", "sim": "∼", "cdot": "·", "odot": "⊙",
    "times": "×", "to": "→", "{": "{", "}": "}", "|": "‖", "lvert": "|", "rvert": "|",
}  # fmt: skip
SPACES = {"quad": "1em", "qquad": "2em", ";": "0.28em", ":": "0.22em", ",": "0.17em", " ": "0.25em"}
WORDS = {
    "max": "max",
    "min": "min",
    "log": "log",
    "ln": "ln",
    "exp": "exp",
    "tanh": "tanh",
    "argmax": "arg max",
}
LARGE = {"sum": "∑", "prod": "∏"}
BELOW = {*LARGE.values(), "max", "min"}
"""What has its subscript below it."""


def mathml_of(latex: str) -> str:
    r"""Return a formula as the inside of a `math` element.

    Parameters
    ----------
    latex : str
        With fractions, roots, bars, sums, cases, scripts, Greek letters and words; no macros.

    Raises
    ------
    InvalidInput
        If it has another command.

    Examples
    --------
    >>> print(mathml_of(r"\frac{z_i}{T}"))
    <mfrac><msub><mi>z</mi><mi>i</mi></msub><mi>T</mi></mfrac>
    """
    return _Reader(latex).whole().encode("ascii", "xmlcharrefreplace").decode()


class _Reader:
    """Reads a formula from left to right."""

    def __init__(self, latex: str) -> None:
        self.latex, self.place = latex, 0

    def whole(self) -> str:
        inside = self.row()
        if self.peek():
            raise self.refusal(self.peek())
        return inside

    def peek(self) -> str:
        """Return the next token, empty at the end."""
        found = TOKEN.search(self.latex, self.place)
        return found.group() if found else ""

    def take(self) -> str:
        found = TOKEN.search(self.latex, self.place)
        if not found:
            raise self.refusal("its end")
        self.place = found.end()
        return found.group()

    def row(self, *ends: str) -> str:
        """Read on until one of these tokens, or the end."""
        parts = []
        while self.peek() and self.peek() not in ends:
            parts.append(self.scripted())
        return _group(parts)

    def scripted(self) -> str:
        """Read an atom with what stands below and above it."""
        base = self.atom()
        scripts = {}
        while self.peek() in ("_", "^"):
            sign = self.take()
            scripts[sign] = self.atom()
        below = any(f">{word}<" in base for word in BELOW) and base.startswith("<mo")
        kind = {
            ("_",): "munder" if below else "msub", ("^",): "mover" if below else "msup",
            ("^", "_"): "munderover" if below else "msubsup",
        }.get(tuple(sorted(scripts)))  # fmt: skip
        return _element(kind, base, *(scripts[s] for s in ("_", "^") if s in scripts)) if kind else base

    def atom(self) -> str:
        token = self.take()
        if token == "{":
            inside = self.row("}")
            self.take()
            return inside
        if token.startswith("\\"):
            return self.command(token[1:])
        if token in "}&^_":
            raise self.refusal(token)
        if token == "(" and self.closes():
            inside = self.row(")")
            self.take()
            return _group([_leaf("mo", "("), inside, _leaf("mo", ")")])
        kind = "mn" if token[0].isdigit() else "mi" if token.isalpha() else "mo"
        return _leaf(kind, "\N{MINUS SIGN}" if token == "-" else token)

    def closes(self) -> bool:
        """Tell whether the parenthesis before this place is closed in the same group, so that scripts are its own."""
        depth = {"{": 0, "(": 1}
        for found in TOKEN.finditer(self.latex, self.place):
            token = found.group()
            if token in "{(":
                depth[token] += 1
            elif token in "})":
                depth["{" if token == "}" else "("] -= 1
            if depth["{"] < 0 or depth["("] == 0:
                break
        return depth["("] == 0 and depth["{"] == 0

    def command(self, name: str) -> str:
        if name in LETTERS:
            return _leaf("mi", LETTERS[name])
        if name in LARGE or name in WORDS:
            return _leaf("mo", {**LARGE, **WORDS}[name])
        if name in SIGNS:
            return _leaf("mo", SIGNS[name])
        if name in SPACES:
            return f'<mspace width="{SPACES[name]}"></mspace>'
        match name:
            case "frac" | "dfrac":
                return _element("mfrac", self.atom(), self.atom())
            case "tfrac":
                return f'<mstyle displaystyle="false">{_element("mfrac", self.atom(), self.atom())}</mstyle>'
            case "sqrt":
                return _element("msqrt", self.atom())
            case "bar":
                return _element("mover", self.atom(), _leaf("mo", "¯"))
            case "hat":
                return _element("mover", self.atom(), _leaf("mo", "^"))
            case "mathrm" | "operatorname":
                return _leaf("mi" if name == "mathrm" else "mo", self.raw())
            case "text":
                return _leaf("mtext", self.raw())
            case "left":
                return self.fenced()
            case "begin":
                return self.cases()
        raise self.refusal(f"\\{name}")

    def raw(self) -> str:
        """Read the text of a group, in which a backslash before a comma is a space."""
        found = re.compile(r"\s*\{([^{}]*)\}").match(self.latex, self.place)
        if not found:
            raise self.refusal(self.peek())
        self.place = found.end()
        return found.group(1).replace("\\,", "\N{NO-BREAK SPACE}")

    def fenced(self) -> str:
        opening = self.fence()
        inside = self.row("\\right")
        self.take()
        return _group([opening, inside, self.fence()])

    def fence(self) -> str:
        token = self.take()
        return "" if token == "." else _leaf("mo", SIGNS.get(token.lstrip("\\"), token.lstrip("\\")))

    def cases(self) -> str:
        if (kind := self.raw()) != "cases":
            raise self.refusal(f"\\begin{{{kind}}}")
        rows = []
        while True:
            cells = [_element("mtd", self.row("&", "\\\\", "\\end"))]
            while self.peek() == "&":
                self.take()
                cells.append(_element("mtd", self.row("&", "\\\\", "\\end")))
            rows.append(_element("mtr", *cells))
            if self.take() == "\\end":
                self.raw()
                return _group([_leaf("mo", "{"), _element("mtable", *rows)])

    def refusal(self, token: str) -> InvalidInput:
        return InvalidInput(f"{self.latex} has {token} where MathML has no form for it; it stays LaTeX")


def _group(parts: list[str]) -> str:
    return _element("mrow", *parts) if len(parts) != 1 else parts[0]


def _element(kind: str, *children: str) -> str:
    return f"<{kind}>{''.join(children)}</{kind}>"


def _leaf(kind: str, text: str) -> str:
    return _element(kind, escape(text, quote=False))
