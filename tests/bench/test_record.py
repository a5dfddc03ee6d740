"""A record is written and read without a loss."""

from __future__ import annotations

import json

import pytest

from nonlin.bench import Record
from nonlin.errors import InvalidInput


def test_there_and_back(record):
    assert Record.from_json(record.as_json()) == record


def test_it_is_strict_json_with_a_schema(record):
    plain = json.loads(record.as_json())
    assert plain["schema"] == 1
    assert plain["results"][0]["case"] == {
        "function": "gelu", "task": "value", "values": 4096, "row": None, "output": "reused", "threads": 1,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 1}', "null"])
def test_other_text_is_refused(text):
    with pytest.raises(InvalidInput, match="nonlin bench"):
        Record.from_json(text)


def test_another_schema_is_refused(record):
    with pytest.raises(InvalidInput, match="schema 7"):
        Record.from_json(record.as_json().replace('"schema": 1', '"schema": 7'))
