"""Activations in LaTeX and MathML: value and slope, as a person would write them."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

import nonlin as nl
from nonlin.bridges.latex import latex
from nonlin.bridges.mathml import mathml
from nonlin.bridges.mathml_of_latex import mathml_of
from nonlin.errors import InvalidInput

ELEMENTWISE = [n for n in nl.names() if nl.get(n).card.kind == "elementwise"]


def shown(activation: Any) -> list[str]:
    """Return the text of each element, with fractions, roots, powers and cases in words."""
    return [_text(ElementTree.fromstring(line)) for line in mathml(activation).splitlines()]


def _text(e: ElementTree.Element) -> str:
    parts = [_text(child) for child in e]
    match e.tag:
        case "mfrac":
            return f"[{parts[0]} over {parts[1]}]"
        case "msup":
            return f"{parts[0]}^[{parts[1]}]"
        case "msqrt":
            return f"root[{parts[0]}]"
        case "mtr":
            return f"{parts[0]} {parts[1]}; "
        case _:
            return "".join(parts) or (e.text or "")


@pytest.mark.parametrize(
    ("name", "value", "slope"),
    [
        ("gelu", "f(x)=x·Φ(x)", "f^[′](x)=x·φ(x)+Φ(x)"),
        ("mish", "f(x)=x·tanh(softplus(x))", "f^[′](x)=x·sech^[2](softplus(x))·σ(x)+tanh(softplus(x))"),
        ("quick_gelu", "f(x)=x·σ(1.702·x)", "f^[′](x)=1.702·x·σ(-1.702·x)·σ(1.702·x)+σ(1.702·x)"),
        ("softsign", "f(x)=[x over |x|+1]", "f^[′](x)=[1 over (|x|+1)^[2]]"),
        (
            "celu",
            "f(x)={x if\N{NO-BREAK SPACE}x>0; α·(e^[[x over α]]-1) otherwise; ",
            "f^[′](x)={1 if\N{NO-BREAK SPACE}x>0; e^[[x over α]] otherwise; ",
        ),
        (
            "hard_sigmoid",
            "f(x)={0 if\N{NO-BREAK SPACE}x≤-3; 1 if\N{NO-BREAK SPACE}x≥3; [x+3 over 6] otherwise; ",
            "f^[′](x)={0 if\N{NO-BREAK SPACE}x≤-3; 0 if\N{NO-BREAK SPACE}x≥3; [1 over 6] otherwise; ",
        ),
    ],
)
def test_mathml_reads_as_mathematics(name: str, value: str, slope: str) -> None:
    assert shown(nl.get(name)) == [value, slope]


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_mathml_is_xml_of_two_lines_without_named_entities(name: str) -> None:
    text = mathml(nl.get(name))
    assert [ElementTree.fromstring(line).tag for line in text.splitlines()] == ["math", "math"]
    assert text.isascii()


def test_mathml_puts_parentheses_where_they_are_needed() -> None:
    @nl.activation
    def nested(x: Any) -> Any:
        return nl.exp(x) ** 2 * (x + nl.where(x < 0, x, 1)) + nl.log1p(x**2)

    assert shown(nested)[0] == (
        "f(x)=(x+({x if\N{NO-BREAK SPACE}x<0; 1 otherwise; ))·(e^[x])^[2]+log(1+x^[2])"
    )


def test_latex_has_a_line_for_the_value_and_one_for_the_slope() -> None:
    assert latex(nl.elu) == (
        r"f(x) = \begin{cases}x & x > 0 \\ \alpha \left(e^{x} - 1\right) & \text{otherwise}\end{cases}" + "\n"
        r"f'(x) = \begin{cases}1 & x > 0 \\ \alpha e^{x} & \text{otherwise}\end{cases}" + "\n"
    )
    assert "0.044715 x^{3}" in latex(nl.gelu_tanh)
    assert "1.0507009873554805" in latex(nl.selu)
    assert latex(nl.softmax) == rf"f(z)_i = {nl.softmax.latex}" + "\n"


BY_HAND = [n for n in nl.names() if nl.get(n).card.kind in ("rowwise", "stochastic")]


@pytest.mark.parametrize("name", BY_HAND)
def test_what_is_written_by_hand_becomes_mathml(name: str) -> None:
    text = mathml(nl.get(name))
    assert ElementTree.fromstring(text).tag == "math"
    assert text.isascii()
    assert "\\" not in text
    letters = re.findall(r"[a-zA-Z]+", re.sub(r"\\(?:[a-zA-Z]+|.)|begin|end", " ", latex(nl.get(name))))
    words = "".join(ElementTree.fromstring(text).itertext())
    assert all(letter in words for letter in letters if letter != "cases")


@pytest.mark.parametrize(
    ("name", "shown_as"),
    [
        ("softmax", "f(z)_i = [e^[z_i/T] over sum_j e^[z_j/T]]"),
        ("sparsemax", "f(z)_i = max(z_i - tau, 0), sum_j max(z_j - tau, 0) = 1"),
        ("log_softmax", "f(z)_i = [z_i over T] - log sum_j e^[z_j/T]"),
        ("rms_norm", "f(z)_i = [z_i over root[[1 over n] sum_j z_j^[2] + eps]]"),
        ("maxout", "f(z)_i = max_0<=j<k z_[ki+j]"),
    ],
)
def test_rows_read_as_mathematics(name: str, shown_as: str) -> None:
    def spoken(e: ElementTree.Element) -> str:
        parts = [spoken(child) for child in e]
        match e.tag:
            case "mfrac":
                return f"[{parts[0]}over{parts[1]}]"
            case "msub" | "munder":
                return (
                    f"{parts[0]}_{parts[1]}"
                    if len(parts[1]) == 1 or e.tag == "munder"
                    else f"{parts[0]}_[{parts[1]}]"
                )
            case "msup":
                return f"{parts[0]}^[{parts[1]}]"
            case "msubsup":
                return f"{parts[0]}_{parts[1]}^[{parts[2]}]"
            case "msqrt":
                return f"root[{''.join(parts)}]"
            case _:
                return "".join(parts) or (e.text or "")

    got = spoken(ElementTree.fromstring(mathml(nl.get(name))))
    for sign, word in {"∑": "sum", "τ": "tau", "ε": "eps", "−": "-", "≤": "<="}.items():
        got = got.replace(sign, word)
    assert got == shown_as.replace(" ", "")


@pytest.mark.parametrize(
    ("given", "named"),
    [(r"\begin{matrix}a\end{matrix}", "matrix"), (r"\oops{a}", "oops"), ("a_", "its end"), ("a}", "}")],
)
def test_latex_that_is_not_read_is_named(given: str, named: str) -> None:
    with pytest.raises(InvalidInput, match="it stays LaTeX") as refused:
        mathml_of(given)
    assert named in str(refused.value)
