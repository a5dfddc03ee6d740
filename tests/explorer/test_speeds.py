"""Speeds: what is told of a benchmark's record, and that what ships is the record of the docs."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from nonlin.bench.record import Case, Record, Result, Timing
from nonlin.explorer.speeds import recorded, speeds

ROOT = Path(__file__).parents[2]


def test_what_ships_is_the_record_of_the_docs() -> None:
    spec = importlib.util.spec_from_file_location("speeds", ROOT / "tools/speeds.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.SPEEDS.read_text(encoding="utf-8") == tool.text(), "run: python tools/speeds.py"
    assert recorded()["times"]["gelu"][0][0] == "nonlin, exact"


def test_times_are_of_a_million_values_by_one_thread() -> None:
    def result(task: str, values: int, threads: int, seconds: float) -> Result:
        timing = Timing(seconds, seconds, seconds, 3)
        case = Case("f", task, values, None, "fresh", threads)  # type: ignore[arg-type]
        return Result(case, {"exact": timing, "torch": timing, "copy": timing})

    results = (
        result("value", 4096, 1, 1.0),
        result("value", 2**20, 1, 0.002),
        result("value", 2**20, 2, 5.0),
        result("gradient", 2**20, 1, 0.003),
    )
    where = {"machine": {"processor": "P"}, "versions": {"torch": "2"}, "titles": {"torch": "PyTorch"}}
    record = Record("", "2026-01-02T03:04:05", 1.0, True, settings={}, results=results, notes=(), **where)
    told = speeds(record)
    assert told["where"] == "P, 2026-01-02; PyTorch 2"
    assert told["times"] == {"f": [["nonlin, exact", 1.907, 2.861], ["PyTorch", 1.907, 2.861]]}
