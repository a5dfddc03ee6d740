"""The facts that ship: of today's formulas, what is derived today, and never of another function."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

import nonlin as nl
from nonlin import catalog
from nonlin.facts.facts import NAMES
from nonlin.facts.finding import find
from nonlin.facts.shipped import FOLDER, shipped, stale, write
from nonlin.workbench import Elementwise

SHIPPED = sorted(path.stem for path in FOLDER.glob("*.json"))
SAMPLE = ("relu", "elu", "hard_swish", "softsign", "silu", "tanh", "hard_shrink")


def test_every_elementwise_activation_ships_its_facts() -> None:
    missing = [n for n in nl.names() if isinstance(nl.get(n), Elementwise) and n not in SHIPPED]
    assert not missing, [stale(name) for name in missing]


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_facts_are_of_todays_formula(name: str) -> None:
    told = stale(name)
    assert told is None, told


@pytest.mark.parametrize("name", SAMPLE)
def test_shipped_facts_are_what_is_derived_today(name: str) -> None:
    ready = shipped(catalog.card(name))
    assert ready is not None
    for fact in NAMES:
        now, then = find(nl.get(name).definition, fact), ready(fact)
        assert repr(then.value) == repr(now.value), fact
        assert type(then.value) is type(now.value)
        assert (then.how, then.bounds) == (now.how, now.bounds), fact
        if hasattr(now.value, "stretches"):
            assert then.value.stretches == now.value.stretches
            assert then.value.period == now.value.period


def test_facts_of_another_formula_or_default_are_not_taken() -> None:
    card = catalog.card("elu")
    assert shipped(card) is not None
    assert shipped(dataclasses.replace(card, fingerprint="another")) is None
    assert shipped(card.bound({"alpha": 0.5})) is None
    assert nl.elu.bind(alpha=0.5).facts.limits[0] == -0.5


def test_a_missing_or_stale_file_is_told_with_what_to_type(tmp_path: Path) -> None:
    assert "nonlin facts relu --write" in str(stale("relu", tmp_path))
    path = write(catalog.card("relu"), tmp_path)
    assert stale("relu", tmp_path) is None
    told = json.loads(path.read_text())
    assert told["command"] == "nonlin facts relu --write"
    assert told["versions"]["python"]
    assert told["machine"]["processor"]
    other = tmp_path / "other"
    other.mkdir()
    (other / "relu.json").write_text(json.dumps({**told, "fingerprint": "another"}))
    assert "another formula" in str(stale("relu", other))


def test_names_of_facts_are_one_list() -> None:
    from nonlin.facts.finding import NAMES as FOUND

    assert sorted(FOUND) == sorted(NAMES)
