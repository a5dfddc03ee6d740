"""An experiment's own options: read from words, and told as a help page."""

from __future__ import annotations

from collections.abc import Sequence

from nonlin.errors import InvalidInput
from nonlin.lab import Experiment
from nonlin.lab.settings import Setting, settings_of, spelled
from nonlin.report.page import Block, Code, Page, Settings, Text
from nonlin.report.wording import capital
from nonlin.workbench import Elementwise


def given(experiment: Experiment, words: Sequence[str]) -> dict[str, str]:
    """Return the options that were typed, `--depth 50` or `--depth=50`.

    Raises
    ------
    InvalidInput
        If a word is no option, or an option has no value.

    Examples
    --------
    >>> from nonlin.lab import find
    >>> given(find("vanishing-gradient"), ["--activation", "silu", "--depth=50"])
    {'activation': 'silu', 'depth': '50'}
    """
    values, left = {}, list(words)
    while left:
        word = left.pop(0)
        name, is_given, value = word.partition("=")
        if not name.startswith("--"):
            raise InvalidInput(
                f"{word!r} is no option; options of {experiment.name}: {listed(experiment)}, as --name value"
            )
        known(experiment, name)
        if not is_given and not left:
            raise InvalidInput(f"{name} needs a value, such as {name} {example(experiment, name)}")
        values[name[2:].replace("-", "_")] = value if is_given else left.pop(0)
    return values


def known(experiment: Experiment, option: str) -> None:
    from nonlin.errors import did_you_mean

    options = [one.option for one in settings_of(experiment.settings).values()]
    everywhere = ["--all", "--report", "--out", "--json", "--help"]
    if option not in options:
        near = did_you_mean(option, [*options, *everywhere])
        raise InvalidInput(f"{experiment.name} has no option {option!r}.{near} It has: {listed(experiment)}")


def listed(experiment: Experiment) -> str:
    return ", ".join(one.option for one in settings_of(experiment.settings).values())


def example(experiment: Experiment, option: str) -> str:
    return spelled(settings_of(experiment.settings)[option[2:].replace("-", "_")].default)


def help_page(experiment: Experiment) -> Page:
    """Return what an experiment asks, what counts as an answer, and its options."""
    options = settings_of(experiment.settings).values()
    told = tuple((one.option, f"{one.help} {kind(one)}, default {spelled(one.default)}.") for one in options)
    blocks: tuple[Block, ...] = (
        Text(" ".join(experiment.about.split())),
        Text(f"What counts as an answer: {experiment.criterion}"),
        Settings("Options", told),
        Code(f"nonlin experiment {experiment.name} {told[0][0]} {example(experiment, told[0][0])}"),
    )
    return Page(f"nonlin experiment {experiment.name}", experiment.question, blocks)


def kind(one: Setting) -> str:
    """Return what is typed: "A number", "Activations, separated by commas"."""
    word = {int: "whole number", float: "number", str: "word", Elementwise: "activation"}[one.kind]
    return f"{capital(word)}s, separated by commas" if one.many else f"{article(word)} {word}"


def article(word: str) -> str:
    return "An" if word[0] in "aeiou" else "A"
