"""How long each activation takes, from a record of `nonlin bench`: nanoseconds for each of a million float32 values."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from nonlin.bench.record import Case, Record

Plain = dict[str, Any]
OURS = {"exact": "nonlin, exact", "fast": "nonlin, fast"}
RUNTIMES = ("torch", "jax", "onnxruntime", "scipy", "numexpr", "numpy")


def speeds(record: Record) -> Plain:
    """Return what the page shows of a record: where it was measured, and the times by function.

    Times are of about a million values and fresh results, by one thread: what every contestant can do.

    Returns
    -------
    dict
        "where", a sentence, and "times": by function, lists of contestant, nanoseconds a value, and nanoseconds a
        value with the gradient, None where it was not measured.
    """
    times: dict[str, dict[str, list[float | None]]] = {}
    for result in filter(lambda one: _is_told(one.case), record.results):
        of_function = times.setdefault(result.case.function, {})
        for word, timing in result.timings.items():
            if title := (OURS | dict(record.titles)).get(word) if word != "copy" else None:
                cell = of_function.setdefault(title, [None, None])
                cell[result.case.task == "gradient"] = float(
                    f"{1e9 * timing.median / result.case.values:.4g}"
                )
    return {
        "where": _where(record),
        "times": {f: [[t, *c] for t, c in cells.items()] for f, cells in times.items()},
    }


def recorded() -> Plain:
    """Return the speeds that ship with the package, of docs/bench.json by `python tools/speeds.py`."""
    text = (files("nonlin.explorer") / "speeds.json").read_text(encoding="utf-8")
    found: Plain = json.loads(text)
    return found


def _is_told(case: Case) -> bool:
    return (
        case.threads == 1 and case.output == "fresh" and 1e6 < case.values < 2e6 and case.row in (None, 1000)
    )


def _where(record: Record) -> str:
    versions = [
        f"{record.titles[w]} {record.versions[w]}"
        for w in RUNTIMES
        if w in record.versions and w in record.titles
    ]
    return f"{record.machine['processor']}, {record.started[:10]}; {', '.join(versions)}"
