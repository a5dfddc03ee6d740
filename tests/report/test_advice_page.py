"""Advice as a page: whole as text and as HTML, and what it is of is told in its title."""

from __future__ import annotations

from nonlin.advisor import advise
from nonlin.report.advice_page import advice_page
from nonlin.report.as_html import as_html
from nonlin.report.as_json import as_json, from_json
from nonlin.report.as_text import as_text


def test_the_title_repeats_the_question() -> None:
    advice = advise(
        architecture="mlp", task="positive regression", depth=1, normalisation="none", activation="elu"
    )
    assert advice_page(advice).title == (
        "Advice for an MLP, positive regression, 1 layer deep, no normalisation, with elu in mind"
    )


def test_every_recommendation_stands_on_the_page() -> None:
    advice = advise(architecture="rnn", task="binary", depth=4)
    text = " ".join(as_text(advice_page(advice)).split())
    for line in advice:
        assert " ".join(line.text.split()) in text
        assert " ".join(line.reason.split()) in text


def test_the_page_is_html_and_json_too() -> None:
    page = advice_page(advise(architecture="cnn", task="multilabel", mobile=True))
    assert "Howard et al. (2019)" in as_html(page)
    assert from_json(as_json(page)) == page
