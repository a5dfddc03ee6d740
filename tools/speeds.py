"""Makes src/nonlin/explorer/speeds.json, what the explorer tells of docs/bench.json: python tools/speeds.py."""

from __future__ import annotations

import json
from pathlib import Path

import nonlin
from nonlin.bench.record import Record
from nonlin.explorer.speeds import speeds

BENCHMARK = Path(__file__).parents[1] / "docs/bench.json"
SPEEDS = Path(nonlin.__file__).parent / "explorer/speeds.json"


def text() -> str:
    """Return the text of the file."""
    record = Record.from_json(BENCHMARK.read_text(encoding="utf-8"))
    return json.dumps(speeds(record), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SPEEDS.write_text(text(), encoding="utf-8")
