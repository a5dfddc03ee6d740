"""The page of a study: from results.json to the answer, its evidence, and everything needed to doubt it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nonlin.errors import InvalidInput
from nonlin.report import study_charts as charts
from nonlin.report import study_sentences as sentences
from nonlin.report import study_tables as tables
from nonlin.report.page import Block, Chart, Code, Details, Items, Key, Note, Page, Panels, Section, Text

SCHEMA = 1


def study_page(results: dict[str, Any]) -> Page:
    """Return the page that shows the results of a study.

    Parameters
    ----------
    results : dict
        What a study wrote to results.json, schema 1.

    Raises
    ------
    InvalidInput
        If the results have another schema, or a part of them is missing.
    """
    return page_of(results, lambda: (*opening(results), *sections(results)))


def study_summary(results: dict[str, Any]) -> Page:
    """Return the short page for the end of a study in a terminal: the answer, its warnings, the ranking.

    Parameters
    ----------
    results : dict
        What a study wrote to results.json, schema 1.

    Raises
    ------
    InvalidInput
        If the results have another schema, or a part of them is missing.
    """
    return page_of(results, lambda: (*opening(results), charts.ranking(results), tables.ranking(results)))


def page_of(results: dict[str, Any], blocks: Callable[[], tuple[Block, ...]]) -> Page:
    if results.get("schema") != SCHEMA:
        raise InvalidInput(f"results of schema {results.get('schema')!r} cannot be shown: only {SCHEMA} can")
    try:
        title = f"Activation functions compared on {results['title']}"
        return Page(title, results["verdict"], blocks(), key(results))
    except KeyError as missing:
        raise InvalidInput(f"the results have no {missing}: were they written by nonlin study?") from missing


def key(results: dict[str, Any]) -> Key:
    """Return the activations in the order in which they were asked for, not ranked: colours stay put."""
    asked = results["settings"].get("activations") or []
    names = [name for name in asked if name in results["activations"]]
    rest = [name for name in results["activations"] if name not in names]
    return Key((*names, *rest), results["comparison"]["reference"])


def opening(results: dict[str, Any]) -> tuple[Block, ...]:
    return (
        Text(sentences.second_line(results)),
        Text(sentences.size_of_it(results), muted=True),
        *(Note(warning, "warning") for warning in sentences.warnings(results)),
    )


def sections(results: dict[str, Any]) -> tuple[Section, ...]:
    return (
        Section("Ranking", (charts.ranking(results), tables.ranking(results), tables.by_seed(results))),
        Section("Learning", drawable(*charts.learning(results))),
        Section("Learning rate", (Text(sentences.about_rates(results)), *drawable(charts.rates(results)))),
        Section("Cost", drawable(charts.cost(results))),
        Section("Inside the networks", (Text(sentences.about_slopes(results)), tables.slopes(results))),
        Section("The activations", drawable(charts.shapes(results))),
        Section("How to read this", (Items(sentences.how_to_read(results)),)),
        Section("What was done", (Items(sentences.protocol(results), numbered=True), *data_notes(results))),
        Section("Do it again", (Code(results["command"]), *tables.everything(results))),
    )


def drawable(*pictures: Chart | Panels) -> tuple[Block, ...]:
    """Return the pictures that have anything in them; if every run diverged, some have not."""
    full = tuple(p for p in pictures if (p.charts if isinstance(p, Panels) else p.series))
    return full or (Text("No run came far enough to be drawn.", muted=True),)


def data_notes(results: dict[str, Any]) -> tuple[Block, ...]:
    notes = tuple(results["data"].get("notes") or ())
    return (Details("What was done to the data", (Items(notes),)),) if notes else ()
