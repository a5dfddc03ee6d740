"""Conditions on facts: what they find, against what is known of the functions; and what they refuse."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from typer.testing import CliRunner

import nonlin as nl
from nonlin.cli import application
from nonlin.cli.conditions import LONGEST, NUMBERS, STATEMENTS, condition
from nonlin.errors import InvalidInput
from nonlin.facts.fact import Fact
from nonlin.facts.facts import NAMES, Facts
from nonlin.workbench import Elementwise

AMONG = (
    "relu",
    "tanh",
    "sigmoid",
    "gelu",
    "selu",
    "identity",
    "softplus",
    "leaky_relu",
    "relu6",
    "elu",
    "step",
)

TRUE_OF = {
    "monotone and bounded": {"tanh", "sigmoid", "relu6", "step"},
    "not monotone": {"gelu"},
    "odd": {"tanh", "identity"},
    "odd and not bounded": {"identity"},
    "smooth": {"tanh", "sigmoid", "gelu", "identity", "softplus"},
    "convex and bounded_below": {"relu", "softplus", "elu"},
    "bounded_above": {"tanh", "sigmoid", "relu6", "step"},
    "not continuous": {"step"},
    "has_zero_slope": {"relu", "relu6", "step"},
    "zero_centred": {"tanh", "selu", "identity"},
    "zero_centered": {"tanh", "selu", "identity"},
    "self_normalising": {"selu"},
    "lipschitz < 1": {"sigmoid"},
    "lipschitz > 1.2": {"selu", "step"},
    "low == 0 and high == inf": {"relu", "softplus"},
    "-1 <= low < 0 and high <= 1": {"tanh"},
    "1.414213562373095 <= gain < 1.4142136": {"relu", "relu6", "step"},
    "smoothness == 0": {"relu", "leaky_relu", "relu6", "selu"},
    "odd or even or (kinked and (bounded or increasing) and not convex)": {"tanh", "identity", "relu6", "selu", "step"},
    "decreasing or concave and not convex": set(),
}  # fmt: skip


@pytest.mark.parametrize("text", TRUE_OF)
def test_it_is_true_of_those_of_which_it_is_known(text: str) -> None:
    asked = condition(text)
    assert {name for name in AMONG if asked.holds(nl.get(name).facts)} == TRUE_OF[text]


def test_every_word_reads_facts_that_there_are() -> None:
    for word in (*STATEMENTS.values(), *NUMBERS.values()):
        assert set(word.reads) <= set(NAMES)
        assert word.meaning


@pytest.mark.parametrize("word", [*STATEMENTS, *NUMBERS])
def test_a_word_reads_only_the_facts_that_it_names(word: str) -> None:
    facts = nl.gelu.facts
    read: list[str] = []

    def find(name: str) -> Fact:
        read.append(name)
        return facts[name]

    condition(word if word in STATEMENTS else f"{word} > 0").holds(Facts(find))
    assert read == list((STATEMENTS | NUMBERS)[word].reads)


def test_it_tells_what_its_words_say_and_whether_that_is_proved() -> None:
    asked = condition("gain > 1 and monotone")
    assert asked.told(nl.gelu.facts) == {"gain": nl.gelu.facts.gain, "monotone": False}
    assert asked.proved(nl.gelu.facts)
    doubted = Facts(lambda name: Fact(name, nl.gelu.facts[name].value, "numeric"))
    assert not asked.proved(doubted)


REFUSED = {
    "monoton": "no fact is called 'monoton'. Did you mean 'monotone'",
    "gain": "'gain' is a number (1 / sqrt(E f(z)^2)); compare it: gain > 1",
    "odd > 1": "'odd' is true or false and cannot be compared",
    "__import__('os').remove('a')": "is no condition; use and, or, not",
    "gain.real > 1": "'gain.real' is no number",
    "gain > 'a'": "is no number",
    "gain > True": "'True' is no number",
    "gain > 2 ** 9": "'2 ** 9' is no number",
    "gain in low": "compares by <, <=, >, >=, == or !=",
    "lambda: odd": "is no condition",
    "(odd := even)": "is no condition",
    "[odd for odd in even]": "is no condition",
    "1": "'1' is no condition",
    "odd even": "cannot be read as a condition (invalid syntax); write, for example",
    "(": "cannot be read as a condition",
    "": "cannot be read as a condition",
    "odd\0": "cannot be read as a condition",
    "(" * LONGEST: "cannot be read as a condition",
    "odd and " * LONGEST + "odd": "letters; 400 are the most",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:20]))
def test_what_is_no_condition_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        condition(text)
    assert REFUSED[text] in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["not " * 90 + "odd", "-" * 380 + "1 > 0", "(" * 90 + "odd" + ")" * 90])
def test_a_deep_condition_is_read(text: str) -> None:
    assert isinstance(condition(text).holds(nl.tanh.facts), bool)


def listed(*words: str) -> Any:
    return CliRunner().invoke(application(), ["list", *words])


def test_the_terminal_lists_those_that_fit_with_the_numbers_asked_for() -> None:
    text = listed("--where", "monotone and bounded and gain > 1.9").output
    wanted = [name for name in nl.names() if isinstance(nl.get(name), Elementwise)]
    fitting = [
        n
        for n in wanted
        if nl.get(n).facts.gain > 1.9 and condition("monotone and bounded").holds(nl.get(n).facts)
    ]
    assert f"{len(fitting)} of the {len(wanted)} that work element by element" in text
    assert "softsign" in text
    assert f"gain {nl.softsign.facts.gain:.6g}." in text
    assert "relu" not in text


def test_as_json_each_entry_says_why_it_is_there() -> None:
    entries = json.loads(listed("--where", "not smooth and lipschitz < inf", "--json").output)
    relu = next(entry for entry in entries if entry["name"] == "relu")
    assert relu["where"] == {"lipschitz": 1.0, "smooth": False}
    assert relu["proved"] is True
    assert math.isfinite(relu["where"]["lipschitz"])


def test_nothing_found_is_said() -> None:
    assert listed("--where", "odd and not odd").output.splitlines()[1].startswith("0 of the ")
