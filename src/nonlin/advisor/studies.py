"""Studies that ship with the package: what `nonlin study` found on real data, kept small, and how to make it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nonlin.errors import InvalidInput

FOLDER = Path(__file__).with_name("studies_data")
SCHEMA = 2
TOLD = ("command", "finished", "seconds", "versions", "machine", "comparison", "ranking", "verdict", "notes")
SETTINGS = (
    "hidden", "optimizer", "learning_rates", "epochs", "batch_size", "tuning_seeds", "seeds", "validation_share",
    "test_share", "split_seed", "confidence",
)  # fmt: skip
DATA = ("name", "source", "task", "rows", "features", "outputs", "split")
ACTIVATION = ("difference", "verdict", "learning_rate", "learning_rate_edge", "gain", "diverged")

Kept = Mapping[str, Any]
"""The content of one file of `studies_data`: the part of a study's results.json that ships."""


def kept(results: Mapping[str, Any], fingerprint: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a study's results that ships, with the fingerprint of what made its numbers.

    Raises
    ------
    InvalidInput
        If the results are of another form than this version of nonlin writes.
    """
    from nonlin.study.results import SCHEMA as RESULTS

    if results.get("schema") != RESULTS:
        raise InvalidInput(f"results of schema {results.get('schema')!r} cannot be kept; this is {RESULTS}")
    return {
        "schema": SCHEMA,
        **{key: results[key] for key in TOLD},
        "data": {key: results["data"][key] for key in DATA},
        "settings": {key: results["settings"][key] for key in SETTINGS},
        "metric": {key: results["metric"][key] for key in ("name", "higher_is_better", "unit", "baseline")},
        "activations": {
            name: {**one["metric"], **{key: one[key] for key in ACTIVATION}}
            for name, one in results["activations"].items()
        },
        "fingerprint": dict(fingerprint),
    }


@cache
def shipped(folder: Path = FOLDER) -> tuple[Kept, ...]:
    """Return the studies that ship, in the order of their files' names."""
    return tuple(json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json")))


def layers(study: Kept) -> int:
    """Return how many hidden layers the networks of a study have."""
    return len(study["settings"]["hidden"])


def file_name(study: Kept) -> str:
    """Return the name under which a study is kept: data, hidden layers, split.

    Examples
    --------
    >>> file_name({"data": {"name": "wine"}, "settings": {"hidden": [128, 128], "split_seed": 1}})
    'wine-2-layers-split-1.json'
    """
    return f"{study['data']['name']}-{layers(study)}-layers-split-{study['settings']['split_seed']}.json"


def write(study: Kept, folder: Path = FOLDER) -> Path:
    """Keep a study in a folder."""
    path = folder / file_name(study)
    path.write_text(json.dumps(study, indent=1, allow_nan=False) + "\n", encoding="utf-8")
    return path
