"""What was measured, as plain frozen data: enough to doubt every number, and to print the table again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nonlin.bench.setting import Output, Task
from nonlin.errors import InvalidInput

SCHEMA = 1


@dataclass(frozen=True)
class Case:
    """One comparison.

    Parameters
    ----------
    function : str
    task : "value" or "gradient"
    values : int
        How many float32 numbers.
    row : int, optional
        How many of them make a row, for a function that mixes rows.
    output : "fresh" or "reused"
    threads : int
    """

    function: str
    task: Task
    values: int
    row: int | None
    output: Output
    threads: int


@dataclass(frozen=True)
class Timing:
    """Seconds of one call: the median of the turns, and their quartiles."""

    median: float
    low: float
    high: float
    turns: int


@dataclass(frozen=True)
class Result:
    """The timings of a case, by contestant: a grade of ours, a rival's name, or "copy"."""

    case: Case
    timings: Mapping[str, Timing]


@dataclass(frozen=True)
class Record:
    """A run of the benchmark.

    Parameters
    ----------
    command : str
        What to type to measure it again.
    started : str
        Date and time, ISO 8601, UTC.
    seconds : float
        How long it took.
    complete : bool
        False if it was interrupted.
    machine, versions, settings : mapping
    titles : mapping of str to str
        Rivals as a person calls them.
    results : tuple of Result
    notes : tuple of str
        What a reader must know: who was left out, who disagreed, what threads mean.
    """

    command: str
    started: str
    seconds: float
    complete: bool
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    settings: Mapping[str, Any]
    titles: Mapping[str, str]
    results: tuple[Result, ...]
    notes: tuple[str, ...]

    def as_json(self) -> str:
        """Return the record as strict JSON, one result a line."""
        plain = {"schema": SCHEMA, **asdict(self)}
        results = [json.dumps(result, allow_nan=False) for result in plain.pop("results")]
        head = json.dumps(plain, indent=1, allow_nan=False, ensure_ascii=False)
        return head[:-2] + ',\n "results": [\n  ' + ",\n  ".join(results) + "\n ]\n}\n"

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Return the record that `as_json` wrote.

        Raises
        ------
        InvalidInput
            If the text is no record of this schema.
        """
        try:
            plain = json.loads(text)
            schema = plain.pop("schema")
            if schema != SCHEMA:
                raise InvalidInput(f"a benchmark of schema {schema!r} cannot be read: only {SCHEMA} can")
            results = tuple(_result(result) for result in plain.pop("results"))
            notes = tuple(plain.pop("notes"))
            return cls(**plain, results=results, notes=notes)
        except (ValueError, TypeError, KeyError, AttributeError) as wrong:
            if isinstance(wrong, InvalidInput):
                raise
            raise InvalidInput(f"this is no benchmark written by nonlin bench: {wrong}") from wrong


def _result(plain: Mapping[str, Any]) -> Result:
    timings = {name: Timing(**timing) for name, timing in plain["timings"].items()}
    return Result(Case(**plain["case"]), timings)
